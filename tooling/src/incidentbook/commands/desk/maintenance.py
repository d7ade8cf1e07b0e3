"""`incidentbook maintenance`: planned work that readers are told of beforehand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from incidentbook.commands.desk.acting import Deed, Hand, acting, carry_out, carry_record
from incidentbook.commands.desk.making import free_name, new_file
from incidentbook.commands.session import Session, parse_now

if TYPE_CHECKING:
    from incidentbook.archive.entry import Entry
    from incidentbook.records import Maintenance


@click.group("maintenance", epilog="Example: incidentbook maintenance start MNT-2026-0004")
def command() -> None:
    """Announce planned work; say that it begins, is done, or is called off."""


@command.command(
    "new",
    epilog="Example: incidentbook maintenance new --title 'The database moves' "
    "--from 2026-12-06T02:00+00:00 --to 2026-12-06T04:00+00:00",
)
@click.option("-m", "--title", required=True, help="What will be done, as a user would say it.")
@click.option("--from", "from_text", required=True, metavar="TIME", help="When the window begins.")
@click.option("--to", "to_text", required=True, metavar="TIME", help="When the window ends.")
@click.option(
    "--service",
    "services",
    multiple=True,
    metavar="KEY[=STATE]",
    help="A service and its state meanwhile (degraded_performance if not said); may be repeated.",
)
@click.option("--summary", help="What users will notice.")
@click.option("--owner", metavar="HANDLE", help="Who answers for it; who acts if not said.")
@click.option("--team", metavar="KEY", help="Key of the team in schema/teams.yml.")
@click.option("--change", help="The change request behind it.")
@click.option("--visibility", metavar="WHO", help="Who may read it: public, internal or restricted.")
@acting
@click.pass_obj
def new(session: Session, /, from_text: str, to_text: str, owner: str | None, hand: Hand, **said: Any) -> int:
    """Announce work under the next free ID. Times are ISO 8601 with an offset: 2026-11-28T05:00+00:00."""
    from incidentbook.desk.upkeep import NewMaintenance, scheduled  # noqa: PLC0415
    from incidentbook.desk.words import known_person  # noqa: PLC0415

    if owner:
        known_person(session.archive.taxonomy, owner, hand.time(session))
    work = NewMaintenance(
        start=parse_now(from_text, "--from"),
        end=parse_now(to_text, "--to"),
        owner=owner or hand.who_if_known(session),
        **said,
    )
    values = scheduled(work, hand.time(session))
    name = free_name(session, "maintenance", work.start)
    deed = Deed(
        about=name.id,
        said="maintenance announced",
        contents=new_file(name, values),
        next=(f"maintenance start {name.id}", f"maintenance cancel {name.id} -m WHY"),
        title=work.title,
    )
    return carry_out(session, deed, hand)


@command.command("start", epilog="Example: incidentbook maintenance start MNT-2026-0004")
@click.argument("id_", metavar="ID")
@click.option("--early", is_flag=True, help="Also where it was planned for more than an hour later.")
@acting
@click.pass_obj
def start(session: Session, /, id_: str, *, early: bool, hand: Hand) -> int:
    """Say that the work begins: from now on its services are in the state that was announced."""
    from incidentbook.desk.upkeep import begun  # noqa: PLC0415

    entry = _maintenance(session, id_)
    change = begun(entry.id, entry.record, hand.time(session), early=early)
    return carry_record(session, entry, change, hand, f"maintenance complete {entry.id}")


@command.command("complete", epilog="Example: incidentbook maintenance complete MNT-2026-0004")
@click.argument("id_", metavar="ID")
@acting
@click.pass_obj
def complete(session: Session, /, id_: str, hand: Hand) -> int:
    """Say that the work is done."""
    from incidentbook.desk.upkeep import completed  # noqa: PLC0415

    entry = _maintenance(session, id_)
    return carry_record(session, entry, completed(entry.id, entry.record, hand.time(session)), hand)


@command.command(
    "cancel", epilog="Example: incidentbook maintenance cancel MNT-2026-0004 -m 'The part is late'"
)
@click.argument("id_", metavar="ID")
@click.option("-m", "--reason", required=True, help="Why it is called off.")
@acting
@click.pass_obj
def cancel(session: Session, /, id_: str, reason: str, hand: Hand) -> int:
    """Call the work off, or break it off, and say why."""
    from incidentbook.desk.upkeep import called_off  # noqa: PLC0415

    entry = _maintenance(session, id_)
    return carry_record(session, entry, called_off(entry.id, entry.record, hand.time(session), reason), hand)


def _maintenance(session: Session, said: str) -> Entry[Maintenance]:
    from incidentbook.desk.finding import find_record  # noqa: PLC0415

    return find_record(session.archive, said, ("maintenance",))
