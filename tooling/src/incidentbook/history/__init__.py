"""What happened to records: two archives compared, and the stream of events along the log."""

from incidentbook.history.changes import Change, changes
from incidentbook.history.comparison import deletion, happenings, renumbering
from incidentbook.history.facts import FACTS, facts_of
from incidentbook.history.happening import Event, EventType, Happening, Version

__all__ = [
    "FACTS",
    "Change",
    "Event",
    "EventType",
    "Happening",
    "Version",
    "changes",
    "deletion",
    "facts_of",
    "happenings",
    "renumbering",
]
