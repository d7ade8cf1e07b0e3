"""The words of the documentation are what the commands do: every `sh` block is run, in order, in a clone.

A block titled "This is refused" shows what fails: each of its commands must. Of a block `console` the lines
behind `$ ` are run. Whatever else names a command, in a table or a sentence, names one that there is, and a
whole line of a command is one that the command would take.
"""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Sequence
from pathlib import Path

import click
import pytest

from incidentbook.cli import VERBS, app
from incidentbook.diagnostics import IncidentbookError
from testbed import REPOSITORY_ROOT, git

PROGRAMS = Path(sys.executable).parent
PAGES = sorted(
    path.relative_to(REPOSITORY_ROOT).as_posix()
    for path in [
        *(REPOSITORY_ROOT / name for name in ("README.md", "CONTRIBUTING.md")),
        *(REPOSITORY_ROOT / "site" / "docs").rglob("*.md"),
    ]
    if "reference" not in path.parts
)
_REFUSED = 'sh title="This is refused"'
_BLOCK = re.compile(rf"^( *)```(sh|{_REFUSED}|console)\n(.*?)^\1```$", re.MULTILINE | re.DOTALL)


def script_of(text: str) -> str:
    """The commands that a page shows, in their order."""
    parts = []
    for indent, kind, block in _BLOCK.findall(text):
        lines = re.sub(f"^{indent}", "", block, flags=re.MULTILINE)
        if kind == "console":
            shown = re.findall(r"^\$ ((?:.*\\\n)*.*)$", lines, re.MULTILINE)
            lines = "".join(f"{command}\n" for command in shown)
        elif kind == _REFUSED:
            commands = lines.replace("\\\n", " ").splitlines()
            lines = "".join(f"if {command}; then exit 99; fi\n" for command in commands)
        parts.append(lines)
    return "".join(parts)


DOCUMENTS = [
    page
    for page in PAGES
    # what contributors run installs, tests and builds everything: the suite would run itself
    if page != "CONTRIBUTING.md" and script_of((REPOSITORY_ROOT / page).read_text(encoding="utf-8"))
]
"""Pages with commands that are run."""
FOREIGN_PAGE = {
    "incidents": [
        {
            "id": "abc123",
            "name": "Search is slow",
            "status": "resolved",
            "impact": "minor",
            "created_at": "2026-11-02T08:00:00Z",
            "resolved_at": "2026-11-02T09:00:00Z",
            "incident_updates": [
                {"status": "investigating", "body": "We look into it.", "created_at": "2026-11-02T08:05:00Z"},
                {"status": "resolved", "body": "Quick again.", "created_at": "2026-11-02T09:00:00Z"},
            ],
            "components": [{"name": "Search", "status": "operational"}],
        }
    ]
}


def copy_of_the_repository(target: Path) -> Path:
    """What a clone has: tracked files, and those that are about to be."""
    names = git(REPOSITORY_ROOT, "ls-files", "-z", "--cached", "--others", "--exclude-standard").split("\0")
    for name in filter(None, names):
        source = REPOSITORY_ROOT / name
        if source.is_file():
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(source, target / name)
    git(target, "init", "--quiet", "--initial-branch=main")
    git(target, "add", "--all")
    git(target, "commit", "--quiet", "--message", "As cloned")
    git(target, "update-ref", "refs/remotes/origin/main", "HEAD")
    return target


