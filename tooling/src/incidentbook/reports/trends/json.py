"""One look at the records as JSON, for programs: every series, every open incident, every score."""

from __future__ import annotations

import json
from typing import Any

from incidentbook.metrics.values import time_text
from incidentbook.reports.trends.words import because
from incidentbook.taxonomy import Taxonomy
from incidentbook.trends import (
    FALSE_ALARMS,
    LEAST_CASES,
    LEAST_PAST,
    Forecast,
    Outlook,
    Reading,
    Rising,
    Score,
    TooFew,
    Trends,
    Trial,
)


def trends_as_json(trends: Trends, taxonomy: Taxonomy) -> str:
    """Render a look: probabilities from 0 to 1, null where there is not enough data."""
    document = {
        "rising": _rising(trends.rising),
        "outlook": trends.outlook and _outlook(trends.outlook, taxonomy),
        "trial": _trial(trends.trial),
        "audience": trends.audience or "all",
        "now": time_text(trends.now),
        "revision": trends.revision,
        "dirty": trends.dirty,
    }
    return json.dumps(document, indent=2, ensure_ascii=False, allow_nan=False)


def _rising(rising: Rising) -> dict[str, Any]:
    windows = rising.windows
    return {
        "from": time_text(windows.start),
        "to": time_text(windows.end),
        "weeks": windows.weeks,
        "windows_before": windows.past,
        "windows_needed": LEAST_PAST,
        "false_alarms": FALSE_ALARMS,
        "incidents": rising.incidents,
        "judged": rising.judged,
        "series": [_reading(one) for one in rising.readings],
        "unnamed": {str(by): number for by, number in rising.unnamed.items()},
        "left_out": dict(rising.left_out),
    }


def _reading(one: Reading) -> dict[str, Any]:
    expected = one.expected
    return {
        "by": str(one.series.by),
        "key": one.series.key,
        "name": one.series.name,
        "verdict": str(one.verdict),
        "count": one.count,
        "expected": expected and round(expected.mean, 6),
        "up_to": expected and expected.most,
        "probability": expected and float(f"{expected.probability:.6g}"),
        "chance": None if one.chance is None else float(f"{one.chance:.6g}"),
        "before": list(one.past),
    }


def _outlook(outlook: Outlook, taxonomy: Taxonomy) -> dict[str, Any]:
    return {
        "past_incidents": outlook.cases,
        "past_incidents_needed": LEAST_CASES,
        "missed_share": round(outlook.overall, 6) if outlook.cases else None,
        "breached_already": outlook.breached_already,
        "incidents": [_forecast(one, outlook, taxonomy) for one in outlook.forecasts],
    }


def _forecast(one: Forecast, outlook: Outlook, taxonomy: Taxonomy) -> dict[str, Any]:
    clock = one.case.clock
    return {
        "id": one.case.entry.id,
        "title": one.case.entry.record.title,
        "priority": one.case.priority,
        "probability": None if one.probability is None else round(one.probability, 6),
        "likely": one.is_likely if one.probability is not None else None,
        "elapsed_s": clock.elapsed.total_seconds(),
        "target_s": clock.target.total_seconds(),
        "due": None if clock.paused else time_text(clock.due),
        "state": str(clock.state),
        "group": list(one.evidence.group),
        "lasted_as_long": one.evidence.lasted,
        "of_these_missed": one.evidence.breached,
        "because": because(one, outlook, taxonomy),
    }


def _trial(trial: Trial | TooFew | None) -> dict[str, Any] | None:
    if trial is None:
        return None
    found: dict[str, Any] = {"learned_from": trial.learned, "tried_on": trial.tried}
    if isinstance(trial, TooFew):
        return {**found, "verdict": "not_enough_data"}
    return {
        **found,
        "verdict": "better" if trial.is_better else "not_better",
        "naive_guess": round(trial.naive, 6),
        "overall": _score(trial.overall),
        "looks": [{"share_of_target": look, **_score(score)} for look, score in trial.looks if score],
    }


def _score(score: Score) -> dict[str, Any]:
    return {
        "forecasts": score.n,
        "missed": score.breached,
        "brier": round(score.brier, 6),
        "naive_brier": round(score.naive_brier, 6),
        "logarithmic": round(score.logarithmic, 6),
        "naive_logarithmic": round(score.naive_logarithmic, 6),
    }
