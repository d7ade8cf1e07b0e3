"""What a new name of a record asks of every file, decided before any is touched."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from incidentbook.edits.merging import merge_records, same_record
from incidentbook.edits.renumbering import Rename, Rewriting, rewritten
from incidentbook.records import RecordName, parse_name
from incidentbook.source import LinkError, Tree, read_document

_BOM = "\ufeff"


@dataclass
class Plan:
    """Files to move, files to write whole (None removes one), and what people should hear of it.

    `references` counts what is rewritten in other records; `left` are places that still say the old
    name; `conflicts` are what a merge into the renumbered record leaves to people.
    """

    moves: list[tuple[str, str]] = field(default_factory=list)
    contents: dict[str, bytes | None] = field(default_factory=dict)
    references: dict[str, int] = field(default_factory=dict)
    left: list[tuple[str, int]] = field(default_factory=list)
    conflicts: list[str] = field(default_factory=list)

    @property
    def paths(self) -> tuple[str, ...]:
        """Every path that is touched."""
        return tuple(sorted({path for move in self.moves for path in move} | set(self.contents)))


@dataclass(frozen=True)
class Race:
    """Where two records took one name: the files as they are, and those of each side.

    `base` is what the loser's side is compared with: the commit where the two sides parted, or the one
    before the commit that is being applied; None where there is none.
    """

    files: Tree
    winner: Tree
    loser: Tree
    base: Tree | None


def plan_move(files: Tree, rename: Rename, base: Tree | None) -> Plan:
    """Move a record with all that is its own, and rewrite what names it.

    With `base`, only names that have come since then: those from before cannot mean this record.
    """
    plan = Plan()
    for path in files.paths():
        target = rename.moved(path)
        if target is not None:
            move = _top(path, target, rename)
            if move not in plan.moves:
                plan.moves.append(move)
        _rewrite(plan, files, path, rename, target or path, before=_text(base, path) if base else None)
    return plan


def plan_references(files: Tree, rename: Rename, base: Tree) -> Plan:
    """Rewrite names that have come since `base`, and move nothing."""
    plan = Plan()
    for path in files.paths():
        if rename.moved(path) is None:
            _rewrite(plan, files, path, rename, path, before=_text(base, path) or "")
    return plan


def plan_race(race: Race, rename: Rename) -> Plan:
    """Give the winner its files back, and the loser its own under the new name."""
    plan = Plan()
    here, kept, moved = (set(tree.paths()) for tree in (race.files, race.winner, race.loser))
    for path in sorted(path for path in kept | moved if rename.moved(path)):
        found = race.winner.read(path) if path in kept else None
        if found is not None or path in here:
            plan.contents[path] = found
    for path in sorted(moved):
        target = rename.moved(path)
        if target is not None:
            plan.contents[target] = _moved(plan, race, path, target, rename)
    for path in sorted(here & moved):
        if rename.moved(path) is None and path not in plan.contents:
            before = _text(race.winner, path) or ""
            _rewrite(plan, race.files, path, rename, path, before=before, mine=_text(race.loser, path))
    return plan


def known_as(race: Race, kind: str, id_: str) -> RecordName | None:
    """The record that the winner's side has of the loser already, from a commit that was applied before."""
    paths = [path for path in race.loser.paths() if _is(parse_name(path), kind, id_)]
    if not paths or race.base is None or paths[0] not in race.base.paths():
        return None
    values = _values(race.loser, paths[0])
    year = paths[0].rpartition("/")[0]
    found = [
        name
        for path in race.winner.paths()
        if (name := parse_name(path)) and name.kind == kind and name.id != id_ and path.startswith(f"{year}/")
        if same_record(values, _values(race.winner, path))
    ]
    return max(found, key=RecordName.sort_key) if found else None


def _is(name: RecordName | None, kind: str, id_: str) -> bool:
    return name is not None and (name.kind, name.id) == (kind, id_)


def _top(path: str, target: str, rename: Rename) -> tuple[str, str]:
    """The file that moves, or the folder of attachments that it is in, with whatever else is there."""
    parts, new = path.split("/"), target.split("/")
    if rename.old in parts[:-1]:
        depth = parts.index(rename.old) + 1
        return "/".join(parts[:depth]), "/".join(new[:depth])
    return path, target


def _rewrite(
    plan: Plan,
    files: Tree,
    path: str,
    rename: Rename,
    target: str,
    *,
    before: str | None = None,
    mine: str | None = None,
) -> None:
    text = _text(files, path) if parse_name(path) else None
    if text is None or rename.old not in text:
        return
    done = _rewritten(path, text, rename, before=before, mine=mine)
    plan.left += [(target, line) for line in done.left]
    if done.count:
        plan.contents[target] = done.text.encode()
        if target == path:
            plan.references[path] = done.count


def _rewritten(
    path: str, text: str, rename: Rename, *, before: str | None = None, mine: str | None = None
) -> Rewriting:
    done = rewritten(path, text.removeprefix(_BOM), rename, before=before, mine=mine)
    mark = _BOM if text.startswith(_BOM) else ""
    return Rewriting(mark + done.text, done.count, done.left)


def _moved(plan: Plan, race: Race, path: str, target: str, rename: Rename) -> bytes:
    """A file of the loser under its new name, merged into what stands there from an earlier commit."""
    ours = race.winner.read(target) if target in race.winner.paths() else None
    base = race.base.read(path) if race.base is not None and path in race.base.paths() else b""
    base, theirs = (_renamed(path, data, rename) for data in (base, race.loser.read(path)))
    if ours is None or theirs == ours:
        return theirs
    merged = merge_records(target, base, ours, theirs)
    plan.conflicts += [f"{target}: conflict in {each.about}: {each.reason}" for each in merged.conflicts]
    return merged.data


def _renamed(path: str, data: bytes, rename: Rename) -> bytes:
    if parse_name(path) is None:
        return data
    try:
        return _rewritten(path, data.decode(), rename).text.encode()
    except UnicodeDecodeError:
        return data


def _values(tree: Tree, path: str) -> Mapping[str, object]:
    return read_document(path, tree.read(path)).values or {}


def _text(tree: Tree | None, path: str) -> str | None:
    """The text of a file; None where there is none, or it is no text."""
    if tree is None:
        return None
    try:
        return tree.read(path).decode()
    except (OSError, LinkError, UnicodeDecodeError):
        return None


def record_in(tree: Tree, kind: str, id_: str) -> Mapping[str, object] | None:
    """The fields of a record in one tree of files; None where it has none of this name."""
    path = next((path for path in tree.paths() if _is(parse_name(path), kind, id_)), None)
    return None if path is None else _values(tree, path)
