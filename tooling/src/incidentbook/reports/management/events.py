"""The incidents that a management report names: the major ones, and those that broke a promise."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta

from incidentbook.archive import RecordEntry
from incidentbook.clocks import Clock, ClockName, SlaCase, sla_case
from incidentbook.metrics import Ledger
from incidentbook.metrics.durations import harm_began, service_back
from incidentbook.records import Incident
from incidentbook.reports.management.words import moment_words, plain, services_of, team_name
from incidentbook.reports.sla.words import exact
from incidentbook.reports.stats.words import duration, plural

Entry = RecordEntry[Incident]

SLOW_SHARE = 0.5
"""An escalation, or an assignment, that came after this share of the target came late."""


@dataclass(frozen=True, slots=True)
class MajorIncident:
    """One major incident: what it was, how long, why, and how far its review is."""

    id: str
    title: str
    priority: str
    opened: str
    services: str
    lasted: str
    summary: str
    causes: tuple[str, ...]
    review: str


@dataclass(frozen=True, slots=True)
class Breach:
    """One clock that exceeded its target, and what the record says of why."""

    id: str
    title: str
    priority: str
    clock: str
    opened: str
    target: str
    used: str
    over: str
    reasons: tuple[str, ...]


def major_incidents(ledger: Ledger, chosen: Sequence[Entry]) -> tuple[MajorIncident, ...]:
    """Return the major incidents, as they were opened."""
    return tuple(_major(ledger, entry) for entry in _by_opening(ledger, chosen) if entry.record.major)


def _major(ledger: Ledger, entry: Entry) -> MajorIncident:
    incident = entry.record
    start, end = harm_began(incident), service_back(incident)
    if end is None:
        lasted = "not over yet"
    else:
        known = start is not None and start <= end
        seconds = (end - start).total_seconds() if start is not None else 0.0
        lasted = f"lasted {duration(seconds)}" if known else "how long is not known"
    opening = ledger.facts(entry).opening
    return MajorIncident(
        id=entry.id,
        title=plain(incident.title),
        priority=plain(ledger.taxonomy.priority_of(incident) or ""),
        opened=moment_words(opening, ledger.taxonomy.zone) if opening else "",
        services=services_of(ledger, incident),
        lasted=lasted,
        summary=plain(incident.summary or ""),
        causes=_causes(ledger, entry),
        review=_review_words(ledger, entry),
    )


def _causes(ledger: Ledger, entry: Entry) -> tuple[str, ...]:
    """What made it possible: as its review says, else as the problem behind it says."""
    for review in ledger.records.reviews_of(entry.id):
        if review.record.contributing_factors:
            return tuple(plain(factor) for factor in review.record.contributing_factors)
    links = entry.record.links
    for named in (links.problem, links.known_error) if links else ():
        found = ledger.records.get(named) if named else None
        if found is not None and found.readable and found.record.root_cause:
            return (plain(found.record.root_cause),)
    return ()


def _review_words(ledger: Ledger, entry: Entry) -> str:
    reviews = ledger.records.reviews_of(entry.id)
    if not reviews:
        return "no review yet"
    words = {"published": "review published", "in_review": "review being read", "draft": "review begun"}
    return words[max((review.record.status for review in reviews), key=list(reversed(words)).index)]


def breaches(ledger: Ledger, chosen: Sequence[Entry]) -> tuple[Breach, ...]:
    """Return the clocks that exceeded their target, the worst first: by how many times its target."""
    cases = (sla_case(entry, ledger.records, ledger.now) for entry in chosen)
    found = [
        (clock.elapsed / clock.target if clock.target else 0.0, _breach(ledger, case, clock))
        for case in cases
        for clock in case.clocks
        if clock.is_breached
    ]
    found.sort(key=lambda one: (-one[0], one[1].id, one[1].clock))
    return tuple(breach for _, breach in found)


def _breach(ledger: Ledger, case: SlaCase, clock: Clock) -> Breach:
    incident = case.entry.record
    reasons = _late_response if clock.name is ClockName.RESPONSE else _late_resolution
    return Breach(
        id=case.entry.id,
        title=plain(incident.title),
        priority=plain(case.priority or ""),
        clock=str(clock.name),
        opened=moment_words(clock.start, ledger.taxonomy.zone),
        target=exact(clock.target),
        used=exact(clock.elapsed),
        over=exact(max(-clock.remaining, timedelta(0))),
        reasons=tuple(reasons(ledger, case, clock)) or ("The record names no reason.",),
    )


def _late_response(ledger: Ledger, case: SlaCase, clock: Clock) -> Iterator[str]:
    incident = case.entry.record
    if clock.stop is None:
        yield "Nobody has acknowledged it yet."
    first = next((one for one in incident.assignments if one.team), None)
    if first is not None and first.team is not None and _counted(case, clock, first.at - clock.start):
        after = case.hours.between(clock.start, first.at) if case.hours else first.at - clock.start
        if after > clock.target * SLOW_SHARE:
            yield f"{team_name(ledger, first.team)} was given it after {exact(after)}."
    if case.hours is not None and case.hours.is_always:
        local = clock.start.astimezone(ledger.taxonomy.zone)
        if local.weekday() >= 5 or not 8 <= local.hour < 18:
            yield "It was opened outside office hours."


def _counted(case: SlaCase, clock: Clock, since: timedelta) -> bool:
    return since >= timedelta(0) and case.hours is not None and clock.target > timedelta(0)


def _late_resolution(ledger: Ledger, case: SlaCase, clock: Clock) -> Iterator[str]:
    incident, hours = case.entry.record, case.hours
    if clock.stop is None:
        yield "It is still open."
    back = incident.restored
    if hours is not None and back is not None and clock.start <= back and clock.is_stopped:
        to_restore = hours.between(clock.start, back)
        if to_restore <= clock.target:
            yield f"Service was back after {exact(to_restore)}, in time; the rest of the work took longer."
    yield from _waiting(ledger, case, clock)
    for again in incident.reopenings:
        reason = f": {plain(again.reason)}" if again.reason else ""
        yield f"A resolution did not hold{reason}{'' if reason.endswith('.') else '.'}"
    teams = dict.fromkeys(one.team for one in incident.assignments if one.team)
    if len(teams) > 1:
        names = ", then ".join(team_name(ledger, team) for team in teams)
        yield f"{plural(len(teams), 'team')} had it: {names}."
    if incident.escalations and hours is not None:
        after = hours.between(clock.start, incident.escalations[0].at)
        if after > clock.target * SLOW_SHARE:
            yield f"It was escalated after {exact(after)}."
    if incident.resolution is not None and incident.resolution.summary:
        yield f"Resolved by: {plain(incident.resolution.summary)}"


def _waiting(ledger: Ledger, case: SlaCase, clock: Clock) -> Iterator[str]:
    """Waiting that the clock counted, because the policy does not name its reason."""
    for hold in case.uncounted_holds:
        end = min(hold.to or ledger.now, clock.stop or ledger.now)
        waited = case.hours.between(hold.from_, end) if case.hours else end - hold.from_
        if waited > timedelta(0):
            reason = ledger.taxonomy.hold_reason(hold.reason)
            name = plain(reason.name if reason else hold.reason)
            note = f" ({plain(hold.note)})" if hold.note else ""
            yield f"{name}{note} for {exact(waited)}, which the policy does not let stop the clock."


def _by_opening(ledger: Ledger, chosen: Sequence[Entry]) -> list[Entry]:
    def opening(entry: Entry) -> tuple[float, tuple[str, int, int, str]]:
        at = ledger.facts(entry).opening
        return (at.timestamp() if at else 0.0, entry.name.sort_key())

    return sorted(chosen, key=opening)
