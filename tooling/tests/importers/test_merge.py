"""What a record takes from its source when it is imported again."""

from __future__ import annotations

from typing import Any

from incidentbook.edits import record_text
from incidentbook.importers.merge import Merge, merge
from incidentbook.records.seal import is_untouched, owned, sealed
from incidentbook.source import read_document

SOURCE: dict[str, Any] = {
    "title": "Gates are slow",
    "status": "in_progress",
    "services": [{"service": "gates", "state": "degraded_performance"}],
    "impact": "medium",
    "urgency": "medium",
    "opened": "2026-03-01T10:00+00:00",
    "updates": [
        {"at": "2026-03-01T10:00+00:00", "status": "investigating", "visibility": "public", "text": "Looking"}
    ],
}
RESOLVED: dict[str, Any] = SOURCE | {
    "status": "resolved",
    "resolved": "2026-03-01T12:00+00:00",
    "updates": [
        *SOURCE["updates"],
        {"at": "2026-03-01T12:00+00:00", "status": "resolved", "visibility": "public", "text": "Done"},
    ],
}


def imported(values: dict[str, Any]) -> dict[str, Any]:
    """The fields of a record that an import has just written."""
    return values | {"origin": sealed({"system": "statuspage", "id": "1"}, owned("incident", values))}


def again(source: dict[str, Any], *edits: tuple[str, str]) -> Merge:
    """Import a source over the record that SOURCE gave, after edits by hand."""
    text = record_text("incident", imported(SOURCE))
    for before, after in edits:
        assert before in text
        text = text.replace(before, after)
    return merge("incident", read_document("record.md", text.encode()), source)


def test_nothing_new_changes_nothing() -> None:
    assert again(SOURCE) == Merge({})


def test_an_untouched_record_follows_its_source_in_everything() -> None:
    source = {key: value for key, value in RESOLVED.items() if key != "urgency"} | {
        "title": "Gates were slow"
    }
    merged = again(source)
    assert merged.follows and merged.kept == ()
    assert merged.changes == {
        "title": "Gates were slow",
        "status": "resolved",
        "resolved": "2026-03-01T12:00+00:00",
        "updates": RESOLVED["updates"],
        "urgency": None,
    }


def test_fields_that_the_import_does_not_fill_do_not_count_as_touched() -> None:
    merged = again(
        RESOLVED, ("status: in_progress\n", "status: in_progress\ncategory: network\nlocation: Pier 4\n")
    )
    assert merged.follows
    assert merged.changes["status"] == "resolved"


def test_a_time_in_another_spelling_is_the_same_time() -> None:
    assert again(SOURCE, ("opened: 2026-03-01T10:00+00:00", "opened: 2026-03-01T11:00:00+01:00")) == Merge({})


def test_a_field_changed_by_hand_is_kept_and_named() -> None:
    merged = again(SOURCE | {"impact": "high"}, ("title: Gates are slow", "title: Gates crawl"))
    assert merged == Merge({}, kept=("title", "impact"))


def test_after_a_change_by_hand_the_source_still_adds_and_ends() -> None:
    merged = again(RESOLVED, ("title: Gates are slow", "title: Gates crawl"))
    assert not merged.follows
    assert merged.changes == {
        "status": "resolved",
        "resolved": "2026-03-01T12:00+00:00",
        "updates": RESOLVED["updates"],
    }
    assert merged.kept == ("title",)


def test_an_update_added_by_hand_stays_in_its_place() -> None:
    by_hand = """\
updates:
  - {at: 2026-03-01T11:00+00:00, status: identified, visibility: internal, text: A relay is stuck}
"""
    merged = again(RESOLVED, ("updates:\n", by_hand))
    assert [update["text"] for update in merged.changes["updates"]] == ["Looking", "A relay is stuck", "Done"]
    assert merged.kept == ()


def test_an_update_reworded_by_hand_is_kept_and_named() -> None:
    merged = again(RESOLVED, ("text: Looking", "text: Looking into it"))
    assert [update["text"] for update in merged.changes["updates"]] == ["Looking into it", "Done"]
    assert merged.kept == ("updates",)


def test_a_record_closed_by_hand_stays_closed() -> None:
    merged = again(RESOLVED, ("status: in_progress", "status: cancelled"))
    assert "status" not in merged.changes and "resolved" not in merged.changes
    assert merged.kept == ("status",)


def test_a_record_without_its_digest_counts_as_changed_by_hand() -> None:
    text = record_text("incident", SOURCE)
    merged = merge("incident", read_document("record.md", text.encode()), SOURCE | {"impact": "high"})
    assert merged == Merge({}, kept=("impact",))


def test_the_digest_is_of_the_imported_fields_alone() -> None:
    assert is_untouched("incident", imported(SOURCE))
    assert is_untouched("incident", imported(SOURCE) | {"category": "network", "visibility": "internal"})
    assert not is_untouched("incident", imported(SOURCE) | {"title": "Gates"})
    assert not is_untouched("incident", SOURCE | {"origin": "statuspage"})


def test_line_ends_do_not_count_as_a_change() -> None:
    text = record_text("incident", imported(SOURCE)).replace("\n", "\r\n")
    assert merge("incident", read_document("record.md", text.encode()), RESOLVED).follows
