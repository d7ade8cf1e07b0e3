"""What can happen to a record: the events of the stream, by the field's names."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from incidentbook.gitrepo import Commit
from incidentbook.records import Record, RecordName
from incidentbook.taxonomy import Taxonomy


class EventType(StrEnum):
    """Everything that the stream tells of, in ITIL 4's and Statuspage's words."""

    DETECTED = "detected"
    OPENED = "opened"
    ACKNOWLEDGED = "acknowledged"
    ASSIGNED = "assigned"
    REASSIGNED = "reassigned"
    PRIORITY_RAISED = "priority_raised"
    PRIORITY_LOWERED = "priority_lowered"
    MAJOR_DECLARED = "major_declared"
    MAJOR_STOOD_DOWN = "major_stood_down"
    HELD = "held"
    RESUMED = "resumed"
    ESCALATED = "escalated"
    UPDATE_POSTED = "update_posted"
    UPDATE_CORRECTED = "update_corrected"
    MITIGATED = "mitigated"
    RESTORED = "restored"
    RESOLVED = "resolved"
    REOPENED = "reopened"
    CONFIRMED = "confirmed"
    RATED = "rated"
    CLOSED = "closed"
    CANCELLED = "cancelled"
    REVIEW_STARTED = "review_started"
    REVIEW_SUBMITTED = "review_submitted"
    REVIEW_PUBLISHED = "review_published"
    ACTION_OPENED = "action_opened"
    ACTION_DONE = "action_done"
    ACTION_DROPPED = "action_dropped"
    PROBLEM_OPENED = "problem_opened"
    KNOWN_ERROR_RECORDED = "known_error_recorded"
    PROBLEM_RESOLVED = "problem_resolved"
    PROBLEM_CLOSED = "problem_closed"
    ARTICLE_DRAFTED = "article_drafted"
    ARTICLE_PUBLISHED = "article_published"
    ARTICLE_RETIRED = "article_retired"
    MAINTENANCE_SCHEDULED = "maintenance_scheduled"
    MAINTENANCE_STARTED = "maintenance_started"
    MAINTENANCE_COMPLETED = "maintenance_completed"
    MAINTENANCE_CANCELLED = "maintenance_cancelled"
    HANDOVER_WRITTEN = "handover_written"
    HANDOVER_ACKNOWLEDGED = "handover_acknowledged"
    RENUMBERED = "renumbered"
    DELETED = "deleted"
    UNDELETED = "undeleted"


Key = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Happening:
    """One thing that a record says happened.

    `key` tells it from the other happenings of its record, by what it is, when it was and whom or what
    it is about: places in a list tell nothing where two branches add to it. `at` is the time that the
    record claims, a date where it has no more, None where it says none. `detail` has what else is worth
    telling, by names such as `from`, `to`, `owner`, `team`, `reason`, `text`. `entry` is the ID that the
    record gives to the entry of a list that tells it; a merge may give another.
    """

    type: EventType
    record: RecordName
    key: Key
    at: datetime | date | None = None
    detail: Mapping[str, str] = field(default_factory=dict)
    entry: str | None = None


@dataclass(frozen=True, slots=True)
class Version:
    """A record as it was in one tree, with the taxonomy of that tree, or what loads it once asked."""

    name: RecordName
    record: Record
    schema: Taxonomy | Callable[[], Taxonomy]

    @property
    def taxonomy(self) -> Taxonomy:
        """What `schema/` said then. Raises an IncidentbookError where it cannot be read."""
        return self.schema if isinstance(self.schema, Taxonomy) else self.schema()


@dataclass(frozen=True, slots=True)
class Event:
    """A happening, and the commit that first said it; `commit` is None where none has yet.

    `known_as` is what the record is called at the end of the stream: another name than the happening's
    where it was renumbered since. `keys` are those by which versions of the record have known it, the
    newest first: a time that is corrected makes another key of the same event.
    """

    happening: Happening
    commit: Commit | None
    known_as: RecordName
    keys: tuple[Key, ...]

    @property
    def type(self) -> EventType:
        """What happened."""
        return self.happening.type

    @property
    def record(self) -> RecordName:
        """To what, by the name that it then had."""
        return self.happening.record
