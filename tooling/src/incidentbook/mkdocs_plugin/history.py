"""Where the forge shows who changed a record, and when."""

from __future__ import annotations

import re

from markupsafe import Markup

# The forges differ in where they edit a file, and so tell which one it is.
_FORMS = (
    (re.compile(r"-/edit/(.+/)"), r"-/commits/\1"),  # GitLab
    (re.compile(r"_edit/(.+/)"), r"commits/branch/\1"),  # Gitea, Forgejo
    (re.compile(r"edit/(.+/)"), r"commits/\1"),  # GitHub
)


def history_base(repo_url: str | None, edit_base: str) -> str:
    """Where the histories of files lie, to put before a file's path; empty where it is not known.

    `edit_base` is where files are edited, below the repository's own address.
    """
    home = (repo_url or "").rstrip("/") + "/"
    if not repo_url or not edit_base.startswith(home):
        return ""
    for pattern, history in _FORMS:
        match = pattern.fullmatch(edit_base[len(home) :])
        if match:
            return home + match.expand(history)
    return ""


def source_links(edit: str, history: str) -> str:
    """What stands below a record's page; nothing, where no address is known."""
    links = [
        Markup('<a href="{}">{}</a>').format(address, words)
        for address, words in ((edit, "Edit this record"), (history, "Who changed it, and when"))
        if address
    ]
    return f'<p class="ib-source">{" ".join(links)}</p>\n' if links else ""
