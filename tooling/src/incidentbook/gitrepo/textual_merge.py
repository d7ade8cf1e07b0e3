"""Git's own merge of three texts, line by line, where no repository is needed."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path

from incidentbook.gitrepo.command import GitError, talking_to_git

_MOST_CONFLICTS = 127
"""Git counts no further; what lies beyond is an error."""


def merge_lines(versions: Sequence[bytes], labels: Sequence[str]) -> tuple[bytes, int]:
    """Merge two changed texts, and count the conflicts that stand between markers in what comes out.

    `versions` are the text before, ours and theirs; `labels` name our side and theirs behind the markers.
    Raises GitNotFoundError, and GitError where Git cannot merge the texts, such as binary ones.
    """
    base, ours, theirs = versions
    if theirs in (ours, base):
        return ours, 0
    if ours == base:
        return theirs, 0
    with tempfile.TemporaryDirectory(prefix="incidentbook-merge-") as folder:
        for name, text in zip(("base", "ours", "theirs"), versions, strict=True):
            Path(folder, name).write_bytes(text)
        arguments = ("-p", "-q", "-L", labels[0], "-L", "base", "-L", labels[1], "ours", "base", "theirs")
        with talking_to_git(Path(folder), "merge-file", *arguments) as process:
            merged = process.communicate()[0]
    if not 0 <= process.returncode <= _MOST_CONFLICTS:
        raise GitError("git merge-file: the texts cannot be merged")
    return merged, process.returncode
