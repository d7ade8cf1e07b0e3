"""Single keys change; everything else stays as its writer left it."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from incidentbook.edits import append_items, with_values
from incidentbook.edits.record_text import field_order
from incidentbook.source import read_document, read_yaml, render_document

RECORD = """\
---
# yaml-language-server: $schema=x
title: Gates are slow   # as they said
# the state of things
status: in_progress  # since noon
services:
  - {service: gates, state: partial_outage}
  # a remark inside
  - service: berths
    state: degraded_performance

# how bad
impact: high
origin: {system: statuspage, id: "1"}
x-ticket: T-1
---
# A heading that is no comment

Body.
"""


def changed(text: str, **changes: Any) -> str:
    return with_values(read_document("r.md", text.encode()), changes, field_order("incident"))


def test_a_value_is_replaced_and_the_comment_behind_it_stays() -> None:
    assert changed(RECORD, status="resolved") == RECORD.replace(
        "status: in_progress  # since noon", "status: resolved  # since noon"
    )


def test_a_new_key_goes_where_the_model_has_it() -> None:
    text = changed(RECORD, urgency="low", resolved="2026-03-01T12:00+00:00")
    assert "impact: high\nurgency: low\nresolved: 2026-03-01T12:00+00:00\norigin:" in text
    assert text.replace("urgency: low\nresolved: 2026-03-01T12:00+00:00\n", "") == RECORD


def test_a_list_is_replaced_and_comments_around_it_stay() -> None:
    text = changed(RECORD, services=[{"service": "gates", "state": "operational"}])
    assert (
        "services:\n  # a remark inside\n  - {service: gates, state: operational}\n\n# how bad\nimpact: high"
        in text
    )


def test_a_key_is_removed() -> None:
    assert "impact" not in changed(RECORD, impact=None)
    assert changed(RECORD, impact=None) == RECORD.replace("impact: high\n", "")


def test_removing_what_is_not_there_changes_nothing() -> None:
    assert changed(RECORD, resolved=None) == RECORD


def test_a_new_key_does_not_part_a_list_from_the_comment_below_it() -> None:
    text = "---\nservices:\n  - {service: gates}\n\n  # all of them\n\n# how bad\nurgency: high\n---\n"
    assert changed(text, impact="low") == text.replace("them\n", "them\nimpact: low\n")


def test_a_key_without_a_value_keeps_what_is_said_below_it() -> None:
    text = "---\nlinks:\n  # none yet\nstatus: new\n---\n"
    assert changed(text, links={"problem": "P"}) == text.replace("yet\n", "yet\n  problem: P\n")
    assert (
        changed(text, links="two\nlines") == "---\n# none yet\nlinks: |-\n  two\n  lines\nstatus: new\n---\n"
    )
    text = "---\nlinks:\n  # none yet\nwords: x\nstatus: new\n---\n"
    assert changed(text, status="old", links="a") == text.replace("new", "old").replace(
        "links:\n  # none yet", "# none yet\nlinks: a"
    )


def test_a_first_key_goes_before_all_others() -> None:
    text = "---\nstatus: new\n---\n"
    assert changed(text, title="Slow") == "---\ntitle: Slow\nstatus: new\n---\n"


def test_several_changes_at_once() -> None:
    text = changed(RECORD, title="A: b", status=None, services=None, started="2026-03-01T09:00Z", closed="x")
    document = read_document("r.md", text.encode())
    assert document.values == {
        "title": "A: b", "impact": "high", "started": "2026-03-01T09:00Z", "closed": "x",
        "origin": {"system": "statuspage", "id": "1"}, "x-ticket": "T-1",
    }  # fmt: skip
    assert document.body.startswith("# A heading")


def test_line_ends_stay_as_they_were() -> None:
    text = changed(RECORD.replace("\n", "\r\n"), status="resolved", updates=[{"text": "One\ntwo"}])
    assert "\n" not in text.replace("\r\n", "")


def test_a_layout_too_unusual_to_patch_loses_comments_but_no_value() -> None:
    text = changed("---\n{title: Slow, status: new} # remark\n---\nBody\n", status="resolved")
    document = read_document("r.md", text.encode())
    assert document.values == {"title": "Slow", "status": "resolved"}
    assert document.body == "Body\n"


def test_a_block_scalar_that_ends_in_what_looks_like_a_comment_is_replaced_whole() -> None:
    text = "---\nsummary: |\n  One\n  # two\n\nstatus: new\n---\n"
    assert changed(text, summary="Short") == "---\nsummary: Short\n\nstatus: new\n---\n"


SERVICES = """\
# the catalogue
groups: []
services:
  # the shop
  - id: shop   # everybody's
    name: Shop
    depends_on:
      - database

  - {id: database, name: Database}
  # both are old
"""


def appended(text: str, *items: dict[str, Any]) -> str:
    return append_items(read_yaml("services.yml", text.encode()), "services", items)


def test_items_go_behind_the_last_one() -> None:
    text = appended(SERVICES, {"id": "gates", "name": "Gates"}, {"id": "berths", "name": "Berths: all"})
    added = "  - {id: gates, name: Gates}\n  - {id: berths, name: 'Berths: all'}\n"
    assert text == SERVICES + added


@pytest.mark.parametrize(
    "text",
    [
        "services: []\n",
        "services:\n",
        "services: [{id: shop, name: Shop}]\n",
        "groups: []",
        "# only a comment\n",
        "",
        "services:\n- id: shop\n  name: Shop",
        "services:\n    - id: shop\n      name: Shop\ngroups: []\n",
        "{services: [{id: shop, name: Shop}]}\n",
        "services:\n  -\n    id: shop\n    name: |\n      Shop\n",
    ],
)
def test_items_go_into_any_layout(text: str) -> None:
    before = read_yaml("services.yml", text.encode()).values or {}
    result = read_yaml("services.yml", appended(text, {"id": "gates", "name": "Gates"}).encode())
    assert result.diagnostics == ()
    expected = [*(before.get("services") or []), {"id": "gates", "name": "Gates"}]
    assert result.values == {**before, "services": expected}


def test_comments_stay_where_the_list_was_empty() -> None:
    text = "# head\ngroups: [] # none yet\nservices: []\n# foot\n"
    assert appended(text, {"id": "gates", "name": "Gates"}) == (
        "# head\ngroups: [] # none yet\nservices:\n  - {id: gates, name: Gates}\n# foot\n"
    )


plain = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-999, 999)
    | st.text(st.characters(codec="utf-8", categories=("L", "N", "P", "Z")), max_size=12),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("abcd"), inner, max_size=3),
    max_leaves=6,
)
keys = st.sampled_from(["title", "status", "services", "summary", "x-a", "links"])


@given(st.dictionaries(keys, plain, min_size=1), st.dictionaries(keys, plain, max_size=3))
def test_no_change_loses_or_invents_a_value(values: dict[str, Any], changes: dict[str, Any]) -> None:
    text = render_document(values, "Body\n", comment="head")
    document = read_document("r.md", text.encode())
    if document.diagnostics:
        return
    result = read_document("r.md", with_values(document, changes, field_order("incident")).encode())
    expected = {key: value for key, value in {**values, **changes}.items() if changes.get(key, 0) is not None}
    assert result.values == expected
    assert result.body == "Body\n"
