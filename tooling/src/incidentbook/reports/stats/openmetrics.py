"""Figures as OpenMetrics, for a monitoring system that keeps them over time.

The format is that of https://prometheus.io/docs/specs/om/open_metrics_spec/ (version 1.0).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from incidentbook.metrics import MEASURES, RATES, Availability, Figures, Keys, Statistics

Labels = Mapping[str, str]
Sample = tuple[str, Labels, float]


@dataclass
class _Family:
    """One metric: its samples are written together, under their name and help."""

    name: str
    type: str
    unit: str
    help: str
    samples: list[Sample] = field(default_factory=list)

    def lines(self) -> Iterator[str]:
        name = f"incidentbook_{self.name}"
        yield f"# TYPE {name} {self.type}"
        if self.unit:
            yield f"# UNIT {name} {self.unit}"
        yield f"# HELP {name} {_escaped(self.help)}"
        for suffix, labels, value in self.samples:
            inside = ",".join(f'{key}="{_escaped(text)}"' for key, text in labels.items())
            yield f"{name}{suffix}{{{inside}}} {value!r}"


def stats_as_openmetrics(statistics: Statistics, availability: Availability) -> str:
    """Render figures: of the whole, or of each group where they are broken down.

    The two never stand in one exposition, or a sum over the groups would count all twice. What
    there is nothing of has no sample. Times are seconds, shares ratios from 0 to 1.
    """
    whose = {"audience": str(statistics.audience or "all")}
    sets: list[tuple[Labels, Figures]] = [(whose, statistics.overall)]
    if statistics.by:
        sets = [(_labels(statistics.by, group.key, whose), group.figures) for group in statistics.groups]
    families = [*_counts(sets), *_durations(sets), *_levels(sets), *_rates(sets), *_others(sets)]
    families += _availability(availability, whose)
    lines = [line for family in families if family.samples for line in family.lines()]
    return "\n".join([*lines, "# EOF"])


def _labels(by: Sequence[str], key: Keys, whose: Labels) -> Labels:
    return {**whose, **{name: part or "" for name, part in zip(by, key, strict=True)}}


_Sets = Sequence[tuple[Labels, Figures]]


def availability_as_openmetrics(statistics: Statistics, availability: Availability) -> str:
    """Render availability alone; `statistics` tell whose it is."""
    families = _availability(availability, {"audience": str(statistics.audience or "all")})
    lines = [line for family in families if family.samples for line in family.lines()]
    return "\n".join([*lines, "# EOF"])


def _counts(sets: _Sets) -> Iterator[_Family]:
    incidents = _Family("incidents", "gauge", "", "Incidents that opened in the period.")
    backlog = _Family("backlog_incidents", "gauge", "", "Incidents that were open at its end.")
    for labels, figures in sets:
        incidents.samples.append(("", labels, figures.incidents))
        if figures.backlog.at is not None:
            backlog.samples.append(("", labels, figures.backlog.count))
    yield from (incidents, backlog)


def _durations(sets: _Sets) -> Iterator[_Family]:
    for measure in MEASURES:
        family = _Family(f"{measure.name}_seconds", "summary", "seconds", measure.definition)
        for labels, figures in sets:
            summary = figures.durations[measure.name].summary
            if summary.median_s is None or summary.p90_s is None or summary.total_s is None:
                continue
            family.samples += [
                ("", {**labels, "quantile": "0.5"}, round(summary.median_s, 6)),
                ("", {**labels, "quantile": "0.9"}, round(summary.p90_s, 6)),
                ("_count", labels, summary.n),
                ("_sum", labels, round(summary.total_s, 6)),
            ]
        yield family


def _levels(sets: _Sets) -> Iterator[_Family]:
    clocks = _Family("sla_clocks", "gauge", "", "Clocks by how they stand.")
    shares = _Family("sla_attainment_ratio", "gauge", "ratio", "Clocks met, of those that are decided.")
    for labels, figures in sets:
        for name, attainment in figures.sla.items():
            own = {**labels, "clock": str(name)}
            for state in ("met", "breached", "running"):
                clocks.samples.append(("", {**own, "state": state}, getattr(attainment, state)))
            if attainment.share is not None:
                shares.samples.append(("", own, attainment.share))
    yield from (clocks, shares)


def _rates(sets: _Sets) -> Iterator[_Family]:
    for rate in RATES:
        family = _Family(f"{rate.name}_ratio", "gauge", "ratio", f"{rate.definition} Of {rate.of}.")
        for labels, figures in sets:
            share = figures.rates[rate.name].share
            if share is not None:
                family.samples.append(("", labels, share))
        yield family


def _others(sets: _Sets) -> Iterator[_Family]:
    reviews = _Family("reviews", "gauge", "", "Required reviews by how they stand.")
    actions = _Family("actions", "gauge", "", "Promised actions by how they stand; overdue ones are open.")
    scores = _Family("satisfaction_score", "gauge", "", "What users said, from 1 to 5, as the mean.")
    changes = _Family("change_failure_ratio", "gauge", "ratio", "Failed changes, of all deployments.")
    for labels, figures in sets:
        if figures.reviews is not None:
            for state in ("on_time", "late", "overdue", "pending"):
                reviews.samples.append(("", {**labels, "state": state}, getattr(figures.reviews, state)))
        if figures.actions is not None:
            for state in ("done", "open", "overdue", "dropped"):
                actions.samples.append(("", {**labels, "state": state}, getattr(figures.actions, state)))
        if figures.satisfaction is not None and figures.satisfaction.mean is not None:
            scores.samples.append(("", labels, figures.satisfaction.mean))
        if figures.change_failure is not None and figures.change_failure.share is not None:
            changes.samples.append(("", labels, figures.change_failure.share))
    yield from (reviews, actions, scores, changes)


def _availability(availability: Availability, whose: Labels) -> Iterator[_Family]:
    page = _Family("page_availability_ratio", "gauge", "ratio", "Time of the window without any incident.")
    if availability.page is not None:
        page.samples.append(("", whose, availability.page))
    yield page
    service = _Family(
        "service_availability_ratio", "gauge", "ratio", "Time of the window that a service was there."
    )
    left = _Family(
        "service_error_budget_left_seconds", "gauge", "seconds", "What the goal still allows to be lost."
    )
    for key, uptime in availability.uptimes.items():
        own = {**whose, "service": key}
        if uptime.share is not None:
            service.samples.append(("", own, uptime.share))
        if uptime.left is not None:
            left.samples.append(("", own, uptime.left.total_seconds()))
    yield from (service, left)


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("\n", "\\n").replace('"', '\\"')
