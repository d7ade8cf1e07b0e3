"""Times that cannot all be true."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any

from incidentbook.diagnostics import Severity
from incidentbook.records import Incident, Maintenance
from incidentbook.rules.cases import ArchiveCase, RecordCase
from incidentbook.rules.documentation import page
from incidentbook.rules.instants import Keys, last_times, past_times
from incidentbook.rules.registry import EVERY_KIND, Finding, RecordRule, Subject, archive_rule, record_rule

CLOCK_SKEW = timedelta(minutes=5)
"""How far the clock of whoever wrote a record may be ahead of the clock that checks it."""


def _spell(instant: datetime) -> str:
    return instant.isoformat(timespec="minutes")


def _order(later: str, earlier: str, why: str, *, kinds: tuple[str, ...] = ("incident",)) -> RecordRule:
    """Make the rule that one time of a record may not lie before another."""

    def find(case: RecordCase[Any]) -> Iterator[Finding]:
        end: datetime = getattr(case.record, later)
        start: datetime = getattr(case.record, earlier)
        if end < start:
            yield Finding(
                case.span(later),
                f"`{later}` ({_spell(end)}) is before `{earlier}` ({_spell(start)})",
                "correct whichever is wrong; look at the day and at the offset first",
            )

    thing = " or ".join(f"{'an' if kind[0] in 'aio' else 'a'} {kind}" for kind in kinds)
    return RecordRule(
        code=f"{later}-before-{earlier}".replace("_", "-"),
        family="chronology",
        severity=Severity.ERROR,
        text=page(
            what=f"Finds `{later}` of {thing} before its `{earlier}`. Equal times are fine.",
            why=why,
            example=f"{earlier}: 2026-03-02T09:00+00:00\n{later}: 2026-03-02T08:00+00:00  # <- here",
            instead=f"{earlier}: 2026-03-02T09:00+00:00\n{later}: 2026-03-02T10:00+00:00",
        ),
        subject=Subject(kinds=frozenset(kinds), having=frozenset({earlier, later})),
        find=find,
    )


# `opened` may follow any time of the incident itself: many are logged after the fact.
# `restored` and `resolved` may stand in either order.
ORDER_RULES = (
    _order("detected", "started", "Time to detect would be negative: nobody notices what has not begun."),
    _order("acknowledged", "started", "Nobody takes what has not begun."),
    _order("acknowledged", "detected", "Nobody takes what nobody has noticed."),
    _order("mitigated", "started", "Time to mitigate would be negative."),
    _order("restored", "started", "Time to restore, the figure most people look at, would be negative."),
    _order("restored", "mitigated", "Harm is contained before service is back, or at the same moment."),
    _order("resolved", "started", "The incident would have lasted less than no time."),
    _order("resolved", "detected", "Nobody resolves what nobody has noticed."),
    _order("resolved", "acknowledged", "Whoever resolves it has taken it, if only at that moment."),
    _order("declared", "started", "Nobody declares major what has not begun."),
    _order("declared", "detected", "Nobody declares major what nobody has noticed."),
    _order("closed", "declared", "Once a record is closed, nobody leads it as a major incident."),
    _order(
        "closed",
        "resolved",
        "A record is closed once its work is done and confirmed.",
        kinds=("incident", "problem"),
    ),
    _order("closed", "opened", "A record is logged before it is closed.", kinds=("incident", "problem")),
    _order("closed", "restored", "A record is not closed while the service is still down."),
    _order("cancelled", "opened", "What was never logged cannot be cancelled."),
    _order("published", "started", "A review is written before it is published.", kinds=("review",)),
    _order("known_error", "opened", "Analysis begins when the problem is logged.", kinds=("problem",)),
    _order("acknowledged", "at", "Nobody takes over by a note that is not written.", kinds=("handover",)),
    _order("resolved", "known_error", "A cause is known before it is removed.", kinds=("problem",)),
)


@record_rule(Severity.ERROR, kinds=("incident", "maintenance"))
def interval_backwards(case: RecordCase[Incident | Maintenance]) -> Iterator[Finding]:
    """An interval ends before it begins.

    ## What it does

    Finds services, holds and maintenance windows whose `to` lies before their `from`.

    ## Why it matters

    Such an interval lasts less than no time; availability and clocks have to ignore it.

    ## Example

    ```yaml
    holds:
      - {from: 2026-03-02T09:00+00:00, to: 2026-03-02T08:50+00:00, reason: waiting-vendor}  # <- here
    ```

    ## Use instead

    ```yaml
    holds:
      - {from: 2026-03-02T08:50+00:00, to: 2026-03-02T09:00+00:00, reason: waiting-vendor}
    ```
    """
    record = case.record
    intervals: list[tuple[Keys, datetime | None, datetime | None]] = [
        (("services", index), service.from_, service.to) for index, service in enumerate(record.services)
    ]
    if isinstance(record, Incident):
        intervals += [(("holds", index), hold.from_, hold.to) for index, hold in enumerate(record.holds)]
    else:
        for name, window in (("planned", record.planned), ("actual", record.actual)):
            if window is not None:
                intervals.append(((name,), window.from_, window.to))
    for keys, start, end in intervals:
        if start is not None and end is not None and end < start:
            yield Finding(
                case.span(*keys, "to"),
                f"the interval ends at {_spell(end)}, before it begins at {_spell(start)}",
                "swap the two, or look at the day and at the offset",
            )


@record_rule(Severity.WARNING, having=("services",))
def service_outside_incident(case: RecordCase[Incident]) -> Iterator[Finding]:
    """A service suffered before the incident started, or after it was over.

    ## What it does

    Compares the interval of each service with the incident's own: from `started` to `restored`, or
    else to `resolved`. A time that is absent limits nothing.

    ## Why it matters

    The service's page and the incident's page would tell two stories, and time to restore would
    not cover the outage that users felt.

    ## Example

    ```yaml
    started: 2026-03-02T08:00+00:00
    services:
      - {service: checkout, state: major_outage, from: 2026-03-02T07:30+00:00}  # <- here
    ```

    ## Use instead

    ```yaml
    started: 2026-03-02T07:30+00:00
    services:
      - {service: checkout, state: major_outage, from: 2026-03-02T07:30+00:00}
    ```
    """
    incident = case.record
    started = incident.started
    over = incident.restored or incident.resolved
    name = "restored" if incident.restored else "resolved"
    for index, service in enumerate(incident.services):
        if service.state == "operational":
            continue
        if started and service.from_ and service.from_ < started:
            yield Finding(
                case.span("services", index, "from"),
                f"`{service.service}` suffers from {_spell(service.from_)}, "
                f"before the incident started ({_spell(started)})",
                "set `started` to the first time at which any service suffered",
            )
        last = max((time for time in (service.from_, service.to) if time), default=None)
        if over and last and last > over:
            key = "to" if service.to == last else "from"
            yield Finding(
                case.span("services", index, key),
                f"`{service.service}` suffers until {_spell(last)}, "
                f"after the incident was {name} ({_spell(over)})",
                "set `restored` to the time at which the last service was back",
            )


@record_rule(Severity.WARNING, having=("services",))
def service_in_two_states(case: RecordCase[Incident]) -> Iterator[Finding]:
    """A service is in two states at the same time.

    ## What it does

    Finds two intervals of one service that overlap while naming different states.

    ## Why it matters

    The site shows the worse of the two; that is a guess about what you meant.

    ## Example

    ```yaml
    services:
      - {service: checkout, state: major_outage, from: 2026-03-02T08:00+00:00, to: 2026-03-02T09:00+00:00}
      - {service: checkout, state: partial_outage, from: 2026-03-02T08:30+00:00}  # <- here
    ```

    ## Use instead

    ```yaml
    services:
      - {service: checkout, state: major_outage, from: 2026-03-02T08:00+00:00, to: 2026-03-02T08:30+00:00}
      - {service: checkout, state: partial_outage, from: 2026-03-02T08:30+00:00}
    ```
    """
    services = case.record.services
    if len({service.service for service in services}) == len(services):
        return
    for index, late in enumerate(services):
        for early in services[:index]:
            if early.service != late.service or early.state == late.state:
                continue
            # an absent end is the end of the incident, an absent start its start
            if (early.to is None or late.from_ is None or late.from_ < early.to) and (
                late.to is None or early.from_ is None or early.from_ < late.to
            ):
                yield Finding(
                    case.span("services", index),
                    f"`{late.service}` is `{late.state}` while it is `{early.state}`",
                    "end the earlier state with `to` where the later one begins",
                )
                break


@record_rule(Severity.ERROR, having=("holds",))
def holds_overlap(case: RecordCase[Incident]) -> Iterator[Finding]:
    """Two holds cover the same time.

    ## What it does

    Finds holds that begin before the hold before them has ended.

    ## Why it matters

    One reason may pause the clock and the other not, so the two cannot be told apart.

    ## Example

    ```yaml
    holds:
      - {from: 2026-03-02T08:30+00:00, to: 2026-03-02T09:00+00:00, reason: waiting-user}
      - {from: 2026-03-02T08:45+00:00, to: 2026-03-02T09:10+00:00, reason: waiting-vendor}  # <- here
    ```

    ## Use instead

    ```yaml
    holds:
      - {from: 2026-03-02T08:30+00:00, to: 2026-03-02T08:45+00:00, reason: waiting-user}
      - {from: 2026-03-02T08:45+00:00, to: 2026-03-02T09:10+00:00, reason: waiting-vendor}
    ```
    """
    holds = sorted(enumerate(case.record.holds), key=lambda item: item[1].from_)
    for (_, early), (index, late) in itertools.pairwise(holds):
        if early.to is None or late.from_ < early.to:
            yield Finding(
                case.span("holds", index),
                f"the hold begins at {_spell(late.from_)}, while another lasts",
                "end the earlier hold where the later one begins",
            )


@record_rule(Severity.WARNING, having=("holds", "resolved"))
def hold_after_resolution(case: RecordCase[Incident]) -> Iterator[Finding]:
    """A hold reaches beyond the resolution.

    ## What it does

    Finds holds that begin or end after `resolved`.

    ## Why it matters

    Nothing is on hold once the work is done; a wrong end of a hold moves the resolution clock.

    ## Example

    ```yaml
    resolved: 2026-03-02T09:30+00:00
    holds:
      - {from: 2026-03-02T08:40+00:00, to: 2026-03-02T10:00+00:00, reason: waiting-vendor}  # <- here
    ```

    ## Use instead

    ```yaml
    resolved: 2026-03-02T09:30+00:00
    holds:
      - {from: 2026-03-02T08:40+00:00, to: 2026-03-02T09:30+00:00, reason: waiting-vendor}
    ```
    """
    resolved = case.record.resolved
    if resolved is None:
        return
    for index, hold in enumerate(case.record.holds):
        end = hold.to or hold.from_
        if max(end, hold.from_) > resolved:
            yield Finding(
                case.span("holds", index),
                f"the hold reaches to {_spell(max(end, hold.from_))}, beyond `resolved` ({_spell(resolved)})",
                "end the hold when work could go on",
            )


@record_rule(Severity.ERROR, having=("reopenings",))
def reopened_before_resolved(case: RecordCase[Incident]) -> Iterator[Finding]:
    """A reopening lies before the resolution that it takes back.

    ## What it does

    Finds reopenings whose `reopened` lies before their `resolved`.

    ## Why it matters

    The time between the two counts for no resolution clock; here it would be negative.

    ## Example

    ```yaml
    reopenings:
      - {resolved: 2026-03-02T09:00+00:00, reopened: 2026-03-02T08:45+00:00}  # <- here
    ```

    ## Use instead

    ```yaml
    reopenings:
      - {resolved: 2026-03-02T08:45+00:00, reopened: 2026-03-02T09:00+00:00}
    ```
    """
    for index, again in enumerate(case.record.reopenings):
        if again.reopened < again.resolved:
            yield Finding(
                case.span("reopenings", index, "reopened"),
                f"`reopened` ({_spell(again.reopened)}) is before `resolved` ({_spell(again.resolved)})",
                "swap the two",
            )


@record_rule(Severity.ERROR, having=("reopenings",))
def resolved_before_reopened(case: RecordCase[Incident]) -> Iterator[Finding]:
    """The resolution that counts lies before a reopening.

    ## What it does

    Finds incidents whose `resolved` lies before the last time at which they were reopened, and
    reopenings that begin before the one above them has ended.

    ## Why it matters

    A resolution that was taken back belongs into `reopenings`; `resolved` is the one that held.

    ## Example

    ```yaml
    resolved: 2026-03-02T09:30+00:00  # <- here
    reopenings:
      - {resolved: 2026-03-02T09:30+00:00, reopened: 2026-03-02T11:00+00:00}
    ```

    ## Use instead

    ```yaml
    resolved: 2026-03-02T12:30+00:00
    closed: 2026-03-04T09:00+00:00
    reopenings:
      - {resolved: 2026-03-02T09:30+00:00, reopened: 2026-03-02T11:00+00:00}
    ```
    """
    incident = case.record
    reopenings = incident.reopenings
    if not reopenings:
        return
    last = max(again.reopened for again in reopenings)
    if incident.resolved is not None and incident.resolved < last:
        yield Finding(
            case.span("resolved"),
            f"`resolved` ({_spell(incident.resolved)}) is before the last reopening ({_spell(last)})",
            "set `resolved` to the resolution that held",
        )
    ordered = sorted(enumerate(reopenings), key=lambda item: item[1].resolved)
    for (_, early), (index, late) in itertools.pairwise(ordered):
        if late.resolved < early.reopened:
            yield Finding(
                case.span("reopenings", index, "resolved"),
                f"`resolved` ({_spell(late.resolved)}) is before the reopening at {_spell(early.reopened)}",
                "a record is reopened before it is resolved once more",
            )


_LISTS = ("assignments", "escalations", "reopenings", "steps", "decisions", "updates")


@record_rule(Severity.WARNING, kinds=("incident", "maintenance"))
def entries_out_of_order(case: RecordCase[Incident | Maintenance]) -> Iterator[Finding]:
    """The entries of a list do not follow their times.

    ## What it does

    Finds assignments, escalations, reopenings, steps, decisions and updates that are earlier than
    the entry above them. Equal times are fine.

    ## Why it matters

    These lists are read as a story from top to bottom, and the last assignment is who has it now.

    ## Example

    ```yaml
    updates:
      - {at: 2026-03-02T08:40+00:00, status: identified, text: A roll-out is the cause.}
      - {at: 2026-03-02T08:20+00:00, status: investigating, text: We are looking into it.}  # <- here
    ```

    ## Use instead

    ```yaml
    updates:
      - {at: 2026-03-02T08:20+00:00, status: investigating, text: We are looking into it.}
      - {at: 2026-03-02T08:40+00:00, status: identified, text: A roll-out is the cause.}
    ```
    """
    for name in _LISTS:
        entries: Sequence[Any] = getattr(case.record, name, ())
        if len(entries) < 2:
            continue
        key = "resolved" if name == "reopenings" else "at"
        before = getattr(entries[0], key)
        for index, entry in enumerate(entries):
            at = getattr(entry, key)
            if at < before:
                yield Finding(
                    case.span(name, index, key),
                    f"`{name}[{index}]` ({_spell(at)}) is earlier than the entry above it ({_spell(before)})",
                    "put the entries into the order of their times",
                )
            before = at


def _latest(case: RecordCase[Any]) -> Any:
    """The last time and the last day of a record: while the clock is past both, nothing is amiss."""
    latest, last_day = last_times(case.record, _SPEAKS_OF_PLANS.get(case.entry.kind, frozenset()))
    if latest is None and last_day is None:
        return None
    return [latest.timestamp() if latest else 0.0, last_day.toordinal() if last_day else 0]


# the services of a maintenance are planned with it
_SPEAKS_OF_PLANS: Mapping[str, frozenset[str]] = MappingProxyType({"maintenance": frozenset({"services"})})


@archive_rule(Severity.ERROR, kinds=EVERY_KIND, facts=_latest)
def time_in_the_future(case: ArchiveCase[Any]) -> Iterator[Finding]:
    """Something is said to have happened that lies in the future.

    ## What it does

    Finds times of things that have happened (opened, resolved, an update, an action that is done)
    that lie after the present by more than five minutes. What is planned or due may lie in the
    future: `planned`, `due`, `review_by`.

    ## Why it matters

    It is nearly always a wrong year, or a local time with the offset of UTC, and it breaks every
    duration that it takes part in.

    ## Example

    ```yaml
    opened: 2027-03-02T08:20+00:00  # <- here
    ```

    ## Use instead

    ```yaml
    opened: 2026-03-02T08:20+00:00
    ```
    """
    latest, last_day = case.fact
    if latest <= case.now.timestamp() and last_day <= case.now.toordinal():
        return  # by far the most
    limit = case.now + CLOCK_SKEW
    # The day is already tomorrow somewhere; dates carry no offset that could tell.
    today = case.now.date() + timedelta(days=1)
    plans = _SPEAKS_OF_PLANS.get(case.entry.kind, frozenset())
    for keys, past in past_times(case.record):
        if keys[0] in plans:
            continue
        if isinstance(past, datetime):
            if past > limit:
                yield Finding(
                    case.span(*keys),
                    f"{_spell(past)} lies in the future: now it is {_spell(case.now)}",
                    "look at the year and at the offset",
                )
        elif past > today:
            yield Finding(
                case.span(*keys),
                f"{past} lies in the future: today is {case.now.date()}",
                "look at the year and at the month",
            )
