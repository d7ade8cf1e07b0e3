"""The draft of a review: what the record tells already, under the headings that the policy asks for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from incidentbook.archive import Archive, Records
from incidentbook.clocks import ClockState, clocks_of
from incidentbook.desk.drafts.filling import fill
from incidentbook.desk.drafts.precedents import Precedent, precedents_of
from incidentbook.desk.drafts.story import moments_of, silences_of
from incidentbook.desk.drafts.times import at_words
from incidentbook.markdown.outline import heading_key
from incidentbook.publication import publish
from incidentbook.publication.standing import start_of
from incidentbook.records import Audience, Incident
from incidentbook.taxonomy import Taxonomy
from incidentbook.taxonomy.settings.reviews import DEFAULT_HEADINGS
from incidentbook.worktime.lengths import in_hours, in_two_units, to_the_minute

_DELAYS = (
    ("Detection", "started", "detected", "from the start to the first sign"),
    ("Response", "opened", "acknowledged", "from opening to taking up"),
    ("Containment", "detected", "mitigated", "from the first sign until the harm was contained"),
    ("Restoration", "started", "restored", "from the start until service was back"),
    ("Resolution", "opened", "resolved", "from opening to resolution"),
)


def draft_review(archive: Archive, id_: str, now: datetime) -> str:
    """Draft the text of the review of an incident, for colleagues: it says what the record says.

    Other records are those that colleagues may read; only what is drafted for a restricted incident, and
    so is restricted itself, may name another restricted one. Raises BrokenTemplateError.
    """
    entry = archive.get(id_)
    assert entry is not None  # noqa: S101  whoever asks has found it
    incident: Incident = entry.record
    restricted = incident.visibility is Audience.RESTRICTED
    records: Records[Any] = archive if restricted else publish(archive, Audience.INTERNAL)
    similar = precedents_of(entry, records, archive.taxonomy.day_of(now))
    return fill(archive, "review", _values(id_, incident, archive.taxonomy, now, similar))


def _values(
    id_: str,
    incident: Incident,
    taxonomy: Taxonomy,
    now: datetime,
    similar: tuple[Precedent, ...],
) -> Mapping[str, Any]:
    zone = taxonomy.zone
    policy = taxonomy.review_policy(now)
    start = start_of(incident)
    affected, resolution = incident.affected, incident.resolution
    return {
        "id": id_,
        "title": incident.title,
        "restricted": incident.visibility is Audience.RESTRICTED,
        "headings": [
            {"title": title, "key": heading_key(title)}
            for title in (policy.headings if policy else DEFAULT_HEADINGS)
        ],
        "summary": incident.summary,
        "priority": taxonomy.priority_of(incident),
        "major": incident.major,
        "services": list(_services(incident, taxonomy)),
        "affected": affected.count if affected else None,
        "affected_is_estimate": bool(affected and affected.estimate),
        "who": affected.who if affected else None,
        "fix": resolution.summary if resolution else None,
        "workaround": resolution.workaround if resolution else None,
        "temporary": bool(resolution and resolution.permanence == "temporary"),
        "timeline": [
            {
                "at": at_words(one.at, zone),
                "since": in_two_units(one.at - start) if start and one.at > start else "",
                "words": one.words,
            }
            for one in moments_of(incident, taxonomy, now)
        ],
        "silences": [
            {
                "from": at_words(one.from_, zone),
                "to": at_words(one.to, zone),
                "length": in_two_units(one.length),
                "waiting": one.waiting,
            }
            for one in silences_of(incident, taxonomy, now)
        ],
        "delays": list(_delays(incident)),
        "targets": list(_targets(incident, taxonomy, now)),
        "decisions": [
            {"at": at_words(one.at, zone), "text": one.text} for one in incident.decisions if one.at <= now
        ],
        "told": list(_told(incident, taxonomy, now)),
        "similar": [_similar(one, zone) for one in similar],
    }


def _services(incident: Incident, taxonomy: Taxonomy) -> Iterator[dict[str, str]]:
    for impact in incident.services:
        service = taxonomy.service(impact.service, incident.opened) or taxonomy.service(impact.service)
        yield {
            "name": service.name if service else impact.service,
            "state": impact.state.replace("_", " "),
        }


def _delays(incident: Incident) -> Iterator[dict[str, str | None]]:
    for name, first, last, words in _DELAYS:
        start, end = getattr(incident, first), getattr(incident, last)
        if last == "restored" and end is None:
            end = incident.resolved
        missing = [one for one, at in ((first, start), (last, end)) if at is None]
        known = in_two_units(end - start) if not missing and end >= start else None
        yield {"name": name, "words": words, "length": known, "missing": ", ".join(missing) or None}


def _targets(incident: Incident, taxonomy: Taxonomy, now: datetime) -> Iterator[dict[str, str]]:
    for clock in clocks_of(incident, taxonomy, now):
        kept = {ClockState.MET: "kept", ClockState.BREACHED: "missed"}.get(clock.state, "not over yet")
        yield {
            "name": clock.name.value,
            "target": in_hours(clock.target, spaced=True),
            "used": in_hours(to_the_minute(clock.elapsed), spaced=True),
            "kept": kept,
        }


def _told(incident: Incident, taxonomy: Taxonomy, now: datetime) -> Iterator[dict[str, str]]:
    """Who was told when: readers and colleagues by updates, others by escalation."""
    whom = {Audience.PUBLIC: "readers", Audience.INTERNAL: "colleagues"}
    found = [
        (one.at, whom.get(one.visibility, "a few"), one.status.replace("_", " ")) for one in incident.updates
    ]
    found += [(one.at, one.to, f"escalated, {one.kind}") for one in incident.escalations]
    start = start_of(incident)
    for at, who, how in sorted(found):
        if at <= now:
            since = in_two_units(at - start) if start and at > start else ""
            yield {"at": at_words(at, taxonomy.zone), "who": who, "how": how, "since": since}


def _similar(one: Precedent, zone: Any) -> dict[str, Any]:
    return {
        "id": one.id,
        "title": one.title,
        "opened": at_words(one.opened, zone) if one.opened else None,
        "because": one.because,
        "ended": one.ended,
        "reviewed": one.reviewed,
        "actions": [{"title": promise.title, "state": promise.state} for promise in one.actions],
    }
