"""SLA clocks as text, for a terminal of 80 columns or a pipe."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta

from rich.console import Console, RenderableType
from rich.console import Group as Stack
from rich.text import Text

from incidentbook.clocks import Clock, ClockState, SlaCase
from incidentbook.reports.sla.words import (
    WITHOUT,
    Line,
    exact,
    minute,
    reasons_of_case,
    reasons_of_clock,
    roughly,
)
from incidentbook.reports.stats.words import plural, printable
from incidentbook.taxonomy import Taxonomy

WIDTH = 80
_LABEL = 13
_STYLES = {
    ClockState.MET: "green",
    ClockState.BREACHED: "red",
    ClockState.RUNNING: "",
    ClockState.AT_RISK: "yellow",
    ClockState.PAUSED: "magenta",
}


def sla_as_text(
    cases: Sequence[SlaCase], *, taxonomy: Taxonomy, now: datetime, only_open: bool
) -> RenderableType:
    """Lay out the clocks of incidents, one below the other, each with its reasoning."""
    parts = [*_heading(cases, taxonomy, now, only_open=only_open)]
    for case in cases:
        parts += [Text(), *_case(case, taxonomy, now)]
    return Stack(*parts)


def _heading(
    cases: Sequence[SlaCase], taxonomy: Taxonomy, now: datetime, *, only_open: bool
) -> Iterator[Text]:
    what = plural(len(cases), "open incident" if only_open else "incident")
    states = [clock.state for case in cases for clock in case.clocks if not clock.is_stopped or not only_open]
    counted = [f"{states.count(state)} {state.replace('_', ' ')}" for state in ClockState if state in states]
    yield from _fitted(
        f"{printable(taxonomy.settings.name)}: {what}, clocks: {', '.join(counted) or 'none'}", "bold"
    )
    order = ", the soonest breach first" if only_open and len(cases) > 1 else ""
    yield from _fitted(f"as of {minute(now, taxonomy.zone)}{order}", "dim")


def _case(case: SlaCase, taxonomy: Taxonomy, now: datetime) -> Iterator[Text]:
    incident = case.entry.record
    priority = f"{printable(case.priority)}, " if case.priority else ""
    yield Text(f"{case.entry.id}  {priority}{incident.status.replace('_', ' ')}", "bold")
    yield from _fitted(printable(incident.title))
    yield from _lines(reasons_of_case(case, taxonomy))
    for clock in case.clocks:
        yield _clock(clock, now)
        yield from _lines(reasons_of_clock(case, clock, taxonomy, taxonomy.zone))
    for name, why in case.assessment.without.items():
        yield from _fitted(WITHOUT[why], label=f"{name.capitalize():<11}none  ")
    if case.update_due is not None:
        yield _update(case.update_due, taxonomy, now)


def _clock(clock: Clock, now: datetime) -> Text:
    text = Text(f"{clock.name.capitalize():<11}")
    text.append(clock.state.replace("_", " "), f"bold {_STYLES[clock.state]}")
    text.append(f"  {exact(clock.elapsed)} of {exact(clock.target)}")
    if not clock.is_stopped and clock.is_breached:
        text.append(f", due {roughly(now - clock.due)} ago")
    elif not clock.is_stopped and not clock.paused:
        text.append(f", due in {roughly(max(clock.due - now, timedelta(0)))}")
    return text


def _update(due: datetime, taxonomy: Taxonomy, now: datetime) -> Text:
    """When readers of a major incident must hear of it again."""
    text = Text(f"{'Update':<11}")
    if due < now:
        text.append("overdue", "bold red").append(f"  due {roughly(now - due)} ago")
    else:
        text.append("due", "bold").append(f"  in {roughly(due - now)}")
    return text.append(f", {minute(due, taxonomy.zone)}")


def _lines(lines: Iterable[Line]) -> Iterator[Text]:
    for line in lines:
        yield from _fitted(line.words, label=f"{f'  {line.about}':<{_LABEL}}")


def _fitted(words: str, style: str = "", *, label: str = "") -> Iterator[Text]:
    """Break words into lines, by the width of characters in a terminal, with a label before the first."""
    width = WIDTH - len(label)
    # a console of its own, for the width must not depend on where the text goes
    for at, part in enumerate(Text(words, style).wrap(Console(width=width), width, overflow="fold")):
        part.rstrip()
        yield Text.assemble((label if not at else " " * len(label), "dim"), part)
