"""Words of another system found in `schema/`, or made ready to be added to it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from incidentbook.importers.catalogue import Keys, slug_of
from incidentbook.taxonomy import Taxonomy


@dataclass
class Vocabulary:
    """Every list of `schema/` in which an import looks words up."""

    services: Keys
    categories: Keys
    subcategories: dict[str, Keys]
    resolution_codes: Keys
    channels: Keys
    teams: Keys
    people: Keys
    hold_reasons: Keys

    def below(self, category: str) -> Keys:
        """The subcategories of a category."""
        return self.subcategories.setdefault(category, Keys("category", ()))

    def person(self, name: str) -> str:
        """The handle of somebody, by handle, name or address."""
        found = self.people.find(name)
        if found is None and "@" in name:
            return self.people.key_of(name, slug_of(name.partition("@")[0], "person"))
        return found or self.people.key_of(name)


def vocabulary_of(taxonomy: Taxonomy) -> Vocabulary:
    """What `schema/` knows."""
    return Vocabulary(
        services=_keys("service", taxonomy.services),
        categories=_keys("category", taxonomy.categories),
        subcategories={
            category.id: _keys("category", category.subcategories) for category in taxonomy.categories
        },
        resolution_codes=_keys("code", taxonomy.resolution_codes),
        channels=_keys("channel", taxonomy.channels),
        teams=_keys("team", taxonomy.teams),
        people=Keys("person", ((person.handle, (person.name, *person.emails)) for person in taxonomy.people)),
        hold_reasons=_keys("reason", taxonomy.hold_reasons),
    )


def _keys(kind: str, entries: Iterable[Any]) -> Keys:
    return Keys(kind, ((entry.id, (entry.name, *entry.aliases)) for entry in entries))
