"""What was told a moment ago may be mended at once, and nothing that was told before that."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import timedelta
from pathlib import Path

import pytest
from rules.material import INCIDENT, NOW, SCHEMA, change, codes

from clonebed import try_git
from incidentbook.archive import load_archive
from incidentbook.gitrepo import open_working_tree
from incidentbook.rules.history.comparing import check_change
from testbed import git, write_files

ONE = "incidents/2026/INC-2026-0001.md"
OLD = "incidents/INC-2026-0001.md"
OPEN = change(
    INCIDENT,
    "status: in_progress\n# no resolved\n# no closed\n# no closed_by\n# no resolved_by\n# no resolution\n"
    "# no confirmation\n# no restored",
)
SLIP = change(OPEN, "acknowledged: 2026-03-02T08:22+00:00")
MENDED = change(OPEN, "acknowledged: 2026-03-02T08:24+00:00")
HELD = change(
    OPEN, "holds: [{from: 2026-03-02T08:30+00:00, to: 2026-03-02T08:40+00:00, reason: waiting-vendor}]"
)
LONGER = HELD.replace("T08:40", "T08:50")
CLOSED = change(INCIDENT, "impact: high")


def checked(
    root: Path, steps: Iterable[tuple[int, Mapping[str, str | None]]], settings: str = ""
) -> list[str]:
    """Commit versions so many minutes before the check, put the last on disk, and hold it against them."""
    git(root, "init", "--quiet", "--initial-branch=main")
    write_files(root, {**SCHEMA, "schema/incidentbook.yml": SCHEMA["schema/incidentbook.yml"] + settings})
    for minutes, files in steps:
        for path, text in files.items():
            if text is None:
                (root / path).unlink()
            else:
                write_files(root, {path: text})
        if minutes:
            git(root, "add", "--all")
            date = (NOW - timedelta(minutes=minutes)).isoformat()
            assert try_git(root, "commit", "--quiet", "-m", "Step", GIT_COMMITTER_DATE=date).code == 0
    found = codes(check_change(load_archive(open_working_tree(root)), "HEAD", now=NOW))
    return [code for code in found if code in RULES]


RULES = {"time-rewritten", "closed-record-changed", "entry-removed", "entry-rewritten", "update-rewritten"}


@pytest.mark.parametrize(
    ("minutes", "before", "after", "expected"),
    [
        (5, SLIP, MENDED, []),
        (20, SLIP, MENDED, ["time-rewritten"]),
        (-20, SLIP, MENDED, ["time-rewritten"]),  # what is from the future tells nothing
        (5, HELD, LONGER, []),
        (20, HELD, LONGER, ["entry-rewritten"]),
        (5, HELD, OPEN, []),
        (20, HELD, OPEN, ["entry-removed"]),
        (5, INCIDENT, CLOSED, []),
        (20, INCIDENT, CLOSED, ["closed-record-changed"]),
    ],
)
def test_the_time_of_grace_is_that_of_the_first_commit_that_said_it(
    minutes: int, before: str, after: str, expected: list[str], tmp_path: Path
) -> None:
    assert checked(tmp_path, [(minutes, {ONE: before}), (0, {ONE: after})]) == expected


@pytest.mark.parametrize(
    "steps",
    [
        [(60, {ONE: SLIP}), (5, {ONE: SLIP + "More.\n"})],
        [(60, {ONE: SLIP}), (9, {ONE: OPEN}), (5, {ONE: SLIP})],  # away and back
        [(60, {OLD: SLIP}), (5, {OLD: None, ONE: SLIP})],  # moved
    ],
)
def test_another_commit_of_the_record_makes_nothing_new(
    steps: list[tuple[int, dict[str, str | None]]], tmp_path: Path
) -> None:
    assert checked(tmp_path, [*steps, (0, {ONE: MENDED})]) == ["time-rewritten"]


def test_what_readers_were_told_has_no_time_of_grace(tmp_path: Path) -> None:
    told = change(OPEN, "updates: [{at: 2026-03-02T08:30+00:00, status: investigating, text: It is A.}]")
    steps = [(5, {ONE: told}), (0, {ONE: told.replace("is A", "is B")})]
    assert checked(tmp_path, steps) == ["update-rewritten"]


@pytest.mark.parametrize(("grace", "expected"), [("1h", []), ("10m", ["time-rewritten"])])
def test_the_policy_says_how_long_it_is(grace: str, expected: list[str], tmp_path: Path) -> None:
    steps = [(14 if grace == "10m" else 40, {ONE: SLIP}), (0, {ONE: MENDED})]
    assert checked(tmp_path, steps, f"history: {{grace: {grace}}}\n") == expected
