"""Two responders, two clones, one incident, and real Git between them."""

from __future__ import annotations

from pathlib import Path

import pytest

from clonebed import commit, try_git, two_clones
from incidentbook.commands.setup_git import driver_command
from incidentbook.source import read_document
from testbed import NEW_INCIDENT, RunCli, git

PATH = "incidents/2026/INC-2026-0042.md"
INCIDENT = NEW_INCIDENT.replace(
    "opened: 2026",
    "updates:\n"
    "  - {id: u1, at: 2026-11-19T14:10+00:00, status: investigating, text: We look into it.}  # first\n"
    "opened: 2026",
)
ATTRIBUTES = "incidents/**/*.md merge=incidentbook\nknowledge/**/*.md merge=incidentbook\n"


def with_update(text: str, id_: str, minute: int, words: str) -> str:
    line = f"  - {{id: {id_}, at: 2026-11-19T14:{minute}+00:00, status: identified, text: {words}}}\n"
    return text.replace("opened: 2026", f"{line}opened: 2026")


def updates(path: Path) -> list[tuple[str, str]]:
    document = read_document("", path.read_bytes())
    assert document.diagnostics == ()
    assert document.values is not None
    return [(update["id"], update["text"]) for update in document.values["updates"]]


@pytest.fixture(params=["", "records"])
def clones(request: pytest.FixtureRequest, tmp_path: Path, run_cli: RunCli) -> tuple[Path, Path]:
    """Records folders of two clones that are set up, at the top of the repository and below it."""
    below: str = request.param
    one, two = two_clones(tmp_path, {PATH: INCIDENT, ".gitattributes": ATTRIBUTES}, below=below)
    assert run_cli("setup-git", repo=two / below).code == 0
    return one / below, two / below


def both_post(clones: tuple[Path, Path]) -> Path:
    one, two = clones
    commit(one, "Post", {PATH: with_update(INCIDENT, "u2", 20, "Found it.")})
    git(one, "push", "--quiet")
    commit(two, "Post too", {PATH: with_update(INCIDENT, "u2", 15, "It is the roll-out.")})
    git(two, "fetch", "--quiet")
    return two


def test_two_updates_posted_at_once_merge(clones: tuple[Path, Path]) -> None:
    two = both_post(clones)
    said = try_git(two, "merge", "--no-edit", "origin/main")
    assert said.code == 0, said
    assert "both sides added `u2`; the later one is now `u3`" in said.words
    assert updates(two / PATH) == [
        ("u1", "We look into it."),
        ("u2", "It is the roll-out."),
        ("u3", "Found it."),
    ]
    assert "text: We look into it.}  # first\n" in (two / PATH).read_text()
    assert git(two, "status", "--porcelain") == ""


def test_so_does_a_rebase(clones: tuple[Path, Path]) -> None:
    two = both_post(clones)
    commit(two, "And again", {PATH: with_update((two / PATH).read_text(), "u3", 40, "Rolled back.")})
    said = try_git(two, "rebase", "origin/main")
    assert said.code == 0, said
    assert [text for _, text in updates(two / PATH)] == [
        "We look into it.", "It is the roll-out.", "Found it.", "Rolled back.",
    ]  # fmt: skip
    assert len({id_ for id_, _ in updates(two / PATH)}) == 4


def test_without_the_driver_git_merges_line_by_line(clones: tuple[Path, Path], run_cli: RunCli) -> None:
    two = both_post(clones)
    assert run_cli("setup-git", "--remove", repo=two).code == 0
    assert try_git(two, "merge", "--no-edit", "origin/main").code == 1
    assert "<<<<<<< HEAD" in (two / PATH).read_text()


def test_a_field_that_both_changed_is_the_only_one_between_markers(clones: tuple[Path, Path]) -> None:
    one, two = clones
    commit(
        one,
        "Hold",
        {PATH: with_update(INCIDENT, "u2", 20, "Wait.").replace("status: new", "status: on_hold")},
    )
    git(one, "push", "--quiet")
    commit(two, "Work", {PATH: INCIDENT.replace("status: new", "status: in_progress")})
    git(two, "fetch", "--quiet")
    said = try_git(two, "merge", "--no-edit", "origin/main")
    assert said.code == 1
    assert "conflict in status: ours says `in_progress`, theirs `on_hold`" in said.words
    text = (two / PATH).read_text()
    marked = "<<<<<<< ours: status\nstatus: in_progress\n=======\nstatus: on_hold\n>>>>>>> theirs: status\n"
    assert text.count("<<<<<<<") == 1
    assert marked in text
    assert "text: Wait." in text
    check = try_git(two, "diff", "--check")
    assert check.words.count("leftover conflict marker") == 3


