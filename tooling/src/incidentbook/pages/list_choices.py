"""The values that lists of records share: services, teams, categories, people, states, years."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache, cached_property
from typing import Any

from incidentbook.pages.lists import Choice
from incidentbook.pages.site import Site
from incidentbook.pages.words import label, tone


class Choices:
    """Each value made once: a list of ten thousand rows has only few of them."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self.state = cache(self._state)
        self.plain = cache(self._plain)
        self.rank = cache(self._rank)
        self.services = cache(self._services)
        self.categories = cache(self._categories)
        self.teams = cache(self._teams)
        self.person = cache(self._person)
        self.year = cache(self._year)

    @staticmethod
    def _state(key: str, words: str = "", shade: str = "") -> Choice:
        """A state, shown as a chip."""
        return Choice(key, words or label(key), shade or tone(key))

    @staticmethod
    def _plain(key: str, words: str = "") -> Choice:
        """A value that is shown in words alone."""
        return Choice(key, words or label(key))

    @staticmethod
    def _rank(key: str) -> Choice:
        """A priority."""
        return Choice(key, key, tone(key))

    def _services(self, keys: tuple[str, ...]) -> tuple[Choice, ...]:
        return tuple(Choice(key, name) for key, name in self._site.service_pairs(keys))

    def _categories(self, path: str | None) -> tuple[Choice, ...]:
        """A category and the one above it, so that one finds the incidents of either."""
        if path is None:
            return ()
        above = path.partition("/")[0]
        return tuple(Choice(key, self._site.category(key)) for key in dict.fromkeys((above, path)))

    def _teams(self, keys: tuple[str, ...]) -> tuple[Choice, ...]:
        taxonomy = self._site.taxonomy
        known = (team.id if (team := taxonomy.team(key)) else key for key in keys)
        return tuple(Choice(key, self._site.team(key)) for key in dict.fromkeys(known))

    def _person(self, handle: str) -> Choice:
        person = self._site.taxonomy.person(handle)
        return Choice(person.handle if person else handle, self._site.person(handle))

    def teams_of(self, owner: str | None, team: str | None) -> tuple[Choice, ...]:
        """The team that is named, else those of the owner."""
        if team is not None:
            return self.teams((team,))
        return self.teams(self._teams_by_member.get(owner, ())) if owner is not None else ()

    @cached_property
    def _teams_by_member(self) -> dict[str, tuple[str, ...]]:
        found: dict[str, tuple[str, ...]] = {}
        for team in self._site.taxonomy.teams:
            for member in team.members:
                found[member] = (*found.get(member, ()), team.id)
        return found

    @staticmethod
    def _year(year: int | str) -> Choice:
        return Choice(str(year), str(year))


def named_services(record: Any) -> tuple[str, ...]:
    """The keys of services as a record names them, each as often as it does."""
    return tuple(impact.service for impact in record.services)


def year_of_id(entry: Any) -> str:
    """The year in a record's name, or in that of its lead incident."""
    return str(entry.name.year)


def without_repeats(choices: Iterable[Choice]) -> tuple[Choice, ...]:
    """Each choice once, in the order of the first."""
    return tuple(dict.fromkeys(choices))
