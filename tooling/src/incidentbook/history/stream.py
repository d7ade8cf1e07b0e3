"""The one stream of events: what happened to records, along the log."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from functools import partial
from pathlib import Path

from incidentbook.diagnostics import IncidentbookError
from incidentbook.gitrepo import (
    Commit,
    CommitChanges,
    NoCommitYetError,
    PathChange,
    UnknownRevisionError,
    blobs_at,
    changed_paths,
    open_working_tree,
    resolve_revision,
    shallow_commits,
    walk,
)
from incidentbook.history.comparison import deletion, renumbering, turns
from incidentbook.history.happening import Event, Happening, Key, Version
from incidentbook.history.identity import Life, Lives
from incidentbook.history.reading import Reading
from incidentbook.history.schemas import Schemas
from incidentbook.history.steps import Step, steps_of
from incidentbook.history.versions import Place, Versions
from incidentbook.records import RecordName, parse_name


def events(root: Path, base: str | None = None, head: str | None = None) -> tuple[Event, ...]:
    """Everything that happened to records from `base` (else from the beginning) to `head`, oldest first.

    A commit comes after its parents; what several commits say is told of the first. Without a `head` the
    files on disk count too: what they say and no commit does comes last, without a commit. The story of
    a shallow clone begins after its oldest commits, which would otherwise seem to have said everything.
    Raises NoCommitYetError, and what `resolve_revision` and `run_git` raise.
    """
    end = _end(root, head or "HEAD")
    start = resolve_revision(root, base) if base is not None else None
    walked: Iterable[CommitChanges] = walk(root, end, *([f"^{start}"] if start else []))
    begins = shallow_commits(root)
    if begins:
        walked = (found for found in walked if found.commit.hash not in begins)
    with Schemas(root) as schemas:
        story = _Story(root, schemas)
        if start is not None:
            walked = list(walked)
            story.begin(start, walked)
        story.follow(walked)
        if head is None:
            story.finish(end)
        return story.told


def _end(root: Path, head: str) -> str:
    try:
        return resolve_revision(root, head)
    except UnknownRevisionError:
        if head == "HEAD":
            raise NoCommitYetError from None
        raise


_FEW = 500
"""So many paths fit on every system's command line."""


def _records(change: PathChange) -> Iterator[str]:
    yield from (path for path in {change.path, change.old_path} if parse_name(path) is not None)


class _Story:
    """Events in the making: what has been told so far, of which record."""

    def __init__(self, root: Path, schemas: Schemas) -> None:
        self._root = root
        self._schemas = schemas
        self._versions = Versions(root)
        self._lives = Lives()
        self._turned: dict[Place, Mapping[Key, int]] = {}
        self._events: list[tuple[Happening, Commit | None, Life]] = []

    @property
    def told(self) -> tuple[Event, ...]:
        """What happened, each with the name that its record now has."""
        return tuple(Event(happening, commit, life.name) for happening, commit, life in self._events)

    def begin(self, base: str, walked: Iterable[CommitChanges]) -> None:
        """Take in what records that will be changed said at `base`: that is no event after it."""
        paths = sorted({path for found in walked for change in found.changes for path in _records(change)})
        # a few files are found at once; a record that moved meanwhile is then one that the base has not
        few = paths if len(paths) <= _FEW else ()
        names = {name for path in paths if (name := parse_name(path)) is not None}
        wanted = [
            (name, blob)
            for path, blob in (blobs_at(self._root, base, few) if paths else {}).items()
            if (name := parse_name(path)) in names and name is not None
        ]
        self._versions.fetch(wanted)
        for name, blob in wanted:
            self._known(name, blob)

    def follow(self, walked: Iterable[CommitChanges]) -> None:
        """Tell what commits did."""
        for commit, steps in self._versions.commits(walked):
            for step in steps:
                self._tell(step, commit)

    def finish(self, head: str) -> None:
        """Tell what the files on disk say and the commit that is checked out does not."""
        tree = open_working_tree(self._root)
        found = changed_paths(self._root, head)
        steps = steps_of(found)
        self._versions.fetch((step.was, blob) for step in steps for blob in step.before)
        for change in found:
            name = parse_name(change.path)
            if name is not None and change.after is not None:
                with suppress(OSError):  # removed while we look
                    self._versions.give(name, change.after, tree.read(change.path))
        for step in steps:
            if not self._versions.missing(step.versions):
                self._tell(step, None)

    def _tell(self, step: Step, commit: Commit | None) -> None:
        lives = [self._known(step.was, blob) for blob in step.before]
        earlier = [self._versions.read(step.was, blob) for blob in step.before]
        if step.after is None:
            self._add(deletion(step.name), commit, lives[0])
            return
        reading = self._versions.read(step.name, step.after, earlier[0] if earlier else None)
        if lives:
            life = lives[0]
            self._lives.adopt(life, step.name, step.after, reading)
        else:
            life = self._lives.find(step.name, step.after, reading)
        if step.name.id != step.was.id:
            self._add(renumbering(step.name, step.was), commit, life)
        if reading is not None:
            for key, fact in reading.facts.items():
                if key not in life.told:
                    self._add(fact, commit, life)
            self._turns(step, reading, [one for one in earlier if one is not None], commit, life)

    def _known(self, name: RecordName, blob: str) -> Life:
        """The record that had a version; what a version said that no commit here brought was said before."""
        life = self._lives.known(name, blob)
        if life is None:
            reading = self._versions.read(name, blob)
            life = self._lives.find(name, blob, reading)
            if reading is not None:
                life.told.update(reading.facts)
        return life

    def _turns(
        self, step: Step, reading: Reading, earlier: list[Reading], commit: Commit | None, life: Life
    ) -> None:
        """Tell of a priority or a declaration that turned: the n-th time on its way is one event, wherever
        it was picked to.
        """
        before = [self._turned.get((step.was.id, blob), {}) for blob in step.before]
        turned = {key: max(one.get(key, 0) for one in before) for one in before for key in one}
        if any(one is not reading for one in earlier):
            schema = partial(self._schemas.at, commit.hash if commit else None)
            after = Version(step.name, reading.record, schema)
            with suppress(IncidentbookError):  # settings that cannot be read tell no priority
                for turn in turns(after, *(Version(one.name, one.record, schema) for one in earlier)):
                    turned[turn.key] = turned.get(turn.key, 0) + 1
                    self._add(turn, commit, life, str(turned[turn.key]))
        if step.after is not None:
            # a version that comes back, as by a revert, has turned as often as when it was first here
            self._turned.setdefault((step.name.id, step.after), turned)

    def _add(self, happening: Happening, commit: Commit | None, life: Life, *which: str) -> None:
        key = (*happening.key, *which)
        if key not in life.told:
            life.told.add(key)
            self._events.append((happening, commit, life))
