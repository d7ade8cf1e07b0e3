"""What becomes of each thing that two people may do to one record."""

from __future__ import annotations

from typing import Any

import pytest

from incidentbook.edits.merging import LABELS_IN_REBASE, MergedRecord, merge_records
from incidentbook.edits.merging_shapes import model_shape
from incidentbook.records import Incident
from incidentbook.source import read_document

PATH = "incidents/2026/INC-2026-0042.md"
BASE = """\
---
# yaml-language-server: $schema=x
title: Gates are slow   # as they said
status: "new"
impact: high

# who has it
assignments:
  - {at: 2026-03-01T09:05+00:00, team: desk}
holds:
  # the vendor sleeps
  - from: 2026-03-01T10:00+00:00
    reason: vendor
updates:
  - {id: u1, at: 2026-03-01T09:10+00:00, status: investigating, text: "We look."}
  - {id: u2, at: 2026-03-01T09:20+00:00, status: identified, text: Found}
links:
  earlier: [INC-2026-0001]
opened: 2026-03-01T09:00+00:00
---
First line.

Second line.

Third line.
"""
LAST = "  - {id: u2, at: 2026-03-01T09:20+00:00, status: identified, text: Found}\n"


def merge(ours: str, theirs: str, base: str = BASE) -> MergedRecord:
    return merge_records(PATH, base.encode(), ours.encode(), theirs.encode())


def values(result: MergedRecord) -> dict[str, Any]:
    document = read_document(PATH, result.data)
    assert (result.conflicts, document.diagnostics) == ((), ())
    assert document.values is not None
    return document.values


def plus(line: str, text: str = BASE) -> str:
    return text.replace(LAST, LAST + line)


def update(id_: str, minute: int, words: str = "More", rest: str = "") -> str:
    return f"  - {{id: {id_}, at: 2026-03-01T09:{minute}+00:00, status: identified, text: {words}{rest}}}\n"


def test_only_the_lines_that_changed_are_other_ones() -> None:
    ours, theirs = plus(update("u3", 40)), plus(update("u4", 30))
    assert merge(ours, theirs).data.decode() == plus(update("u4", 30) + update("u3", 40))


def test_a_comment_of_theirs_stays_beside_what_they_wrote() -> None:
    theirs = BASE.replace("impact: high\n", "impact: low  # not so bad\n")
    text = merge(plus(update("u3", 30)), theirs).data.decode()
    assert text == plus(update("u3", 30)).replace("impact: high\n", "impact: low  # not so bad\n")


def test_one_ends_a_hold_while_the_other_says_why_it_was() -> None:
    ours = BASE.replace("    reason: vendor\n", "    reason: vendor\n    to: 2026-03-01T11:00+00:00\n")
    theirs = BASE.replace("    reason: vendor\n", "    reason: user\n")
    assert values(merge(ours, theirs))["holds"] == [
        {"from": "2026-03-01T10:00+00:00", "reason": "user", "to": "2026-03-01T11:00+00:00"}
    ]


def test_corrections_of_both_sides_are_united() -> None:
    def corrected(*entries: str) -> str:
        lines = "".join(f"  - {entry}\n" for entry in entries)
        return BASE.replace("opened: 2026", f"corrections:\n{lines}opened: 2026")

    old = "{field: impact, was: low, reason: Counted again, at: 2026-03-01T09:30+00:00}"
    mine = "{field: opened, was: 2026-03-01T09:05+00:00, reason: The log says so, at: 2026-03-01T12:00+00:00}"
    other = "{field: restored, reason: It came back, at: 2026-03-01T11:00+00:00, by: duty-two}"
    both = merge(corrected(old, mine), corrected(old, other), corrected(old))
    assert [one["field"] for one in values(both)["corrections"]] == ["impact", "restored", "opened"]
    first = merge(corrected(mine), corrected(other))
    assert [one["field"] for one in values(first)["corrections"]] == ["restored", "opened"]
    again = merge(corrected(old, mine), corrected(old, mine), corrected(old))
    assert again.data.decode() == corrected(old, mine)
    changed = corrected(old.replace("Counted again", "Counted twice"))
    assert merge(changed, changed.replace("twice", "thrice"), corrected(old)).conflicts