@pytest.fixture(scope="module")
def as_cloned(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A clone that nobody has touched."""
    if not (REPOSITORY_ROOT / ".git").exists():
        pytest.skip("the files are not in a Git repository")
    return copy_of_the_repository(tmp_path_factory.mktemp("as") / "cloned")


@pytest.fixture
def clone(as_cloned: Path, tmp_path: Path) -> Path:
    """A clone after `make install`, whose virtual environment is the one that runs this test."""
    root = tmp_path / "clone"
    shutil.copytree(as_cloned, root, symlinks=True)
    programs = root / ".venv" / "bin"
    programs.mkdir(parents=True)
    for program in ("incidentbook", "mkdocs", "python"):
        # a link would not do: Python looks for its environment beside the name it was called by
        (programs / program).write_text(f'#!/bin/sh\nexec "{PROGRAMS / program}" "$@"\n', encoding="utf-8")
        (programs / program).chmod(0o755)
    (programs / "activate").write_text(f'PATH="{PROGRAMS}:$PATH"\n', encoding="utf-8")
    stamps = root / ".venv" / "stamps"
    stamps.mkdir()
    (stamps / "base").touch()
    return root


def outside_of_make() -> dict[str, str]:
    """The environment without what `make test` tells a make that it calls."""
    return {
        name: value for name, value in os.environ.items() if name not in {"MAKEFLAGS", "MFLAGS", "MAKELEVEL"}
    }


def run(command: list[str], folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command,
        cwd=folder,
        env={**outside_of_make(), **environment},
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )


@pytest.mark.parametrize("document", DOCUMENTS)
def test_what_is_shown_runs(document: str, clone: Path, tmp_path: Path) -> None:
    script = script_of((clone / document).read_text("utf-8"))
    # the page that the examples import is nobody's: what stands for the network is a file
    foreign = tmp_path / "foreign"
    foreign.mkdir()
    (foreign / "page.json").write_text(json.dumps(FOREIGN_PAGE), encoding="utf-8")
    (foreign / "curl").write_text(f"#!/bin/sh\ncat '{foreign}/page.json'\n", encoding="utf-8")
    (foreign / "curl").chmod(0o755)
    # whether a review is overdue is a question, and both answers are right
    script = re.sub(r"^(incidentbook reviews --overdue)$", r"\1 || [ $? -eq 1 ]", script, flags=re.MULTILINE)
    ran = run(
        ["bash", "-euxo", "pipefail", "-c", script], clone, PATH=f"{foreign}:{PROGRAMS}:{os.environ['PATH']}"
    )
    assert ran.returncode == 0, ran.stdout[-2000:] + ran.stderr[-2000:]


@pytest.mark.parametrize("page", PAGES)
def test_every_command_that_is_named_is_there(page: str) -> None:
    text = (REPOSITORY_ROOT / page).read_text(encoding="utf-8")
    named = re.findall(r"(?<![\w/.-])incidentbook((?: +[^\s`|;&)]+)*)", _without_words(text))
    assert [words for words in named if not _is_there(_split(words))] == []


def _split(line: str) -> list[str]:
    try:
        return shlex.split(line)
    except ValueError:  # cut in the middle of what is quoted
        return line.split()


@pytest.mark.parametrize("page", PAGES)
def test_a_command_line_in_a_table_or_a_sentence_would_be_taken(page: str) -> None:
    faults = {
        line: fault
        for line in _lines_in_prose((REPOSITORY_ROOT / page).read_text(encoding="utf-8"))
        if (fault := _fault(_split(line)))
    }
    assert faults == {}


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("ack 29 --team shop", None),
        ("major declare", None),  # names a verb
        ("update --public", None),  # names an option
        ("link 29 --duplicate-of", None),
        ("handover", None),
        ("update --publik", "No such option"),
        ("hold 29", "Missing option '--reason'"),
        ("draft letter 29", "'letter' is not one of"),
        ("ack 29 30", "unexpected extra argument"),
        ("major declear 29", "No such command"),
        ("action add 29 --owner duty-shop", "Missing option"),
        ("list --limit many", "not a valid integer"),
    ],
)
def test_what_a_command_would_not_take_is_told(line: str, fault: str | None) -> None:
    told = _fault(_split(line))
    assert told is None if fault is None else fault in str(told)


def _lines_in_prose(text: str) -> Iterator[str]:
    """What stands between backticks outside of blocks and begins with a command, or a verb and more."""
    prose = re.sub(r"^ *```.*?^ *```$", "", text, flags=re.MULTILINE | re.DOTALL)
    for code in re.findall(r"`([^`]+)`", prose):
        line, *_ = re.split(r"\\?[|;&>]", " ".join(code.split()), maxsplit=1)
        program, _, rest = line.partition(" ")
        if program == "incidentbook" and rest:
            yield rest
        elif program in VERBS and rest:
            yield line


def _fault(words: Sequence[str]) -> str | None:
    """What click says against a line; to name a verb, or an option at the end, is no line yet."""
    command: click.Command = app
    name: str | None = "incidentbook"
    rest, context = list(words), None
    try:
        while True:
            context = command.make_context(name, rest, parent=context)
            rest = [*context._protected_args, *context.args]
            if not isinstance(command, click.Group) or not rest:
                return None
            name, found, rest = command.resolve_command(context, rest)
            assert found is not None
            command = found
    except (click.exceptions.Exit, IncidentbookError):
        return None  # --help, and a name that stands for one of the reader's
    except click.MissingParameter as error:
        return error.format_message() if _is_whole(error.ctx) else None
    except click.BadOptionUsage as error:
        return None if words[-1] == error.option_name else error.format_message()
    except click.ClickException as error:
        return error.format_message()


def _is_whole(context: click.Context | None) -> bool:
    """Whether something is named that the command is about: more than which sort of thing it makes."""
    return context is not None and any(
        context.params.get(one.name or "")
        for one in context.command.params
        if isinstance(one, click.Argument) and not isinstance(one.type, click.Choice)
    )


def _without_words(text: str) -> str:
    """What of a page is code: blocks of commands, and what stands between backticks."""
    blocks = "".join(block for _, _, block in _BLOCK.findall(text)).replace("\\\n", " ")
    rest = re.sub(r"^ *```.*?^ *```$", "", text, flags=re.MULTILINE | re.DOTALL)
    return "\n".join([blocks, *(" ".join(code.split()) for code in re.findall(r"`([^`]+)`", rest))])


def _is_there(words: list[str]) -> bool:
    """Whether a command with its words so far is known: the verb, the one below it, and each option."""
    command: click.Command = app
    rest = iter(words)
    for word in rest:
        if word.startswith("-") and word not in ("-", "-h", "--help"):
            name, equals, _ = word.partition("=")
            option = next((one for one in command.params if name in one.opts), None)
            if option is None:
                return False
            if isinstance(option, click.Option) and not option.is_flag and not equals:
                next(rest, None)
        elif isinstance(command, click.Group):
            found = command.get_command(click.Context(command), word)
            if found is None:
                return not re.fullmatch(r"[a-z][a-z-]+", word)
            command = found
    return True


@pytest.mark.parametrize(
    "document", ["README.md", "CONTRIBUTING.md", "CHANGELOG.md", "tooling/DEPENDENCIES.md"]
)
def test_links_to_files_lead_somewhere(document: str) -> None:
    path = REPOSITORY_ROOT / document
    targets = re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", path.read_text(encoding="utf-8"))
    assert [target for target in targets if not (path.parent / target).exists()] == []


def test_every_target_that_the_documents_name_is_in_the_makefile() -> None:
    makefile = (REPOSITORY_ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z]+):.*## ", makefile, re.MULTILINE))
    for document in ("README.md", "CONTRIBUTING.md"):
        text = (REPOSITORY_ROOT / document).read_text(encoding="utf-8")
        # as a command, in backticks or on a line of its own: prose may "make sure"
        assert set(re.findall(r"(?:`|^)make ([a-z]+)\b", text, re.MULTILINE)) <= targets
    assert {"demo", "test", "lint", "bench", "clean", "help"} <= targets


def test_demo_checks_measures_and_builds(clone: Path) -> None:
    ran = run(["make", "demo", "SERVE=0"], clone)
    assert ran.returncode == 0, ran.stdout[-2000:] + ran.stderr[-2000:]
    assert "Time to restore (MTTR)" in ran.stdout
    assert "The site is in public/." in ran.stdout
    assert (clone / "public" / "index.html").is_file()


def test_demo_serves_what_it_built_and_prints_the_address(clone: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
    with subprocess.Popen(
        ["make", "demo", f"PORT={port}"],
        cwd=clone,
        env=outside_of_make(),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    ) as process:
        assert process.stdout is not None
        try:
            printed = next((line for line in process.stdout if "http://" in line), "")
            assert f"http://127.0.0.1:{port}/" in printed
            assert "Harbourline" in _get(f"http://127.0.0.1:{port}/")
        finally:
            os.killpg(process.pid, 15)


def _get(url: str) -> str:
    """Ask until somebody answers: the address is printed just before the server starts."""
    for _ in range(100):
        try:
            with urllib.request.urlopen(url, timeout=5) as answer:
                return str(answer.read().decode("utf-8"))
        except OSError:
            time.sleep(0.1)
    return ""


def test_demo_says_at_once_that_the_port_is_taken(clone: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        ran = run(["make", "demo", f"PORT={port}"], clone)
    assert ran.returncode == 2
    assert f"port {port} of 127.0.0.1 cannot be had" in ran.stderr
    assert ran.stdout == ""


@pytest.mark.parametrize(
    ("answers", "message"),
    [
        ("no such program", "make: no {python} here. Incidentbook needs Python 3.11 or later"),
        ("exit 1", "make: Incidentbook needs Python 3.11 or later; this is"),
        ('case "$2" in *ensurepip*) exit 1;; *print*) echo python3-venv;; esac', "apt install python3-venv"),
    ],
    ids=["no python", "old python", "no venv"],
)
def test_what_the_machine_lacks_is_said_in_a_line(
    answers: str, message: str, clone: Path, tmp_path: Path
) -> None:
    python = tmp_path / "some-python"
    if answers != "no such program":
        python.write_text(f"#!/bin/sh\n{answers}\n", encoding="utf-8")
        python.chmod(0o755)
    ran = run(["make", "install", f"PYTHON={python}"], clone)
    assert ran.returncode == 2
    assert message.format(python=python) in ran.stderr
