"""The course of an incident, or of maintenance, drawn to scale."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta

from incidentbook.charts import Lane, Mark, Stretch, axis_of, draw_course
from incidentbook.pages.hypertext import NOTHING, Html
from incidentbook.pages.impacts import Stretch as ServiceStretch
from incidentbook.pages.phases import Phase
from incidentbook.pages.site import Site
from incidentbook.pages.times import duration_words, end_tag, time_tag
from incidentbook.pages.words import label, tone
from incidentbook.publication.standing import is_open, said_until
from incidentbook.records import Incident, Maintenance, Update

_LANES = 8
"""More services than this are in the table alone."""


def course_of(
    incident: Incident,
    phases: Sequence[Phase],
    services: Sequence[ServiceStretch],
    site: Site,
    *,
    in_words: str = "below",
) -> Html:
    """Draw phases, services and what was said and done of an incident; nothing, if all was at one moment.

    `in_words` says to who cannot see the drawing where the same is told.
    """
    times = [moment for phase in phases for moment in (phase.start, phase.end)]
    for stretch in services:
        if stretch.began is not None:
            times += (stretch.began, stretch.until or site.now)
    said = said_until(incident.updates, site.now)
    times.extend(update.at for update in said)
    work = [
        *(("Step", step.at) for step in incident.steps),
        *(("Decision", decision.at) for decision in incident.decisions),
        *(("Escalation", call.at) for call in incident.escalations),
    ]
    times.extend(at for _, at in work)
    for hold in incident.holds:
        times += (hold.from_, hold.to or _end_of_hold(incident, site))
    for reopening in incident.reopenings:
        times += (reopening.resolved, reopening.reopened)
    if not times or min(times) == max(times):
        return NOTHING
    first = min(times)
    lanes = [
        Lane("Response", tuple(_response(incident, phases, first, site)), tuple(_turns(incident, first)))
    ]
    lanes.extend(_service_lanes(services, first, site))
    if said:
        lanes.append(Lane("Updates", (), tuple(_updates(said, first))))
    if work:
        marks = [Mark(_seconds(at, first), "quiet", _after(what, at, first)) for what, at in work]
        lanes.append(Lane("Steps and decisions", (), tuple(marks)))
    return _figure(lanes, times, _story_end(incident), site, _legend(phases, incident), in_words)


def maintenance_course(window: Maintenance, site: Site) -> Html:
    """Draw the window that was planned over the one that was; nothing, before it has begun."""
    if window.actual is None or window.actual.from_ is None:
        return NOTHING
    times: list[datetime] = []
    for interval in (window.planned, window.actual):
        if interval and interval.from_:
            times += (interval.from_, interval.to or max(site.now, interval.from_))
    if len(set(times)) < 2:
        return NOTHING
    first, last = min(times), max(times)
    # it was announced weeks before, which would leave the work itself no room
    updates = [update for update in said_until(window.updates, site.now) if first <= update.at <= last]
    lanes = []
    for name, shade, interval in (("Planned", "quiet", window.planned), ("Actual", "busy", window.actual)):
        if interval and interval.from_:
            end = interval.to or max(site.now, interval.from_)
            words = f"{name}: {duration_words(end - interval.from_)}"
            stretch = Stretch(_seconds(interval.from_, first), _seconds(end, first), shade, words)
            lanes.append(Lane(words, (stretch,)))
    if updates:
        lanes.append(Lane("Updates", (), tuple(_updates(updates, first))))
    return _figure(lanes, times, None, site, "", "above")


def _figure(
    lanes: Sequence[Lane],
    times: Sequence[datetime],
    story_end: datetime | None,
    site: Site,
    legend: str,
    in_words: str,
) -> Html:
    first, last = min(times), max(times)
    ending = _seconds(story_end, first) if story_end is not None else None
    axis = axis_of([_seconds(at, first) for at in times], ending)
    said = f"Drawn to scale over {duration_words(last - first)}; the same in words {in_words}."
    drawing = draw_course(lanes, axis, said, _words)
    cut = (
        '<p class="ib-note">Between torn edges time is left out: as much as is written above.</p>'
        if axis.cuts
        else ""
    )
    ends = (
        f'<p class="ib-course__ends"><span>{time_tag(first, site.zone, "plain")}</span>'
        f"<span>{end_tag(last, first, site.zone)}</span></p>"
    )
    return Html(f'<figure class="ib-course-figure">{drawing}{ends}{legend}{cut}</figure>\n')


def _legend(phases: Sequence[Phase], incident: Incident) -> str:
    """The phases with their lengths: the key to the colours, and the drawing's first lane in words."""
    parts = [
        f'<li><i class="ib-swatch ib-fill--{phase.name}" aria-hidden="true"></i>{phase.name.capitalize()} '
        f"<b>{duration_words(phase.length)}{' so far' if phase.goes_on else ''}</b></li>"
        for phase in phases
    ]
    if incident.reopenings:
        parts.append(
            '<li><i class="ib-swatch ib-fill--good" aria-hidden="true"></i>Called resolved</li>'
            '<li><i class="ib-swatch ib-swatch--turn" aria-hidden="true"></i>Reopened</li>'
        )
    if incident.holds:
        parts.append('<li><i class="ib-swatch ib-swatch--hold" aria-hidden="true"></i>On hold</li>')
    return f'<ul class="ib-phases">{"".join(parts)}</ul>' if parts else ""


