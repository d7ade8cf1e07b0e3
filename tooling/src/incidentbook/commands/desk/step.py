"""`incidentbook step`: put down what was done, or decided."""

from __future__ import annotations

import click

from incidentbook.commands.desk.acting import Hand, acting
from incidentbook.commands.session import Session


@click.command("step", epilog="Example: incidentbook step 42 -m 'Moved half of the load to the second pool'")
@click.argument("id_", metavar="ID")
@click.option("-m", "--message", metavar="TEXT", help="What was done, in Markdown; `-` reads it.")
@click.option("--decision", is_flag=True, help="It was decided: on what ground, and what else was weighed.")
@acting
@click.pass_obj
def command(session: Session, /, id_: str, message: str | None, *, decision: bool, hand: Hand) -> int:
    """Put down a step of the work, or a decision; without -m an editor opens at a terminal.

    Readers see neither: `update` tells them. With --at it stands where its time is. Exits with 1 where the
    record would have errors, with 2 where nothing is said; nothing is written.
    """
    return run(session, id_, hand, message, decision=decision)


def run(session: Session, id_: str, hand: Hand, message: str | None, *, decision: bool = False) -> int:
    """Add a step or a decision; 1 where the record would have errors."""
    from incidentbook.commands.desk.moving import carry_change, looked_at_again, text_of  # noqa: PLC0415
    from incidentbook.desk.finding import editable, find_record  # noqa: PLC0415
    from incidentbook.desk.life_facts import noted_down  # noqa: PLC0415

    entry = editable(find_record(session.archive, id_, ("incident",)))
    who, at = hand.who_if_known(session), hand.time(session)
    text = text_of(message, "the decision" if decision else "the step")
    session = looked_at_again(session, message)
    entry = editable(find_record(session.archive, entry.id, ("incident",)))
    return carry_change(session, entry, noted_down(who, at, text, decision=decision), hand)
