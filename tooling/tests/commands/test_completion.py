"""Completion: real shells press Tab, and no error is ever seen at a prompt."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from lifebed import incident

from incidentbook.cli import SECTIONS, app
from incidentbook.commands.completing import VARIABLE, source_of
from incidentbook.commands.completing_values import HOMES
from incidentbook.commands.completion import SCRIPTS
from incidentbook.records import KINDS
from testbed import SCHEMA, RunCli, write_files

REVIEW = "---\nstatus: draft\nactions:\n  - {title: No id}\n  - {id: two, title: Named}\n---\n"
EVIL = '"$(touch owned) `touch owned` \\x1b[2J \\n plain,second * \'"'


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("completing") / "records"
    folder.mkdir()
    files = {
        "incidents/2026/INC-2026-0001.md": incident("new"),
        "incidents/2026/INC-2026-0012.md": incident("new").replace("Checkout answers 502", EVIL),
        "incidents/2026/INC-2026-0001.review.md": REVIEW,
        "knowledge/problems/PRB-2026-0001.md": "---\ntitle: A\nstatus: open\n---\n",
        "knowledge/articles/restart.md": "---\ntitle: Restart\nstatus: draft\ntype: faq\n---\n",
        "knowledge/articles/$(touch owned).md": "---\ntitle: x\n---\n",
    }
    write_files(folder, {**SCHEMA, **files})
    return folder


def pressed(shell: str, line: str, root: Path, env: dict[str, str] | None = None) -> str:
    """What a shell's script is answered, after the words of a line."""
    words = line.split(" ")
    instruction = {"COMP_WORDS": line, "COMP_CWORD": words[-1] if shell == "fish" else str(len(words) - 1)}
    return subprocess.run(
        [sys.executable, "-m", "incidentbook"],
        cwd=root, check=True, capture_output=True, text=True,
        env={**os.environ, **instruction, VARIABLE: f"{shell}_complete", **(env or {})},
    ).stdout  # fmt: skip


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("re", {"renumber", "reopen", "report", "resolve", "resume", "review", "reviews"}),
        ("problem k", {"known-error"}),
        ("ack INC-2026-00", {"INC-2026-0012", "INC-2026-0001"}),
        ("ack 12", {"INC-2026-0012"}),
        ("problem known-error ", {"PRB-2026-0001"}),
        ("ack 1 --team p", {"payments"}),
        ("ack 1 --team = p", {"payments"}),
        ("ack 1 --by duty-t", {"duty-two", "duty-three"}),
        ("hold 1 --reason ", {"vendor", "user"}),
        ("resolve 1 --code r", {"rolled_back"}),
        ("resolve 1 --article ", {"restart"}),
        ("list --category application/", {"application/deployment", "application/defect"}),
        ("list --priority ", {"P1", "P2", "P3", "P4"}),
        ("action done INC-2026-0001 ", {"1", "two"}),
        ("show --format ", {"text", "json", "markdown"}),
        ("ack 1 --dr", {"--dry-run"}),
        ("article retire re", {"restart"}),
        ("--repo /nowhere/at/all ack ", set()),
        ("ack 'unclosed", set()),
    ],
)
def test_answers_in_bash(
    root: Path, line: str, expected: set[str], monkeypatch: pytest.MonkeyPatch, run_cli: RunCli
) -> None:
    monkeypatch.chdir(root)
    words = f"incidentbook {line}"
    monkeypatch.setenv("COMP_WORDS", words)
    monkeypatch.setenv("COMP_CWORD", str(len(words.split(" ")) - 1))
    monkeypatch.setenv(VARIABLE, "bash_complete")
    outcome = run_cli()
    assert outcome.err == ""
    assert {entry.partition(",")[2] for entry in outcome.out.splitlines()} == expected


def test_titles_stand_beside_the_ids_and_are_inert(root: Path) -> None:
    zsh = pressed("zsh", "incidentbook show INC-2026-00", root)
    assert "plain\nINC-2026-0001\nCheckout answers 502\n" in zsh
    assert "\x1b" not in zsh
    assert len(zsh.splitlines()) == 3 * 3
    fish = pressed("fish", "incidentbook show INC-2026-0012", root)
    assert fish.count("\n") == 1


