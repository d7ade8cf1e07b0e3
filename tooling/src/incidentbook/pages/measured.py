"""The periods that the page of figures is about, each measured once for all its parts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from incidentbook.metrics import (
    Availability,
    Comparison,
    Ledger,
    Period,
    Statistics,
    compare,
    opening_of,
    period_before,
)
from incidentbook.metrics.periods import midnight
from incidentbook.pages import times
from incidentbook.pages.site import DAYS, Site

MONTHS = 12
"""How many months before this one are drawn: last year's same month stands at the other end."""


@dataclass(frozen=True)
class Span:
    """Whole days of the repository's zone, today among them; what is not known yet counts nothing."""

    from_: datetime
    to: datetime

    def first(self, site: Site) -> date:
        """The first day."""
        return self.from_.astimezone(site.zone).date()

    def last(self, site: Site) -> date:
        """The last day."""
        return (self.to - timedelta.resolution).astimezone(site.zone).date()

    def words(self, site: Site) -> str:
        """`23 Aug 2026 to 20 Nov 2026`."""
        return f"{times.day_words(self.first(site))} to {times.day_words(self.last(site))}"


@dataclass(frozen=True)
class Measured:
    """All figures of the page: the last days beside as many before, the last months, and everything."""

    site: Site
    recent: Span
    before: Span
    year: Span
    comparison: Comparison
    yearly: Statistics
    whole: Statistics
    week: Statistics
    open_a_week_ago: int
    availability: Availability
    availability_before: Availability

    @property
    def week_words(self) -> str:
        """The last seven days in a sentence."""
        opened, open_ = self.week.overall.incidents, self.whole.overall.backlog.count
        words = f"{opened:,} {'incident was' if opened == 1 else 'incidents were'} opened"
        words = words if opened else "no incident was opened"
        is_open = f"{open_:,} {'is' if open_ == 1 else 'are'} open now" if open_ else "none is open now"
        change = open_ - self.open_a_week_ago
        versus = f", {abs(change):,} {'more' if change > 0 else 'fewer'} than a week ago" if change else ""
        return f"In the last seven days {words}; {is_open}{versus}."

    @property
    def ledger(self) -> Ledger:
        """Where they come from."""
        return self.site.ledger

    @property
    def current(self) -> Statistics:
        """The figures of the last days."""
        return self.comparison.current

    def recent_by(self, by: str | Sequence[str]) -> Statistics:
        """Break down the last days."""
        return self.ledger.measure(from_=self.recent.from_, to=self.recent.to, by=by)

    def year_by(self, by: str | Sequence[str]) -> Statistics:
        """Break down the last months."""
        return self.ledger.measure(from_=self.year.from_, to=self.year.to, by=by)


def measured(site: Site) -> Measured:
    """Measure everything that more than one part of the page asks for."""
    ledger, zone = site.ledger, site.zone
    end = midnight(site.today + timedelta(days=1), zone)
    recent = Span(midnight(site.today - timedelta(days=DAYS - 1), zone), end)
    earlier = period_before(recent.from_, recent.to, zone)
    before = Span(earlier.from_ or recent.from_, earlier.to or recent.from_)
    year = Span(_first_month(ledger, site), end)
    week = Span(midnight(site.today - timedelta(days=6), zone), end)
    return Measured(
        site=site,
        recent=recent,
        before=before,
        year=year,
        comparison=compare(_of(ledger, recent), _of(ledger, before)),
        yearly=_of(ledger, year),
        whole=ledger.measure(by="priority"),
        week=_of(ledger, week),
        open_a_week_ago=ledger.open_at(week.from_),
        availability=site.recently,
        availability_before=ledger.availability((before.from_, before.to)),
    )


def _of(ledger: Ledger, span: Span) -> Statistics:
    return ledger.measure(from_=span.from_, to=span.to)


def _first_month(ledger: Ledger, site: Site) -> datetime:
    """The month that begins the year, but none before the first incident."""
    month = site.today.year * 12 + site.today.month - 1 - MONTHS
    start = midnight(date(month // 12, month % 12 + 1, 1), site.zone)
    openings = (opening_of(entry.record) for entry in ledger.counted)
    first = min((at for at in openings if at is not None and at in Period(None, site.now)), default=site.now)
    return max(start, midnight(first.astimezone(site.zone).date().replace(day=1), site.zone))
