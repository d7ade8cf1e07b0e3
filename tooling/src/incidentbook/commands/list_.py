"""`incidentbook list`: records by kind, state, service, team, time and words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from incidentbook.commands.seeing import audience_option, moment, seen_by
from incidentbook.commands.session import Session

if TYPE_CHECKING:
    from incidentbook.desk.selecting import Wish

KINDS = {
    "incidents": "incident",
    "reviews": "review",
    "maintenance": "maintenance",
    "problems": "problem",
    "articles": "article",
    "handovers": "handover",
}
"""What may be listed; spelled out here so that `--help` need not import the models."""

LIMIT = 50


@click.command("list", epilog="Example: incidentbook list incidents --open --service checkout")
@click.argument("what", type=click.Choice(list(KINDS)), required=False, metavar=f"[{'|'.join(KINDS)}]")
@click.option("--open", "only_open", is_flag=True, help="Those in which somebody still has to act.")
@click.option("--major", "only_major", is_flag=True, help="Major incidents, and their reviews.")
@click.option("--state", "states", multiple=True, metavar="STATE", help="In this state; may be repeated.")
@click.option(
    "--service", "services", multiple=True, metavar="KEY", help="About this service; may be repeated."
)
@click.option(
    "--category", "categories", multiple=True, metavar="PATH", help="In this category, or below it."
)
@click.option("--priority", "priorities", multiple=True, metavar="KEY", help="With this priority: P1.")
@click.option("--team", "teams", multiple=True, metavar="KEY", help="That this team has.")
@click.option("--owner", "owners", multiple=True, metavar="HANDLE", help="That this person has.")
@click.option("--since", metavar="DAY|TIME", help="Begun on this day or later.")
@click.option("--until", metavar="DAY|TIME", help="Begun before this time, or on this day at the latest.")
@click.option("--text", default="", metavar="WORDS", help="That say all of these words.")
@click.option(
    "--limit", type=click.IntRange(min=0), default=LIMIT, help=f"At most so many; {LIMIT} unless said."
)
@click.option(
    "--format",
    "format_",
    type=click.Choice(["text", "json", "csv"]),
    default="text",
    help="Text unless said.",
)
@audience_option
@click.pass_obj
def command(
    session: Session, /, what: str | None, *, limit: int, format_: str, audience: str, **said: Any
) -> int:
    """List records, by kind and then the newest first.

    Options of different sorts must all fit; one that is repeated, in any of its values. JSON and CSV hold
    every record unless a limit is said; in CSV, text that a spreadsheet would take for a formula has an
    apostrophe before it.
    """
    context = click.get_current_context(silent=True)
    source = context.get_parameter_source("limit") if context else None
    most = None if format_ != "text" and (source is None or source.name == "DEFAULT") else limit
    return run(session, KINDS[what] if what else None, limit=most, format_=format_, audience=audience, **said)


def run(
    session: Session,
    kind: str | None = None,
    *,
    limit: int | None = LIMIT,
    format_: str = "text",
    audience: str = "all",
    **said: Any,
) -> int:
    """Print the records that are wanted."""
    from incidentbook.desk.selecting import select  # noqa: PLC0415
    from incidentbook.reports.records.listing import as_document, as_table  # noqa: PLC0415

    records = seen_by(session, audience)
    rows = select(records, _wish(session, kind, said))
    shown = rows if limit is None else rows[:limit]
    if format_ == "text":
        terminal = session.console.is_terminal
        # a title is cut where a terminal ends, and nowhere else
        cut: dict[str, Any] = {"no_wrap": True, "overflow": "ellipsis"} if terminal else {}
        session.console.print(as_table(shown, len(rows), records.taxonomy.zone), **cut)
        return 0
    document = as_document(shown, format_, revision=records.revision, now=session.now, audience=audience)
    click.echo(document, nl=False)
    return 0


def _wish(session: Session, kind: str | None, said: dict[str, Any]) -> Wish:
    from incidentbook.desk.selecting import Wish  # noqa: PLC0415

    zone = session.archive.taxonomy.zone
    since = moment(said.pop("since", None), "--since", zone)
    until = moment(said.pop("until", None), "--until", zone, end=True)
    return Wish(kinds=(kind,) if kind else (), since=since, until=until, **said)
