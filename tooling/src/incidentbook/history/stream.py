"""The one stream of events: what happened to records, along the log."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from functools import partial
from pathlib import Path

from incidentbook.cache import Cache
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
from incidentbook.history.comparison import deletion, renumbering, turns, undeletion
from incidentbook.history.happening import Event, Happening, Key, Version
from incidentbook.history.identity import Life, Lives, Told, recognised
from incidentbook.history.keeping import Keeping
from incidentbook.history.reading import Reading
from incidentbook.history.schemas import Schemas
from incidentbook.history.steps import Step, steps_of
from incidentbook.history.versions import Place, Versions
from incidentbook.records import RecordName, parse_name


def events(
    root: Path, base: str | None = None, head: str | None = None, cache: Cache | None = None
) -> tuple[Event, ...]:
    """Everything that happened to records from `base` (else from the beginning) to `head`, oldest first.

    A commit comes after its parents; what several commits say is told of the first. Without a `head` the
    files on disk count too: what they say and no commit does comes last, without a commit. The story of
    a shallow clone begins after its oldest commits, which would otherwise seem to have said everything.
    What a `cache` has of a whole story is not read again; of a range little has to be read.
    Raises NoCommitYetError, and what `resolve_revision` and `run_git` raise.
    """
    end = _end(root, head or "HEAD")
    start = resolve_revision(root, base) if base is not None else None
    walked: Iterable[CommitChanges] = walk(root, end, *([f"^{start}"] if start else []))
    begins = shallow_commits(root)
    if begins:
        walked = (found for found in walked if found.commit.hash not in begins)
    keeping = Keeping(cache) if cache is not None and base is None else None
    with Schemas(root) as schemas:
        story = _Story(schemas, root, Versions(root, keeping))
        if start is not None:
            walked = list(walked)
            story.begin(start, walked)
        story.follow(walked)
        if head is None:
            story.finish(end)
        if keeping is not None:
            keeping.save()
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

    def __init__(self, schemas: Schemas, root: Path, versions: Versions) -> None:
        self._root = root
        self._schemas = schemas
        self._versions = versions
        self._lives = Lives()
        self._turned: dict[Place, Mapping[Key, int]] = {}
        self._told: list[Told] = []

    @property
    def told(self) -> tuple[Event, ...]:
        """What happened, each with the name that its record now has."""
        return tuple(
            Event(told.happening, told.commit, told.life.name, tuple(told.keys))
            for told in self._told
            if told.happening is not None
        )

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
            self._remove(step.name, commit, lives[0])
            return
        reading = self._versions.read(step.name, step.after, earlier[0] if earlier else None)
        life = self._life(step, reading, commit, lives)
        if reading is not None:
            before = [one for one in earlier if one is not None]
            self._say(reading, before, commit, life)
            self._turns(step, reading, before, commit, life)

    def _life(self, step: Step, reading: Reading | None, commit: Commit | None, lives: list[Life]) -> Life:
        """The record to which a step belongs; tells that it has another ID now, or is back."""
        assert step.after is not None  # noqa: S101
        is_merge = commit is not None and len(commit.parents) > 1
        life, was = lives[0] if lives else None, step.was
        if life is None and is_merge and self._lives.known(step.name, step.after) is None:
            life = self._lives.displaced(step.name, reading)
            was = life.name if life is not None else was
        if life is None:
            life = self._lives.find(step.name, step.after, reading)
        self._lives.adopt(life, step.name, step.after, reading)
        if step.name.id != was.id:
            self._add(renumbering(step.name, was), commit, life)
        if life.is_gone and (is_merge or not lives):
            life.is_gone = False
            self._add(undeletion(step.name), commit, life, again=True)
        return life

    def _known(self, name: RecordName, blob: str) -> Life:
        """The record that had a version; what a version said that no commit here brought was said before."""
        life = self._lives.known(name, blob)
        if life is None:
            reading = self._versions.read(name, blob)
            life = self._lives.find(name, blob, reading)
            for key in reading.facts if reading is not None else ():
                if key not in life.told:
                    life.know(Told(None, None, life, []), key)
        return life

    def _remove(self, name: RecordName, commit: Commit | None, life: Life) -> None:
        if not life.is_gone:
            life.is_gone = True
            self._add(deletion(name), commit, life, again=True)

    def _say(self, reading: Reading, earlier: Iterable[Reading], commit: Commit | None, life: Life) -> None:
        """Tell what a version says that none said before, and note by which keys it says the rest."""
        if not life.has_renamed and reading.facts.keys() <= life.told.keys():
            return  # most versions of a merge
        known = recognised(life, reading.facts, [one.facts for one in earlier])
        for key, fact in reading.facts.items():
            told = known.get(key)
            if told is None:
                told = Told(fact, commit, life, [])
                self._told.append(told)
            life.know(told, key)

    def _turns(
        self, step: Step, reading: Reading, earlier: list[Reading], commit: Commit | None, life: Life
    ) -> None:
        """Tell of a priority or a declaration that turned: the n-th time on its way is one event, wherever
        it was picked to.
        """
        before = [self._turned.get((step.was.id, blob), {}) for blob in step.before]
        turned = {key: max(one.get(key, 0) for one in before) for one in before for key in one}
        if any(one is not reading for one in earlier) and reading.record is not None:
            schema = partial(self._schemas.at, commit.hash if commit else None)
            after = Version(step.name, reading.record, schema)
            others = [Version(one.name, one.record, schema) for one in earlier if one.record is not None]
            with suppress(IncidentbookError):  # settings that cannot be read tell no priority
                for turn in turns(after, *others):
                    turned[turn.key] = turned.get(turn.key, 0) + 1
                    key = (*turn.key, str(turned[turn.key]))
                    self._add(replace(turn, key=key), commit, life)
        if step.after is not None:
            # a version that comes back, as by a revert, has turned as often as when it was first here
            self._turned.setdefault((step.name.id, step.after), turned)

    def _add(self, happening: Happening, commit: Commit | None, life: Life, *, again: bool = False) -> None:
        """Tell of something, once; or once more, where it can happen `again`."""
        key, times = happening.key, 1
        while again and key in life.told:
            times += 1
            key = (*happening.key, str(times))
        if key not in life.told:
            told = Told(replace(happening, key=key), commit, life, [])
            life.know(told, key)
            self._told.append(told)
