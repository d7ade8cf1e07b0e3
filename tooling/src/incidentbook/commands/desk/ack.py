"""`incidentbook ack`: take an incident."""

from __future__ import annotations

import click

from incidentbook.commands.desk.acting import Hand, acting
from incidentbook.commands.session import Session


@click.command("ack", epilog="Example: incidentbook ack INC-2026-0042 --by duty-shop --push")
@click.argument("id_", metavar="ID")
@click.option("--team", metavar="KEY", help="The team that has it now; that of its owner if not said.")
@click.option("-m", "--message", "step", metavar="TEXT", help="What you do first; it becomes a step.")
@acting
@click.pass_obj
def command(session: Session, /, id_: str, team: str | None, step: str | None, hand: Hand) -> int:
    """Take an incident: it is acknowledged now, in progress, and yours.

    One that was acknowledged and waits for somebody goes on; its first acknowledgement stays.

    Exits with 1 where the record would have errors, with 2 where the move is not allowed; nothing is written.
    """
    return run(session, id_, hand, team, step)


def run(session: Session, id_: str, hand: Hand, team: str | None = None, step: str | None = None) -> int:
    """Acknowledge an incident; 1 where the record would have errors."""
    from incidentbook.commands.desk.moving import carry_change  # noqa: PLC0415
    from incidentbook.desk.finding import find_record  # noqa: PLC0415
    from incidentbook.desk.life import acknowledged  # noqa: PLC0415

    entry, taxonomy = find_record(session.archive, id_, ("incident",)), session.archive.taxonomy
    who, at = hand.who(session), hand.time(session)
    change = acknowledged(entry.id, entry.record, who, at, team, taxonomy, step)
    return carry_change(session, entry, change, hand)
