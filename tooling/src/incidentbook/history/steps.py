"""What a commit did to records, told from what it did to files."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from incidentbook.gitrepo import PathChange
from incidentbook.records import RecordName, parse_name


@dataclass(frozen=True, slots=True)
class Step:
    """One record from the versions that a commit's parents have of it to the commit's own.

    `was` is the name before; `before` is empty where no parent has the record, and `after` is None
    where the commit removed it.
    """

    name: RecordName
    was: RecordName
    before: tuple[str, ...]
    after: str | None

    @property
    def versions(self) -> tuple[tuple[RecordName, str], ...]:
        """The versions that have to be read, those before first."""
        after = () if self.after is None else ((self.name, self.after),)
        return (*((self.was, blob) for blob in self.before), *after)


def steps_of(changes: Iterable[PathChange]) -> tuple[Step, ...]:
    """The records that a commit changed, by kind and number.

    A record that was moved to another folder is the same record, also where Git no longer sees in one
    file the other.
    """
    steps = [step for change in changes for step in _steps(change)]
    if len(steps) == 1:  # most commits
        return tuple(steps)
    removed = {step.name.id: step for step in steps if step.after is None}
    made = {step.name.id for step in steps if step.after is not None}
    whole = (
        replace(step, before=removed[step.name.id].before)
        if not step.before and step.name.id in removed
        else step
        for step in steps
        if step.after is not None or step.name.id not in made
    )
    return tuple(sorted(whole, key=lambda step: (step.name.sort_key(), step.before, step.after or "")))


def _steps(change: PathChange) -> Iterator[Step]:
    name = parse_name(change.path)
    was = parse_name(change.old_path) if change.is_move else name
    before = tuple(dict.fromkeys(blob for blob in change.before if blob is not None))
    goes_on = name is not None and was is not None and name.kind == was.kind
    if was is not None and before and (not goes_on or (change.after is None and not change.is_link)):
        yield Step(was, was, before, None)
    if name is not None and change.after is not None:
        yield Step(name, was if goes_on and was else name, before if goes_on else (), change.after)
