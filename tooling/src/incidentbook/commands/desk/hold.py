"""`incidentbook hold`: say that nothing can be done for now, and why."""

from __future__ import annotations

import click

from incidentbook.commands.desk.acting import Hand, acting
from incidentbook.commands.session import Session


@click.command("hold", epilog="Example: incidentbook hold 42 --reason waiting-vendor -m 'Case 4711, by noon'")
@click.argument("id_", metavar="ID")
@click.option("--reason", metavar="KEY", required=True, help="Key of a hold reason in schema/sla.yml.")
@click.option("-m", "--message", "note", metavar="NOTE", help="What is being waited for.")
@acting
@click.pass_obj
def command(session: Session, /, id_: str, reason: str, note: str | None, hand: Hand) -> int:
    """Put an incident on hold: a hold begins, and the clock pauses where the policy lets this reason.

    Exits with 1 where the record would have errors, with 2 where nobody works on it; nothing is written.
    """
    return run(session, id_, hand, reason, note)


def run(session: Session, id_: str, hand: Hand, reason: str, note: str | None = None) -> int:
    """Put an incident on hold; 1 where the record would have errors."""
    from incidentbook.commands.desk.moving import carry_change  # noqa: PLC0415
    from incidentbook.desk.finding import find_record  # noqa: PLC0415
    from incidentbook.desk.life import held  # noqa: PLC0415

    entry, taxonomy = find_record(session.archive, id_, ("incident",)), session.archive.taxonomy
    change = held(entry.id, entry.record, hand.time(session), reason, note, taxonomy)
    policy = taxonomy.policy_for(entry.record)
    key = change.added["holds"][0]["reason"]
    pauses = policy is not None and key in policy.pausing
    told = "pauses" if pauses else "goes on"
    details = (f"  The clock {told}: `{key}` under the policy {policy.id}",) if policy else ()
    return carry_change(session, entry, change, hand, details=details)
