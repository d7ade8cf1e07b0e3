"""One record's name written over by another, in every text that means it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from incidentbook.archive import references
from incidentbook.edits.blocks import lines_of, offsets
from incidentbook.records import KINDS, parse_name
from incidentbook.source import Document, read_document, read_shape

_ADDRESS = r"[A-Za-z][A-Za-z0-9+.-]*://[^\s<>\"')\]]*"
"""An address elsewhere keeps what it says: another system may count as we do."""

_NOT_READ = ("origin",)
"""Keys, beside those of users (`x-`), whose values are other systems' names."""


@dataclass(frozen=True)
class Rewriting:
    """A text with the new name in it: how often, and on which lines the old one was left."""

    text: str
    count: int = 0
    left: tuple[int, ...] = ()


@dataclass(frozen=True)
class Rename:
    """A record's name before and after, and its kind."""

    kind: str
    old: str
    new: str

    @property
    def numbered(self) -> bool:
        """Whether the name is an ID such as INC-2026-0042, which means nothing else wherever it stands."""
        return bool(KINDS[self.kind].prefix)

    def moved(self, path: str) -> str | None:
        """Where a file of the record goes: the record, its review, its attachments; None for others."""
        folder = KINDS[self.kind].folder
        if not path.startswith(folder + "/"):
            return None
        parts = path.split("/")
        for index, part in enumerate(parts):
            last = index == len(parts) - 1
            if part == self.old and not last and (self.numbered or index == folder.count("/") + 1):
                return "/".join([*parts[:index], self.new, *parts[index + 1 :]])
            if last and part in (f"{self.old}.md", f"{self.old}.review.md"):
                return "/".join([*parts[:-1], self.new + part.removeprefix(self.old)])
        return None

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        name = re.escape(self.old)
        if not self.numbered:
            # the name of an article may be words of a sentence: only a link to its file means it
            return re.compile(
                rf"(?P<address>{_ADDRESS})|(?<![\w.-])(?P<name>{name})(?=\.md(?![\w-])|/[^\s/]+\.\w)"
            )
        # what follows in a path is the name of an attachment, which stays as it is
        end = r"(?:/[^\s<>\"')\]]*)?"
        return re.compile(rf"(?P<address>{_ADDRESS})|(?<![\w-])(?P<name>{name})(?![0-9A-Za-z]){end}")

    def places(self, text: str) -> Iterator[tuple[int, bool]]:
        """Where the old name stands; False where it is of an address elsewhere."""
        for match in self._pattern.finditer(text):
            if match["name"]:
                yield match.start("name"), True
            elif self.old in match["address"]:
                yield match.start(), False


def rewritten(
    path: str, text: str, rename: Rename, *, before: str | None = None, mine: str | None = None
) -> Rewriting:
    """Write the new name into a record wherever it means the old one; every other byte stays.

    With `before`, another version of the file, only names that this one has gained are rewritten: by
    its lines, unless `before` has none at all. `mine` is then the version whose lines may be rewritten,
    where `text` was merged of both. What is left is told by its lines.
    """
    document = read_document(path, text.encode())
    quiet = list(_unread(document))
    named = dict.fromkeys((place for place, meant in rename.places(text) if meant), True)
    named.update(dict.fromkeys(_fields(document, rename), True))
    elsewhere = [place for place, meant in rename.places(text) if not meant]
    wanted = [place for place in named if not any(start <= place < end for start, end in quiet)]
    left = [*elsewhere, *(place for place in named if place not in wanted)]
    if before is not None and _mentions(path, before, rename):
        chosen = _gained(text, wanted, before, mine)
        left += [place for place in wanted if place not in chosen]
        wanted = chosen
    result = text
    for place in sorted(wanted, reverse=True):
        result = result[:place] + rename.new + result[place + len(rename.old) :]
    return Rewriting(result, len(wanted), tuple(sorted({text.count("\n", 0, place) + 1 for place in left})))


def _mentions(path: str, text: str, rename: Rename) -> bool:
    document = read_document(path, text.encode())
    return any(meant for _, meant in rename.places(text)) or any(_fields(document, rename))


def _gained(text: str, places: list[int], before: str, mine: str | None) -> list[int]:
    """The places on lines that the other version has not, and ours has."""
    theirs = Counter(line.strip() for line in lines_of(before))
    ours = None if mine is None else Counter(line.strip() for line in lines_of(mine))
    chosen = []
    for place in places:
        start = text.rfind("\n", 0, place) + 1
        line = text[start:].partition("\n")[0].strip()
        if not theirs[line] and (ours is None or ours[line]):
            chosen.append(place)
    return chosen


def _fields(document: Document, rename: Rename) -> Iterator[int]:
    """Where fields that name records, as the models have them, hold the old name."""
    name = parse_name(document.path)
    if name is None or document.values is None:
        return
    record, _ = read_shape(document, KINDS[name.kind].model, document.values)
    for reference in references(record) if record is not None else ():
        if reference.target == rename.old and _value_at(document.values, reference.keys) == rename.old:
            start, end = offsets(document, *reference.keys)
            yield start + document.text[start:end].index(rename.old)


def _value_at(values: object, keys: tuple[str | int, ...]) -> object:
    """The value at a path; None where a faulty entry was left out, and the numbers after it are others."""
    for key in keys:
        if isinstance(values, Mapping) and isinstance(key, str):
            values = values.get(key)
        elif isinstance(values, list) and isinstance(key, int) and key < len(values):
            values = values[key]
        else:
            return None
    return values


def _unread(document: Document) -> Iterator[tuple[int, int]]:
    """Stretches of the front matter that are not ours to read."""
    for key in document.values or {}:
        if key in _NOT_READ or key.startswith("x-"):
            yield offsets(document, key)
