"""Branches that the merge driver united are held against main as what they are: nothing was rewritten."""

from __future__ import annotations

from pathlib import Path

from clonebed import commit, try_git, two_clones
from incidentbook.source import read_document
from testbed import NEW_INCIDENT, RunCli, git

PATH = "incidents/2026/INC-2026-0042.md"
ATTRIBUTES = "incidents/**/*.md merge=incidentbook\n"


def record(*updates: tuple[str, int, str]) -> str:
    lines = "".join(
        f"  - {{id: {id_}, at: 2026-11-19T14:{minute}+00:00, status: identified, text: {text}}}\n"
        for id_, minute, text in (("u1", 10, "We look into it."), *updates)
    )
    return NEW_INCIDENT.replace("opened: 2026", f"updates:\n{lines}opened: 2026")


def said(root: Path) -> list[tuple[str, str]]:
    values = read_document("", (root / PATH).read_bytes()).values
    assert values is not None
    return [(update["id"], update["text"]) for update in values["updates"]]


def test_three_who_took_one_id_merge_one_after_another(tmp_path: Path, run_cli: RunCli) -> None:
    _, root = two_clones(tmp_path, {PATH: record(), ".gitattributes": ATTRIBUTES})
    assert run_cli("setup-git", repo=root).code == 0
    for branch, minute, text in (("second", 49, "B"), ("third", 48, "C")):
        git(root, "checkout", "--quiet", "-b", branch, "main")
        commit(root, text, {PATH: record(("u2", minute, text))})
    git(root, "checkout", "--quiet", "main")
    commit(root, "A", {PATH: record(("u2", 50, "A"))})

    for branch, expected in (
        ("second", {"A": "u3", "B": "u2"}),
        ("third", {"A": "u3", "B": "u4", "C": "u2"}),
    ):
        git(root, "checkout", "--quiet", branch)
        assert try_git(root, "merge", "--no-edit", "main").code == 0
        assert {text: id_ for id_, text in said(root)[1:]} == expected
        checked = run_cli("check", "--base", "main", repo=root)
        assert (checked.code, "update-rewritten" in checked.out) == (0, False), checked.out
        git(root, "checkout", "--quiet", "main")
        git(root, "merge", "--quiet", "--ff-only", branch)
