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
from lifebed import BY, STATES, incident

from incidentbook.cli import SECTIONS, app
from incidentbook.commands import completing_states
from incidentbook.commands.completing import VARIABLE, source_of
from incidentbook.commands.completing_states import TAKES
from incidentbook.commands.completing_values import HOMES, SERVICE_STATES, ids
from incidentbook.commands.completion import SCRIPTS
from incidentbook.records import KINDS, ServiceState
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
        "incidents/2026/INC-2026-0020.md": incident("resolved"),
        "incidents/2026/INC-2026-0021.md": incident("on_hold"),
        "incidents/2026/INC-2026-0022.review.md": REVIEW.replace("draft", "published"),
        "incidents/2026/MNT-2026-0001.md": "---\ntitle: A\nstatus: 'scheduled'\n---\n",
        "incidents/2026/MNT-2026-0002.md": "---\ntitle: A\nstatus: in_progress # now\n---\n",
        "handovers/2026/HND-2026-0001.md": "---\nstatus: written\n---\n",
        "handovers/2026/HND-2026-0002.md": "---\nstatus: acknowledged\n---\n",
        "knowledge/problems/PRB-2026-0002.md": "---\ntitle: A\nstatus: resolved\n---\n",
        "knowledge/articles/tried.md": "---\ntitle: Restart\nstatus: published\ntype: faq\n---\n",
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
        ("new --service che", {"checkout"}),
        # bash takes `checkout=par` for three words, and puts what it is given behind the last
        (
            "new --service checkout =",
            {"operational", "degraded_performance", "partial_outage", "major_outage"},
        ),
        ("new --service checkout = par", {"partial_outage"}),
        ("update 1 --service checkout = major_outage --by duty-t", {"duty-two", "duty-three"}),
        ("update --service checkout = major_outage INC-2026-000", {"INC-2026-0001"}),
        ("new --service nonsense =", set()),
        ("list --service che", {"checkout"}),
        ("reopen INC-2026-", {"INC-2026-0020"}),
        ("confirm INC-2026-", {"INC-2026-0020"}),
        ("close ", {"INC-2026-0020"}),
        ("ack ", {"INC-2026-0001", "INC-2026-0012"}),
        ("resume ", {"INC-2026-0021"}),
        ("reopen 12", {"INC-2026-0012"}),  # whoever says which one is told why not
        ("maintenance start ", {"MNT-2026-0001"}),
        ("maintenance complete ", {"MNT-2026-0002"}),
        ("problem resolve ", {"PRB-2026-0001"}),
        ("problem close ", {"PRB-2026-0002"}),
        ("article publish ", {"restart"}),
        ("review publish ", {"INC-2026-0001.review"}),
        ("handover acknowledge ", {"HND-2026-0001"}),
        ("hold 1 --reason ", {"vendor", "user"}),
        ("resolve 1 --code r", {"rolled_back"}),
        ("resolve 1 --article ", {"restart", "tried"}),
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
    zsh = pressed("zsh", "incidentbook ack INC-2026-00", root)
    assert "plain\nINC-2026-0001\nCheckout answers 502\n" in zsh
    assert "\x1b" not in zsh
    assert len(zsh.splitlines()) == 2 * 3
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


INCIDENT_VERBS = {
    "ack": (), "assign": ("--team", "payments"), "cancel": ("-m", "Why"), "mitigate": (),
    "resolve": ("-m", "Done", "--code", "fixed", "--permanent"), "hold": ("--reason", "vendor"),
    "escalate": ("--to", "desk", "--kind", "functional"), "resume": (), "update": ("-m", "Text"),
    "confirm": ("--user", "A guest"), "close": (), "reopen": ("-m", "Why"),
    "major declare": (),
}  # fmt: skip


@pytest.fixture(scope="module")
def every_state(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("states") / "records"
    folder.mkdir()
    files = {
        f"incidents/2026/INC-2026-{place:04d}.md": incident(state) for place, state in enumerate(STATES, 1)
    }
    write_files(folder, {**SCHEMA, **files})
    return folder


@pytest.mark.parametrize("verb", sorted(INCIDENT_VERBS))
def test_no_record_is_offered_that_the_verb_refuses_for_its_state(
    every_state: Path, verb: str, run_cli: RunCli
) -> None:
    for place, state in enumerate(STATES, 1):
        said = run_cli(
            *verb.split(), str(place), *INCIDENT_VERBS[verb], *BY, "--dry-run", repo=every_state
        ).err
        is_refused = f" is {state.replace('_', ' ')}" in said and "nothing was written" in said
        assert is_refused != (state in TAKES[verb]) or (state, verb) in ALLOWED, (state, said)


ALLOWED = {("in_progress", "ack"), ("on_hold", "ack")}
"""What depends on more than the state: on whether somebody took it."""


def test_every_state_that_a_verb_takes_is_one() -> None:
    known = {state.value for kind in KINDS.values() for state in kind.states}
    assert {state for states in TAKES.values() for state in states} <= known
    assert set(SERVICE_STATES) == {state.value for state in ServiceState}


def test_of_very_many_only_the_newest_are_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(completing_states, "LOOKED_AT", 3)
    files = {f"incidents/2026/INC-2026-{number:04d}.md": incident("new") for number in range(1, 6)}
    files["incidents/2026/INC-2026-0004.md"] = incident("resolved")
    write_files(tmp_path, files)
    offered = [id_ for id_, _ in ids(tmp_path, ("incident",), "", ("new",))]
    assert offered == ["INC-2026-0005", "INC-2026-0003"]


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
