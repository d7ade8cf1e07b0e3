"""`trends`: says what has more incidents than usual, and which open ones are likely to miss their target."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import click

from incidentbook.commands.caveats import print_caveats
from incidentbook.commands.session import Session

if TYPE_CHECKING:
    from incidentbook.archive import Records
    from incidentbook.records import Audience

KINDS = ("service", "category", "subcategory")
"""What incidents can be counted by; spelled out here so that `--help` need not import the measures."""


@click.command(
    epilog="""\b
Examples:
  incidentbook trends
  incidentbook trends --weeks 2 --by service --by subcategory --explain"""
)
@click.option(
    "--format",
    "format_",
    type=click.Choice(["text", "json", "markdown"]),
    default="text",
    help="Text unless said.",
)
@click.option(
    "--weeks",
    type=click.IntRange(1, 26),
    default=4,
    metavar="N",
    help="Judge the last N weeks by windows of N weeks before them; 4 unless said.",
)
@click.option(
    "--by", multiple=True, type=click.Choice(KINDS), help="Count by this; service and category unless said."
)
@click.option("--explain", is_flag=True, help="Show every series, and how good the forecast has been.")
@click.option(
    "--audience",
    type=click.Choice(["public", "internal", "all"]),
    default="all",
    help="Look at what this audience may read; every record unless said.",
)
@click.pass_obj
def command(session: Session, /, *, audience: str, **asked: Any) -> int:
    """Say what has more incidents than usual, and what is likely to miss its target.

    A service or category is named where it has more incidents than its own past makes likely;
    in at most one of 20 quiet months any is named. Each open incident is given the chance of missing
    its resolution target, as past ones that had lasted as long did. Where there are too few records,
    both say so.
    """
    from incidentbook.records import Audience  # noqa: PLC0415

    return run(session, audience=None if audience == "all" else Audience(audience), **asked)


def run(
    session: Session,
    *,
    format_: str = "text",
    weeks: int = 4,
    by: Sequence[str] = (),
    explain: bool = False,
    audience: Audience | None = None,
) -> int:
    """Print what one look at the records finds; it is no fault, so that the exit code is 0."""
    from incidentbook.archive import load_entries  # noqa: PLC0415
    from incidentbook.publication import publish  # noqa: PLC0415
    from incidentbook.trends import By, look  # noqa: PLC0415

    if audience == "public" and by and "service" not in by:
        raise click.BadParameter("categories are not public; count by service", param_hint="'--by'")
    archive = session.archive
    load_entries(archive)
    print_caveats(archive, audience)
    records: Records[Any] = publish(archive, audience) if audience else archive
    trends = look(records, session.now, weeks=weeks, by=[By(one) for one in by or KINDS[:2]])
    taxonomy = records.taxonomy
    match format_:
        case "json":
            from incidentbook.reports.trends.json import trends_as_json  # noqa: PLC0415

            click.echo(trends_as_json(trends, taxonomy))
        case "markdown":
            from incidentbook.reports.trends.markdown import trends_as_markdown  # noqa: PLC0415

            click.echo(trends_as_markdown(trends, taxonomy, explain=explain))
        case _:
            from incidentbook.reports.trends.text import trends_as_text  # noqa: PLC0415

            session.console.print(trends_as_text(trends, taxonomy, explain=explain))
    return 0
