"""`renumber`: gives a record another ID, such as the loser of an ID race."""

from __future__ import annotations

import re
import shlex
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import click

from incidentbook.commands.session import Session
from incidentbook.diagnostics import IncidentbookError

if TYPE_CHECKING:
    from incidentbook.edits.renumbering import Rename
    from incidentbook.edits.renumbering_plan import Plan, Race
    from incidentbook.gitrepo import Unfinished
    from incidentbook.source import Tree

_ID = re.compile(r"(?P<prefix>[A-Za-z]{3})-(?P<year>\d{4})-(?P<number>\d{1,9})", re.ASCII)
_LISTED = 20


class NoSuchRecordError(IncidentbookError):
    """There is no record of this ID."""

    def __init__(self, id_: str) -> None:
        super().__init__(f"there is no record `{id_}`; name an incident, maintenance, problem or article")


class BadNewNameError(IncidentbookError):
    """What the record is to be called does not fit it."""

    def __init__(self, new: str, expected: str) -> None:
        super().__init__(f"the new ID is `{new}`; expected {expected}")


class NameTakenError(IncidentbookError):
    """Another record has the new ID, here or on a branch."""

    def __init__(self, new: str) -> None:
        super().__init__(
            f"{new} is taken, here or on a branch that this clone knows; leave the new ID out to get a free "
            "one, or add --references where the record has moved there already"
        )


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
        super().__init__(
            f"{id_} is in no conflict here; leave --ours or --theirs out to move the one there is"
        )


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


class NeedsNewNameError(IncidentbookError):
    """The new ID cannot be found out."""

    def __init__(self, reason: str) -> None:
        super().__init__(f"say the new ID too: {reason}")


class NoBaseError(IncidentbookError):
    """Nothing tells what is new here."""

    def __init__(self) -> None:
        super().__init__("--references needs to know what is new here: say --base REV, such as origin/main")


@dataclass(frozen=True)
class _Wish:
    """What the user said."""

    kind: str
    old: str
    new: str | None
    base: str | None
    side: str | None


@click.command("renumber", epilog="Example: incidentbook renumber INC-2026-0042")
@click.argument("id_", metavar="ID")
@click.argument("new_id", metavar="[NEW-ID]", required=False)
@click.option("--ours", "side", flag_value="ours", help="In a conflict: move the record of our side.")
@click.option("--theirs", "side", flag_value="theirs", help="In a conflict: move the record of their side.")
@click.option("--base", metavar="REV", help="Where your branch began; where it left origin/main if not said.")
@click.option("--references", is_flag=True, help="Move nothing: only rewrite names that your branch added.")
@click.pass_obj
def command(
    session: Session, id_: str, new_id: str | None, side: str | None, base: str | None, *, references: bool
) -> int:
    """Give a record another ID, and rewrite what names it.

    The record, its review and its attachments move to the next free ID over all branches here (or to
    NEW-ID), and every record that names it is rewritten, all of it or nothing. It works before a merge, and
    in the middle of one, or of a rebase, that has stopped because two records took one ID: then the one
    that is on origin/main keeps it, and names that mean that one stay. Articles move too, to a name you give.
    """
    wish = _wish(id_, new_id, base, side)
    return run_references(session, wish) if references else run(session, wish)


def run(session: Session, wish: _Wish) -> int:
    """Move the record, or one of two in a conflict, and say what was done; 1 where people must go on."""
    from incidentbook.edits.changing import change_files  # noqa: PLC0415
    from incidentbook.edits.renumbering import Rename  # noqa: PLC0415
    from incidentbook.edits.renumbering_plan import plan_race  # noqa: PLC0415
    from incidentbook.gitrepo import is_repository, unfinished  # noqa: PLC0415

    under_way = unfinished(session.root) if is_repository(session.root) else None
    probe = Rename(wish.kind, wish.old, wish.old)
    if under_way is None:
        return _move(session, wish)
    if not any(probe.moved(path) for path in under_way.paths):
        raise NotInConflictError(wish.old, under_way.command)
    race = _race(session, wish, under_way)
    rename = Rename(wish.kind, wish.old, _new_name(session, wish, race))
    plan = plan_race(race, rename)
    change_files(session.root, contents=plan.contents)
    _say(rename, plan)
    _say_next(session, rename, plan, under_way)
    return 1 if plan.conflicts else 0