@pytest.mark.parametrize("instruction", ["bash_complete", "nonsense", "", "tcsh_complete"])
def test_nothing_is_ever_said_of_what_goes_wrong(
    tmp_path: Path, instruction: str, monkeypatch: pytest.MonkeyPatch, run_cli: RunCli
) -> None:
    write_files(
        tmp_path, {"schema/incidentbook.yml": b"\xff\xfe", "schema/teams.yml": "teams: [1, {id: 2}, ["}
    )
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COMP_WORDS", "incidentbook ack x --team ")
    monkeypatch.setenv("COMP_CWORD", "4")
    monkeypatch.setenv(VARIABLE, instruction)
    assert run_cli() == (0, "", "")


def test_files_lie_where_the_kinds_say() -> None:
    assert {kind: (home, pattern) for kind, (home, pattern) in HOMES.items()} == {
        kind.name: (kind.folder, HOMES[kind.name][1]) for kind in KINDS.values()
    }
    for id_ in ("INC-2026-0001", "INC-2026-10000", "PRB-2026-0001", "INC-2026-0001.review", "restart-it"):
        assert [k for k, (_, pattern) in HOMES.items() if re.fullmatch(pattern, id_)] == [
            kind.name for kind in KINDS.values() if kind.name_pattern.fullmatch(id_)
        ]


def _parameters() -> Iterator[tuple[str, click.Parameter]]:
    waiting: list[tuple[str, click.Command, click.Group]] = [("", app, app)]
    for path, command, _ in waiting:
        yield from ((path, parameter) for parameter in command.params)
        if isinstance(command, click.Group):
            context = click.Context(command)
            for name in command.list_commands(context):
                below = command.get_command(context, name)
                assert below is not None
                waiting.append((f"{path} {name}".strip(), below, command))


def test_no_verb_of_a_responder_takes_a_key_that_cannot_be_completed() -> None:
    responders = set(SECTIONS[0].verbs)
    forgotten = [
        (path, parameter.name)
        for path, parameter in _parameters()
        if path.split()[:1]
        and path.split()[0] in responders
        and str(getattr(parameter, "metavar", "")) in ("ID", "HANDLE", "KEY", "SLUG", "WHOM", "CHILD-ID")
        and source_of(parameter) is None
    ]
    assert [(path, name) for path, name in forgotten if (path, name) != ("article new", "slug")] == []


BASH = """
eval "$(incidentbook completion bash)"
COMP_WORDS=(incidentbook show INC-2026-00); COMP_CWORD=2
_incidentbook_completion incidentbook
printf '%s\\n' "${COMPREPLY[@]}"
COMP_WORDS=(incidentbook article publish ""); COMP_CWORD=3
_incidentbook_completion incidentbook
printf '%s\\n' "${COMPREPLY[@]}"
complete -p incidentbook
"""
ZSH = """
autoload -Uz compinit; compinit -u -D
eval "$(incidentbook completion zsh)"
print ${_comps[incidentbook]}
"""
FISH = """
incidentbook completion fish | source
complete --do-complete "incidentbook show INC-2026-00"
"""


@pytest.mark.parametrize(
    ("shell", "script", "expected"),
    [
        ("bash", BASH, ["INC-2026-0012", "INC-2026-0001", "INC-2026-0001.review", "restart"]),
        ("zsh", ZSH, ["_incidentbook_completion"]),
        ("fish", FISH, ["INC-2026-0012", "INC-2026-0001\tCheckout answers 502"]),
    ],
)
def test_a_real_shell_completes(
    root: Path, tmp_path: Path, shell: str, script: str, expected: list[str]
) -> None:
    program = shutil.which(shell)
    if program is None:
        pytest.skip(f"{shell} is not installed here")
    tool = tmp_path / "incidentbook"
    tool.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m incidentbook "$@"\n')
    tool.chmod(0o755)
    done = subprocess.run(
        [program, "-c", script], cwd=root, check=False, capture_output=True, text=True,
        env={**os.environ, "PATH": f"{tmp_path}:{os.environ['PATH']}", "HOME": str(tmp_path)},
    )  # fmt: skip
    assert done.stderr == ""
    lines = done.stdout.splitlines()
    assert [line for line in expected if not any(found.startswith(line) for found in lines)] == []
    assert not (root / "owned").exists()


@pytest.mark.parametrize("shell", list(SCRIPTS))
def test_the_script_is_printed_and_needs_no_repository(tmp_path: Path, shell: str, run_cli: RunCli) -> None:
    done = run_cli("completion", shell, repo=tmp_path)
    assert done == (0, SCRIPTS[shell], "")
