"""The commits that changed a few files, without a walk over everything else."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path

from incidentbook.gitrepo.command import reading_git
from incidentbook.gitrepo.log import _HEAD, CommitChanges, _read
from incidentbook.gitrepo.repository import prefix_in_repository


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
