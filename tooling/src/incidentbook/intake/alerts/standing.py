"""What a record knows of the state of its alert: whether a delivery comes late, and what is kept of it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from incidentbook.intake.alerts.alert import Alert
from incidentbook.intake.known import Known


def origin_of(alert: Alert, now: datetime) -> dict[str, Any]:
    """Where the record came from, and what tells whether a later delivery says anything new."""
    where = {"system": alert.system, "id": alert.id}
    url = {"url": alert.url} if alert.url else {}
    # some systems are imported from, too: the name alone does not tell who opened it
    return {**where, **url, "alerted": True, "digest": alert.digest, **_state_at(alert, now)}


def origin_after(alert: Alert, known: Known, now: datetime) -> dict[str, Any]:
    """The change to `origin` by which the record remembers what it was told now."""
    written = known.values.get("origin")
    if not isinstance(written, dict):
        return {"origin": origin_of(alert, now)}
    return {"origin": {**written, "digest": alert.digest, **_state_at(alert, now)}}


def is_late(alert: Alert, known: Known, over: datetime | None = None) -> bool:
    """Whether a record knows of something newer than an alert tells, or of something that ended it.

    Of an alert whose system says no times nothing is late: the last delivery counts.
    """
    if alert.news is None:
        return False
    since = state_since(known)
    return (since is not None and alert.news < since) or (over is not None and alert.news <= over)


def state_since(known: Known) -> datetime | None:
    """When the state began that the record tells of: by an alert, or because somebody reopened it."""
    record = known.record
    told = record.origin.state_at if record.origin else None
    times = [told, *(one.reopened for one in record.reopenings)]
    return max((one for one in times if one is not None), default=None)


def _state_at(alert: Alert, now: datetime) -> dict[str, datetime]:
    # news of an alert whose state did not change put off no state that began before them; and a clock
    # that is ahead must not make everything late that comes after
    return {"state_at": min(alert.news, now)} if alert.at and alert.news else {}
