"""What was told so shortly before that it may still be mended without ceremony."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

from incidentbook.gitrepo import CommitChanges, walk
from incidentbook.gitrepo.file_log import file_log

_CLOCKS_MAY_DIFFER = timedelta(minutes=5)


def blobs_before(
    root: Path, path: str, since: datetime, now: datetime, ours: Iterable[str]
) -> tuple[str, ...] | None:
    """The versions of a file that stood before `since`; None where it has not changed from then to `now`.

    `ours` are commits that do not count, by their hashes. There are no versions where the file is newer
    than that. What came by a move under its name, or from the future, tells nothing: None.
    """
    left_out = frozenset(ours)
    steps = [step for step in file_log(root, (path,), since) if step.commit.hash not in left_out]
    steps = [step for step in steps if step.commit.committed >= since]
    if not steps or any(step.commit.committed > now + _CLOCKS_MAY_DIFFER for step in steps):
        return None
    if any(_has_moved(root, step, path) for step in steps):
        return None
    return tuple(dict.fromkeys(_older(steps)))


def _older(steps: Iterable[CommitChanges]) -> Iterator[str]:
    """The blobs that these commits found, and did not make."""
    made: set[str | None] = {None}
    for step in steps:
        for change in step.changes:
            yield from (blob for blob in change.before if blob is not None and blob not in made)
            made.add(change.after)


def _has_moved(root: Path, step: CommitChanges, path: str) -> bool:
    """Whether a file that seems new had another name."""
    if all(change.before != (None,) for change in step.changes):
        return False
    return any(
        change.is_move
        for known in walk(root, f"{step.commit.hash}^!")
        for change in known.changes
        if change.path == path
    )
