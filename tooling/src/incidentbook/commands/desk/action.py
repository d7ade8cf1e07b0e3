"""`incidentbook action`: the improvements that a review or a problem promises."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from incidentbook.commands.desk.acting import Hand, acting, carry_record
from incidentbook.commands.desk.making import parse_day_option
from incidentbook.commands.session import Session

if TYPE_CHECKING:
    from incidentbook.archive.entry import Entry
    from incidentbook.records import Problem, Review

_ADVICE = {"action-without-evidence": "say with --evidence where one can see it"}
"""What helps against an error of the record, said as options."""

TYPES = ("prevent", "detect", "mitigate", "process")
"""The types of records.ActionType; spelled out here so that `--help` need not import the models."""


@click.group("action", epilog="Example: incidentbook action done INC-2026-0042 a2 --evidence 'CHG-1402'")
def command() -> None:
    """Add an improvement to a review or problem, or say that it is done or dropped.

    ID is a problem's, a review's, or that of an incident with a review. ACTION is its id, its number, or the
    beginning of its title.
    """


@command.command(
    "add",
    epilog="Example: incidentbook action add 42 -m 'Alert on the pool' --owner lead-shop --due 2026-12-04",
)
@click.argument("id_", metavar="ID")
@click.option("-m", "--title", required=True, help="What will be done.")
@click.option("--owner", metavar="HANDLE", help="Who answers for it.")
@click.option("--due", "due_text", metavar="DAY", help="By which day: 2026-12-01.")
@click.option("--type", "type_", type=click.Choice(TYPES), help="What it does about the next incident.")
@acting
@click.pass_obj
def add(
    session: Session,
    /,
    id_: str,
    title: str,
    owner: str | None,
    due_text: str | None,
    type_: str | None,
    hand: Hand,
) -> int:
    """Promise an improvement. In what is published it needs an owner and a day."""
    from incidentbook.desk.improvement import added  # noqa: PLC0415
    from incidentbook.desk.words import known_person  # noqa: PLC0415
    from incidentbook.records import ActionType  # noqa: PLC0415

    entry = _holder(session, id_)
    if owner:
        known_person(session.archive.taxonomy, owner, hand.time(session))
    due = parse_day_option(due_text, "--due")
    change = added(entry.id, entry.record, title, owner, due, ActionType(type_) if type_ else None)
    name = change.added["actions"][0]["id"]
    return carry_record(
        session, entry, change, hand, f"action done {entry.id} {name} --evidence WHERE", advice=_ADVICE
    )


@command.command("done", epilog="Example: incidentbook action done 42 a2 --evidence 'CHG-1402'")
@click.argument("id_", metavar="ID")
@click.argument("action")
@click.option("-m", "--evidence", help="Where one can see that it is done: a change, a test, a dashboard.")
@click.option("--day", "day_text", metavar="DAY", help="The day it was done; that of --at, or today.")
@acting
@click.pass_obj
def done(
    session: Session, /, id_: str, action: str, evidence: str | None, day_text: str | None, hand: Hand
) -> int:
    """Say that an improvement is made, and where one can see it.

    Exits with 1 where nothing shows it; nothing is written.
    """
    from incidentbook.desk import improvement  # noqa: PLC0415

    entry = _holder(session, id_)
    day = parse_day_option(day_text, "--day") or session.archive.taxonomy.day_of(hand.time(session))
    change = improvement.done(entry.id, entry.record, action, day, evidence)
    return carry_record(session, entry, change, hand, advice=_ADVICE)


@command.command(
    "drop", epilog="Example: incidentbook action drop PRB-2026-0007 1 -m 'The service is retired in January'"
)
@click.argument("id_", metavar="ID")
@click.argument("action")
@click.option("-m", "--reason", required=True, help="Why it will not be done.")
@acting
@click.pass_obj
def drop(session: Session, /, id_: str, action: str, reason: str, hand: Hand) -> int:
    """Say that an improvement will not be made, and why."""
    from incidentbook.desk.improvement import dropped  # noqa: PLC0415

    entry = _holder(session, id_)
    return carry_record(session, entry, dropped(entry.id, entry.record, action, reason), hand, advice=_ADVICE)


def _holder(session: Session, said: str) -> Entry[Review | Problem]:
    """The record whose actions are meant: a problem, a review, or the review of an incident."""
    from incidentbook.desk.finding import find_record  # noqa: PLC0415
    from incidentbook.desk.reviewing import review_for  # noqa: PLC0415

    entry = find_record(session.archive, said, ("incident", "problem", "review"))
    return entry if entry.kind == "problem" else review_for(entry, session.archive)
