"""Words of `schema/` as somebody types them: the entry that is meant, or which one was probably meant."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from difflib import get_close_matches

from incidentbook.diagnostics import IncidentbookError
from incidentbook.records import Audience, Incident, Level, ServiceState
from incidentbook.records.incident import Assignment
from incidentbook.taxonomy import Taxonomy, in_force

_LISTED = 12


class UnknownWordError(IncidentbookError):
    """Somebody names a team, a person, a reason or another word that there is not."""

    def __init__(self, what: str, said: str, known: Iterable[str]) -> None:
        words = list(dict.fromkeys(known))
        close = get_close_matches(said.lower(), words, n=1)
        if close:
            advice = f"did you mean `{close[0]}`?"
        elif not words:
            advice = "there are none yet"
        else:
            more = ", ..." if len(words) > _LISTED else ""
            advice = f"expected one of {', '.join(words[:_LISTED])}{more}"
        super().__init__(f"there is no {what} `{said}`; {advice}; nothing was written")


class NotHereError(IncidentbookError):
    """Somebody is named who has left, has not come yet, or is a program."""

    def __init__(self, handle: str, why: str) -> None:
        super().__init__(f"`{handle}` {why}; nothing was written")


class NoTextError(IncidentbookError):
    """What somebody says is empty, or is no text that a file can hold."""

    def __init__(self, what: str, reason: str = "is empty") -> None:
        super().__init__(f"{what} {reason}; nothing was written")


def known_team(taxonomy: Taxonomy, said: str, at: datetime) -> str:
    """The key of the team that somebody names by key, alias or name. Raises UnknownWordError."""
    in_force = [team for team in taxonomy.teams if taxonomy.team(team.id, at) == team]
    found = taxonomy.team(said, at) or next(
        (team for team in in_force if team.name.casefold() == said.casefold()), None
    )
    if found is None:
        raise UnknownWordError("team", said, [team.id for team in in_force])
    return found.id


def known_person(taxonomy: Taxonomy, said: str, at: datetime) -> str:
    """The handle of somebody who can be given work. Raises UnknownWordError, or NotHereError."""
    person = taxonomy.person(said)
    day = taxonomy.day_of(at)
    if person is None:
        here = (one for one in taxonomy.people if not one.bot and in_force(one, day))
        raise UnknownWordError("person", said, [one.handle for one in here])
    if person.bot:
        raise NotHereError(said, "is a bot, and nobody who could answer for it")
    require_here(taxonomy, said, at)
    return said


def require_here(taxonomy: Taxonomy, handle: str, at: datetime) -> None:
    """Refuse who is not here on that day, by schema/people.yml. Raises NotHereError."""
    person, day = taxonomy.person(handle), taxonomy.day_of(at)
    if person is None or in_force(person, day):
        return
    if person.valid_from is not None and day < person.valid_from:
        raise NotHereError(handle, f"comes on {person.valid_from}, by schema/people.yml, and it is {day}")
    raise NotHereError(handle, f"has left on {person.valid_until}, by schema/people.yml, and it is {day}")


def known_service(taxonomy: Taxonomy, said: str, at: datetime | None) -> str:
    """The key of a service by key, alias or name. Raises UnknownWordError."""
    in_force = [entry for entry in taxonomy.services if taxonomy.service(entry.id, at) == entry]
    found = taxonomy.service(said, at) or next(
        (entry for entry in in_force if entry.name.casefold() == said.casefold()), None
    )
    if found is None:
        raise UnknownWordError("service", said, [entry.id for entry in in_force])
    return found.id


def known_state(said: str) -> ServiceState:
    """A state of a service. Raises UnknownWordError."""
    states = {state.value: state for state in ServiceState}
    if not said:
        raise NoTextError("the state of the service", f"is not said; KEY=STATE, of {', '.join(states)}")
    found = states.get(said.lower().replace("-", "_"))
    if found is None:
        raise UnknownWordError("state of a service", said, states)
    return found


def known_level(what: str, said: str) -> Level:
    """How wide or how pressing. Raises UnknownWordError."""
    levels = {level.value: level for level in Level}
    if (found := levels.get(said.strip().lower())) is None:
        raise UnknownWordError(what, said, levels)
    return found


def known_audience(said: str) -> Audience:
    """Who may read a record. Raises UnknownWordError."""
    audiences = {audience.value: audience for audience in Audience}
    if (found := audiences.get(said.strip().lower())) is None:
        raise UnknownWordError("visibility", said, audiences)
    return found


def known_priority(taxonomy: Taxonomy, said: str) -> str:
    """The key of a priority, in whatever case it is typed. Raises UnknownWordError."""
    keys = {one.id.casefold(): one.id for one in taxonomy.priorities}
    if (found := keys.get(said.strip().casefold())) is None:
        raise UnknownWordError("priority", said, keys.values())
    return found


def known_category(taxonomy: Taxonomy, said: str, at: datetime | None) -> str:
    """The path of a category in force when the incident opened. Raises UnknownWordError."""
    found = taxonomy.category(said.strip(), at)
    if found is None:
        raise UnknownWordError("category", said, _category_paths(taxonomy, at))
    category, below = found
    return f"{category.id}/{below.id}" if below else category.id


def _category_paths(taxonomy: Taxonomy, at: datetime | None) -> Iterator[str]:
    for category in taxonomy.categories:
        below = [f"{category.id}/{one.id}" for one in category.subcategories]
        yield from (path for path in (*below, category.id) if taxonomy.category(path, at))


def known_hold_reason(taxonomy: Taxonomy, said: str) -> str:
    """The key of a reason to wait. Raises UnknownWordError."""
    found = taxonomy.hold_reason(said)
    if found is None:
        raise UnknownWordError("hold reason", said, [entry.id for entry in taxonomy.hold_reasons])
    return found.id


def known_resolution_code(taxonomy: Taxonomy, said: str) -> str:
    """The key of a way in which incidents end. Raises UnknownWordError."""
    found = taxonomy.resolution_code(said)
    if found is None:
        raise UnknownWordError("resolution code", said, [entry.id for entry in taxonomy.resolution_codes])
    return found.id


def team_of(taxonomy: Taxonomy, handle: str, at: datetime) -> str | None:
    """The first team that somebody is a member of."""
    return next(iter(_teams_of(taxonomy, handle, at)), None)


def team_with(taxonomy: Taxonomy, incident: Incident, handle: str, at: datetime) -> str | None:
    """The team in which somebody takes an incident: the one that has it if they are of it, else theirs."""
    current = current_team(incident, at)
    theirs = tuple(_teams_of(taxonomy, handle, at))
    return current if current is not None and (not theirs or current in theirs) else next(iter(theirs), None)


def current_team(incident: Incident, at: datetime | None = None) -> str | None:
    """The team that has an incident, or had it at a time."""
    return next((one.team for one in _latest_first(incident, at) if one.team), None)


def current_owner(incident: Incident, at: datetime | None = None) -> str | None:
    """The person who has an incident, or had it at a time."""
    return next((one.owner for one in _latest_first(incident, at) if one.owner), None)


def _latest_first(incident: Incident, at: datetime | None) -> Iterator[Assignment]:
    return (one for one in reversed(incident.assignments) if at is None or one.at <= at)


def plain_text(said: str, what: str) -> str:
    """What somebody says, without blanks around it. Raises NoTextError where nothing is left."""
    if any("\ud800" <= letter <= "\udfff" for letter in said):
        # bytes of the command line that are no UTF-8 come in as lone surrogates, which no file can hold
        raise NoTextError(what, "is not UTF-8 text")
    text = said.replace("\r\n", "\n").strip()
    if not text:
        raise NoTextError(what)
    return text


def _teams_of(taxonomy: Taxonomy, handle: str, at: datetime) -> Iterator[str]:
    for team in taxonomy.teams:
        if handle in team.members and taxonomy.team(team.id, at) == team:
            yield team.id
