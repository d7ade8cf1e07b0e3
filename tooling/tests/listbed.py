"""What tests of long lists share: a site of very many incidents, made without files."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from incidentbook.archive import open_repository
from incidentbook.pages.site import Site
from incidentbook.publication import publish
from incidentbook.publication.published import Published, PublishedEntry
from incidentbook.records import Audience, Incident, RecordName
from incidentbook.records.incident import Assignment, IncidentStatus, Level
from incidentbook.records.parts import ServiceImpact, ServiceState
from sitebed import HOSTILE, NOW

_STATES = (IncidentStatus.CLOSED, IncidentStatus.RESOLVED, IncidentStatus.CANCELLED)
_LEVELS = tuple(Level)
_SERVICES = ("checkout", "search", "database")
_CATEGORIES = ("application/deployment", "application/defect", "security", None)
_WORDS = (
    "Checkout answers 502",
    "Search is slow",
    "Émigré names are cut",
    "Printer prints 'x' & <y>",
    HOSTILE,
)


def many_incidents(root: Path, count: int, audience: Audience = Audience.INTERNAL) -> Site:
    """A site of so many incidents, an hour and a half between two; `root` holds a schema."""
    archive = open_repository(root)
    small = publish(archive, audience)
    entries = tuple(_entry(number, count) for number in range(count))
    published = Published(
        entries, small.taxonomy, archive.tree, audience, lambda _: (), _no_attachment, unreadable_incidents=0
    )
    return Site(published, NOW)


def _entry(number: int, count: int) -> PublishedEntry:
    opened = NOW - timedelta(minutes=90 * (count - number))
    is_open = number >= count - 5
    incident = Incident(
        title=f"{_WORDS[number % 5]} {number}",
        status=IncidentStatus.IN_PROGRESS if is_open else _STATES[number % 3],
        major=number % 97 == 0,
        services=tuple(
            ServiceImpact(service=key, state=ServiceState.PARTIAL_OUTAGE) for key in _SERVICES[: (number % 4)]
        ),
        category=_CATEGORIES[number % 4],
        impact=_LEVELS[number % 3],
        urgency=_LEVELS[number % 2],
        opened=opened,
        # not in the order in which they began
        restored=None if is_open else opened + timedelta(minutes=(number * 7919) % 5000, seconds=number % 2),
        assignments=(Assignment(at=opened, team="payments" if number % 2 else "desk"),),
    )
    id_ = f"INC-{opened.year}-{number + 1:04}"
    name = RecordName("incident", id_, opened.year, number + 1)
    return PublishedEntry(name, f"incidents/{id_}.md", incident, f"{number:040x}", str)


_no_attachment: Callable[[str], bytes] = str.encode