def test_one_entry_that_both_added_is_one() -> None:
    hold = "  - {from: 2026-03-01T12:00+00:00, reason: user"
    at = "    reason: vendor\n"
    ours = BASE.replace(at, f"{at}{hold}}}\n")
    theirs = BASE.replace(at, f"{at}{hold}, note: lunch}}\n").replace("12:00+00:00", "13:00+01:00")
    assert values(merge(ours, theirs))["holds"][1]["note"] == "lunch"
    assert len(values(merge(ours, theirs))["holds"]) == 2


def test_what_both_added_in_two_places_is_there_once() -> None:
    first = '  - {id: u1, at: 2026-03-01T09:10+00:00, status: investigating, text: "We look."}\n'
    ours = BASE.replace(first, update("u3", 15) + first)
    assert [each["id"] for each in values(merge(ours, plus(update("u3", 15))))["updates"]] == [
        "u1",
        "u3",
        "u2",
    ]


def test_an_entry_with_another_id_is_another_entry_however_like_it_is() -> None:
    ours = BASE.replace("{id: u2,", "{id: u9,")
    result = merge(ours, BASE.replace("text: Found", "text: Found it"))
    assert [each.about for each in result.conflicts] == ["updates u2"]
    assert "{id: u9, at: 2026-03-01T09:20+00:00, status: identified, text: Found}" in result.data.decode()


def test_what_corrects_an_update_with_a_new_id_follows_it() -> None:
    ours = plus(update("u3", 30, "A") + update("u4", 50, "A2", ", corrects: u3"))
    theirs = plus(update("u3", 20, "B") + update("u5", 55, "B2", ", corrects: u3"))
    for result in (merge(ours, theirs), merge(theirs, ours)):
        found = [(each["id"], each["text"], each.get("corrects")) for each in values(result)["updates"][2:]]
        assert found == [("u3", "B", None), ("u6", "A", None), ("u4", "A2", "u6"), ("u5", "B2", "u3")]
        assert result.notes == ("updates: both sides added `u3`; the later one is now `u6`",)


def test_removed_and_untouched_is_removed_but_removed_and_changed_is_for_people() -> None:
    removed = BASE.replace(LAST, "")
    assert len(values(merge(removed, plus(update("u3", 30))))["updates"]) == 2
    result = merge(removed, BASE.replace("text: Found", "text: Found it"))
    assert [(each.about, each.reason) for each in result.conflicts] == [
        ("updates u2", "ours removed it, theirs changed it")
    ]
    assert (
        "<<<<<<< ours: updates u2\n=======\n"
        "  - {id: u2, at: 2026-03-01T09:20+00:00, status: identified, text: Found it}\n"
        ">>>>>>> theirs: updates u2\n"
    ) in result.data.decode()


def test_both_moved_the_status() -> None:
    result = merge(BASE.replace('"new"', "assigned"), BASE.replace('"new"', "in_progress"))
    assert [(each.about, each.reason) for each in result.conflicts] == [
        ("status", "ours says `assigned`, theirs `in_progress`")
    ]
    marked = "<<<<<<< ours: status\nstatus: assigned\n=======\nstatus: in_progress\n>>>>>>> theirs: status\n"
    assert result.data.decode() == BASE.replace('status: "new"\n', marked)


def test_a_conflict_inside_an_entry_or_a_mapping_is_about_that_key_alone() -> None:
    ours = BASE.replace("earlier: [INC-2026-0001]", "problem: PRB-2026-0001\n  earlier: [INC-2026-0002]")
    theirs = BASE.replace("earlier: [INC-2026-0001]", "problem: PRB-2026-0002\n  earlier: [INC-2026-0003]")
    text = merge(ours, theirs).data.decode()
    assert (
        "links:\n<<<<<<< ours: links problem\n  problem: PRB-2026-0001\n=======\n"
        "  problem: PRB-2026-0002\n>>>>>>> theirs: links problem\n"
        "  earlier:\n    - INC-2026-0002\n    - INC-2026-0003\n"
    ) in text


def test_the_same_time_in_two_zones_is_no_conflict() -> None:
    ours = BASE.replace("opened: 2026-03-01T09:00+00:00", "opened: 2026-03-01T08:59+00:00")
    theirs = BASE.replace("opened: 2026-03-01T09:00+00:00", "opened: 2026-03-01T09:59+01:00")
    assert values(merge(ours, theirs)) == values(merge(theirs, ours))


