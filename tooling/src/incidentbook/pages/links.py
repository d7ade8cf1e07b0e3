"""Links from one record's page to others, and out of the site."""

from __future__ import annotations

from typing import Any

from markupsafe import Markup

from incidentbook.archive import RecordEntry
from incidentbook.pages.site import Site, address
from incidentbook.pages.words import label
from incidentbook.publication import urls
from incidentbook.records.parts import OutsideLink

_RELATIONS = {
    "problem": "Incident of this problem",
    "known_error": "Used this known error's workaround",
    "duplicate_of": "Duplicates",
    "parent": "Belong to this incident",
    "earlier": "Later occurrences",
    "article": "Used this article",
    "review": "Reviews",
    "replaces": "Replaced",
}


def related(entry: RecordEntry[Any], site: Site, path: str) -> tuple[tuple[str, tuple[Markup, ...]], ...]:
    """What else one should read: (relation, links), those that name this record among them."""
    prefix = urls.up(path)
    groups: list[tuple[str, tuple[Markup, ...]]] = []
    links = getattr(entry.record, "links", None)
    if links is not None:
        for name, ids in (
            ("Problem", (links.problem,)),
            ("Known error", (links.known_error,)),
            ("Articles used", links.articles),
            ("Duplicate of", (links.duplicate_of,)),
            ("Part of", (links.parent,)),
            ("Earlier occurrences", links.earlier),
        ):
            groups.append((name, tuple(site.record_link(id_, prefix) for id_ in ids if id_)))
        groups.append(("Caused by change", _texts(links.caused_by_change)))
        groups.append(("Fixed by change", _texts(links.fixed_by_change)))
        groups.append(("Elsewhere", tuple(_outside(link) for link in links.outside)))
    back: dict[str, list[Markup]] = {}
    for relation, source in site.published.backlinks(entry.id):
        if relation != "review":
            name = _RELATIONS.get(relation, "Named by")
            back.setdefault(name, []).append(site.record_link(source.id, prefix))
    groups.extend((name, tuple(dict.fromkeys(found))) for name, found in back.items())
    return tuple((name, tuple(link for link in found if link)) for name, found in groups if any(found))


def _texts(text: str | None) -> tuple[Markup, ...]:
    return (address(text, text),) if text else ()


def _outside(link: OutsideLink) -> Markup:
    return Markup("{} {}").format(label(link.type), address(link.url, link.title or link.url))
