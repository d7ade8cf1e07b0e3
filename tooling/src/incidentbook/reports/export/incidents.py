"""The table of incidents: what each record says, and what follows from it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from incidentbook.archive import RecordEntry
from incidentbook.clocks import (
    Assessment,
    Clock,
    ClockName,
    ReviewDuty,
    assess,
    left_out_of_measures,
    review_duty,
)
from incidentbook.metrics import Ledger, opening_of
from incidentbook.metrics.dimensions import owner_of, service_of
from incidentbook.metrics.durations import INCIDENT_DURATIONS, IncidentDuration
from incidentbook.records import Incident
from incidentbook.records.parts import Links
from incidentbook.reports.export.columns import Column, Kind, Table, Value, joined, public

NO_LINKS = Links()


@dataclass(frozen=True, slots=True)
class IncidentRow:
    """One incident with what its columns are computed from."""

    entry: RecordEntry[Incident]
    ledger: Ledger
    assessment: Assessment
    duty: ReviewDuty | None

    @property
    def record(self) -> Incident:
        """The record."""
        return self.entry.record

    @property
    def links(self) -> Links:
        """Its links, none where it names none."""
        return self.record.links or NO_LINKS

    @property
    def opening(self) -> datetime | None:
        """When it counts, in the repository's zone."""
        at = opening_of(self.record)
        return at.astimezone(self.ledger.taxonomy.zone) if at else None

    def clock(self, name: ClockName) -> Clock | None:
        """One of its clocks."""
        return next((clock for clock in self.assessment.clocks if clock.name is name), None)


def incident_rows(ledger: Ledger) -> list[IncidentRow]:
    """Gather every incident that the reader may see, those too that no figure counts."""
    records, now = ledger.records, ledger.now
    return [
        IncidentRow(
            entry,
            ledger,
            assess(entry.record, ledger.taxonomy, now),
            None if ledger.is_public else review_duty(entry, records, now),
        )
        for entry in records.incidents
    ]


def _moment(name: str, words: str) -> Column[IncidentRow]:
    def value(row: IncidentRow) -> Value:
        found: datetime | None = getattr(row.record, name)
        return found

    return public(name, Kind.TIME, words, value)


def _length(measure: IncidentDuration) -> Column[IncidentRow]:
    def value(row: IncidentRow) -> Value:
        sample = measure.sample(row.record)
        return sample if isinstance(sample, float) else None

    words = f"From {measure.from_} to {measure.to}, on the wall clock."
    return public(f"{measure.name}_s", Kind.SECONDS, words, value)


def _of_clock(
    name: ClockName, suffix: str, kind: Kind, words: str, value: Callable[[Clock], Value]
) -> Column[IncidentRow]:
    def of_row(row: IncidentRow) -> Value:
        clock = row.clock(name)
        return value(clock) if clock else None

    return Column(f"{name}_{suffix}", kind, words.format(name), of_row)


def _clock_columns(name: ClockName) -> tuple[Column[IncidentRow], ...]:
    return (
        _of_clock(
            name, "state", Kind.TEXT,
            "{} clock: met, breached, running, at_risk or paused.", lambda clock: str(clock.state),
        ),
        _of_clock(
            name, "target_s", Kind.SECONDS,
            "Target of the {} clock, in working time of its calendar.", lambda clock: _seconds(clock.target),
        ),
        _of_clock(
            name, "elapsed_s", Kind.SECONDS,
            "Working time that the {} clock counted, pauses left out.", lambda clock: _seconds(clock.elapsed),
        ),
        _of_clock(
            name, "due", Kind.TIME,
            "By when the {} clock had, or has, to stop; while it is paused, if it went on now.",
            lambda clock: clock.due,
        ),
    )  # fmt: skip


def _paused(row: IncidentRow) -> Value:
    clock = row.clock(ClockName.RESOLUTION)
    return _seconds(sum((pause.counted for pause in clock.pauses), timedelta(0))) if clock else None


def _seconds(length: timedelta) -> float:
    return length.total_seconds()


def _category(level: int) -> Callable[[IncidentRow], Value]:
    def value(row: IncidentRow) -> Value:
        path = row.record.category or ""
        parts = path.split("/")
        return parts[level] or None if level < len(parts) else None

    return value


def _services(row: IncidentRow) -> Value:
    found = ((one.service, service_of(one, row.record, row.ledger.taxonomy)) for one in row.record.services)
    return joined([service.id if service else key for key, service in found])


def _teams(row: IncidentRow) -> list[str]:
    return [one.team for one in row.record.assignments if one.team]


