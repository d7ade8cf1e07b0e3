"""Checks files in a repository made for one test."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

import pytest
from rules.material import NOW, SCHEMA, CheckChange, CheckFiles

from incidentbook.archive import load_archive
from incidentbook.gitrepo import open_working_tree
from incidentbook.rules.engine import CheckResult, check
from incidentbook.rules.history.comparing import check_change
from testbed import CommitAll, write_files


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


@pytest.fixture
def check_changed(tmp_path: Path, commit_all: CommitAll) -> CheckChange:
    """Check the change from some files to others, each a commit of its own, in a repository of the schema."""

    def checked(
        before: Mapping[str, str | bytes],
        after: Mapping[str, str | bytes],
        *,
        now: datetime = NOW,
        only: str | None = None,
        paths: list[str] | None = None,
    ) -> CheckResult:
        write_files(tmp_path, {**SCHEMA, **before})
        commit_all(tmp_path, "Before")
        for path in before.keys() - after.keys():
            if not path.startswith("schema/"):
                (tmp_path / path).unlink()
        write_files(tmp_path, {**{path: SCHEMA[path] for path in before.keys() & SCHEMA.keys()}, **after})
        commit_all(tmp_path, "After")
        archive = load_archive(open_working_tree(tmp_path))
        return check_change(archive, "HEAD~1", now=now, paths=paths, only=only)

    return checked
