"""Maintenance as calendars to subscribe to (RFC 5545)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from incidentbook.archive import RecordEntry
from incidentbook.feeds.briefing import Briefing
from incidentbook.feeds.texts import Texts, legal
from incidentbook.publication.standing import window_of
from incidentbook.publication.urls import path_of
from incidentbook.records import Maintenance, MaintenanceStatus

PAST = timedelta(days=365)
"""How far back a calendar goes."""

_OCTETS = 75


def shown(briefing: Briefing) -> Sequence[RecordEntry[Maintenance]]:
    """The maintenance that stands in calendars: what has a time, and is not long over; by its time."""
    since = briefing.now - PAST
    found = []
    for entry in briefing.maintenance:
        start, end = window_of(entry.record)
        if start is not None and (end or start) >= since:
            found.append((start, entry.name.sort_key(), entry))
    return [entry for *_, entry in sorted(found, key=lambda one: one[:2])]


def as_calendar(
    title: str, place: str, entries: Iterable[RecordEntry[Maintenance]], briefing: Briefing
) -> bytes:
    """Write the calendar at `place`."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Incidentbook//Maintenance//EN",
        "METHOD:PUBLISH",
        f"NAME:{_text(title)}",
        f"X-WR-CALNAME:{_text(title)}",
        "REFRESH-INTERVAL;VALUE=DURATION:PT1H",
        "X-PUBLISHED-TTL:PT1H",
    ]
    texts = Texts(briefing.urls, briefing.addresses, place)
    events = [line for entry in entries for line in _event(entry, briefing, texts, place)]
    lines += events or _NOTHING
    lines.append("END:VCALENDAR")
    return "".join(_folded(line) for line in lines).encode()


_NOTHING = (
    "BEGIN:VTIMEZONE",
    "TZID:UTC",
    "BEGIN:STANDARD",
    "DTSTART:19700101T000000",
    "TZOFFSETFROM:+0000",
    "TZOFFSETTO:+0000",
    "END:STANDARD",
    "END:VTIMEZONE",
)
"""A calendar must hold something (RFC 5545, 3.6); a zone is what shows nothing."""


def _event(entry: RecordEntry[Maintenance], briefing: Briefing, texts: Texts, place: str) -> Iterator[str]:
    work = entry.record
    told = briefing.told(entry)
    start, end = window_of(work)
    url = briefing.addresses.of_page(path_of(entry.name), place)
    yield "BEGIN:VEVENT"
    yield f"UID:{briefing.addresses.uid(entry.id)}"
    yield f"DTSTAMP:{_time(told.updated)}"
    yield f"CREATED:{_time(told.created)}"
    yield f"LAST-MODIFIED:{_time(told.updated)}"
    yield f"SEQUENCE:{len(told.messages) - 1}"
    yield f"DTSTART:{_time(start or told.created)}"
    if start is not None and end is not None and end > start:
        yield f"DTEND:{_time(end)}"
    yield f"SUMMARY:{_text(work.title)}"
    yield f"DESCRIPTION:{_text(_description(entry, briefing, texts))}"
    if briefing.addresses.base:
        yield f"URL:{url}"
    cancelled = work.status is MaintenanceStatus.CANCELLED
    yield "STATUS:CANCELLED" if cancelled else "STATUS:CONFIRMED"
    yield "CATEGORIES:" + ",".join(map(_text, ("Maintenance", *briefing.service_names(entry))))
    # it takes nobody's time
    yield "TRANSP:TRANSPARENT"
    yield "END:VEVENT"


def _description(entry: RecordEntry[Any], briefing: Briefing, texts: Texts) -> str:
    work: Maintenance = entry.record
    names = briefing.service_names(entry)
    latest = briefing.told(entry).messages[-1]
    parts = (
        f"Services: {', '.join(names)}" if names else "",
        texts.plain(work.summary, entry) if work.summary else "",
        texts.plain(latest.text, entry) if latest.text != work.summary else "",
    )
    return "\n".join(part for part in parts if part)


def _time(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _text(text: str) -> str:
    """Escape a TEXT; of control characters it may hold only the tab."""
    text = "\n".join(legal(text).splitlines())
    for mark in ("\\", ";", ","):
        text = text.replace(mark, "\\" + mark)
    return text.replace("\n", "\\n")


def _folded(line: str) -> str:
    """Break a line into pieces of 75 octets, never inside a character."""
    if len(line.encode()) <= _OCTETS:
        return line + "\r\n"
    pieces, piece, size = [], "", 0
    for character in line:
        octets = len(character.encode())
        # the blank that begins each further line counts
        if size + octets > _OCTETS:
            pieces.append(piece)
            piece, size = " ", 1
        piece += character
        size += octets
    return "\r\n".join((*pieces, piece)) + "\r\n"
