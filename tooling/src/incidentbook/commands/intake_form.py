"""`incidentbook intake form`: what somebody reports by the issue form becomes a record."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from incidentbook.commands.intake_delivery import Desk, Outward, outward_options, read_input, tell
from incidentbook.commands.session import Session

if TYPE_CHECKING:
    from incidentbook.intake.form import Submission
    from incidentbook.intake.known import Known


@click.command("form", epilog='Example: incidentbook intake form "$GITHUB_EVENT_PATH" --pr')
@click.argument("file")
@outward_options
@click.pass_obj
def command(session: Session, *, file: str, commit: bool, push: bool, pr: bool) -> int:
    """Log an incident that somebody reported by the form "Report an incident".

    FILE is the event payload of the GitHub issue, or the issue's text as Markdown; `-` reads standard
    input. `incidentbook schema` writes the form itself, with the services, categories and levels of
    schema/. An issue is taken in once. With --pr its reporter is told on the issue what comes next.

    Exits with 1 where the check of a written file finds an error, and with 2 where it is no such form.
    """
    return run(session, file, Outward(commit=commit, push=push, pr=pr))


def run(session: Session, file: str, outward: Outward) -> int:
    """Take in one form."""
    from incidentbook.intake.form import opening_of, read_submission  # noqa: PLC0415
    from incidentbook.intake.places import unreadable_with  # noqa: PLC0415

    submission = read_submission(*read_input(file))
    desk = Desk(session, outward)
    origin = submission.origin
    known = desk.place.find(origin["system"], origin["id"])
    notes: tuple[str, ...] = ()
    broken = None if known else unreadable_with(desk.place.archive, origin["id"])
    if broken:
        tell(f"nothing to do: {broken} cannot be read and seems to be of this report; mend it first")
        return 0
    if known is None:
        opening = opening_of(submission, desk.place.archive.taxonomy, session.now)
        where = f"issue {submission.number}" if submission.number else "the form"
        known = desk.place.open(opening, f"Log {{id}}, as {where} reports\n")
        notes = opening.notes
        desk.wrote(known, "opened")
        for note in notes:
            tell(f"  {note}")
    else:
        tell(f"{known.id}: this report is here already")
    asked = desk.send(known, "Reported by the form.", notes)
    if asked is not None:
        _tell_reporter(desk, submission, known, asked.url)
    return desk.code


def _tell_reporter(desk: Desk, submission: Submission, known: Known, address: str) -> None:
    from incidentbook.intake.talk import RECEIVED, received  # noqa: PLC0415

    number = submission.number
    if number is None or any(RECEIVED in one.body for one in desk.forge.comments(number)):
        return
    desk.forge.comment(number, received(known, desk.place.archive.taxonomy, address))
    tell(f"  told the reporter on issue {number}")
