"""The files of `schema/` as an import changes them: what was there stays, what is new follows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from incidentbook.archive import Archive
from incidentbook.diagnostics import IncidentbookError
from incidentbook.edits import append_items, with_values
from incidentbook.importers.csv_cells import PEOPLE, Word
from incidentbook.importers.vocabulary import Vocabulary
from incidentbook.source import Document, read_shape, read_yaml
from incidentbook.taxonomy import FILES

_HOMES = {
    "services": "services",
    "categories": "categories",
    "resolution_codes": "categories",
    "channels": "categories",
    "teams": "teams",
    PEOPLE: "people",
    "hold_reasons": "sla",
}
"""The file of each list that an import adds to."""


class BrokenSchemaError(IncidentbookError):
    """Words cannot be found in a file of `schema/`, or added to it, while it cannot be read."""

    def __init__(self, path: str, line: int, message: str) -> None:
        super().__init__(f"{path}:{line}: {message}; mend it first, an import looks words up there")


class SchemaFiles:
    """Reads files of `schema/` and gathers what they shall say. Raises BrokenSchemaError."""

    def __init__(self, archive: Archive) -> None:
        self._archive = archive
        self._documents: dict[str, Document] = {}
        self.texts: dict[str, str] = {}
        for name in sorted({*_HOMES.values(), "priority"}):
            self._documents[name] = self._read(name)

    def _read(self, name: str) -> Document:
        path = f"schema/{name}.yml"
        try:
            document = read_yaml(path, self._archive.tree.read(path))
        except FileNotFoundError:
            return read_yaml(path, f"# yaml-language-server: $schema=json/{name}.schema.json\n".encode())
        problems = document.diagnostics
        if document.values is not None:
            given = {key: value for key, value in document.values.items() if value is not None}
            problems += read_shape(document, FILES[name], given)[1]
        if problems:
            line = problems[0].span.line if problems[0].span else 1
            raise BrokenSchemaError(path, line, problems[0].message)
        return document

    def values(self, name: str, key: str) -> list[Any]:
        """A list of a file as it stands now."""
        return list((self._documents[name].values or {}).get(key) or [])

    def append(self, name: str, key: str, items: Sequence[Mapping[str, Any]]) -> None:
        """Add items to the end of a list."""
        if items:
            self._write(name, append_items(self._documents[name], key, items))

    def replace(self, name: str, key: str, value: Any) -> None:
        """Write a key anew."""
        self._write(name, with_values(self._documents[name], {key: value}))

    def _write(self, name: str, text: str) -> None:
        path = f"schema/{name}.yml"
        self.texts[path] = text
        self._documents[name] = read_yaml(path, text.encode())


def add_words(files: SchemaFiles, vocabulary: Vocabulary, needed: Iterable[Word]) -> dict[str, list[str]]:
    """Add the words that are needed; returns the keys by the file that has them now."""
    wanted: dict[str, set[str]] = {}
    for list_, key in needed:
        wanted.setdefault(list_, set()).add(key)
    added: dict[str, list[str]] = {}
    for list_, name in _HOMES.items():
        if list_ == "categories":
            keys = _add_categories(files, vocabulary, wanted)
        else:
            words = getattr(vocabulary, list_).added
            keys = [key for key in words if key in wanted.get(list_, ())]
            files.append(name, list_, [_entry(list_, key, words[key]) for key in keys])
        if keys:
            added.setdefault(f"schema/{name}.yml", []).extend(keys)
    return added


def _add_categories(files: SchemaFiles, vocabulary: Vocabulary, wanted: Mapping[str, set[str]]) -> list[str]:
    """Add categories with their subcategories, and subcategories to categories that were there."""
    below = {
        category: [key for key in keys.added if key in wanted.get(f"categories/{category}", ())]
        for category, keys in vocabulary.subcategories.items()
    }

    def entries(category: str) -> list[dict[str, str]]:
        names = vocabulary.subcategories[category].added
        return [{"id": key, "name": names[key]} for key in below[category]]

    present = files.values("categories", "categories")
    grown = [category["id"] for category in present if below.get(category["id"])]
    if grown:
        for category in present:
            if category["id"] in grown:
                category["subcategories"] = [*category.get("subcategories", ()), *entries(category["id"])]
        files.replace("categories", "categories", present)
    new = [key for key in vocabulary.categories.added if key in wanted.get("categories", ())]
    items: list[dict[str, Any]] = []
    for key in new:
        item: dict[str, Any] = {"id": key, "name": vocabulary.categories.added[key]}
        if below.get(key):
            item["subcategories"] = entries(key)
        items.append(item)
    files.append("categories", "categories", items)
    return [*new, *(f"{category}/{key}" for category, keys in below.items() for key in keys)]


def _entry(list_: str, key: str, name: str) -> dict[str, Any]:
    if list_ != PEOPLE:
        return {"id": key, "name": name}
    return {"handle": key, "emails": [name]} if "@" in name else {"handle": key, "name": name}
