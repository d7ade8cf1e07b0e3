"""What a record says was done, in order, and the longest times of which it says nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

from incidentbook.records import Audience, Incident
from incidentbook.taxonomy import Taxonomy

LEAST_SILENCE = timedelta(minutes=30)
MOST_SILENCES = 3
_LONGEST = 200

_MARKS = (
    ("started", "Service began to suffer"),
    ("detected", "Detected"),
    ("opened", "Record opened"),
    ("acknowledged", "Taken up"),
    ("mitigated", "Harm contained"),
    ("restored", "Service back"),
    ("resolved", "Resolved"),
    ("cancelled", "Found to be no incident"),
)


@dataclass(frozen=True, slots=True)
class Moment:
    """Something that was written down with its time; no person is named: a review is blameless."""

    at: datetime
    words: str


@dataclass(frozen=True, slots=True)
class Silence:
    """A time of which nothing is written down; `waiting` says why, where the record was on hold."""

    from_: datetime
    to: datetime
    waiting: str | None

    @property
    def length(self) -> timedelta:
        """How long it lasted."""
        return self.to - self.from_


def moments_of(incident: Incident, taxonomy: Taxonomy, now: datetime) -> tuple[Moment, ...]:
    """Tell everything that has a time until now, the oldest first."""
    found = [*_marks(incident), *_work(incident, taxonomy), *_holds(incident, taxonomy)]
    return tuple(sorted((one for one in found if one.at <= now), key=lambda one: one.at))


def silences_of(incident: Incident, taxonomy: Taxonomy, now: datetime) -> tuple[Silence, ...]:
    """Find the longest times without any sign, from the first to the resolution or to now; longest first."""
    end = incident.resolved or incident.cancelled or now
    times = sorted({min(one.at, end) for one in moments_of(incident, taxonomy, now)} | {min(end, now)})
    gaps = [
        Silence(start, stop, _waiting(incident, taxonomy, start, stop))
        for start, stop in pairwise(times)
        if stop - start >= LEAST_SILENCE
    ]
    gaps.sort(key=lambda gap: (-gap.length, gap.from_))
    return tuple(gaps[:MOST_SILENCES])


def _marks(incident: Incident) -> Iterator[Moment]:
    for name, words in _MARKS:
        at = getattr(incident, name)
        if at is not None:
            yield Moment(at, words)


def _work(incident: Incident, taxonomy: Taxonomy) -> Iterator[Moment]:
    for assignment in incident.assignments:
        team = taxonomy.team(assignment.team, assignment.at) if assignment.team else None
        name = team.name if team else assignment.team
        yield Moment(assignment.at, f"Given to {name}" if name else "Given to somebody else")
    for step in incident.steps:
        yield Moment(step.at, _short(step.text))
    for decision in incident.decisions:
        yield Moment(decision.at, f"Decided: {_short(decision.text)}")
    for escalation in incident.escalations:
        kind = "for skill" if escalation.kind == "functional" else "for authority"
        yield Moment(escalation.at, f"Escalated {kind} to {_short(escalation.to)}")
    for again in incident.reopenings:
        yield Moment(again.resolved, "Called resolved")
        yield Moment(again.reopened, f"Reopened: {_short(again.reason)}" if again.reason else "Reopened")
    for update in incident.updates:
        whom = {Audience.PUBLIC: "Readers", Audience.INTERNAL: "Colleagues"}.get(update.visibility, "A few")
        status = update.status.replace("_", " ")
        yield Moment(update.at, f"{whom} told ({status}): {_short(update.text)}")


def _holds(incident: Incident, taxonomy: Taxonomy) -> Iterator[Moment]:
    for hold in incident.holds:
        yield Moment(hold.from_, f"Put on hold: {_reason(hold.reason, taxonomy)}")
        if hold.to is not None:
            yield Moment(hold.to, "Taken up again")


def _waiting(incident: Incident, taxonomy: Taxonomy, start: datetime, stop: datetime) -> str | None:
    for hold in incident.holds:
        if hold.from_ <= start and (hold.to is None or stop <= hold.to):
            return _reason(hold.reason, taxonomy)
    return None


def _reason(key: str, taxonomy: Taxonomy) -> str:
    reason = taxonomy.hold_reason(key)
    return reason.name if reason else key


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _LONGEST else line[: _LONGEST - 1].rsplit(" ", 1)[0] + "…"
