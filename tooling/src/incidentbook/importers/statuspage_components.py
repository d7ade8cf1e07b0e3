"""Which components a Statuspage incident touched, in which states and when."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from incidentbook.importers.foreign import Fields, ForeignImpact, ForeignService, quote
from incidentbook.importers.statuspage_updates import Said
from incidentbook.records import ServiceState

_BY_IMPACT = {
    "critical": ServiceState.MAJOR_OUTAGE,
    "major": ServiceState.PARTIAL_OUTAGE,
    "minor": ServiceState.DEGRADED_PERFORMANCE,
    "none": ServiceState.OPERATIONAL,
}
_MILDEST = ServiceState.DEGRADED_PERFORMANCE
_WORST_LAST = tuple(ServiceState)

_STATES = {
    **{state.value: state for state in ServiceState},
    # says that work is planned, and nothing of how well the component does
    "under_maintenance": ServiceState.OPERATIONAL,
}


@dataclass(frozen=True)
class _Component:
    service: ForeignService
    now: ServiceState | None


@dataclass(frozen=True)
class _Change:
    at: datetime
    state: ServiceState


def affected_services(
    fields: Fields, said: tuple[Said, ...], *, maintenance: bool, end: datetime | None
) -> tuple[ForeignImpact, ...]:
    """Which services were in which state; `end` is when service was back, if it is.

    What updates say of a component counts, where they ever say that it suffered. Many pages list
    components without touching their state: then the impact of the whole says it, and the state
    holds as long as the incident.
    """
    components = _components(fields)
    changes = _changes(fields, said, components)
    found: list[ForeignImpact] = []
    for key, component in components.items():
        states = [change.state for change in changes.get(key, ())]
        if maintenance:
            worst = max(states, key=_WORST_LAST.index, default=ServiceState.OPERATIONAL)
            found.append(ForeignImpact(component.service, worst))
        elif any(state is not ServiceState.OPERATIONAL for state in states):
            found += _intervals(component.service, changes[key], end)
        else:
            found.append(ForeignImpact(component.service, _state_of_whole(fields, component, end)))
    return tuple(found)


def _components(fields: Fields) -> dict[str, _Component]:
    """Components by their code, or their name where the source gives no codes."""
    found: dict[str, _Component] = {}
    for number, value in enumerate(fields.items("components"), start=1):
        if isinstance(value, dict):
            item = Fields(value, fields.line, fields.log, f"component {number}: ")
            name = item.text("name")
            if name and value.get("group") is not True:
                service = ForeignService(name, item.text("description"))
                found.setdefault(item.text("id") or name, _Component(service, _as_state(item, "status")))
            continue
        named = Fields({"name": value}, fields.line, fields.log, f"component {number}: ").text("name")
        if named:
            found.setdefault(named, _Component(ForeignService(named), None))
    return found


def _changes(
    fields: Fields, said: tuple[Said, ...], components: dict[str, _Component]
) -> Mapping[str, list[_Change]]:
    """What the updates say of each component; one that only they name joins the others."""
    names = {component.service.name: key for key, component in components.items()}
    changes: dict[str, list[_Change]] = {}
    for one in said:
        for value in one.components:
            item = Fields(value, fields.line, fields.log, "affected component: ")
            name, code = item.text("name"), item.text("code")
            key = code if code in components else names.get(name or "")
            if key is None and name:
                key = code or name
                components[key] = _Component(ForeignService(name), None)
                names[name] = key
            state = _as_state(item, "new_status")
            if key is not None and state is not None:
                changes.setdefault(key, []).append(_Change(one.at, state))
    return changes


def _as_state(item: Fields, key: str) -> ServiceState | None:
    word = item.word(key)
    if word in _STATES:
        return _STATES[word]
    if word:
        item.leave_out(key, f"is {quote(word)}: expected one of {', '.join(_STATES)}")
    return None


def _intervals(service: ForeignService, changes: list[_Change], end: datetime | None) -> list[ForeignImpact]:
    """The times in which a component did not work as it should; equal neighbours are one."""
    found: list[ForeignImpact] = []
    since: _Change | None = None
    for change in changes:
        if since is not None and change.state is since.state:
            continue
        if since is not None:
            found.append(ForeignImpact(service, since.state, since.at, change.at))
        since = change if change.state is not ServiceState.OPERATIONAL else None
    if since is not None and (end is None or since.at < end):
        found.append(ForeignImpact(service, since.state, since.at, end))
    # Two updates of one moment leave nothing between them.
    return [impact for impact in found if impact.from_ != impact.to]


def _state_of_whole(fields: Fields, component: _Component, end: datetime | None) -> ServiceState:
    if end is None and component.now not in (None, ServiceState.OPERATIONAL):
        return component.now
    state = _BY_IMPACT.get(fields.word("impact"))
    if state is None:
        fields.log.count(f"services are recorded as {_MILDEST}: no impact says more")
    return state or _MILDEST
