"""Which of two records that took one ID moves, and what each side has."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from incidentbook.archive import Archive
from incidentbook.diagnostics import IncidentbookError
from incidentbook.edits.merging import same_record
from incidentbook.edits.renumbering_names import Wish
from incidentbook.edits.renumbering_plan import Race, record_in
from incidentbook.gitrepo import (
    GitError,
    Unfinished,
    current_revision,
    default_branch,
    is_repository,
    merge_base,
    open_revision,
)
from incidentbook.source import Tree


class WhichSideError(IncidentbookError):
    """Nothing tells which of two records was first."""

    def __init__(self, id_: str, ours: str, theirs: str) -> None:
        super().__init__(
            f"which {id_} shall move: `--ours` ({ours}) or `--theirs` ({theirs})? "
            "No branch origin/main tells which of them was first"
        )


class NoRaceError(IncidentbookError):
    """`--ours` and `--theirs` choose between two records, and there is one."""

    def __init__(self, id_: str) -> None:
        super().__init__(f"{id_} is in no conflict here; without --ours or --theirs the one there is moves")


class NotInConflictError(IncidentbookError):
    """A merge or rebase waits for people, and not because of this record."""

    def __init__(self, id_: str, command: str) -> None:
        super().__init__(
            f"a {command} is under way, and {id_} is in no conflict of it: settle what is, "
            f"`git {command} --continue`, and renumber then"
        )


class KnownByThisIdError(IncidentbookError):
    """The record is where everybody sees it, so that it is no loser of a race."""

    def __init__(self, id_: str, branch: str) -> None:
        super().__init__(
            f"{id_} is on {branch} already, and people know it by this ID; to move it all the same, "
            "say the new one too"
        )


class NoBaseError(IncidentbookError):
    """Nothing tells what is new here."""

    def __init__(self) -> None:
        super().__init__("--references needs to know what is new here: say --base REV, such as origin/main")


def refuse_known(archive: Archive, wish: Wish, values: Mapping[str, object]) -> None:
    """Keep the winner of a race where it is. Raises KnownByThisIdError."""
    branch = default_branch(archive.tree.root)
    known = record_in(open_revision(archive.tree.root, branch), wish.kind, wish.old) if branch else None
    if branch and known is not None and same_record(known, values):
        raise KnownByThisIdError(wish.old, branch)


def base_of(archive: Archive, wish: Wish) -> Tree | None:
    """The files where this branch began; None outside Git, or where nothing tells."""
    root = archive.tree.root
    if wish.base is None and (not is_repository(root) or current_revision(root) is None):
        return None
    base = wish.base or default_branch(root)
    return None if base is None else open_revision(root, merge_base(root, base))


def race_of(archive: Archive, wish: Wish, under_way: Unfinished) -> Race:
    """Both sides of the conflict that Git waits for. Raises WhichSideError."""
    ours = open_revision(archive.tree.root, "HEAD")
    theirs = open_revision(archive.tree.root, under_way.theirs)
    base = _race_base(archive, under_way)
    side = wish.side or _loser(archive, wish, under_way, ours, theirs)
    race = Race(archive.tree, winner=ours, loser=theirs, base=base)
    return replace(race, winner=theirs, loser=ours) if side == "ours" else race


def _race_base(archive: Archive, under_way: Unfinished) -> Tree | None:
    try:
        if under_way.command == "merge":
            return open_revision(archive.tree.root, merge_base(archive.tree.root, under_way.theirs))
        return open_revision(archive.tree.root, f"{under_way.theirs}^")
    except GitError:
        return None  # unrelated histories, or the first commit of all


def _loser(archive: Archive, wish: Wish, under_way: Unfinished, ours: Tree, theirs: Tree) -> str:
    """The side whose record is not the one that everybody has. Raises WhichSideError."""
    if under_way.command != "merge":
        return "theirs"  # the commit that is applied again comes from the branch that moves
    both = [record_in(tree, wish.kind, wish.old) or {} for tree in (ours, theirs)]
    branch = default_branch(archive.tree.root)
    first = record_in(open_revision(archive.tree.root, branch), wish.kind, wish.old) if branch else None
    known = [first is not None and same_record(first, values) for values in both]
    if known == [True, False]:
        return "theirs"
    if known == [False, True]:
        return "ours"
    raise WhichSideError(wish.old, *(_quoted(values.get("title")) for values in both))


def _quoted(title: object) -> str:
    words = "".join(letter if letter.isprintable() else " " for letter in str(title or "without a title"))
    return words if len(words) <= 60 else words[:57] + "..."
