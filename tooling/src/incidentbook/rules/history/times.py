"""Times, and other facts of a closed record, that were rewritten after they had been told."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType
from typing import Any

from incidentbook.diagnostics import Severity
from incidentbook.records import Handover, Incident, Maintenance, Problem, Review
from incidentbook.rules.history.cases import ChangeCase
from incidentbook.rules.registry import Finding, change_rule
from incidentbook.rules.spelling import spell

_FOUND_OUT = ("started", "detected", "mitigated", "restored")
"""Times of the outage itself: they are found out while the work goes on."""

_DEEDS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "incident": ("opened", "acknowledged", "declared", "resolved", "closed", "cancelled"),
        "review": ("started", "published"),
        "problem": ("opened", "known_error", "resolved", "closed"),
        "maintenance": ("announced", "actual", "cancelled"),
        "handover": ("at", "acknowledged"),
    }
)
"""Times at which somebody did something: they were known when they were written."""

_OVER: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "incident": frozenset({"closed", "cancelled"}),
        "problem": frozenset({"closed"}),
        "maintenance": frozenset({"completed", "cancelled"}),
        "handover": frozenset({"acknowledged"}),
    }
)
"""States in which a record is frozen."""

_FROZEN: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "incident": (
            *(*_FOUND_OUT, *_DEEDS["incident"]),
            *("services", "category", "impact", "urgency", "priority", "overrides", "major", "drill"),
            *("assignments", "holds", "escalations", "reopenings", "resolved_by", "closed_by", "origin"),
        ),
        "problem": _DEEDS["problem"],
        "maintenance": (*_DEEDS["maintenance"], "planned", "services"),
        "handover": (*_DEEDS["handover"], "team", "outgoing", "incoming", "items", "acknowledged_by"),
    }
)
"""Fields of which figures are made; links, satisfaction, words and corrections may still be added."""

CORRECT = (
    "if it was wrong, correct it openly, in the same change: "
    "`corrections: [{{field: {field}, was: ..., reason: how one knows better now}}]`"
)
"""What to do about a value that was wrong."""


@change_rule(Severity.ERROR, kinds=("incident", "review", "problem", "maintenance", "handover"))
def time_rewritten(
    case: ChangeCase[Incident | Review | Problem | Maintenance | Handover],
) -> Iterator[Finding]:
    """A time was changed after it had been told.

    ## What it does

    Finds times of deeds (`opened`, `acknowledged`, `resolved`, `closed`, `cancelled`; `published` of a
    review, `known_error` of a problem, `announced` and `actual` of a maintenance) that stood in the
    base and are another now, or gone. The times of the outage itself (`started`, `detected`,
    `mitigated`, `restored`) are found out bit by bit: they may change until the incident is resolved, and
    again when it is reopened.

    What was first committed but a moment ago (`history.grace` in schema/incidentbook.yml, a quarter of an
    hour unless said, up to the check) may be mended at once: a slip of the keyboard.

    To fill in a time that was absent is fine; so is to take `resolved` out when the incident is
    reopened and the reopening has it, and to move `declared` to a later declaration where both stand in
    `decisions`. A time that was wrong is corrected openly: an entry of
    `corrections`, added in the same change, names the field and says how one knows better now.

    ## Why it matters

    Each of these times ends or starts a clock. That they stood in the repository when they happened is
    what makes them worth believing.

    ## Example

    Before:

    ```yaml
    status: resolved
    acknowledged: 2026-03-02T08:55+00:00
    ```

    After:

    ```yaml
    acknowledged: 2026-03-02T08:25+00:00  # <- here
    ```

    ## Use instead

    Before:

    ```yaml
    status: resolved
    acknowledged: 2026-03-02T08:55+00:00
    ```

    After:

    ```yaml
    acknowledged: 2026-03-02T08:25+00:00
    corrections:
      - field: acknowledged
        was: 2026-03-02T08:55+00:00
        reason: The duty phone shows the call at 08:25; it was typed in half an hour later.
    ```
    """
    if case.pair is None or is_over(case):
        return
    before, after = case.pair
    kind = case.change.name.kind
    fields = _DEEDS[kind]
    if (
        isinstance(before, Incident)
        and before.status == "resolved"
        and not _taken_back(before.resolved, after)
    ):
        fields = (*fields, *_FOUND_OUT)
    for field in fields:
        was, is_ = getattr(before, field), getattr(after, field)
        if was is None or was == is_ or field in case.corrected or _is_filled_in(was, is_):
            continue
        if field == "resolved" and _taken_back(was, after):
            continue
        if (field == "declared" and _declared_anew(was, after)) or case.is_fresh(_saying(field, was)):
            continue
        yield Finding(
            case.span(field) if is_ is not None else case.span(),
            f"`{field}` was {spell(was)} and is {spell(is_)}"
            if is_
            else f"`{field}` was {spell(was)} and is gone",
            CORRECT.format(field=field),
        )


def _saying(field: str, value: Any) -> Callable[[Any], bool]:
    return lambda version: getattr(version, field) == value


def _is_filled_in(was: Any, is_: Any) -> bool:
    """Whether of an interval only the end was added."""
    start = getattr(was, "from_", None)
    return start is not None and is_ is not None and was.to is None and is_.from_ == start


def _taken_back(resolved: Any, after: Any) -> bool:
    return any(again.resolved == resolved for again in getattr(after, "reopenings", ()))


def _declared_anew(was: Any, after: Any) -> bool:
    """Whether an incident that was stood down is major again, and `decisions` keep both declarations."""
    told = {decision.at for decision in getattr(after, "decisions", ())}
    return after.declared is not None and after.declared > was and {was, after.declared} <= told


def is_over(case: ChangeCase[Any]) -> bool:
    """Whether the record was frozen, so that `closed-record-changed` speaks of all that it holds."""
    return case.before is not None and case.before.status in _OVER.get(case.change.name.kind, ())


@change_rule(Severity.ERROR, kinds=("incident", "problem", "maintenance", "handover"))
def closed_record_changed(case: ChangeCase[Incident | Problem | Maintenance | Handover]) -> Iterator[Finding]:
    """A fact of a record that is over was changed.

    ## What it does

    Finds times, services, impact, urgency, priority, category, holds, reopenings, assignments, who
    resolved and who closed, changed or filled in once an incident was closed or cancelled; times of a
    closed problem; times and services of a completed or cancelled maintenance; all that an acknowledged
    handover hands over. Links, satisfaction,
    what is written in words, and `corrections` may still be added. A correction that names the field
    makes the change an honest one. What was first committed within `history.grace` may be mended without.

    ## Why it matters

    The figures of that month have been reported. Whoever computes them again must get the same, or be
    told what was wrong.

    ## Example

    Before:

    ```yaml
    status: closed
    impact: high
    urgency: high
    ```

    After:

    ```yaml
    impact: low  # <- here
    ```

    ## Use instead

    Before:

    ```yaml
    status: closed
    impact: high
    urgency: high
    ```

    After:

    ```yaml
    impact: low
    corrections:
      - {field: impact, was: high, reason: The count of carts showed that one office alone was affected.}
    ```
    """
    if case.pair is None or not is_over(case):
        return
    before, after = case.pair
    for field in _FROZEN[case.change.name.kind]:
        was, is_ = getattr(before, field), getattr(after, field)
        if was != is_ and field not in case.corrected and not case.is_fresh(_saying(field, was)):
            yield Finding(
                case.span(field) if is_ else case.span(),
                f"the {case.change.name.kind} was `{before.status}`, and `{field}` was changed",
                CORRECT.format(field=field),
            )
