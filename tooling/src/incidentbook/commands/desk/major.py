"""`incidentbook major`: declare an incident major, with who leads it, and stand it down."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING

import click

from incidentbook.commands.desk.acting import Deed, Hand, acting, carry_out, changing
from incidentbook.commands.session import Session

if TYPE_CHECKING:
    from incidentbook.desk.change import Change
    from incidentbook.desk.major import Leading
    from incidentbook.records import Incident
    from incidentbook.taxonomy import Taxonomy


@click.group("major", epilog="Example: incidentbook major declare INC-2026-0042")
def command() -> None:
    """Declare an incident major, or stand it down.

    Who may, who leads and how often readers hear of it stands in schema/major.yml.
    """


@command.command("declare", epilog="Example: incidentbook major declare INC-2026-0042 --scribe desk-early")
@click.argument("id_", metavar="ID")
@click.option("--manager", metavar="HANDLE", help="Who leads; else the incident manager on call.")
@click.option(
    "--communications", metavar="HANDLE", help="Who writes to readers; else as schema/major.yml says."
)
@click.option("--scribe", metavar="HANDLE", help="Who keeps the timeline.")
@click.option(
    "--team", metavar="HANDLE", multiple=True, help="Of the major incident team, too; may be repeated."
)
@acting
@click.pass_obj
def declare(
    session: Session,
    /,
    id_: str,
    manager: str | None,
    communications: str | None,
    scribe: str | None,
    team: tuple[str, ...],
    hand: Hand,
) -> int:
    """Declare an incident major: its manager and team are named, and its updates are due.

    Says whom to tell, and by when the next update is due. Exits with 1 where the record would have errors,
    with 2 where you may not, or it is major or over; nothing is written then.
    """
    from incidentbook.desk.major import Leading  # noqa: PLC0415

    leading = Leading(manager=manager, communications=communications, scribe=scribe, team=team)
    return run(session, id_, hand, leading)


@command.command(
    "stand-down", epilog="Example: incidentbook major stand-down 42 -m 'Only the test shop is hit'"
)
@click.argument("id_", metavar="ID")
@click.option("-m", "--message", "reason", metavar="REASON", required=True, help="Why it is major no longer.")
@acting
@click.pass_obj
def stand_down(session: Session, /, id_: str, reason: str, hand: Hand) -> int:
    """End the major incident process: the incident goes on as any other.

    Roles, decisions and `declared` stay. Exits with 1 where the record would have errors, with 2 where you
    may not or it is not major; nothing is written then.
    """
    from incidentbook.desk.finding import find_record  # noqa: PLC0415
    from incidentbook.desk.major import stood_down  # noqa: PLC0415

    entry = find_record(session.archive, id_, ("incident",))
    who, at = hand.who(session), hand.time(session)
    change = stood_down(entry.id, entry.record, who, at, reason, session.archive.taxonomy)
    deed = Deed(
        about=entry.id,
        said=change.said,
        contents=changing(session, entry, change),
        next=(f"update {entry.id} -m 'What that means for readers'",),
        title=entry.record.title,
    )
    return carry_out(session, deed, hand)


def run(session: Session, id_: str, hand: Hand, leading: Leading) -> int:
    """Declare an incident major; 1 where the record would have errors."""
    from incidentbook.clocks import on_call  # noqa: PLC0415
    from incidentbook.desk.finding import find_record  # noqa: PLC0415
    from incidentbook.desk.major import declared, update_due_once_declared  # noqa: PLC0415

    archive = session.archive
    entry, taxonomy = find_record(archive, id_, ("incident",)), archive.taxonomy
    who, at = hand.who(session), hand.time(session)
    managers = taxonomy.major.managers
    duty = on_call(taxonomy, managers, at) if managers else None
    change = declared(entry.id, entry.record, who, at, leading, duty.who if duty else None, taxonomy)
    larger = (one.record for one in archive.followed_by(entry.id))
    due = update_due_once_declared(entry.record, at, taxonomy, *larger)
    deed = Deed(
        about=entry.id,
        said=change.said,
        contents=changing(session, entry, change),
        details=tuple(_details(entry.record, change, due, taxonomy)),
        next=(f"update {entry.id} -m 'What readers should know' --public", f"show {entry.id}"),
        title=entry.record.title,
    )
    return carry_out(session, deed, hand)


def _details(incident: Incident, change: Change, due: datetime | None, taxonomy: Taxonomy) -> Iterator[str]:
    """Who leads, whom to tell, and when readers hear of it next."""
    from incidentbook.taxonomy import stakeholders_of  # noqa: PLC0415

    roles = change.values.get("roles", {})
    for key, words in (
        ("incident_manager", "Incident manager"),
        ("communications_lead", "Communications lead"),
        ("scribe", "Scribe"),
    ):
        yield f"  {words}: {roles.get(key) or 'nobody yet'}"
    if roles.get("team"):
        yield f"  Team: {', '.join(roles['team'])}"
    for one in stakeholders_of(incident, taxonomy):
        address = f" <{one.email}>" if one.email else ""
        wants = f": {one.wants}" if one.wants else ""
        yield f"  Tell {one.name}{address}{wants}"
    if due is not None:
        yield f"  Next update due: {due.astimezone(taxonomy.zone):%Y-%m-%d %H:%M %Z}"
