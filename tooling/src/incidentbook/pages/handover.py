"""The page of a handover: what is open, what comes next, and who has it now. For the organisation alone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from markupsafe import Markup

from incidentbook.archive import RecordEntry
from incidentbook.markdown import plain_text
from incidentbook.pages.page import Content, Page, SearchEntry, TocItem
from incidentbook.pages.site import Site
from incidentbook.pages.words import label
from incidentbook.publication import urls
from incidentbook.records import Handover, HandoverItem, Incident

HandoverEntry = RecordEntry[Handover]


@dataclass(frozen=True, slots=True)
class Passed:
    """One incident of the note: what was said of it, and the incident as it stands today."""

    item: HandoverItem
    link: Markup
    incident: Incident | None
    priority: str | None
    owner: str | None
    next_step: Markup | None
    note: Markup | None


def page_of(entry: HandoverEntry, site: Site) -> Page:
    """Plan the page of a handover."""
    note = entry.record
    path = urls.path_of(entry.name)
    named = tuple(found for item in note.items if (found := site.readable(item.incident)) is not None)
    return Page(
        path=path,
        kind="handover",
        title=f"{entry.id} {site.title(entry)}",
        description=f"Shift note, {label(note.status).lower()}: {_count(len(note.items))} handed over.",
        make=lambda: _content(entry, site, path),
        section=urls.INCIDENTS,
        source=entry.path,
        shows_toc=True,
        key=site.key(entry, *named),
    )


def _count(number: int) -> str:
    return f"{number} open incident{'' if number == 1 else 's'}" if number else "no open incident"


def _content(entry: HandoverEntry, site: Site, path: str) -> Content:
    note = entry.record
    body = site.markdown(entry.body, entry, path, top_level=3, taken=("shift", "incidents", "note"))
    passed = tuple(_passed(entry, site, path))
    toc = [TocItem("shift", "Shift"), TocItem("incidents", "Open incidents")]
    if body.html.strip():
        toc.append(TocItem("note", "Note"))
    title = site.title(entry)
    words = [word for item in note.items for word in (item.incident, item.next_step, item.note) if word]
    search = SearchEntry(
        f"{entry.id} {title}",
        " ".join((*words, plain_text(body.html))),
        tags=("Handover", label(note.status)),
    )
    return site.fill(
        "handover.html",
        path,
        toc,
        (search,),
        entry=entry,
        note=note,
        title=title,
        passed=passed,
        body=Markup(body.html),  # noqa: S704 -- sanitised by `render`
    )


def _passed(entry: HandoverEntry, site: Site, path: str) -> Iterator[Passed]:
    note, prefix = entry.record, urls.up(path)
    for number, item in enumerate(note.items, 1):
        found = site.readable(item.incident)
        incident = found.record if found is not None and found.kind == "incident" else None
        yield Passed(
            item,
            site.record_link(item.incident, prefix),
            incident,
            site.taxonomy.priority_of(incident) if incident else None,
            note.owner_of(item),
            site.message(item.next_step, entry, path, f"n{number}-") if item.next_step else None,
            site.message(item.note, entry, path, f"m{number}-") if item.note else None,
        )