INCIDENTS: Table[IncidentRow] = Table(
    "incidents",
    "One incident; cancelled ones, duplicates and drills too, which `left_out` tells.",
    (
        public("id", Kind.TEXT, "ID: the name of its file.", lambda row: row.entry.id),
        public("title", Kind.TEXT, "What was wrong.", lambda row: row.record.title),
        public("status", Kind.TEXT, "State of the record.", lambda row: str(row.record.status)),
        public("visibility", Kind.TEXT, "Who may read the record.", lambda row: str(row.record.visibility)),
        public(
            "left_out", Kind.TEXT,
            "Why no figure counts it: cancelled, duplicate or drill; empty where it counts.",
            lambda row: left_out_of_measures(row.record),
        ),
        public("major", Kind.FLAG, "Whether the major incident process ran.", lambda row: row.record.major),
        public(
            "priority", Kind.TEXT, "The stored priority, else that of the matrix in force.",
            lambda row: row.ledger.taxonomy.priority_of(row.record),
        ),
        public("impact", Kind.TEXT, "high, medium or low.", lambda row: row.record.impact),
        public("urgency", Kind.TEXT, "high, medium or low.", lambda row: row.record.urgency),
        Column("category", Kind.TEXT, "Key of the category.", _category(0)),
        Column("subcategory", Kind.TEXT, "Key of the subcategory.", _category(1)),
        public("services", Kind.TEXT, "Keys of its services, joined by `;`.", _services),
        *(
            _moment(name, words)
            for name, words in (
                ("started", "When service began to suffer."),
                ("detected", "When somebody or something noticed."),
                ("opened", "When it was logged."),
                ("acknowledged", "When somebody took it."),
                ("mitigated", "When the harm was contained."),
                ("restored", "When service was back."),
                ("resolved", "When the work was done."),
                ("closed", "When the record was closed."),
                ("cancelled", "When it was found to be no incident."),
            )
        ),
        public(
            "month", Kind.TEXT, "Month to which it belongs, in the repository's zone: 2026-10.",
            lambda row: f"{row.opening:%Y-%m}" if row.opening else None,
        ),
        public(
            "weekday", Kind.COUNT, "1 for Monday to 7 for Sunday, in the repository's zone.",
            lambda row: row.opening.isoweekday() if row.opening else None,
        ),
        public(
            "hour", Kind.COUNT, "0 to 23, in the repository's zone.",
            lambda row: row.opening.hour if row.opening else None,
        ),
        *(_length(measure) for measure in INCIDENT_DURATIONS),
        Column(
            "policy", Kind.TEXT, "Key of the service level that was in force.",
            lambda row: row.assessment.policy.id if row.assessment.policy else None,
        ),
        *_clock_columns(ClockName.RESPONSE),
        *_clock_columns(ClockName.RESOLUTION),
        Column("paused_s", Kind.SECONDS, "Working time that the resolution clock was spared.", _paused),
        Column(
            "channel", Kind.TEXT, "How it came in.",
            lambda row: row.record.reporter.channel if row.record.reporter else None,
        ),
        Column("location", Kind.TEXT, "Site, region or office.", lambda row: row.record.location),
        Column(
            "affected", Kind.COUNT, "How many users felt it.",
            lambda row: row.record.affected.count if row.record.affected else None,
        ),
        Column(
            "team", Kind.TEXT, "Key of the team that had it last.",
            lambda row: next(reversed(_teams(row)), None),
        ),
        Column("teams", Kind.COUNT, "How many teams had it.", lambda row: len(set(_teams(row)))),
        Column("owner", Kind.TEXT, "Handle of who had it last.", lambda row: owner_of(row.record)),
        Column("resolved_by", Kind.TEXT, "Handle of who resolved it.", lambda row: row.record.resolved_by),
        Column(
            "escalations", Kind.COUNT, "How often it was escalated.", lambda row: len(row.record.escalations)
        ),
        Column(
            "reopenings", Kind.COUNT, "How often it was reopened.", lambda row: len(row.record.reopenings)
        ),
        Column("holds", Kind.COUNT, "How often it was on hold.", lambda row: len(row.record.holds)),
        public("updates", Kind.COUNT, "How many messages readers got.", lambda row: len(row.record.updates)),
        Column(
            "recurring", Kind.FLAG, "Whether there was one of the same kind before.",
            lambda row: row.entry.id in row.ledger.recurring,
        ),
        Column(
            "resolution_code", Kind.TEXT, "Key of how it ended.",
            lambda row: row.record.resolution.code if row.record.resolution else None,
        ),
        Column(
            "permanence", Kind.TEXT, "temporary or permanent.",
            lambda row: row.record.resolution.permanence if row.record.resolution else None,
        ),
        Column(
            "satisfaction", Kind.COUNT, "What the user thought, from 1 to 5.",
            lambda row: row.record.satisfaction.score if row.record.satisfaction else None,
        ),
        public("problem", Kind.TEXT, "ID of the problem behind it.", lambda row: row.links.problem),
        public("known_error", Kind.TEXT, "ID of the known error used.", lambda row: row.links.known_error),
        public("parent", Kind.TEXT, "ID of the larger incident.", lambda row: row.links.parent),
        public(
            "duplicate_of", Kind.TEXT, "ID of the incident it repeats.", lambda row: row.links.duplicate_of
        ),
        public(
            "articles", Kind.TEXT, "Articles used, joined by `;`.", lambda row: joined(row.links.articles)
        ),
        Column(
            "caused_by_change", Kind.TEXT, "The change that caused it.",
            lambda row: row.links.caused_by_change,
        ),
        Column(
            "review_status", Kind.TEXT,
            "Of a required review: waiting, missing, draft, in_review or published; empty where none is.",
            lambda row: row.duty.status if row.duty else None,
        ),
        Column(
            "review_due", Kind.DAY, "Last day for the review.",
            lambda row: row.duty.due_day if row.duty else None,
        ),
        Column(
            "review_overdue", Kind.FLAG, "Whether the review is overdue; empty where none is required.",
            lambda row: row.duty.overdue if row.duty else None,
        ),
        Column(
            "origin_system", Kind.TEXT, "System it was imported from.",
            lambda row: row.record.origin.system if row.record.origin else None,
        ),
        Column(
            "origin_id", Kind.TEXT, "Its ID there.",
            lambda row: row.record.origin.id if row.record.origin else None,
        ),
    ),
)  # fmt: skip
