"""What a Statuspage incident told its readers, in the order in which it was told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from incidentbook.importers.foreign import Fields, quote
from incidentbook.records import Audience, UpdateStatus

MAINTENANCE_WORDS = frozenset({"scheduled", "in_progress", "verifying", "completed"})
"""Words that only planned work has."""

_STATUSES = {status.value: status for status in UpdateStatus}

KEPT_BEFORE = "update"
"""What archives of a page write where an update did not move the incident on."""


@dataclass(frozen=True)
class Said:
    """One update; `components` are what it said of single components, as Statuspage writes them."""

    at: datetime
    status: UpdateStatus
    text: str | None
    id: str | None = None
    components: tuple[Mapping[str, Any], ...] = ()


def as_status(word: str) -> UpdateStatus | None:
    """The status that a word means, if it is one."""
    return _STATUSES.get(word)


def read_updates(fields: Fields, first: UpdateStatus) -> tuple[Said, ...]:
    """Read the updates, oldest first; `first` is the status before anything was said.

    An update without a status of its own keeps the one before it.
    """
    timed = _in_order(fields)
    status, said = first, []
    for at, item in timed:
        status = _status(item, status)
        said.append(
            Said(
                at=at,
                status=status,
                text=item.prose("body", "message"),
                id=item.text("id"),
                components=tuple(
                    component
                    for component in item.items("affected_components")
                    if isinstance(component, dict)
                ),
            )
        )
    return _with_postmortem(fields, tuple(said))


def updates_of(fields: Fields) -> list[Fields]:
    """The updates of a row as it gives them."""
    found = []
    for number, value in enumerate(fields.items("incident_updates", "updates"), start=1):
        where = f"update {number}: "
        if isinstance(value, dict):
            found.append(Fields(value, fields.line, fields.log, where))
        else:
            fields.log.leave_out(fields.line, f"{where}is {quote(value)}: expected an object; left out")
    return found


def _in_order(fields: Fields) -> list[tuple[datetime, Fields]]:
    timed: list[tuple[datetime, Fields]] = []
    for item in updates_of(fields):
        at = item.instant("display_at", "created_at", "at", "updated_at")
        if at is None:
            item.log.leave_out(item.line, f"{item.where}has no time; left out")
        else:
            timed.append((at, item))
    if timed and timed[0][0] > timed[-1][0]:
        # Statuspage gives the newest first; updates of one minute must turn round with the rest.
        timed.reverse()
    return sorted(timed, key=lambda pair: pair[0])


def _status(item: Fields, before: UpdateStatus) -> UpdateStatus:
    word = item.word("status")
    known = as_status(word)
    if known is not None:
        return known
    if word == KEPT_BEFORE:
        item.log.count("updates say only `Update` and keep the status before them")
    elif word:
        problem = f"`status` is {quote(word)}, which Statuspage does not have; it keeps `{before}`"
        item.log.leave_out(item.line, f"{item.where}{problem}")
    else:
        item.log.count("updates have no status and keep the one before them")
    return before


def _with_postmortem(fields: Fields, said: tuple[Said, ...]) -> tuple[Said, ...]:
    """Add the review text that the management API gives beside the updates, and not among them."""
    text = fields.prose("postmortem_body")
    if text is None or any(one.status is UpdateStatus.POSTMORTEM for one in said):
        return said
    at = fields.instant("postmortem_published_at")
    if at is None:
        fields.leave_out("postmortem_body", "was never published")
        return said
    added = Said(at=at, status=UpdateStatus.POSTMORTEM, text=text)
    return tuple(sorted((*said, added), key=lambda one: one.at))


def values_of_updates(said: tuple[Said, ...]) -> dict[str, Any]:
    """The record's `updates`; one without text says nothing to a reader and is left out."""
    updates = [
        {
            **({"id": one.id} if one.id else {}),
            "at": one.at,
            "status": one.status,
            "visibility": Audience.PUBLIC,
            "text": one.text,
        }
        for one in said
        if one.text
    ]
    return {"updates": updates} if updates else {}
