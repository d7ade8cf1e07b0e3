"""Changes inside a value leave all else of it as it is written, in every layout that people use."""

from __future__ import annotations

from typing import Any

import pytest

from incidentbook.edits import with_nested
from incidentbook.source import read_document


def changed(yaml: str, place: tuple[str | int, ...], changes: dict[str, Any]) -> str:
    text = with_nested(read_document("x.md", f"---\n{yaml}---\nBody\n".encode()), place, changes)
    assert text.endswith("---\nBody\n")
    return text.removeprefix("---\n").removesuffix("---\nBody\n")


@pytest.mark.parametrize(
    ("yaml", "place", "changes", "after"),
    [
        # a key more
        ("a: {b: 1}   # c\n", ("a",), {"d": "x, y"}, "a: {b: 1, d: 'x, y'}   # c\n"),
        ("a: { b: 1 }\n", ("a",), {"d": "x"}, "a: { b: 1, d: x }\n"),
        ("a: {b: 1,}\n", ("a",), {"d": "x"}, "a: {b: 1, d: x,}\n"),
        ("a:\n  b: 1   # c\nz: 2\n", ("a",), {"d": "x"}, "a:\n  b: 1   # c\n  d: x\nz: 2\n"),
        ("a:\n - {b: 1}\n - {b: 2} # c\n", ("a", 1), {"d": "x"}, "a:\n - {b: 1}\n - {b: 2, d: x} # c\n"),
        ("a:\n  - b: 1 # c\n\nz: 2\n", ("a", 0), {"d": "x"}, "a:\n  - b: 1 # c\n    d: x\n\nz: 2\n"),
        # a key changed
        ("a: {b: 'x'} # c\n", ("a",), {"b": "y"}, "a: {b: y} # c\n"),
        ("a:\n  b: x   # c\n  d: z\n", ("a",), {"b": "y"}, "a:\n  b: y   # c\n  d: z\n"),
        # a list longer
        ("a: {b: [1, 2]} # c\n", ("a",), {"b": [1, 2, 3]}, "a: {b: [1, 2, 3]} # c\n"),
        ("a: {b: []}\n", ("a",), {"b": ["x"]}, "a: {b: [x]}\n"),
        ("a:\n  b: [x] # c\n", ("a",), {"b": ["x", "y, z"]}, "a:\n  b: [x, 'y, z'] # c\n"),
        ("a:\n  b:\n  - x # c\n  d: 1\n", ("a",), {"b": ["x", "y"]}, "a:\n  b:\n  - x # c\n  - y\n  d: 1\n"),
        (
            "a:\n  b:\n    - {k: 1}\n",
            ("a",),
            {"b": [{"k": 1}, {"k": 2}], "d": ["x"]},
            "a:\n  b:\n    - {k: 1}\n    - {k: 2}\n  d:\n    - x\n",
        ),
        ("a: {b: 1}\n", ("a",), {"d": [{"k": "x"}]}, "a: {b: 1, d: [{k: x}]}\n"),
        # a list that is another one
        ("a: {b: [1, 2], d: x}\n", ("a",), {"b": [2]}, "a: {b: [2], d: x}\n"),
        ("a:\n  b:\n    - 1 # c\n  d: x\n", ("a",), {"b": [2]}, "a:\n  b:\n    # c\n    - 2\n  d: x\n"),
        # a text of several lines
        ("a: {b: 1}\n", ("a",), {"d": "x\ny"}, 'a: {b: 1, d: "x\\ny"}\n'),
        ("a:\n  b: x # c\n", ("a",), {"b": "x\ny"}, "a:\n  # c\n  b: |-\n    x\n    y\n"),
        # a key less
        ("a: {b: 1, d: 2}   # c\n", ("a",), {"b": None}, "a: {d: 2}   # c\n"),
        ("a: { b: 1, d: '2' }\n", ("a",), {"d": None}, "a: { b: 1 }\n"),
        ("a: {b: 1, d: 2,}\n", ("a",), {"b": None, "d": None, "e": "x"}, "a: {e: x,}\n"),
        (
            "a: {b: 1, # one,\n d: 2, # two\n e: 3}\n",
            ("a",),
            {"d": None},
            "a: {b: 1, # one,\n # two\n e: 3}\n",
        ),
        ("a: {b: 1, # one,\n d: 2}\n", ("a",), {"d": None}, "a: {b: 1, # one,\n }\n"),
        ("a:\n  b: 'x'\n  d: y # c\n  e: z # f\n", ("a",), {"d": None}, "a:\n  b: 'x'\n  # c\n  e: z # f\n"),
        ("a:\n  b: [x,\n    y]\n  d: y\n", ("a",), {"b": None}, "a:\n  d: y\n"),
        # a key less, or one of several lines, behind a dash
        ("a:\n  - b: 1\n    d: 'x' # c\n", ("a", 0), {"b": None}, "a:\n  - d: 'x' # c\n"),
        (
            "a:\n  -   b: 1 # c\n      # f\n      d: 'x'\n",
            ("a", 0),
            {"b": None},
            "a:\n  -   # c\n      # f\n      d: 'x'\n",
        ),
        ("a:\n- b: 1\n  d: 'x'\n", ("a", 0), {"b": "1\n2"}, "a:\n- b: |-\n    1\n    2\n  d: 'x'\n"),
        # a comment below the last key is about that
        ("a:\n  b: 1\n  # c\nz: 2\n", ("a",), {"d": "x"}, "a:\n  b: 1\n  # c\n  d: x\nz: 2\n"),
        (
            "a:\n  - b: 1\n  # c\n  - b: 2\n",
            ("a", 0),
            {"d": "x"},
            "a:\n  - b: 1\n    d: x\n  # c\n  - b: 2\n",
        ),
    ],
)
def test_layouts(yaml: str, place: tuple[str | int, ...], changes: dict[str, Any], after: str) -> None:
    assert changed(yaml, place, changes) == after


def test_there_must_be_a_mapping() -> None:
    with pytest.raises(KeyError):
        changed("a: [1]\n", ("a", 0), {"b": 1})
    with pytest.raises(IndexError):
        changed("a: [{b: 1}]\n", ("a", 4), {"b": 1})
