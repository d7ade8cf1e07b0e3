"""A merge loses nothing, whoever is called ours: held for every kind of record, in many layouts."""

from __future__ import annotations

import dataclasses
import json
from enum import Enum
from typing import Any, get_args, get_origin

import pytest
from filling import bare, leaf_kind, places
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from incidentbook.edits.merging import MergedRecord, merge_records
from incidentbook.edits.merging_text import decided
from incidentbook.records import KINDS
from incidentbook.source import Document, read_document, render_document, to_yaml

PATHS = {
    "incident": "records/incidents/2026/INC-2026-0042.md",
    "review": "incidents/2026/INC-2026-0042.review.md",
    "maintenance": "incidents/2026/MNT-2026-0003.md",
    "problem": "knowledge/problems/PRB-2026-0007.md",
    "article": "knowledge/articles/restart.md",
}
TIMES = [f"2026-11-21T14:0{minute}+00:00" for minute in range(5)] + ["2026-11-21T15:03+01:00"]
WORDS = ["a", "b: c", "# d", "yes", "12:30", "one\ntwo", "<<<<<<< ours", "say ü", "- e", "'"]
LEAVES: dict[str, st.SearchStrategy[Any]] = {
    "instant": st.sampled_from(TIMES),
    "day": st.sampled_from(["2026-11-21", "2026-11-22"]),
    "flag": st.booleans(),
    "count": st.integers(0, 3),
    "text": st.sampled_from(WORDS),
    "slug": st.sampled_from(["web", "db"]),
    "category": st.sampled_from(["app/web", "app"]),
    "handle": st.sampled_from(["one", "two"]),
    "incident": st.sampled_from(["INC-2026-0001", "INC-2026-0002"]),
    "problem": st.sampled_from(["PRB-2026-0001", "PRB-2026-0002"]),
}
IDS = st.sampled_from(["u1", "u2", "u3", "x"])


def values_of(hint: Any) -> st.SearchStrategy[Any]:
    """Few different values, so that two sides often have the same and often not."""
    inner = bare(hint)
    if get_origin(inner) is tuple:
        return st.lists(values_of(get_args(inner)[0]), max_size=3)
    if dataclasses.is_dataclass(inner):
        every = [(each, IDS if each.key == "id" else values_of(each.hint)) for each in places(inner)]
        return st.fixed_dictionaries(
            {each.key: value for each, value in every if each.required},
            optional={each.key: value for each, value in every if not each.required},
        )
    kind = leaf_kind(hint)
    if kind is not None:
        return LEAVES[kind]
    if isinstance(inner, type) and issubclass(inner, Enum):
        return st.sampled_from([member.value for member in inner][:3])
    return st.integers(1, 3)


def fields(kind: str) -> dict[str, st.SearchStrategy[Any]]:
    found = {each.key: values_of(each.hint) for each in places(KINDS[kind].model) if each.key != "extra"}
    plain = st.sampled_from(["a", None, 1, 1.0, True, {"k": [1]}, [["a"], "b"], ["a", "a"], []])
    return {**found, "x-own": plain, "title": st.just("Checkout answers 502")}


