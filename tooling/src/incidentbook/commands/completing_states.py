"""In which states a verb takes a record, and which files are in them, told from their first lines."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from pathlib import Path
from types import MappingProxyType

LOOKED_AT = 1_000
"""Of how many files the state is read: of a number that a person does not notice, the newest."""

HEAD = 2_000
"""How many bytes of a file are looked at: title and state stand on top."""

_OPEN = ("new", "assigned", "in_progress", "on_hold")
_STATUS = re.compile(rb"^status:[ \t]*[\"']?(\w+)", re.MULTILINE)

TAKES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "ack": ("new", "assigned"),
        **dict.fromkeys(("assign", "cancel", "escalate", "mitigate", "resolve"), _OPEN),
        "hold": ("in_progress",),
        "resume": ("on_hold",),
        "update": (*_OPEN, "resolved"),
        # a rating is taken of a closed one as well, but those are many, and it is seldom late
        "confirm": ("resolved",),
        "close": ("resolved",),
        "reopen": ("resolved",),
        "major declare": _OPEN,
        "major stand-down": (*_OPEN, "resolved"),
        "article publish": ("draft", "retired"),
        "article retire": ("draft", "published"),
        "handover acknowledge": ("written",),
        "maintenance start": ("scheduled",),
        "maintenance complete": ("in_progress",),
        "maintenance cancel": ("scheduled", "in_progress"),
        "problem known-error": ("open",),
        "problem resolve": ("open", "known_error"),
        "problem close": ("resolved",),
        "review submit": ("draft",),
        "review publish": ("draft", "in_review"),
    }
)
"""By verb: the states of the records that it is meant for, as the desk has them; others take any."""


def in_states(files: Iterable[tuple[str, str]], states: Collection[str], most: int) -> list[tuple[str, str]]:
    """The files, as path and ID, that are in one of the states or do not say in which, at most so many."""
    found: list[tuple[str, str]] = []
    for place, (path, id_) in enumerate(files):
        if place >= LOOKED_AT or len(found) >= most:
            break
        status = _status(path)
        if status is None or status in states:
            found.append((path, id_))
    return found


def _status(path: str) -> str | None:
    try:
        with Path(path).open("rb", buffering=0) as file:
            found = _STATUS.search(file.read(HEAD))
    except OSError:
        return None
    return found[1].decode("ascii", "replace") if found else None
