"""`incidentbook reopen`: a resolution did not hold."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from incidentbook.commands.desk.acting import Hand, acting
from incidentbook.commands.session import Session

if TYPE_CHECKING:
    from incidentbook.archive.entry import Entry
    from incidentbook.records import Incident


@click.command("reopen", epilog="Example: incidentbook reopen 42 -m 'Checkout answers 502 again'")
@click.argument("id_", metavar="ID")
@click.option("-m", "--message", "reason", metavar="REASON", help="What came back; `-` reads it.")
@acting
@click.pass_obj
def command(session: Session, /, id_: str, reason: str | None, hand: Hand) -> int:
    """Go on with an incident whose resolution did not hold.

    The resolution moves into `reopenings`, its words into a step, and the clock goes on. A closed incident
    is not reopened: what comes back is a new one (`new --earlier ID`). Exits with 1 where the record would
    have errors, with 2 where it is not resolved; nothing is written.
    """
    return run(session, id_, hand, reason)


def run(session: Session, id_: str, hand: Hand, reason: str | None) -> int:
    """Reopen an incident; 1 where the record would have errors."""
    from incidentbook.commands.desk.moving import carry_change, looked_at_again, text_of  # noqa: PLC0415
    from incidentbook.desk.finding import editable, find_record  # noqa: PLC0415
    from incidentbook.desk.life_closing import worked_on_again  # noqa: PLC0415

    entry, at = editable(find_record(session.archive, id_, ("incident",))), hand.time(session)
    who = hand.who_if_known(session)
    # refused before anybody is asked for a text
    worked_on_again(entry, who, at, reason or "?")
    text = text_of(reason, "the reason")
    session = looked_at_again(session, reason)
    entry = editable(find_record(session.archive, entry.id, ("incident",)))
    change = worked_on_again(entry, who, at, text)
    return carry_change(session, entry, change, hand, details=_details(session, entry))


def _details(session: Session, entry: Entry[Incident]) -> list[str]:
    """What is not open again by that."""
    from incidentbook.commands.desk.moving import with_all_read  # noqa: PLC0415

    details = [
        f"  {child.id} was resolved with it and stays so; if it is back, too: incidentbook reopen {child.id}"
        for child in with_all_read(session).followers_of(entry.id)
        if child.record.status == "resolved"
    ]
    if any(service.to is not None for service in entry.record.services):
        details.append(
            f"  Its services are as they were when it was resolved; if they suffer again: "
            f"incidentbook update {entry.id} --service KEY=STATE"
        )
    return details
