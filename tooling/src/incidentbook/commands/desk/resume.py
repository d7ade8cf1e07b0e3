"""`incidentbook resume`: work goes on."""

from __future__ import annotations

import click

from incidentbook.commands.desk.acting import Hand, acting
from incidentbook.commands.session import Session


@click.command("resume", epilog="Example: incidentbook resume INC-2026-0042")
@click.argument("id_", metavar="ID")
@click.option("-m", "--message", "step", metavar="TEXT", help="What came of the wait; it becomes a step.")
@acting
@click.pass_obj
def command(session: Session, /, id_: str, step: str | None, hand: Hand) -> int:
    """Go on with an incident that was on hold: the hold ends, and it is in progress.

    Exits with 1 where the record would have errors, with 2 where it is not on hold; nothing is written.
    """
    return run(session, id_, hand, step)


def run(session: Session, id_: str, hand: Hand, step: str | None = None) -> int:
    """End the hold; 1 where the record would have errors."""
    from incidentbook.commands.desk.moving import carry_change  # noqa: PLC0415
    from incidentbook.desk.finding import find_record  # noqa: PLC0415
    from incidentbook.desk.life import resumed  # noqa: PLC0415

    entry = find_record(session.archive, id_, ("incident",))
    who = hand.who_if_known(session)
    change = resumed(entry.id, entry.record, hand.time(session), who, step)
    return carry_change(session, entry, change, hand)
