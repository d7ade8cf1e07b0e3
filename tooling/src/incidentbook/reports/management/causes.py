"""What comes back: problems behind several incidents, chains without a problem, frequent categories."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from incidentbook.archive import RecordEntry
from incidentbook.metrics import Ledger, Period, opening_of
from incidentbook.records import Incident
from incidentbook.reports.management.words import plain

Entry = RecordEntry[Incident]

CATEGORIES = 6


@dataclass(frozen=True, slots=True)
class Cause:
    """One cause that more than one incident has; `id` is None for those that no problem explains."""

    id: str | None
    title: str
    in_period: int
    in_all: int
    status: str
    fix: str
    incidents: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Count:
    """How many incidents one category had."""

    name: str
    incidents: int


def recurring_causes(ledger: Ledger, chosen: Sequence[Entry], period: Period) -> tuple[Cause, ...]:
    """Return the causes of incidents of the period that others had before, the most frequent first."""
    until_end = [entry for entry in ledger.counted if _is_before_end(entry, period)]
    in_all = Counter(problem for entry in until_end if (problem := _problem(entry)))
    by_problem: dict[str, list[str]] = {}
    alone = []
    for entry in chosen:
        problem = _problem(entry)
        if problem is not None and in_all[problem] > 1:
            by_problem.setdefault(problem, []).append(entry.id)
        elif problem is None and not ledger.is_public and entry.id in ledger.recurring:
            alone.append(entry.id)
    found = [_cause(ledger, problem, ids, in_all[problem]) for problem, ids in by_problem.items()]
    found.sort(key=lambda cause: (-cause.in_period, -cause.in_all, cause.id or ""))
    if alone:
        words = "Came back, and no problem is named"
        found.append(Cause(None, words, len(alone), len(alone), "", "", tuple(alone)))
    return tuple(found)


def _is_before_end(entry: Entry, period: Period) -> bool:
    at = opening_of(entry.record)
    return at is not None and (period.to is None or at < period.to)


def _problem(entry: Entry) -> str | None:
    links = entry.record.links
    return (links.problem or links.known_error) if links else None


def _cause(ledger: Ledger, problem: str, incidents: Sequence[str], in_all: int) -> Cause:
    entry = ledger.records.get(problem)
    record = entry.record if entry is not None and entry.readable else None
    fix = (record.permanent_fix or record.workaround or "") if record else ""
    return Cause(
        id=problem,
        title=plain(record.title) if record else "The problem cannot be read",
        in_period=len(incidents),
        in_all=in_all,
        status=record.status.replace("_", " ") if record else "",
        fix=plain(fix),
        incidents=tuple(incidents),
    )


def categories(ledger: Ledger, chosen: Sequence[Entry]) -> tuple[Count, ...]:
    """Return the most frequent categories, by both levels where the record has them."""
    counted = Counter(_category_words(ledger, entry) for entry in chosen)
    ordered = sorted(counted.items(), key=lambda item: (-item[1], item[0]))
    return tuple(Count(name, count) for name, count in ordered[:CATEGORIES])


def _category_words(ledger: Ledger, entry: Entry) -> str:
    path, taxonomy = entry.record.category, ledger.taxonomy
    if path is None:
        return "No category"
    found = taxonomy.category(path, entry.record.opened) or taxonomy.category(path)
    if found is None:
        return plain(path)
    category, below = found
    return plain(f"{category.name}: {below.name}" if below else category.name)
