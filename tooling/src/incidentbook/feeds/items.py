"""What a feed lists: incidents, maintenance and published reviews, each as one item that grows."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from html import escape
from typing import Any

from incidentbook.archive import RecordEntry
from incidentbook.feeds.announcements import Announcement, Message
from incidentbook.feeds.briefing import Briefing
from incidentbook.feeds.texts import Texts, legal, plain
from incidentbook.publication.urls import path_of
from incidentbook.records import Review

NEWEST, NEWEST_OF_SERVICE = 50, 20
"""How many items the feed of the site and those of services have."""

_LONGEST_SUMMARY = 300
_LABELS = {"in_progress": "Under way", "postmortem": "Review published"}


@dataclass(frozen=True, slots=True)
class Item:
    """One item of a feed. `html` is safe; all else is plain text."""

    id: str
    url: str
    title: str
    published: datetime
    updated: datetime
    html: str
    summary: str
    tags: tuple[str, ...]


class Items:
    """Makes items; what many feeds list is made once."""

    def __init__(self, briefing: Briefing) -> None:
        self.briefing = briefing
        self._made: dict[tuple[str, int, str | None], Item] = {}

    def of_site(self) -> Sequence[RecordEntry[Any]]:
        """What the feed of the whole site lists, what changed last first."""
        return self.briefing.newest[:NEWEST]

    def by_service(self) -> dict[str, list[RecordEntry[Any]]]:
        """The same for each service of the catalogue."""
        found: dict[str, list[RecordEntry[Any]]] = {service.id: [] for service, _ in self.briefing.catalogue}
        wanting = len(found)
        for entry in self.briefing.newest:
            for key in self.briefing.services_of(entry):
                listed = found.get(key)
                if listed is not None and len(listed) < NEWEST_OF_SERVICE:
                    listed.append(entry)
                    wanting -= len(listed) == NEWEST_OF_SERVICE
            if not wanting:
                break
        return found

    def item(self, entry: RecordEntry[Any], place: str, beside: Collection[str] = ()) -> Item:
        """The item of a record for the feed at `place`; `beside` are the IDs of all that the feed lists."""
        # relative addresses differ by folder, absolute ones do not
        depth = 0 if self.briefing.addresses.base else place.count("/")
        key = entry.id, depth, self.briefing.followed_beside(entry, beside)
        found = self._made.get(key)
        if found is None:
            texts = Texts(self.briefing.urls, self.briefing.addresses, place)
            found = self._made[key] = (
                _review(entry, self.briefing, texts, place)
                if isinstance(entry.record, Review)
                else _happening(self.briefing.told(entry, beside), self.briefing, texts, place)
            )
        return found


def _happening(told: Announcement, briefing: Briefing, texts: Texts, place: str) -> Item:
    entry = told.entry
    names = briefing.service_names(entry)
    html = "\n".join((*_head(told, names, briefing), *_messages(told, briefing, texts)))
    latest = told.messages[-1]
    title = " ".join(legal(entry.record.title).split()) or entry.id
    return Item(
        id=briefing.addresses.urn(entry.id),
        url=briefing.addresses.of_page(path_of(entry.name), place),
        title=f"Maintenance: {title}" if told.impact == "maintenance" else title,
        published=told.created,
        updated=told.updated,
        html=html,
        summary=shortened(f"{label(latest.status)}: {texts.plain(latest.text, latest.source or entry)}"),
        tags=(entry.kind, told.status, *map(legal, names)),
    )


def _head(told: Announcement, names: Sequence[str], briefing: Briefing) -> Iterator[str]:
    if told.window is not None:
        start, end = (_time(at, briefing) for at in told.window)
        yield (
            f"<p>Planned from {start} to {end}.</p>"
            if told.window[0] < told.window[1]
            else (f"<p>Planned for {start}.</p>")
        )
    if names:
        yield f"<p>Services: {escape(legal(', '.join(names)))}</p>"


def _messages(told: Announcement, briefing: Briefing, texts: Texts) -> Iterator[str]:
    """The newest first."""
    for number, message in reversed(list(enumerate(told.messages))):
        yield _heading(message, briefing)
        yield texts.html(message.text, message.source or told.entry, prefix=f"m{number}-", top_level=4)


def _heading(message: Message, briefing: Briefing) -> str:
    correction = " (corrects an earlier update)" if message.corrects else ""
    correction += f" (of {message.source.id})" if message.source is not None else ""
    return f"<p><strong>{label(message.status)}</strong>, {_time(message.at, briefing)}{correction}</p>"


def _review(entry: RecordEntry[Review], briefing: Briefing, texts: Texts, place: str) -> Item:
    review = entry.record
    lead = briefing.published.get(entry.name.lead_incident or "")
    title = review.title or (lead.record.title if lead is not None else entry.id)
    published = review.published or briefing.now
    html = texts.html(entry.body, entry)
    return Item(
        id=briefing.addresses.urn(entry.id),
        url=briefing.addresses.of_page(path_of(entry.name), place),
        title=f"Review: {' '.join(legal(title).split())}",
        published=published,
        updated=published,
        html=html,
        summary=shortened(plain(html)),
        tags=("review", *map(legal, briefing.service_names(entry))),
    )


def label(status: str) -> str:
    """A state of Statuspage in words."""
    return _LABELS.get(status) or status.replace("_", " ").capitalize()


def shortened(text: str) -> str:
    """A text on one line, and no longer than a line or two."""
    line = " ".join(text.split())
    if len(line) <= _LONGEST_SUMMARY:
        return line
    return line[:_LONGEST_SUMMARY].rsplit(" ", 1)[0] + " ..."


def rfc3339(at: datetime) -> str:
    """A time as feeds have it."""
    return at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def _time(at: datetime, briefing: Briefing) -> str:
    local = at.astimezone(briefing.zone)
    return f'<time datetime="{rfc3339(at)}">{local.day} {local:%B %Y, %H:%M %Z}</time>'
