"""The stream of events along a log of real Git: each thing once, of the record that it happened to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from historybed import Bed

from incidentbook.gitrepo import NoCommitYetError, NotAGitRepositoryError, UnknownRevisionError
from incidentbook.history import Event, EventType, events, in_order, of_record
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


HOLDS = {
    "a": "  - {from: 2026-11-19T15:00+00:00, to: 2026-11-19T15:05+00:00, reason: vendor}",
    "b": "  - {from: 2026-11-19T15:10+00:00, reason: vendor}",
}
ASSIGNED = {
    "base": "  - {at: 2026-11-19T14:10+00:00, team: desk, owner: one}",
    "a": "  - {at: 2026-11-19T15:00+00:00, team: shop}",
    "b": "  - {at: 2026-11-19T15:10+00:00, team: payments, owner: two}",
    "first": "  - {at: 2026-11-19T14:06+00:00, team: reception}",
}
ESCALATED = {
    "a": "  - {at: 2026-11-19T15:00+00:00, kind: functional, to: the vendor}",
    "b": "  - {at: 2026-11-19T15:10+00:00, kind: hierarchical, to: the director}",
}
UPDATES = {
    "a": "  - {id: u1, at: 2026-11-19T15:00+00:00, status: identified, text: The disk}",
    "b": "  - {id: u1, at: 2026-11-19T15:10+00:00, status: identified, text: The network}",
    "b, renamed": "  - {id: u2, at: 2026-11-19T15:10+00:00, status: identified, text: The network}",
}


def listed(key: str, entries: Mapping[str, str], *names: str) -> str:
    """An incident with some entries in one list."""
    return incident("new", "14:05", f"{key}:", *(entries[name] for name in names))


def minutes(found: Iterable[Event], commits: dict[str, str]) -> list[tuple[str, str, str]]:
    """What was told, when that was, and by which commit; without the opening."""
    names = {hash_: name for name, hash_ in commits.items()}
    return [
        (event.type.value, f"{event.happening.at:%H:%M}", names[event.commit.hash])
        for event in found
        if event.commit and event.type is not EventType.OPENED
    ]


@pytest.mark.parametrize(
    ("key", "entries", "told_of_a", "told_of_b", "after"),
    [
        ("holds", HOLDS, [("held", "15:00"), ("resumed", "15:05")], [("held", "15:10")], "b"),
        ("escalations", ESCALATED, [("escalated", "15:00")], [("escalated", "15:10")], "b"),
        ("updates", UPDATES, [("update_posted", "15:00")], [("update_posted", "15:10")], "b, renamed"),
    ],
)
def test_what_two_add_to_one_list_is_told_of_each(
    bed: Bed,
    key: str,
    entries: Mapping[str, str],
    told_of_a: list[tuple[str, str]],
    told_of_b: list[tuple[str, str]],
    after: str,
) -> None:
    """Also where a merge gave the later one another ID."""
    bed.commit("logged", {ONE: incident()})
    bed.commit("a", {ONE: listed(key, entries, "a")}, "logged")
    bed.commit("b", {ONE: listed(key, entries, "b")}, "logged")
    bed.commit("merge", {ONE: listed(key, entries, "a", after)}, "b", "a")
    commits = bed.write()
    assert sorted(minutes(events(bed.root), commits)) == sorted(
        [*((*row, "a") for row in told_of_a), *((*row, "b") for row in told_of_b)]
    )


def test_assignments_of_two_and_one_that_came_before_all(bed: Bed) -> None:
    """An assignment is the first by its time; one that is that no longer is no other event."""
    bed.commit("logged", {ONE: listed("assignments", ASSIGNED, "base")})
    bed.commit("a", {ONE: listed("assignments", ASSIGNED, "base", "a")}, "logged")
    bed.commit("b", {ONE: listed("assignments", ASSIGNED, "base", "b")}, "logged")
    bed.commit("merge", {ONE: listed("assignments", ASSIGNED, "base", "a", "b")}, "b", "a")
    bed.commit("found", {ONE: listed("assignments", ASSIGNED, "first", "base", "a", "b")})
    commits = bed.write()
    assert sorted(minutes(events(bed.root), commits)) == [
        ("assigned", "14:06", "found"),
        ("assigned", "14:10", "logged"),
        ("reassigned", "15:00", "a"),
        ("reassigned", "15:10", "b"),
    ]


@pytest.mark.parametrize(
    "edited",
    [
        ASSIGNED["a"].replace("15:00", "15:01"),  # another time
        ASSIGNED["a"].replace("15:00+00:00", "16:00+01:00"),  # the same in another zone
        ASSIGNED["a"].replace("shop", "payments"),  # another team at this time
        ASSIGNED["a"].replace("15:00", "15:02").replace("shop", "network"),  # between the same neighbours
    ],
)
def test_what_is_corrected_is_no_news(bed: Bed, edited: str) -> None:
    entries = ASSIGNED | {"edited": edited}
    bed.commit("logged", {ONE: listed("assignments", entries, "base", "a", "b")})
    bed.commit("edited", {ONE: listed("assignments", entries, "base", "edited", "b")})
    bed.commit("back", {ONE: listed("assignments", entries, "base", "a", "b")})
    commits = bed.write()
    found = minutes(events(bed.root), commits)
    assert [row[2] for row in found] == ["logged"] * 3


def test_what_a_correction_left_is_news_when_somebody_writes_it_anew(bed: Bed) -> None:
    entries = ASSIGNED | {"corrected": ASSIGNED["a"].replace("15:00", "15:01")}
    bed.commit("logged", {ONE: listed("assignments", entries, "base", "a")})
    bed.commit("corrected", {ONE: listed("assignments", entries, "base", "corrected")})
    bed.commit("more", {ONE: listed("assignments", entries, "base", "a", "corrected")})
    commits = bed.write()
    assert minutes(events(bed.root), commits) == [
        ("assigned", "14:10", "logged"),
        ("reassigned", "15:00", "logged"),
        ("reassigned", "15:00", "more"),
    ]


def test_an_update_that_is_edited_and_an_action_that_is_renamed(bed: Bed) -> None:
    review = "incidents/2026/INC-2026-0001.review.md"
    promise = "---\nstatus: draft\nactions:\n  - {id: a1, title: TITLE, due: 2026-12-01}\n---\n" + BODY
    bed.commit("said", {ONE: listed("updates", UPDATES, "a"), review: promise.replace("TITLE", "Try it")})
    other = {"a": UPDATES["a"].replace("15:00", "15:03").replace("The disk", "It is the disk")}
    bed.commit("edited", {ONE: listed("updates", other, "a"), review: promise.replace("TITLE", "Test it")})
    bed.write()
    assert [event.type.value for event in events(bed.root)] == [
        "opened", "update_posted", "review_started", "action_opened",
    ]  # fmt: skip


def test_a_record_that_is_gone_and_back_twice(bed: Bed) -> None:
    for number in range(2):
        bed.commit(f"here {number}", {ONE: incident()})
        bed.commit(f"gone {number}", {ONE: None})
    bed.commit("at last", {ONE: incident("new", "14:05", ACKNOWLEDGED)})
    commits = bed.write()
    assert told(events(bed.root), commits) == [
        ("opened", "0001", "here 0"),
        ("deleted", "0001", "gone 0"),
        ("undeleted", "0001", "here 1"),
        ("deleted", "0001", "gone 1"),
        ("undeleted", "0001", "at last"),
        ("acknowledged", "0001", "at last"),
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
        ("undeleted", "0001", "back"),
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
        ("undeleted", "0001", "in"),
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
    # Git does not tell whose file this was, for the old name is still there
    assert sorted(told(found)) == [("opened", "0001"), ("opened", "0002"), ("renumbered", "0002")]
    assert found[-1].happening.detail == {"from": "INC-2026-0001", "to": "INC-2026-0002"}
    assert told(of_record(found, "INC-2026-0001")) == [("opened", "0001")]


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
