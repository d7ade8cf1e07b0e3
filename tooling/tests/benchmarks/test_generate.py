"""What the benchmark measures on is what it says: so many sound records, the same for the same seed."""

from __future__ import annotations

import hashlib
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from incidentbook.records import parse_name
from testbed import REPOSITORY_ROOT, RunCli

GENERATOR = REPOSITORY_ROOT / "tooling" / "benchmarks" / "generate.py"


def generate(directory: Path, *arguments: str) -> Path:
    subprocess.run(
        [sys.executable, str(GENERATOR), *arguments, str(directory)], check=True, capture_output=True
    )
    return directory


def fingerprint(directory: Path) -> str:
    files = sorted(path for path in directory.rglob("*") if path.is_file())
    parts = (f"{path.relative_to(directory)}\0".encode() + path.read_bytes() for path in files)
    return hashlib.sha256(b"\0".join(parts)).hexdigest()


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return generate(tmp_path_factory.mktemp("generated") / "records", "--records", "300")


def test_it_writes_exactly_as_many_records_as_asked_of_every_kind(repository: Path) -> None:
    paths = [path.relative_to(repository).as_posix() for path in repository.rglob("*.md")]
    names = [parse_name(path) for path in paths]
    assert None not in names
    kinds = Counter(name.kind for name in names if name)
    assert kinds.total() == 300
    assert kinds == {"incident": 261, "review": 24, "maintenance": 9, "problem": 3, "article": 3}


def test_they_are_of_about_four_kilobytes(repository: Path) -> None:
    sizes = [path.stat().st_size for path in repository.rglob("*.md")]
    assert 3700 < sum(sizes) / len(sizes) < 4700


def test_they_have_no_errors(repository: Path, run_cli: RunCli) -> None:
    """Errors would be measured too, and the plain loop finds none."""
    outcome = run_cli("check", repo=repository)
    assert (outcome.code, outcome.err) == (0, ""), outcome.out[-3000:]


def test_a_seed_gives_the_same_bytes_and_another_seed_others(tmp_path: Path) -> None:
    first, again, other = (
        fingerprint(generate(tmp_path / name, "--records", "60", "--seed", seed))
        for name, seed in (("first", "7"), ("again", "7"), ("other", "8"))
    )
    assert first == again
    assert first != other
