"""What each state of a record requires, and what it does not have yet."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any

from incidentbook.diagnostics import Severity
from incidentbook.records import Handover, Incident, Maintenance, Problem, Record, Review
from incidentbook.rules.cases import RecordCase
from incidentbook.rules.registry import Finding, RecordRule, Subject, record_rule
from incidentbook.rules.requirements import CANCELLED, REQUIREMENTS, Requirement


def _rule(requirement: Requirement) -> RecordRule:
    def find(case: RecordCase[Any]) -> Iterator[Finding]:
        if requirement.is_unmet(case):
            status = case.record.status
            yield Finding(case.span("status"), requirement.message.format(status=status), requirement.help)

    return RecordRule(
        code=requirement.code,
        family="lifecycle",
        severity=requirement.severity,
        text=requirement.documentation,
        subject=Subject(
            kinds=frozenset({requirement.kind}),
            states=requirement.states,
            lacking=frozenset({requirement.field} if requirement.field else ()),
        ),
        find=find,
    )


REQUIREMENT_RULES = tuple(_rule(requirement) for requirement in REQUIREMENTS)

_TOO_EARLY: Mapping[str, tuple[tuple[str, frozenset[str]], ...]] = MappingProxyType(
    {
        "incident": (
            ("resolved", frozenset({"resolved", "closed"})),
            ("resolution", frozenset({"resolved", "closed"})),
            ("resolved_by", frozenset({"resolved", "closed"})),
            ("closed", frozenset({"closed"})),
            ("closed_by", frozenset({"closed"})),
            ("cancelled", CANCELLED),
            ("cancel_reason", CANCELLED),
        ),
        "review": (("published", frozenset({"published"})),),
        "problem": (
            ("known_error", frozenset({"known_error", "resolved", "closed"})),
            ("resolved", frozenset({"resolved", "closed"})),
            ("closed", frozenset({"closed"})),
        ),
        "maintenance": (
            ("actual", frozenset({"in_progress", "completed", "cancelled"})),
            ("cancelled", CANCELLED),
            ("cancel_reason", CANCELLED),
        ),
        "handover": (
            ("acknowledged", frozenset({"acknowledged"})),
            ("acknowledged_by", frozenset({"acknowledged"})),
        ),
    }
)
"""Fields that only make sense once a record has reached one of some states."""


@record_rule(Severity.ERROR, kinds=("incident", "review", "problem", "maintenance", "handover"))
def field_of_later_state(
    case: RecordCase[Incident | Review | Problem | Maintenance | Handover],
) -> Iterator[Finding]:
    """A record has a field that belongs to a state it has not reached.

    ## What it does

    Finds fields that say that something has happened which the status says has not: a `resolved`
    time in an incident that is still in progress, a `closed_by` in one that is only resolved.

    ## Why it matters

    One of the two is wrong, and every list and every figure believes one or the other. After a
    reopening the old time moves into `reopenings`, from where the clocks take it.

    ## Example

    ```yaml
    status: in_progress
    resolved: 2026-03-02T09:30+00:00  # <- here
    # no resolution
    # no resolved_by
    # no closed
    # no closed_by
    ```

    ## Use instead

    ```yaml
    status: in_progress
    # no resolved
    # no resolution
    # no resolved_by
    # no closed
    # no closed_by
    reopenings:
      - {resolved: 2026-03-02T09:30+00:00, reopened: 2026-03-02T11:00+00:00}
    ```
    """
    record: Record = case.record
    for field, states in _TOO_EARLY[case.entry.kind]:
        # a status of Article is never asked about: the kinds above have none of it
        status: str = record.status
        if status not in states and getattr(record, field):
            wanted = " or ".join(f"`{state}`" for state in sorted(states))
            yield Finding(
                case.key_span(field),
                f"`{field}` stands in a record that is `{status}`",
                f"remove it, or set the status to {wanted}",
            )


@record_rule(Severity.ERROR, having=("holds",))
def unfinished_hold(case: RecordCase[Incident]) -> Iterator[Finding]:
    """A hold has no end though the incident is not on hold.

    ## What it does

    Finds holds without `to` in an incident whose status is anything but `on_hold`.

    ## Why it matters

    An open hold pauses the resolution clock for ever.

    ## Example

    ```yaml
    status: in_progress
    holds:
      - {from: 2026-03-02T08:40+00:00, reason: waiting-vendor}  # <- here
    ```

    ## Use instead

    ```yaml
    status: in_progress
    holds:
      - {from: 2026-03-02T08:40+00:00, to: 2026-03-02T08:55+00:00, reason: waiting-vendor}
    ```
    """
    incident = case.record
    if incident.status == "on_hold":
        return
    for index, hold in enumerate(incident.holds):
        if hold.to is None:
            yield Finding(
                case.span("holds", index),
                f"the hold has no end, but the incident is `{incident.status}`",
                "add `to:`, the time at which work could go on; `incidentbook resume` does",
            )
