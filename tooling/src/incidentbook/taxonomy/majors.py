"""Which incidents schema/major.yml calls major, and who may declare one."""

from __future__ import annotations

from datetime import datetime

from incidentbook.records import Incident
from incidentbook.taxonomy.settings.major import MajorWhen, Stakeholder
from incidentbook.taxonomy.taxonomy import Taxonomy, in_force


def qualifies(incident: Incident, taxonomy: Taxonomy) -> tuple[str, ...]:
    """Say why an incident is major by schema/major.yml, in words for people; nothing where it is not."""
    fitting = (when for when in taxonomy.major.when if _fits(when, incident, taxonomy))
    return tuple(dict.fromkeys(when.reason or _in_words(when) for when in fitting))


def is_empty(when: MajorWhen) -> bool:
    """Whether an entry says nothing, so that it would make every incident major."""
    return not (when.service or when.category or when.priority or when.state or when.affected)


def _fits(when: MajorWhen, incident: Incident, taxonomy: Taxonomy) -> bool:
    if is_empty(when) or not taxonomy.matches(when, incident):
        return False
    if when.affected and (incident.affected is None or (incident.affected.count or 0) < when.affected):
        return False
    return not when.state or _was_in_state(when, incident, taxonomy)


def _was_in_state(when: MajorWhen, incident: Incident, taxonomy: Taxonomy) -> bool:
    """Whether one of the services was, and where some are named one of those."""
    return any(
        impact.state in when.state
        and (not when.service or taxonomy.service_key(impact.service, incident.opened) in when.service)
        for impact in incident.services
    )


def _in_words(when: MajorWhen) -> str:
    states = " or ".join(state.value.replace("_", " ") for state in when.state)
    parts = [
        f"priority {' or '.join(when.priority)}" if when.priority else "",
        f"{' or '.join(when.service)}{f' in {states}' if states else ''}" if when.service else states,
        f"category {' or '.join(when.category)}" if when.category else "",
        f"{when.affected:,} users or more" if when.affected else "",
    ]
    return ", ".join(part for part in parts if part)


def anybody_may_declare(taxonomy: Taxonomy) -> bool:
    """Whether schema/major.yml names nobody, so that everybody may."""
    return not (taxonomy.major.declare or taxonomy.major.declare_teams)


def who_may_declare(taxonomy: Taxonomy, at: datetime) -> tuple[str, ...]:
    """Return the handles of those who may declare a major incident, and stand one down, at a time.

    Named people come first, then the members of named teams. Whoever had left by then is not among them.
    """
    teams = (taxonomy.team(key, at) or taxonomy.team(key) for key in taxonomy.major.declare_teams)
    members = (member for team in teams if team is not None for member in team.members)
    handles = dict.fromkeys((*taxonomy.major.declare, *members))
    return tuple(handle for handle in handles if _is_here(handle, taxonomy, at))


def _is_here(handle: str, taxonomy: Taxonomy, at: datetime) -> bool:
    person = taxonomy.person(handle)
    return person is None or in_force(person, taxonomy.day_of(at))


def may_declare(handle: str, taxonomy: Taxonomy, at: datetime) -> bool:
    """Tell whether somebody may declare an incident major, and stand it down, at a time."""
    return anybody_may_declare(taxonomy) or handle in who_may_declare(taxonomy, at)


def stakeholders_of(incident: Incident, taxonomy: Taxonomy) -> tuple[Stakeholder, ...]:
    """Return who wants to know of this incident once it is major, in the order of schema/major.yml."""
    touched = taxonomy.service_keys(incident)
    return tuple(
        one
        for one in taxonomy.major.stakeholders
        if not one.services or touched & {taxonomy.service_key(key, incident.opened) for key in one.services}
    )
