"""`incidentbook review`: begin, hand in and publish the review of an incident."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from incidentbook.commands.desk.acting import Deed, Hand, acting, carry_out, carry_record
from incidentbook.commands.desk.making import new_file
from incidentbook.commands.session import Session

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from incidentbook.archive.entry import Entry
    from incidentbook.records import Incident, Review


@click.group("review", epilog="Example: incidentbook review start INC-2026-0042 --facilitator lead-shop")
def command() -> None:
    """Begin, hand in and publish the review of an incident.

    ID is the incident's or the review's own. `incidentbook reviews` lists what must be reviewed by when.
    """


@command.command("start", epilog="Example: incidentbook review start INC-2026-0042 --facilitator lead-shop")
@click.argument("id_", metavar="ID")
@click.option("--facilitator", metavar="HANDLE", help="Who leads the review; not who led the response.")
@click.option(
    "--author", "authors", multiple=True, metavar="HANDLE", help="Who writes it; who acts if not said."
)
@acting
@click.pass_obj
def start(
    session: Session, /, id_: str, facilitator: str | None, authors: tuple[str, ...], hand: Hand
) -> int:
    """Begin a review beside its incident: a draft with every heading that the policy asks for.

    Exits with 2 where the incident has a review already.
    """
    from incidentbook.desk.finding import find_record  # noqa: PLC0415
    from incidentbook.desk.reviewing import ENDING, require_none, started  # noqa: PLC0415
    from incidentbook.records import RecordName  # noqa: PLC0415

    archive = session.archive
    entry = find_record(archive, id_, ("incident",))
    require_none(entry.id, archive)
    _require_people(session, hand, (facilitator, *authors))
    wrote = authors or (hand.who(session),)
    values = started(entry.id, entry.record, wrote, hand.time(session), facilitator)
    name = RecordName("review", f"{entry.id}{ENDING}", entry.name.year, entry.name.number)
    deed = Deed(
        about=name.id,
        said=f"begun by {', '.join(values['authors'])}",
        contents=new_file(name, values, _body(session, entry, hand.time(session))),
        next=(
            f"edit {name.id}",
            f"action add {entry.id} -m TITLE --owner WHO --due DAY",
            f"review submit {entry.id}",
        ),
        title=entry.record.title,
    )
    return carry_out(session, deed, hand)


@command.command("submit", epilog="Example: incidentbook review submit INC-2026-0042")
@click.argument("id_", metavar="ID")
@click.option("--facilitator", metavar="HANDLE", help="Who leads the review; not who led the response.")
@acting
@click.pass_obj
def submit(session: Session, /, id_: str, facilitator: str | None, hand: Hand) -> int:
    """Hand a draft in, so that others read it.

    Exits with 1 where it lacks what a review in this state must have; nothing is written.
    """
    from incidentbook.desk.reviewing import submitted  # noqa: PLC0415

    _require_people(session, hand, (facilitator,))
    entry = _review(session, id_)
    change = submitted(entry.id, entry.record, facilitator)
    return carry_record(session, entry, change, hand, f"review publish {entry.id} --approver WHO")


@command.command(
    "publish", epilog="Example: incidentbook review publish INC-2026-0042 --approver lead-platform"
)
@click.argument("id_", metavar="ID")
@click.option(
    "--approver",
    "approvers",
    multiple=True,
    metavar="HANDLE",
    help="Who approved it, and is none of its authors; may be repeated.",
)
@acting
@click.pass_obj
def publish(session: Session, /, id_: str, approvers: tuple[str, ...], hand: Hand) -> int:
    """Publish a review that somebody else than its authors approved.

    Exits with 1 where a heading is missing or empty, or an action has no owner; nothing is written.
    """
    from incidentbook.desk.reviewing import published  # noqa: PLC0415

    _require_people(session, hand, approvers)
    entry = _review(session, id_)
    change = published(entry.id, entry.record, hand.time(session), approvers)
    return carry_record(session, entry, change, hand, f"close {entry.name.lead_incident}")


def _require_people(session: Session, hand: Hand, handles: Iterable[str | None]) -> None:
    """Refuse who is not here, or nobody. Raises UnknownWordError or NotHereError."""
    from incidentbook.desk.words import known_person  # noqa: PLC0415

    for handle in handles:
        if handle:
            known_person(session.archive.taxonomy, handle, hand.time(session))


def _review(session: Session, said: str) -> Entry[Review]:
    from incidentbook.desk.finding import find_record  # noqa: PLC0415
    from incidentbook.desk.reviewing import review_for  # noqa: PLC0415

    return review_for(find_record(session.archive, said, ("incident", "review")), session.archive)


def _body(session: Session, entry: Entry[Incident], at: datetime) -> str:
    """What the record tells already, under the policy's headings."""
    from incidentbook.desk.drafts import draft_review  # noqa: PLC0415

    return draft_review(session.archive, entry.id, at)
