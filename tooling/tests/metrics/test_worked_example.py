"""The worked example of the documentation: its records, given to the tool, give its figures."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from testbed import REPOSITORY_ROOT, MakeRepository, RunCli

PAGE = REPOSITORY_ROOT / "site" / "docs" / "figures.md"
BLOCK = re.compile(r'^```(\w+)(?: title="([^"]+)")?\n(.*?)^```$', re.MULTILINE | re.DOTALL)
EXAMPLE = "## A worked example"


@pytest.fixture
def example(make_repository: MakeRepository) -> Path:
    found = BLOCK.findall(PAGE.read_text(encoding="utf-8").partition(EXAMPLE)[2])
    return make_repository({title: text for _, title, text in found if title.startswith("incidents/")})


def runs() -> list[tuple[str, list[str]]]:
    found = BLOCK.findall(PAGE.read_text(encoding="utf-8").partition(EXAMPLE)[2])
    texts = [text.splitlines() for language, _, text in found if language == "text"]
    return [(lines[0].removeprefix("$ incidentbook "), lines[1:]) for lines in texts]


@pytest.mark.parametrize(("command", "lines"), runs())
def test_the_example_is_what_the_tool_says(
    run_cli: RunCli, example: Path, command: str, lines: list[str]
) -> None:
    assert len(list((example / "incidents").rglob("*.md"))) == 3
    said = [" ".join(line.split()) for line in run_cli(*command.split(), repo=example).out.splitlines()]
    assert [line for line in lines if " ".join(line.split()) not in said] == []


def test_the_goals_that_are_shown_are_goals(run_cli: RunCli, make_repository: MakeRepository) -> None:
    (goals,) = (
        text for _, title, text in BLOCK.findall(PAGE.read_text("utf-8")) if title.endswith("measures.yml")
    )
    (counts,) = (text for language, _, text in BLOCK.findall(PAGE.read_text("utf-8")) if language == "csv")
    repo = make_repository({"schema/measures.yml": goals, "schema/deployments.csv": counts})
    assert run_cli("check", repo=repo).code == 0
