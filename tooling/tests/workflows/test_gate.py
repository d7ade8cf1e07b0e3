"""`.ci/run` lints, tests, and brings a browser and Node where there is none."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from testbed import REPOSITORY_ROOT


@pytest.fixture
def machine(tmp_path: Path) -> Path:
    """A machine that has little: what would change it writes down how it was called."""
    programs = tmp_path / "bin"
    programs.mkdir()
    for program in ("bash", "dirname", "env"):
        found = shutil.which(program)
        assert found
        (programs / program).symlink_to(found)
    for program in ("apt-get", "make", "sudo"):
        script = f'#!/bin/sh\necho "{program} $* CI=$CI" >> "{tmp_path}/log"\n[ "$1" != "$FAILING" ]\n'
        (programs / program).write_text(script, encoding="utf-8")
    (programs / "id").write_text("#!/bin/sh\necho 0\n", encoding="utf-8")
    for path in programs.iterdir():
        if not path.is_symlink():
            path.chmod(0o755)
    return tmp_path


def run_gate(machine: Path, failing: str = "nothing") -> tuple[int, list[str]]:
    gate = machine / "clone" / ".ci" / "run"
    gate.parent.mkdir(parents=True)
    shutil.copy(REPOSITORY_ROOT / ".ci" / "run", gate)
    ran = subprocess.run(
        ["bash", str(gate)],
        env={"PATH": str(machine / "bin"), "FAILING": failing},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=False,
    )
    log = machine / "log"
    return ran.returncode, log.read_text(encoding="utf-8").splitlines() if log.exists() else []


def test_the_gate_is_a_program() -> None:
    assert os.access(REPOSITORY_ROOT / ".ci" / "run", os.X_OK)


@pytest.mark.parametrize(
    ("there", "missing"),
    [((), "chromium nodejs npm"), (("npm",), "chromium"), (("chromium",), "nodejs npm")],
)
def test_it_brings_what_is_missing_then_lints_then_tests(
    there: tuple[str, ...], missing: str, machine: Path
) -> None:
    for program in there:
        (machine / "bin" / program).symlink_to(machine / "bin" / "id")
    code, calls = run_gate(machine)
    assert code == 0
    assert calls == [
        "apt-get update -qq CI=true",
        f"apt-get install -y -qq --no-install-recommends {missing} CI=true",
        "make lint CI=true",
        "make test CI=true",
    ]


def test_it_takes_what_is_there(machine: Path) -> None:
    for program in ("google-chrome", "npm"):
        (machine / "bin" / program).symlink_to(machine / "bin" / "id")
    assert run_gate(machine) == (0, ["make lint CI=true", "make test CI=true"])


@pytest.mark.parametrize("failing", ["update", "install", "lint", "test"])
def test_what_fails_fails_the_gate_at_once(failing: str, machine: Path) -> None:
    code, calls = run_gate(machine, failing)
    assert code == 1
    assert f" {failing} " in calls[-1]