def _move(session: Session, wish: _Wish) -> int:
    from incidentbook.edits.changing import change_files  # noqa: PLC0415
    from incidentbook.edits.renumbering import Rename  # noqa: PLC0415
    from incidentbook.edits.renumbering_plan import plan_move, record_in  # noqa: PLC0415

    if wish.side:
        raise NoRaceError(wish.old)
    files = session.archive.tree
    values = record_in(files, wish.kind, wish.old)
    if values is None:
        raise NoSuchRecordError(wish.old)
    if wish.new is None:
        _refuse_known(session, wish, values)
    rename = Rename(wish.kind, wish.old, _new_name(session, wish, None))
    base = _base(session, wish)
    is_new = base is not None and record_in(base, wish.kind, wish.old) is None
    # a record that was there before is meant by every name of it
    plan = plan_move(files, rename, base if is_new else None)
    change_files(session.root, moves=plan.moves, contents=plan.contents)
    _say(rename, plan)
    _say_next(session, rename, plan, None)
    return 0


def _refuse_known(session: Session, wish: _Wish, values: Mapping[str, object]) -> None:
    from incidentbook.edits.merging import same_record  # noqa: PLC0415
    from incidentbook.edits.renumbering_plan import record_in  # noqa: PLC0415
    from incidentbook.gitrepo import default_branch, open_revision  # noqa: PLC0415

    branch = default_branch(session.root)
    known = record_in(open_revision(session.root, branch), wish.kind, wish.old) if branch else None
    if branch and known is not None and same_record(known, values):
        raise KnownByThisIdError(wish.old, branch)


def run_references(session: Session, wish: _Wish) -> int:
    """Rewrite the names that this branch has added, and move nothing."""
    from incidentbook.edits.changing import change_files  # noqa: PLC0415
    from incidentbook.edits.renumbering import Rename  # noqa: PLC0415
    from incidentbook.edits.renumbering_plan import plan_references, record_in  # noqa: PLC0415

    if wish.new is None:
        raise NeedsNewNameError("`--references` moves nothing, so it is one that is there")
    if record_in(session.archive.tree, wish.kind, wish.new) is None:
        raise NoSuchRecordError(wish.new)
    base = _base(session, wish)
    if base is None:
        raise NoBaseError
    rename = Rename(wish.kind, wish.old, wish.new)
    plan = plan_references(session.archive.tree, rename, base)
    change_files(session.root, contents=plan.contents)
    _say(rename, plan)
    if plan.contents:
        _say_next(session, rename, plan, None)
    return 0


def _wish(id_: str, new: str | None, base: str | None, side: str | None) -> _Wish:
    from incidentbook.records import KINDS  # noqa: PLC0415

    old, wanted = _spelt_out(id_), None if new is None else _spelt_out(new)
    kind = next((row for row in KINDS.values() if row.name_pattern.fullmatch(old)), None)
    if kind is None or kind.name == "review":
        raise NoSuchRecordError(id_)
    if wanted is not None:
        _refuse_unfitting(old, wanted, kind.prefix)
        if not kind.name_pattern.fullmatch(wanted):
            raise BadNewNameError(wanted, f"a name such as `{old}`")
    return _Wish(kind.name, old, wanted, base, side)


def _refuse_unfitting(old: str, new: str, prefix: str) -> None:
    year = old.split("-")[1] if prefix else ""
    if prefix and not new.startswith(f"{prefix}-{year}-"):
        raise BadNewNameError(new, f"one that begins with {prefix}-{year}-: kind and year of a record stay")
    if new == old:
        raise BadNewNameError(new, "another one than it has")


def _spelt_out(id_: str) -> str:
    """An ID with its zeros, which people leave out."""
    match = _ID.fullmatch(id_)
    return f"{match['prefix'].upper()}-{match['year']}-{int(match['number']):04}" if match else id_


def _new_name(session: Session, wish: _Wish, race: Race | None) -> str:
    from incidentbook.edits import Numbers, names_in_use  # noqa: PLC0415
    from incidentbook.edits.renumbering_plan import known_as  # noqa: PLC0415
    from incidentbook.records import KINDS  # noqa: PLC0415

    known = known_as(race, wish.kind, wish.old) if race is not None else None
    if known is not None and wish.new in (None, known.id):
        return known.id
    names = names_in_use(session.archive)
    if wish.new is not None:
        if any(name == wish.new or name.startswith(f"{wish.new}.") for name in names):
            raise NameTakenError(wish.new)
        return wish.new
    if not KINDS[wish.kind].prefix:
        raise NeedsNewNameError("an article has a name and no number")
    # the branch that is being merged may be one of no remote here
    trees = (race.winner, race.loser) if race else ()
    names |= {path.rpartition("/")[2] for tree in trees for path in tree.paths()}
    return Numbers([*names, wish.old]).next(wish.kind, int(wish.old.split("-")[1])).id


def _base(session: Session, wish: _Wish) -> Tree | None:
    """The files where this branch began; None outside Git, or where nothing tells."""
    from incidentbook.gitrepo import (  # noqa: PLC0415
        current_revision,
        default_branch,
        is_repository,
        merge_base,
        open_revision,
    )

    if wish.base is None and (not is_repository(session.root) or current_revision(session.root) is None):
        return None
    base = wish.base or default_branch(session.root)
    return None if base is None else open_revision(session.root, merge_base(session.root, base))


