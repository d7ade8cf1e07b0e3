"""The guard of the automatic merge: whatever is not a new update to an open incident is refused."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from rules.material import ARTICLE, INCIDENT, SCHEMA, change

from incidentbook.rules.guard import more_than_updates
from testbed import CommitAll, git, write_files

ONE = "incidents/2026/INC-2026-0001.md"
FIRST = "  - {id: a, at: 2026-03-02T08:30+00:00, status: investigating, text: We look into it.}"
SECOND = "  - {at: 2026-03-02T08:40+00:00, status: identified, text: It is the roll-out.}"
OPEN = change(
    INCIDENT,
    f"status: in_progress\n# no resolved\n# no closed\n# no closed_by\nupdates:\n{FIRST}\nx-mine: 1",
)
POSTED = change(OPEN, f"updates:\n{FIRST}\n{SECOND}")


def guarded(root: Path) -> list[str]:
    return [finding.message for finding in more_than_updates(root, "HEAD~1")]


@pytest.fixture
def changed(tmp_path: Path, commit_all: CommitAll) -> Callable[..., list[str]]:
    def judge(after: dict[str, str], *, before: str = OPEN, prefix: str = "") -> list[str]:
        files = {**SCHEMA, ONE: before, "knowledge/articles/drain.md": ARTICLE}
        write_files(tmp_path, {prefix + path: text for path, text in files.items()} | {"Makefile": "all:\n"})
        commit_all(tmp_path, "Before")
        write_files(tmp_path, after)
        commit_all(tmp_path, "After")
        return guarded(tmp_path / prefix)

    return judge


def test_an_update_passes(changed: Callable[..., list[str]]) -> None:
    assert changed({ONE: POSTED}) == []


def test_the_first_update_passes(changed: Callable[..., list[str]]) -> None:
    assert changed({ONE: change(OPEN, f"updates:\n{FIRST}")}, before=change(OPEN, "# no updates")) == []


def test_an_update_in_a_subfolder_passes(changed: Callable[..., list[str]]) -> None:
    assert changed({f"ops/{ONE}": POSTED}, prefix="ops/") == []


def test_the_same_values_written_otherwise_pass(changed: Callable[..., list[str]]) -> None:
    assert changed({ONE: POSTED.replace("impact: low", 'impact: "low"')}) == []


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ("impact: high", "the change touches `impact`"),
        ("x-mine: 1.0", "the change touches `x-mine`"),
        ("x-mine: true", "the change touches `x-mine`"),
        ("x-more: 1", "the change touches `x-more`"),
        ("# no x-mine", "the change touches `x-mine`"),
        ("visibility: public", "the change touches `visibility`"),
        ("services: []", "the change touches `services`"),
        ("waivers: [{rule: missing-category, reason: no}]", "the change touches `waivers`"),
        ("status: resolved", "the incident is not open, but `resolved`"),
        ("status: on_hold", "the change touches `status`"),
        (f"updates:\n{SECOND}", "the change touches an update that was there, or puts one before it"),
        (
            f"updates:\n{SECOND}\n{FIRST}",
            "the change touches an update that was there, or puts one before it",
        ),
        (
            f"updates:\n{FIRST.replace('}', ', visibility: public}')}\n{SECOND}",
            "the change touches an update that was there, or puts one before it",
        ),
        ("updates: []", "the change removes an update"),
        ("# no updates", "the change removes an update"),
        ("updates: {a: b}", "`updates` is no list"),
    ],
)
def test_anything_else_is_refused(fields: str, said: str, changed: Callable[..., list[str]]) -> None:
    assert said in changed({ONE: change(POSTED, fields)})


def test_a_key_that_stands_twice_is_refused(changed: Callable[..., list[str]]) -> None:
    assert changed({ONE: POSTED.replace("---\n", "---\nimpact: high\n", 1)}) == [
        "the incident cannot be read"
    ]


def test_the_text_below_is_refused(changed: Callable[..., list[str]]) -> None:
    assert changed({ONE: POSTED + "More.\n"}) == ["the change touches the text below the fields"]


def test_an_incident_that_is_over_is_refused(changed: Callable[..., list[str]]) -> None:
    before = change(INCIDENT, f"updates:\n{FIRST}")
    found = changed({ONE: change(before, f"updates:\n{FIRST}\n{SECOND}")}, before=before)
    assert found == ["the incident is not open, but `closed`"]


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("Makefile", "the change is not to an incident"),
        (".github/workflows/own.yml", "the change adds a file"),
        ("schema/incidentbook.yml", "the change is not to an incident"),
        ("schema/json/own.json", "the change adds a file"),
        ("knowledge/articles/drain.md", "the change is not to an incident"),
        ("incidents/2026/INC-2026-0001/graph.png", "the change adds a file"),
        ("incidents/2025/INC-2026-0001.md", "the change adds a file"),
        ("incidents/2026/.INC-2026-0001.md", "the change adds a file"),
        (".gitattributes", "the change adds a file"),
        (".gitmodules", "the change adds a file"),
    ],
)
def test_any_other_file_is_refused(path: str, said: str, changed: Callable[..., list[str]]) -> None:
    assert changed({ONE: POSTED, path: "x: 1\n"}) == [said]


def test_a_file_above_the_records_is_refused(changed: Callable[..., list[str]]) -> None:
    assert changed({f"ops/{ONE}": POSTED, "Makefile": "evil:\n"}, prefix="ops/") == [
        "the change is not to an incident"
    ]


def test_a_file_that_goes_is_refused(
    tmp_path: Path, changed: Callable[..., list[str]], commit_all: CommitAll
) -> None:
    changed({ONE: POSTED})
    (tmp_path / "Makefile").unlink()
    git(tmp_path, "commit", "--quiet", "--all", "--amend", "--no-edit")
    assert guarded(tmp_path) == ["the change removes a file"]


def test_a_mode_and_a_link_are_refused(tmp_path: Path, changed: Callable[..., list[str]]) -> None:
    changed({ONE: POSTED})
    (tmp_path / ONE).chmod(0o755)
    git(tmp_path, "config", "core.fileMode", "false")
    assert guarded(tmp_path) == ["the change turns the file into another sort of file"]
    (tmp_path / ONE).unlink()
    (tmp_path / ONE).symlink_to("../../Makefile")
    assert "the change turns the file into another sort of file" in guarded(tmp_path)


def test_what_is_committed_counts_though_the_disk_is_clean(
    tmp_path: Path, changed: Callable[..., list[str]], commit_all: CommitAll
) -> None:
    changed({ONE: POSTED, "Makefile": "evil:\n"})
    write_files(tmp_path, {"Makefile": "all:\n"})
    assert guarded(tmp_path) == ["the change is not to an incident"]


def test_what_is_on_disk_counts_though_nothing_is_committed(
    tmp_path: Path, changed: Callable[..., list[str]]
) -> None:
    changed({ONE: POSTED})
    write_files(tmp_path, {"notes.txt": "new\n"})
    assert guarded(tmp_path) == ["the change adds a file"]


def test_a_submodule_is_refused(
    tmp_path: Path, changed: Callable[..., list[str]], commit_all: CommitAll
) -> None:
    other = tmp_path.parent / "other"
    write_files(other, {"a": "b"})
    commit_all(other)
    changed({ONE: POSTED})
    git(
        tmp_path,
        "-c",
        "protocol.file.allow=always",
        "submodule",
        "add",
        "--quiet",
        str(other),
        "incidents/other",
    )
    git(tmp_path, "config", "diff.ignoreSubmodules", "all")
    git(tmp_path, "commit", "--quiet", "--amend", "--no-edit")
    assert guarded(tmp_path) == ["the change adds a file", "the change adds a file"]
