"""`fmt`: which files it takes, what it says, and what it leaves alone."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from testbed import NEW_INCIDENT, REPOSITORY_ROOT, MakeRepository, RunCli, write_files

FIRST = "incidents/2026/INC-2026-0001.md"
OTHER = "incidents/2026/INC-2026-0002.md"
BROKEN = "incidents/2026/INC-2026-0003.md"
ARTICLE = "knowledge/articles/restart.md"
UNTIDY = NEW_INCIDENT.replace("title: Checkout", "x-own: 1\n\n\ntitle: Checkout", 1)
TIDY = NEW_INCIDENT.replace(
    "opened: 2026-11-19T14:05+00:00\n", "opened: 2026-11-19T14:05+00:00\n\n\nx-own: 1\n"
)


@pytest.fixture
def root(make_repository: MakeRepository) -> Path:
    return make_repository(
        {
            FIRST: UNTIDY,
            OTHER: b"\xef\xbb\xbf" + UNTIDY.encode(),
            BROKEN: "---\ntitle: [\n---\n",
            ARTICLE: "---\ntype: faq\ntitle: A\nstatus: draft\n---\n",
        }
    )


def test_the_sample_records_are_in_the_house_form(run_cli: RunCli) -> None:
    done = run_cli("fmt", "--check", repo=REPOSITORY_ROOT)
    assert (done.code, done.err) == (0, ""), done.out
    assert re.fullmatch(r"0 of \d{2,} records not in the house form\.\n", done.out)


def test_what_new_writes_is_in_the_house_form(make_repository: MakeRepository, run_cli: RunCli) -> None:
    root = make_repository()
    said = ("--title", "A: b # c", "--accept", "--service", "checkout", "--started", "2026-11-20T11:00Z")
    assert run_cli("new", *said, "--symptom", "x", "--owner", "duty-one", repo=root).code == 0
    done = run_cli("fmt", "--check", repo=root)
    assert done.out == "0 of 1 record not in the house form.\n"


def test_check_lists_what_would_change_and_writes_nothing(root: Path, run_cli: RunCli) -> None:
    done = run_cli("fmt", "--check", repo=root)
    assert done.code == 1
    assert done.out.splitlines() == [
        f"Would format {ARTICLE}",
        f"Would format {FIRST}",
        f"Would format {OTHER}",
        "3 of 4 records not in the house form.",
    ]
    assert f"{BROKEN} is left as it is" in done.err
    assert (root / FIRST).read_text() == UNTIDY


def test_all_are_written_and_a_second_time_none(root: Path, run_cli: RunCli) -> None:
    assert run_cli("fmt", repo=root).code == 0
    text = (root / FIRST).read_text()
    assert text.index("title:") < text.index("reporter:") < text.index("x-own:")
    assert (root / OTHER).read_bytes() == b"\xef\xbb\xbf" + text.encode()
    assert (root / BROKEN).read_text() == "---\ntitle: [\n---\n"
    assert run_cli("fmt", "--check", repo=root).code == 0


@pytest.mark.parametrize("name", ["2026-1", FIRST, "inc-2026-0001"])
def test_one_is_named_by_id_or_path(root: Path, run_cli: RunCli, name: str) -> None:
    done = run_cli("fmt", name, repo=root)
    assert done.out.splitlines()[0] == f"Formatted {FIRST}"
    assert (root / ARTICLE).read_text().startswith("---\ntype")


def test_a_folder_names_all_in_it(root: Path, run_cli: RunCli) -> None:
    assert run_cli("fmt", "knowledge", repo=root).out == (
        f"Formatted {ARTICLE}\n1 of 1 record put into the house form.\n"
    )


def test_a_dry_run_shows_the_change(root: Path, run_cli: RunCli) -> None:
    done = run_cli("fmt", "restart", "--dry-run", repo=root)
    assert done.code == 0
    assert "-type: faq\n" in done.out
    assert (root / ARTICLE).read_text().startswith("---\ntype")


def test_what_nobody_has_is_told(root: Path, run_cli: RunCli) -> None:
    assert run_cli("fmt", "INC-2026-0099", repo=root).code == 2


def test_a_folder_that_cannot_be_written_leaves_all_as_it_was(root: Path, run_cli: RunCli) -> None:
    write_files(root, {"schema/x": ""})
    folder = root / "knowledge/articles"
    folder.chmod(0o500)
    try:
        done = run_cli("fmt", repo=root)
    finally:
        folder.chmod(0o700)
    if done.code == 0:
        pytest.skip("whoever runs the tests may write everywhere")
    assert (root / FIRST).read_text() == UNTIDY
