"""One look at the records in words: what text and Markdown both show."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import tzinfo
from typing import NamedTuple

from incidentbook.reports.sla.words import minute
from incidentbook.reports.stats.words import commit, counts, percent, plural
from incidentbook.taxonomy import Taxonomy
from incidentbook.trends import (
    FALSE_ALARMS,
    LEAST_AS_LONG,
    LEAST_CASES,
    LEAST_PAST,
    By,
    Evidence,
    Forecast,
    Outlook,
    Reading,
    Rising,
    Score,
    TooFew,
    Trends,
    Trial,
    Verdict,
)
from incidentbook.worktime.lengths import in_hours, to_the_minute

_WHOSE = {"public": "public records", "internal": "public and internal records", "all": "all records"}
_PLURALS = {By.SERVICE: "services", By.CATEGORY: "categories", By.SUBCATEGORY: "subcategories"}
_REASONS = {"no_time": "without any time"}
_LONGEST = 44


class Table(NamedTuple):
    """Rows of words; the first `keys` columns say what a row is about, `bad` rows want attention."""

    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    keys: int
    bad: frozenset[int] = frozenset()


def heading(trends: Trends, name: str) -> str:
    """Say whose incidents were looked at, and of when."""
    windows, rising = trends.rising.windows, trends.rising
    return f"{name}: {plural(rising.incidents, 'incident')} in the last {plural(windows.weeks, 'week')}"


def origin(trends: Trends, zone: tzinfo) -> str:
    """Say of which records, and as of when."""
    parts = (
        f"of {_WHOSE[trends.audience or 'all']}",
        f"as of {minute(trends.now, zone)}",
        commit(trends.revision, dirty=trends.dirty),
    )
    return ", ".join(part for part in parts if part)


def nothing(trends: Trends, name: str) -> str:
    """Say that there is no incident to look at, which is all that can be said then."""
    return f"{name}: no incident among {_WHOSE[trends.audience or 'all']}; there is nothing to compare"


def rising_heading(rising: Rising) -> str:
    """Say in one line what was found."""
    kinds = kinds_of(rising)
    if not rising.judged:
        return f"More than usual: not enough data for any of {len(rising.readings)} {kinds}"
    found = len(rising.alarms)
    which = f"{found} of {rising.judged}" if found else f"none of {rising.judged}"
    return f"More than usual: {which} {kinds}"


def kinds_of(rising: Rising) -> str:
    """Say what was counted by."""
    kinds = [_PLURALS[one] for one in By if one in rising.unnamed]
    return " and ".join([", ".join(kinds[:-1]), kinds[-1]] if len(kinds) > 1 else kinds) or "series"


def rising_table(rising: Rising, *, every: bool) -> Table:
    """Those that have more than their past makes likely; all that were judged, where asked for."""
    shown = [one for one in rising.readings if one.expected is not None and (every or one in rising.alarms)]
    return Table(
        ("By", "Name", "Now", "Before", "Up to", "Chance", "Windows before"),
        tuple(_reading(one) for one in shown),
        2,
        frozenset(at for at, one in enumerate(shown) if one.verdict is Verdict.RISING),
    )


def _reading(one: Reading) -> tuple[str, ...]:
    assert one.expected is not None  # noqa: S101  only those are shown
    return (
        one.series.by.value.capitalize(),
        short(one.series.name),
        f"{one.count:,}",
        f"{one.expected.mean:.1f}",
        f"{one.expected.most:,}",
        percent(one.chance, 1),
        " ".join(map(str, one.past)),
    )


def rising_notes(rising: Rising, zone: tzinfo) -> Iterator[str]:
    """Say how it was judged, what was not, and what was left out."""
    windows = rising.windows
    span = plural(windows.weeks, "week")
    if rising.judged:
        yield (
            f"{minute(windows.start, zone)} to {minute(windows.end, zone)}, against up to "
            f"{plural(windows.past, 'window')} of {span} before, the oldest first. Before: their rate; "
            "up to: what 95 of 100 such windows do not exceed; chance: how likely so many, or more, are "
            f"anywhere among all of these while nothing changes; alarm: {percent(FALSE_ALARMS, 0)} or less."
        )
    short_ones = [one for one in rising.readings if one.verdict is Verdict.NOT_ENOUGH_DATA]
    if short_ones:
        have = max(len(one.past) for one in short_ones)
        names = ", ".join(one.series.name for one in short_ones[:5])
        more = f" and {len(short_ones) - 5} more" if len(short_ones) > 5 else ""
        yield (
            f"Not enough data for {names}{more}: {LEAST_PAST} windows of {span} before the last are needed, "
            f"{LEAST_PAST * windows.weeks + windows.weeks} weeks of records in all; "
            f"there are {plural(have, 'window')}."
        )
    for by, number in rising.unnamed.items():
        if number:
            yield f"{plural(number, 'incident')} of the last {span} {_lack(number)} no {by.value}."
    if rising.left_out:
        said = {_REASONS.get(reason, reason): number for reason, number in rising.left_out.items()}
        yield f"Left out: {counts(said)}."


def _lack(number: int) -> str:
    return "names" if number == 1 else "name"


def outlook_heading(outlook: Outlook) -> str:
    """Say in one line what is likely to come."""
    waiting = plural(len(outlook.forecasts), "open incident")
    if not outlook.is_enough:
        return f"Likely to miss the resolution target: not enough data for {waiting}"
    likely = sum(one.is_likely for one in outlook.forecasts)
    return f"Likely to miss the resolution target: {likely or 'none'} of {waiting}"


def outlook_table(outlook: Outlook, taxonomy: Taxonomy) -> Table:
    """The open incidents whose clock moves, the likeliest breach first."""
    return Table(
        ("ID", "Title", "Chance", "Used", "Due", "Of past ones that lasted so long"),
        tuple(_forecast(one, outlook, taxonomy) for one in outlook.forecasts),
        2,
        frozenset(at for at, one in enumerate(outlook.forecasts) if one.is_likely),
    )


def _forecast(one: Forecast, outlook: Outlook, taxonomy: Taxonomy) -> tuple[str, ...]:
    clock = one.case.clock
    return (
        one.case.entry.id,
        short(one.case.entry.record.title),
        "unknown" if one.probability is None else percent(one.probability, 0),
        f"{in_hours(to_the_minute(clock.elapsed))} of {in_hours(clock.target)}",
        "paused" if clock.paused else minute(clock.due, taxonomy.zone),
        because(one, outlook, taxonomy),
    )


def because(one: Forecast, outlook: Outlook, taxonomy: Taxonomy) -> str:
    """Say what the forecast rests on, or how much more it would need."""
    evidence = one.evidence
    if not outlook.is_enough:
        return f"not enough data: {outlook.cases} in all, {LEAST_CASES} are needed"
    if one.probability is None:
        return f"not enough data: {evidence.lasted}, {LEAST_AS_LONG} are needed"
    return f"{evidence.breached} of {evidence.lasted}{_group(evidence, taxonomy)} missed it"


def _group(evidence: Evidence, taxonomy: Taxonomy) -> str:
    if not evidence.group:
        return ""
    service = taxonomy.service(evidence.group[2]) if len(evidence.group) > 2 and evidence.group[2] else None
    parts = [part for part in evidence.group[:2] if part]
    if len(evidence.group) > 2:
        parts.append(service.name if service else evidence.group[2] or "")
    return f" of {', '.join(parts)}"


def outlook_notes(outlook: Outlook, trial: Trial | TooFew | None) -> Iterator[str]:
    """Say what is known already, and how good the guess has been."""
    if outlook.breached_already:
        missed = plural(outlook.breached_already, "open incident")
        yield f"{missed} missed the target already: `sla` shows them."
    if isinstance(trial, Trial):
        yield verdict(trial)
    elif isinstance(trial, TooFew):
        yield (
            "Not enough data to try the forecast: of incidents whose due time is over, it would learn from "
            f"{trial.learned} and be tried on {trial.tried}; {LEAST_CASES} of each are needed."
        )


def verdict(trial: Trial) -> str:
    """Say whether the forecast is worth more than the naive guess, on these very records."""
    score = trial.overall
    figures = (
        f"Brier score {score.brier:.3f} against {score.naive_brier:.3f}, logarithmic {score.logarithmic:.3f} "
        f"against {score.naive_logarithmic:.3f} of the naive guess, {percent(trial.naive, 1)} for each; "
        f"learned from {trial.learned:,} incidents, tried on the {trial.tried:,} after them; less is better"
    )
    if trial.is_better:
        return f"Tried on these records: better than a naive guess. {figures}."
    return f"Tried on these records: NOT better than a naive guess; do not rely on it. {figures}."


def trial_table(trial: Trial) -> Table:
    """The scores at each time of asking."""
    rows = [_scores(f"{look:.0%} of the target used", score) for look, score in trial.looks if score]
    return Table(
        ("Asked at", "Forecasts", "Missed", "Brier", "naive", "Logarithmic", "naive"),
        (*rows, _scores("all together", trial.overall)),
        1,
    )


def _scores(name: str, score: Score) -> tuple[str, ...]:
    return (
        name,
        f"{score.n:,}",
        f"{score.breached:,}",
        f"{score.brier:.3f}",
        f"{score.naive_brier:.3f}",
        f"{score.logarithmic:.3f}",
        f"{score.naive_logarithmic:.3f}",
    )


def short(text: str) -> str:
    """Cut what somebody wrote to what a table has room for."""
    line = " ".join(text.split())
    return line if len(line) <= _LONGEST else line[: _LONGEST - 1].rstrip() + "…"
