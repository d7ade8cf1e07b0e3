"""What a rule between two revisions is shown: one record before and after, or the whole change."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any, Generic, TypeVar, cast

from incidentbook.archive import Archive, Entry
from incidentbook.cache import Cache
from incidentbook.diagnostics import Span
from incidentbook.gitrepo import Commit, CommitChanges, PathChange, read_blobs, walk
from incidentbook.history import Change, Happening, Version, facts_of
from incidentbook.history.happening import Key
from incidentbook.records import Record, RecordName, parse_name
from incidentbook.records.seal import OWNED, is_untouched
from incidentbook.rules.history.grace import blobs_before
from incidentbook.rules.origins import is_imported
from incidentbook.rules.people import Handles
from incidentbook.source import Overlay, Tree
from incidentbook.taxonomy import Taxonomy
from incidentbook.taxonomy.settings import History

if TYPE_CHECKING:
    from incidentbook.rules.registry import Rule

R = TypeVar("R", bound=Record)


class Comparison:
    """A change from a base to what is on disk: both archives, the records that differ, and the commits.

    `base_taxonomy` is the base's own, or the head's where the base has none that could be read.
    """

    def __init__(
        self,
        base: Archive,
        head: Archive,
        changes: Iterable[Change],
        paths: Iterable[PathChange],
        now: datetime,
        rules: Mapping[str, Rule],
    ) -> None:
        self.base = base
        self.head = head
        self.changes = tuple(changes)
        self.paths = tuple(paths)
        self.now = now
        self.rules = rules

    @property
    def settings(self) -> History:
        """The limits, as the base has them: a change does not set its own."""
        return self.base.taxonomy.settings.history

    @property
    def clock_is_pinned(self) -> bool:
        """Whether the repository's time stands still, so that the times of commits tell nothing."""
        return self.base.taxonomy.settings.now is not None

    @cached_property
    def schema_changed(self) -> bool:
        """Whether records are judged by other words or policies than before."""
        return self.base.taxonomy.fingerprint != self.head.taxonomy.fingerprint

    @cached_property
    def log(self) -> tuple[CommitChanges, ...]:
        """The commits since the base that changed files of ours, parents before children."""
        if self.head.tree.revision in (None, self.base.revision):
            return ()
        return tuple(walk(self.head.tree.root, f"{self.base.revision}..{self.head.tree.revision}"))

    @cached_property
    def handles(self) -> Handles:
        """Who is who: as the base has it, then whoever is new; a change makes nobody a bot or another."""
        known = self.base.taxonomy.people
        bots = {person.handle for person in known if person.bot}
        now = (replace(person, bot=person.handle in bots) for person in self.head.taxonomy.people)
        return Handles((*known, *now))

    def is_bot(self, handle: str) -> bool:
        """Whether a handle is that of automation, and was before this change where it was known."""
        person = self.base.taxonomy.person(handle) or self.head.taxonomy.person(handle)
        return person is not None and person.bot

    @cached_property
    def _versions(self) -> Mapping[str, tuple[Claim, ...]]:
        """By ID: each version that a commit of this change made of a record, oldest first."""
        wanted = {change.name.id for change in self.changes}
        touched = [
            (name, change.path, change.after, step.commit)
            for step in self.log
            for change in step.changes
            if (name := parse_name(change.path)) and name.id in wanted and change.after
        ]
        blobs = list(dict.fromkeys(blob for _, _, blob, _ in touched))
        texts = dict(zip(blobs, read_blobs(self.head.tree.root, blobs), strict=True)) if blobs else {}
        found: dict[str, list[Claim]] = {}
        for name, path, blob, commit in touched:
            entry = version_of(name, path, self.head.tree, texts[blob])
            found.setdefault(name.id, []).append(Claim(commit, entry, self.head.taxonomy))
        return {id_: tuple(claims) for id_, claims in found.items()}

    def versions_of(self, id_: str) -> tuple[Claim, ...]:
        """Each version that a commit of this change made of a record, oldest first."""
        return self._versions.get(id_, ())


def version_of(name: RecordName, path: str, tree: Tree, data: bytes) -> Entry[Any]:
    """A record as some other version of its file has it; nothing of it is kept."""
    return Entry(name, path, Overlay(tree, {path: data}), Cache.open(None), "")


