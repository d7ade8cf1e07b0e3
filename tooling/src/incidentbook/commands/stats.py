"""`stats`: counts incidents, and measures times and service levels."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING, Any

import click

from incidentbook.commands.session import Session

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from incidentbook.records import Audience

DIMENSIONS = (
    "month",
    "quarter",
    "year",
    "weekday",
    "hour",
    "service",
    "group",
    "category",
    "subcategory",
    "priority",
    "team",
    "owner",
    "location",
    "channel",
    "problem",
)
"""What figures can be broken down by; spelled out here so that `--help` need not import the measures."""

WINDOW = timedelta(days=90)
"""How far availability looks back where no period is named."""


@click.command(
    epilog="Example: incidentbook stats --by month --from 2026-01-01 --to 2026-07-01 --format json"
)
@click.option(
    "--format", "format_", type=click.Choice(["text", "json"]), default="text", help="Text unless said."
)
@click.option(
    "--by", multiple=True, type=click.Choice(DIMENSIONS), help="Break figures down; twice crosses two."
)
@click.option("--from", "from_text", metavar="TIME", help="Count incidents opened at this time or later.")
@click.option("--to", "to_text", metavar="TIME", help="Count incidents opened before this time.")
@click.option(
    "--audience",
    type=click.Choice(["public", "internal", "all"]),
    default="all",
    help="Count what this audience may read; every record unless said.",
)
@click.pass_obj
def command(
    session: Session,
    format_: str,
    by: tuple[str, ...],
    from_text: str | None,
    to_text: str | None,
    audience: str,
) -> int:
    """Count incidents, and measure times and service levels.

    A TIME is a date (midnight in the repository's zone) or a time with an offset from UTC. The
    period runs from --from until before --to, and an incident belongs to it by when it was opened.
    """
    from incidentbook.records import Audience  # noqa: PLC0415

    zone = session.archive.taxonomy.zone
    from_ = _instant(from_text, zone, "--from")
    to = _instant(to_text, zone, "--to")
    if from_ and to and from_ >= to:
        raise click.BadParameter(f"{from_text} is not before --to {to_text}", param_hint="'--from'")
    whom = None if audience == "all" else Audience(audience)
    return run(session, format_=format_, by=by, from_=from_, to=to, audience=whom)


def run(
    session: Session,
    *,
    format_: str = "text",
    by: Sequence[str] = (),
    from_: datetime | None = None,
    to: datetime | None = None,
    audience: Audience | None = None,
) -> int:
    """Print the figures of the incidents that opened in a period."""
    from incidentbook.archive import Records, load_entries  # noqa: PLC0415
    from incidentbook.metrics import measure, measure_availability  # noqa: PLC0415
    from incidentbook.publication import publish  # noqa: PLC0415

    archive, now = session.archive, session.now
    load_entries(archive)
    statistics = measure(archive, now=now, from_=from_, to=to, by=by, audience=audience)
    records: Records[Any] = publish(archive, audience) if audience else archive
    end = to or now
    availability = measure_availability(records, (from_ or end - WINDOW, end), now)
    if format_ == "json":
        from incidentbook.reports.stats_json import stats_as_json  # noqa: PLC0415

        click.echo(stats_as_json(statistics, availability))
    else:
        from incidentbook.reports.stats_text import stats_as_text  # noqa: PLC0415

        taxonomy = archive.taxonomy
        session.console.print(
            stats_as_text(statistics, availability, name=taxonomy.settings.name, zone=taxonomy.zone)
        )
    return 0


def _instant(text: str | None, zone: ZoneInfo, option: str) -> datetime | None:
    from pydantic_core import PydanticCustomError  # noqa: PLC0415

    from incidentbook.records.fields import parse_day, parse_instant  # noqa: PLC0415

    if text is None:
        return None
    try:
        if len(text) == len("2026-11-21"):
            return datetime.combine(parse_day(text), time(), zone)
        return parse_instant(text)
    except PydanticCustomError as error:
        reason = error.message()
    raise click.BadParameter(f"`{text}`: {reason}, or a date such as 2026-11-21", param_hint=f"'{option}'")
