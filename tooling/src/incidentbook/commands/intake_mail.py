"""`incidentbook intake mail`: a mail becomes a record, or goes to the one that it belongs to."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from incidentbook.commands.intake_delivery import Desk, Outward, outward_options, read_input, tell
from incidentbook.commands.session import Session

if TYPE_CHECKING:
    from incidentbook.intake.known import Known
    from incidentbook.intake.mail import Mail


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
    from incidentbook.intake.mail import mails_known, opening_of_mail, read_mail, step_of_mail  # noqa: PLC0415

    mail = read_mail(*read_input(file))
    if mail.automatic:
        tell(f"nothing to do: no person wrote it ({mail.automatic})")
        return 0
    desk = Desk(session, outward)
    known, is_new = _known(desk, mail), False
    notes: tuple[str, ...] = ()
    if known is None:
        opening = opening_of_mail(mail, desk.place.archive.taxonomy, session.now)
        known, is_new, notes = desk.place.open(opening, "Log {id}, as a mail reports\n"), True, opening.notes
        desk.wrote(known, "opened")
        for note in notes:
            tell(f"  {note}")
    elif _origin(known) == mail.id or mails_known(mail, [step.text for step in known.record.steps]):
        tell(f"{known.id}: this mail is here already")
        desk.send(known, "Reported by mail.")
        return desk.code
    else:
        steps = known.step(session.now, step_of_mail(mail), desk.place.archive.taxonomy.intake.bot)
        known = desk.place.amend(known, {"steps": steps}, "{id}: add what a mail says\n")
        desk.wrote(known, "a mail is added")
    desk.send(known, "Reported by mail.", notes)
    _answer(desk, mail, known, reply, is_new=is_new)
    return desk.code


def _known(desk: Desk, mail: Mail) -> Known | None:
    """The record of a mail, of one that it answers, or the one that its subject names; none that is over."""
    from incidentbook.intake.known import OVER, Known  # noqa: PLC0415
    from incidentbook.intake.mail import MAIL  # noqa: PLC0415

    own = desk.place.find(MAIL, mail.id)
    if own is not None:
        return own
    for id_ in reversed(mail.answers):
        found = desk.place.find(MAIL, id_)
        if found is not None and found.record.status not in OVER and not found.is_broken:
            return found
    entry = desk.place.archive.get(mail.tag) if mail.tag else None
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
    from incidentbook.intake.mail import reply_to  # noqa: PLC0415
    from incidentbook.source import write_bytes  # noqa: PLC0415

    taxonomy = desk.place.archive.taxonomy
    sender = taxonomy.settings.report.mail if taxonomy.settings.report else None
    message = reply_to(mail, known.id, sender, taxonomy.priority_of(known.record), is_new=is_new)
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
