"""`incidentbook status`: once, for a program, and kept fresh in a real terminal."""

from __future__ import annotations

import json
import os
import re
import select
import signal
import subprocess
import sys
import termios
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from testbed import NEW_INCIDENT, REPOSITORY_ROOT, MakeRepository, RunCli

pty = pytest.importorskip("pty", reason="no pseudo terminals here")

PATH = "incidents/2026/INC-2026-0001.md"
NOW = ("--now", "2026-11-19T14:10+00:00")
LATER = ("--now", "2026-11-19T14:30+00:00")
"""The response clock is breached by then."""

PATIENCE = 20
"""Seconds after which a terminal that says nothing new has hung; no test waits so long."""
_ESCAPE = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")


def test_it_prints_once(make_repository: MakeRepository, run_cli: RunCli) -> None:
    outcome = run_cli(*NOW, "status", repo=make_repository({PATH: NEW_INCIDENT}))
    assert (outcome.code, outcome.err) == (0, "")
    assert "- INC-2026-0001 P1 new\n  Checkout answers 502 for one request in five\n" in outcome.out
    assert "  nobody, Payments\n" in outcome.out


def test_json_has_the_shape_that_the_handbook_promises(
    make_repository: MakeRepository, run_cli: RunCli
) -> None:
    outcome = run_cli(*NOW, "status", "--format", "json", repo=make_repository({PATH: NEW_INCIDENT}))
    document = json.loads(outcome.out)
    page = (REPOSITORY_ROOT / "site/docs/status-board.md").read_text("utf-8")
    keys = {*document, *document["incidents"][0], *document["incidents"][0]["clocks"][0]}
    assert sorted(key for key in keys if f"`{key}`" not in page) == []
    assert document["counts"]["open"] == 1
    assert document["incidents"][0]["clocks"][0]["elapsed_seconds"] == 300


def test_restricted_records_stay_out_of_what_others_see(
    make_repository: MakeRepository, run_cli: RunCli
) -> None:
    root = make_repository({PATH: NEW_INCIDENT.replace("status: new", "status: new\nvisibility: restricted")})
    assert "INC-2026-0001" in run_cli(*NOW, "status", repo=root).out
    assert "INC-2026-0001" not in run_cli(*NOW, "status", "--audience", "internal", repo=root).out


def test_watching_needs_a_terminal(make_repository: MakeRepository, run_cli: RunCli) -> None:
    root = make_repository({PATH: NEW_INCIDENT})
    outcome = run_cli("status", "--watch", repo=root)
    assert (outcome.code, outcome.out) == (2, "")
    assert "this is none; `incidentbook status` prints once" in outcome.err
    outcome = run_cli("status", "--watch", "2", "--format", "json", repo=root)
    assert outcome.code == 2
    assert "take one" in outcome.err


class Terminal:
    """A real process on a pseudo terminal, and what it has drawn."""

    def __init__(self, root: Path, *arguments: str, **environment: str) -> None:
        self.master, slave = pty.openpty()
        termios.tcsetwinsize(slave, (40, 60))
        self.process = subprocess.Popen(
            [sys.executable, "-m", "incidentbook", "--repo", str(root), *LATER, "status", *arguments],
            stdin=slave,
            stdout=slave,
            stderr=slave,
            env={**os.environ, "TERM": "xterm-256color", "PYTHONUTF8": "1", **environment},
            start_new_session=True,
        )
        os.close(slave)
        self.drawn = ""

    def wait_for(self, words: str) -> None:
        """Read until something is drawn that was not there before."""
        start, end = len(self.drawn), time.monotonic() + PATIENCE
        while words not in _ESCAPE.sub("", self.drawn[start:]):
            assert time.monotonic() < end, f"`{words}` was never drawn: {self.drawn[start:]!r}"
            self._read(0.2)

    def end(self, by: signal.Signals | None) -> int:
        """Wait for the process, after a signal if one is given; its exit code."""
        if by is not None:
            self.process.send_signal(by)
        while self.process.poll() is None:
            self._read(0.1)
        while self._read(0):  # a terminal hands out a few lines at a time
            pass
        return self.process.wait(PATIENCE)

    def _read(self, seconds: float) -> bool:
        """Take what there is; False where nothing came."""
        if not select.select([self.master], [], [], seconds)[0]:
            return False
        try:
            data = os.read(self.master, 65536)
        except OSError:  # the other end is closed
            return False
        self.drawn += data.decode("utf-8", "replace")
        return bool(data)

    def close(self) -> None:
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait(PATIENCE)
        os.close(self.master)


@pytest.fixture
def terminals() -> Iterator[list[Terminal]]:
    opened: list[Terminal] = []
    yield opened
    for terminal in opened:
        terminal.close()


def test_it_stays_fresh_until_somebody_ends_it(
    make_repository: MakeRepository, terminals: list[Terminal]
) -> None:
    root = make_repository({PATH: NEW_INCIDENT})
    terminal = Terminal(root, "--watch", "1")
    terminals.append(terminal)
    terminal.wait_for("Checkout answers 502")
    settings = root / "schema/incidentbook.yml"
    written = settings.read_text("utf-8")
    settings.write_text("format: [", "utf-8")  # half saved
    terminal.wait_for("The records cannot be read now")
    settings.write_text(written, "utf-8")
    (root / "schema/sla.yml").write_text("policies: [", "utf-8")
    (root / PATH).write_text(NEW_INCIDENT.replace("Checkout answers", "Search answers"), "utf-8")
    terminal.wait_for("Search answers 502")
    assert "schema/sla.yml has errors" in terminal.drawn
    assert terminal.end(signal.SIGINT) == 0
    # the terminal has its own screen and its cursor back, and no trace of Python
    assert "\x1b[?1049l" in terminal.drawn and "\x1b[?25h" in terminal.drawn
    assert "Traceback" not in terminal.drawn


def test_a_plain_kill_leaves_the_terminal_as_it_was(
    make_repository: MakeRepository, terminals: list[Terminal]
) -> None:
    terminal = Terminal(make_repository({PATH: NEW_INCIDENT}), "--watch")
    terminals.append(terminal)
    terminal.wait_for("Checkout answers 502")
    assert terminal.end(signal.SIGTERM) == 0
    assert "\x1b[?1049l" in terminal.drawn and "\x1b[?25h" in terminal.drawn


@pytest.mark.parametrize("environment", [{}, {"NO_COLOR": "1"}], ids=["colours", "none wanted"])
def test_colours_are_only_where_they_are_wanted(
    make_repository: MakeRepository, terminals: list[Terminal], environment: dict[str, str]
) -> None:
    terminal = Terminal(make_repository({PATH: NEW_INCIDENT}), **environment)
    terminals.append(terminal)
    terminal.wait_for("resolution")
    assert terminal.end(None) == 0
    assert "! INC-2026-0001" in _ESCAPE.sub("", terminal.drawn)
    assert bool(re.search(r"\x1b\[[0-9;]*31m", terminal.drawn)) == (not environment)