def test_the_newest_first_stays_the_newest_first() -> None:
    def lines(*updates: str) -> str:
        return BASE.replace(LAST, "".join(updates)).replace(
            '  - {id: u1, at: 2026-03-01T09:10+00:00, status: investigating, text: "We look."}\n', ""
        )

    base = lines(update("u2", 20), update("u1", 10))
    ours = lines(update("u3", 40), update("u2", 20), update("u1", 10))
    theirs = lines(update("u4", 30), update("u2", 20), update("u1", 10))
    found = values(merge(ours, theirs, base))["updates"]
    assert [each["id"] for each in found] == ["u3", "u4", "u2", "u1"]


def test_different_lines_of_the_body_merge_and_the_same_ones_do_not() -> None:
    assert merge(BASE.replace("First", "1st"), BASE.replace("Third", "3rd")).data.decode() == (
        BASE.replace("First", "1st").replace("Third", "3rd")
    )
    result = merge(BASE.replace("First", "1st"), BASE.replace("First", "One"))
    assert [each.about for each in result.conflicts] == ["body"]
    assert b"<<<<<<< ours: body\n1st line.\n=======\nOne line.\n>>>>>>> theirs: body\n" in result.data


@pytest.mark.parametrize("title", ["Gates are slow", "Gates do not open"])
def test_a_file_that_both_added_is_one_record_where_it_began_at_one_time(title: str) -> None:
    result = merge(plus(update("u3", 30)), BASE.replace("Gates are slow", title), "")
    assert [each.about for each in result.conflicts] == (["title"] if title != "Gates are slow" else [])


def test_a_commit_applied_again_after_a_race_gives_nothing_to_the_winner() -> None:
    """In a rebase the base is our record before, ours is the winner's, and theirs is our record after."""
    winner = BASE.replace("Gates are slow", "Search is down").replace(
        "opened: 2026-03-01", "opened: 2026-03-02"
    )
    result = merge(winner, plus(update("u3", 30)))
    assert result.conflicts[0].reason.startswith("two records took this ID")
    assert winner in result.data.decode()


def test_line_ends_and_a_byte_order_mark_stay_as_our_side_has_them() -> None:
    ours = "\ufeff" + plus(update("u3", 30)).replace("\n", "\r\n")
    result = merge(ours, plus(update("u4", 40)))
    assert result.data.decode().startswith("\ufeff---\r\n")
    assert "\n" not in result.data.decode().partition("First")[0].replace("\r\n", "")


def test_words_behind_a_marker_stay_on_its_line() -> None:
    id_ = '"u\\n>>>>>>> x\\e[31m' + "y" * 90 + '"'
    base = plus(update(id_, 30))
    result = merge(base.replace("text: More", "text: A"), base.replace("text: More", "text: B"), base)
    lines = result.data.decode().splitlines()
    marker = next(line for line in lines if line.startswith("<<<<<<<"))
    assert marker.isprintable()
    assert len(marker) < 100


def test_entries_are_told_apart_by_what_the_models_say() -> None:
    fields = model_shape(Incident).fields
    told = {key: shape.item.entries for key, shape in fields.items() if shape.item and shape.item.entries}
    assert told["updates"].named
    assert told["holds"].whole == ("from", "reason")
    assert told["assignments"].whole == ("at", "owner", "team")
    assert told["services"].whole == ("from", "service", "state")
    assert {key for key, entries in told.items() if entries.timed} == {
        "assignments", "holds", "escalations", "reopenings", "steps", "decisions", "updates",
    }  # fmt: skip


def test_sides_are_called_as_they_are_named() -> None:
    ours, theirs = (BASE.replace("impact: high\n", f"impact: {level}\n") for level in ("low", "medium"))
    result = merge_records(PATH, BASE.encode(), ours.encode(), theirs.encode(), LABELS_IN_REBASE)
    assert result.conflicts[0].reason == "upstream says `low`, yours `medium`"
    assert b"<<<<<<< upstream: impact\nimpact: low\n=======\nimpact: medium\n>>>>>>> yours: impact" in (
        result.data
    )
