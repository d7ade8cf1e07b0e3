"""What other systems call things, found in `schema/` or made ready to be added to it."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable
from typing import Any

from incidentbook.importers.foreign import ForeignService
from incidentbook.taxonomy import Taxonomy

_LONGEST_KEY = 60
_SEPARATORS = re.compile(r"[\s\-_./,:&()'\"]+")


class Keys:
    """The keys of one list of `schema/`, by what people call its entries.

    `kind` begins the keys of names that hold no Latin letter. `added` are new keys with their names.
    """

    def __init__(self, kind: str, entries: Iterable[tuple[str, Iterable[str | None]]]) -> None:
        self._kind = kind
        self._by_name: dict[str, str] = {}
        self._keys: set[str] = set()
        self.added: dict[str, str] = {}
        for key, names in entries:
            self._keys.add(key)
            for name in names:
                if name:
                    self._by_name.setdefault(_folded(name), key)

    def find(self, name: str) -> str | None:
        """The key of an entry that is there, by name, alias or key."""
        return self._by_name.get(_folded(name)) or self._found_by_key(name)

    def key_of(self, name: str, wanted: str | None = None) -> str:
        """The key of an entry; one that is not there is added, under the key that is wanted for it."""
        key = self.find(name)
        if key is None:
            key = wanted if wanted in self._keys else None
        if key is None:
            key = self._add(name, wanted or slug_of(name, self._kind))
        self._by_name.setdefault(_folded(name), key)
        return key

    def _found_by_key(self, name: str) -> str | None:
        if name in self._keys:
            return name
        key = slug_of(name, self._kind)
        # `C#` must not be taken for a service `c`: only where the key says all that the name does
        return key if key in self._keys and _bare(key) == _bare(name) else None

    def _add(self, name: str, wanted: str) -> str:
        key = wanted
        number = 1
        while key in self._keys:
            number += 1
            key = f"{wanted}-{number}"
        self._keys.add(key)
        self.added[key] = name
        return key


class Catalogue:
    """The services there are, and those that an import adds."""

    def __init__(self, taxonomy: Taxonomy) -> None:
        self._keys = Keys(
            "service", ((service.id, (service.name, *service.aliases)) for service in taxonomy.services)
        )
        self._definitions: dict[str, str | None] = {}

    @property
    def added(self) -> list[dict[str, Any]]:
        """The entries to be added."""
        return [
            {"id": key, "name": name}
            | ({"definition": definition} if (definition := self._definitions.get(key)) else {})
            for key, name in self._keys.added.items()
        ]

    def key_of(self, service: ForeignService) -> str:
        """The key of a service, found by name, alias or key; one that is not there is added."""
        key = self._keys.key_of(service.name)
        self._definitions.setdefault(key, service.definition)
        return key


def slug_of(name: str, kind: str = "service") -> str:
    """A key made of a name: lower case letters and digits, joined by hyphens.

    A name without any Latin letter or digit gets one made of its hash, the same at every import.
    """
    plain = unicodedata.normalize("NFKD", name.casefold()).encode("ascii", "ignore").decode()
    key = re.sub(r"[^a-z0-9]+", "-", plain)[:_LONGEST_KEY].strip("-")
    return key or f"{kind}-" + hashlib.sha256(name.encode()).hexdigest()[:8]


def _folded(name: str) -> str:
    return " ".join(name.casefold().split())


def _bare(name: str) -> str:
    return _SEPARATORS.sub("", name.casefold())
