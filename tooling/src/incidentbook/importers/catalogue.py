"""Foreign services found in the catalogue, or made ready to be added to it."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from typing import Any

from incidentbook.importers.foreign import ForeignService
from incidentbook.taxonomy import Taxonomy

_LONGEST_KEY = 60
_SEPARATORS = re.compile(r"[\s\-_./,:&()'\"]+")


class Catalogue:
    """The services there are, and those that an import adds."""

    def __init__(self, taxonomy: Taxonomy) -> None:
        self._keys = {service.id for service in taxonomy.services}
        self._by_name: dict[str, str] = {}
        self.added: list[dict[str, Any]] = []
        for service in taxonomy.services:
            for name in (service.name, *service.aliases):
                self._by_name.setdefault(_folded(name), service.id)

    def key_of(self, service: ForeignService) -> str:
        """The key of a service, found by name, alias or key; one that is not there is added."""
        name = _folded(service.name)
        if name not in self._by_name:
            self._by_name[name] = self._found_by_key(service.name) or self._add(service)
        return self._by_name[name]

    def _found_by_key(self, name: str) -> str | None:
        key = slug_of(name)
        # `C#` must not be taken for a service `c`: only where the key says all that the name does
        return key if key in self._keys and _bare(key) == _bare(name) else None

    def _add(self, service: ForeignService) -> str:
        wanted = key = slug_of(service.name)
        number = 1
        while key in self._keys:
            number += 1
            key = f"{wanted}-{number}"
        self._keys.add(key)
        entry = {"id": key, "name": service.name}
        if service.definition:
            entry["definition"] = service.definition
        self.added.append(entry)
        return key


def slug_of(name: str) -> str:
    """A key made of a name: lower case letters and digits, joined by hyphens.

    A name without any Latin letter or digit gets one made of its hash, the same at every import.
    """
    plain = unicodedata.normalize("NFKD", name.casefold()).encode("ascii", "ignore").decode()
    key = re.sub(r"[^a-z0-9]+", "-", plain)[:_LONGEST_KEY].strip("-")
    return key or "service-" + hashlib.sha256(name.encode()).hexdigest()[:8]


def _folded(name: str) -> str:
    return " ".join(name.casefold().split())


def _bare(name: str) -> str:
    return _SEPARATORS.sub("", name.casefold())