def _response(incident: Incident, phases: Sequence[Phase], first: datetime, site: Site) -> Iterator[Stretch]:
    for phase in phases:
        words = f"{phase.name.capitalize()}: {duration_words(phase.length)}"
        yield Stretch(_seconds(phase.start, first), _seconds(phase.end, first), phase.name, words)
    for again in incident.reopenings:
        if again.reopened > again.resolved:
            words = f"Called resolved for {duration_words(again.reopened - again.resolved)}"
            yield Stretch(_seconds(again.resolved, first), _seconds(again.reopened, first), "good", words)
    for hold in incident.holds:
        reason = site.taxonomy.hold_reason(hold.reason)
        end = hold.to or _end_of_hold(incident, site)
        if end > hold.from_:
            words = f"On hold, {reason.name if reason else hold.reason}: {duration_words(end - hold.from_)}"
            yield Stretch(_seconds(hold.from_, first), _seconds(end, first), "hold", words, hatched=True)


def _end_of_hold(incident: Incident, site: Site) -> datetime:
    """Until when a hold lasts that nobody ended."""
    over = None if is_open(incident) else incident.resolved or incident.closed or incident.cancelled
    return over or site.now


def _turns(incident: Incident, first: datetime) -> Iterator[Mark]:
    for again in incident.reopenings:
        yield Mark(_seconds(again.reopened, first), "bad", _after("Reopened", again.reopened, first))


def _service_lanes(services: Sequence[ServiceStretch], first: datetime, site: Site) -> Iterator[Lane]:
    by_service: dict[str, list[Stretch]] = {}
    for one in services:
        if one.began is None or one.length is None:
            continue
        words = f"{label(one.state)}: {duration_words(one.length)}"
        start = _seconds(one.began, first)
        by_service.setdefault(one.service, []).append(
            Stretch(start, start + one.length.total_seconds(), one.state, words)
        )
    for service in list(by_service)[:_LANES]:
        yield Lane(site.service_name(service), by_service[service])


def _updates(updates: Iterable[Update], first: datetime) -> Iterator[Mark]:
    for update in updates:
        yield Mark(
            _seconds(update.at, first),
            tone(update.status),
            _after(label(update.status), update.at, first),
        )


def _story_end(incident: Incident) -> datetime | None:
    """After this only the record was kept in order."""
    if is_open(incident):
        return None
    known = [at for at in (incident.restored, incident.resolved, incident.cancelled) if at is not None]
    return max(known, default=None)


def _seconds(at: datetime, first: datetime) -> float:
    return (at - first).total_seconds()


def _after(what: str, at: datetime, first: datetime) -> str:
    return f"{what}, {duration_words(at - first)} after the start"


def _words(seconds: float) -> str:
    return duration_words(timedelta(seconds=seconds))
