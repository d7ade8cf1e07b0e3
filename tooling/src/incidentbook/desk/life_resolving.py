"""The resolution of an incident, with everything that the rules want of one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from incidentbook.desk.change import Change, RefusedError, Values
from incidentbook.desk.life import OPEN, handed_over, holds_ended, require, require_begun, spelled
from incidentbook.desk.words import current_owner, current_team, known_resolution_code, plain_text, team_with
from incidentbook.intake.report import UnfitReportError
from incidentbook.records import Incident, IncidentStatus, ServiceState
from incidentbook.records.incident import Permanence
from incidentbook.taxonomy import Taxonomy


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """How service came back, as somebody says it. `told` is the incident's own summary, for every reader."""

    summary: str
    code: str | None
    permanence: Permanence | None
    workaround: str | None = None
    restored: datetime | None = None
    told: str | None = None


def resolved(
    id_: str, incident: Incident, who: str, at: datetime, outcome: Outcome, links: Values, taxonomy: Taxonomy
) -> Change:
    """Resolve an incident; who resolves it has taken it, if only at that moment.

    A hold ends, and so does what services suffer, when service was back. `links` are new ones. Raises
    RefusedError where it is over, UnfitReportError where something is not said, or UnknownWordError.
    """
    require(id_, incident, OPEN, "resolved")
    require_begun(id_, incident, at, "resolved")
    _require_lasted(id_, incident, outcome.restored or incident.restored or at)
    values: dict[str, Any] = {
        "status": IncidentStatus.RESOLVED.value,
        "resolved": at,
        "resolved_by": who,
        "resolution": _resolution(outcome, taxonomy),
    }
    if outcome.told is not None:
        values["summary"] = plain_text(outcome.told, "--summary")
    if incident.acknowledged is None and (incident.opened is None or incident.opened < at):
        values["acknowledged"] = at
    if outcome.restored is not None:
        values["restored"] = outcome.restored
    nested: dict[tuple[str | int, ...], Values] = dict(holds_ended(incident, at))
    nested |= _suffering_ended(incident, outcome.restored or incident.restored or at)
    if links:
        nested["links",] = links
    return Change(
        said=f"resolved by {who}",
        values=values,
        added=_taken(incident, who, at, taxonomy),
        nested=nested,
    )


def _require_lasted(id_: str, incident: Incident, restored: datetime) -> None:
    """Refuse what would make the outage shorter than no time. Raises RefusedError."""
    name, start = ("opened", incident.opened) if incident.started is None else ("started", incident.started)
    if start is not None and restored < start:
        raise RefusedError(
            f"service of {id_} cannot be restored at {spelled(restored)}, before it was {name} "
            f"({spelled(start)}), from which time to restore is counted",
            (f"set {id_} --started TIME",),
        )


def _resolution(outcome: Outcome, taxonomy: Taxonomy) -> dict[str, str]:
    missing = []
    if outcome.code is None:
        codes = ", ".join(entry.id for entry in taxonomy.resolution_codes)
        missing.append(f"--code  how it ended: {codes or 'schema/categories.yml has no codes yet'}")
    if outcome.permanence is None:
        missing.append("--permanent or --temporary  whether the cause is gone, or only the effect")
    if outcome.code is None or outcome.permanence is None:
        raise UnfitReportError(missing, ())
    said = {
        "code": known_resolution_code(taxonomy, outcome.code),
        "summary": plain_text(outcome.summary, "-m"),
        "workaround": plain_text(outcome.workaround, "--workaround") if outcome.workaround else None,
        "permanence": outcome.permanence.value,
    }
    return {key: value for key, value in said.items() if value is not None}


def _taken(incident: Incident, who: str, at: datetime, taxonomy: Taxonomy) -> Mapping[str, list[Values]]:
    """The assignment that a resolved incident must have had, where it had none."""
    owner, team = current_owner(incident), current_team(incident)
    if owner and team:
        return {}
    return handed_over(incident, at, team_with(taxonomy, incident, owner or who, at), owner or who)


def _suffering_ended(incident: Incident, over: datetime) -> Mapping[tuple[str | int, ...], Values]:
    """What ends the state of every service that lasts; one that began later is left to be looked at."""
    return {
        ("services", index): {"to": over}
        for index, service in enumerate(incident.services)
        if service.to is None
        and service.state is not ServiceState.OPERATIONAL
        and (service.from_ is None or service.from_ <= over)
    }
