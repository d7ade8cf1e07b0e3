"""Small records repositories, made anew for each test."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from incidentbook.cli import main
from testbed import SCHEMA, CommitAll, Corpus, MakeRepository, Outcome, RunCli, corpora, git, write_files


@pytest.fixture
def make_repository(tmp_path: Path) -> MakeRepository:
    """Make a records repository of a small valid schema and a test's own files."""

    def make(
        files: Mapping[str, str | bytes] | None = None, *, name: str = "records", schema: bool = True
    ) -> Path:
        root = tmp_path / name
        root.mkdir(parents=True, exist_ok=True)
        write_files(root, {**(SCHEMA if schema else {}), **(files or {})})
        return root

    return make


@pytest.fixture
def commit_all() -> CommitAll:
    """Commit everything in a folder with a fixed author and date, making the repository first."""

    def commit(root: Path, message: str = "Record") -> str:
        if not (root / ".git").exists():
            git(root, "init", "--quiet", "--initial-branch=main")
        git(root, "add", "--all")
        git(root, "commit", "--quiet", "--allow-empty", "--message", message)
        return git(root, "rev-parse", "HEAD").strip()

    return commit


@pytest.fixture
def run_cli(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> RunCli:
    """Run the command line in this process."""
    monkeypatch.delenv("INCIDENTBOOK_NOW", raising=False)

    def run(*arguments: str | Path, repo: Path | None = None) -> Outcome:
        capsys.readouterr()
        where = ["--repo", str(repo)] if repo else []
        code = main([*where, *(str(argument) for argument in arguments)])
        captured = capsys.readouterr()
        return Outcome(code, captured.out, captured.err)

    return run


@pytest.fixture
def corpus() -> Corpus:
    """The path of real data; skips where the machine has none."""

    def find(name: str) -> Path:
        folder = corpora()
        if folder is None or not (folder / name).exists():
            pytest.skip(f"real data `{name}` is not on this machine (INCIDENTBOOK_CORPORA names its folder)")
        return folder / name

    return find
