"""`incidentbook mitigate`: the harm is contained."""

from __future__ import annotations

import click

from incidentbook.commands.desk.acting import Hand, acting
from incidentbook.commands.session import Session


@click.command(
    "mitigate", epilog="Example: incidentbook mitigate 42 -m 'Calendar view off; booking by list works'"
)
@click.argument("id_", metavar="ID")
@click.option("-m", "--message", "step", metavar="TEXT", help="What was done; it becomes a step.")
@acting
@click.pass_obj
def command(session: Session, /, id_: str, step: str | None, hand: Hand) -> int:
    """Say that the harm is contained; the work goes on.

    Exits with 1 where the record would have errors, with 2 where it was contained before, or is over; nothing
    is written.
    """
    return run(session, id_, hand, step)


def run(session: Session, id_: str, hand: Hand, step: str | None = None) -> int:
    """Set `mitigated`; 1 where the record would have errors."""
    from incidentbook.commands.desk.moving import carry_change  # noqa: PLC0415
    from incidentbook.desk.finding import find_record  # noqa: PLC0415
    from incidentbook.desk.life import mitigated  # noqa: PLC0415

    entry = find_record(session.archive, id_, ("incident",))
    who = hand.who_if_known(session)
    change = mitigated(entry.id, entry.record, who, hand.time(session), step)
    return carry_change(session, entry, change, hand)
