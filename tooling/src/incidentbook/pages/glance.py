"""An incident in one glance: its state, what it did to whom, what it was and how it ended."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from incidentbook.archive import RecordEntry
from incidentbook.clocks import ReviewDuty, update_due
from incidentbook.pages.hypertext import (
    NOTHING,
    Html,
    chip,
    fact,
    facts,
    items,
    joined,
    link,
    note,
    pair,
    tag,
    text,
)
from incidentbook.pages.impacts import service_link
from incidentbook.pages.lessons import in_short
from incidentbook.pages.site import Site, address
from incidentbook.pages.times import duration_words, end_tag, time_tag
from incidentbook.pages.words import at_worst, label, with_code
from incidentbook.publication import urls
from incidentbook.publication.standing import IncidentEntry, end_of, is_open, said_until, start_of, words_of
from incidentbook.records import Incident, IncidentStatus, Problem, ProblemStatus, Review
from incidentbook.records.incident import Affected, Confirmation, Permanence

_FACTORS = 3
"""How many contributing factors are said before one has to read the review."""

_WITH_WORKAROUND = frozenset({ProblemStatus.OPEN, ProblemStatus.KNOWN_ERROR})
_OVER = frozenset({IncidentStatus.RESOLVED, IncidentStatus.CLOSED})


@dataclass(frozen=True)
class Known:
    """What is known of an incident beside its own words: the states of each service, other records.

    `worst` is the worst state that each service was in, `now` the one that an open incident puts it into.
    """

    worst: dict[str, str]
    now: dict[str, str]
    reviews: tuple[RecordEntry[Review], ...]
    duty: ReviewDuty | None
    problem: RecordEntry[Problem] | None


def head_of(entry: IncidentEntry, site: Site, path: str) -> Html:
    """Name the incident and say how it stands."""
    incident, prefix = entry.record, urls.up(path)
    chips = [chip(incident.status)]
    priority = site.taxonomy.priority_of(incident)
    if priority:
        chips.append(chip(priority))
    if incident.major:
        chips.append(Html('<span class="ib-tag ib-tag--strong">Major incident</span>'))
    if incident.drill:
        chips.append(tag(Html("Drill")))
    if site.internal:
        who = "Everybody" if incident.visibility == "public" else "Only people of the organisation"
        tip = f"{who} may read this record"
        chips.append(Html(f'<span class="ib-tag" title="{tip}">{label(incident.visibility)}</span>'))
    lead = ""
    if incident.summary:
        lead = f'<div class="ib-lead">{site.message(incident.summary, entry, path, "sum-")}</div>\n'
    crumbs = f'{link(prefix + urls.INCIDENTS, Html("Incidents"))}<span class="ib-id">{text(entry.id)}</span>'
    return Html(
        f'<header class="ib-head">\n<p class="ib-crumbs">{crumbs}</p>\n<h1>{text(incident.title)}</h1>\n'
        f'<p class="ib-chips">{"".join(chips)}</p>\n{lead}</header>\n'
    )


def facts_of(entry: IncidentEntry, site: Site, prefix: str) -> Html:
    """How long, when, whom and how badly, each in a word or two."""
    return facts([*_facts(entry.record, site, prefix), *_next_update(entry, site)])


def _next_update(entry: IncidentEntry, site: Site) -> Iterator[Html]:
    """When readers of an open major incident must hear of it again: a promise among ourselves."""
    due = update_due(entry, site.published, site.now) if site.internal else None
    if due is not None:
        late = due < site.now
        yield fact(
            "Next update due",
            Html(time_tag(due, site.zone)),
            Html(f"overdue by {duration_words(site.now - due)}" if late else "at the latest"),
        )


def _facts(incident: Incident, site: Site, prefix: str) -> Iterator[Html]:
    start, end = start_of(incident), end_of(incident)
    if start is not None and (end or is_open(incident)):
        lasted = Html(duration_words((end or site.now) - start))
        yield fact("Lasted", lasted, Html("until service was back")) if end else fact("Going on for", lasted)
    if incident.started:
        yield fact("Began", Html(time_tag(incident.started, site.zone)))
    elif incident.opened:
        yield fact("Opened", Html(time_tag(incident.opened, site.zone)))
    back = incident.restored or incident.resolved
    if back:
        yield fact("Restored", Html(time_tag(back, site.zone)))
    if incident.affected:
        yield from _affected(incident.affected)
    if incident.impact and incident.urgency:
        yield fact("Impact / urgency", Html(f"{label(incident.impact)} / {incident.urgency}"))
    if incident.priority and incident.priority.reason:
        yield fact("Priority set by hand", text(incident.priority.value), text(incident.priority.reason))
    if incident.category:
        yield fact("Category", Html(site.category_link(incident.category, prefix)))
    if incident.location:
        yield fact("Location", text(incident.location))
    if incident.satisfaction:
        score = Html(f"{incident.satisfaction.score} of 5")
        yield fact("Satisfaction", score, text(incident.satisfaction.comment or ""))


def _affected(affected: Affected) -> Iterator[Html]:
    if affected.count is not None:
        about = "about " if affected.estimate else ""
        yield fact("Affected", Html(f"{about}{affected.count:,} users"), text(affected.who or ""))
    elif affected.who:
        yield fact("Affected", text(affected.who))


def glance_of(entry: IncidentEntry, known: Known, site: Site, path: str) -> Html:
    """What it was, how it was fixed, and what is done so that it does not return."""
    incident, prefix = entry.record, urls.up(path)
    rows: list[Html] = []
    if known.worst:
        rows.append(pair("Services", _services(known, site, prefix)))
    latest = _latest(entry, site, path) if is_open(incident) else NOTHING
    if latest:
        rows.append(pair("Latest", latest))
    was = list(_what_it_was(incident, known, prefix, site))
    if was:
        rows.append(
            pair("What it is" if is_open(incident) else "What it was", items(was) if len(was) > 1 else was[0])
        )
    fixed = _how_fixed(entry, site, path)
    if fixed:
        rows.append(pair("How it was fixed", fixed))
    meanwhile = list(_workarounds(entry, known, site, path))
    if meanwhile:
        rows.append(pair("Workaround", joined(meanwhile)))
    lessons = list(in_short(known.reviews, known.duty, known.problem, site, prefix))
    if lessons:
        rows.append(pair("So that it does not return", items(lessons) if len(lessons) > 1 else lessons[0]))
    return Html(f'<dl class="ib-glance">\n{"".join(rows)}</dl>\n') if rows else NOTHING


def _services(known: Known, site: Site, prefix: str) -> Html:
    touched = []
    for key, worst in known.worst.items():
        state = known.now.get(key, worst)
        before = "" if state == worst else f" <small>{at_worst(worst)}</small>"
        touched.append(f"<li>{service_link(key, site, prefix)} {chip(state)}{before}</li>")
    return Html(f'<ul class="ib-touched">{"".join(touched)}</ul>')


def _latest(entry: IncidentEntry, site: Site, path: str) -> Html:
    """The last word, of the incident or of a larger one that it follows."""
    told = words_of(entry, site.published)
    said = [(update, whose) for whose, updates in told for update in said_until(updates, site.now)]
    if not said:
        return NOTHING
    update, whose = max(reversed(said), key=lambda pair: (pair[0].at, pair[1] is entry))
    words = site.message(update.text, whose, path, "last-")
    source = "" if whose.id == entry.id else f" {site.record_link(whose.id, urls.up(path))}"
    return Html(
        f'<p class="ib-meta">{chip(update.status)} {time_tag(update.at, site.zone)}{source}</p>{words}'
    )


def _what_it_was(incident: Incident, known: Known, prefix: str, site: Site) -> Iterator[Html]:
    links = incident.links
    if links and links.caused_by_change:
        yield Html(f"Caused by change: {address(links.caused_by_change, links.caused_by_change)}")
    if known.problem is not None:
        yield Html(f"{site.record_link(known.problem.id, prefix)} {chip(known.problem.record.status)}")
    factors = [factor for review in known.reviews for factor in review.record.contributing_factors]
    yield from (Html(with_code(factor)) for factor in factors[:_FACTORS])
    if len(factors) > _FACTORS:
        more = len(factors) - _FACTORS
        address_ = prefix + (site.page(known.reviews[0].id) or "")
        yield link(
            address_, Html(f"{more} more contributing {'factor' if more == 1 else 'factors'} in the review")
        )
    if incident.status is IncidentStatus.CANCELLED:
        yield Html("No incident") if not incident.cancel_reason else Html(with_code(incident.cancel_reason))


def _how_fixed(entry: IncidentEntry, site: Site, path: str) -> Html:
    incident = entry.record
    if not site.internal:
        return _how_it_ended(entry, site, path)
    parts: list[str] = []
    resolution, links = incident.resolution, incident.links
    if resolution is not None:
        tags = []
        if resolution.permanence:
            tone = "good" if resolution.permanence is Permanence.PERMANENT else "warn"
            tags.append(chip(resolution.permanence, label(resolution.permanence), tone))
        if resolution.code:
            code = site.taxonomy.resolution_code(resolution.code)
            tags.append(tag(text(code.name if code else resolution.code)))
        if tags:
            parts.append(f'<p class="ib-chips">{"".join(tags)}</p>')
        if resolution.summary:
            parts.append(site.message(resolution.summary, entry, path, "res-"))
    if links and links.fixed_by_change:
        parts.append(f"<p>Fixed by change: {address(links.fixed_by_change, links.fixed_by_change)}</p>")
    if incident.confirmation:
        parts.append(_confirmed(incident.confirmation, site))
    return Html("".join(parts))


def _confirmed(confirmation: Confirmation, site: Site) -> Html:
    said = (
        f"Confirmed by {text(confirmation.by or 'the user')}"
        if confirmation.confirmed
        else "Nobody confirmed it"
    )
    at = f", {time_tag(confirmation.at, site.zone)}" if confirmation.at else ""
    return note(Html(f"{said}{at}."))


def _how_it_ended(entry: IncidentEntry, site: Site, path: str) -> Html:
    """What takes the place of the resolution, which is internal: the end, and what was last said of it."""
    incident = entry.record
    resolved = incident.resolved or incident.restored
    if incident.status not in _OVER or resolved is None:
        return NOTHING
    said = f"{chip('resolved')} <strong>{time_tag(resolved, site.zone)}</strong>"
    restored, start = incident.restored, start_of(incident)
    if restored and restored != resolved:
        same_day = restored.astimezone(site.zone).date() == resolved.astimezone(site.zone).date()
        said += f". Service was back {'at' if same_day else 'on'} {end_tag(restored, resolved, site.zone)}"
    end = end_of(incident)
    if start and end:
        said += f", after <strong>{duration_words(end - start)}</strong>"
    last = next(
        (one for one in reversed(said_until(incident.updates, site.now)) if one.status == "resolved"), None
    )
    return Html(f"<p>{said}.</p>{site.message(last.text, entry, path, 'end-') if last else ''}")


def _workarounds(entry: IncidentEntry, known: Known, site: Site, path: str) -> Iterator[Html]:
    resolution = entry.record.resolution
    if resolution is not None and resolution.workaround:
        yield Html(site.message(resolution.workaround, entry, path, "work-"))
    problem: RecordEntry[Any] | None = known.problem
    if problem is not None and problem.record.workaround and problem.record.status in _WITH_WORKAROUND:
        yield Html(site.message(problem.record.workaround, problem, path, "known-"))
        yield note(Html(f"From {site.record_link(problem.id, urls.up(path))}"))


def signs_of(incident: Incident) -> Html:
    """What one saw, in the words that one would search for, and on what."""
    rows = []
    if incident.symptoms:
        rows.append(pair("Symptoms", items(Html(with_code(symptom)) for symptom in incident.symptoms)))
    if incident.assets:
        rows.append(pair("Assets", items(Html(f"<code>{text(asset)}</code>") for asset in incident.assets)))
    return Html(f'<dl class="ib-pairs">\n{"".join(rows)}</dl>\n') if rows else NOTHING
