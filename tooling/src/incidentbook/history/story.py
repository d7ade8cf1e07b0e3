"""Events in the order in which things happened, rather than in that in which they were committed."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, time, timedelta, tzinfo

from incidentbook.history.happening import Event


def moment(event: Event, zone: tzinfo) -> datetime | None:
    """When it happened, as far as anybody says: the claimed time, else that of the commit.

    A claimed date is the time of the commit where that was made on this date, else its midnight. None
    where no commit says it yet and the record claims no time.
    """
    claimed, committed = event.happening.at, event.commit.committed if event.commit else None
    if claimed is None or isinstance(claimed, datetime):
        return claimed or committed
    if committed is not None and committed.astimezone(zone).date() == claimed:
        return committed
    return datetime.combine(claimed, time(), zone)


def in_order(events: Iterable[Event], zone: tzinfo) -> tuple[Event, ...]:
    """Events by the time at which they happened: equals as in the log, those without a time last."""
    timed = [(moment(event, zone), event) for event in events]
    known = sorted(((at, event) for at, event in timed if at is not None), key=lambda pair: pair[0])
    return (*(event for _, event in known), *(event for at, event in timed if at is None))


def lag(event: Event) -> timedelta | None:
    """How long after the claimed time it was committed; None where either is not known to the minute.

    The author's date says nothing of this: a rebase keeps it, and `git commit --date` makes it anything.
    """
    claimed = event.happening.at
    if event.commit is None or not isinstance(claimed, datetime):
        return None
    return event.commit.committed - claimed


def of_record(events: Iterable[Event], id_: str) -> tuple[Event, ...]:
    """The events of the record that has this ID at the end, whatever it was called before.

    Those of an incident's review are among the incident's. Where no record has the ID any more, it is
    the one that had it.
    """
    found = tuple(events)
    ids = {id_}
    if not any(event.known_as.id == id_ for event in found):
        ids = {event.known_as.id for event in found if event.record.id == id_} or ids
    return tuple(
        event for event in found if not ids.isdisjoint((event.known_as.id, event.known_as.lead_incident))
    )
