"""Everything that has a time in an incident, merged into one story, oldest first."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from html import escape
from operator import attrgetter
from typing import Any

from markupsafe import Markup

from incidentbook.archive import RecordEntry
from incidentbook.pages.hypertext import Html, chip, empty
from incidentbook.pages.site import Site
from incidentbook.pages.times import duration_words, time_tag
from incidentbook.pages.words import tone
from incidentbook.publication import urls
from incidentbook.publication.standing import IncidentEntry, said_until, start_of, words_of
from incidentbook.records import Incident, Update

_MARKS = (
    ("started", "Started"),
    ("detected", "Detected"),
    ("opened", "Opened"),
    ("acknowledged", "Acknowledged"),
    ("declared", "Declared a major incident"),
    ("mitigated", "Mitigated"),
    ("restored", "Restored"),
    ("resolved", "Resolved"),
    ("closed", "Closed"),
    ("cancelled", "Cancelled"),
)
_PUBLIC_MARKS = frozenset({"started", "restored", "resolved", "cancelled"})
"""What a reader from outside asks for; when it was logged, taken up and filed is our own book-keeping."""


@dataclass(frozen=True, slots=True)
class Moment:
    """One point of the story. `kind` names its sign; `state` is an update's status.

    `source` links to the larger incident whose update it is, where it is not the incident's own.
    """

    at: datetime
    kind: str
    title: str
    text: Markup | None = None
    by: str | None = None
    state: str | None = None
    private: bool = False
    source: Markup | None = None


def story_of(entry: IncidentEntry, site: Site, path: str) -> Html:
    """Tell the story as a list, each day once."""
    moments = timeline_of(entry, site, path)
    if not moments:
        return empty(
            "No times are known yet", "Times, updates and steps appear here as they are written down."
        )
    start = start_of(entry.record)
    rows: list[str] = []
    day: date | None = None
    for moment in moments:
        own_day = moment.at.astimezone(site.zone).date()
        if own_day != day:
            day = own_day
            rows.append(f'<li class="ib-timeline__day">{time_tag(moment.at, site.zone, "day")}</li>\n')
        rows.append(_row(moment, start, site))
    return Html(f'<ol class="ib-timeline">\n{"".join(rows)}</ol>\n')


def _row(moment: Moment, start: datetime | None, site: Site) -> str:
    state = f" ib-update--{tone(moment.state)}" if moment.state else ""
    since = f"+{duration_words(moment.at - start)}" if start is not None and moment.at > start else ""
    words = [f"<strong>{moment.title}</strong>"]
    if moment.state:
        words.append(chip(moment.state))
    if moment.source:
        words.append(f'<span class="ib-tag">of {moment.source}</span>')
    if moment.private:
        words.append('<span class="ib-tag">Internal</span>')
    if moment.by:
        words.append(f'<span class="ib-by">{escape(site.person(moment.by))}</span>')
    return (
        f'<li class="ib-moment ib-moment--{moment.kind}{state}">\n'
        f'<p class="ib-moment__time">{time_tag(moment.at, site.zone, "clock")}<small>{since}</small></p>\n'
        f'<div class="ib-moment__body"><p class="ib-moment__title">{" ".join(words)}</p>\n'
        f"{moment.text or ''}</div>\n</li>\n"
    )


def timeline_of(entry: IncidentEntry, site: Site, path: str) -> tuple[Moment, ...]:
    """Merge times, updates, assignments, holds, steps, decisions, escalations and reopenings."""
    incident = entry.record
    moments = [
        *_marks(incident, internal=site.internal),
        *_assignments(incident, site),
        *_holds(incident, site),
        *_work(entry, site, path),
        *all_updates_of(entry, site, path),
    ]
    return tuple(sorted(moments, key=attrgetter("at")))


def all_updates_of(entry: IncidentEntry, site: Site, path: str, prefix: str = "") -> Iterator[Moment]:
    """What readers were told of an incident, in its own updates and in those of what it follows."""
    for whose, updates in words_of(entry, site.published):
        if whose.id == entry.id:
            yield from updates_of(updates, entry, site, path, prefix)
            continue
        target = urls.up(path) + (site.page(whose.id) or "")
        source = Markup('<a href="{}">{}</a>').format(target, whose.id)
        for moment in updates_of(updates, whose, site, path, f"{prefix}{whose.id}-"):
            yield replace(moment, source=source)


def updates_of(
    updates: tuple[Update, ...], entry: RecordEntry[Any], site: Site, path: str, prefix: str = ""
) -> Iterator[Moment]:
    """What readers were told until now, with a word where an update corrects another."""
    # numbered as they are told: what is not said yet moves no anchor of what is
    for number, update in enumerate(said_until(updates, site.now), 1):
        text = site.message(update.text, entry, path, prefix=f"{prefix}u{number}-")
        if update.corrects:
            text = Markup('<p class="ib-note">Corrects an earlier update.</p>') + text
        private = site.internal and update.visibility != "public"
        yield Moment(update.at, "update", "Update", text, update.by, update.status.value, private)


def _paragraph(words: str) -> Markup:
    return Markup(f"<p>{escape(words)}</p>")  # noqa: S704 -- escaped here


def _marks(incident: Incident, *, internal: bool) -> Iterator[Moment]:
    shown = {name for name, _ in _MARKS} if internal else set(_PUBLIC_MARKS)
    if incident.started is None:
        shown.add("opened")
    if not internal and incident.restored == incident.resolved:
        shown.discard("restored")
    for name, title in _MARKS:
        at = getattr(incident, name)
        if at is not None and name in shown:
            by = {"resolved": incident.resolved_by, "closed": incident.closed_by}.get(name)
            reason = incident.cancel_reason if name == "cancelled" else None
            yield Moment(at, name, title, _paragraph(reason) if reason else None, by)


def _assignments(incident: Incident, site: Site) -> Iterator[Moment]:
    for assignment in incident.assignments:
        whom = [
            site.person(assignment.owner) if assignment.owner else "",
            site.team(assignment.team) if assignment.team else "",
        ]
        words = ", ".join([word for word in whom if word]) or "nobody"
        yield Moment(assignment.at, "assignment", "Assigned", _paragraph(f"To {words}"))


def _holds(incident: Incident, site: Site) -> Iterator[Moment]:
    for hold in incident.holds:
        reason = site.taxonomy.hold_reason(hold.reason)
        words = reason.name if reason else hold.reason
        note = f"{words}: {hold.note}" if hold.note else words
        yield Moment(hold.from_, "hold", "Put on hold", _paragraph(note))
        if hold.to is not None:
            yield Moment(hold.to, "hold", "Taken up again", _paragraph(words))


def _work(entry: IncidentEntry, site: Site, path: str) -> Iterator[Moment]:
    incident = entry.record
    for number, step in enumerate(incident.steps, 1):
        yield Moment(step.at, "step", "Step", site.message(step.text, entry, path, f"s{number}-"), step.by)
    for number, decision in enumerate(incident.decisions, 1):
        text = site.message(decision.text, entry, path, f"d{number}-")
        yield Moment(decision.at, "decision", "Decision", text, decision.by)
    for escalation in incident.escalations:
        words = f"To {site.whom(escalation.to)}" + (f": {escalation.reason}" if escalation.reason else "")
        kind = "Escalated for skill" if escalation.kind == "functional" else "Escalated for authority"
        yield Moment(escalation.at, "escalation", kind, _paragraph(words), escalation.by)
    for reopening in incident.reopenings:
        words = reopening.reason or "The resolution did not hold"
        yield Moment(reopening.resolved, "resolved", "Called resolved", None)
        yield Moment(reopening.reopened, "reopening", "Reopened", _paragraph(words))
