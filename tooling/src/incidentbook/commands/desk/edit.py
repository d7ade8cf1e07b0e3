"""`incidentbook edit`: a record in an editor, checked before it is written."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from incidentbook.commands.desk.acting import (
    ChangedMeanwhileError,
    Deed,
    Hand,
    acting,
    carry_out,
    is_terminal,
    visible_line,
)
from incidentbook.commands.desk.editing import edited, the_editor
from incidentbook.commands.session import Session

if TYPE_CHECKING:
    from incidentbook.archive.entry import Entry
    from incidentbook.diagnostics import Diagnostic

_QUESTION = "[e]dit again, [w]rite it all the same, or [d]iscard it"


@click.command("edit", epilog="Example: EDITOR=nano incidentbook edit INC-2026-0042 --commit")
@click.argument("id_", metavar="ID")
@click.option("-m", "--message", default="edited", help="What was changed, for the commit.")
@acting
@click.pass_obj
def command(session: Session, /, id_: str, message: str, hand: Hand) -> int:
    """Open a record of any kind in an editor, and check it before it is written.

    The editor is VISUAL, else EDITOR, else what Git calls. Where the record would have errors it asks whether
    to edit again; where nobody can be asked, it exits with 1. What is not written is kept beside, and where
    that is, is said. An editor that exits with an error changes nothing.
    """
    return run(session, id_, hand, message)


def run(session: Session, id_: str, hand: Hand, message: str = "edited") -> int:
    """Let somebody edit a record; 1 where it would have errors and is not written."""
    import shutil  # noqa: PLC0415
    import tempfile  # noqa: PLC0415

    from incidentbook.desk.finding import find_file  # noqa: PLC0415

    entry = find_file(session.archive, id_)
    before = session.archive.tree.read(entry.path)
    draft = Path(tempfile.mkdtemp(prefix="incidentbook-")) / Path(entry.path).name
    draft.write_bytes(before)
    done = False
    try:
        code, done = _edit(session, entry, draft, before, hand, message)
    finally:
        if done or not draft.is_file() or draft.read_bytes() == before:
            shutil.rmtree(draft.parent, ignore_errors=True)
        else:
            click.echo(f"What you wrote is kept in {draft}", err=True)
    return code


def _edit(
    session: Session, entry: Entry[Any], draft: Path, before: bytes, hand: Hand, message: str
) -> tuple[int, bool]:
    """Edit until it can be written, is discarded, or nobody can be asked; whether the draft is done with."""
    editor = the_editor(session.root, os.environ)
    accepted = False
    while not accepted:
        after = edited(editor, draft)
        if after == before:
            click.echo(f"{entry.id} is as it was; nothing was written.")
            return 0, True
        errors = _errors(session, {entry.path: after})
        if not errors:
            break
        _show(entry.id, errors)
        if not is_terminal():
            return 1, False
        answer = click.prompt(_QUESTION, type=click.Choice(["e", "w", "d"]), default="e", show_choices=False)
        if answer == "d":
            click.echo("Discarded; nothing was written.")
            return 1, True
        accepted = answer == "w"
    if (session.root / entry.path).read_bytes() != before:
        raise ChangedMeanwhileError(entry.path)
    code = carry_out(_anew(session), _deed(entry, after, message, accepted=accepted), hand)
    return code, code == 0 and not hand.dry_run


def _deed(entry: Entry[Any], after: bytes, message: str, *, accepted: bool) -> Deed:
    from incidentbook.records import KINDS  # noqa: PLC0415

    path = entry.path
    title = getattr(entry.record, "title", "") if entry.readable else ""
    open_ = entry.readable and entry.record.status in KINDS[entry.kind].open_states
    then = (f"show {entry.id}",) if open_ else (f"check {path}",)
    return Deed(
        about=entry.id, said=message, contents={path: after}, title=title or "", next=then, accepted=accepted
    )


def _errors(session: Session, contents: Mapping[str, bytes]) -> tuple[Diagnostic, ...]:
    from incidentbook.desk.judging import judge  # noqa: PLC0415

    anew = _anew(session)
    return judge(anew.archive, contents, anew.now).errors


def _anew(session: Session) -> Session:
    """The records as they are now: an editor may be open for an hour."""
    return Session(session.repo, session.pinned_now)


def _show(id_: str, errors: tuple[Diagnostic, ...]) -> None:
    click.echo(f"{id_} would have errors:", err=True)
    for found in errors:
        place = f"line {found.span.line}: " if found.span else ""
        click.echo(visible_line(f"  {place}{found.code}: {found.message}"), err=True)
        if found.help:
            click.echo(visible_line(f"    {found.help}"), err=True)
