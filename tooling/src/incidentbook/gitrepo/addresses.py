"""Where a remote is found in a browser."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import urlsplit

from incidentbook.gitrepo.command import GitError, run_git

_SHORT = re.compile(r"(?:[^@/:]+@)?(?P<host>[A-Za-z0-9.-]+):(?P<path>[^/].*)")
"""The form of SSH: `git@forge.example:harbourline/records.git`."""


def web_address(root: Path, remote: str) -> str | None:
    """The address of a remote's page, without anybody's password; None where it has none."""
    try:
        said = run_git(root, "remote", "get-url", remote).decode("utf-8", "replace").strip()
    except GitError:
        return None
    if match := _SHORT.fullmatch(said):
        return f"https://{match['host']}/{match['path'].removesuffix('.git')}"
    parts = urlsplit(said)
    if parts.scheme not in ("https", "http", "ssh") or not parts.hostname:
        return None
    return f"https://{parts.hostname}{parts.path.rstrip('/').removesuffix('.git')}"
