"""Two changed versions of one record made one: three texts in, one text and its conflicts out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from incidentbook.edits.merging_ids import told_apart
from incidentbook.edits.merging_shapes import model_shape
from incidentbook.edits.merging_steps import taken_once
from incidentbook.edits.merging_text import (
    Sides,
    decided,
    name_of,
    patched,
    plain,
    rewritten,
    step_of,
)
from incidentbook.edits.merging_values import ABSENT, Clash, Merged, exact, has_clash, merge_values, sided
from incidentbook.edits.record_text import field_order
from incidentbook.gitrepo import merge_lines
from incidentbook.records import KINDS, RecordName, parse_name
from incidentbook.source import Document, read_document

LABELS = ("ours", "theirs")
"""What the sides of a merge are called: ours is what is checked out."""

LABELS_IN_REBASE = ("upstream", "yours")
"""Where commits are put on top of others', those others' are checked out: Git's "ours" is not yours then."""

_LONGEST_VALUE = 60
_BOM = b"\xef\xbb\xbf"


@dataclass(frozen=True)
class Conflict:
    """Something that people have to decide: what it is about, and why."""

    about: str
    reason: str


@dataclass(frozen=True)
class MergedRecord:
    """The merged file, its conflicts, and what was done that nobody would expect."""

    data: bytes
    conflicts: tuple[Conflict, ...] = ()
    notes: tuple[str, ...] = ()


def name_at(path: str) -> RecordName | None:
    """The record at a path in Git, in which the records may lie in any folder."""
    parts = path.split("/")
    return next(filter(None, (parse_name("/".join(parts[at:])) for at in range(len(parts)))), None)


def merge_records(
    path: str, base: bytes, ours: bytes, theirs: bytes, labels: Sequence[str] = LABELS
) -> MergedRecord:
    """Merge two versions of a record; `base` is empty where both sides added the file.

    Front matter is merged by what it means, the body line by line. Where that cannot be done, because
    a version is no sound record, the whole file is merged line by line.

    Raises GitError where Git cannot merge the texts, such as binary ones.
    """
    if theirs in (ours, base):
        return MergedRecord(ours)
    if ours == base:
        return MergedRecord(theirs)
    name = name_at(path)
    before, mine, yours = (read_document(path, version) for version in (base, ours, theirs))
    if name is None or not _is_sound(mine) or not _is_sound(yours) or not (_is_sound(before) or not base):
        return _line_by_line(base, ours, theirs, labels)
    if _are_two_records(name, before if base else None, mine, yours):
        return _side_by_side(name, ours, theirs, labels)
    merged = _merge(name, before, mine, yours, labels)
    if merged is None:
        return _line_by_line(base, ours, theirs, labels)
    return (
        MergedRecord(_BOM + merged.data, merged.conflicts, merged.notes) if ours.startswith(_BOM) else merged
    )


