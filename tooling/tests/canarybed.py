"""Words of the test's own for each reader, and what is looked through for them."""

from __future__ import annotations

import gzip
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from planting import NAMED, path_of, record, schema

from incidentbook.records import KINDS, Audience
from testbed import write_files

WORD = re.compile(rb"zq\d{4}x", re.IGNORECASE)
PUBLIC, INTERNAL, NOBODY = "public", "internal", "nobody"
READERS = {PUBLIC: {PUBLIC}, INTERNAL: {PUBLIC, INTERNAL}}
"""Whose words each audience may meet."""


@dataclass
class Planted:
    """What was planted: each word, for whom it is, and where it stands."""

    for_whom: dict[str, str] = field(default_factory=dict)
    place: dict[str, str] = field(default_factory=dict)
    root: Path = Path()

    def word(self, for_whom: str, place: str) -> str:
        made = f"Zq{len(self.for_whom):04d}x"
        self.for_whom[made.lower()] = for_whom
        self.place[made.lower()] = place
        return made

    def leaked(self, found: dict[str, str], audience: str) -> list[str]:
        """Which words an audience met that are not for it, and where."""
        return [
            f"{word} ({self.place[word]}) in {where}"
            for word, where in sorted(found.items())
            if self.for_whom.get(word, NOBODY) not in READERS[audience]
        ]

    def of(self, for_whom: str) -> set[str]:
        return {word for word, whom in self.for_whom.items() if whom == for_whom}


def unpacked(data: bytes) -> Iterator[bytes]:
    """The bytes as they are, and as they were before they were packed."""
    yield data
    for open_packed in (gzip.decompress, zlib.decompress, lambda packed: zlib.decompress(packed, -15)):
        try:
            yield open_packed(data)
        except (OSError, EOFError, zlib.error):
            continue


def words_in(folder: Path) -> dict[str, str]:
    """Every planted word below a folder, in names and in contents, and one place where it stands."""
    found: dict[str, str] = {}
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        texts = [name.encode()]
        if path.is_file() and not path.name.startswith("mermaid-"):
            texts.extend(unpacked(path.read_bytes()))
        for text in texts:
            for word in WORD.findall(text):
                found.setdefault(word.decode().lower(), name)
    return found


def plant(root: Path, planted: Planted | None = None) -> Planted:
    """Of each kind a record for everybody, one internal, one restricted, one unfinished."""
    planted = planted or Planted(root=root)
    files: dict[str, str | bytes] = {}
    texts, _ = schema(lambda path, public: planted.word(PUBLIC if public else INTERNAL, f"schema {path}"))
    files |= texts
    for number, visibility in ((901, PUBLIC), (902, INTERNAL), (903, "restricted")):
        for kind in KINDS:
            whose = NOBODY if visibility == "restricted" else visibility
            if KINDS[kind].widest is not Audience.PUBLIC and whose == PUBLIC:
                whose = INTERNAL

            def text(
                path: tuple[str | int, ...], public: bool, whose: str = whose, label: str = f"{kind} {number}"
            ) -> str:
                for_whom = INTERNAL if whose == PUBLIC and not public else whose
                return planted.word(for_whom, f"{label} {path}")

            public_body = whose == PUBLIC and kind not in {"review", "article"}
            body = planted.word(INTERNAL if public_body else whose, f"body of {kind} {number}")
            files[path_of(kind, number)] = record(
                kind, text, slugs=True, body=f"## {body}\n\n{body}\n", visibility=visibility
            )
    for kind, fixed in (("incident", {"drill": True}), ("article", {}), ("review", {})):
        word = planted.word(INTERNAL, f"unfinished {kind}")

        def unfinished(_path: tuple[str | int, ...], _public: bool, word: str = word) -> str:
            return word

        whole = record(kind, unfinished, slugs=True, visibility=PUBLIC, body=word, **fixed)
        number = 905 if kind == "review" else 904
        files[path_of(kind, number)] = whole.replace("status: published", "status: draft")
    lead = "---\ntitle: Lead\nstatus: new\nvisibility: public\nopened: 2026-11-18T09:00+00:00\n---\n"
    files[path_of("incident", 905)] = lead
    for number, whose in ((901, INTERNAL), (902, INTERNAL), (903, NOBODY)):
        name = planted.word(whose, f"name of an attachment of {number}")
        inside = planted.word(whose, f"an attachment of {number}")
        files[f"incidents/2026/INC-2026-0{number}/{name}.txt"] = inside
        files[f"incidents/2026/INC-2026-0{number}/{name}.csv"] = gzip.compress(inside.encode())
    write_files(root, {**NAMED, **files})
    return planted
