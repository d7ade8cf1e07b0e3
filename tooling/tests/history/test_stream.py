"""The stream of events along a log of real Git: each thing once, of the record that it happened to."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from historybed import Bed

from incidentbook.gitrepo import NoCommitYetError, NotAGitRepositoryError, UnknownRevisionError
from incidentbook.history import Event, events, in_order, of_record
from testbed import CommitAll, MakeRepository, git, write_files

ONE, TWO, THREE = (f"incidents/2026/INC-2026-{number:04}.md" for number in (1, 2, 3))
BODY = "\n".join(f"Line {number} of what was seen on that day." for number in range(30))


def incident(status: str = "new", opened: str = "14:05", *lines: str, title: str = "Checkout fails") -> str:
    """An incident long enough for Git to know it again after small changes."""
    head = ["---", f"title: {title}", f"status: {status}", f"opened: 2026-11-19T{opened}+00:00", *lines]
    return "\n".join([*head, "---", BODY, ""])


ACKNOWLEDGED = "acknowledged: 2026-11-19T14:10+00:00"
RESOLVED = "resolved: 2026-11-19T15:00+00:00"
MITIGATED = "mitigated: 2026-11-19T14:30+00:00"
LEVELS = ("impact: low", "urgency: low")
PRESSING = ("impact: high", "urgency: high")


def told(found: Iterable[Event], commits: dict[str, str] | None = None) -> list[tuple[str, ...]]:
    """What was told of which record, and by which commit."""
    names = {hash_: name for name, hash_ in (commits or {}).items()}
    return [
        (event.type.value, event.known_as.id[-4:], *([names[event.commit.hash]] if event.commit else []))
        if commits
        else (event.type.value, event.known_as.id[-4:])
        for event in found
    ]


@pytest.fixture
def bed(tmp_path: Path) -> Bed:
    return Bed(tmp_path / "records")


def test_one_record_from_its_beginning_to_its_end(bed: Bed) -> None:
    bed.commit("logged", {ONE: incident()})
    bed.commit("taken", {ONE: incident("in_progress", "14:05", ACKNOWLEDGED)})
    bed.commit("elsewhere", {"README.md": "Hello\n"})
    bed.commit("done", {ONE: incident("resolved", "14:05", ACKNOWLEDGED, RESOLVED)})
    bed.commit("gone", {ONE: None})
    commits = bed.write()
    assert told(events(bed.root), commits) == [
        ("opened", "0001", "logged"),
        ("acknowledged", "0001", "taken"),
        ("resolved", "0001", "done"),
        ("deleted", "0001", "gone"),
    ]
    first = events(bed.root)[0]
    assert first.happening.detail == {"title": "Checkout fails"}
    assert first.commit is not None
    assert first.commit.author.email == "one@example.invalid"


def test_a_priority_and_a_declaration_that_turn_more_than_once(bed: Bed) -> None:
    """Each turn is an event of its own, though the words are the same."""
    for number, levels in enumerate((LEVELS, PRESSING, LEVELS, PRESSING)):
        note = f"location: Berth {number}"
        bed.commit(f"c{number}", {ONE: incident("new", "14:05", *levels, note, "major: true")})
    bed.commit("last", {ONE: incident("new", "14:05", *PRESSING)})
    commits = bed.write()
    found = events(bed.root)
    assert told(found, commits)[1:] == [
        ("priority_raised", "0001", "c1"),
        ("priority_lowered", "0001", "c2"),
        ("priority_raised", "0001", "c3"),
        ("major_stood_down", "0001", "last"),
    ]
    assert found[1].happening.detail == {"from": "P4", "to": "P1"}


def test_a_priority_is_that_of_the_commits_own_settings(bed: Bed) -> None:
    cells = "      {level}: {{high: {0}, medium: {0}, low: {0}}}\n"
    one = (
        "priorities:\n"
        + "".join(f"  - {{id: P{n}, name: P{n}, definition: x}}\n" for n in (1, 2, 3))
        + "matrices:\n  - cells:\n"
        + cells.format("P1", level="high")
        + cells.format("P3", level="low")
    )
    bed.commit("low", {ONE: incident("new", "14:05", *LEVELS)})
    bed.commit("settings", {"schema/priority.yml": one})
    bed.commit("high", {ONE: incident("new", "14:05", "impact: high", "urgency: low")})
    bed.write()
    found = events(bed.root)
    assert told(found) == [("opened", "0001"), ("priority_raised", "0001")]
    assert found[1].happening.detail == {"from": "P3", "to": "P1"}


def test_settings_that_cannot_be_read_tell_no_priority(bed: Bed) -> None:
    bed.commit("low", {ONE: incident("new", "14:05", *LEVELS)})
    bed.commit("broken", {"schema/incidentbook.yml": "format: [\n"})
    bed.commit("high", {ONE: incident("new", "14:05", *PRESSING, "major: true", ACKNOWLEDGED)})
    bed.write()
    assert told(events(bed.root)) == [
        ("opened", "0001"),
        ("acknowledged", "0001"),
        ("major_declared", "0001"),
    ]


def test_what_both_sides_of_a_merge_say_is_told_once(bed: Bed) -> None:
    """Criss-cross: each of two branches takes in the other, twice over."""
    bed.commit("logged", {ONE: incident()})
    bed.commit("a1", {ONE: incident("new", "14:05", ACKNOWLEDGED)}, "logged")
    bed.commit("b1", {ONE: incident("new", "14:05", MITIGATED)}, "logged")
    both = incident("new", "14:05", ACKNOWLEDGED, MITIGATED)
    bed.commit("a2", {ONE: both}, "a1", "b1")
    bed.commit("b2", {ONE: both}, "b1", "a1")
    resolved = incident("resolved", "14:05", ACKNOWLEDGED, MITIGATED, RESOLVED)
    bed.commit("end", {ONE: resolved}, "a2", "b2")
    commits = bed.write()
    assert sorted(told(events(bed.root), commits)) == [
        ("acknowledged", "0001", "a1"),
        ("mitigated", "0001", "b1"),
        ("opened", "0001", "logged"),
        ("resolved", "0001", "end"),  # what the merge itself says
    ]


def test_what_was_picked_onto_another_branch_is_told_of_the_first(bed: Bed) -> None:
    bed.commit("logged", {ONE: incident()})
    bed.commit("fix", {ONE: incident("new", "14:05", *PRESSING, ACKNOWLEDGED)}, "logged")
    bed.commit("other", {TWO: incident(opened="16:00")}, "logged")
    bed.commit("picked", {ONE: incident("new", "14:05", *PRESSING, ACKNOWLEDGED)}, "other")
    bed.commit("merge", {}, "fix", "picked")
    commits = bed.write()
    assert [row[0] for row in told(events(bed.root), commits) if row[1] == "0001"] == [
        "opened",
        "acknowledged",
    ]


def test_a_creation_that_was_picked_is_one_record(bed: Bed) -> None:
    bed.commit("logged", {ONE: incident()}, "schema")
    bed.commit("picked", {ONE: incident(title="Checkout fails, for some")}, "schema")
    bed.commit("merge", {ONE: incident()}, "logged", "picked")
    bed.write()
    assert told(events(bed.root)) == [("opened", "0001")]


def test_a_revert_and_its_own_revert_add_nothing(bed: Bed) -> None:
    new, taken = incident(), incident("new", "14:05", ACKNOWLEDGED, *PRESSING)
    bed.commit("logged", {ONE: incident("new", "14:05", *LEVELS)})
    for name, text in (("taken", taken), ("reverted", incident("new", "14:05", *LEVELS)), ("again", taken)):
        bed.commit(name, {ONE: text})
    bed.commit("removed", {ONE: None})
    bed.commit("back", {ONE: taken})
    bed.commit("anew", {ONE: new})
    commits = bed.write()
    assert told(events(bed.root), commits) == [
        ("opened", "0001", "logged"),
        ("acknowledged", "0001", "taken"),
        ("priority_raised", "0001", "taken"),
        ("priority_lowered", "0001", "reverted"),
        ("deleted", "0001", "removed"),
    ]


def test_a_record_that_is_moved_is_the_same(bed: Bed) -> None:
    """Also where so much changed with it that Git sees one file go and another come."""
    bed.commit("logged", {ONE: incident()})
    bed.commit("moved", {ONE: None, "incidents/2025/INC-2026-0001.md": incident()})
    other = incident("new", "14:05", ACKNOWLEDGED, title="Another one").replace(BODY, "Short.")
    bed.commit("back", {"incidents/2025/INC-2026-0001.md": None, ONE: other})
    bed.commit("out", {ONE: None, "drafts/INC-2026-0001.md": other})
    bed.commit("in", {"drafts/INC-2026-0001.md": None, ONE: other})
    commits = bed.write()
    assert told(events(bed.root), commits) == [
        ("opened", "0001", "logged"),
        ("acknowledged", "0001", "back"),
        ("deleted", "0001", "out"),
    ]


def test_a_renumbered_record_keeps_its_story_and_another_one_has_its_id(bed: Bed) -> None:
    """Two branches took INC-2026-0001; the one that came second was renumbered."""
    bed.commit("mine", {ONE: incident()}, "schema")
    bed.commit("taken", {ONE: incident("new", "14:05", ACKNOWLEDGED)}, "mine")
    bed.commit("theirs", {ONE: incident(opened="16:00", title="Search is slow")}, "schema")
    theirs = incident(opened="16:00", title="Search is slow (INC-2026-0002)")
    bed.commit("renumbered", {ONE: None, TWO: theirs}, "theirs")
    merged = incident("new", "16:00", MITIGATED, title="Search is slow")
    bed.commit("merge", {TWO: theirs}, "taken", "renumbered")
    bed.commit("after", {TWO: merged}, "merge")
    commits = bed.write()
    found = events(bed.root)
    assert told(of_record(found, "INC-2026-0001"), commits) == [
        ("opened", "0001", "mine"),
        ("acknowledged", "0001", "taken"),
    ]
    mine = of_record(found, "INC-2026-0002")
    assert told(mine, commits) == [
        ("opened", "0002", "theirs"),
        ("renumbered", "0002", "renumbered"),
        ("mitigated", "0002", "after"),
    ]
    assert mine[0].record.id == "INC-2026-0001"
    assert mine[1].happening.detail == {"from": "INC-2026-0001", "to": "INC-2026-0002"}
    assert len(found) == 5


def test_a_record_that_the_merge_itself_renumbers(bed: Bed) -> None:
    bed.commit("mine", {ONE: incident()}, "schema")
    bed.commit("theirs", {ONE: incident(opened="16:00", title="Search is slow")}, "schema")
    bed.commit(
        "merge",
        {ONE: incident(), TWO: incident("new", "16:00", title="Search is slow now")},
        "mine",
        "theirs",
    )
    bed.write()
    found = events(bed.root)
    # Git is not asked whose file this was, for the old name is still there: the two stories stay apart
    assert sorted(told(found)) == [("opened", "0001"), ("opened", "0001"), ("opened", "0002")]


def test_the_same_name_renumbered_twice(bed: Bed) -> None:
    bed.commit("logged", {ONE: incident()})
    bed.commit("second", {ONE: None, TWO: incident()})
    bed.commit("third", {TWO: None, THREE: incident("new", "14:05", ACKNOWLEDGED)})
    bed.commit("reused", {ONE: incident(opened="18:00", title="Power is gone")})
    bed.write()
    found = events(bed.root)
    assert told(of_record(found, "INC-2026-0003")) == [
        ("opened", "0003"),
        ("renumbered", "0003"),
        ("renumbered", "0003"),
        ("acknowledged", "0003"),
    ]
    assert told(of_record(found, "INC-2026-0001")) == [("opened", "0001")]
    # nobody has this ID now: it is the story of the record that had it
    assert of_record(found, "INC-2026-0002") == of_record(found, "INC-2026-0003")


def test_broken_versions_neither_lose_nor_repeat_anything(bed: Bed) -> None:
    bed.commit("logged", {ONE: incident("new", "14:05", *LEVELS)})
    bed.commit("broken", {ONE: "---\ntitle: [\n---\n"})
    bed.commit("worse", {ONE: b"\xff\xfe"})
    bed.commit("mended", {ONE: incident("new", "14:05", *PRESSING, ACKNOWLEDGED)})
    bed.commit("never", {TWO: "no front matter\n"})
    bed.commit("whole", {TWO: incident(opened="16:00")})
    commits = bed.write()
    assert told(events(bed.root), commits) == [
        ("opened", "0001", "logged"),
        ("acknowledged", "0001", "mended"),
        ("priority_raised", "0001", "mended"),
        ("opened", "0002", "whole"),
    ]


def test_a_slip_in_one_field_hides_nothing_else(bed: Bed) -> None:
    bed.commit("logged", {ONE: incident("new", "14:05", "urgncy: high")})
    bed.commit("taken", {ONE: incident("new", "14:05", "urgncy: high", ACKNOWLEDGED)})
    bed.write()
    assert told(events(bed.root)) == [("opened", "0001"), ("acknowledged", "0001")]


def test_a_link_is_not_followed_and_its_record_not_gone(bed: Bed) -> None:
    bed.commit("logged", {ONE: incident()})
    bed.commit("linked", {}, links={ONE: "../elsewhere.md"})
    bed.commit("again", {ONE: incident("new", "14:05", ACKNOWLEDGED)})
    commits = bed.write()
    assert told(events(bed.root), commits) == [
        ("opened", "0001", "logged"),
        ("acknowledged", "0001", "again"),
    ]


def test_what_head_says_and_base_did_not(bed: Bed) -> None:
    bed.commit("logged", {ONE: incident(), TWO: incident(opened="16:00")})
    bed.commit("taken", {ONE: incident("new", "14:05", ACKNOWLEDGED)}, "logged")
    bed.commit(
        "branch",
        {ONE: incident("new", "14:05", MITIGATED, ACKNOWLEDGED), THREE: incident(opened="17:00")},
        "logged",
    )
    bed.commit("tip", {TWO: incident("resolved", "16:00", RESOLVED)}, "branch")
    commits = bed.write()
    found = events(bed.root, commits["logged"], commits["tip"])
    assert told(found, commits) == [
        ("acknowledged", "0001", "branch"),
        ("mitigated", "0001", "branch"),
        ("opened", "0003", "branch"),
        ("resolved", "0002", "tip"),
    ]
    # what the base has come to say meanwhile is nothing new
    after = events(bed.root, commits["taken"], commits["tip"])
    assert ("acknowledged", "0001", "branch") not in told(after, commits)
    assert len(after) == 3
    assert events(bed.root, "main", "main") == ()


def test_files_on_disk_come_last(bed: Bed) -> None:
    bed.commit("logged", {ONE: incident("new", "14:05", *LEVELS), THREE: incident(opened="17:00")})
    commits = bed.write()
    write_files(
        bed.root, {ONE: incident("new", "14:05", *PRESSING, ACKNOWLEDGED), TWO: incident(opened="16:00")}
    )
    (bed.root / THREE).unlink()
    found = events(bed.root)
    assert [event.commit is None for event in found] == [False, False, True, True, True, True]
    assert told(found)[2:] == [
        ("acknowledged", "0001"),
        ("priority_raised", "0001"),
        ("opened", "0002"),
        ("deleted", "0003"),
    ]
    assert told(events(bed.root, head="HEAD"), commits) == told(found[:2], commits)
    assert told(events(bed.root, "main")) == told(found[2:])


def test_a_shallow_clone_begins_where_it_begins(bed: Bed, tmp_path: Path) -> None:
    bed.commit("logged", {ONE: incident(), TWO: incident(opened="16:00")})
    bed.commit("taken", {ONE: incident("new", "14:05", ACKNOWLEDGED)})
    bed.commit("done", {ONE: incident("resolved", "14:05", ACKNOWLEDGED, RESOLVED)})
    commits = bed.write()
    git(tmp_path, "clone", "--quiet", "--depth=2", f"file://{bed.root}", "shallow")
    shallow = tmp_path / "shallow"
    assert told(events(shallow), commits) == [("resolved", "0001", "done")]
    git(shallow, "fetch", "--quiet", "--unshallow")
    assert len(events(shallow)) == 4


def test_without_anything_to_tell(make_repository: MakeRepository, commit_all: CommitAll) -> None:
    root = make_repository()
    with pytest.raises(NotAGitRepositoryError):
        events(root)
    git(root, "init", "--quiet", "--initial-branch=main")
    with pytest.raises(NoCommitYetError, match="there is no commit here yet"):
        events(root)
    commit_all(root)
    assert events(root) == ()
    with pytest.raises(UnknownRevisionError, match="no revision `nobody` here"):
        events(root, "nobody")
    git(root, "checkout", "--quiet", "--detach")
    assert events(root) == ()


def test_records_in_a_subfolder_of_a_repository(tmp_path: Path) -> None:
    bed = Bed(tmp_path / "mono")
    folder = "ops/Störungen & Co"
    bed.commit(
        "theirs",
        {ONE: incident(title="Not ours"), f"{folder}/schema/incidentbook.yml": "format: 1\nname: x\n"},
    )
    bed.commit("ours", {f"{folder}/{TWO}": incident("new", "14:05", *LEVELS)})
    bed.commit("raised", {f"{folder}/{TWO}": incident("new", "14:05", ACKNOWLEDGED)})
    commits = bed.write()
    root = bed.root / folder
    assert told(events(root), commits) == [("opened", "0002", "ours"), ("acknowledged", "0002", "raised")]
    assert told(events(root, commits["ours"], commits["raised"])) == [("acknowledged", "0002")]


def test_in_a_worktree_and_beside_a_submodule(bed: Bed, tmp_path: Path) -> None:
    bed.commit("logged", {ONE: incident()})
    commits = bed.write()
    git(bed.root, "worktree", "add", "--quiet", "-b", "hotfix", str(tmp_path / "hotfix"))
    write_files(tmp_path / "hotfix", {TWO: incident(opened="16:00")})
    git(tmp_path / "hotfix", "add", "--all")
    git(tmp_path / "hotfix", "commit", "--quiet", "--message", "Log another")
    assert told(events(tmp_path / "hotfix")) == [("opened", "0001"), ("opened", "0002")]
    assert told(events(bed.root)) == [("opened", "0001")]
    git(bed.root, "update-index", "--add", "--cacheinfo", f"160000,{commits['logged']},incidents/2025")
    git(bed.root, "commit", "--quiet", "--message", "Add a submodule")
    assert told(events(bed.root, head="HEAD")) == [("opened", "0001")]


def test_the_story_is_told_by_the_time_at_which_things_happened(bed: Bed) -> None:
    bed.commit("late", {ONE: incident("resolved", "14:05", ACKNOWLEDGED, RESOLVED)})
    bed.commit("earlier", {TWO: incident(opened="13:00")})
    bed.commit(
        "article",
        {"knowledge/articles/restart.md": "---\ntitle: Restart it\ntype: how-to\nstatus: draft\n---\n"},
    )
    bed.write()
    story = in_order(events(bed.root), ZoneInfo("UTC"))
    assert [(event.type.value, event.known_as.id) for event in story] == [
        ("article_drafted", "restart"),  # committed in September, by these commits' clocks
        ("opened", "INC-2026-0002"),
        ("opened", "INC-2026-0001"),
        ("acknowledged", "INC-2026-0001"),
        ("resolved", "INC-2026-0001"),
    ]
