"""The words that parts of a management report share: periods, days, names."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, tzinfo
from typing import Literal

from incidentbook.metrics import Ledger, Period
from incidentbook.records import Incident
from incidentbook.reports.stats.words import counts, printable

PeriodKind = Literal["month", "quarter", "year"]

MONTHS = (
    "January", "February", "March", "April", "May", "June", "July",
    "August", "September", "October", "November", "December",
)  # fmt: skip
WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def period_kind(name: str) -> PeriodKind:
    """Tell by its name what a period is."""
    if "Q" in name:
        return "quarter"
    return "month" if "-" in name else "year"


def period_words(period: Period, kind: PeriodKind, zone: tzinfo) -> str:
    """Say a period: `October 2026`, `Q4 2026`, `2026`."""
    assert period.from_ is not None  # noqa: S101 - a named period is bounded
    first = period.from_.astimezone(zone)
    if kind == "month":
        return f"{MONTHS[first.month - 1]} {first.year}"
    return f"Q{(first.month + 2) // 3} {first.year}" if kind == "quarter" else str(first.year)


def month_words(key: str) -> str:
    """Say `2026-10` as `Oct 2026`."""
    year, _, month = key.partition("-")
    return f"{MONTHS[int(month) - 1][:3]} {year}"


def moment_words(instant: datetime, zone: tzinfo) -> str:
    """Say a moment with its weekday, for that is often half of the story."""
    local = instant.astimezone(zone)
    return f"{WEEKDAYS[local.weekday()]} {local:%Y-%m-%d %H:%M}"


def plain(text: str) -> str:
    """Make one line of what a person wrote, however many it had."""
    return printable(" ".join(text.split()))


def service_name(ledger: Ledger, key: str) -> str:
    """What people call a service."""
    found = ledger.taxonomy.service(key)
    return plain(found.name if found else key)


def services_of(ledger: Ledger, incident: Incident) -> str:
    """The services of an incident, each once, in the record's order."""
    names = (service_name(ledger, impact.service) for impact in incident.services)
    return ", ".join(dict.fromkeys(names)) or "no service named"


def person_name(ledger: Ledger, handle: str | None) -> str:
    """What to call somebody; `nobody` where no one is named."""
    if handle is None:
        return "nobody"
    person = ledger.taxonomy.person(handle)
    return plain(person.name if person and person.name else handle)


def team_name(ledger: Ledger, key: str) -> str:
    """What people call a team."""
    found = ledger.taxonomy.team(key)
    return plain(found.name if found else key)


WHOSE = {"public": "public records", "internal": "public and internal records", "all": "all records"}
"""Which records a figure counts, by audience."""


def of_left_out(left_out: Mapping[str, int]) -> str:
    """Say which incidents no figure counts, and why."""
    if not left_out:
        return "Every incident of the period is counted."
    return f"Left out of every figure: {counts(left_out)}."
