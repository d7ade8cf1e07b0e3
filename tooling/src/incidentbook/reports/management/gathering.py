"""What a management report says of a month, a quarter or a year, gathered once for every format."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from incidentbook import __version__
from incidentbook.charts import Chart
from incidentbook.diagnostics import IncidentbookError
from incidentbook.metrics import Ledger, Period, compare, named_period, period_before
from incidentbook.reports.management.causes import Cause, Count, categories, recurring_causes
from incidentbook.reports.management.charts import charts_of
from incidentbook.reports.management.events import Breach, MajorIncident, breaches, major_incidents
from incidentbook.reports.management.figures import Headline, ServiceRow, headlines, in_short, service_rows
from incidentbook.reports.management.promises import (
    LateAction,
    LateReview,
    late_actions,
    late_reviews,
)
from incidentbook.reports.management.words import period_kind, period_words, plain


class FuturePeriodError(IncidentbookError):
    """A report was asked for of a period that has not begun."""

    def __init__(self, name: str, now: datetime) -> None:
        super().__init__(f"`{name}` has not begun: it is {now:%Y-%m-%d}")


@dataclass(frozen=True)
class ManagementReport:
    """One report, in words that are ready to be shown and still to be escaped.

    `days` are the first day and the last; `known_until` is the clock where the period is not
    over. `left_out` counts incidents of the period that no figure counts, by reason.
    """

    key: str
    organisation: str
    period: str
    previous: str
    days: tuple[str, str]
    known_until: str | None
    summary: tuple[str, ...]
    headlines: tuple[Headline, ...]
    charts: tuple[Chart, ...]
    services: tuple[ServiceRow, ...]
    majors: tuple[MajorIncident, ...]
    breaches: tuple[Breach, ...] | None
    causes: tuple[Cause, ...]
    categories: tuple[Count, ...]
    late_reviews: tuple[LateReview, ...] | None
    late_actions: tuple[LateAction, ...] | None
    left_out: Mapping[str, int]
    audience: str
    revision: str | None
    dirty: bool
    clock: str
    tool: str = f"Incidentbook {__version__}"


def management_report(ledger: Ledger, name: str) -> ManagementReport:
    """Gather the report of a period by its name: 2026-10, 2026-Q4 or 2026.

    Raises UnknownPeriodError and FuturePeriodError.
    """
    taxonomy, now = ledger.taxonomy, ledger.now
    zone = taxonomy.zone
    period = named_period(name, zone)
    assert period.from_ is not None  # noqa: S101 - a named period is bounded
    assert period.to is not None  # noqa: S101
    if period.from_ > now:
        raise FuturePeriodError(name, now.astimezone(zone))
    before = period_before(period.from_, period.to, zone)
    current = ledger.measure(from_=period.from_, to=period.to)
    previous = ledger.measure(from_=before.from_, to=before.to)
    comparison = compare(current, previous)
    previous_words = period_words(before, period_kind(name), zone)
    chosen = [entry for entry in ledger.counted if _opened_in(ledger, entry.id, period)]
    heads = headlines(ledger, comparison, period, before, previous_words)
    first, end = period.from_.astimezone(zone), period.to.astimezone(zone)
    return ManagementReport(
        key=name,
        organisation=plain(taxonomy.settings.name),
        period=period_words(period, period_kind(name), zone),
        previous=previous_words,
        days=(f"{first:%Y-%m-%d}", f"{end - timedelta(days=1):%Y-%m-%d}"),
        known_until=_minute(now, ledger) if now < period.to else None,
        summary=in_short(comparison, previous_words),
        headlines=heads,
        charts=charts_of(ledger, period, current),
        services=service_rows(ledger, period),
        majors=major_incidents(ledger, chosen),
        breaches=None if ledger.is_public else breaches(ledger, chosen),
        causes=recurring_causes(ledger, chosen, period),
        categories=() if ledger.is_public else categories(ledger, chosen),
        late_reviews=None if ledger.is_public else late_reviews(ledger),
        late_actions=None if ledger.is_public else late_actions(ledger),
        left_out=current.left_out,
        audience=str(ledger.audience or "all"),
        revision=ledger.records.revision,
        dirty=ledger.records.dirty,
        clock=_minute(now, ledger),
    )


def _opened_in(ledger: Ledger, id_: str, period: Period) -> bool:
    entry = ledger.records.get(id_)
    opening = ledger.facts(entry).opening if entry else None
    return opening is not None and opening in period


def _minute(instant: datetime, ledger: Ledger) -> str:
    return f"{instant.astimezone(ledger.taxonomy.zone):%Y-%m-%d %H:%M %Z}"
