"""Derived values that a record stores all the same."""

from __future__ import annotations

from collections.abc import Iterator

from incidentbook.diagnostics import Severity
from incidentbook.records import Incident
from incidentbook.rules.cases import RecordCase
from incidentbook.rules.registry import Finding, record_rule


@record_rule(Severity.ERROR, having=("priority",))
def priority_without_reason(case: RecordCase[Incident]) -> Iterator[Finding]:
    """A stored priority differs from the matrix, and nothing says why.

    ## What it does

    Compares a stored `priority` with the one that impact and urgency give by the matrix that was
    in force when the incident opened.

    ## Why it matters

    The priority chooses the service level. Whoever changes it by hand may be right, and says why.

    ## Example

    ```yaml
    impact: low
    urgency: low
    priority: P1  # <- here
    ```

    ## Use instead

    ```yaml
    impact: low
    urgency: low
    priority: {value: P1, reason: The harbour master has no other way to open the gates.}
    ```
    """
    stored = case.record.priority
    if stored is None or stored.reason:
        return
    derived = case.taxonomy.derived_priority(case.record)
    if derived is not None and derived != stored.value:
        yield Finding(
            case.span("priority"),
            f"`priority` is {stored.value}, but impact {case.record.impact} and urgency "
            f"{case.record.urgency} give {derived}",
            f"remove it, or write `priority: {{value: {stored.value}, reason: ...}}`",
        )


@record_rule(Severity.NOTE, having=("priority",))
def priority_repeated(case: RecordCase[Incident]) -> Iterator[Finding]:
    """A stored priority only repeats the matrix.

    ## What it does

    Finds a stored `priority` that equals the derived one.

    ## Why it matters

    A value that is stored twice will disagree with itself one day: when somebody corrects the
    impact, the priority stays behind.

    ## Example

    ```yaml
    impact: high
    urgency: high
    priority: P1  # <- here
    ```

    ## Use instead

    ```yaml
    impact: high
    urgency: high
    # no priority
    ```
    """
    stored = case.record.priority
    if stored is not None and case.taxonomy.derived_priority(case.record) == stored.value:
        yield Finding(
            case.span("priority"),
            f"`priority` is {stored.value}, which impact and urgency give anyway",
            "remove it",
        )


@record_rule(Severity.WARNING, having=("impact", "urgency"))
def priority_unknowable(case: RecordCase[Incident]) -> Iterator[Finding]:
    """The matrix gives no priority for this impact and urgency.

    ## What it does

    Finds incidents with impact and urgency, but without a stored priority, for which the matrix in
    force when they opened has no cell.

    ## Why it matters

    An incident without a priority matches only those service levels that ask for none.

    ## Example

    ```yaml
    opened: 2019-03-02T08:20+00:00
    impact: high  # <- here
    urgency: high
    ```

    ## Use instead

    ```yaml
    opened: 2019-03-02T08:20+00:00
    impact: high
    urgency: high
    priority: {value: P1, reason: Taken over from the old system; our matrix begins in 2025.}
    ```
    """
    incident = case.record
    if incident.priority is not None or incident.impact is None or incident.urgency is None:
        return
    if case.taxonomy.matrices and case.taxonomy.derived_priority(incident) is None:
        yield Finding(
            case.span("impact"),
            f"no matrix gives a priority for impact {incident.impact} and urgency {incident.urgency} "
            "at the time the incident opened",
            "add the cell to schema/priority.yml, or store `priority: {value: ..., reason: ...}`",
        )


@record_rule(Severity.ERROR, having=("overrides",))
def override_without_reason(case: RecordCase[Incident]) -> Iterator[Finding]:
    """A derived value is overridden, and nothing says why.

    ## What it does

    Finds entries of `overrides` without a reason.

    ## Why it matters

    An override moves a due time or lifts a duty. A year later only the reason tells whether that
    was right.

    ## Example

    ```yaml
    overrides:
      review_required: {value: false}  # <- here
    ```

    ## Use instead

    ```yaml
    overrides:
      review_required: {value: false, reason: The same cause is reviewed with the incident of 1 March.}
    ```
    """
    overrides = case.record.overrides
    if overrides is None:
        return
    for name in ("response_due", "resolution_due", "review_due", "review_required"):
        stored = getattr(overrides, name)
        if stored is not None and not stored.reason:
            yield Finding(
                case.span("overrides", name),
                f"`{name}` is overridden without a reason",
                "add `reason:`",
            )
