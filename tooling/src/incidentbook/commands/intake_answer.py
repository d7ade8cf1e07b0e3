"""`incidentbook intake answer`: a reporter's comment becomes confirmation and satisfaction."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from incidentbook.commands.intake_delivery import Outward, outward_options, read_input, tell
from incidentbook.commands.intake_desk import Desk, Incoming
from incidentbook.commands.session import Session

if TYPE_CHECKING:
    from incidentbook.intake.answer import Reply
    from incidentbook.intake.delivery import Asked
    from incidentbook.intake.known import Known
    from incidentbook.intake.opening import Response
    from incidentbook.intake.verdict import Answer


@click.command("answer", epilog='Example: incidentbook intake answer "$GITHUB_EVENT_PATH" --pr')
@click.argument("file")
@outward_options
@click.pass_obj
def command(session: Session, *, file: str, commit: bool, push: bool, pr: bool) -> int:
    """Write what a reporter answers into their record.

    FILE is the event payload of a comment on the issue that the form made; `-` reads standard input.
    Only the one who opened the issue is heard. The comment's first line says `confirmed` or `not solved`
    and no more than that, a number from 1 to 5 rates the help, and what follows is kept as their words.
    Of a first line that says anything else nothing is guessed: with --pr the reporter is told once.

    `confirmed` sets the confirmation of a resolved incident. `not solved` reopens it, unless
    schema/intake.yml says otherwise. A closed record takes a rating and nothing else.
    """
    return run(session, file, Outward(commit=commit, push=push, pr=pr))


def run(session: Session, file: str, outward: Outward) -> int:
    """Take in one comment."""
    from incidentbook.intake.answer import read_reply  # noqa: PLC0415
    from incidentbook.intake.opening import Silence  # noqa: PLC0415
    from incidentbook.intake.verdict import parse_answer  # noqa: PLC0415

    reply = read_reply(*read_input(file))
    if not reply.is_reporters:
        tell("nothing to do: the comment is not by the one who opened the issue")
        return 0
    desk, answer = Desk(session, outward), parse_answer(reply.body)
    if answer is None:
        tell("nothing to do: the comment neither confirms, nor denies, nor rates")
        _ask_again(desk, reply)
        return 0
    taken = desk.take_in(_incoming(desk, reply, answer))
    has_it = not isinstance(taken.response, Silence) or taken.response.is_done
    if taken.known is not None and taken.asked is not None and has_it and not taken.asked.is_refused:
        _reply(desk, reply, taken.known, taken.asked)
    return desk.code


def _incoming(desk: Desk, reply: Reply, answer: Answer) -> Incoming:
    from incidentbook.intake.answer import respond_to_answer  # noqa: PLC0415
    from incidentbook.intake.form import GITHUB  # noqa: PLC0415
    from incidentbook.intake.opening import Silence  # noqa: PLC0415

    now = desk.session.now
    at = min(reply.at or now, now)

    def respond(known: Known | None) -> Response:
        if known is None:
            return Silence(f"no record here is of issue {reply.number}")
        return respond_to_answer(answer, reply.author, known, desk.place.archive.taxonomy, at, now)

    return Incoming(
        system=GITHUB,
        id=str(reply.number),
        said="The reporter has answered.",
        find=lambda place: place.find(GITHUB, str(reply.number)),
        respond=respond,
        is_over=lambda refused, known: at <= refused,  # noqa: ARG005
        amending=lambda summary: f"{{id}}: the reporter has {summary} it\n",
    )


def _ask_again(desk: Desk, reply: Reply) -> None:
    """Say once for each resolution that a comment was not understood, and what can be."""
    from incidentbook.intake.form import GITHUB  # noqa: PLC0415
    from incidentbook.intake.talk import unclear, unclear_mark  # noqa: PLC0415
    from incidentbook.records import IncidentStatus  # noqa: PLC0415

    if not desk.outward.pr or not reply.body:
        return
    known = desk.place.find(GITHUB, str(reply.number))
    if known is None or known.record.status is not IncidentStatus.RESOLVED or known.record.confirmation:
        return  # then it is a word to people
    if not any(unclear_mark(known) in one.body for one in desk.forge.comments(reply.number)):
        desk.forge.comment(reply.number, unclear(known))
        tell(f"  told the reporter on issue {reply.number} what can be understood")


def _reply(desk: Desk, reply: Reply, known: Known, asked: Asked) -> None:
    """Say what was proposed; the issue is opened again where that is to work on it, and never closed."""
    from incidentbook.intake.known import OVER  # noqa: PLC0415
    from incidentbook.intake.talk import answered, answered_mark  # noqa: PLC0415

    if any(answered_mark(reply.id) in one.body for one in desk.forge.comments(reply.number)):
        return
    desk.forge.comment(reply.number, answered(reply.id, known, asked))
    is_worked_on = known.record.status not in OVER and known.record.resolved is None
    if is_worked_on and not desk.forge.issue(reply.number).is_open:
        desk.forge.reopen_issue(reply.number)