def same_record(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Tell whether two versions are of one record: it keeps its title, or the time of its beginning."""
    return any(
        one.get(key) is not None and exact(one[key]) == exact(other.get(key))
        for key in ("title", "opened", "planned", "origin")
    )


def _is_sound(document: Document) -> bool:
    return document.values is not None and not document.diagnostics


def _are_two_records(name: RecordName, before: Document | None, mine: Document, yours: Document) -> bool:
    """Tell whether two records took one number, here or before a commit that is being applied again."""
    if not KINDS[name.kind].prefix:
        return False
    versions = [each.values or {} for each in (mine, yours)]
    if before is None:
        return not same_record(*versions)
    return any(not same_record(before.values or {}, version) for version in versions) and not same_record(
        *versions
    )


def _merge(
    name: RecordName, before: Document, mine: Document, yours: Document, labels: Sequence[str]
) -> MergedRecord | None:
    shape = model_shape(KINDS[name.kind].model)
    mine, yours, notes = told_apart(shape, before, mine, yours)
    mine, yours, taken = taken_once(before, mine, yours)
    merged = merge_values(shape, before.values or {}, mine.values or {}, yours.values or {})
    if not isinstance(merged, dict):
        return None
    sides = Sides(mine, yours, (labels[0], labels[1]), field_order(name.kind))
    head = _front_matter(sides, before, merged)
    if head is None:
        return None
    bodies = [each.body.encode() for each in (before, mine, yours)]
    body, clashes = merge_lines(bodies, [f"{label}: body" for label in labels])
    conflicts = list(_conflicts(merged, labels))
    if clashes:
        conflicts.append(Conflict("body", "both sides changed the same lines"))
    if body and not head.endswith("\n"):
        head += "\n"
    return MergedRecord(head.encode() + body, tuple(conflicts), (*notes, *taken))


def _front_matter(sides: Sides, before: Document, merged: Mapping[str, Any]) -> str | None:
    """The first way of writing the merged values that, read again, says just that."""
    if not has_clash(merged):
        text = _by_lines(sides, before)
        if text is not None and _says(text, merged):
            return text
    whole = patched(sides, merged)
    for text in (whole, rewritten(sides, merged)):
        if text is not None:
            head = text.removesuffix(sides.ours.body) if sides.ours.body else text
            if _says(head, merged):
                return head
    return None


def _by_lines(sides: Sides, before: Document) -> str | None:
    """The front matter merged line by line, which keeps the comments of both sides."""
    heads = [each.text[: each.body_start].encode() for each in (before, sides.ours, sides.theirs)]
    text, clashes = merge_lines(heads, sides.labels)
    return None if clashes else text.decode()


def _says(head: str, merged: Mapping[str, Any]) -> bool:
    if not has_clash(merged):
        return _read(head) == exact(plain(merged))
    return all(_read(decided(head, side)) == exact(sided(merged, side)) for side in ("ours", "theirs"))


def _read(head: str) -> str | None:
    document = read_document("", head.encode())
    return exact(document.values) if _is_sound(document) and not document.body else None


def _conflicts(value: Any, labels: Sequence[str], path: tuple[str, ...] = ()) -> Iterator[Conflict]:
    match value:
        case Clash():
            yield Conflict(name_of(path), _reason(value, labels))
        case Merged():
            for item in value.items:
                yield from _conflicts(item.value, labels, (*path, step_of(item.value)))
        case dict():
            for key, each in value.items():
                yield from _conflicts(each, labels, (*path, key))


def _reason(clash: Clash, labels: Sequence[str]) -> str:
    one, other = labels
    if clash.ours is ABSENT:
        return f"{one} removed it, {other} changed it"
    if clash.theirs is ABSENT:
        return f"{one} changed it, {other} removed it"
    return f"{one} says {_short(clash.ours)}, {other} {_short(clash.theirs)}"


def _short(value: Any) -> str:
    words = exact(value) if not isinstance(value, str) else f"`{name_of([value])}`"
    return words if len(words) <= _LONGEST_VALUE else words[: _LONGEST_VALUE - 3] + "..."


def _side_by_side(name: RecordName, ours: bytes, theirs: bytes, labels: Sequence[str]) -> MergedRecord:
    """Two records that took one number: neither may get anything of the other."""
    pieces = (
        f"<<<<<<< {labels[0]}: {name.id}\n".encode(), _ended(ours), b"=======\n", _ended(theirs),
        f">>>>>>> {labels[1]}: {name.id}\n".encode(),
    )  # fmt: skip
    reason = f"two records took this ID; `incidentbook renumber {name.id}` moves one of them"
    return MergedRecord(b"".join(pieces), (Conflict(name.id, reason),))


def _ended(text: bytes) -> bytes:
    return text if text.endswith(b"\n") or not text else text + b"\n"


def _line_by_line(base: bytes, ours: bytes, theirs: bytes, labels: Sequence[str]) -> MergedRecord:
    merged, conflicts = merge_lines((base, ours, theirs), labels)
    reason = "merged line by line, as not every version has front matter that can be read"
    return MergedRecord(merged, (Conflict("the file", reason),) if conflicts else ())
