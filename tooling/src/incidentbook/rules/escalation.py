"""Escalation paths that cannot work as they stand, and steps that are due."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from incidentbook.clocks import due_steps_of, left_out_of_measures
from incidentbook.diagnostics import Severity
from incidentbook.records import KINDS, Incident, IncidentStatus
from incidentbook.rules.cases import ArchiveCase, RecordCase, RepositoryCase
from incidentbook.rules.origins import is_imported
from incidentbook.rules.registry import Finding, archive_rule, record_rule, repository_rule
from incidentbook.rules.spelling import spell
from incidentbook.taxonomy.settings import EscalationStep

ESCALATION = "schema/escalation.yml"
_CONDITIONS = ("response_share", "resolution_share", "silence")


@repository_rule(Severity.ERROR)
def step_without_condition(case: RepositoryCase) -> Iterator[Finding]:
    """A step of an escalation path does not say when it is due.

    ## What it does

    Finds steps in schema/escalation.yml with neither `response_share` nor `resolution_share` nor `silence`.

    ## Why it matters

    Such a step is never due: whom it names is never called.

    ## Example

    ```yaml schema/escalation.yml
    paths:
      - id: all
        name: All
        steps:
          - {id: lead, kind: hierarchical, to: response-lead}  # <- here
    ```

    ## Use instead

    ```yaml schema/escalation.yml
    paths:
      - id: all
        name: All
        steps:
          - {id: lead, kind: hierarchical, to: response-lead, resolution_share: 0.75}
    ```
    """
    for path, step, one in _steps(case):
        if all(getattr(one, name) is None for name in _CONDITIONS):
            yield Finding(
                case.span(ESCALATION, "paths", path, "steps", step),
                f"the step `{one.id}` is never due: it names no share of a clock and no silence",
                f"add one of {', '.join(f'`{name}`' for name in _CONDITIONS)}",
                ESCALATION,
            )


@repository_rule(Severity.WARNING)
def steps_out_of_order(case: RepositoryCase) -> Iterator[Finding]:
    """A step of an escalation path is due before the one above it.

    ## What it does

    Compares each step of a path in schema/escalation.yml with the steps above it, by each of
    `response_share`, `resolution_share` and `silence`. Equal ones are fine: two are called at once.

    ## Why it matters

    Steps are taken, and shown, in the order of the path. Who is called last should not be due first.

    ## Example

    ```yaml schema/escalation.yml
    paths:
      - id: all
        name: All
        steps:
          - {id: head, kind: hierarchical, to: review-host, resolution_share: 1.0}
          - {id: lead, kind: hierarchical, to: response-lead, resolution_share: 0.75}  # <- here
    ```

    ## Use instead

    ```yaml schema/escalation.yml
    paths:
      - id: all
        name: All
        steps:
          - {id: lead, kind: hierarchical, to: response-lead, resolution_share: 0.75}
          - {id: head, kind: hierarchical, to: review-host, resolution_share: 1.0}
    ```
    """
    above: dict[tuple[int, str], float | timedelta] = {}
    for path, step, one in _steps(case):
        for name in _CONDITIONS:
            value, known = getattr(one, name), above.get((path, name))
            if value is not None and known is not None and value < known:
                yield Finding(
                    case.span(ESCALATION, "paths", path, "steps", step, name),
                    f"the step `{one.id}` is due at {_spelled(value)}, and one above it at {_spelled(known)}",
                    "put the steps into the order in which they are due",
                    ESCALATION,
                )
            elif value is not None:
                above[path, name] = value


def _spelled(value: float | timedelta) -> str:
    if isinstance(value, timedelta):
        return f"{value.total_seconds() / 60:g} min of silence"
    return f"{value * 100:g} %"


@repository_rule(Severity.ERROR)
def repeated_step(case: RepositoryCase) -> Iterator[Finding]:
    """Two steps of an escalation path have one ID.

    ## What it does

    Finds steps of one path in schema/escalation.yml that share an `id`.

    ## Why it matters

    Records name a step by it. Once one of them was taken, the other is never due.

    ## Example

    ```yaml schema/escalation.yml
    paths:
      - id: all
        name: All
        steps:
          - {id: lead, kind: hierarchical, to: response-lead, resolution_share: 0.75}
          - {id: lead, kind: hierarchical, to: review-host, resolution_share: 1.0}  # <- here
    ```

    ## Use instead

    ```yaml schema/escalation.yml
    paths:
      - id: all
        name: All
        steps:
          - {id: lead, kind: hierarchical, to: response-lead, resolution_share: 0.75}
          - {id: head, kind: hierarchical, to: review-host, resolution_share: 1.0}
    ```
    """
    seen: set[tuple[int, str]] = set()
    for path, step, one in _steps(case):
        if (path, one.id) in seen:
            yield Finding(
                case.span(ESCALATION, "paths", path, "steps", step, "id"),
                f"a step above it is called `{one.id}`, too",
                "give each step of a path an ID of its own",
                ESCALATION,
            )
        seen.add((path, one.id))


def _steps(case: RepositoryCase) -> Iterator[tuple[int, int, EscalationStep]]:
    if case.selected(ESCALATION):
        for number, path in enumerate(case.archive.taxonomy.escalations.paths):
            for place, step in enumerate(path.steps):
                yield number, place, step


def _may_be_due(case: RecordCase[Incident]) -> Any:
    incident = case.record
    if incident.status not in KINDS["incident"].open_states or left_out_of_measures(incident) is not None:
        return None
    if is_imported(incident) or case.taxonomy.escalation_path_for(incident) is None:
        return None
    return True


@archive_rule(Severity.NOTE, facts=_may_be_due)
def escalation_due(case: ArchiveCase[Incident]) -> Iterator[Finding]:
    """A step of the escalation path is due, and nobody took it.

    ## What it does

    Works out which steps of its path in schema/escalation.yml are due of an open incident, and finds those
    that none of its `escalations` names. An incident that follows an open larger one is left to that one;
    imported ones and drills are left out, and nothing is due while the resolution clock is paused.

    ## Why it matters

    Whom the path names would help, or has to decide, and knows nothing of it.

    ## Example

    ```yaml schema/escalation.yml
    paths:
      - id: all
        name: All
        steps:
          - {id: lead, kind: hierarchical, to: response-lead, resolution_share: 0.75}
    ```

    ```yaml
    status: in_progress  # <- here
    # no resolved
    # no closed
    ```

    ## Use instead

    ```yaml schema/escalation.yml
    paths:
      - id: all
        name: All
        steps:
          - {id: lead, kind: hierarchical, to: response-lead, resolution_share: 0.75}
    ```

    ```yaml
    status: in_progress
    escalations:
      - {at: 2026-03-02T11:20+00:00, kind: hierarchical, to: response-lead, step: all/lead}
    # no resolved
    # no closed
    ```
    """
    for step in due_steps_of(case.entry, case.archive, case.now):
        since = spell(step.due.astimezone(case.taxonomy.zone))
        yield Finding(
            case.span("status"),
            f"`{step.name}` is due since {since}: {step.why}, so `{step.step.to}` is called",
            f"`incidentbook escalate --due --apply`, or call and note it: `step: {step.name}`",
        )


@record_rule(Severity.WARNING, having=("escalations",))
def step_taken_twice(case: RecordCase[Incident]) -> Iterator[Finding]:
    """A step of the escalation path stands twice in one opening of an incident.

    ## What it does

    Finds `escalations` with a `step` that an earlier one names too, where the incident was not reopened
    in between. Records that are closed or cancelled are left as they are.

    ## Why it matters

    Two runs of `incidentbook escalate --due --apply` that knew nothing of each other write the same call
    down. The merge driver keeps the earlier one; merged without it, the record tells of two calls, and so
    do those who are told of it.

    ## Example

    ```yaml
    status: in_progress
    escalations:
      - {at: 2026-03-02T11:00+00:00, kind: hierarchical, to: response-lead, step: all/lead}
      - {at: 2026-03-02T11:07+00:00, kind: hierarchical, to: response-lead, step: all/lead}  # <- here
    # no resolved
    # no closed
    ```

    ## Use instead

    ```yaml
    status: in_progress
    escalations:
      - {at: 2026-03-02T11:00+00:00, kind: hierarchical, to: response-lead, step: all/lead}
    # no resolved
    # no closed
    ```
    """
    incident = case.record
    if incident.status in (IncidentStatus.CLOSED, IncidentStatus.CANCELLED):
        return
    seen: dict[tuple[str | None, int], datetime] = {}
    for index, call in sorted(enumerate(incident.escalations), key=lambda one: one[1].at):
        taken = call.step, sum(again.reopened <= call.at for again in incident.reopenings)
        if call.step is not None and taken in seen:
            first = seen[taken]
            yield Finding(
                case.span("escalations", index),
                f"`{call.step}` was taken at {spell(first.astimezone(case.taxonomy.zone))} already",
                "take the later entry out; `incidentbook setup-git` lets Git merge such records by meaning",
            )
        seen.setdefault(taken, call.at)
