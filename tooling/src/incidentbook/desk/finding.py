"""The record that somebody means by what they type."""

from __future__ import annotations

import re
import shlex
from collections.abc import Collection
from difflib import get_close_matches
from typing import Any, TypeVar

from incidentbook.archive import Archive, RecordEntry, Records
from incidentbook.archive.entry import Entry
from incidentbook.diagnostics import IncidentbookError
from incidentbook.gitrepo.elsewhere import files_by_branch
from incidentbook.records import KINDS, RecordName, parse_name

E = TypeVar("E", bound=RecordEntry[Any])

_SHORT = re.compile(r"(?:(?P<prefix>[A-Za-z]{3})-?)?(?:(?P<year>[0-9]{4})-)?(?P<number>[0-9]{1,9})")
_SUGGESTED = 3


class UnknownRecordError(IncidentbookError):
    """Nothing has this ID."""

    def __init__(
        self, said: str, kinds: Collection[str], close: Collection[str], where: tuple[str, str] | None = None
    ) -> None:
        what = " or ".join(kinds) if kinds else "record"
        if where is not None:
            id_, branch = where
            super().__init__(
                f"{id_} is not here but on the branch `{branch}`: `git switch {shlex.quote(branch)}`, "
                "then try again"
            )
            return
        advice = f"did you mean {' or '.join(close)}?" if close else "`incidentbook list` shows what there is"
        super().__init__(f"there is no {what} `{said}` here; {advice}")


class UnreadableError(IncidentbookError):
    """The record is there, and its YAML cannot be read, or not without a doubt."""

    def __init__(self, id_: str, path: str) -> None:
        super().__init__(
            f"{id_} has errors in its YAML; nothing was written: `incidentbook check {path}` says why, "
            f"`incidentbook edit {id_}` opens it"
        )


def find_record(records: Records[E], said: str, kinds: Collection[str] = ()) -> E:
    """Return the record that somebody names: by its whole ID, or shorter.

    `42` is number 42 of the newest year that has one, `2026-42` that of a year, `PRB-7` that of a kind; case
    and leading zeros do not count. Where several kinds fit, the first of `kinds` (or of KINDS) does. Raises
    UnknownRecordError, which says what was probably meant, or UnreadableError.
    """
    found = find_file(records, said, kinds)
    if not found.readable:
        raise UnreadableError(found.id, found.path)
    return found


def find_file(records: Records[E], said: str, kinds: Collection[str] = ()) -> E:
    """Return what somebody names as `find_record` does, also where it cannot be read.

    Raises UnknownRecordError.
    """
    allowed = tuple(kinds) or tuple(KINDS)
    found = _exact(records, said.strip(), allowed) or _short(records, said.strip(), allowed)
    if found is None:
        ids = [entry.id for entry in records.entries if entry.kind in allowed]
        close = get_close_matches(said.strip().upper(), ids, n=_SUGGESTED) or get_close_matches(
            said.strip().lower(), ids, n=_SUGGESTED
        )
        raise UnknownRecordError(said, kinds, close, _on_a_branch(records, said.strip(), allowed))
    return found


def _exact(records: Records[E], said: str, kinds: Collection[str]) -> E | None:
    name = said.removesuffix(".md").rpartition("/")[2]
    for spelling in (name, name.upper(), name.lower()):
        entry = records.get(spelling)
        if entry is not None and entry.kind in kinds:
            return entry
    return None


def _short(records: Records[E], said: str, kinds: Collection[str]) -> E | None:
    fitting = [one for one in records.entries if one.kind in kinds and _is_short_of(said, one.name)]
    order = {kind: place for place, kind in enumerate(kinds)}
    return min(fitting, key=lambda entry: (order[entry.kind], -(entry.name.year or 0)), default=None)


def _is_short_of(said: str, name: RecordName) -> bool:
    match = _SHORT.fullmatch(said)
    return (
        match is not None
        and name.number == int(match["number"])
        and name.lead_incident is None
        and (match["year"] is None or name.year == int(match["year"]))
        and (match["prefix"] is None or KINDS[name.kind].prefix == match["prefix"].upper())
    )


def _on_a_branch(records: Records[Any], said: str, kinds: Collection[str]) -> tuple[str, str] | None:
    """The ID, and a branch that is not checked out and has it: somebody has logged it, and not merged it."""
    if not isinstance(records, Archive):
        return None  # what an audience may not read is nowhere
    wanted = said.removesuffix(".md").rpartition("/")[2]
    for branch, paths in files_by_branch(records.tree.root):
        for path in sorted(paths):
            name = parse_name(path)
            if name is None or name.kind not in kinds:
                continue
            if name.id.lower() == wanted.lower() or _is_short_of(wanted, name):
                return name.id, branch
    return None


def editable(entry: Entry[Any]) -> Entry[Any]:
    """The entry, where its front matter can be patched. Raises UnreadableError.

    One with errors in its YAML, such as a key that stands there twice, would lose what somebody meant.
    """
    if entry.document.values is None or entry.document.diagnostics:
        raise UnreadableError(entry.id, entry.path)
    return entry
