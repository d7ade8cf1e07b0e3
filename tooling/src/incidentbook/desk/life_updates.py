"""What readers are told of an incident."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from incidentbook.desk.change import Change, RefusedError, Values
from incidentbook.desk.life import OPEN, require, require_begun
from incidentbook.desk.words import UnknownWordError, known_service, known_state, plain_text
from incidentbook.records import Audience, Incident, IncidentStatus, ServiceState, Update, UpdateStatus
from incidentbook.taxonomy import Taxonomy

TELLABLE = frozenset({*OPEN, IncidentStatus.RESOLVED})
STATUSES = (
    UpdateStatus.INVESTIGATING,
    UpdateStatus.IDENTIFIED,
    UpdateStatus.MONITORING,
    UpdateStatus.RESOLVED,
)
"""What can be said of an incident, in the order in which it usually is."""

_NUMBERED = re.compile(r"(?P<stem>.*?)(?P<number>[0-9]{1,9})", re.DOTALL)
_STEM = "u"


@dataclass(frozen=True, kw_only=True)
class Message:
    """What somebody wants to tell; what they leave out follows from what was told before."""

    text: str
    status: UpdateStatus | None = None
    public: bool = False
    corrects: str | None = None
    services: tuple[str, ...] = ()


def told(
    id_: str, incident: Incident, message: Message, who: str | None, at: datetime, taxonomy: Taxonomy
) -> Change:
    """Tell readers something, and from now on in which state services are, as KEY=STATE.

    Raises RefusedError where nobody reads it any more, or UnknownWordError.
    """
    require(id_, incident, TELLABLE, "updated")
    require_begun(id_, incident, at, "updated")
    if message.public and incident.visibility is Audience.RESTRICTED:
        raise RefusedError(f"{id_} is restricted, and nothing of it is public", (f"update {id_} -m TEXT",))
    corrected = _corrected(incident, message.corrects)
    seen = Audience.PUBLIC if message.public else corrected.visibility if corrected else Audience.INTERNAL
    status = message.status or status_then(incident, at)
    update: dict[str, Any] = {
        "id": next_id(incident.updates),
        "at": at,
        "by": who,
        "status": status.value,
        "text": plain_text(message.text, "the update"),
        # internal is what an update without it means
        "visibility": None if seen is Audience.INTERNAL else seen.value,
        "corrects": message.corrects,
    }
    update = {key: value for key, value in update.items() if value is not None}
    for_whom = "" if seen is Audience.INTERNAL else f", {seen.value}"
    nested, services = _services(incident, message.services, at, taxonomy)
    return Change(
        said=f"update {update['id']} ({status.value}{for_whom})",
        added={"updates": [update], **({"services": services} if services else {})},
        nested=nested,
    )


def _services(
    incident: Incident, said: tuple[str, ...], at: datetime, taxonomy: Taxonomy
) -> tuple[Mapping[tuple[str | int, ...], Values], list[Values]]:
    """What ends of the states in which services are, and what begins; one that works again only ends."""
    ended: dict[tuple[str | int, ...], Values] = {}
    begun: list[Values] = []
    for text in said:
        key, _, state = text.partition("=")
        service, now = known_service(taxonomy, key.strip(), incident.opened), known_state(state.strip())
        lasting = [
            (index, one)
            for index, one in enumerate(incident.services)
            if taxonomy.service_key(one.service, incident.opened) == service and one.to is None
        ]
        if any(one.state is now for _, one in lasting):
            continue
        ended |= {("services", index): {"to": at} for index, _ in lasting}
        if now is not ServiceState.OPERATIONAL:
            begun.append({"service": service, "state": now.value, "from": at})
    return ended, begun


def status_then(incident: Incident, at: datetime) -> UpdateStatus:
    """What an update says of the work if nobody says it: what the last one before said, while that can be."""
    resolved = incident.status is IncidentStatus.RESOLVED
    if resolved and (incident.resolved is None or incident.resolved <= at):
        return UpdateStatus.RESOLVED
    before = [update for update in incident.updates if update.at <= at]
    last = sorted(before, key=lambda update: update.at)[-1].status if before else None
    return last if last in STATUSES and last is not UpdateStatus.RESOLVED else UpdateStatus.INVESTIGATING


def next_id(updates: Sequence[Update]) -> str:
    """A name for one more update: `u5` behind `u4`.

    Two clones may both take it; the merge driver gives the later one the next.
    """
    matches = [match for update in updates if (match := _NUMBERED.fullmatch(update.id or ""))]
    stem, width = (matches[-1]["stem"], len(matches[-1]["number"])) if matches else (_STEM, 1)
    numbers = [int(match["number"]) for match in matches if match["stem"] == stem]
    return f"{stem}{max(numbers, default=0) + 1:0{width}}"


def _corrected(incident: Incident, id_: str | None) -> Update | None:
    """The update that is to be corrected: whoever could read it reads the correction."""
    if id_ is None:
        return None
    for update in incident.updates:
        if update.id == id_:
            return update
    raise UnknownWordError("update", id_, [update.id for update in incident.updates if update.id])