def test_two_incidents_under_one_id_never_get_anything_of_each_other(clones: tuple[Path, Path]) -> None:
    one, two = clones
    taken = "incidents/2026/INC-2026-0043.md"
    other = INCIDENT.replace("Checkout answers", "Search answers").replace(
        "opened: 2026-11-19", "opened: 2026-11-18"
    )
    commit(one, "Theirs", {taken: other})
    git(one, "push", "--quiet")
    commit(two, "Mine", {taken: INCIDENT})
    git(two, "fetch", "--quiet")
    said = try_git(two, "merge", "--no-edit", "origin/main")
    assert said.code == 1
    assert "two records took this ID; `incidentbook renumber INC-2026-0043` moves one of them" in said.words
    assert (two / taken).read_text() == (
        f"<<<<<<< ours: INC-2026-0043\n{INCIDENT}=======\n{other}>>>>>>> theirs: INC-2026-0043\n"
    )


@pytest.mark.parametrize(
    "broken",
    [
        "/no/such/python",  # its environment has been deleted
        "false",  # as `python -m` ends where the package has gone
        "kill -9 $$;",  # as a process ends that is out of memory
    ],
)
def test_where_the_tool_cannot_run_neither_side_is_lost(clones: tuple[Path, Path], broken: str) -> None:
    two = both_post(clones)
    command = driver_command("PYTHON").replace("PYTHON", f"sh -c '{broken}'" if " " in broken else broken)
    git(two, "config", "merge.incidentbook.driver", command)
    assert try_git(two, "merge", "--no-edit", "origin/main").code == 1
    text = (two / PATH).read_text()
    assert "text: Found it." in text
    assert "text: It is the roll-out." in text
    assert "<<<<<<< ours" in text


def test_front_matter_that_cannot_be_read_is_merged_line_by_line(clones: tuple[Path, Path]) -> None:
    one, two = clones
    commit(one, "Break", {PATH: with_update(INCIDENT, "u2", 20, "[never closed")})
    git(one, "push", "--quiet")
    commit(two, "Post", {PATH: with_update(INCIDENT, "u2", 21, "Fine.")})
    git(two, "fetch", "--quiet")
    said = try_git(two, "merge", "--no-edit", "origin/main")
    assert said.code == 1
    assert "merged line by line" in said.words
    assert "[never closed" in (two / PATH).read_text()
    assert "text: Fine." in (two / PATH).read_text()


def test_modules_in_the_working_tree_are_not_run(clones: tuple[Path, Path]) -> None:
    """Git runs the driver in the working tree, where whoever may push may put a file."""
    two = both_post(clones)
    top = Path(git(two, "rev-parse", "--show-toplevel").strip())
    for name in ("click.py", "yaml.py", "incidentbook.py"):
        (top / name).write_text("raise SystemExit('run from the working tree')\n")
    said = try_git(two, "merge", "--no-edit", "origin/main")
    assert said.code == 0, said
    assert "run from" not in said.words


def test_a_merge_from_a_hook_or_a_linked_working_tree(clones: tuple[Path, Path], tmp_path: Path) -> None:
    two = both_post(clones)
    below = two.relative_to(Path(git(two, "rev-parse", "--show-toplevel").strip()))
    git(two, "worktree", "add", "--quiet", "-b", "side", str(tmp_path / "side"))
    said = try_git(tmp_path / "side" / below, "merge", "--no-edit", "origin/main")
    assert said.code == 0, said
    assert len(updates(tmp_path / "side" / below / PATH)) == 3


def test_words_of_strangers_do_not_reach_the_terminal_as_commands(run_cli: RunCli, tmp_path: Path) -> None:
    texts = [
        INCIDENT,
        INCIDENT.replace("status: new", r'status: "a\e[31m\n"'),
        INCIDENT.replace("status: new", "status: b"),
    ]
    for name, text in zip("oab", texts, strict=True):
        (tmp_path / name).write_text(text)
    outcome = run_cli("merge-driver", *(tmp_path / name for name in "oab"), f"x\x1b[31m/{PATH}")
    assert outcome.code == 1
    assert "\x1b" not in outcome.err
    assert len(outcome.err.splitlines()) == 1
