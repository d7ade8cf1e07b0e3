"""Small files that are kept on a ref of their own, changed by several runs at once without a loss.

Each state is one commit without a parent: whoever fetches the ref gets what stands there, however often
it was changed before. What makes changes safe is not the history but that a ref is only ever moved from
the commit that was read, here and on the remote.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from incidentbook.gitrepo.command import GitError, run_git
from incidentbook.gitrepo.objects import asking_for_names, read_blobs

_NOTHING = "0" * 40
_WHO = {
    f"GIT_{role}_{what}": value
    for role in ("AUTHOR", "COMMITTER")
    for what, value in (("NAME", "incidentbook"), ("EMAIL", "incidentbook@localhost"))
}
"""These commits are nobody's: a runner has no name, and who ran it is not for others to see."""

_OUTRUN = (
    "[rejected]",
    "stale info",
    "failed to update ref",
    "cannot lock ref",
    "reference already exists",
    "incorrect old value",
)


class RefMovedError(GitError):
    """Somebody else has moved the ref since it was read."""

    def __init__(self, ref: str) -> None:
        super().__init__(f"{ref} was moved by another run")


def ref_tip(root: Path, ref: str) -> str | None:
    """The commit of a ref here; None where there is no such ref."""
    found = run_git(root, "for-each-ref", "--format=%(objectname) %(refname)", ref).decode()
    return next((line.split()[0] for line in found.splitlines() if line.split()[1] == ref), None)


def fetch_ref(root: Path, remote: str, ref: str) -> str | None:
    """The commit of a ref on a remote, with what is in it; None where the remote has none.

    Raises GitError where the remote cannot be asked.
    """
    listed = run_git(root, "ls-remote", remote, ref).decode().split()
    if ref not in listed[1::2]:
        return None
    tip = listed[listed[1::2].index(ref) * 2]
    if not _has(root, tip):
        # kept by a ref, or Git would clear it away
        run_git(root, "fetch", "--quiet", "--no-tags", remote, f"+{ref}:{ref}-of-{_name(remote)}")
        tip = ref_tip(root, f"{ref}-of-{_name(remote)}") or tip
    return tip


def read_ref_files(root: Path, commit: str | None, paths: Iterable[str]) -> Mapping[str, bytes]:
    """The files of a commit at some paths; those that are not there are left out."""
    wanted = sorted(set(paths))
    if commit is None or not wanted:
        return {}
    with asking_for_names(root) as name_of:
        found = {path: name for path in wanted if (name := name_of(f"{commit}:{path}")) is not None}
    return dict(zip(found, read_blobs(root, found.values()), strict=True))


def differing_files(root: Path, one: str, other: str) -> tuple[str, ...]:
    """The paths at which two commits have not the same file."""
    listing = run_git(root, "diff-tree", "-r", "-z", "--name-only", "--no-renames", one, other)
    return tuple(path for path in listing.decode("utf-8", "surrogateescape").split("\0") if path)


def commit_ref_files(root: Path, base: str | None, files: Mapping[str, bytes], message: str) -> str:
    """Make the commit that has the files of `base` and these; no ref is moved."""
    with tempfile.TemporaryDirectory() as folder:
        index = {"GIT_INDEX_FILE": str(Path(folder, "index"))}
        if base is not None:
            run_git(root, "read-tree", base, environment=index)
        blobs = _blobs(root, Path(folder), [data for _, data in sorted(files.items())])
        lines = "".join(f"100644 {blob}\t{path}\0" for path, blob in zip(sorted(files), blobs, strict=True))
        run_git(root, "update-index", "-z", "--index-info", stdin=lines.encode(), environment=index)
        tree = run_git(root, "write-tree", environment=index).decode().strip()
    made = run_git(root, "commit-tree", tree, "-F", "-", stdin=message.encode(), environment=_WHO)
    return made.decode().strip()


def move_ref(root: Path, ref: str, commit: str, was: str | None) -> None:
    """Let a ref be at a commit, if it still is where it was. Raises RefMovedError."""
    try:
        run_git(root, "update-ref", "-m", "incidentbook", ref, commit, was or _NOTHING)
    except GitError:
        if ref_tip(root, ref) == was:
            raise
        raise RefMovedError(ref) from None


def push_ref(root: Path, remote: str, ref: str, commit: str, was: str | None) -> None:
    """Let a ref of a remote be at a commit, if it still is where it was.

    Raises RefMovedError, and GitError where the remote refuses for another reason.
    """
    lease = f"--force-with-lease={ref}:{was or ''}"
    try:
        run_git(root, "push", "--quiet", lease, remote, f"{commit}:{ref}")
    except GitError as error:
        if any(words in str(error) for words in _OUTRUN):
            raise RefMovedError(ref) from None
        raise


def _has(root: Path, commit: str) -> bool:
    try:
        run_git(root, "cat-file", "-e", f"{commit}^{{tree}}")
    except GitError:
        return False
    return True


def _blobs(root: Path, folder: Path, contents: Sequence[bytes]) -> list[str]:
    """Write blobs by one command: one each took half of the time of a large change."""
    paths = [folder / str(number) for number in range(len(contents))]
    for path, data in zip(paths, contents, strict=True):
        path.write_bytes(data)
    listed = "".join(f"{path}\n" for path in paths).encode("utf-8", "surrogateescape")
    return run_git(root, "hash-object", "-w", "--no-filters", "--stdin-paths", stdin=listed).decode().split()


def _name(remote: str) -> str:
    """A remote as a part of a ref: it may be an address."""
    return "".join(char if char.isalnum() or char in "-_" else "-" for char in remote)
