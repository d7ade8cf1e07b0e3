"""Times the SLA clocks of many incidents in working hours against the same around the clock: [INCIDENTS]."""

from __future__ import annotations

import argparse
import random
import time
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from incidentbook.clocks import clocks_of
from incidentbook.records import Incident, IncidentStatus
from incidentbook.records.incident import Hold, Level, Reopening
from incidentbook.taxonomy import Taxonomy
from incidentbook.taxonomy.settings import (
    Calendar,
    Calendars,
    Categories,
    Entry,
    Holidays,
    Matrix,
    Measures,
    People,
    Policy,
    PolicyMatch,
    Priorities,
    Priority,
    Reviews,
    Services,
    Settings,
    Sla,
    Teams,
)

AIM = 3.0
NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)
OFFICE = Calendar(
    id="office",
    name="Office hours",
    zone="Europe/Berlin",
    hours=dict.fromkeys(("mon", "tue", "wed", "thu", "fri"), ("08:00-12:00", "13:00-17:00")),
    holidays=Holidays(country="DE", region="HH", days=(date(2026, 12, 24),)),
)
TARGETS = {"P1": (1, 4), "P2": (2, 8), "P3": (4, 24), "P4": (8, 80)}


def taxonomy(calendar: str) -> Taxonomy:
    """Four policies, all counted in one calendar."""
    policies = tuple(
        Policy(
            id=priority.lower(),
            name=priority,
            match=PolicyMatch(priority=(priority,)),
            response=response * HOUR,
            resolution=resolution * HOUR,
            calendar=calendar,
            pausing=("user", "vendor"),
        )
        for priority, (response, resolution) in TARGETS.items()
    )
    levels = (Level.HIGH, Level.MEDIUM, Level.LOW)
    cells = {
        impact: {urgency: f"P{min(row + column + 1, 4)}" for column, urgency in enumerate(levels)}
        for row, impact in enumerate(levels)
    }
    return Taxonomy(
        settings=Settings(format=1, name="Benchmark"),
        services_file=Services(),
        categories_file=Categories(),
        teams_file=Teams(),
        people_file=People(),
        priorities_file=Priorities(
            priorities=tuple(Priority(id=name, name=name, definition=name) for name in TARGETS),
            matrices=(Matrix(cells=cells),),
        ),
        sla_file=Sla(policies=policies, hold_reasons=(Entry(id="user", name="User"),)),
        calendars_file=Calendars(calendars=(OFFICE,)),
        reviews_file=Reviews(),
        measures_file=Measures(),
    )


def incidents(count: int, seed: int = 1) -> list[Incident]:
    """Incidents of ten years: a third was on hold, one in twenty reopened, one in fifty is open."""
    source = random.Random(seed)
    levels = (Level.HIGH, Level.MEDIUM, Level.LOW)
    found = []
    for _ in range(count):
        opened = NOW - timedelta(minutes=source.randrange(10 * 365 * 24 * 60))
        end = opened + timedelta(minutes=source.randrange(5, 14 * 24 * 60))
        within = [opened + (end - opened) * share for share in sorted(source.random() for _ in range(4))]
        incident = Incident(
            title="Checkout answers 502",
            status=IncidentStatus.CLOSED,
            impact=source.choice(levels),
            urgency=source.choice(levels),
            opened=opened,
            acknowledged=opened + timedelta(minutes=source.randrange(240)),
            resolved=end,
            holds=(Hold(from_=within[0], to=within[1], reason="user"),) if source.random() < 1 / 3 else (),
            reopenings=(Reopening(resolved=within[2], reopened=within[3]),) if source.random() < 0.05 else (),
        )
        if source.random() < 0.02:
            incident = replace(incident, status=IncidentStatus.IN_PROGRESS, resolved=None)
        found.append(incident)
    return found


def seconds(sample: Sequence[Incident], schema: Taxonomy) -> float:
    """Read every clock once."""
    start = time.perf_counter()
    for incident in sample:
        clocks_of(incident, schema, NOW)
    return time.perf_counter() - start


def main() -> None:
    """Measure both, the working hours from nothing each time, and print the ratio."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("incidents", type=int, nargs="?", default=25_000, metavar="INCIDENTS")
    parser.add_argument("--repeat", type=int, default=3, metavar="N")
    arguments = parser.parse_args()
    sample = incidents(arguments.incidents)
    # The first round lays out the hours of ten years, and imports the holidays: it is the one that counts.
    rounds = [
        (seconds(sample, taxonomy("always")), seconds(sample, taxonomy("office")))
        for _ in range(arguments.repeat)
    ]
    first = rounds[0][1]
    always, office = (min(times) for times in zip(*rounds, strict=True))
    print(f"SLA clocks of {len(sample):,} incidents of ten years")
    print(f"  around the clock               {always:6.2f} s")
    print(f"  working hours                  {office:6.2f} s")
    print(
        f"  working hours, from nothing    {first:6.2f} s  (holidays and the hours of ten years worked out)"
    )
    print(f"  from nothing / around the clock  {first / always:4.2f}    aim <= {AIM:g}")


if __name__ == "__main__":
    main()
