"""What must hold of every change of a record, for the tests of changes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from incidentbook.desk.change import Change, changed_text
from incidentbook.edits.blocks import key_blocks, lines_of
from incidentbook.edits.comments import comment_places
from incidentbook.edits.patches import Place
from incidentbook.source import Document, read_document


def assert_only_that(before: Document, change: Change, verb: str) -> Document:
    """What the change does not name stands where it stood, byte for byte, and every comment does."""
    after = read_document(before.path, changed_text(before, "incident", change).encode())
    assert after.diagnostics == before.diagnostics, verb
    touched = {*change.values, *change.added, *(str(place[0]) for place in change.nested)}
    was, is_ = _blocks(before), _blocks(after)
    assert [key for key in is_ if key in was] == [key for key in was if key in is_], verb
    for key, lines in was.items():
        if key not in touched:
            assert is_[key] == lines, f"{verb} of {before.path} changed `{key}`"
    for keys in _kept(before.values, change):
        assert after.written(*keys) == before.written(*keys), f"{verb} of {before.path} rewrote {keys}"
    comments = [comment for _, comment in comment_places(before)]
    assert [comment for _, comment in comment_places(after)] == comments, verb
    assert after.body == before.body, verb
    return after


def _blocks(document: Document) -> Mapping[str, str]:
    lines = lines_of(document.text)
    return {key: "".join(lines[start:end]) for key, (start, end) in (key_blocks(document) or {}).items()}


def _kept(values: Any, change: Change, place: Place = ()) -> Iterator[Place]:
    """Where the values stand that a change leaves alone."""
    if len(place) == 1 and place[0] in change.values:
        return
    for above, nested in change.nested.items():
        key = place[len(above)] if len(place) > len(above) and place[: len(above)] == above else None
        # a list that is named there becomes longer; what it had stays
        if key in nested and not isinstance(nested[str(key)], list):
            return
    if isinstance(values, dict | list):
        for name, value in values.items() if isinstance(values, dict) else enumerate(values):
            yield from _kept(value, change, (*place, name))
    elif values is not None:
        yield place