def _race(session: Session, wish: _Wish, under_way: Unfinished) -> Race:
    from incidentbook.edits.renumbering_plan import Race  # noqa: PLC0415
    from incidentbook.gitrepo import open_revision  # noqa: PLC0415

    ours = open_revision(session.root, "HEAD")
    theirs = open_revision(session.root, under_way.theirs)
    base = _race_base(session, under_way)
    side = wish.side or _loser(session, wish, under_way, ours, theirs)
    race = Race(session.archive.tree, winner=ours, loser=theirs, base=base)
    return replace(race, winner=theirs, loser=ours) if side == "ours" else race


def _race_base(session: Session, under_way: Unfinished) -> Tree | None:
    from incidentbook.gitrepo import GitError, merge_base, open_revision  # noqa: PLC0415

    try:
        if under_way.command == "merge":
            return open_revision(session.root, merge_base(session.root, under_way.theirs))
        return open_revision(session.root, f"{under_way.theirs}^")
    except GitError:
        return None  # unrelated histories, or the first commit of all


def _loser(session: Session, wish: _Wish, under_way: Unfinished, ours: Tree, theirs: Tree) -> str:
    """The side whose record is not the one that everybody has. Raises WhichSideError."""
    from incidentbook.edits.merging import same_record  # noqa: PLC0415
    from incidentbook.edits.renumbering_plan import record_in  # noqa: PLC0415
    from incidentbook.gitrepo import default_branch, open_revision  # noqa: PLC0415

    if under_way.command != "merge":
        return "theirs"  # the commit that is applied again comes from the branch that moves
    both = [record_in(tree, wish.kind, wish.old) or {} for tree in (ours, theirs)]
    branch = default_branch(session.root)
    first = record_in(open_revision(session.root, branch), wish.kind, wish.old) if branch else None
    known = [first is not None and same_record(first, values) for values in both]
    if known == [True, False]:
        return "theirs"
    if known == [False, True]:
        return "ours"
    raise WhichSideError(wish.old, *(_quoted(values.get("title")) for values in both))


def _quoted(title: object) -> str:
    words = "".join(letter if letter.isprintable() else " " for letter in str(title or "without a title"))
    return words if len(words) <= 60 else words[:57] + "..."


def _say(rename: Rename, plan: Plan) -> None:
    new = sorted({*(path for _, path in plan.moves), *(path for path in plan.contents if rename.new in path)})
    if new:
        click.echo(f"{rename.old} is now {rename.new}:")
    for path in new:
        click.echo(f"  {_quoted_path(path)}")
    for path, count in sorted(plan.references.items()):
        click.echo(f"Rewrote {count} name{'s' if count > 1 else ''} of it in {_quoted_path(path)}")
    if not new and not plan.references:
        click.echo(f"Nothing that this branch added names {rename.old}.")
    if plan.left:
        click.echo(f"These still say {rename.old}; look whether that is meant:")
    for path, line in plan.left[:_LISTED]:
        click.echo(f"  {_quoted_path(path)}:{line}")
    if len(plan.left) > _LISTED:
        click.echo(f"  and {len(plan.left) - _LISTED} more")
    for words in plan.conflicts:
        click.echo(f"  {words}")


def _quoted_path(path: str) -> str:
    return path if path.isprintable() else ascii(path)


def _say_next(session: Session, rename: Rename, plan: Plan, under_way: Unfinished | None) -> None:
    """The next command: what was touched is added, and what others have in conflict is not."""
    from incidentbook.gitrepo import is_repository, is_tracked  # noqa: PLC0415

    if not is_repository(session.root):
        return
    conflicting = set(under_way.paths) if under_way else set()
    paths = [
        path
        for path in plan.paths
        if path not in conflicting or rename.moved(path)
        # Git refuses to add what it has never known
        if (session.root / path).exists() or is_tracked(session.root, path)
    ]
    words = " ".join(shlex.quote(path) for path in paths)
    click.echo("Next:")
    if under_way is None:
        message = shlex.quote(f"{rename.old} is now {rename.new}")
        click.echo(f"  git add -A -- {words} && git commit -m {message}")
        return
    rest = sorted(conflicting - set(paths))
    for path in rest:
        click.echo(f"  settle the conflict in {_quoted_path(path)}, too")
    click.echo(f"  git add -A -- {words} && git {under_way.command} --continue")
    if under_way.command == "rebase":
        click.echo(f"  where it stops at {rename.old} again: incidentbook renumber {rename.old}")
        click.echo(f"  at its end: incidentbook renumber {rename.old} {rename.new} --references")
