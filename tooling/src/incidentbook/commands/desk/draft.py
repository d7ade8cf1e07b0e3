"""`draft`: fills a text for readers, or a review, as far as the records know; each gap is a question."""

from __future__ import annotations

import errno
from typing import TYPE_CHECKING

import click

from incidentbook.commands.session import Session
from incidentbook.diagnostics import IncidentbookError

if TYPE_CHECKING:
    from pathlib import Path

    from incidentbook.records import Audience

FOLDER = "drafts"


class DraftThereError(IncidentbookError):
    """A draft was written before, and somebody may have worked on it."""

    def __init__(self, path: str) -> None:
        super().__init__(f"{path} is there already, and may hold somebody's answers; remove it first")


@click.command(
    epilog="""\b
Examples:
  incidentbook draft update 42
  incidentbook draft resolution INC-2026-0042 --audience internal --write"""
)
@click.argument("what", type=click.Choice(["update", "resolution", "review"]))
@click.argument("id_", metavar="ID")
@click.option("--write", "is_written", is_flag=True, help="Write it to drafts/, for an editor.")
@click.option(
    "--audience",
    type=click.Choice(["public", "internal"]),
    help="Whom an update or a resolution speaks to; whoever may read the record, unless said.",
)
@click.pass_obj
def command(session: Session, /, what: str, id_: str, *, is_written: bool, audience: str | None) -> int:
    """Draft an update, the last word, or a review of an incident.

    What the record says is filled in; each gap is a question, such as (QUESTION: Who is affected?).
    `check` refuses an update that still holds one. An update and a resolution say only what their readers
    may know. Templates of your own lie in templates/, such as templates/draft-update.md.j2.
    """
    from incidentbook.records import Audience  # noqa: PLC0415

    whom = Audience(audience) if audience else None
    return run(session, what, id_, is_written=is_written, audience=whom)


def run(
    session: Session, what: str, id_: str, *, is_written: bool = False, audience: Audience | None = None
) -> int:
    """Print a draft, or write it to a file of its own."""
    from incidentbook.desk.drafts import draft_resolution, draft_review, draft_update  # noqa: PLC0415
    from incidentbook.desk.finding import find_record  # noqa: PLC0415

    if what == "review" and audience:
        raise click.BadParameter("a review is drafted for those who write it", param_hint="'--audience'")
    if what == "review" and is_written:
        raise click.BadParameter(
            f"`incidentbook review start {id_}` writes the file of a review", param_hint="'--write'"
        )
    archive, now = session.archive, session.now
    entry = find_record(archive, id_, ("incident",))
    if what == "review":
        text = draft_review(archive, entry.id, now)
    else:
        draft = draft_update if what == "update" else draft_resolution
        text = draft(archive, entry.id, now, audience)
    if is_written:
        path = f"{FOLDER}/{entry.id}.{what}.md"
        _write(session, path, text)
        verb = _telling(entry.id, what, audience or entry.record.visibility)
        click.echo(f'Wrote {path}; answer its questions, then tell it: {verb} -m "$(cat {path})"')
    else:
        click.echo(text, nl=False)
    return 0


def _telling(id_: str, what: str, audience: Audience) -> str:
    """The command that tells a draft to those for whom it was made."""
    last = " --status resolved" if what == "resolution" else ""
    return f"incidentbook update {id_}{last}{' --public' if audience == 'public' else ''}"


def _write(session: Session, path: str, text: str) -> None:
    """Beside the records, where no page and no feed looks; never over another file or through a link out."""
    from incidentbook.edits import create_text  # noqa: PLC0415
    from incidentbook.edits.new_files import writing  # noqa: PLC0415

    with writing():
        _stay_inside(session.root)
        try:
            create_text(session.root / path, text)
        except FileExistsError:
            raise DraftThereError(path) from None


def _stay_inside(root: Path) -> None:
    """A repository comes from others. Raises OutsideRepositoryError where its folder leads elsewhere."""
    from incidentbook.source import OutsideRepositoryError  # noqa: PLC0415

    home = root.resolve()
    try:
        whole = (root / FOLDER).resolve()
    except RuntimeError:  # a loop, before Python 3.13
        raise OSError(errno.ELOOP, "it is a link that leads to itself", FOLDER) from None
    if not whole.is_relative_to(home) or any(part.startswith(".") for part in whole.relative_to(home).parts):
        raise OutsideRepositoryError(FOLDER)
