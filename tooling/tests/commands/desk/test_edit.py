"""`edit`: an editor is a program that may do anything, and somebody else may save meanwhile."""

from __future__ import annotations

import re
import signal
import sys
from pathlib import Path

import pytest
from lifebed import BY, FIRST, incident
from terminalbed import Terminal

from testbed import CommitAll, MakeRepository, Outcome, RunCli, git, write_files


@pytest.fixture
def root(make_repository: MakeRepository, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    monkeypatch.delenv("VISUAL", raising=False)
    # drafts that are kept are kept for somebody, and here that is nobody
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    return make_repository({FIRST: incident("in_progress")})


@pytest.fixture
def edit(root: Path, run_cli: RunCli, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> object:
    """Run `edit` with an editor that is a piece of Python; `draft` is the path of what it edits."""

    def run(code: str, *options: str, id_: str = "1") -> Outcome:
        monkeypatch.setenv("EDITOR", editor(tmp_path, code))
        return run_cli("edit", id_, *options, *BY, repo=root)

    return run


def editor(folder: Path, code: str) -> str:
    script = folder / "an editor.py"
    script.write_text(
        f"import sys, pathlib\ndraft = pathlib.Path(sys.argv[1])\ntext = draft.read_text()\n{code}\n"
    )
    return f"'{sys.executable}' '{script}'"


TITLE = "draft.write_text(text.replace('answers 502', 'answers 504'))"
BROKEN = "draft.write_text(text.replace('status: in_progress', 'status: nonsense'))"


def kept(outcome: Outcome) -> Path:
    found = re.search(r"is kept in (\S+)", outcome.err)
    assert found is not None, outcome
    return Path(found[1])


def test_what_is_written_is_checked_and_committed(root: Path, edit, commit_all: CommitAll) -> None:  # type: ignore[no-untyped-def]
    commit_all(root)
    done = edit(TITLE, "--commit", "-m", "title corrected")
    assert done.code == 0, done
    assert (root / FIRST).read_text() == incident("in_progress").replace("502", "504")
    assert git(root, "log", "-1", "--format=%s").strip() == "INC-2026-0001: title corrected"


def test_the_draft_has_the_name_of_the_record_and_only_its_owner_reads_it(root: Path, edit) -> None:  # type: ignore[no-untyped-def]
    done = edit("assert draft.name == 'INC-2026-0001.md' and draft.parent.stat().st_mode & 0o077 == 0")
    assert done.code == 0, done
    assert "as it was" in done.out


@pytest.mark.parametrize(
    "code", ["sys.exit(3)", f"{TITLE}; sys.exit(1)", "import os; os.kill(os.getpid(), 9)"]
)
def test_an_editor_that_fails_changes_nothing(root: Path, edit, code: str) -> None:  # type: ignore[no-untyped-def]
    done = edit(code)
    assert done.code == 2
    assert "nothing was written" in done.err
    assert (root / FIRST).read_text() == incident("in_progress")


@pytest.mark.parametrize("words", ["no-such-editor-here", "'", "   '' "])
def test_an_editor_that_is_none_is_told(
    root: Path, run_cli: RunCli, monkeypatch: pytest.MonkeyPatch, words: str
) -> None:
    monkeypatch.setenv("VISUAL", words)
    done = run_cli("edit", "1", *BY, repo=root)
    assert done.code == 2
    assert "set VISUAL or EDITOR" in done.err


def test_errors_are_not_written_and_what_was_typed_is_kept(root: Path, edit) -> None:  # type: ignore[no-untyped-def]
    done = edit(BROKEN)
    assert done.code == 1
    assert "line 3: unknown-value" in done.err
    assert "status: nonsense" in kept(done).read_text()
    assert (root / FIRST).read_text() == incident("in_progress")


def test_a_file_that_somebody_saved_meanwhile_is_theirs(root: Path, edit) -> None:  # type: ignore[no-untyped-def]
    place = root / FIRST
    done = edit(
        f"{TITLE}; other = pathlib.Path({str(place)!r}); other.write_text(other.read_text() + 'Theirs.')"
    )
    assert done.code == 2
    assert "changed meanwhile" in done.err
    assert place.read_text().endswith("Theirs.")
    assert "answers 504" in kept(done).read_text()


def test_a_draft_that_is_gone_changes_nothing(root: Path, edit) -> None:  # type: ignore[no-untyped-def]
    assert edit("draft.unlink()").code == 2
    assert (root / FIRST).read_text() == incident("in_progress")


def test_a_record_that_cannot_be_read_can_be_edited(root: Path, edit) -> None:  # type: ignore[no-untyped-def]
    write_files(root, {FIRST: "---\ntitle: [\n---\n"})
    text = incident("in_progress")
    assert edit(f"draft.write_text({text!r})").code == 0
    assert (root / FIRST).read_text() == text


def at_a_terminal(root: Path, tmp_path: Path) -> Terminal:
    return Terminal(root, "edit", "1", *BY, environment={"EDITOR": editor(tmp_path, BROKEN), "VISUAL": ""})


@pytest.mark.parametrize(("answer", "code", "state"), [("d", 1, "in_progress"), ("w", 0, "nonsense")])
def test_somebody_at_a_terminal_is_asked(
    root: Path, tmp_path: Path, answer: str, code: int, state: str
) -> None:
    terminal = at_a_terminal(root, tmp_path)
    terminal.see("[d]iscard")
    terminal.type(f"{answer}\n")
    assert terminal.end()[0] == code
    assert f"status: {state}\n" in (root / FIRST).read_text()


def test_who_leaves_at_the_question_writes_nothing_and_keeps_what_was_typed(
    root: Path, tmp_path: Path
) -> None:
    terminal = at_a_terminal(root, tmp_path)
    terminal.see("[e]: ")
    # Ctrl-D ends as Ctrl-C does; a signal would have to meet the moment in which Python reads
    terminal.type("\x04")
    code, screen = terminal.end()
    assert code == 2
    assert "is kept in" in screen
    assert (root / FIRST).read_text() == incident("in_progress")


def test_ctrl_c_inside_the_editor_is_the_editors(root: Path, tmp_path: Path) -> None:
    code = (
        "import signal\n"
        "def caught(*_):\n    draft.write_text(text.replace('502', '504')); sys.exit(0)\n"
        "assert signal.getsignal(signal.SIGINT) == signal.default_int_handler\n"
        "signal.signal(signal.SIGINT, caught); print('READY', flush=True); signal.pause()"
    )
    terminal = Terminal(root, "edit", "1", *BY, environment={"EDITOR": editor(tmp_path, code), "VISUAL": ""})
    terminal.see("READY")
    terminal.type("\x03")
    assert terminal.end()[0] == 0
    assert "answers 504" in (root / FIRST).read_text()
    assert signal.getsignal(signal.SIGINT) == signal.default_int_handler
