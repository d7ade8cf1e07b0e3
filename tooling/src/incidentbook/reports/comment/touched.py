"""Which records a change touches, as one audience may read them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from incidentbook.archive import RecordEntry, Records
from incidentbook.history import Change, Happening, Version, happenings
from incidentbook.records import KINDS, Incident, RecordName

_KINDS = {kind: place for place, kind in enumerate(KINDS)}


@dataclass(frozen=True)
class Touched:
    """One record before and after; one of the two is None where there was none."""

    name: RecordName
    before: RecordEntry[Any] | None
    after: RecordEntry[Any] | None
    happenings: tuple[Happening, ...]
    renumbered_from: str | None = None

    @property
    def entry(self) -> RecordEntry[Any]:
        """The newer of the two."""
        found = self.after or self.before
        assert found is not None  # noqa: S101  a change has one of them
        return found

    @property
    def incident(self) -> RecordEntry[Incident] | None:
        """The record, if it is an incident that is there after the change."""
        return self.after if self.name.kind == "incident" else None


@dataclass(frozen=True)
class Touches:
    """What a change touches: records, how many more the audience may not read, and files without a record."""

    records: tuple[Touched, ...]
    hidden: int
    unreadable: int

    @property
    def any(self) -> bool:
        """Whether it touches a record at all."""
        return bool(self.records or self.hidden or self.unreadable)


def touches(changes: Iterable[Change], base: Records[Any], head: Records[Any]) -> Touches:
    """Tell what a change touches, incidents first and open ones before the others.

    `base` and `head` are what the audience may read. A record that became restricted is as unnamed as one
    that always was. What happened is told from what the audience may read of both sides, so that nothing
    else of it can show.
    """
    found: list[Touched] = []
    hidden = unreadable = 0
    for change in changes:
        old = change.renumbered_from or change.name
        before = _readable(base, old.id) if change.before else None
        after = _readable(head, change.name.id) if change.after else None
        if change.after is not None and not change.after.readable:
            unreadable += 1
        elif (change.after is not None and after is None) or (after is None and before is None):
            hidden += 1
        else:
            told = _told(change.name, before, after, base, head)
            moved = change.renumbered_from.id if change.renumbered_from and before else None
            found.append(Touched(change.name, before, after, told, moved))
    found.sort(key=lambda one: (_KINDS[one.name.kind], not _is_open(one), one.name.sort_key()))
    return Touches(tuple(found), hidden, unreadable)


def _is_open(touched: Touched) -> bool:
    return touched.entry.record.status in KINDS[touched.name.kind].open_states


def _readable(records: Records[Any], id_: str) -> RecordEntry[Any] | None:
    entry: RecordEntry[Any] | None = records.get(id_)
    return entry if entry is not None and entry.readable else None


def _told(
    name: RecordName,
    before: RecordEntry[Any] | None,
    after: RecordEntry[Any] | None,
    base: Records[Any],
    head: Records[Any],
) -> tuple[Happening, ...]:
    if after is None:
        return ()
    earlier = [Version(name, before.record, base.taxonomy)] if before else []
    return happenings(Version(name, after.record, head.taxonomy), *earlier)
