"""What a page that is kept was made by."""

from __future__ import annotations

import re
import tomllib

from incidentbook.pages.making import SPEAKING
from testbed import REPOSITORY_ROOT

SILENT = {
    "apprise",  # messages alone
    "click",  # the command line alone
    "detect-secrets",  # checks, and publishes nothing
    "Markdown",  # hand-written pages, which MkDocs makes in each build
    "mkdocs",  # what they make is in the shell, whose digest is in the stamp of each page
    "mkdocs-material",
    "packaging",  # compares versions of this tool
    "pydantic",  # refuses records; what it lets through is as it was written
    "PyYAML",  # reads records, which are kept by the hash of their bytes
    "rich",  # terminals alone
}
"""Libraries that decide nothing about the inside of a page, and why."""


def test_every_library_either_speaks_on_pages_or_is_known_to_be_silent() -> None:
    project = tomllib.loads((REPOSITORY_ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    named = {re.split(r"[<>=!~\[ ;]", line)[0] for line in project["dependencies"]}
    assert set(SPEAKING) | SILENT == named
    assert not set(SPEAKING) & SILENT
