"""`stats`: counts incidents, and measures times, rates, service levels and availability."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from incidentbook.commands.caveats import print_caveats
from incidentbook.commands.session import Session

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from incidentbook.archive import Archive
    from incidentbook.metrics import Availability, Comparison, Ledger, Period, Statistics
    from incidentbook.records import Audience
    from incidentbook.taxonomy.deployments import Deployments

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

FORMATS = ("text", "json", "csv", "markdown", "openmetrics")
PREVIOUS = "previous"
DAYS = 90
"""How far availability looks back where nothing is said."""


class DirtyDeploymentsError(click.BadParameter):
    """A file of deployments cannot be counted."""

    def __init__(self, file: Path, line: int | None, message: str) -> None:
        place = f"{file}:{line}" if line else str(file)
        super().__init__(f"{place}: {message}", param_hint="'--deployments'")


@dataclass(frozen=True, kw_only=True)
class Question:
    """What is asked for, as the options have it."""

    format_: str = "text"
    by: Sequence[str] = ()
    from_text: str | None = None
    to_text: str | None = None
    period: str | None = None
    compare: str | None = None
    only_availability: bool = False
    window: str | None = None
    until: str | None = None
    at: str | None = None
    deployments: Path | None = None
    audience: Audience | None = None


@click.command(
    epilog="""\b
