"""`incidentbook intake answer`: a reporter's comment becomes confirmation and satisfaction."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from incidentbook.commands.intake_delivery import Desk, Outward, outward_options, read_input, tell
from incidentbook.commands.session import Session

if TYPE_CHECKING:
    from incidentbook.intake.answer import Reply
    from incidentbook.intake.known import Known


@click.command("answer", epilog='Example: incidentbook intake answer "$GITHUB_EVENT_PATH" --pr')
@click.argument("file")
@outward_options
@click.pass_obj
def command(session: Session, *, file: str, commit: bool, push: bool, pr: bool) -> int:
    """Write what a reporter answers into their record.

    FILE is the event payload of a comment on the issue that the form made; `-` reads standard input.
    Only the one who opened the issue is heard. The comment's first line says `confirmed` or `not solved`,
    a number from 1 to 5 rates the help, and what follows is kept as their words.

    `confirmed` sets the confirmation of a resolved incident. `not solved` reopens it, unless
    schema/intake.yml says otherwise. A closed record takes a rating and nothing else.
    """
    return run(session, file, Outward(commit=commit, push=push, pr=pr))


def run(session: Session, file: str, outward: Outward) -> int:
    """Take in one comment."""
    from incidentbook.intake.answer import parse_answer, read_reply, respond_to_answer  # noqa: PLC0415
    from incidentbook.intake.form import GITHUB  # noqa: PLC0415
    from incidentbook.intake.opening import Amendment, Silence  # noqa: PLC0415

    reply = read_reply(*read_input(file))
    if not reply.is_reporters:
        tell("nothing to do: the comment is not by the one who opened the issue")
        return 0
    answer = parse_answer(reply.body)
    if answer is None:
        tell("nothing to do: the comment neither confirms, nor denies, nor rates")
        return 0
    desk = Desk(session, outward)
    known = desk.place.find(GITHUB, str(reply.number))
    if known is None:
        tell(f"nothing to do: no record here is of issue {reply.number}")
        return 0
    at = min(reply.at or session.now, session.now)
    taxonomy = desk.place.archive.taxonomy
    response = respond_to_answer(answer, reply.author, known, taxonomy, at, session.now)
    if isinstance(response, Silence):
        tell(f"nothing to do: {response.reason}")
    elif isinstance(response, Amendment):
        known = desk.place.amend(known, response.changes, f"{{id}}: the reporter has {response.summary} it\n")
        desk.wrote(known, response.summary)
    if desk.send(known, "The reporter has answered.") is not None:
        _reply(desk, reply, known)
    return desk.code


def _reply(desk: Desk, reply: Reply, known: Known) -> None:
    """Say what was understood, and let the issue be as open as the incident."""
    from incidentbook.intake.talk import answered  # noqa: PLC0415

    mark = answered(reply.id)
    if any(mark in one.body for one in desk.forge.comments(reply.number)):
        return
    record = known.record
    is_over = record.confirmation is not None and record.confirmation.confirmed
    next_ = "It will be closed." if is_over else f"It is `{record.status}` now." if record.reopenings else ""
    desk.forge.comment(reply.number, f"{mark}\nThank you, this is noted in {known.id}. {next_}".rstrip())
    issue = desk.forge.issue(reply.number)
    if is_over and issue.is_open:
        desk.forge.close_issue(reply.number)
    if not is_over and record.reopenings and not issue.is_open:
        desk.forge.reopen_issue(reply.number)
