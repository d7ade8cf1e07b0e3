"""The moves of a post-incident review: begun, handed in, published."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, TypeVar

from incidentbook.archive import RecordEntry, Records
from incidentbook.desk.change import Change, RefusedError
from incidentbook.records import Audience, Incident, Review, ReviewStatus
from incidentbook.records.incident import IncidentStatus

E = TypeVar("E", bound=RecordEntry[Any])

ENDING = ".review"


def require_none(incident_id: str, records: Records[Any]) -> None:
    """Refuse to begin a second review. Raises RefusedError, which names the first."""
    own = records.get(f"{incident_id}{ENDING}")
    there = (own,) if own is not None else records.reviews_of(incident_id)
    if there:
        raise RefusedError(
            f"{incident_id} has a review already: {there[0].path}",
            (f"show {there[0].id}", f"edit {there[0].id}"),
        )


def started(
    id_: str, incident: Incident, authors: Sequence[str], at: datetime, facilitator: str | None
) -> dict[str, Any]:
    """The fields of a new review. Raises RefusedError where there is nothing to review.

    The review of a restricted incident is restricted, for it tells the same story.
    """
    if incident.status is IncidentStatus.CANCELLED:
        raise RefusedError(f"{id_} is cancelled: it was no incident, and there is nothing to review")
    secret = incident.visibility is Audience.RESTRICTED
    return {
        "status": ReviewStatus.DRAFT.value,
        "incidents": [id_],
        "visibility": Audience.RESTRICTED.value if secret else None,
        "facilitator": facilitator,
        "authors": list(dict.fromkeys(authors)),
        "started": at,
    }


def review_for(said: E, records: Records[E]) -> E:
    """The review that is meant: the record itself, or that of an incident. Raises RefusedError."""
    if said.kind == "review":
        return said
    own = records.get(f"{said.id}{ENDING}")
    if own is not None and own.readable:
        return own
    covering = [records.get(entry.id) for entry in records.reviews_of(said.id)]
    if not covering or covering[0] is None:
        raise RefusedError(f"{said.id} has no review yet", (f"review start {said.id}",))
    return covering[0]


def submitted(id_: str, review: Review, facilitator: str | None) -> Change:
    """Hand a draft in for others to read. Raises RefusedError where it is none."""
    if review.status is not ReviewStatus.DRAFT:
        instead = (f"review publish {id_} --approver WHO",) if review.status is ReviewStatus.IN_REVIEW else ()
        raise RefusedError(f"{id_} is {_said(review.status)}, and cannot be handed in", instead)
    values: dict[str, Any] = {"status": ReviewStatus.IN_REVIEW.value}
    if facilitator is not None:
        values["facilitator"] = facilitator
    return Change(said="handed in for review", values=values)


def published(id_: str, review: Review, at: datetime, approvers: Sequence[str]) -> Change:
    """Publish a review. Raises RefusedError where it is, where an author approves it, or nobody."""
    if review.status is ReviewStatus.PUBLISHED:
        raise RefusedError(f"{id_} is published already: readers have it", (f"edit {id_}",))
    own = [handle for handle in approvers if handle in review.authors]
    if own:
        raise RefusedError(
            f"{' and '.join(own)} wrote {id_}, and cannot approve it; let somebody else read it"
        )
    everybody = list(dict.fromkeys((*review.approvers, *approvers)))
    if not everybody:
        raise RefusedError(f"nobody has approved {id_}", (f"review publish {id_} --approver WHO",))
    return Change(
        said=f"published, approved by {', '.join(everybody)}",
        values={"status": ReviewStatus.PUBLISHED.value, "approvers": everybody, "published": at},
    )


def _said(status: str) -> str:
    return str(status).replace("_", " ")
