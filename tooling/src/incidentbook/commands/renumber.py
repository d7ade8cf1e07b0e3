"""`renumber`: gives a record another ID, such as the loser of an ID race."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

import click

from incidentbook.commands.session import Session

if TYPE_CHECKING:
    from incidentbook.edits.renumbering import Rename
    from incidentbook.edits.renumbering_names import Wish
    from incidentbook.edits.renumbering_plan import Plan
    from incidentbook.gitrepo import Unfinished

_LISTED = 20


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
    from incidentbook.edits.renumbering_names import wish_of  # noqa: PLC0415

    wish = wish_of(id_, new_id, base, side)
    return run_references(session, wish) if references else run(session, wish)


def run(session: Session, wish: Wish) -> int:
    """Move the record, or one of two in a conflict, and say what was done; 1 where people must go on."""
    from incidentbook.edits.changing import change_files  # noqa: PLC0415
    from incidentbook.edits.renumbering import Rename  # noqa: PLC0415
    from incidentbook.edits.renumbering_names import new_name  # noqa: PLC0415
    from incidentbook.edits.renumbering_plan import plan_race  # noqa: PLC0415
    from incidentbook.edits.renumbering_race import NotInConflictError, race_of  # noqa: PLC0415
    from incidentbook.gitrepo import is_repository, unfinished  # noqa: PLC0415

    under_way = unfinished(session.root) if is_repository(session.root) else None
    if under_way is None:
        return _move(session, wish)
    if not any(Rename(wish.kind, wish.old, wish.old).moved(path) for path in under_way.paths):
        raise NotInConflictError(wish.old, under_way.command)
    race = race_of(session.archive, wish, under_way)
    rename = Rename(wish.kind, wish.old, new_name(session.archive, wish, race))
    plan = plan_race(race, rename)
    change_files(session.root, contents=plan.contents)
    _say(rename, plan)
    _say_next(session, rename, plan, under_way)
    return 1 if plan.conflicts else 0


def _move(session: Session, wish: Wish) -> int:
    from incidentbook.edits.changing import change_files  # noqa: PLC0415
    from incidentbook.edits.renumbering import Rename  # noqa: PLC0415
    from incidentbook.edits.renumbering_names import NoSuchRecordError, new_name  # noqa: PLC0415
    from incidentbook.edits.renumbering_plan import plan_move, record_in  # noqa: PLC0415
    from incidentbook.edits.renumbering_race import NoRaceError, base_of, refuse_known  # noqa: PLC0415

    archive = session.archive
    values = record_in(archive.tree, wish.kind, wish.old)
    if wish.side:
        raise NoRaceError(wish.old)
    if values is None:
        raise NoSuchRecordError(wish.old)
    if wish.new is None:
        refuse_known(archive, wish, values)
    rename = Rename(wish.kind, wish.old, new_name(archive, wish, None))
    base = base_of(archive, wish)
    is_new = base is not None and record_in(base, wish.kind, wish.old) is None
    # a record that was there before is meant by every name of it
    plan = plan_move(archive.tree, rename, base if is_new else None)
    change_files(session.root, moves=plan.moves, contents=plan.contents)
    _say(rename, plan)
    _say_next(session, rename, plan, None)
    return 0


def run_references(session: Session, wish: Wish) -> int:
    """Rewrite the names that this branch has added, and move nothing."""
    from incidentbook.edits.changing import change_files  # noqa: PLC0415
    from incidentbook.edits.renumbering import Rename  # noqa: PLC0415
    from incidentbook.edits.renumbering_names import NeedsNewNameError, NoSuchRecordError  # noqa: PLC0415
    from incidentbook.edits.renumbering_plan import plan_references, record_in  # noqa: PLC0415
    from incidentbook.edits.renumbering_race import NoBaseError, base_of  # noqa: PLC0415

    if wish.new is None:
        raise NeedsNewNameError("`--references` moves nothing, so it is one that is there")
    if record_in(session.archive.tree, wish.kind, wish.new) is None:
        raise NoSuchRecordError(wish.new)
    base = base_of(session.archive, wish)
    if base is None:
        raise NoBaseError
    rename = Rename(wish.kind, wish.old, wish.new)
    plan = plan_references(session.archive.tree, rename, base)
    change_files(session.root, contents=plan.contents)
    _say(rename, plan)
    if plan.contents:
        _say_next(session, rename, plan, None)
    return 0


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
