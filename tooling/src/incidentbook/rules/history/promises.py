"""Changes that make a broken promise, or one about to break, look kept."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from typing import Any

from incidentbook.clocks import Clock, ClockName, ClockState, clocks_of
from incidentbook.diagnostics import Severity
from incidentbook.records import Incident
from incidentbook.rules.history.cases import ChangeCase
from incidentbook.rules.registry import Finding, change_rule
from incidentbook.rules.spelling import spell

_RELEVANT = (
    *("impact", "urgency", "priority", "category", "services", "holds", "opened", "overrides"),
    *("reopenings", "acknowledged", "drill", "links"),
)
"""What decides which promise counts for an incident, how much of its time, and whether any does."""

_FROZEN = ("closed", "cancelled")


@change_rule(Severity.ERROR)
def changed_after_breach(case: ChangeCase[Incident]) -> Iterator[Finding]:
    """What a service level hangs on was changed after it had been breached, and nobody said why.

    ## What it does

    Finds `impact`, `urgency`, `priority`, `category`, `services`, `holds`, `opened`, `overrides`,
    `reopenings`, `acknowledged`, `drill` and `links` that were changed after a clock of the incident had
    breached, where that change alone moves the due time to later, or takes the breach away: a drill and a
    duplicate are left out of every figure. When it was changed is when the first commit that touched the
    record was made. A change that gives no advantage is not reported, and neither is one with a reason:
    the `reason` of a stored priority or override, the `cancel_reason` of what is cancelled as a duplicate,
    or an entry of `corrections`.

    An `acknowledged` that was absent may be filled in while the work goes on, as late as `history.lag`
    allows; once the incident is resolved it needs its reason.

    ## Why it matters

    Attainment is only worth reporting if nobody can mend it afterwards in silence.

    ## Example

    Before:

    ```yaml
    status: resolved
    opened: 2026-03-02T08:20+00:00
    resolved: 2026-03-02T14:30+00:00
    ```

    After:

    ```yaml
    holds:
      - {from: 2026-03-02T09:00+00:00, to: 2026-03-02T12:00+00:00, reason: waiting-vendor}  # <- here
    ```

    ## Use instead

    Before:

    ```yaml
    status: resolved
    opened: 2026-03-02T08:20+00:00
    resolved: 2026-03-02T14:30+00:00
    ```

    After:

    ```yaml
    holds:
      - {from: 2026-03-02T09:00+00:00, to: 2026-03-02T12:00+00:00, reason: waiting-vendor}
    corrections:
      - field: holds
        reason: The vendor's case shows that we waited for them; nobody had noted it that night.
    ```
    """
    if case.pair is None or case.pair[0].status in _FROZEN:
        return
    before, after = case.pair
    for field in _changed(before, after):
        if field in case.corrected or _has_own_reason(field, before, after) or _is_in_time(case, field):
            continue
        clocks = _clocks(case, _as_known(before, field, case.when))
        alone = _clocks(case, _with(field, before, after))
        eased = next((clock for name, clock in clocks.items() if _eases(clock, alone.get(name))), None)
        if eased is not None and eased.breach_time is not None:
            yield Finding(
                case.span(field) if getattr(after, field) else case.span(),
                f"`{field}` was changed after the {eased.name} was breached ({spell(eased.breach_time)}), "
                "to its advantage",
                f"say why, in the same change: `corrections: [{{field: {field}, was: ..., reason: ...}}]`",
            )


def _as_known(before: Incident, field: str, when: datetime) -> Incident:
    """What was known before the change: of an acknowledgement nobody had told, that it was not there yet."""
    if field == "acknowledged" and before.acknowledged is None:
        return replace(before, acknowledged=when)
    return before


def _with(field: str, before: Incident, after: Incident) -> Incident:
    """The incident before with one field of the one after, and with what makes that one whole."""
    changed = {field: getattr(after, field)}
    if field == "reopenings" and after.status != "cancelled":
        changed |= {"status": after.status, "resolved": after.resolved}  # it takes back the resolution
    return replace(before, **changed)


def _clocks(case: ChangeCase[Incident], incident: Incident) -> dict[ClockName, Clock]:
    """By one taxonomy, that of the base: what this finds is what the record's change did."""
    return {clock.name: clock for clock in clocks_of(incident, case.comparison.base.taxonomy, case.when)}


