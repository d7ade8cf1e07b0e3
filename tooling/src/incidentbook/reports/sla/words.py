"""Why a clock stands where it stands, line by line: one wording for text and for programs."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta, tzinfo
from typing import NamedTuple

from incidentbook.clocks import REOPENED, Clock, ClockName, NoClock, Pause, SlaCase
from incidentbook.records.incident import Hold
from incidentbook.reports.stats.words import duration, plural, printable
from incidentbook.taxonomy import Mismatch, Taxonomy
from incidentbook.taxonomy.settings import Policy
from incidentbook.worktime.lengths import in_hours


class Line(NamedTuple):
    """One step of the reasoning: what it is about, and what is said."""

    about: str
    words: str


WITHOUT = {
    NoClock.CANCELLED: "the incident was cancelled",
    NoClock.DUPLICATE: "the incident is a duplicate; the clock runs on the one it repeats",
    NoClock.DRILL: "the incident is a drill",
    NoClock.NOT_OPENED: "the record does not say when the incident was opened",
    NoClock.NO_POLICY: "no policy in force when the incident opened matches it",
    NoClock.NO_TARGET: "the policy sets no target",
    NoClock.NEVER_ACKNOWLEDGED: "the incident is over, and the record does not say when it was acknowledged",
    NoClock.LOGGED_AFTERWARDS: "the incident was logged after the fact",
    NoClock.NEVER_RESOLVED: "the incident is over, and the record does not say when it was resolved",
}

_STOPPED_BY = {ClockName.RESPONSE: "acknowledged", ClockName.RESOLUTION: "resolved"}


def reasons_of_case(case: SlaCase, taxonomy: Taxonomy) -> Iterator[Line]:
    """Say what was promised for an incident, and by which hours it is counted."""
    policy = case.assessment.policy
    if policy is None:
        return
    name = f"{policy.id} ({printable(policy.name)})"
    yield Line("policy", f"{name}: the first that matches, {_match_words(case, policy, taxonomy)}")
    passed = [trial for trial in case.trials if trial.mismatch is not None]
    if passed:
        words = (f"{trial.policy.id} ({_WHY_NOT[trial.mismatch]})" for trial in passed if trial.mismatch)
        yield Line("passed by", ", ".join(words))
    yield Line("calendar", _calendar_words(case, policy))


def reasons_of_clock(case: SlaCase, clock: Clock, taxonomy: Taxonomy, zone: tzinfo) -> Iterator[Line]:
    """Say how one clock came to where it stands, each step on a line of its own."""
    yield _course(clock, zone)
    for pause in clock.pauses:
        yield _pause(pause, taxonomy, zone)
    if clock.name is ClockName.RESOLUTION:
        for hold in case.uncounted_holds:
            yield _uncounted(hold, clock, taxonomy, zone)
    yield _sum(clock)
    yield _due(clock, zone)


def _match_words(case: SlaCase, policy: Policy, taxonomy: Taxonomy) -> str:
    match, incident = policy.match, case.entry.record
    words = []
    if match.service:
        named = {impact.service for impact in incident.services}
        mine = {key: taxonomy.service(key, incident.opened) or taxonomy.service(key) for key in named}
        hit = sorted(key for key, one in mine.items() if (one.id if one else key) in match.service)
        words.append(f"service {', '.join(map(printable, hit))}")
    if match.priority:
        words.append(f"priority {case.priority}{_priority_words(case)}")
    if match.category:
        words.append(f"category {incident.category}")
    return " and ".join(words) or "it takes every incident"


def _priority_words(case: SlaCase) -> str:
    incident = case.entry.record
    if incident.priority is not None:
        return " (set by the record)"
    if incident.impact and incident.urgency:
        return f" (impact {incident.impact} x urgency {incident.urgency})"
    return ""


_WHY_NOT = {
    Mismatch.TIME: "not in force",
    Mismatch.SERVICE: "another service",
    Mismatch.PRIORITY: "another priority",
    Mismatch.CATEGORY: "another category",
}


def _calendar_words(case: SlaCase, policy: Policy) -> str:
    hours, calendar = case.hours, case.calendar
    if hours is None or hours.is_always:
        return f"{policy.calendar}: every hour counts"
    words = f"{policy.calendar} ({printable(calendar.name)})" if calendar else policy.calendar
    words += f", {hours.zone.key}"
    less = []
    closed = calendar.holidays if calendar else None
    if closed is not None and closed.country:
        less.append(f"public holidays of {'-'.join(filter(None, (closed.country, closed.region)))}")
    if closed is not None and closed.days:
        less.append(plural(len(closed.days), "own closed day"))
    if less:
        words += f", less {' and '.join(less)}"
    moving = [clock for clock in case.clocks if not clock.is_stopped]
    if moving:
        words += "; open now" if moving[0].within_hours else "; closed now"
    return words


def _course(clock: Clock, zone: tzinfo) -> Line:
    start = minute(clock.start, zone)
    if clock.stop is None:
        return Line("counted", f"from opened, {start}, until now")
    return Line("counted", f"from opened, {start}, to {_STOPPED_BY[clock.name]}, {minute(clock.stop, zone)}")


def _pause(pause: Pause, taxonomy: Taxonomy, zone: tzinfo) -> Line:
    names = [_reason(reason, taxonomy) for reason in pause.reasons]
    end = f"to {minute(pause.to, zone)}" if pause.to else "until now, and on"
    return Line(
        "paused", f"{minute(pause.from_, zone)} {end}: {'; '.join(names)}; {exact(pause.counted)} not counted"
    )


def _reason(reason: str, taxonomy: Taxonomy) -> str:
    if reason == REOPENED:
        return "resolved, until it was reopened"
    found = taxonomy.hold_reason(reason)
    return f"{printable(reason)} ({printable(found.name)})" if found else printable(reason)


def _uncounted(hold: Hold, clock: Clock, taxonomy: Taxonomy, zone: tzinfo) -> Line:
    end = f"to {minute(hold.to, zone)}" if hold.to else "until now"
    why = (
        "the record states its own due time"
        if clock.overridden is not None
        else "the policy does not name it"
    )
    reason = _reason(hold.reason, taxonomy)
    return Line("on hold", f"{minute(hold.from_, zone)} {end}: {reason}; counted, for {why}")


def _sum(clock: Clock) -> Line:
    left = clock.remaining
    rest = f"{exact(-left)} too long" if left < timedelta(0) else f"{exact(left)} left"
    return Line("target", f"{exact(clock.target)}; used {exact(clock.elapsed)}, {rest}")


def _due(clock: Clock, zone: tzinfo) -> Line:
    words = minute(clock.due, zone)
    if clock.overridden is not None:
        reason = f": {printable(clock.overridden)}" if clock.overridden else ""
        words += f", as the record states{reason}"
    elif clock.paused and not clock.is_breached:
        words += ", if it went on now"
    if clock.breach_time is not None:
        return Line("breached", words)
    if clock.at_risk_from is not None and not clock.paused:
        words += f"; at risk from {minute(clock.at_risk_from, zone)}"
    return Line("due", words)


def exact(length: timedelta) -> str:
    """Say working time to the second, in hours: a day of it has as many as the calendar says."""
    return in_hours(length)


def roughly(length: timedelta) -> str:
    """Say a length of time on the wall in its two largest units."""
    return duration(length.total_seconds())


def minute(instant: datetime, zone: tzinfo) -> str:
    """Say a time to the minute, in the repository's zone; seconds only where it has them."""
    local = instant.astimezone(zone)
    seconds = f":{local:%S}" if local.second else ""
    return f"{local:%Y-%m-%d %H:%M}{seconds} {local:%Z}"
