"""Two archives compared: which records a change touches, and what happened to each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from incidentbook.archive import Archive, Entry
from incidentbook.gitrepo import PathChange
from incidentbook.history.comparison import deletion, happenings, renumbering
from incidentbook.history.happening import Happening, Version
from incidentbook.records import RecordName, parse_name


@dataclass(frozen=True)
class Change:
    """What became of one record from a base to a head; `before` or `after` is None where there was none.

    `renumbered_from` is the ID that the record had, where Git takes it for the one that was moved.
    """

    name: RecordName
    before: Entry[Any] | None
    after: Entry[Any] | None
    base: Archive
    head: Archive
    renumbered_from: RecordName | None = None

    @property
    def versions(self) -> tuple[Version | None, Version | None]:
        """The record before and after, each with its own taxonomy; None where there is none to be read."""
        return _version(self.before, self.base), _version(self.after, self.head)

    @property
    def happenings(self) -> tuple[Happening, ...]:
        """What happened, as far as both sides can be read."""
        before, after = self.versions
        if after is None:
            return (deletion(self.name),) if before is not None and self.after is None else ()
        if before is None:
            return happenings(after) if self.before is None else ()
        moved = (renumbering(self.name, self.renumbered_from),) if self.renumbered_from else ()
        return (*moved, *happenings(after, before))


def changes(base: Archive, head: Archive, paths: Iterable[PathChange]) -> tuple[Change, ...]:
    """The records that differ between two archives, by kind and number.

    `paths` are the files that do (`gitrepo.changed_paths`), so that nothing else is looked at. A record
    that moved to another folder is the same record; one that got another ID is told as such.
    """
    return tuple(sorted(_changes(base, head, tuple(paths)), key=lambda change: change.name.sort_key()))


def _changes(base: Archive, head: Archive, paths: tuple[PathChange, ...]) -> Iterator[Change]:
    moved = {new: old for new, old in map(_renumbering, paths) if new is not None and old is not None}
    moved = {new: old for new, old in moved.items() if head.get(old.id) is None and base.get(new.id) is None}
    gone = {old.id for old in moved.values()}
    names = {
        name for change in paths for path in (change.old_path, change.path) if (name := parse_name(path))
    }
    for name in names:
        old = moved.get(name)
        before, after = base.get((old or name).id), head.get(name.id)
        if name.id in gone or (before is None and after is None):
            continue
        if before is None or after is None or old or before.content_hash != after.content_hash:
            yield Change(name, before, after, base, head, old)


def _renumbering(change: PathChange) -> tuple[RecordName | None, RecordName | None]:
    new, old = parse_name(change.path), parse_name(change.old_path)
    if new is None or old is None or new.id == old.id or new.kind != old.kind:
        return None, None
    return new, old


def _version(entry: Entry[Any] | None, archive: Archive) -> Version | None:
    return Version(entry.name, entry.record, archive.taxonomy) if entry and entry.readable else None
