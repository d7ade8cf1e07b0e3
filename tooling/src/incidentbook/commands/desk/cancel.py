"""`incidentbook cancel`: it was no incident."""

from __future__ import annotations

import click

from incidentbook.commands.desk.acting import Hand, acting
from incidentbook.commands.session import Session


@click.command("cancel", epilog="Example: incidentbook cancel 42 -m 'The probe was wrong; the shop was up'")
@click.argument("id_", metavar="ID")
@click.option("-m", "--message", "reason", metavar="REASON", help="Why it is no incident; `-` reads it.")
@acting
@click.pass_obj
def command(session: Session, /, id_: str, reason: str | None, hand: Hand) -> int:
    """Cancel an incident that was none: a false alarm, or a duplicate (`link ID --duplicate-of`).

    Exits with 1 where the record would have errors, with 2 where it is over; nothing is written.
    """
    return run(session, id_, hand, reason)


def run(session: Session, id_: str, hand: Hand, reason: str | None) -> int:
    """Cancel an incident; 1 where the record would have errors."""
    from incidentbook.commands.desk.moving import carry_change, looked_at_again, text_of  # noqa: PLC0415
    from incidentbook.desk.finding import find_record  # noqa: PLC0415
    from incidentbook.desk.life import cancelled  # noqa: PLC0415

    entry, at = find_record(session.archive, id_, ("incident",)), hand.time(session)
    # refused before anybody is asked for a text
    cancelled(entry.id, entry.record, at, reason or "?")
    text = text_of(reason, "the reason")
    session = looked_at_again(session, reason)
    entry = find_record(session.archive, entry.id, ("incident",))
    change = cancelled(entry.id, entry.record, at, text)
    return carry_change(session, entry, change, hand, details=_details(session, entry.id))


def _details(session: Session, id_: str) -> list[str]:
    """What followed it, and is not over with it."""
    from incidentbook.commands.desk.moving import with_all_read  # noqa: PLC0415
    from incidentbook.desk.families import children_following  # noqa: PLC0415

    return [
        f"  {child.id} followed it, and goes on by itself: incidentbook link {child.id} --parent ID, "
        f"or incidentbook cancel {child.id}"
        for child in children_following(with_all_read(session), id_)
        if child.record.links is not None and child.record.links.parent == id_
    ]
