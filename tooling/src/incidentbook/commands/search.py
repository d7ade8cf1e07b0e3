"""`incidentbook search`: words looked for in every record."""

from __future__ import annotations

from collections.abc import Sequence

import click

from incidentbook.commands.seeing import audience_option, seen_by
from incidentbook.commands.session import Session

LIMIT = 20


@click.command("search", epilog="Example: incidentbook search 'timeout service:checkout kind:incident'")
@click.argument("words", nargs=-1, required=True, metavar="WORDS...")
@click.option(
    "--limit", type=click.IntRange(min=0), default=LIMIT, help=f"At most so many; {LIMIT} unless said."
)
@click.option(
    "--format", "format_", type=click.Choice(["text", "json"]), default="text", help="Text unless said."
)
@audience_option
@click.pass_obj
def command(session: Session, words: tuple[str, ...], limit: int, format_: str, audience: str) -> int:
    """Find records by words, the best first: in titles, summaries, updates and texts of every kind.

    All words must be there; the end of a word may be missing, case and accents do not matter, words in
    "quotation marks" stand together. kind:incident, service:checkout, state:open, priority:P1, year:2026,
    team:shop, category:network and owner:lead-shop narrow it down, as in the site's search.

    Exits with 1 where nothing is found, with 2 where there is no such service, state, ... at all.
    """
    return run(session, words, limit=limit, format_=format_, audience=audience)


def run(
    session: Session,
    words: Sequence[str],
    *,
    limit: int = LIMIT,
    format_: str = "text",
    audience: str = "all",
) -> int:
    """Print what is found; 1 where that is nothing."""
    from incidentbook.desk.facets import require_known  # noqa: PLC0415
    from incidentbook.desk.searching import Query, search  # noqa: PLC0415
    from incidentbook.reports.records.found import found_as_json, found_as_text  # noqa: PLC0415

    records = seen_by(session, audience)
    # a word of the shell with spaces in it is a line of words: 'timeout service:checkout'
    query = Query.parsed(" ".join(words))
    require_known(query, records)
    hits, complete = search(records, query)
    if format_ == "json":
        click.echo(found_as_json(hits[:limit], len(hits), query, complete=complete, audience=audience))
    else:
        session.console.print(found_as_text(hits[:limit], len(hits), query, complete=complete))
    return 0 if hits else 1
