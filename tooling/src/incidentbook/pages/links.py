"""Links from one record's page to others, and out of the site."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from markupsafe import Markup

from incidentbook.archive import RecordEntry
from incidentbook.archive.references import references
from incidentbook.pages.hypertext import NOTHING, Html, chip, items, pair
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
    "handover": "Handed over in",
}
_WITH_STATE = frozenset({"incident", "problem"})


LISTED = 12
"""How many records of one relation are named; how many more there are is said."""


def named_by(entry: RecordEntry[Any], site: Site) -> tuple[RecordEntry[Any], ...]:
    """The records that `related` shows: those that this one names, and the first of those that name it."""
    named = [site.readable(reference.target) for reference in references(entry.record)]
    shown: dict[str, RecordEntry[Any]] = {one.id: one for one in named if one is not None}
    for _, sources in _named_back(entry, site):
        shown.update((source.id, source) for source in sources[:LISTED])
    return tuple(shown.values())


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
            groups.append((name, tuple([_linked(id_, site, prefix) for id_ in ids if id_])))
        groups.append(("Caused by change", _texts(links.caused_by_change)))
        groups.append(("Fixed by change", _texts(links.fixed_by_change)))
        groups.append(("Elsewhere", tuple([_outside(link) for link in links.outside])))
    for name, sources in _named_back(entry, site):
        shown = [_linked(source.id, site, prefix) for source in sources[:LISTED]]
        if len(sources) > LISTED:
            shown.append(Markup(f"and {len(sources) - LISTED:,} more"))  # noqa: S704 -- a number
        groups.append((name, tuple(shown)))
    kept = [(name, tuple([link for link in found if link])) for name, found in groups]
    return tuple([group for group in kept if group[1]])


def list_of(groups: Iterable[tuple[str, Iterable[Markup]]]) -> Html:
    """Show each relation with its links."""
    rows = [pair(name, items(Html(link) for link in links)) for name, links in groups]
    return Html(f'<dl class="ib-related">\n{"".join(rows)}</dl>\n') if rows else NOTHING


def _named_back(entry: RecordEntry[Any], site: Site) -> list[tuple[str, list[RecordEntry[Any]]]]:
    """Who names a record, by what is said of it, the newest first."""
    back: dict[str, dict[str, RecordEntry[Any]]] = {}
    for relation, source in site.published.backlinks(entry.id):
        if relation != "review":
            back.setdefault(_RELATIONS.get(relation, "Named by"), {})[source.id] = source
    return [(name, list(reversed(sources.values()))) for name, sources in back.items()]


def _linked(id_: str, site: Site, prefix: str) -> Markup:
    """A link to a record, and how an incident or a problem stands."""
    link, entry = site.record_link(id_, prefix), site.readable(id_)
    if entry is None or entry.kind not in _WITH_STATE:
        return link
    return Markup(f"{link} {chip(entry.record.status)}")  # noqa: S704 -- both are HTML


def _texts(text: str | None) -> tuple[Markup, ...]:
    return (address(text, text),) if text else ()


def _outside(link: OutsideLink) -> Markup:
    return Markup("{} {}").format(label(link.type), address(link.url, link.title or link.url))
