"""`update`: what readers are told, from an option, a pipe or an editor."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from lifebed import BY, FIRST, incident, record
from terminalbed import Terminal

from incidentbook.desk.life_updates import next_id
from incidentbook.records import Update, UpdateStatus
from testbed import GIT_ENVIRONMENT, MakeRepository, RunCli

SECOND = "incidents/2026/INC-2026-0002.md"


@pytest.fixture
def root(make_repository: MakeRepository) -> Path:
    return make_repository({FIRST: incident("in_progress")})


def test_status_visibility_and_id_follow_from_what_was_told(root: Path, run_cli: RunCli) -> None:
    run_cli("update", "1", "-m", "All cards fail.", "--public", *BY, repo=root)
    run_cli(
        "update", "1", "-m", "One brand fails.", "--corrects", "u1", "--status", "identified", *BY, repo=root
    )
    run_cli("update", "1", "-m", "Team: look at the pool.", *BY, repo=root)
    told = [(one.id, one.status, one.visibility, one.corrects, one.by) for one in record(root).updates]
    assert told == [
        ("u1", "investigating", "public", None, "duty-one"),
        ("u2", "identified", "public", "u1", "duty-one"),  # whoever read the first reads its correction
        ("u3", "identified", "internal", None, "duty-one"),
    ]


@pytest.mark.parametrize(
    ("there", "next_"),
    [((), "u1"), ((None, None), "u1"), (("u1", None, "u4"), "u5"), (("first",), "u1"), (("U-09",), "U-10")],
)
def test_the_next_id(there: tuple[str | None, ...], next_: str, run_cli: RunCli) -> None:
    from datetime import UTC, datetime  # noqa: PLC0415

    at = datetime(2026, 11, 20, tzinfo=UTC)
    assert next_id([Update(id=id_, at=at, status=UpdateStatus.RESOLVED, text="x") for id_ in there]) == next_


def test_readers_are_named(root: Path, run_cli: RunCli) -> None:
    (root / SECOND).write_text(incident("in_progress", "links: {parent: INC-2026-0001}\n"))
    outcome = run_cli("update", "1", "-m", "x", "--public", *BY, repo=root)
    assert "  INC-2026-0001 itself is internal, so that no public page shows the update yet" in outcome.out
    assert "  It holds for what follows INC-2026-0001, too: INC-2026-0002" in outcome.out
    assert not record(root, "INC-2026-0002").updates


def test_nothing_of_a_restricted_record_is_public(root: Path, run_cli: RunCli) -> None:
    (root / FIRST).write_text(incident("in_progress", "visibility: restricted\n"))
    outcome = run_cli("update", "1", "-m", "x", "--public", *BY, repo=root)
    assert outcome.code == 2 and "is restricted, and nothing of it is public" in outcome.err


def test_an_update_from_a_pipe(root: Path) -> None:
    command = [sys.executable, "-m", "incidentbook", "--repo", str(root), "update", "1", "-m", "-", *BY]
    subprocess.run(command, input="From a\n\npipe: # yes\n", text=True, check=True, capture_output=True)
    assert record(root).updates[0].text == "From a\n\npipe: # yes"


def test_without_a_text_and_without_a_terminal(root: Path, run_cli: RunCli) -> None:
    before = (root / FIRST).read_text()
    assert "the update is missing: say it with -m TEXT" in run_cli("update", "1", *BY, repo=root).err
    assert "the update is empty" in run_cli("update", "1", "-m", " \n", *BY, repo=root).err
    assert (root / FIRST).read_text() == before


def test_what_others_save_while_the_editor_is_open_stays(root: Path, tmp_path: Path) -> None:
    editor = tmp_path / "editor"
    command = f"{sys.executable} -m incidentbook --repo {root} update 1 -m Theirs. --by duty-two"
    editor.write_text(f"#!/bin/sh\n{command} > /dev/null\nprintf 'Ours.\\n' > \"$1\"\n")
    editor.chmod(0o755)
    terminal = Terminal(root, "update", "1", *BY, environment={**GIT_ENVIRONMENT, "VISUAL": str(editor)})
    code, screen = terminal.end()
    assert code == 0, screen
    told = [(one.id, one.by, one.text) for one in record(root).updates]
    assert told == [("u1", "duty-two", "Theirs."), ("u2", "duty-one", "Ours.")]


@pytest.mark.parametrize(
    ("script", "code", "said"),
    [
        ("printf 'We are on it.\\n' > \"$1\"", 0, "update u1 (investigating)"),
        ("exit 3", 2, "Editing failed"),
        ("true", 2, "the editor left no text; nothing was written"),
        (': > "$1"; touch -d \'2030-01-01\' "$1"', 2, "the editor left no text; nothing was written"),
    ],
)
def test_an_editor_at_a_terminal(root: Path, tmp_path: Path, script: str, code: int, said: str) -> None:
    before = (root / FIRST).read_text()
    editor = tmp_path / "editor"
    editor.write_text(f"#!/bin/sh\n{script}\n")
    editor.chmod(0o755)
    terminal = Terminal(root, "update", "1", *BY, environment={**GIT_ENVIRONMENT, "VISUAL": str(editor)})
    ended, screen = terminal.end()
    assert (ended, said in screen) == (code, True), screen
    assert [one.text for one in record(root).updates] == (["We are on it."] if code == 0 else [])
    assert code == 0 or (root / FIRST).read_text() == before
