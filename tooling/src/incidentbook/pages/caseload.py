"""Which incidents belong to which team and which category, and what they come to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import Any

from incidentbook.archive import RecordEntry
from incidentbook.charts import Chart, Point, columns
from incidentbook.metrics import Summary, opening_of, summarize
from incidentbook.metrics.durations import INCIDENT_DURATIONS
from incidentbook.pages import times
from incidentbook.pages.site import DAYS, Site
from incidentbook.publication.standing import IncidentEntry, is_open

MONTHS = 12
"""How many months are drawn, the running one among them, and looked back for what is typical."""

LEAST = 5
"""Fewer incidents than this make no chart, and nothing typical: each is better read on its own page."""

_TO_RESTORE = next(measure for measure in INCIDENT_DURATIONS if measure.name == "time_to_restore")


@dataclass(frozen=True)
class Caseload:
    """The incidents of one team or category that count, at the moment of the site.

    Nothing is worked out before somebody asks: a build that finds its page in the cache asks for
    the key alone.
    """

    gathered: Sequence[IncidentEntry]
    site: Site

    def key(self) -> tuple[object, ...]:
        """What figures of these incidents are made of: each of them, and the day."""
        return (self.site.key(*self.gathered), self.site.today)

    @cached_property
    def entries(self) -> tuple[IncidentEntry, ...]:
        """All of them, newest first; what does not say when it was opened stands with the newest."""
        return tuple(
            sorted(
                self.gathered,
                key=lambda e: (opening_of(e.record) or self.site.now, e.name.sort_key()),
                reverse=True,
            )
        )

    @cached_property
    def has_open(self) -> bool:
        """Whether one is going on."""
        return any(is_open(entry.record) for entry in self.gathered)

    @cached_property
    def open(self) -> tuple[IncidentEntry, ...]:
        """Those that are going on."""
        return tuple(entry for entry in self.entries if is_open(entry.record))

    @cached_property
    def _days(self) -> tuple[date | None, ...]:
        openings = (opening_of(entry.record) for entry in self.entries)
        return tuple(self.site.taxonomy.day_of(at) if at else None for at in openings)

    def since(self, days: int, *, until: int = 0) -> int:
        """How many were opened in so many days, today among them, or in those days `until` days ago."""
        first = self.site.today - timedelta(days=days - 1)
        last = self.site.today - timedelta(days=until)
        return sum(1 for day in self._days if day is not None and first <= day <= last)

    @property
    def lately(self) -> int:
        """How many were opened in the last 90 days."""
        return self.since(DAYS)

    @property
    def before(self) -> int:
        """How many were opened in the 90 days before those."""
        return self.since(2 * DAYS, until=DAYS)

    @cached_property
    def of_the_year(self) -> tuple[IncidentEntry, ...]:
        """Those opened in the months that are drawn."""
        first = _month_before(self.site.today, MONTHS - 1)
        pairs = zip(self.entries, self._days, strict=True)
        return tuple(entry for entry, day in pairs if day is not None and first <= day <= self.site.today)

    @cached_property
    def to_restore(self) -> Summary:
        """How long it took to bring service back, in those months."""
        samples = (_TO_RESTORE.sample(entry.record) for entry in self.of_the_year)
        return summarize(sample for sample in samples if isinstance(sample, float))

    def chart(self) -> Chart | None:
        """Draw the months; None where there is too little to see."""
        if len(self.of_the_year) < LEAST:
            return None
        counts = Counter(f"{day:%Y-%m}" for day in self._days if day is not None)
        today = self.site.today
        months = [f"{_month_before(today, back):%Y-%m}" for back in reversed(range(MONTHS))]
        return columns(
            [
                Point(
                    times.month_words(month, short=True),
                    counts[month],
                    f"{times.month_words(month)}: {counts[month]:,}"
                    + (" so far" if at == MONTHS - 1 else ""),
                    quiet=at == MONTHS - 1,
                )
                for at, month in enumerate(months)
            ],
            "Incidents by month",
        )


def _month_before(day: date, back: int) -> date:
    """The first of the month so many months before that of a day."""
    month = day.year * 12 + day.month - 1 - back
    return date(month // 12, month % 12 + 1, 1)


@dataclass(frozen=True)
class Caseloads:
    """All of them: by team (who had it last), and by category of either level."""

    by_team: dict[str, list[IncidentEntry]]
    by_category: dict[str, list[IncidentEntry]]
    site: Site

    def of_team(self, key: str) -> Caseload:
        """The incidents that a team had last."""
        return self._of(self.by_team.get(key, ()))

    def of_category(self, path: str) -> Caseload:
        """The incidents of a category, with those of its subcategories, or of one subcategory."""
        return self._of(self.by_category.get(path, ()))

    def _of(self, entries: Sequence[IncidentEntry]) -> Caseload:
        return Caseload(entries, self.site)


def caseloads(site: Site) -> Caseloads:
    """Gather the incidents that count, in one pass."""
    taxonomy = site.taxonomy
    by_team: dict[str, list[IncidentEntry]] = {}
    by_category: dict[str, list[IncidentEntry]] = {}
    own: dict[str, tuple[str, ...]] = {}
    for entry in site.ledger.counted:
        incident = entry.record
        team = next((one.team for one in reversed(incident.assignments) if one.team), None)
        if team is not None:
            known = taxonomy.team(team)
            by_team.setdefault(known.id if known else team, []).append(entry)
        path = incident.category
        if path is not None:
            if path not in own:
                own[path] = _levels(path, site)
            for level in own[path]:
                by_category.setdefault(level, []).append(entry)
    return Caseloads(by_team, by_category, site)


def _levels(path: str, site: Site) -> tuple[str, ...]:
    """A category and the one above it, by their own keys."""
    found = site.taxonomy.category(path)
    if found is None:
        return tuple(dict.fromkeys((path.split("/", 1)[0], path)))
    category, below = found
    return (category.id, f"{category.id}/{below.id}") if below else (category.id,)


def used_articles(entries: Sequence[IncidentEntry], site: Site) -> Iterator[RecordEntry[Any]]:
    """The articles that any of these incidents names, by name."""
    named = {id_ for entry in entries if entry.record.links for id_ in entry.record.links.articles}
    yield from (article for id_ in sorted(named) if (article := site.readable(id_)) is not None)


def most_used_articles(
    entries: Sequence[IncidentEntry], site: Site, most: int
) -> tuple[tuple[RecordEntry[Any], int], ...]:
    """The articles that these incidents used, those that were used most first."""
    counts = Counter(
        id_ for entry in entries if entry.record.links for id_ in dict.fromkeys(entry.record.links.articles)
    )
    found = ((site.readable(id_), count) for id_, count in counts.items())
    pairs = [
        (entry, count) for entry, count in found if entry is not None and entry.record.status != "retired"
    ]
    return tuple(sorted(pairs, key=lambda pair: (-pair[1], pair[0].id))[:most])
