"""The quick way of writing YAML gives what PyYAML gives, for every value that it does not leave to it."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from incidentbook.source import read_yaml, to_yaml
from incidentbook.source.plain_yaml import plain_entry
from incidentbook.source.writing import dump

_ODD = """
- ~ ' " ` _ / = y | > : < 1 a group-56 P1 true Null no 1e3 0x1F 12:30 --- a#b [x] {x} *a &a !a %a @a a? a: :a
a:b it's a,b a-b a_ /x (x) a- INC0000045 category-1/sub-2 C# <b> a|b << a@b.example 50% inf .inf NaN a\\b é
2026-11-21 2026-11-21T14:05+00:00 2026-11-21T14:05:07.123Z Büro 日本 \u00d7
"""
_SPACED = [
    "a: b",
    "a #b",
    "a, b",
    "? a",
    " a",
    "a ",
    "a  b",
    "\u2028",
    "a\tb",
    "a\nb",
    "",
    "x" * 97,
    "word " * 30,
]
_WORDS = st.sampled_from([*_ODD.split(), *_SPACED])
_TEXT = st.one_of(
    _WORDS,
    st.lists(_WORDS, max_size=4).map(" ".join),
    st.text(st.characters(min_codepoint=32, max_codepoint=0x250), max_size=30),
)
_SCALAR = st.one_of(
    _TEXT, st.booleans(), st.none(), st.integers(-(10**12), 10**12), st.floats(allow_nan=False)
)
_KEY = st.one_of(
    st.sampled_from(["at", "team", "from", "to", "true", "null", "x-own", "a b", "1", "é"]), _TEXT
)
_VALUE = st.recursive(
    _SCALAR,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(_KEY, inner, max_size=4),
    max_leaves=12,
)


@settings(max_examples=300)
@given(st.dictionaries(_KEY, _VALUE, max_size=4))
def test_both_ways_write_the_same(values: dict[str, Any]) -> None:
    assert to_yaml(values) == dump(values)


@example("one\x85two")
@example("one\u2028\n\u2029two\n")
@given(_TEXT)
def test_text_comes_back_from_every_place(text: str) -> None:
    values = {"plain": text, "listed": [text], "inside": [{"at": text}], "below": {"at": text}}
    document = read_yaml("x.yml", to_yaml(values).encode())
    assert (document.diagnostics, document.values) == ((), values)


@pytest.mark.parametrize(
    "value",
    [
        "Symptom 72, Category 55, Subcategory 170",
        "2026-11-21T14:05+00:00",
        7,
        ["Symptom 72"],
        [{"at": "2026-11-21T14:05+00:00", "team": "group-56", "owner": "resolver-89"}],
        {"channel": "phone", "name": "Caller 2403"},
    ],
)
def test_what_an_import_writes_takes_the_quick_way(value: object) -> None:
    assert plain_entry("key", value) == dump({"key": value})
