"""`problem suggest`: groups recurring incidents without a problem record, with the evidence."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from incidentbook.commands.seeing import inner_audience_option, text_or_json_option
from incidentbook.commands.session import Session

if TYPE_CHECKING:
    from incidentbook.archive import Records
    from incidentbook.records import Audience

_DAYS, _LEAST = 90, 3


@click.command("suggest", epilog="Example: incidentbook problem suggest --days 180")
@click.option(
    "--days",
    type=click.IntRange(1, 36_500),
    default=_DAYS,
    show_default=True,
    help="How many days back to look.",
)
@click.option(
    "--least",
    type=click.IntRange(2, 1000),
    default=_LEAST,
    show_default=True,
    help="How many incidents make a group.",
)
@text_or_json_option
@inner_audience_option("for output that others can read")
@click.pass_obj
def command(session: Session, *, days: int, least: int, format_: str, audience: str) -> int:
    """Group incidents that recur and name no problem, with the evidence and the command to record it.

    Every incident of a group is like the one in its middle. A group spans more than one day; duplicates,
    drills, cancelled incidents and children of a larger incident are left out.
    """
    from incidentbook.records import Audience  # noqa: PLC0415

    whom = None if audience == "all" else Audience(audience)
    return run(session, days=days, least=least, format_=format_, audience=whom)


def run(
    session: Session,
    *,
    days: int = _DAYS,
    least: int = _LEAST,
    format_: str = "text",
    audience: Audience | None = None,
) -> int:
    """Print the groups, the most frequent first."""
    from incidentbook.archive import load_entries  # noqa: PLC0415
    from incidentbook.commands.caveats import print_caveats  # noqa: PLC0415
    from incidentbook.publication import publish  # noqa: PLC0415
    from incidentbook.reports.similar.recurring import recurring_as_json, recurring_as_text  # noqa: PLC0415
    from incidentbook.similarity.recurring import recurring  # noqa: PLC0415

    archive, now = session.archive, session.now
    load_entries(archive)
    print_caveats(archive, audience)
    records: Records[Any] = publish(archive, audience) if audience else archive
    groups = recurring(records, now, days=days, least=least)
    taxonomy = records.taxonomy
    if format_ == "json":
        origin = archive.tree
        click.echo(
            recurring_as_json(groups, taxonomy=taxonomy, days=days, now=now, origin=origin, audience=audience)
        )
    else:
        width = session.console.width
        session.console.print(recurring_as_text(groups, taxonomy=taxonomy, days=days, width=width))
    return 0
