"""One record as labelled facts and sections, whatever it is shown in."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from typing import Any

from incidentbook.archive import RecordEntry, Records
from incidentbook.archive.references import references
from incidentbook.desk.filed import Filed, filed, title_of
from incidentbook.records import (
    Action,
    Article,
    Audience,
    Handover,
    Incident,
    Maintenance,
    Problem,
    Record,
    Review,
    ServiceImpact,
)
from incidentbook.reports.records.course import course_of
from incidentbook.reports.sla.words import exact, minute, roughly


@dataclass(frozen=True, slots=True)
class Section:
    """A heading with its lines; `is_text` where the lines are Markdown that somebody wrote as a whole."""

    title: str
    lines: tuple[str, ...]
    is_text: bool = False


@dataclass(frozen=True, slots=True)
class Card:
    """A record with what is around it: `marks` say how it stands, `facts` are labels with words."""

    id: str
    title: str
    marks: tuple[str, ...]
    facts: tuple[tuple[str, str], ...]
    sections: tuple[Section, ...]


def card_of(
    entry: RecordEntry[Any],
    records: Records[Any],
    now: datetime,
    *,
    with_clocks: bool,
    more: Sequence[Section] = (),
) -> Card:
    """Lay out a record. `more` are sections that follow what it says, before its text."""
    row = filed(entry, records)
    zone = records.taxonomy.zone
    sections = [
        *(_clocks(entry, records, now) if with_clocks and entry.kind == "incident" else ()),
        *_said(entry.record),
        *_actions(entry.record),
        *_course(entry, records, now),
        *_links(entry, records),
        *more,
        *_text(entry),
    ]
    return Card(
        entry.id,
        row.title,
        tuple(_marks(row)),
        tuple((label, words) for label, words in _facts(row, records, zone, now) if words),
        tuple(section for section in sections if section.lines),
    )


def _marks(row: Filed) -> Iterator[str]:
    record = row.entry.record
    if row.entry.kind != "incident":
        yield row.entry.kind
    if row.priority:
        yield row.priority
    yield row.state.replace("_", " ")
    if row.is_major:
        yield "major"
    if getattr(record, "drill", False):
        yield "drill"
    if record.visibility is not Audience.INTERNAL:
        yield str(record.visibility)


def _facts(row: Filed, records: Records[Any], zone: tzinfo, now: datetime) -> Iterator[tuple[str, str]]:
    record: Record = row.entry.record
    if isinstance(record, Incident | Maintenance):
        yield "services", ", ".join(_impact(one, records) for one in record.services)
    else:
        yield "services", ", ".join(row.services)
    yield "category", row.category or ""
    yield "team", row.team or ""
    yield "owner", row.owner or ""
    match record:
        case Incident():
            yield from _of_incident(record, zone, now)
        case Maintenance():
            yield "planned", _window(record.planned, zone)
            yield "actual", _window(record.actual, zone)
            yield "change", record.change or ""
        case Problem():
            yield "opened", _when(record.opened, zone, now)
            yield "resolved", _when(record.resolved, zone, now)
        case Article():
            yield "type", f"{record.type} for {record.readers}".replace("_", " ")
            yield "reviewed", str(record.reviewed or "")
            yield "review by", str(record.review_by or "")
            yield "replaced by", record.replaced_by or ""
        case Review():
            yield "authors", ", ".join(record.authors)
            yield "approvers", ", ".join(record.approvers)
            yield "started", _when(record.started, zone, now)
            yield "published", _when(record.published, zone, now)
        case Handover():
            yield "from", record.outgoing or ""
            yield "written", _when(record.at, zone, now)
            yield "taken over", _when(record.acknowledged, zone, now)


def _of_incident(incident: Incident, zone: tzinfo, now: datetime) -> Iterator[tuple[str, str]]:
    yield (
        "impact",
        f"{incident.impact}, urgency {incident.urgency}" if incident.impact and incident.urgency else "",
    )
    for name in ("started", "opened", "resolved", "closed"):
        yield name, _when(getattr(incident, name), zone, now)
    if incident.roles is not None:
        yield "manager", incident.roles.incident_manager or ""
    if incident.reporter is not None:
        who = incident.reporter.handle or incident.reporter.name
        yield "reported", ", ".join(word for word in (incident.reporter.channel, who) if word)
    if incident.affected is not None:
        about = "about " if incident.affected.estimate else ""
        count = f"{about}{incident.affected.count:,}" if incident.affected.count is not None else ""
        yield "affected", ", ".join(word for word in (count, incident.affected.who) if word)
    yield "location", incident.location or ""


def _impact(impact: ServiceImpact, records: Records[Any]) -> str:
    service = records.taxonomy.service(impact.service)
    state = impact.state.replace("_", " ")
    return f"{service.name if service else impact.service} ({state}{', over' if impact.to else ''})"


def _window(window: Any, zone: tzinfo) -> str:
    if window is None:
        return ""
    start = minute(window.from_, zone) if window.from_ else "?"
    return f"{start} to {minute(window.to, zone)}" if window.to else f"from {start}"


def _when(at: datetime | None, zone: tzinfo, now: datetime) -> str:
    if at is None:
        return ""
    ago = f" ({roughly(now - at)} ago)" if timedelta(0) < now - at < timedelta(days=30) else ""
    return f"{minute(at, zone)}{ago}"


def _clocks(entry: RecordEntry[Incident], records: Records[Any], now: datetime) -> Iterator[Section]:
    from incidentbook.clocks import sla_case  # noqa: PLC0415

    zone = records.taxonomy.zone
    lines = [
        f"{clock.name}: {clock.state.replace('_', ' ')}, {exact(clock.elapsed)} of {exact(clock.target)}"
        + ("" if clock.is_stopped else f", due {minute(clock.due, zone)}")
        for clock in sla_case(entry, records, now).clocks
    ]
    yield Section("Clocks", tuple(lines))


def _said(record: Any) -> Iterator[Section]:
    """What somebody wrote into fields of their own."""
    for name, title in (("summary", "Summary"), ("do_first", "Do first"), ("root_cause", "Root cause")):
        yield Section(title, _words(getattr(record, name, None)))
    yield Section("Symptoms", tuple(f"- {one}" for one in getattr(record, "symptoms", ())))
    for name, title in (("workaround", "Workaround"), ("permanent_fix", "Permanent fix")):
        yield Section(title, _words(getattr(record, name, None)))
    resolution = getattr(record, "resolution", None)
    if resolution is not None:
        how = ", ".join(str(word) for word in (resolution.code, resolution.permanence) if word)
        workaround = (f"Workaround: {resolution.workaround}",) if resolution.workaround else ()
        yield Section("Resolution", (*_words(how), *_words(resolution.summary), *workaround))
    yield Section("Cancelled because", _words(getattr(record, "cancel_reason", None)))
    yield Section(
        "Contributing factors", tuple(f"- {one}" for one in getattr(record, "contributing_factors", ()))
    )
    if isinstance(record, Handover):
        yield Section(
            "Handed over", tuple(f"- {one.incident}: {one.next_step or '?'}" for one in record.items)
        )


def _words(text: str | None) -> tuple[str, ...]:
    return (text.strip(),) if text and text.strip() else ()


def _actions(record: Any) -> Iterator[Section]:
    actions: Sequence[Action] = getattr(record, "actions", ())
    yield Section("Actions", tuple(_action(one, place) for place, one in enumerate(actions, 1)))


def _action(action: Action, place: int) -> str:
    told = [str(action.state), action.owner, f"due {action.due}" if action.due else None]
    how = f": {action.evidence or action.reason}" if action.evidence or action.reason else ""
    return f"- {action.id or place}  {action.title} ({', '.join(word for word in told if word)}){how}"


def _course(entry: RecordEntry[Any], records: Records[Any], now: datetime) -> Iterator[Section]:
    zone = records.taxonomy.zone
    yield Section(
        "Timeline",
        tuple(f"{minute(at, zone)}  {words}" for at, words in course_of(entry.record, records.taxonomy, now)),
    )


_NAMED_BY = {
    "problem": "incident",
    "known_error": "workaround used in",
    "article": "used in",
    "duplicate_of": "duplicate",
    "parent": "child",
    "earlier": "later occurrence",
    "replaces": "replaces",
}
"""What a record is to the one that it names."""


def _links(entry: RecordEntry[Any], records: Records[Any]) -> Iterator[Section]:
    """Records that this one names, those that name it, and what lies outside."""
    named = [(one.relation, one.target) for one in references(entry.record) if one.target != entry.id]
    naming = [
        (_NAMED_BY.get(relation, relation), source.id) for relation, source in records.backlinks(entry.id)
    ]
    naming += [("review", one.id) for one in records.reviews_of(entry.id)] if entry.kind == "incident" else []
    lines = []
    for relation, id_ in dict.fromkeys((*named, *naming)):
        other = records.get(id_)
        told = ""
        if other is not None and other.readable:
            told = f"  {title_of(other, records)} ({other.record.status.replace('_', ' ')})"
        lines.append(f"- {relation.replace('_', ' ')}: {id_}{told}")
    links = getattr(entry.record, "links", None)
    if links is not None:
        lines += [f"- {name}: {value}" for name, value in _changes(links) if value]
        lines += [f"- {one.type}: {one.title or ''} {one.url}".replace("  ", " ") for one in links.outside]
    yield Section("Links", tuple(lines))


def _changes(links: Any) -> tuple[tuple[str, str | None], ...]:
    return (("caused by change", links.caused_by_change), ("fixed by change", links.fixed_by_change))


def _text(entry: RecordEntry[Any]) -> Iterator[Section]:
    body = entry.body.strip("\n")
    yield Section("Text", tuple(body.split("\n")) if body.strip() else (), is_text=True)
