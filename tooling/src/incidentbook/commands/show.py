"""`incidentbook show`: one record, how it stands, and what comes next."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import click

from incidentbook.commands.seeing import audience_option, seen_by
from incidentbook.commands.session import Session

if TYPE_CHECKING:
    from incidentbook.desk.next_moves import Standing
    from incidentbook.reports.records.card import Section


@click.command("show", epilog="Example: incidentbook show INC-2026-0042")
@click.argument("id_", metavar="ID")
@click.option(
    "--format",
    "format_",
    type=click.Choice(["text", "json", "markdown"]),
    default="text",
    help="Text unless said.",
)
@audience_option
@click.pass_obj
def command(session: Session, id_: str, format_: str, audience: str) -> int:
    """Show a record of any kind: what it says, its clocks, its course, what it names and what names it.

    For whoever has the files also what the check finds, what is missing for its next state, and the commands
    that come next.
    """
    return run(session, id_, format_=format_, audience=audience)


def run(session: Session, id_: str, *, format_: str = "text", audience: str = "all") -> int:
    """Print one record."""
    from incidentbook.desk.finding import find_record  # noqa: PLC0415
    from incidentbook.desk.next_moves import standing_of  # noqa: PLC0415
    from incidentbook.records import Audience  # noqa: PLC0415

    records = seen_by(session, audience)
    entry: Any = find_record(records, id_)
    whom = None if audience == "all" else Audience(audience)
    # what the rules say names other records, whatever an audience may know of them
    standing = standing_of(session.archive, entry, session.now) if whom is None else None
    if format_ == "json":
        from incidentbook.reports.records.json import record_as_json  # noqa: PLC0415

        findings, commands = (standing.findings, standing.commands) if standing else ((), ())
        click.echo(
            record_as_json(entry, records, session.now, audience=whom, findings=findings, commands=commands)
        )
        return 0
    from incidentbook.reports.records.card import card_of  # noqa: PLC0415
    from incidentbook.reports.records.rendering import card_as_markdown, card_as_text  # noqa: PLC0415

    more = tuple(_sections(standing)) if standing else ()
    card = card_of(entry, records, session.now, with_clocks=whom is not Audience.PUBLIC, more=more)
    if format_ == "markdown":
        click.echo(card_as_markdown(card), nl=False)
    else:
        session.console.print(card_as_text(card))
    return 0


def _sections(standing: Standing) -> Iterator[Section]:
    from incidentbook.desk.next_steps import advice  # noqa: PLC0415
    from incidentbook.reports.records.card import Section  # noqa: PLC0415

    yield Section(
        "Found by the check",
        tuple(f"- {one.severity.value} {one.code}: {one.message}" for one in standing.findings),
    )
    if standing.lacking is not None:
        state = standing.lacking.status.replace("_", " ")
        found = tuple(dict.fromkeys(f"- {advice(one)}" for one in standing.lacking.found))
        yield Section(f"Missing to be {state}", found)
    yield Section("Next", tuple(f"incidentbook {command}" for command in standing.commands))
