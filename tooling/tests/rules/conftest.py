"""Checks files in a repository made for one test."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

import pytest
from rules.material import NOW, SCHEMA, CheckFiles

from incidentbook.archive import load_archive
from incidentbook.gitrepo import open_working_tree
from incidentbook.rules.engine import CheckResult, check
from testbed import write_files


@pytest.fixture
def check_files(tmp_path: Path) -> CheckFiles:
    """Check files in a repository of the schema above."""

    def checked(
        files: Mapping[str, str | bytes],
        *,
        now: datetime = NOW,
        schema: Mapping[str, str] | None = None,
        paths: list[str] | None = None,
    ) -> CheckResult:
        write_files(tmp_path, {**SCHEMA, **(schema or {}), **files})
        return check(load_archive(open_working_tree(tmp_path)), now=now, paths=paths)

    return checked