class Texts:
    """Draws three versions of one record."""

    def __init__(self, kind: str, draw: st.DrawFn) -> None:
        self.fields, self.draw, self.kind = fields(kind), draw, kind
        named = [key for key in ("updates", "actions") if key in self.fields]
        # what has IDs is where most can go wrong, so it comes up in every second record
        self.keys = st.sampled_from(sorted(self.fields) + named * (len(self.fields) // 2))

    def versions(self) -> tuple[str, str, str]:
        keys = self.draw(st.sets(self.keys, min_size=1, max_size=4)) | {"title"}
        base = {key: self.draw(self.fields[key]) for key in sorted(keys)}
        one, other = (self.written(self.edited(base)) for _ in range(2))
        return self.written(base), one, other

    def edited(self, base: dict[str, Any]) -> dict[str, Any]:
        values = dict(base)
        for key in self.draw(st.lists(self.keys, max_size=3)):
            if key == "title":
                continue
            new = self.draw(self.fields[key])
            old = values.get(key)
            if isinstance(old, list) and isinstance(new, list) and key != "x-own":
                kept = [each for each in old if self.draw(st.booleans())] if self.draw(st.booleans()) else old
                values[key] = [*kept, *new]
            elif self.draw(st.integers(0, 4)) == 0:
                values.pop(key, None)
            else:
                values[key] = new
        return values

    def written(self, values: dict[str, Any]) -> str:
        body = "".join(self.draw(st.lists(st.sampled_from(["One.\n", "Two.\n", "\n"]), max_size=4)))
        text = render_document(values, "") + body
        match self.draw(st.integers(0, 4)):
            case 0:
                text = text.replace("\n  - ", "\n- ")
            case 1:
                text = text.replace("\n  - ", "\n  # a remark\n  - ").replace("title: ", "# x\ntitle: ")
            case 2:
                text = f"---\n{json.dumps(values)}\n---\n{body}"
            case 3:
                text = text.replace("\n", "\r\n")
        read = read_document("", text.encode())
        return (
            text if read.values == values and not read.diagnostics else f"---\n{to_yaml(values)}---\n{body}"
        )


@st.composite
def versions(draw: st.DrawFn, kind: str) -> tuple[str, str, str]:
    return Texts(kind, draw).versions()


def read(text: str) -> Document:
    document = read_document("", text.encode())
    assert document.diagnostics == (), text
    return document


def merged(kind: str, base: str, ours: str, theirs: str) -> MergedRecord:
    return merge_records(PATHS[kind], base.encode(), ours.encode(), theirs.encode())


def entries(value: Any) -> list[Any]:
    """Every entry of every list of a record, at any depth."""
    if isinstance(value, dict):
        return [entry for key, each in value.items() if key != "x-own" for entry in entries(each)]
    return value if isinstance(value, list) else []


def tokens(value: Any) -> set[str]:
    """The values of an entry by which people would know it; what a merge may renew is left out."""
    if not isinstance(value, dict):
        return {json.dumps(value)}
    return {f"{key}={each!r}" for key, each in value.items() if key not in ("id", "corrects")}


def sides_of(result: MergedRecord) -> tuple[Any, Any]:
    text = result.data.decode()
    ours, theirs = (read(decided(text, side)).values for side in ("ours", "theirs"))
    return ours, theirs


def apart(one: Any, known: list[Any]) -> bool:
    """Whether an entry shares no value with those known: then nothing can take it for one of them."""
    mine = set(map(repr, one.values())) if isinstance(one, dict) else {repr(one)}
    theirs = {
        repr(each) for entry in known for each in (entry.values() if isinstance(entry, dict) else [entry])
    }
    return not mine & theirs


slow = settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@pytest.mark.parametrize("kind", PATHS)
def test_what_one_side_did_is_taken_byte_for_byte(kind: str) -> None:
    @slow
    @given(versions(kind))
    def holds(texts: tuple[str, str, str]) -> None:
        base, ours, _ = texts
        assert merged(kind, base, base, ours) == MergedRecord(ours.encode())
        assert merged(kind, base, ours, base) == MergedRecord(ours.encode())
        assert merged(kind, base, ours, ours) == MergedRecord(ours.encode())

    holds()


@pytest.mark.parametrize("kind", PATHS)
@pytest.mark.parametrize("added", [False, True])
def test_no_entry_that_a_side_added_is_lost(kind: str, added: bool) -> None:
    @slow
    @given(versions(kind))
    def holds(texts: tuple[str, str, str]) -> None:
        base, ours, theirs = ("", *texts[1:]) if added else texts
        result = merged(kind, base, ours, theirs)
        known = entries(read(base).values) if base else []
        for side, text in zip(sides_of(result), (ours, theirs), strict=True):
            found = [tokens(entry) for entry in entries(side)]
            for entry in entries(read(text).values):
                if apart(entry, known):
                    assert any(tokens(entry) <= each for each in found), (entry, result)

    holds()


@pytest.mark.parametrize("kind", PATHS)
@pytest.mark.parametrize("added", [False, True])
def test_it_makes_no_difference_who_is_called_ours(kind: str, added: bool) -> None:
    @slow
    @given(versions(kind))
    def holds(texts: tuple[str, str, str]) -> None:
        base, ours, theirs = ("", *texts[1:]) if added else texts
        one, other = merged(kind, base, ours, theirs), merged(kind, base, theirs, ours)
        assert sides_of(one) == tuple(reversed(sides_of(other)))
        assert len(one.conflicts) == len(other.conflicts)
        assert sorted(one.notes) == sorted(other.notes)

    holds()


@pytest.mark.parametrize("kind", PATHS)
def test_what_is_left_to_people_cannot_be_taken_for_a_record(kind: str) -> None:
    @slow
    @given(versions(kind))
    def holds(texts: tuple[str, str, str]) -> None:
        result = merged(kind, *texts)
        document = read_document("", result.data)
        fields_clash = any(conflict.about != "body" for conflict in result.conflicts)
        assert bool(document.diagnostics) == fields_clash
        assert bool(result.conflicts) == (b"\n>>>>>>> theirs: " in result.data)

    holds()


@pytest.mark.parametrize("kind", PATHS)
def test_a_field_that_one_side_changed_is_as_that_side_has_it(kind: str) -> None:
    @slow
    @given(versions(kind))
    def holds(texts: tuple[str, str, str]) -> None:
        base, ours, theirs = (read(text).values or {} for text in texts)
        for side in sides_of(merged(kind, *texts)):
            for key in {*base, *ours, *theirs}:
                # a key that is null is another thing than none: `...` stands for that
                before, mine, yours = (repr(version.get(key, ...)) for version in (base, ours, theirs))
                if before in (mine, yours) and "u" not in mine + yours:
                    assert repr(side.get(key, ...)) == (yours if mine == before else mine), key

    holds()
