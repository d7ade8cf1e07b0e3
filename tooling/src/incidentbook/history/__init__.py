"""What happened to records: two archives compared, and the stream of events along the log."""

from incidentbook.history.changes import Change, changes
from incidentbook.history.comparison import deletion, happenings, renumbering
from incidentbook.history.facts import FACTS, facts_of
from incidentbook.history.happening import Event, EventType, Happening, Version
from incidentbook.history.pairing import continued
from incidentbook.history.story import in_order, lag, moment, of_record
from incidentbook.history.stream import events

__all__ = [
    "FACTS",
    "Change",
    "Event",
    "EventType",
    "Happening",
    "Version",
    "changes",
    "continued",
    "deletion",
    "events",
    "facts_of",
    "happenings",
    "in_order",
    "lag",
    "moment",
    "of_record",
    "renumbering",
]