def _changed(before: Incident, after: Incident) -> Iterator[str]:
    return (field for field in _RELEVANT if getattr(before, field) != getattr(after, field))


def _eases(was: Clock, is_: Clock | None) -> bool:
    """Whether a clock that was breached is so no more, or has become due later."""
    return was.is_breached and (is_ is None or not is_.is_breached or is_.due > was.due)


def _is_in_time(case: ChangeCase[Incident], field: str) -> bool:
    """Whether it is an acknowledgement that is put down while the work goes on: first help, then write."""
    if field != "acknowledged" or case.pair is None:
        return False
    before, after = case.pair
    at = after.acknowledged
    is_first = before.acknowledged is None and before.status != "resolved"
    return is_first and at is not None and case.when - at <= case.comparison.settings.lag


def _has_own_reason(field: str, before: Incident, after: Incident) -> bool:
    """Whether what was stored instead of a derived value says why."""
    if field == "links":
        return before.cancel_reason is None and after.cancel_reason is not None
    if field == "priority":
        return after.priority is not None and bool(after.priority.reason)
    if field == "overrides" and after.overrides is not None:
        old: Any = before.overrides
        stored = [
            value
            for name, value in vars(after.overrides).items()
            if value is not None and value != getattr(old, name, None)
        ]
        return bool(stored) and all(value.reason for value in stored)
    return False


@change_rule(Severity.WARNING)
def priority_lowered_at_risk(case: ChangeCase[Incident]) -> Iterator[Finding]:
    """A priority was lowered shortly before the service level would have been breached.

    ## What it does

    Finds incidents whose priority was lowered while a clock of theirs was at risk (past the share of
    its target that the policy names), so that it became due later, without a reason: that of a stored
    priority, or an entry of `corrections` for `impact`, `urgency` or `priority`.

    ## Why it matters

    Most priorities that are lowered five minutes before the deadline were right four hours earlier.

    ## Example

    Before:

    ```yaml
    status: in_progress
    impact: high
    urgency: high
    opened: 2026-11-20T05:20+00:00
    # no resolved
    ```

    ```yaml schema/sla.yml
    policies:
      - {id: critical, name: Critical, match: {priority: [P1]}, resolution: 4h}
      - {id: standard, name: Standard, resolution: 1d}
    ```

    After:

    ```yaml
    impact: low  # <- here
    urgency: low
    ```

    ## Use instead

    Before:

    ```yaml
    status: in_progress
    impact: high
    urgency: high
    opened: 2026-11-20T05:20+00:00
    # no resolved
    ```

    ```yaml schema/sla.yml
    policies:
      - {id: critical, name: Critical, match: {priority: [P1]}, resolution: 4h}
      - {id: standard, name: Standard, resolution: 1d}
    ```

    After:

    ```yaml
    impact: low
    urgency: low
    corrections:
      - {field: impact, was: high, reason: Only the test shop is down; the alert had taken it for the shop.}
    ```
    """
    if case.pair is None:
        return
    before, after = case.pair
    taxonomy = case.comparison.base.taxonomy
    was, is_ = taxonomy.priority_of(before), taxonomy.priority_of(after)
    order = [priority.id for priority in taxonomy.priorities]
    if was not in order or is_ not in order or order.index(is_) <= order.index(was):
        return
    fields = [field for field in ("impact", "urgency", "priority") if field in _changed(before, after)]
    if any(field in case.corrected or _has_own_reason(field, before, after) for field in fields):
        return
    alone = _clocks(case, replace(before, **{field: getattr(after, field) for field in fields}))
    for name, clock in _clocks(case, before).items():
        later = alone.get(name)
        at_risk = clock.state is ClockState.AT_RISK
        if at_risk and (later is None or later.due > clock.due) and fields:
            first = fields[0]
            yield Finding(
                case.span(first) if getattr(after, first) else case.span(),
                f"the priority was lowered from {was} to {is_} while the {name} was at risk "
                f"(due {spell(clock.due)})",
                f"say why, in the same change: `corrections: [{{field: {first}, was: ..., reason: ...}}]`",
            )
            return
