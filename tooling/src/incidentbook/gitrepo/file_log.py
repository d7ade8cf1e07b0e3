"""The history of a few files, without a walk over everything else."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path

from incidentbook.gitrepo.command import reading_git, run_git
from incidentbook.gitrepo.log import _HEAD, CommitChanges, _read, parse_changes
from incidentbook.gitrepo.objects import read_blobs
from incidentbook.gitrepo.repository import prefix_in_repository, resolve_revision


def file_log(root: Path, paths: Sequence[str], since: datetime | None = None) -> Iterator[CommitChanges]:
    """Yield the commits of HEAD's history that changed files, by their paths in the records folder, in order.

    With `since` Git stops where commits were made before, so that the age of the files counts and not that
    of the repository. Raises what `run_git` raises.
    """
    prefix = prefix_in_repository(root)
    pieces = reading_git(
        root, "-c", "log.showSignature=false", "log", "--raw", "-z", "-c", "--combined-all-paths", "--root",
        "--no-abbrev", "--no-color", "--encoding=UTF-8", "--full-history", "--topo-order", "--reverse",
        f"--format={_HEAD}", *([f"--since={since.isoformat()}"] if since else []), "--end-of-options", "HEAD",
        "--", *(f":(top,literal){prefix}{path}" for path in paths),
    )  # fmt: skip
    yield from _read(pieces, prefix, tuple(paths))


def file_versions(root: Path, revision: str, path: str, *, most: int = 100) -> Iterator[bytes]:
    """Yield what a file said at a revision and before, newest first, as far as it was a file.

    `path` is one in the records folder. Raises what `run_git` raises.
    """
    prefix = prefix_in_repository(root)
    output = run_git(
        root, "-c", "log.showSignature=false", "log", "--raw", "-z", "--root", "--no-renames", "--no-abbrev",
        f"--max-count={most}", "--format=", "--end-of-options", resolve_revision(root, revision),
        "--", f":(top,literal){prefix}{path}",
    )  # fmt: skip
    blobs = [change.after for change in parse_changes(output, prefix) if change.after is not None]
    if blobs:
        yield from read_blobs(root, dict.fromkeys(blobs))
