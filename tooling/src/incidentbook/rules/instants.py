"""Every time and every day that a record says something has happened at, with its place."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime
from functools import cache
from typing import Any

Keys = tuple[str | int, ...]

PLANNED = frozenset({"planned", "due", "review_by", "overrides", "waivers", "extra"})
"""Fields that speak of what is to come; every other time has happened, also in fields to be added."""


def past_times(part: Any, keys: Keys = ()) -> Iterator[tuple[Keys, datetime | date]]:
    """Yield what a record, or a part of one, says has happened."""
    model: Any = type(part)
    for name, key in _fields(model):
        value = getattr(part, name)
        if value is None or isinstance(value, str):
            continue
        if isinstance(value, date):  # a datetime is one, too
            yield (*keys, key), value
        elif isinstance(value, tuple):
            for index, item in enumerate(value):
                if not isinstance(item, str):
                    yield from past_times(item, (*keys, key, index))
        elif hasattr(value, "__dataclass_fields__"):
            yield from past_times(value, (*keys, key))


@cache
def _fields(model: Any) -> tuple[tuple[str, str], ...]:
    """Attributes of a model that may hold a time, or something that does, with their keys in a file."""
    fields = getattr(model, "__dataclass_fields__", {})
    return tuple(
        (name, name.rstrip("_"))
        for name, field in fields.items()
        if name not in PLANNED and not _TIMELESS.match(str(field.type))
    )


_TIMELESS = re.compile(
    r"Annotated\[(?:tuple\[)?(?:Text|Slug|Handle|CategoryPath|Flag|Count|IncidentId|ProblemId)\b"
)
"""Types of which most fields are; to look into them takes twice as long as all the rest."""
