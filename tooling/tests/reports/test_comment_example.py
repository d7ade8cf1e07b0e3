"""The comment that the handbook shows is the one that the tool prints of the sample company's records."""

from __future__ import annotations

import re
import shlex
import shutil
from pathlib import Path

import pytest

from testbed import REPOSITORY_ROOT, CommitAll, RunCli

PAGE = REPOSITORY_ROOT / "site" / "docs" / "pull-requests.md"


def test_the_comment_of_the_handbook(
    run_cli: RunCli, tmp_path: Path, commit_all: CommitAll, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("GITHUB_REPOSITORY", raising=False)
    page = PAGE.read_text(encoding="utf-8")
    for room in ("incidents", "knowledge", "handovers", "schema"):
        shutil.copytree(REPOSITORY_ROOT / room, tmp_path / room)
    commit_all(tmp_path)
    block = page.partition("```sh\n")[2].partition("```")[0].replace("\\\n", " ")
    said = ""
    for line in block.strip().splitlines():
        outcome = run_cli(*shlex.split(line)[1:], repo=tmp_path)
        assert outcome.code == 0, outcome.err
        said = outcome.out
    shown = page.partition("````markdown\n")[2].partition("````")[0]
    assert re.sub(r"`[0-9a-f]{12}`", "`0123456789ab`", said) == shown
