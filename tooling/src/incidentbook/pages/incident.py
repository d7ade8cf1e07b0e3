"""The page of one incident: what happened at a glance, then all that is known."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from markupsafe import Markup

from incidentbook import charts
from incidentbook.clocks import Clock, clocks_of, review_duty
from incidentbook.markdown import Rendered, plain_text
from incidentbook.pages import times
from incidentbook.pages.links import related
from incidentbook.pages.page import Content, Page, SearchEntry, TocItem
from incidentbook.pages.site import Site
from incidentbook.pages.timeline import Moment, since_start, timeline_of
from incidentbook.pages.words import label
from incidentbook.publication import urls
from incidentbook.publication.standing import IncidentEntry, end_of, is_open, start_of
from incidentbook.records import Incident, IncidentStatus, ServiceImpact


def page_of(entry: IncidentEntry, site: Site) -> Page:
    """Plan the page of an incident."""
    incident = entry.record
    path = urls.path_of(entry.name)
    return Page(
        path=path,
        kind="incident",
        title=f"{entry.id} {incident.title}",
        description=incident.summary or f"{label(incident.status)}: {incident.title}",
        make=lambda: _content(entry, site, path),
        section=urls.INCIDENTS,
        source=entry.path,
        updated=_last_change(incident, site.now),
        shows_toc=True,
    )


def _last_change(incident: Incident, now: datetime) -> date | None:
    known = (incident.closed, incident.resolved, incident.opened, *(update.at for update in incident.updates))
    past = [at for at in known if at is not None and at <= now]
    return max(past).date() if past else None


def _content(entry: IncidentEntry, site: Site, path: str) -> Content:
    incident = entry.record
    # The record's own sections take their anchors first; headings of the body go around them.
    taken = (
        "service-levels",
        "services",
        "timeline",
        "what-happened",
        "resolution",
        "review",
        "related",
        "people",
    )
    body = site.markdown(entry.body, entry, path, top_level=3, taken=taken)
    clocks = clocks_of(incident, site.taxonomy, site.now) if site.internal else ()
    duty = review_duty(entry, site.published, site.now) if site.internal else None
    impacts = service_spans(incident, site)
    links = related(entry, site, path)
    moments = timeline_of(entry, site, path)
    outcome = None if site.internal else _outcome(incident, moments)
    sections = (
        ("resolution", "Resolution", outcome is not None),
        ("service-levels", "Service levels", bool(clocks)),
        ("services", "Services", bool(impacts)),
        ("timeline", "Timeline", True),
        ("what-happened", "What happened", bool(body.html.strip())),
        ("resolution", "Resolution", outcome is None and incident.resolution is not None),
        ("review", "Review and actions", bool(site.published.reviews_of(entry.id)) or duty is not None),
        ("related", "Related", bool(links)),
        ("people", "People", site.internal and _has_people(incident)),
    )
    shown = {id_ for id_, _, is_shown in sections if is_shown}
    start, end = start_of(incident), end_of(incident)
    return site.fill(
        "incident.html",
        path,
        (TocItem(id_, title, _inner(body, id_)) for id_, title, is_shown in sections if is_shown),
        _search(entry, site, body.html),
        entry=entry,
        incident=incident,
        shown=shown,
        body=Markup(body.html),  # noqa: S704 -- sanitised by `render`
        clocks=[(clock, explain(clock)) for clock in clocks],
        duty=duty,
        impacts=impacts,
        links=links,
        reviews=site.published.reviews_of(entry.id),
        moments=moments,
        outcome=outcome,
        since=lambda at: since_start(incident, at),
        priority=site.taxonomy.priority_of(incident),
        lasted=(end or site.now) - start if start and (end or is_open(incident)) else None,
        is_over=end is not None,
    )


@dataclass(frozen=True, slots=True)
class Outcome:
    """How an incident ended, for readers from outside; `restored` where that was at another time."""

    resolved: datetime
    restored: datetime | None
    said: Markup | None


def _outcome(incident: Incident, moments: Sequence[Moment]) -> Outcome | None:
    """What takes the place of the resolution, which is internal: the end, and what was last said of it."""
    if incident.status not in {IncidentStatus.RESOLVED, IncidentStatus.CLOSED}:
        return None
    resolved = incident.resolved or incident.restored
    if resolved is None:
        return None
    said = (moment.text for moment in reversed(moments) if moment.state == "resolved")
    return Outcome(resolved, incident.restored if incident.restored != resolved else None, next(said, None))


def _inner(body: Rendered, id_: str) -> tuple[TocItem, ...]:
    if id_ != "what-happened":
        return ()
    return tuple(TocItem(heading.id, heading.text) for heading in body.headings if heading.level == 3)


def _has_people(incident: Incident) -> bool:
    return bool(incident.reporter or incident.roles or incident.assignments or incident.resolved_by)


Stretch = tuple[str, datetime | None, datetime | None, timedelta | None]
"""A state, from, to (None while it lasts), and how long, as far as is known."""


@dataclass(frozen=True)
class ServiceSpan:
    """One service: how long in which state, drawn over the whole incident."""

    service: str
    name: str
    stretches: tuple[Stretch, ...]
    drawing: Markup


def service_spans(incident: Incident, site: Site) -> tuple[ServiceSpan, ...]:
    """Gather the states of each service, in the order of the record."""
    start, end = start_of(incident), end_of(incident)
    if end is None and not is_open(incident):
        end = incident.closed or incident.opened
    last = end or site.now
    firsts = [impact.from_ or start for impact in incident.services if impact.from_ or start]
    lasts = [impact.to or last for impact in incident.services]
    whole = (min(at for at in firsts if at), max(lasts)) if firsts else None
    by_service: dict[str, list[ServiceImpact]] = {}
    for impact in incident.services:
        by_service.setdefault(site.service_id(impact.service), []).append(impact)
    spans = []
    for service, impacts in by_service.items():
        stretches: list[Stretch] = []
        for impact in impacts:
            began = impact.from_ or start
            until = impact.to or end
            length = (until or site.now) - began if began else None
            stretches.append((impact.state.value, began, until, length))
        spans.append(
            ServiceSpan(service, site.service_name(service), tuple(stretches), _draw(stretches, whole, site))
        )
    return tuple(spans)


def _draw(stretches: Sequence[Stretch], whole: tuple[datetime, datetime] | None, site: Site) -> Markup:
    if whole is None or whole[0] >= whole[1]:
        return Markup("")
    first, length = whole[0], (whole[1] - whole[0]).total_seconds()
    parts = []
    for state, began, until, lasted in stretches:
        if began is None or lasted is None:
            continue
        begin_share = (began - first).total_seconds() / length
        end_share = ((until or site.now) - first).total_seconds() / length
        parts.append((begin_share, end_share, state, f"{label(state)}, {times.duration_words(lasted)}"))
    return Markup(charts.segments(parts))  # noqa: S704 -- charts escapes its words


def explain(clock: Clock) -> str:
    """Say in one sentence why a clock stands as it does."""
    target, spent = times.duration_words(clock.target), times.duration_words(clock.elapsed)
    done = "Acknowledged" if clock.name == "response" else "Resolved"
    if clock.is_stopped and clock.is_breached:
        return f"{done} after {spent}, {times.duration_words(clock.remaining)} over the target of {target}."
    if clock.is_stopped:
        return f"{done} after {spent}, within the target of {target}."
    if clock.is_breached:
        return f"{spent} gone, {times.duration_words(clock.remaining)} over the target of {target}."
    left = times.duration_words(clock.remaining)
    if clock.paused:
        return f"Paused after {spent}; {left} of {target} left."
    return f"{spent} gone; {left} of {target} left."


def _search(entry: IncidentEntry, site: Site, body: str) -> tuple[SearchEntry, ...]:
    incident = entry.record
    texts = [
        incident.summary or "",
        " ".join(incident.symptoms),
        " ".join(site.service_name(impact.service) for impact in incident.services),
        incident.resolution.summary or "" if incident.resolution else "",
        plain_text(body),
        " ".join(update.text for update in incident.updates),
    ]
    text = " ".join(part for part in texts if part)
    return (SearchEntry(f"{entry.id} {incident.title}", text, tags=("Incident", label(incident.status))),)
