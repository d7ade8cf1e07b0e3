"""Phases: one after the other, whatever the record says."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from incidentbook.pages.phases import lasted_of, phases_of
from incidentbook.records import Incident, IncidentStatus

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
TIMES = ("started", "detected", "opened", "acknowledged", "mitigated", "restored", "resolved", "closed")
instants = st.none() | st.timedeltas(timedelta(days=-9000), timedelta(0)).map(lambda ago: NOW + ago)


def incident(status: IncidentStatus, **times: datetime | None) -> Incident:
    values: dict[str, Any] = {"title": "Any", "status": status, **times}
    return Incident(**values)


def at(hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 11, 10, hour, minute, tzinfo=UTC)


@given(st.sampled_from(IncidentStatus), st.fixed_dictionaries(dict.fromkeys(TIMES, instants)), st.booleans())
def test_phases_follow_each_other(
    status: IncidentStatus, times: dict[str, datetime | None], internal: bool
) -> None:
    phases = phases_of(incident(status, **times), NOW, internal=internal)
    assert all(phase.start < phase.end for phase in phases)
    assert all(before.end == after.start for before, after in pairwise(phases))
    assert not any(phase.goes_on for phase in phases[:-1])


def test_what_nobody_noted_is_part_of_the_next() -> None:
    phases = phases_of(
        incident(IncidentStatus.CLOSED, started=at(8), detected=at(8, 5), restored=at(9), closed=at(12)),
        NOW,
        internal=True,
    )
    assert [(one.name, one.length) for one in phases] == [
        ("detect", timedelta(minutes=5)),
        ("restore", timedelta(minutes=55)),
        ("close", timedelta(hours=3)),
    ]


def test_the_last_phase_of_what_is_open_goes_on() -> None:
    open_one = incident(IncidentStatus.IN_PROGRESS, started=at(8), acknowledged=at(9), resolved=at(10))
    *_, last = phases_of(open_one, NOW, internal=True)
    assert (last.name, last.start, last.end, last.goes_on) == ("mitigate", at(9), NOW, True)
    assert lasted_of(open_one) is None


def test_outside_there_are_two() -> None:
    whole = incident(
        IncidentStatus.CLOSED,
        started=at(8),
        detected=at(8, 5),
        acknowledged=at(8, 10),
        restored=at(9),
        resolved=at(10),
        closed=at(12),
    )
    assert [one.name for one in phases_of(whole, NOW, internal=False)] == ["restore", "resolve"]
    assert lasted_of(whole) == timedelta(hours=1)