@dataclass(frozen=True)
class Claim:
    """One version of a record, and the commit that made it."""

    commit: Commit
    entry: Entry[Any]
    taxonomy: Taxonomy

    @cached_property
    def facts(self) -> Mapping[Key, Happening]:
        """What it says happened; nothing where it cannot be read."""
        if not self.entry.readable:
            return {}
        return facts_of(Version(self.entry.name, self.entry.record, self.taxonomy))


class ChangeCase(Generic[R]):
    """One record before a rule that asks what became of it.

    `before` is None for a new record. `after` is None where it is gone, and only rules about that
    are asked then.
    """

    def __init__(self, change: Change, comparison: Comparison) -> None:
        self.change = change
        self.comparison = comparison

    @property
    def id(self) -> str:
        """The ID that it has, or had."""
        return self.change.name.id

    @cached_property
    def before(self) -> R | None:
        """What it was."""
        return cast("R", self.change.before.record) if self.change.before is not None else None

    @cached_property
    def after(self) -> R | None:
        """What it is."""
        return cast("R", self.change.after.record) if self.change.after is not None else None

    @cached_property
    def pair(self) -> tuple[R, R] | None:
        """Both, where there are both."""
        return (self.before, self.after) if self.before is not None and self.after is not None else None

    @property
    def now(self) -> datetime:
        """The time of the check."""
        return self.comparison.now

    @cached_property
    def commits(self) -> tuple[Commit, ...]:
        """The commits since the base that touched it, oldest first; none where nothing is committed yet."""
        entries = (self.change.before, self.change.after)
        paths = {entry.path for entry in entries if entry is not None}
        return tuple(
            step.commit
            for step in self.comparison.log
            if any(change.path in paths or change.old_path in paths for change in step.changes)
        )

    @cached_property
    def when(self) -> datetime:
        """When it was changed: when the first commit that touched it was made, else now.

        The time of writing is whatever `git commit --date` says; a forge or a rebase makes the other
        one later, never earlier.
        """
        if self.comparison.clock_is_pinned:
            return self.now
        return min((*(commit.committed for commit in self.commits), self.now))

    def span(self, *keys: str | int) -> Span | None:
        """Place of a value in the record as it is; None where the record is gone."""
        return self.change.after.span(*keys) if self.change.after is not None else None

    @cached_property
    def _long_told(self) -> tuple[R, ...] | None:
        """The versions that stood before the time of grace; None where the base's is no newer than that.

        The time of the check counts, which nobody can set, and not that of this change's commits.
        """
        comparison, before = self.comparison, self.change.before
        if before is None or comparison.clock_is_pinned or comparison.head.tree.revision is None:
            return None
        root, since = comparison.head.tree.root, self.now - comparison.settings.grace
        ours = (step.commit.hash for step in comparison.log)
        blobs = blobs_before(root, before.path, since, self.now, ours)
        if blobs is None:
            return None
        versions: Iterable[Entry[Any]] = (
            version_of(before.name, before.path, comparison.head.tree, text)
            for text in (read_blobs(root, blobs) if blobs else ())
        )
        return tuple(cast("R", entry.record) for entry in versions if entry.readable)

    def is_fresh(self, said: Callable[[R], bool]) -> bool:
        """Whether what the base says was first said a moment ago, so that it may still be mended.

        `said` tells whether a version says it.
        """
        return self._long_told is not None and not any(map(said, self._long_told))

    @cached_property
    def follows_source(self) -> bool:
        """Whether it was an import as its source had it, and is one as its source has it now."""
        entries = (self.change.before, self.change.after)
        return all(
            entry is not None
            and is_imported(entry.record)
            and self.change.name.kind in OWNED
            and is_untouched(self.change.name.kind, entry.document.values or {})
            for entry in entries
        )

    @cached_property
    def corrected(self) -> frozenset[str]:
        """The fields for whose change this very change gives a reason."""
        known = list(getattr(self.before, "corrections", ()))
        fresh = [one for one in getattr(self.after, "corrections", ()) if one not in known]
        return frozenset(one.field.strip("`").replace("[", ".").partition(".")[0] for one in fresh)
