"""What a pager is told: it keeps an alert open, and somebody awake, until it is told that it is over."""

from __future__ import annotations

from typing import Any

from incidentbook.archive import Records
from incidentbook.history import EventType
from incidentbook.notices.notify.news import News
from incidentbook.records import KINDS, Incident


def is_going_on(news: News, records: Records[Any]) -> bool:
    """Whether it opens an alert that its own end will close: it is about an incident that is open.

    What was opened and resolved before anybody was told wakes nobody. A review or an article that is late
    has no end that a pager could be told.
    """
    incident = _incident(news, records)
    return incident is not None and _is_open(incident) and not news.is_end


def is_end_now(news: News, records: Records[Any]) -> bool:
    """Whether it says that an incident is over, and the incident was not reopened since.

    That a resolved incident was closed too says nothing more.
    """
    incident = _incident(news, records)
    if incident is None or _is_open(incident) or not news.is_end:
        return False
    return news.topic != EventType.CLOSED or incident.resolved is None


def _incident(news: News, records: Records[Any]) -> Incident | None:
    entry = records.get(news.record.id)
    record = entry.record if entry is not None else None
    return record if isinstance(record, Incident) else None


def _is_open(incident: Incident) -> bool:
    return incident.status in KINDS["incident"].open_states
