"""What a deed became on top of what others had pushed: its IDs, its record, the rules."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from incidentbook.commands.session import Session
from incidentbook.records import KINDS

if TYPE_CHECKING:
    from incidentbook.archive import Archive
    from incidentbook.commands.desk.acting import Deed
    from incidentbook.desk.judging import Judgement
    from incidentbook.gitrepo.landing import Landed


@dataclass(frozen=True)
class Seen:
    """The record of a deed as it was here before: its file, its status, and the IDs of its updates."""

    path: str
    status: str
    updates: frozenset[str]

    @classmethod
    def now(cls, session: Session, deed: Deed) -> Seen | None:
        """None where it is new, or cannot be read."""
        entry: Any = session.archive.get(deed.about)
        if entry is None or not entry.readable:
            return None
        updates = getattr(entry.record, "updates", ())
        ids = frozenset(str(one.id) for one in updates)
        return cls(entry.path, str(entry.record.status), ids)


@dataclass(frozen=True)
class Met:
    """How a deed stands beside others': what the rules say, what is other than it was, and what is wrong.

    `lines` and `wrong` are words for the terminal; `wrong` is for a person to mend.
    """

    judgement: Judgement
    lines: tuple[str, ...]
    wrong: tuple[str, ...]


def met(session: Session, deed: Deed, seen: Seen | None, landed: Landed) -> Met | None:
    """Look again at records that went on top of others' work; None where they did not."""
    from incidentbook.archive import load_archive  # noqa: PLC0415
    from incidentbook.desk.judging import judge  # noqa: PLC0415
    from incidentbook.gitrepo import open_revision  # noqa: PLC0415

    if landed.onto is None:
        return None
    theirs = load_archive(open_revision(session.root, landed.onto), cache=session.archive.cache)
    tree = open_revision(session.root, landed.commit)
    there = frozenset(tree.paths())
    judgement = judge(theirs, {path: tree.read(path) for path in deed.contents if path in there}, session.now)
    lines = tuple(_changes(deed, seen, theirs))
    named = (one for one in judgement.errors if one.path not in deed.unnamed)
    wrong = [f"error {one.code}: {one.message}" for one in named]
    wrong += _suffering(judgement.after.get(deed.about)) if lines else ()
    return Met(judgement, lines, tuple(wrong))


def _changes(deed: Deed, seen: Seen | None, theirs: Archive) -> Iterator[str]:
    there: Any = theirs.get(deed.about)
    if seen is not None and there is not None and there.readable and there.record.status != seen.status:
        yield f"{deed.about} was {seen.status} here; meanwhile others made it {there.record.status}"


def _suffering(entry: Any) -> Iterator[str]:
    """Services that no verb would have let suffer on in an incident that is over."""
    if entry is None or not entry.readable or entry.kind != "incident":
        return
    if entry.record.status in KINDS[entry.kind].open_states:
        return
    for one in entry.record.services:
        if one.to is None and one.state != "operational":
            yield (
                f"{one.service} is {one.state} from {one.from_.isoformat()} on, in an incident that is "
                f"{entry.record.status}: `incidentbook edit {entry.id}` ends it, `reopen` opens the incident"
            )


def reworded(session: Session, deed: Deed, seen: Seen | None, commit: str) -> str | None:
    """The commit's message with the IDs that updates got beside others'; None where they kept theirs."""
    from incidentbook.gitrepo import open_revision  # noqa: PLC0415

    tree = open_revision(session.root, commit)
    if seen is None or seen.path not in deed.contents or seen.path not in tree.paths():
        return None
    landed = _updates(seen.path, tree.read(seen.path))
    message = deed.message
    for one in _updates(seen.path, deed.contents[seen.path]):
        same = next((other for other in landed if _without_id(other) == _without_id(one)), one)
        old, new = str(one.get("id")), str(same.get("id"))
        if old not in seen.updates and old != new:
            # nothing of an ID is taken for a sign of a pattern
            message = re.sub(rf"(?<![\w-]){re.escape(old)}(?![\w-])", new.replace("\\", r"\\"), message)
    return f"{message}\n" if message != deed.message else None


def _updates(path: str, data: bytes) -> Sequence[Mapping[str, Any]]:
    from incidentbook.source import read_document  # noqa: PLC0415

    updates = (read_document(path, data).values or {}).get("updates")
    return [one for one in updates if _is_entry(one)] if isinstance(updates, list) else []


def _is_entry(value: Any) -> bool:
    return isinstance(value, Mapping)


def _without_id(update: Mapping[str, Any]) -> Mapping[str, Any]:
    # what it corrects follows the ID of that one
    return {key: value for key, value in update.items() if key not in ("id", "corrects")}
