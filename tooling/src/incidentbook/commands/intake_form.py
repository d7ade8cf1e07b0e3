"""`incidentbook intake form`: what somebody reports by the issue form becomes a record."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from incidentbook.commands.intake_delivery import Outward, outward_options, read_input, tell
from incidentbook.commands.intake_desk import Desk, Incoming
from incidentbook.commands.session import Session

if TYPE_CHECKING:
    from incidentbook.intake.delivery import Asked
    from incidentbook.intake.form import Submission
    from incidentbook.intake.known import Known
    from incidentbook.intake.opening import Response


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
    from incidentbook.intake.form import read_submission  # noqa: PLC0415

    submission = read_submission(*read_input(file))
    desk = Desk(session, outward)
    taken = desk.take_in(_incoming(desk, submission))
    if taken.known is not None and taken.asked is not None and not taken.asked.is_refused:
        _tell_reporter(desk, submission, taken.known, taken.asked)
    return desk.code


def _incoming(desk: Desk, submission: Submission) -> Incoming:
    from incidentbook.intake.form import opening_of  # noqa: PLC0415
    from incidentbook.intake.opening import Silence  # noqa: PLC0415

    system, id_ = submission.origin["system"], submission.origin["id"]
    where = f"issue {submission.number}" if submission.number else "the form"

    def respond(known: Known | None) -> Response:
        if known is not None:
            return Silence(f"{known.id} is of this report, which is here already", is_done=True)
        return opening_of(submission, desk.place.archive.taxonomy, desk.session.now)

    return Incoming(
        system=system,
        id=id_,
        said="Reported by the form.",
        find=lambda place: place.find(system, id_),
        respond=respond,
        is_over=lambda refused, known: True,  # noqa: ARG005  one report is one matter
        opening=f"Log {{id}}, as {where} reports\n",
    )


def _tell_reporter(desk: Desk, submission: Submission, known: Known, asked: Asked) -> None:
    from incidentbook.intake.talk import RECEIVED, received  # noqa: PLC0415

    number = submission.number
    if number is None or any(RECEIVED in one.body for one in desk.forge.comments(number)):
        return
    address = asked.url if asked.is_under_review else None
    desk.forge.comment(number, received(known, desk.place.archive.taxonomy, address))
    tell(f"  told the reporter on issue {number}")
