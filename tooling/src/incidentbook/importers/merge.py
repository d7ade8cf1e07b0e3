"""What a record that was imported before takes from its source now."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from incidentbook.records import KINDS
from incidentbook.records.seal import is_same, is_untouched, normal_instant, owned
from incidentbook.source import Document

_FINAL = frozenset({"resolved", "completed", "closed", "cancelled"})
_ENDS = ("restored", "resolved", "closed", "cancelled")


@dataclass(frozen=True)
class Merge:
    """Fields to be written (None removes one), and fields that stay although the source differs.

    `follows` tells that the record's imported fields are its source's again.
    """

    changes: Mapping[str, Any]
    kept: tuple[str, ...] = ()
    follows: bool = False


def merge(kind: str, document: Document, source: Mapping[str, Any], fields: Collection[str] = ()) -> Merge:
    """Compare a record with the imported fields as the source gives them now.

    Fields that the import does not fill are never looked at. While the fields that it fills are
    those it wrote, the record follows its source in all of them. Once somebody has changed one, the
    source only adds: fields that are missing, further updates, and the end of what was open.
    """
    values = document.values or {}
    present = owned(kind, values, fields)
    differing = [key for key in present | dict(source) if not is_same(present.get(key), source.get(key))]
    if not differing:
        return Merge({})
    if is_untouched(kind, values, fields):
        return Merge({key: source.get(key) for key in differing}, follows=True)
    changes: dict[str, Any] = {key: source[key] for key in differing if key not in present}
    if "updates" in differing and "updates" in present:
        more = _further_updates(present["updates"], source.get("updates", []))
        if more:
            changes["updates"] = more
    if _has_ended(kind, present, source):
        changes["status"] = source["status"]
    elif "status" in present and present["status"] not in KINDS[kind].open_states:
        # a record that people have reopened, closed or cancelled does not get the source's end
        changes = {key: value for key, value in changes.items() if key not in _ENDS}
    kept = tuple(key for key in differing if key in present and not _is_settled(key, changes, source))
    return Merge(changes, kept)


def _is_settled(key: str, changes: Mapping[str, Any], source: Mapping[str, Any]) -> bool:
    """Tell whether nothing of the source is left out of a field."""
    if key not in changes:
        return False
    if key != "updates":
        return True
    return all(any(is_same(update, here) for here in changes[key]) for update in source.get(key, []))


def _has_ended(kind: str, present: Mapping[str, Any], source: Mapping[str, Any]) -> bool:
    return present.get("status") in KINDS[kind].open_states and source.get("status") in _FINAL


def _further_updates(present: Any, source: list[dict[str, Any]]) -> list[dict[str, Any]] | None:
    """The updates of both, in the order of their times; None where the source has none to add.

    One that differs only in its text was reworded, by somebody here or at the source: it is not added.
    """
    if not isinstance(present, list):
        return None
    known = {_identity(update) for update in present}
    theirs = {_identity(update) for update in source}
    reworded = Counter(_place(update) for update in present if _identity(update) not in theirs)
    added = []
    for update in source:
        if _identity(update) in known:
            continue
        if reworded[_place(update)]:
            reworded[_place(update)] -= 1
        else:
            added.append(update)
    return sorted([*present, *added], key=_moment) if added else None


def _place(update: Any) -> tuple[str, str]:
    return (_moment(update), str(update.get("status")) if isinstance(update, Mapping) else "")


def _identity(update: Any) -> tuple[str, str]:
    """What tells one update from another: its ID, or where the source gives none, when it said what."""
    if not isinstance(update, Mapping):
        return ("", str(update))
    if update.get("id"):
        return ("id", str(update["id"]))
    return (_moment(update), str(update.get("text", "")).strip())


def _moment(update: Any) -> str:
    return normal_instant(update.get("at")) if isinstance(update, Mapping) else ""
