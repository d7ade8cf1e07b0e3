"""The next free ID of a kind and year."""

from __future__ import annotations

import re
from collections.abc import Iterable

from incidentbook.archive import Archive
from incidentbook.gitrepo import names_on_all_branches
from incidentbook.records import KINDS, RecordName

_NUMBERED = re.compile(r"(?P<prefix>[A-Z]{3})-(?P<year>\d{4})-(?P<number>\d{4,})(?!\d)")


def names_in_use(archive: Archive) -> set[str]:
    """Names of files and folders in the working tree and on every local and remote-tracking branch.

    A number that only a colleague's branch has taken would collide when the two are merged.
    """
    here = {part for path in archive.tree.paths() for part in path.split("/")}
    return here | names_on_all_branches(archive.tree.root)


class Numbers:
    """Hands out IDs: each one above every number in use, gaps left alone."""

    def __init__(self, names: Iterable[str]) -> None:
        self._highest: dict[tuple[str, int], int] = {}
        for name in names:
            match = _NUMBERED.match(name)
            if match:
                self._note(match["prefix"], int(match["year"]), int(match["number"]))

    def next(self, kind: str, year: int) -> RecordName:
        """The next name of a kind in a year; each call gives another."""
        prefix = KINDS[kind].prefix
        number = self._highest.get((prefix, year), 0) + 1
        self._note(prefix, year, number)
        return RecordName(kind=kind, id=f"{prefix}-{year:04d}-{number:04d}", year=year, number=number)

    def _note(self, prefix: str, year: int, number: int) -> None:
        self._highest[prefix, year] = max(number, self._highest.get((prefix, year), 0))
