"""The command line before any verb: help, repository, clock, and how it ends."""

from __future__ import annotations

import os
import subprocess
import sys
import types
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
import pytest

from incidentbook import __version__
from incidentbook.cli import VERBS
from testbed import NEW_INCIDENT, MakeRepository, RunCli


def in_a_shell(command: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run `incidentbook` in a process of its own, as a person does."""
    program = f'"{sys.executable}" -m incidentbook'
    return subprocess.run(
        ["bash", "-o", "pipefail", "-c", command.replace("incidentbook", program)],
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def test_help_lists_every_verb_with_an_example(run_cli: RunCli) -> None:
    outcome = run_cli("--help")
    assert outcome.code == 0
    for verb, words in VERBS.items():
        assert f"  {verb} " in outcome.out
        assert words in outcome.out
    assert "Example: incidentbook --repo" in outcome.out
    assert run_cli("-h").out == outcome.out


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_has_help_with_an_example(run_cli: RunCli, verb: str, tmp_path: Path) -> None:
    outcome = run_cli(verb, "--help", repo=tmp_path)
    assert outcome.code == 0, "help needs no repository"
    assert f"Usage: incidentbook {verb}" in outcome.out
    assert f"incidentbook {verb}" in outcome.out.split("Example", 1)[1]


def test_help_imports_no_verb_and_nothing_heavy() -> None:
    script = (
        "import sys; from incidentbook.cli import main; main(['--help'])\n"
        "heavy = {'pydantic', 'git', 'mkdocs', 'rich', 'msgspec', 'yaml', 'sqlite3', 'jinja2'}\n"
        "ours = {name for name in sys.modules if name.startswith('incidentbook.commands.')}\n"
        "print('IMPORTED', sorted(heavy & set(sys.modules)), sorted(ours))\n"
    )
    told = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout
    assert told.splitlines()[-1] == "IMPORTED [] ['incidentbook.commands.session']"


def test_version(run_cli: RunCli) -> None:
    assert run_cli("--version").out == f"incidentbook, version {__version__}\n"


@pytest.mark.parametrize(("word", "meant"), [("chek", "check"), ("stat", "stats"), ("imports", "import")])
def test_a_misspelt_verb_is_suggested(run_cli: RunCli, word: str, meant: str) -> None:
    outcome = run_cli(word)
    assert outcome.code == 2
    assert outcome.out == ""
    assert f"No such command '{word}'." in outcome.err
    assert f"Did you mean '{meant}'?" in outcome.err


@pytest.mark.parametrize("arguments", [["qqqqqq"], ["--qqqqqq"], ["stats", "--qqqqqq"], ["--repo"], []])
def test_what_is_no_command_exits_with_2(run_cli: RunCli, arguments: list[str]) -> None:
    outcome = run_cli(*arguments)
    assert outcome.code == 2
    assert "Usage: incidentbook" in outcome.err or "Error: " in outcome.err
    assert "Did you mean '" not in outcome.err


def test_outside_a_repository(run_cli: RunCli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    outcome = run_cli("stats")
    assert (outcome.code, outcome.out) == (2, "")
    assert outcome.err == (
        f"incidentbook: no schema/incidentbook.yml in {tmp_path} or above it; "
        "`incidentbook init DIR` makes a records repository, `--repo DIR` names one\n"
    )


def test_the_repository_is_found_upwards(
    run_cli: RunCli, make_repository: MakeRepository, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = make_repository({"incidents/2026/INC-2026-0001.md": NEW_INCIDENT})
    for folder in (root, root / "incidents" / "2026"):
        monkeypatch.chdir(folder)
        outcome = run_cli("stats")
        assert outcome.code == 0
        assert "Testbed: 1 incident" in outcome.out


def test_a_repository_that_is_named_is_not_looked_for_above(
    run_cli: RunCli, make_repository: MakeRepository
) -> None:
    root = make_repository({"incidents/2026/INC-2026-0001.md": NEW_INCIDENT})
    assert run_cli("stats", repo=root).code == 0
    outcome = run_cli("stats", repo=root / "incidents")
    assert outcome.code == 2
    assert outcome.err.startswith(f"incidentbook: no schema/incidentbook.yml in {root / 'incidents'}; ")
    assert run_cli("stats", repo=root / "nowhere").code == 2
    assert run_cli("stats", repo=root / "schema" / "incidentbook.yml").code == 2


@pytest.mark.parametrize("text", ["format: 2\nname: A\n", "format: 1\nname: [\n", "- 1\n", ""])
def test_a_broken_configuration_is_one_line(
    run_cli: RunCli, make_repository: MakeRepository, text: str
) -> None:
    outcome = run_cli("stats", repo=make_repository({"schema/incidentbook.yml": text}))
    assert (outcome.code, outcome.out) == (2, "")
    assert outcome.err.startswith("incidentbook: schema/incidentbook.yml:")
    assert outcome.err.count("\n") == 1


PINNED = "2026-11-20 12:00"


@pytest.mark.parametrize(
    ("option", "variable", "shown"),
    [
        (None, None, PINNED),
        (None, "", PINNED),
        (None, "2026-03-01T08:00Z", "2026-03-01 08:00"),
        ("2026-04-01T08:00+02:00", None, "2026-04-01 06:00"),
        ("2026-04-01T08:00Z", "2026-03-01T08:00Z", "2026-04-01 08:00"),
    ],
)
def test_the_clock(
    run_cli: RunCli,
    make_repository: MakeRepository,
    monkeypatch: pytest.MonkeyPatch,
    option: str | None,
    variable: str | None,
    shown: str,
) -> None:
    root = make_repository()
    if variable is not None:
        monkeypatch.setenv("INCIDENTBOOK_NOW", variable)
    outcome = run_cli(*(["--now", option] if option else []), "stats", repo=root)
    assert outcome.code == 0
    assert f"as of {shown} UTC" in outcome.out


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("2026-11-21T14:05", "the time has no offset from UTC, as 2026-11-21T14:05+00:00 has"),
        ("2026-11-21 14:05", "the time has no offset from UTC, as 2026-11-21T14:05+00:00 has"),
        ("now", "expected a time such as"),
        ("2026-02-31T00:00Z", "not a time"),
        ("9999-01-01T00:00Z", "the year is 9999"),
    ],
)
@pytest.mark.parametrize("way", ["option", "variable"])
def test_a_clock_that_is_no_time_is_one_line(
    run_cli: RunCli, monkeypatch: pytest.MonkeyPatch, way: str, text: str, says: str
) -> None:
    if way == "variable":
        monkeypatch.setenv("INCIDENTBOOK_NOW", text)
    outcome = run_cli(*(["--now", text] if way == "option" else []), "stats")
    assert (outcome.code, outcome.out) == (2, "")
    assert outcome.err.startswith(f"incidentbook: --now (or INCIDENTBOOK_NOW) is `{text}`: {says}")
    assert outcome.err.count("\n") == 1


Verb = Callable[[Callable[[], Any]], None]


@pytest.fixture
def verb(monkeypatch: pytest.MonkeyPatch) -> Verb:
    """Add a verb `probe` that does what it is told."""

    def add(work: Callable[[], Any]) -> None:
        module = types.ModuleType("incidentbook.commands.probe")
        module.command = click.command("probe")(work)  # type: ignore[attr-defined]
        monkeypatch.setitem(sys.modules, module.__name__, module)
        monkeypatch.setitem(VERBS, "probe", "Do what a test says.")

    return add


@pytest.mark.parametrize(("given", "code"), [(0, 0), (1, 1), (2, 2), (None, 0), ("text", 0)])
def test_a_verb_says_how_it_ends(run_cli: RunCli, verb: Verb, given: object, code: int) -> None:
    verb(lambda: given)
    assert run_cli("probe").code == code


def failing(error: BaseException) -> Callable[[], None]:
    def work() -> None:
        raise error

    return work


@pytest.mark.parametrize(
    ("error", "says"),
    [
        (PermissionError(13, "Permission denied", "/records/a.md"), "/records/a.md: Permission denied"),
        (OSError(28, "No space left on device"), "No space left on device"),
        (OSError("odd"), "odd"),
    ],
)
def test_what_the_system_refuses_is_one_line(run_cli: RunCli, verb: Verb, error: OSError, says: str) -> None:
    verb(failing(error))
    assert run_cli("probe") == (2, "", f"incidentbook: {says}\n")


def test_a_defect_is_no_finding(run_cli: RunCli, verb: Verb) -> None:
    """Python itself would exit with 1, which says that records have errors."""
    verb(failing(ZeroDivisionError("oops")))
    outcome = run_cli("probe")
    assert outcome.code == 2
    assert "ZeroDivisionError: oops" in outcome.err
    assert outcome.err.endswith("incidentbook: this is a defect of the tool; please report it\n")


def test_ctrl_c(run_cli: RunCli, verb: Verb) -> None:
    verb(failing(KeyboardInterrupt()))
    outcome = run_cli("probe")
    assert outcome.code == 2
    assert outcome.err.strip() == "Aborted."


@pytest.mark.skipif(sys.platform == "win32", reason="no pipes of this kind")
@pytest.mark.parametrize("command", ["incidentbook explain --all", "incidentbook --help"])
def test_a_reader_that_goes_away_is_no_finding_and_no_traceback(command: str) -> None:
    told = in_a_shell(f'{{ {command}; echo "$?" >&2; }} | true')
    assert told.stderr in ("0\n", "2\n"), "0 where all of it fitted into the pipe"


def test_a_terminal_that_knows_no_such_letters(make_repository: MakeRepository) -> None:
    root = make_repository({"schema/incidentbook.yml": "format: 1\nname: Häfen ⚓\n"})
    told = in_a_shell(f'incidentbook --repo "{root}" stats', PYTHONIOENCODING="ascii", PYTHONUTF8="0")
    assert (told.returncode, told.stderr) == (0, "")
    assert "H\\xe4fen \\u2693" in told.stdout


def test_the_module_is_the_program() -> None:
    assert in_a_shell("incidentbook --version").stdout == f"incidentbook, version {__version__}\n"
