"""`incidentbook confirm`: what the user says of the resolution."""

from __future__ import annotations

import click

from incidentbook.commands.desk.acting import Hand, acting
from incidentbook.commands.session import Session


@click.command("confirm", epilog="Example: incidentbook confirm 42 --user 'Packing table 3' --score 5")
@click.argument("id_", metavar="ID")
@click.option("--not-solved", is_flag=True, help="The user says that it does not work.")
@click.option("--score", type=click.IntRange(1, 5), help="What they think of the help: 1 (poor) to 5.")
@click.option("--user", metavar="WHO", help="Who says so: a handle, a name or a role; you, if not said.")
@click.option(
    "-m", "--message", "comment", metavar="TEXT", help="What they say, in their words; `-` reads it."
)
@acting
@click.pass_obj
def command(
    session: Session,
    /,
    id_: str,
    *,
    not_solved: bool,
    score: int | None,
    user: str | None,
    comment: str | None,
    hand: Hand,
) -> int:
    """Put down that the user confirms the resolution, or that it does not work, and a rating.

    Not solved reopens the incident where schema/intake.yml says so (`confirmations.reopens`), and is a step
    otherwise. Exits with 1 where the record would have errors, with 2 where it is not resolved; nothing is
    written. Of a closed incident only a rating is taken.
    """
    return run(session, id_, hand, not_solved=not_solved, score=score, user=user, comment=comment)


def run(
    session: Session,
    id_: str,
    hand: Hand,
    *,
    not_solved: bool = False,
    score: int | None = None,
    user: str | None = None,
    comment: str | None = None,
) -> int:
    """Write a verdict down; 1 where the record would have errors."""
    from incidentbook.commands.desk.moving import carry_change, text_of  # noqa: PLC0415
    from incidentbook.desk.finding import editable, find_record  # noqa: PLC0415
    from incidentbook.desk.life_closing import confirmed  # noqa: PLC0415
    from incidentbook.desk.words import plain_text  # noqa: PLC0415
    from incidentbook.intake.verdict import Answer  # noqa: PLC0415

    entry = editable(find_record(session.archive, id_, ("incident",)))
    words = plain_text(text_of(comment, "the comment"), "-m") if comment is not None else ""
    is_final = entry.record.status == "closed" and score is not None and not not_solved
    answer = Answer(None if is_final else not not_solved, score, words)
    taxonomy = session.archive.taxonomy
    whom = plain_text(user, "--user") if user is not None else hand.who(session)
    change = confirmed(entry, answer, whom, hand.who_if_known(session), hand.time(session), taxonomy)
    return carry_change(session, entry, change, hand)
