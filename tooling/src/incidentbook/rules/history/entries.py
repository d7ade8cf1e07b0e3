"""What happened to an incident, taken out of its record or told otherwise."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Any, NamedTuple

from incidentbook.diagnostics import Severity
from incidentbook.records import Incident
from incidentbook.rules.history.cases import ChangeCase
from incidentbook.rules.history.times import CORRECT, is_over
from incidentbook.rules.registry import Finding, change_rule
from incidentbook.rules.spelling import spell


class _Likeness(NamedTuple):
    """The time by which an entry of a list is known, and what of it are but words."""

    time: str
    words: frozenset[str] = frozenset()


_ENTRIES: Mapping[str, _Likeness] = MappingProxyType(
    {
        "assignments": _Likeness("at"),
        "holds": _Likeness("from_", frozenset({"note"})),
        "escalations": _Likeness("at", frozenset({"reason"})),
        "reopenings": _Likeness("resolved", frozenset({"reason"})),
        "steps": _Likeness("at", frozenset({"text"})),
        "decisions": _Likeness("at", frozenset({"text"})),
    }
)
"""Lists of what happened."""


def _paired(before: Sequence[Any], after: Sequence[Any], time: str) -> Iterator[tuple[Any, int | None]]:
    """Each entry before a change with the place of the same one after it: an equal one, else of its time."""
    free = dict(enumerate(after))
    found: dict[int, int] = {}
    alikes: tuple[Callable[[Any, Any], bool], ...] = (
        lambda one, other: bool(one == other),
        lambda one, other: getattr(one, time) == getattr(other, time) and not _told_otherwise(one, other),
        lambda one, other: bool(getattr(one, time) == getattr(other, time)),
    )
    for alike in alikes:
        for index, entry in enumerate(before):
            place = next((at for at, one in free.items() if alike(entry, one)), None)
            if index not in found and place is not None:
                found[index] = place
                del free[place]
    return ((entry, found.get(index)) for index, entry in enumerate(before))


def _told_otherwise(was: Any, is_: Any, words: frozenset[str] = frozenset()) -> list[str]:
    """The fields of an entry that said something and say something else; what was absent may be filled in."""
    return [
        field
        for field, value in vars(was).items()
        if field not in words and value is not None and value != getattr(is_, field)
    ]


def _saying(field: str, time: str, entry: Any, names: Sequence[str]) -> Callable[[Incident], bool]:
    """Tells of a version whether it has an entry of that time that says, of one of these, the same."""
    return lambda version: any(
        getattr(one, time) == getattr(entry, time)
        and any(getattr(one, name) == getattr(entry, name) for name in names)
        for one in getattr(version, field)
    )


@change_rule(Severity.ERROR)
def entry_removed(case: ChangeCase[Incident]) -> Iterator[Finding]:
    """Something that had happened was taken out of the record.

    ## What it does

    Finds entries of `assignments`, `holds`, `escalations`, `reopenings`, `steps` and `decisions` that
    stood in the base and have no like any more: none of the same time, and no other in their place.
    An entry whose time was moved is one that was removed. To add what an entry lacks (the end of a
    hold, a note) is fine, and so is what an entry of `corrections` gives the reason for. What was first
    committed within `history.grace` of the check may be taken out again.

    ## Why it matters

    Reassignments, reopenings and holds are counted from these entries. One that vanishes makes the
    work look better than it was.

    ## Example

    Before:

    ```yaml
    status: in_progress
    escalations:
      - {at: 2026-03-02T08:40+00:00, kind: hierarchical, to: response-lead}
    ```

    After:

    ```yaml
    # no escalations
    ```

    ## Use instead

    Before:

    ```yaml
    status: in_progress
    escalations:
      - {at: 2026-03-02T08:40+00:00, kind: hierarchical, to: response-lead}
    ```

    After:

    ```yaml
    # no escalations
    corrections:
      - {field: escalations, reason: "That was INC-2026-0002, noted here by mistake."}
    ```
    """
    if case.pair is None or is_over(case):
        return
    before, after = case.pair
    for field, (time, _) in _ENTRIES.items():
        if field in case.corrected:
            continue
        for entry, place in _paired(getattr(before, field), getattr(after, field), time):
            if place is None and not case.is_fresh(_saying(field, time, entry, [time])):
                yield Finding(
                    case.span(field) if getattr(after, field) else case.span(),
                    f"the entry of `{field}` at {spell(getattr(entry, time))} is gone",
                    f"put it back; {CORRECT.format(field=field)}",
                )


@change_rule(Severity.ERROR)
def entry_rewritten(case: ChangeCase[Incident]) -> Iterator[Finding]:
    """Something that had happened is told otherwise.

    ## What it does

    Finds entries of `assignments`, `holds`, `escalations`, `reopenings`, `steps` and `decisions` that
    stood in the base at the same time and say something else now: another end of a hold, another team or
    owner, another target of an escalation, another time of a reopening. What an entry lacked may be
    filled in, and what is written in words (a `note`, a `text`, the `reason` of a reopening or an
    escalation) may be put better. What was first committed within `history.grace` of the check may be
    mended, and so may what an entry of `corrections` gives the reason for.

    ## Why it matters

    Holds and reopenings stop the clock, and assignments say who answered for it. Their times and names
    are figures as much as those of the incident itself.

    ## Example

    Before:

    ```yaml
    status: in_progress
    holds:
      - {from: 2026-03-02T09:00+00:00, to: 2026-03-02T09:20+00:00, reason: waiting-vendor}
    ```

    After:

    ```yaml
    holds:
      - {from: 2026-03-02T09:00+00:00, to: 2026-03-02T11:40+00:00, reason: waiting-vendor}  # <- here
    ```

    ## Use instead

    Before:

    ```yaml
    status: in_progress
    holds:
      - {from: 2026-03-02T09:00+00:00, to: 2026-03-02T09:20+00:00, reason: waiting-vendor}
    ```

    After:

    ```yaml
    holds:
      - {from: 2026-03-02T09:00+00:00, to: 2026-03-02T11:40+00:00, reason: waiting-vendor}
    corrections:
      - {field: holds, reason: The vendor answered at 11:40; the first answer was automatic.}
    ```
    """
    if case.pair is None or is_over(case):
        return
    before, after = case.pair
    for field, (time, words) in _ENTRIES.items():
        if field in case.corrected:
            continue
        for entry, place in _paired(getattr(before, field), getattr(after, field), time):
            if place is None:
                continue
            others = _told_otherwise(entry, getattr(after, field)[place], words)
            others = [name for name in others if not case.is_fresh(_saying(field, time, entry, [name]))]
            if others:
                names = ", ".join(f"`{name}`" for name in others)
                yield Finding(
                    case.span(field, place),
                    f"the entry of `{field}` at {spell(getattr(entry, time))} says something else: {names}",
                    CORRECT.format(field=field),
                )
