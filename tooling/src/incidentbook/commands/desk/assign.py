"""`incidentbook assign`: give an incident to a team, or to a person."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

import click

from incidentbook.commands.desk.acting import Hand, acting
from incidentbook.commands.session import Session

if TYPE_CHECKING:
    from incidentbook.desk.proposal import Proposal
    from incidentbook.records import Incident


@click.command("assign", epilog="Example: incidentbook assign INC-2026-0042 --team platform --on-call")
@click.argument("id_", metavar="ID")
@click.option("--team", metavar="KEY", help="The team; that of the owner if not said.")
@click.option("--owner", metavar="HANDLE", help="The person.")
@click.option("--on-call", is_flag=True, help="The person who is on call for the team now.")
@click.option("--least-loaded", is_flag=True, help="The member of the team who has least in hand.")
@click.option("-m", "--message", "step", metavar="TEXT", help="Why, or how far it is; it becomes a step.")
@acting
@click.pass_obj
def command(
    session: Session,
    /,
    id_: str,
    team: str | None,
    owner: str | None,
    step: str | None,
    *,
    on_call: bool,
    least_loaded: bool,
    hand: Hand,
) -> int:
    """Assign an incident; nobody has acknowledged it by that (`ack` does).

    Exits with 1 where the record would have errors, with 2 where it is over or nobody is known by the name;
    nothing is written.
    """
    if sum((owner is not None, on_call, least_loaded)) > 1:
        raise click.UsageError("--owner, --on-call and --least-loaded are three ways to name one person.")
    if not (team or owner or on_call or least_loaded):
        raise click.UsageError("Say to whom: --team KEY, --owner HANDLE, --on-call or --least-loaded.")
    return run(session, id_, hand, team, owner, on_call=on_call, least_loaded=least_loaded, step=step)


def run(
    session: Session,
    id_: str,
    hand: Hand,
    team: str | None = None,
    owner: str | None = None,
    *,
    on_call: bool = False,
    least_loaded: bool = False,
    step: str | None = None,
) -> int:
    """Assign an incident; 1 where the record would have errors."""
    from incidentbook.commands.desk.moving import carry_change  # noqa: PLC0415
    from incidentbook.desk.finding import find_record  # noqa: PLC0415
    from incidentbook.desk.life import OPEN, require  # noqa: PLC0415
    from incidentbook.desk.life_assigning import assigned  # noqa: PLC0415

    entry, taxonomy = find_record(session.archive, id_, ("incident",)), session.archive.taxonomy
    at = hand.time(session)
    require(entry.id, entry.record, OPEN, "assigned")
    details: tuple[str, ...] = ()
    if on_call or least_loaded:
        found = _proposed(session, entry.record, team, at, on_call=on_call)
        owner, details = found.value, (f"  {found.value}: {found.reason}",)
    who = hand.who_if_known(session)
    change = assigned(entry.id, entry.record, at, team, owner, taxonomy, who, step)
    return carry_change(session, entry, change, hand, details=details)


def _proposed(
    session: Session, incident: Incident, team: str | None, at: datetime, *, on_call: bool
) -> Proposal:
    """Who of the team is meant. Raises RefusedError where there is no team, or nobody of it."""
    from incidentbook.desk.change import RefusedError  # noqa: PLC0415
    from incidentbook.desk.owners import least_loaded, on_call_owner  # noqa: PLC0415
    from incidentbook.desk.words import current_team, known_team  # noqa: PLC0415

    archive: Any = session.archive
    key = known_team(archive.taxonomy, team, at) if team else current_team(incident)
    if key is None:
        raise RefusedError("no team has it, so that nobody of it can be chosen; say --team KEY")
    found = (
        on_call_owner(archive.taxonomy, key, at) if on_call else least_loaded(archive, key, at, session.now)
    )
    if found is None:
        what = "is on call for it" if on_call else "is a member of it who is there"
        raise RefusedError(f"the team {key} has nobody who {what}; say --owner HANDLE")
    return found
