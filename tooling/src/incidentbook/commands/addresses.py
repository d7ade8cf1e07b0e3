"""Where the forge shows a file: what a comment or an issue links to."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote


def file_addresses(root: Path, revision: str) -> Callable[[str], str | None]:
    """Give the web address of a file of the repository at a revision; None where no forge says its own.

    GitHub tells a workflow by the environment where it runs. A link without a host would lead
    somewhere else from a mail or a job summary.
    """
    server, repository = os.environ.get("GITHUB_SERVER_URL"), os.environ.get("GITHUB_REPOSITORY")
    if not server or not repository:
        return lambda _path: None
    from incidentbook.commands.checkout import prefix_in_checkout  # noqa: PLC0415

    prefix = prefix_in_checkout(root)
    return lambda path: f"{server}/{repository}/blob/{revision}/{quote(prefix + path)}"
