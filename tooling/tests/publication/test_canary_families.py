"""A child of an incident that its readers may not know of, after that one was resolved."""

from __future__ import annotations

import dataclasses
import re
from pathlib import Path

import pytest
from lifebed import BY, incident

from incidentbook.archive import load_archive, open_repository
from incidentbook.gitrepo import open_working_tree
from incidentbook.publication import publish
from incidentbook.records import Audience
from testbed import CommitAll, MakeRepository, RunCli

TRACE = re.compile(r"INC-2026-0031|larger incident|zqsecret", re.IGNORECASE)
CHILDREN = {32: "public", 33: "internal", 34: "internal"}


def path_of(number: int) -> str:
    return f"incidents/2026/INC-2026-{number:04d}.md"


@pytest.fixture
def root(make_repository: MakeRepository, run_cli: RunCli, commit_all: CommitAll) -> Path:
    files = {path_of(31): incident("in_progress", "visibility: restricted\n").replace("502", "zqsecret")}
    for number, visibility in CHILDREN.items():
        more = f"visibility: {visibility}\nlinks: {{parent: INC-2026-0031}}\n"
        files[path_of(number)] = incident("in_progress", more)
    root = make_repository(files)
    commit_all(root)
    outcome = run_cli(
        *("resolve", "31", "-m", "Zqsecret key drawn back.", "--code", "fixed", "--permanent"),
        *("--summary", "A zqsecret key was out.", "--apart", "34", *BY),
        repo=root,
    )
    assert outcome.code == 0, outcome.err
    commit_all(root)
    return root


@pytest.mark.parametrize("audience", [Audience.PUBLIC, Audience.INTERNAL])
def test_nothing_that_is_published_tells_of_it(root: Path, audience: Audience) -> None:
    published = publish(load_archive(open_working_tree(root)), audience)
    numbers = [
        number for number, whose in CHILDREN.items() if audience is Audience.INTERNAL or whose == audience
    ]
    assert [entry.id[-2:] for entry in published.incidents] == [str(number) for number in numbers]
    for entry in published.entries:
        assert not TRACE.search(repr(dataclasses.astuple(entry.record))), entry.id
        assert not TRACE.search(entry.body)


def test_its_words_and_its_number_were_there_to_be_found(root: Path) -> None:
    archive = open_repository(root)
    parent, apart = archive.get("INC-2026-0031"), archive.get("INC-2026-0034")
    assert parent is not None and parent.record.status == "resolved" and "zqsecret" in parent.record.title
    assert apart is not None and apart.record.links.parent == parent.id
    for number in (32, 33):
        child = archive.get(f"INC-2026-00{number}")
        assert child is not None and child.record.status == "resolved"
        assert child.record.links.parent == parent.id


def test_no_verb_tells_colleagues_of_it(root: Path, run_cli: RunCli) -> None:
    for arguments in (
        *(("show", f"INC-2026-00{number}", "--format=json") for number in CHILDREN),
        *(("show", f"INC-2026-00{number}", "--format=markdown") for number in CHILDREN),
        ("list", "--format=json"),
        ("search", "resolved", "--format=json"),
        ("export", "--table=incidents", "--format=json"),
        ("escalate", "--due"),
        ("status", "--format=json"),
        ("log", "--format=json"),
    ):
        outcome = run_cli(*arguments, "--audience=internal", repo=root)
        assert outcome.code == 0, outcome.err
        assert not TRACE.search(outcome.out + outcome.err), arguments
