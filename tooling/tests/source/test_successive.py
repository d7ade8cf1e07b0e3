"""Reading what differs gives what reading the whole gives, or nothing."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from incidentbook.history.reading import read_version
from incidentbook.records import parse_name
from incidentbook.source import blocks_of, read_blocks, read_yaml

NAME = parse_name("incidents/2026/INC-2026-0001.md")
assert NAME is not None

USUAL = [
    "title: Checkout fails",
    "title: 'Checkout: fails'",
    "status: new",
    "status: resolved",
    "summary: |\n  Two lines\n\n  of text",
    "symptoms:\n- one\n- two",
    "symptoms:\n  - one\n  # said by users\n  - two",
    "acknowledged: 2026-11-19T14:10+00:00",
    "updates:\n  - {at: 2026-11-19T14:30+00:00, status: identified, text: 'We know: why'}",
    "updates:\n  - at: 2026-11-19T14:30+00:00\n    status: identified\n    text: >-\n      Folded\n"
    "      text",
    "x-own: {a: [1, 2]}",
    "# a remark",
    "",
    "links: {parent: INC-2026-0002}",
    "impact: high",
]
NASTY = [
    'title: "open\nstatus: new\nend"',
    "title: {a: b,\nstatus: c}",
    "title: one\u2028status: closed",
    "title: one\x85major: true",
    "impact: &a high",
    "urgency: *a",
    "title: &a one\nsummary: &a two",
    "...",
    "---",
    "%YAML 1.1",
    "? status\n: closed",
    "'status': closed",
    "<<: {status: closed}",
    "status: !!str new",
    "status:",
    "status: ~",
    " title: indented",
    "\ttitle: tab",
    "status : spaced",
    "extra: 1",
    "urgncy: high",
    "impact: enormous",
    "location: plain\n  goes on",
    "location: plain\ngoes on",
    "location: [a,\n]",
    "location: 'it''s\nstatus: closed'",
    "symptoms: [" + "[" * 45 + "]" * 45 + "]",
    "location: é\u00a0\ufeffx",
    "location: bell\x07",
]
_FRONT = st.lists(st.sampled_from(USUAL + NASTY), min_size=1, max_size=8)
_MOSTLY_USUAL = st.lists(st.sampled_from(USUAL), min_size=2, max_size=9)


def _file(lines: list[str], newline: str = "\n") -> bytes:
    return newline.join(["---", *lines, "---", "It did.", ""]).encode()


@settings(max_examples=600, deadline=None)
@given(st.one_of(_FRONT, _MOSTLY_USUAL), st.one_of(_FRONT, _MOSTLY_USUAL), st.sampled_from(["\n", "\r\n"]))
def test_a_later_version_is_read_as_if_it_were_alone(
    first: list[str], second: list[str], newline: str
) -> None:
    assert NAME is not None
    earlier = read_version(NAME, _file(first, newline), None)
    alone = read_version(NAME, _file(second, newline), None)
    after = read_version(NAME, _file(second, newline), earlier)
    assert (alone is None) == (after is None)
    if alone is not None and after is not None:
        assert after.record == alone.record
        assert list(after.facts.items()) == list(alone.facts.items())


@settings(max_examples=600)
@given(st.one_of(_FRONT, _MOSTLY_USUAL), _MOSTLY_USUAL)
def test_blocks_say_what_the_whole_says(first: list[str], second: list[str]) -> None:
    text, earlier = ("\n".join([*lines, ""]) for lines in (first, second))
    blocks = blocks_of(text, {})
    assert blocks_of(text, blocks_of(earlier, {}) or {}) == blocks
    whole = read_yaml("x.yml", text.encode())
    if blocks is None or whole.diagnostics or list(blocks.values()) != list(whole.values or ()):
        return
    for lines, key in blocks.items():
        values = read_blocks({lines: key})
        assert values is None or values == {key: (whole.values or {})[key]}


def test_the_usual_layout_is_taken_apart() -> None:
    text = "# remark\n\na: 1\nb:\n- 2\n# another\nc: {d: e,\n  f: g}\n"
    blocks = blocks_of(text, {})
    assert blocks == {"a: 1\n": "a", "b:\n- 2\n# another\n": "b", "c: {d: e,\n  f: g}\n": "c"}
    assert read_blocks(blocks) == read_yaml("x.yml", text.encode()).values


@pytest.mark.parametrize(
    "line",
    ["...", "%YAML 1.1", "'a': 1", "? a", "\ta: 1", "a : 1", "a: 1\na: 2", "a: 1\na: 1", "-a", "plain"],
)
def test_what_is_unusual_is_not(line: str) -> None:
    for text in (f"{line}\n", f"b: 1\n{line}\n", f"{line}\nb: 1\n"):
        assert blocks_of(text, {}) is None
        assert blocks_of(text, {"b: 1\n": "b"}) is None


@pytest.mark.parametrize("text", ["", "# remark\n", " a: 1\n", "\n"])
def test_without_a_key_there_is_nothing_to_compare(text: str) -> None:
    assert blocks_of(text, {}) is None


def test_the_same_words_are_not_read_again() -> None:
    assert NAME is not None
    first = read_version(NAME, _file(["title: Checkout fails", "status: new"]), None)
    assert first is not None
    assert (
        read_version(NAME, _file(["title: Checkout fails", "status: new"]).replace(b"did", b"does"), first)
        is first
    )
