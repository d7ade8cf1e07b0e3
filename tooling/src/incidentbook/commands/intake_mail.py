"""`incidentbook intake mail`: a mail becomes a record, or goes to the one that it belongs to."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from incidentbook.commands.intake_delivery import Outward, outward_options, read_input, tell
from incidentbook.commands.intake_desk import Desk, Incoming
from incidentbook.commands.session import Session

if TYPE_CHECKING:
    from incidentbook.intake.known import Known
    from incidentbook.intake.mail import Mail
    from incidentbook.intake.opening import Response
    from incidentbook.intake.places import Place


@click.command("mail", epilog="Example: incidentbook intake mail - --push --reply answer.eml < message.eml")
@click.argument("file")
@outward_options
@click.option(
    "--reply",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Write an answer to the sender, ready for `sendmail -t`.",
)
@click.pass_obj
def command(session: Session, *, file: str, commit: bool, push: bool, pr: bool, reply: Path | None) -> int:
    """Log an incident that somebody reported by mail.

    FILE is the message as a mail server keeps it (.eml); `-` reads standard input. An answer to a mail
    that is here already is added to its record as a step, without what it quotes. Attachments are
    named and not kept. What no person wrote (automatic answers, newsletters) is left alone.

    Nothing is sent: the answer to the sender is printed, or written with --reply to be sent on.
    """
    return run(session, file, Outward(commit=commit, push=push, pr=pr), reply)


def run(session: Session, file: str, outward: Outward, reply: Path | None = None) -> int:
    """Take in one mail."""
    from incidentbook.intake.mail import read_mail  # noqa: PLC0415
    from incidentbook.intake.opening import Opening, Silence  # noqa: PLC0415

    mail = read_mail(*read_input(file))
    if mail.automatic:
        tell(f"nothing to do: no person wrote it ({mail.automatic})")
        return 0
    desk = Desk(session, outward)
    taken = desk.take_in(_incoming(desk, mail))
    if taken.known is not None and not isinstance(taken.response, Silence):
        _answer(desk, mail, taken.known, reply, is_new=isinstance(taken.response, Opening))
    return desk.code


def _incoming(desk: Desk, mail: Mail) -> Incoming:
    from incidentbook.intake.mail import MAIL  # noqa: PLC0415

    return Incoming(
        system=MAIL,
        id=mail.id,
        said="Reported by mail.",
        find=lambda place: _known(place, mail),
        respond=lambda known: _respond(desk, mail, known),
        is_over=lambda refused, known: True,  # noqa: ARG005  one mail is one matter
        opening="Log {id}, as a mail reports\n",
        amending=lambda summary: "{id}: add what a mail says\n",  # noqa: ARG005
    )


def _respond(desk: Desk, mail: Mail, known: Known | None) -> Response:
    from incidentbook.intake.mail import mails_known, opening_of_mail, step_of_mail  # noqa: PLC0415
    from incidentbook.intake.opening import Amendment, Silence  # noqa: PLC0415

    taxonomy, now = desk.place.archive.taxonomy, desk.session.now
    if known is None:
        return opening_of_mail(mail, taxonomy, now)
    if _origin(known) == mail.id or mails_known(mail, [step.text for step in known.record.steps]):
        return Silence(f"{known.id} has this mail, which is here already", is_done=True)
    steps = known.step(now, step_of_mail(mail), taxonomy.intake.bot)
    return Amendment(changes={"steps": steps}, summary="a mail is added")


def _known(place: Place, mail: Mail) -> Known | None:
    """The record of a mail, of one that it answers, or the one that its subject names; none that is over."""
    from incidentbook.intake.known import OVER, Known  # noqa: PLC0415
    from incidentbook.intake.mail import MAIL  # noqa: PLC0415

    own = place.find(MAIL, mail.id)
    if own is not None:
        return own
    for id_ in reversed(mail.answers):
        found = place.find(MAIL, id_)
        if found is not None and found.record.status not in OVER and not found.is_broken:
            return found
    entry = place.archive.get(mail.tag) if mail.tag else None
    if entry is None or not entry.readable or entry.kind != "incident":
        return None
    named = Known.of(entry)
    fits = _origin(named) is not None and named.record.status not in OVER and not named.is_broken
    return named if fits else None


def _origin(known: Known) -> str | None:
    """The mail that opened a record; None where something else did."""
    from incidentbook.intake.mail import MAIL  # noqa: PLC0415

    origin = known.record.origin
    return origin.id if origin is not None and origin.system == MAIL else None


def _answer(desk: Desk, mail: Mail, known: Known, file: Path | None, *, is_new: bool) -> None:
    from email.policy import SMTP  # noqa: PLC0415

    from incidentbook.edits import writing  # noqa: PLC0415
    from incidentbook.intake.delivery import is_sealed  # noqa: PLC0415
    from incidentbook.intake.mail import reply_to  # noqa: PLC0415
    from incidentbook.source import write_bytes  # noqa: PLC0415

    taxonomy = desk.place.archive.taxonomy
    sender = taxonomy.settings.report.mail if taxonomy.settings.report else None
    priority = None if is_sealed(known) else taxonomy.priority_of(known.record)
    message = reply_to(mail, known.id, sender, priority, is_new=is_new)
    if message is None:
        tell("  nobody to answer: the mail has no address that can be written to")
    elif file is not None:
        with writing():
            write_bytes(file, message.as_bytes(policy=SMTP))
        tell(f"  the answer is in {file}; `sendmail -t < {file}` sends it")
    else:
        tell(f"  to be told to {mail.answer_to} (`--reply FILE` writes it as a mail for `sendmail -t`):")
        for line in message.get_content().splitlines():
            tell(f"    {line}")
