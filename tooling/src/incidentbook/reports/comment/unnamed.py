"""What the check says of records that an audience may not know of, taken out of what is told to it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from incidentbook.archive import Archive, Records
from incidentbook.desk.next_steps import advice
from incidentbook.diagnostics import Diagnostic


def unnamed(*sides: tuple[Archive, Records[Any]]) -> re.Pattern[str] | None:
    """A pattern that finds the names of records that an audience may not read; None where it reads all.

    Each side is an archive and what the audience reads of it. The last one that has a record decides: what
    became restricted is as unnamed as what always was.
    """
    seen: dict[str, bool] = {}
    for archive, read in sides:
        for entry in archive.entries:
            known = read.get(entry.id)
            seen[entry.id] = known is not None and known.readable
    hidden = sorted((id_ for id_, is_seen in seen.items() if not is_seen), key=len, reverse=True)
    if not hidden:
        return None
    # of a review `.review` follows its incident's name, and of a file `.md`
    return re.compile(rf"(?<![\w-])(?:{'|'.join(map(re.escape, hidden))})(?![\w-])")


def without_unnamed(
    found: Iterable[Diagnostic], pattern: re.Pattern[str] | None
) -> tuple[tuple[Diagnostic, ...], int]:
    """Those findings whose words name nothing that is hidden, and how many others there are."""
    every = tuple(found)
    if pattern is None:
        return every, 0
    told = tuple(one for one in every if not pattern.search(advice(one)))
    return told, len(every) - len(told)
