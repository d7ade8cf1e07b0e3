"""What the repository promises of itself, where no other tool looks."""

from __future__ import annotations

import re
import subprocess
import tomllib
from pathlib import Path

import pytest

from testbed import REPOSITORY_ROOT

PACKAGE = REPOSITORY_ROOT / "tooling" / "src" / "incidentbook"
PYPROJECT = tomllib.loads((REPOSITORY_ROOT / "pyproject.toml").read_text(encoding="utf-8"))
TEXTS = {".py", ".md", ".yml", ".yaml", ".toml", ".html", ".css", ".js", ".json", ".sh", ".txt", ""}


def tracked() -> list[Path]:
    try:
        listed = subprocess.run(
            ["git", "ls-files", "-z"], cwd=REPOSITORY_ROOT, check=True, capture_output=True, text=True
        ).stdout
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("the files are not in a Git repository")
    paths = (REPOSITORY_ROOT / name for name in listed.split("\0") if name)
    return [path for path in paths if path.suffix in TEXTS and path.is_file()]


def requirement_names() -> set[str]:
    project = PYPROJECT["project"]
    groups = [project["dependencies"], *project["optional-dependencies"].values()]
    return {re.split(r"[<>=!~\[ ;]", line)[0] for group in groups for line in group}


def test_every_room_has_its_place_in_the_house() -> None:
    """import-linter says nothing of a package that its layers do not name."""
    layers = PYPROJECT["tool"]["importlinter"]["contracts"][0]["layers"]
    placed = {room.strip(" ()") for layer in layers for room in layer.split("|")}
    rooms = {
        path.name.removesuffix(".py")
        for path in PACKAGE.iterdir()
        if not path.name.startswith("_") and (path.suffix == ".py" or (path / "__init__.py").exists())
    }
    assert rooms - placed == set()


def test_who_contributes_is_told_of_every_room() -> None:
    table = re.findall(
        r"^\| (`.*?`) \|", (REPOSITORY_ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8"), re.MULTILINE
    )
    told = {room for row in table for room in re.findall(r"`(\w+)`", row)}
    rooms = {path.name.removesuffix(".py") for path in PACKAGE.iterdir() if path.name[0] != "_"} - {
        "py.typed"
    }
    assert rooms == told


def test_only_two_rooms_run_other_programs_and_a_door_opens_an_editor() -> None:
    running = {
        path.relative_to(PACKAGE)
        for path in PACKAGE.rglob("*.py")
        if re.search(r"^\s*(from|import) subprocess\b", path.read_text(encoding="utf-8"), re.MULTILINE)
    }
    assert running >= {Path("commands/desk/editing.py")}
    assert {path.parts[0] for path in running - {Path("commands/desk/editing.py")}} == {"forge", "gitrepo"}


def test_only_the_plugin_imports_mkdocs() -> None:
    importing = {
        path.relative_to(PACKAGE).parts[0]
        for path in PACKAGE.rglob("*.py")
        if re.search(r"^\s*(from|import) mkdocs\b", path.read_text(encoding="utf-8"), re.MULTILINE)
    }
    assert importing <= {"mkdocs_plugin", "mkdocs_plugin.py"}


def test_only_one_room_calls_git() -> None:
    importing = {
        path.relative_to(PACKAGE).parts[0]
        for path in PACKAGE.rglob("*.py")
        if re.search(
            r"""^\s*(from|import) git\b|\[\s*"git",""", path.read_text(encoding="utf-8"), re.MULTILINE
        )
    }
    assert importing <= {"gitrepo", "gitrepo.py"}


def test_every_dependency_is_explained() -> None:
    text = (REPOSITORY_ROOT / "tooling" / "DEPENDENCIES.md").read_text(encoding="utf-8")
    explained = set(re.findall(r"^\| `([^`]+)` \|", text, re.MULTILINE))
    assert explained == requirement_names()


def test_no_file_knows_the_machine_it_was_written_on() -> None:
    patterns = (
        re.compile(r"(?<![\w.~$/-])/(?:work|root|home|Users)/[\w.-]"),
        re.compile(r"pypi\.org|pythonhosted|npmjs|registry\.npm", re.IGNORECASE),
    )
    found = [
        f"{path.relative_to(REPOSITORY_ROOT)}: {match.group()}"
        for path in tracked()
        if path != Path(__file__)
        for pattern in patterns
        for match in pattern.finditer(path.read_text(encoding="utf-8"))
    ]
    assert found == []


def test_every_module_says_what_it_is_for() -> None:
    empty = [path for path in PACKAGE.rglob("*.py") if not path.read_text(encoding="utf-8").startswith('"""')]
    assert empty == []
