"""The moves of planned maintenance: announced, begun, ended, called off."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from incidentbook.desk.change import Change, RefusedError
from incidentbook.diagnostics import IncidentbookError
from incidentbook.records import Maintenance, MaintenanceStatus
from incidentbook.source import format_instant

_MEANWHILE = "degraded_performance"
_SOON = timedelta(hours=1)
"""Work that begins sooner than planned by no more than that surprises nobody."""


class WindowBackwardsError(IncidentbookError):
    """Planned work was to end before it begins."""

    def __init__(self, start: datetime, end: datetime) -> None:
        super().__init__(
            f"--to is {format_instant(end)}, which is not after --from, {format_instant(start)}; "
            "the window ends later than it begins"
        )


@dataclass(frozen=True, kw_only=True)
class NewMaintenance:
    """What somebody says of work that is planned; `services` as KEY or KEY=STATE."""

    title: str
    start: datetime
    end: datetime
    services: tuple[str, ...] = ()
    summary: str | None = None
    owner: str | None = None
    team: str | None = None
    change: str | None = None
    visibility: str | None = None


def scheduled(said: NewMaintenance, at: datetime) -> dict[str, Any]:
    """The fields of a new maintenance. Raises WindowBackwardsError."""
    if said.end <= said.start:
        raise WindowBackwardsError(said.start, said.end)
    return {
        "title": said.title,
        "status": MaintenanceStatus.SCHEDULED.value,
        "summary": said.summary,
        "visibility": said.visibility,
        "announced": at,
        "planned": {"from": said.start, "to": said.end},
        "services": [_impact(service) for service in said.services],
        "owner": said.owner,
        "team": said.team,
        "change": said.change,
    }


def begun(id_: str, maintenance: Maintenance, at: datetime, *, early: bool = False) -> Change:
    """Work begins. Raises RefusedError where it did, or never will, or is planned for later.

    Readers see at once that it is in progress, and its services suffer; who means that says so by `early`.
    """
    _require(id_, maintenance, (MaintenanceStatus.SCHEDULED,), "started")
    planned = maintenance.planned.from_ if maintenance.planned else None
    if planned is not None and planned - at > _SOON and not early:
        raise RefusedError(
            f"{id_} is planned from {format_instant(planned)}, and it is {format_instant(at)}: readers would "
            "see it in progress from now on",
            (f"maintenance start {id_} --early", f"maintenance cancel {id_} -m WHY"),
        )
    return Change(
        said="started",
        values={"status": MaintenanceStatus.IN_PROGRESS.value},
        nested={("actual",): {"from": at}},
    )


def completed(id_: str, maintenance: Maintenance, at: datetime) -> Change:
    """Work is done. Raises RefusedError where it did not begin by then, or is over."""
    _require(id_, maintenance, (MaintenanceStatus.IN_PROGRESS,), "completed")
    start = maintenance.actual.from_ if maintenance.actual else None
    if start is not None and at < start:
        raise RefusedError(
            f"{id_} was started at {format_instant(start)}, and cannot be completed at {format_instant(at)}, "
            "before that",
            (f"maintenance complete {id_} --at TIME",),
        )
    return Change(
        said="completed",
        values={"status": MaintenanceStatus.COMPLETED.value},
        nested={("actual",): {"to": at}},
    )


def called_off(id_: str, maintenance: Maintenance, at: datetime, reason: str) -> Change:
    """Work will not be done, or was broken off. Raises RefusedError where it is over."""
    allowed = (MaintenanceStatus.SCHEDULED, MaintenanceStatus.IN_PROGRESS)
    _require(id_, maintenance, allowed, "cancelled")
    running = maintenance.status is MaintenanceStatus.IN_PROGRESS
    return Change(
        said="cancelled",
        values={"status": MaintenanceStatus.CANCELLED.value, "cancelled": at, "cancel_reason": reason},
        nested={("actual",): {"to": at}} if running and maintenance.actual else {},
    )


def _require(id_: str, maintenance: Maintenance, allowed: Sequence[MaintenanceStatus], wish: str) -> None:
    if maintenance.status in allowed:
        return
    instead = {
        MaintenanceStatus.SCHEDULED: (f"maintenance start {id_}", f"maintenance cancel {id_} -m WHY"),
        MaintenanceStatus.IN_PROGRESS: (f"maintenance complete {id_}",),
    }.get(maintenance.status, ("maintenance new --title TITLE --from TIME --to TIME --service KEY",))
    raise RefusedError(f"{id_} is {maintenance.status.replace('_', ' ')}, and cannot be {wish}", instead)


def _impact(said: str) -> dict[str, str]:
    service, _, state = said.partition("=")
    return {"service": service, "state": state or _MEANWHILE}
