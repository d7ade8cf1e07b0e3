"""What differs between two revisions, or between a revision and the files on disk."""

from __future__ import annotations

from pathlib import Path

from incidentbook.cache import content_hash
from incidentbook.gitrepo.command import GitError, NoCommitYetError, NoMergeBaseError, run_git
from incidentbook.gitrepo.log import PathChange, parse_changes
from incidentbook.gitrepo.repository import (
    current_revision,
    is_shallow,
    prefix_in_repository,
    resolve_revision,
)
from incidentbook.source import ROOMS, is_left_out


def merge_base(root: Path, base: str, head: str = "HEAD") -> str:
    """The commit where `head` left `base`: what a pull request is compared with.

    Raises NoCommitYetError, UnknownRevisionError, NoMergeBaseError or NotAGitRepositoryError.
    """
    if head == "HEAD" and current_revision(root) is None:
        prefix_in_repository(root)  # says so where this is no repository at all
        raise NoCommitYetError
    ours, theirs = resolve_revision(root, head), resolve_revision(root, base)
    try:
        return run_git(root, "merge-base", theirs, ours).decode().split()[0]
    except (GitError, IndexError):
        raise NoMergeBaseError(base, head, shallow=is_shallow(root)) from None


def changed_paths(root: Path, base: str, head: str | None = None) -> tuple[PathChange, ...]:
    """What became of the files in ROOMS from `base` to `head`; None stands for the files on disk.

    On disk untracked files count, and ignored ones do not. Moves are told as Git finds them among the
    files that it tracks. Raises what `run_git` raises.
    """
    start = resolve_revision(root, base)
    prefix = prefix_in_repository(root)
    if head is not None:
        end = resolve_revision(root, head)
        output = run_git(root, "diff", "--raw", "-z", "-M", "--no-abbrev", start, end, "--", *ROOMS)
        return parse_changes(output, prefix)
    return _to_disk(root, start, prefix)


def _to_disk(root: Path, start: str, prefix: str) -> tuple[PathChange, ...]:
    # without the lock that Git would take to note what it has seen: somebody may be committing
    tracked = run_git(
        root, "--no-optional-locks", "diff", "--raw", "-z", "-M", "--no-abbrev", start, "--", *ROOMS
    )
    listing = run_git(root, "ls-files", "-z", "--others", "--exclude-standard", "--", *ROOMS)
    names = listing.decode("utf-8", "surrogateescape").split("\0")
    untracked = (PathChange(name, (None,), None, name) for name in names if name and not is_left_out(name))
    found = []
    for change in (*parse_changes(tracked, prefix), *untracked):
        blob = _blob_on_disk(root, change.path)
        # Git lists a file as changed as soon as its times are
        if change.before != (blob,) or change.is_move:
            found.append(PathChange(change.path, change.before, blob, change.old_path))
    return tuple(sorted(found, key=lambda change: change.path))


def _blob_on_disk(root: Path, path: str) -> str | None:
    file = root / path
    try:
        return None if file.is_symlink() or not file.is_file() else content_hash(file.read_bytes())
    except OSError:
        return None
