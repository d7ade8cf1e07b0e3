"""`incidentbook close`: nothing is left to do."""

from __future__ import annotations

import click

from incidentbook.commands.desk.acting import Hand, acting
from incidentbook.commands.session import Session


@click.command("close", epilog="Example: incidentbook close INC-2026-0042 --by desk-early")
@click.argument("id_", metavar="ID")
@click.option("--unconfirmed", is_flag=True, help="Nobody answered whether it works again.")
@click.option("-m", "--message", "step", metavar="TEXT", help="What was done last; it becomes a step.")
@acting
@click.pass_obj
def command(session: Session, /, id_: str, step: str | None, *, unconfirmed: bool, hand: Hand) -> int:
    """Close a resolved incident that the user has confirmed.

    Refused while the review is missing that the policy wants before closing. Exits with 1 where the record
    would have errors, with 2 where it is not resolved; nothing is written.
    """
    return run(session, id_, hand, unconfirmed=unconfirmed, step=step)


def run(session: Session, id_: str, hand: Hand, *, unconfirmed: bool = False, step: str | None = None) -> int:
    """Close an incident; 1 where the record would have errors."""
    from incidentbook.commands.desk.moving import carry_change  # noqa: PLC0415
    from incidentbook.desk.finding import find_record  # noqa: PLC0415
    from incidentbook.desk.life_closing import closed, closes_own_work  # noqa: PLC0415

    entry, taxonomy = find_record(session.archive, id_, ("incident",)), session.archive.taxonomy
    who, at = hand.who(session), hand.time(session)
    change = closed(entry.id, entry.record, who, at, taxonomy, unconfirmed=unconfirmed, step=step)
    own = closes_own_work(entry.record, who, taxonomy)
    details = (f"  warning: {who} resolved it, too, and nobody else confirmed (closed-by-resolver)",)
    return carry_change(session, entry, change, hand, details=details if own else ())
