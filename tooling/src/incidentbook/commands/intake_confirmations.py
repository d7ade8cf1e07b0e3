"""`incidentbook intake confirmations`: reporters are asked, and silence has an end."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import click

from incidentbook.commands.intake_delivery import Desk, Outward, tell
from incidentbook.commands.session import Session

if TYPE_CHECKING:
    from incidentbook.diagnostics import Diagnostic
    from incidentbook.intake.known import Known


@click.command("confirmations", epilog="Example: incidentbook intake confirmations --apply")
@click.option("--apply", "apply_", is_flag=True, help="Ask and close; without it nothing is done but said.")
@click.pass_obj
def command(session: Session, *, apply_: bool) -> int:
    """Ask the reporters of resolved incidents whether it works again, and close after silence.

    Looks at resolved incidents that the form brought. Each reporter is asked once for each resolution,
    by a comment on their issue. After the days of schema/intake.yml without an answer the incident is
    closed with `confirmation: {confirmed: false}`, by a branch and a pull request, where nothing else
    stands against closing it: a review that must be published first does.
    """
    return run(session, apply_=apply_)


def run(session: Session, *, apply_: bool) -> int:
    """Look at every resolved incident of the form."""
    from incidentbook.intake.form import GITHUB  # noqa: PLC0415
    from incidentbook.records import IncidentStatus  # noqa: PLC0415

    desk = Desk(session, Outward(pr=apply_))
    found = [
        entry.record.origin.id
        for entry in desk.place.archive.incidents
        if entry.record.origin is not None
        and entry.record.origin.system == GITHUB
        and entry.record.status is IncidentStatus.RESOLVED
        and entry.record.confirmation is None
    ]
    for number in dict.fromkeys(found):
        known = desk.place.find(GITHUB, number)
        if known is None or not number.isdecimal() or known.record.status is not IncidentStatus.RESOLVED:
            continue  # what waits on a branch has answered or closed it already
        if known.record.confirmation is None:
            _look_at(desk, known, int(number), apply_=apply_)
    if not found:
        tell("No resolved incident waits for its reporter.")
    return 0


def _look_at(desk: Desk, known: Known, number: int, *, apply_: bool) -> None:
    from incidentbook.intake.talk import question, when_asked  # noqa: PLC0415

    session, taxonomy = desk.session, desk.place.archive.taxonomy
    policy = taxonomy.intake.confirmations
    author = desk.forge.issue(number).author
    asked = when_asked(known, desk.forge.comments(number), author, policy.account)
    if asked is None:
        tell(f"{known.id}: {'asked' if apply_ else 'to be asked'} on issue {number}")
        if apply_:
            desk.forge.comment(number, question(known, taxonomy, session.now))
        return
    until = asked.at + timedelta(days=policy.days)
    if asked.has_written:
        tell(
            f"{known.id}: the reporter has written since they were asked; somebody should read issue {number}"
        )
    elif session.now < until:
        tell(f"{known.id}: asked, and closes without an answer from {until:%Y-%m-%d %H:%M} UTC on")
    else:
        _close(desk, known, number, apply_=apply_)


def _close(desk: Desk, known: Known, number: int, *, apply_: bool) -> None:
    now, bot = desk.session.now, desk.place.archive.taxonomy.intake.bot
    if bot is None:
        tell(f"{known.id}: cannot be closed: `bot` in schema/intake.yml says who closes it")
        return
    changes = {
        "status": "closed",
        "closed": now,
        "closed_by": bot,
        "confirmation": {"confirmed": False, "at": now},
    }
    against = _errors_of(desk, known, known.with_changes(changes))
    if against:
        tell(f"{known.id}: cannot be closed: {against[0].message} ({against[0].code})")
        return
    tell(f"{known.id}: {'closed' if apply_ else 'to be closed'} as unconfirmed")
    if not apply_:
        return
    closed = desk.place.amend(known, changes, "{id}: close, the reporter did not answer\n")
    desk.wrote(closed, "closed as unconfirmed")
    if desk.send(closed, "The reporter was asked and did not answer.") is not None:
        desk.forge.comment(
            number, f"{known.id} is closed as unconfirmed. If it comes back, please report it anew."
        )
        desk.forge.close_issue(number)


def _errors_of(desk: Desk, known: Known, text: str) -> list[Diagnostic]:
    """The errors that a record would have with another text."""
    from incidentbook.archive import load_archive  # noqa: PLC0415
    from incidentbook.diagnostics import Severity  # noqa: PLC0415
    from incidentbook.intake.places import Altered  # noqa: PLC0415
    from incidentbook.rules.engine import check  # noqa: PLC0415

    archive = desk.place.archive
    altered = load_archive(Altered(archive.tree, known.path, text.encode()), cache=archive.cache)
    result = check(altered, now=desk.session.now, paths=[known.path])
    return [found for found in result.diagnostics if found.severity is Severity.ERROR]
