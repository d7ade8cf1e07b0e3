"""Changes of what past figures were counted by: targets, matrices and policies that have been in force."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any, NamedTuple

from incidentbook.diagnostics import IncidentbookError, Severity, Span
from incidentbook.rules.history.cases import Comparison
from incidentbook.rules.registry import Finding, comparison_rule
from incidentbook.source import read_yaml
from incidentbook.taxonomy import Taxonomy


class _Law(NamedTuple):
    """A list of schema/ by which figures are counted, and the fields on which these depend."""

    path: str
    key: str
    what: str
    fields: tuple[str, ...]


_LAWS = (
    _Law(
        "schema/sla.yml",
        "policies",
        "targets",
        ("id", "match", "response", "resolution", "calendar", "pausing"),
    ),
    _Law("schema/priority.yml", "matrices", "priorities", ("cells",)),
    _Law(
        "schema/reviews.yml",
        "policies",
        "review policies",
        ("required_when", "due_working_days", "calendar", "recurrence_count", "recurrence_window"),
    ),
)


@comparison_rule(Severity.WARNING)
def past_targets_changed(comparison: Comparison) -> Iterator[Finding]:
    """Targets that have been in force are others now, so that figures of the past change.

    ## What it does

    Compares the service levels of schema/sla.yml, the matrices of schema/priority.yml and the policies of
    schema/reviews.yml before and after a change, day by day up to today, and finds what was in force on
    a day that is over and is no longer as it was then. Names and definitions may change, and so may
    `at_risk`, `before_closing` and `headings`, which tell nothing of the past. Where there were no entries
    before, there is nothing to change.

    ## Why it matters

    Whether a promise was kept is counted from these files each time. With another target every report
    that was handed out is wrong, and breaches go away that customers were told of.

    ## Example

    Before:

    ```yaml schema/sla.yml
    policies:
      - {id: standard, name: Standard, resolution: 4h}
    ```

    After:

    ```yaml schema/sla.yml
    policies:
      - {id: standard, name: Standard, resolution: 40h}  # <- here
    ```

    ## Use instead

    Before:

    ```yaml schema/sla.yml
    policies:
      - {id: standard, name: Standard, resolution: 4h}
    ```

    After:

    ```yaml schema/sla.yml
    policies:
      - {id: standard, name: Standard, resolution: 4h, valid_until: 2027-01-01}
      - {id: standard, name: Standard, resolution: 40h, valid_from: 2027-01-01}
    ```
    """
    if not comparison.schema_changed:
        return
    today = comparison.base.taxonomy.day_of(comparison.now)
    for law in _LAWS:
        before, after = (_entries(law, side.taxonomy) for side in (comparison.base, comparison.head))
        day = _first_other_day(law, before, after, today) if before else None
        if day is not None:
            since = "" if day == date.min else f" on {day}"
            yield Finding(
                _place(comparison, law, before, after),
                f"{law.what} that were in force{since} were changed",
                "end the entry with `valid_until`, and give the new one `valid_from`, today or later",
                law.path,
            )


def _entries(law: _Law, taxonomy: Taxonomy) -> Sequence[Any]:
    if law.path == "schema/sla.yml":
        return taxonomy.policies
    return taxonomy.matrices if law.key == "matrices" else taxonomy.review_policies


def _first_other_day(law: _Law, before: Sequence[Any], after: Sequence[Any], today: date) -> date | None:
    """The first day of a time that is over and in which not the same was in force on both sides."""
    turns = {date.min}
    for entry in (*before, *after):
        turns.update(day for day in (entry.valid_from, entry.valid_until) if day is not None)
    past = sorted(day for day in turns if day < today)
    return next((day for day in past if _on(law, before, day) != _on(law, after, day)), None)


def _on(law: _Law, entries: Sequence[Any], day: date) -> list[tuple[object, ...]]:
    """What was in force on a day, in its order: the first that fits counts."""
    return [
        _weight(law, entry)
        for entry in entries
        if (entry.valid_from or date.min) <= day < (entry.valid_until or date.max)
    ]


def _weight(law: _Law, entry: Any) -> tuple[object, ...]:
    return tuple(getattr(entry, field) for field in law.fields)


def _place(comparison: Comparison, law: _Law, before: Sequence[Any], after: Sequence[Any]) -> Span | None:
    """The first entry that is not as it was; None where one is only gone."""
    index = next((place for place, entry in enumerate(after) if entry not in before), None)
    if index is None:
        return None
    try:
        return read_yaml(law.path, comparison.head.tree.read(law.path)).span(law.key, index)
    except (OSError, IncidentbookError):
        return None