Examples:
  incidentbook stats --by month --from 2026-01-01 --to 2026-07-01 --format json
  incidentbook stats --period 2026-10 --compare --audience internal --format markdown
  incidentbook stats --availability --window 90d --until 2026-10-31"""
)
@click.option("--format", "format_", type=click.Choice(FORMATS), default="text", help="Text unless said.")
@click.option(
    "--by", multiple=True, type=click.Choice(DIMENSIONS), help="Break figures down; twice crosses two."
)
@click.option("--from", "from_text", metavar="TIME", help="Count incidents opened at this time or later.")
@click.option("--to", "to_text", metavar="TIME", help="Count incidents opened before this time.")
@click.option(
    "--period",
    metavar="PERIOD",
    help="Count incidents opened in a month (2026-10), a quarter (2026-Q4) or a year (2026).",
)
@click.option(
    "--compare",
    is_flag=False,
    flag_value=PREVIOUS,
    metavar="[PERIOD]",
    help="Compare with the period before, or with the one named. Without a period of its own: the last "
    "whole month, or quarter or year, as the named one is.",
)
@click.option(
    "--availability", "only_availability", is_flag=True, help="Print the availability of page and services."
)
@click.option(
    "--window", metavar="DAYS", help="How many days availability looks back, such as 30d; 90d unless said."
)
@click.option(
    "--until", metavar="DATE", help="The last day of that window, itself included; today unless said."
)
@click.option("--at", metavar="REV", help="Measure the records of a revision, such as a tag.")
@click.option(
    "--deployments",
    type=click.Path(path_type=Path, dir_okay=False, exists=True),
    metavar="FILE",
    help="Counts of deployments (CSV: day,service,deployments), instead of schema/deployments.csv.",
)
@click.option(
    "--audience",
    type=click.Choice(["public", "internal", "all"]),
    default="all",
    help="Count what this audience may read; every record unless said.",
)
@click.pass_obj
def command(session: Session, /, *, audience: str, **asked: Any) -> int:
    """Count incidents, and measure times, rates, service levels and availability.

    A TIME is a date (midnight in the repository's zone) or a time with an offset from UTC. The
    period runs from --from until before --to, and an incident belongs to it by when it was opened.
    """
    from incidentbook.records import Audience  # noqa: PLC0415

    return run(session, Question(audience=None if audience == "all" else Audience(audience), **asked))


def run(session: Session, question: Question) -> int:
    """Print the figures of the incidents that opened in a period."""
    from incidentbook.archive import load_entries  # noqa: PLC0415
    from incidentbook.metrics import Ledger  # noqa: PLC0415

    _refuse_contradictions(question)
    archive = _archive(session, question.at)
    now = _now(session, archive)
    zone = archive.taxonomy.zone
    period = _period(question, zone, now)
    window = _window(question, period, archive, now)
    other = _other_period(question, period, zone, now) if question.compare else None
    deployments = _deployments(question.deployments) if question.deployments else None
    load_entries(archive)
    print_caveats(archive, question.audience)
    ledger = Ledger(archive, now, question.audience, deployments)
    availability = ledger.availability(window)
    statistics = ledger.measure(from_=period.from_, to=period.to, by=question.by)
    if question.only_availability:
        _print_availability(session, question, ledger, statistics, availability)
    else:
        comparison = _compared(ledger, statistics, other) if other else None
        _print(session, question, ledger, statistics, availability, comparison)
    return 0


def _refuse_contradictions(question: Question) -> None:
    if question.period and (question.from_text or question.to_text):
        _refuse("--period", "a period has its own beginning and end; leave out --from and --to")
    if question.compare and question.format_ == "openmetrics":
        _refuse("--compare", "OpenMetrics has no place for two periods; take json or csv")
    if question.only_availability and (question.by or question.compare):
        _refuse("--availability", "it is of a window: leave out --by and --compare")
    if not (question.window or question.until):
        return
    if not question.only_availability:
        _refuse("--window", "it belongs to --availability; figures have --from, --to and --period")
    if question.period or question.from_text or question.to_text:
        _refuse("--window", "the window is told twice; leave out --from, --to and --period")


def _refuse(option: str, reason: str) -> None:
    raise click.BadParameter(reason, param_hint=f"'{option}'")


def _archive(session: Session, revision: str | None) -> Archive:
    """The records on disk, or those of a revision; the cache serves both, for it knows contents."""
    if revision is None:
        return session.archive
    from incidentbook.archive import load_archive  # noqa: PLC0415
    from incidentbook.archive.archive import CACHE_FOLDER  # noqa: PLC0415
    from incidentbook.cache import Cache  # noqa: PLC0415
    from incidentbook.gitrepo import open_revision  # noqa: PLC0415

    return load_archive(open_revision(session.root, revision), cache=Cache.open(session.root / CACHE_FOLDER))


def _now(session: Session, archive: Archive) -> datetime:
    """The clock: what the user pinned, else what the measured revision pins, else the wall clock's."""
    return session.pinned_now or archive.taxonomy.settings.now or session.wall_clock


def _period(question: Question, zone: ZoneInfo, now: datetime) -> Period:
    from incidentbook.metrics import Period, last_whole, months_of, named_period  # noqa: PLC0415

    if question.period:
        return named_period(question.period, zone)
    from_ = _instant(question.from_text, zone, "--from")
    to = _instant(question.to_text, zone, "--to")
    if from_ and to and from_ >= to:
        message = f"{question.from_text} is not before --to {question.to_text}"
        raise click.BadParameter(message, param_hint="'--from'")
    if question.compare and from_ is None and to is None:
        return last_whole(1 if question.compare == PREVIOUS else months_of(question.compare), now, zone)
    if question.compare and from_ is None:
        _refuse("--compare", "a period without a beginning cannot be compared; add --from")
    return Period(from_, (to or now) if question.compare else to)


def _other_period(question: Question, period: Period, zone: ZoneInfo, now: datetime) -> Period:
    from incidentbook.metrics import named_period, period_before  # noqa: PLC0415

    if question.compare and question.compare != PREVIOUS:
        return named_period(question.compare, zone)
    to = period.to or now
    from_ = period.from_ or to
    if from_ >= to:
        _refuse("--from", "the period has not begun")
    return period_before(from_, to, zone)


def _window(question: Question, period: Period, archive: Archive, now: datetime) -> tuple[datetime, datetime]:
    """The window of availability: the period, where there is one, else the last days."""
    from incidentbook.metrics import days_ending, last_days  # noqa: PLC0415

    taxonomy = archive.taxonomy
    if question.window or question.until:
        last = _day(question.until) if question.until else taxonomy.day_of(now)
        return days_ending(last, _days(question.window), taxonomy.zone, now)
    if not period.is_bounded:
        return last_days(taxonomy, now, DAYS)
    end = period.to or now
    return period.from_ or end - timedelta(days=DAYS), end


def _days(text: str | None) -> int:
    if text is None:
        return DAYS
    digits = text.removesuffix("d")
    if not (digits.isascii() and digits.isdigit() and 1 <= int(digits[:6]) <= 36525):
        _refuse("--window", f"`{text}`: expected a number of days such as 90d")
    return int(digits)


def _day(text: str) -> date:
    from pydantic_core import PydanticCustomError  # noqa: PLC0415

    from incidentbook.records.fields import parse_day  # noqa: PLC0415

    try:
        return parse_day(text)
    except PydanticCustomError as error:
        reason = error.message()
    raise click.BadParameter(f"`{text}`: {reason}", param_hint="'--until'")


def _deployments(file: Path) -> tuple[Deployments, ...]:
    from incidentbook.taxonomy.deployments import read_deployments  # noqa: PLC0415

    found, faults = read_deployments(str(file), file.read_bytes())
    for fault in faults:
        raise DirtyDeploymentsError(file, fault.span.line if fault.span else None, fault.message)
    return found


def _compared(ledger: Ledger, statistics: Statistics, other: Period) -> Comparison:
    from incidentbook.metrics import compare  # noqa: PLC0415

    return compare(statistics, ledger.measure(from_=other.from_, to=other.to))


def _print(
    session: Session,
    question: Question,
    ledger: Ledger,
    statistics: Statistics,
    availability: Availability,
    comparison: Comparison | None,
) -> None:
    name, zone = ledger.taxonomy.settings.name, ledger.taxonomy.zone
    match question.format_:
        case "json":
            from incidentbook.reports.stats.json import stats_as_json  # noqa: PLC0415

            click.echo(stats_as_json(statistics, availability, comparison))
        case "csv":
            from incidentbook.reports.stats.csv import comparison_as_csv, stats_as_csv  # noqa: PLC0415

            click.echo(comparison_as_csv(comparison) if comparison else stats_as_csv(statistics))
        case "openmetrics":
            from incidentbook.reports.stats.openmetrics import stats_as_openmetrics  # noqa: PLC0415

            click.echo(stats_as_openmetrics(statistics, availability))
        case "markdown":
            from incidentbook.reports.stats.markdown import stats_as_markdown  # noqa: PLC0415

            click.echo(
                stats_as_markdown(statistics, availability, name=name, zone=zone, comparison=comparison)
            )
        case _:
            from incidentbook.reports.stats.text import stats_as_text  # noqa: PLC0415

            session.console.print(
                stats_as_text(statistics, availability, name=name, zone=zone, comparison=comparison)
            )


def _print_availability(
    session: Session,
    question: Question,
    ledger: Ledger,
    statistics: Statistics,
    availability: Availability,
) -> None:
    name, zone, weights = ledger.taxonomy.settings.name, ledger.taxonomy.zone, ledger.downtime.weights
    match question.format_:
        case "json":
            from incidentbook.reports.stats.json import availability_as_json  # noqa: PLC0415

            click.echo(availability_as_json(statistics, availability))
        case "csv":
            from incidentbook.reports.stats.csv import availability_as_csv  # noqa: PLC0415

            click.echo(availability_as_csv(availability))
        case "openmetrics":
            from incidentbook.reports.stats.openmetrics import availability_as_openmetrics  # noqa: PLC0415

            click.echo(availability_as_openmetrics(statistics, availability))
        case "markdown":
            from incidentbook.reports.stats.markdown import availability_as_markdown  # noqa: PLC0415

            click.echo(availability_as_markdown(statistics, availability, weights, name=name, zone=zone))
        case _:
            from incidentbook.reports.stats.text import availability_as_text  # noqa: PLC0415

            session.console.print(
                availability_as_text(statistics, availability, weights, name=name, zone=zone)
            )


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
