"""`incidentbook set`: change what an incident says of itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from incidentbook.commands.desk.acting import Hand, acting
from incidentbook.commands.session import Session, parse_now

if TYPE_CHECKING:
    from collections.abc import Iterator

    from incidentbook.archive.entry import Entry
    from incidentbook.desk.change import Change
    from incidentbook.records import Incident


@click.command("set", epilog="Example: incidentbook set 42 --impact low -m 'One till alone, not the shop'")
@click.argument("id_", metavar="ID")
@click.option("--title", help="What is wrong, as a user would say it.")
@click.option("--summary", help="What happened, in two sentences, for every reader.")
@click.option(
    "--symptom", "symptoms", multiple=True, help="What one sees, instead of what it says; may be repeated."
)
@click.option("--category", metavar="PATH", help="Category and subcategory: application/deployment.")
@click.option("--impact", metavar="LEVEL", help="How wide: high, medium or low.")
@click.option("--urgency", metavar="LEVEL", help="How pressing: high, medium or low.")
@click.option("--priority", metavar="KEY", help="A priority that impact and urgency do not give; with -m.")
@click.option("--visibility", metavar="WHO", help="Who may read it: public, internal or restricted.")
@click.option("--started", metavar="TIME", help="When service began to suffer.")
@click.option("--detected", metavar="TIME", help="When somebody or something noticed.")
@click.option("-m", "--message", "reason", metavar="REASON", help="How one knows better now.")
@acting
@click.pass_obj
def command(session: Session, /, id_: str, reason: str | None, hand: Hand, **said: Any) -> int:
    """Change title, category, impact, urgency and the like of an incident, as one learns more.

    A reason becomes a correction of each field. It is wanted where the priority is lowered, the visibility of
    what was public or restricted changes, or the record is over. Exits with 1 where the record would have
    errors, with 2 where a reason is wanted or a word is unknown; nothing is written.
    """
    return run(session, id_, hand, reason, **said)


def run(
    session: Session,
    id_: str,
    hand: Hand,
    reason: str | None = None,
    *,
    started: str | None = None,
    detected: str | None = None,
    **said: Any,
) -> int:
    """Change fields of an incident; 1 where the record would have errors."""
    from incidentbook.commands.desk.moving import carry_change  # noqa: PLC0415
    from incidentbook.desk.finding import editable, find_record  # noqa: PLC0415
    from incidentbook.desk.life_facts import Facts, mended  # noqa: PLC0415

    entry = editable(find_record(session.archive, id_, ("incident",)))
    facts = Facts(
        started=parse_now(started, "--started") if started else None,
        detected=parse_now(detected, "--detected") if detected else None,
        **said,
    )
    taxonomy = session.archive.taxonomy
    who = hand.who_if_known(session)
    change = mended(entry.id, entry.record, facts, who, hand.time(session), reason, taxonomy)
    return carry_change(session, entry, change, hand, details=tuple(_details(session, entry, change)))


def _details(session: Session, entry: Entry[Incident], change: Change) -> Iterator[str]:
    """What follows from it: another priority, or none where one is stored."""
    from incidentbook.desk.change import changed_record  # noqa: PLC0415

    taxonomy = session.archive.taxonomy
    after = changed_record(entry.document, entry.kind, change)
    if after is None:
        return
    was, is_ = taxonomy.priority_of(entry.record), taxonomy.priority_of(after)
    if was != is_:
        yield f"  Its priority is {is_ or 'unknown'} now; it was {was or 'unknown'}"
    elif after.priority is not None and {"impact", "urgency"} & change.values.keys():
        yield f"  Its priority stays {is_}, which is stored: {after.priority.reason or 'nothing says why'}"
