"""Moves of a record through its life that the lifecycle does not know."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any

from incidentbook.diagnostics import Severity
from incidentbook.records import Handover, Incident, Maintenance, Problem, Review
from incidentbook.rules.history.cases import ChangeCase
from incidentbook.rules.registry import Finding, change_rule

_OPEN = ("new", "assigned", "in_progress", "on_hold")
_WORKING = frozenset({*_OPEN, "resolved", "closed", "cancelled"})

MOVES: Mapping[str, Mapping[str, frozenset[str]]] = MappingProxyType(
    {
        "incident": {
            **dict.fromkeys(_OPEN, _WORKING),
            "resolved": frozenset({"closed", *_OPEN}),
            "closed": frozenset(),
            "cancelled": frozenset(),
        },
        "review": {
            "draft": frozenset({"in_review", "published"}),
            "in_review": frozenset({"draft", "published"}),
            "published": frozenset(),
        },
        "problem": {
            "open": frozenset({"known_error", "resolved", "closed"}),
            "known_error": frozenset({"open", "resolved", "closed"}),
            "resolved": frozenset({"open", "known_error", "closed"}),
            "closed": frozenset(),
        },
        "maintenance": {
            "scheduled": frozenset({"in_progress", "completed", "cancelled"}),
            "in_progress": frozenset({"completed", "cancelled"}),
            "completed": frozenset(),
            "cancelled": frozenset(),
        },
        "handover": {"written": frozenset({"acknowledged"}), "acknowledged": frozenset()},
    }
)
"""Where a record may be a change later. One change may hold several steps: open, resolved, closed at once."""

_ADVICE: Mapping[tuple[str, str], str] = MappingProxyType(
    {
        ("incident", "closed"): "a recurrence is a new incident that names this one in `links.earlier`",
        ("incident", "cancelled"): "if it was an incident after all, log a new one that names this one",
        (
            "incident",
            "resolved",
        ): "close it, or reopen it: back to `in_progress`, with an entry in `reopenings`",
        ("review", "published"): "readers have it; correct its text, and leave it published",
        ("problem", "closed"): "if the cause is back, open a new problem that names this one",
        ("maintenance", "in_progress"): "complete or cancel it, and schedule another",
        ("maintenance", "completed"): "schedule another",
        ("maintenance", "cancelled"): "schedule another",
        ("handover", "acknowledged"): "write another: `incidentbook handover`",
    }
)

_FALSE_ALARM = (
    "if it was a false alarm after all, add an entry to `reopenings` whose `resolved` is the resolution's "
    "time and whose `reason` says so; then `cancelled` and `cancel_reason` may follow in the same change"
)


@change_rule(Severity.ERROR, kinds=("incident", "review", "problem", "maintenance", "handover"))
def forbidden_move(
    case: ChangeCase[Incident | Review | Problem | Maintenance | Handover],
) -> Iterator[Finding]:
    """A record was moved to a state that does not follow from the one it was in.

    ## What it does

    Compares the state of a record before and after the change:

    - an incident is new, assigned, in progress and on hold in any order; from any of these it is
      resolved or cancelled; from resolved it is closed, or reopened; closed and cancelled are final;
    - a review is a draft and in review in any order, then published, which is final;
    - a problem is open and a known error in any order, then resolved; from there it is closed, or open
      again; closed is final;
    - a maintenance is scheduled, in progress, then completed or cancelled, which are final;
    - a handover is written, then acknowledged, which is final.

    Several steps at once are fine, and a new record may be in any state. What was resolved and proves a
    false alarm is reopened and cancelled in one change: the entry in `reopenings` says why.

    ## Why it matters

    Clocks, reviews and figures rest on what is over being over. A closed incident that comes back to
    life changes a month that was reported long ago, and its second outage hides in the first.

    ## Example

    Before:

    ```yaml
    status: closed
    ```

    After:

    ```yaml
    status: in_progress  # <- here
    ```

    ## Use instead

    Before:

    ```yaml
    status: in_progress
    ```

    After:

    ```yaml
    status: closed
    ```
    """
    if case.pair is None:
        return
    before, after = case.pair
    was, is_ = before.status.value, after.status.value
    allowed = MOVES[case.change.name.kind].get(was, frozenset())
    if is_ == was or is_ in allowed:
        return
    reached = _through_reopening(case, allowed)
    if is_ in reached:
        return
    where = " or ".join(f"`{state}`" for state in sorted(allowed)) if allowed else "nowhere: it is final"
    yield Finding(
        case.span("status"),
        f"the {case.change.name.kind} was `{was}` and is `{is_}`; from `{was}` it goes to {where}",
        _FALSE_ALARM
        if (was, is_) == ("resolved", "cancelled")
        else _ADVICE.get((case.change.name.kind, was)),
    )


def _through_reopening(case: ChangeCase[Any], allowed: frozenset[str]) -> frozenset[str]:
    """What a resolved incident reaches in one change once it was reopened on the way."""
    before, after = case.before, case.after
    if (
        isinstance(after, Incident)
        and before is not None
        and before.status == "resolved"
        and _reopened_since(case)
    ):
        return _WORKING
    return allowed


def _reopened_since(case: ChangeCase[Incident]) -> list[int]:
    """Where in the record the reopenings stand that this change added."""
    known = list(case.before.reopenings) if case.before is not None else []
    listed = case.after.reopenings if case.after is not None else ()
    times = {(one.resolved, one.reopened) for one in known}
    return [index for index, one in enumerate(listed) if (one.resolved, one.reopened) not in times]


@change_rule(Severity.ERROR)
def unlisted_reopening(case: ChangeCase[Incident]) -> Iterator[Finding]:
    """An incident that was resolved is open again, and does not say so.

    ## What it does

    Finds incidents that were resolved and are in an open state, without a new entry in `reopenings` whose
    `resolved` is the time at which they had been resolved. Where one is resolved anew at another time
    and no reopening says so, that is `time-rewritten`.

    ## Why it matters

    The time between a resolution and its reopening counts for no clock, and the reopen rate counts
    the entries: a silent reopening charges the responders with hours in which nothing was wrong.

    ## Example

    Before:

    ```yaml
    status: resolved
    resolved: 2026-03-02T09:30+00:00
    ```

    After:

    ```yaml
    status: in_progress  # <- here
    # no resolved
    ```

    ## Use instead

    Before:

    ```yaml
    status: resolved
    resolved: 2026-03-02T09:30+00:00
    ```

    After:

    ```yaml
    status: in_progress
    # no resolved
    reopenings:
      - {resolved: 2026-03-02T09:30+00:00, reopened: 2026-03-02T11:00+00:00, reason: It came back.}
    ```
    """
    if case.pair is None:
        return
    before, after = case.pair
    if before.status != "resolved" or after.status not in _OPEN or before.resolved is None:
        return
    if any(after.reopenings[index].resolved == before.resolved for index in _reopened_since(case)):
        return
    resolved = before.resolved.isoformat(timespec="minutes")
    yield Finding(
        case.span("status"),
        f"the incident was resolved at {resolved} and is `{after.status}`; no reopening says so",
        f"add to `reopenings`: {{resolved: {resolved}, reopened: ..., reason: ...}}",
    )


@change_rule(Severity.WARNING)
def reopened_without_reason(case: ChangeCase[Incident]) -> Iterator[Finding]:
    """An incident was reopened, and nobody said what came back.

    ## What it does

    Finds entries of `reopenings` that this change added and that have no `reason`.

    ## Why it matters

    A reopening says that a fix was none. What it lacked is known on that day, and never again.

    ## Example

    Before:

    ```yaml
    status: resolved
    # no reopenings
    ```

    After:

    ```yaml
    status: in_progress
    reopenings:
      - {resolved: 2026-03-02T09:30+00:00, reopened: 2026-03-02T11:00+00:00}  # <- here
    ```

    ## Use instead

    Before:

    ```yaml
    status: resolved
    # no reopenings
    ```

    After:

    ```yaml
    status: in_progress
    reopenings:
      - {resolved: 2026-03-02T09:30+00:00, reopened: 2026-03-02T11:00+00:00, reason: The pool ran dry again.}
    ```
    """
    if case.pair is None:
        return
    for index in _reopened_since(case):
        if not case.pair[1].reopenings[index].reason:
            yield Finding(
                case.span("reopenings", index),
                "the reopening has no `reason`",
                "say in a few words what came back",
            )
