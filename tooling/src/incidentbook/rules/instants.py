"""Every time and every day that a record says something has happened at, with its place."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from operator import attrgetter
from typing import Any

Keys = tuple[str | int, ...]

PLANNED = frozenset({"planned", "due", "review_by", "next_update_due", "overrides", "waivers", "extra"})
"""Fields that speak of what is to come; every other time has happened, also in fields to be added."""


def past_times(part: Any, keys: Keys = ()) -> Iterator[tuple[Keys, datetime | date]]:
    """Yield what a record, or a part of one, says has happened."""
    model: Any = type(part)  # mypy does not take a class for hashable
    for name in _anatomy(model).names:
        value = getattr(part, name)
        if value is None or isinstance(value, str):
            continue
        key = name.rstrip("_")
        if isinstance(value, date):  # a datetime is one, too
            yield (*keys, key), value
        elif isinstance(value, tuple):
            for index, item in enumerate(value):
                if not isinstance(item, str):
                    yield from past_times(item, (*keys, key, index))
        elif hasattr(value, "__dataclass_fields__"):
            yield from past_times(value, (*keys, key))


def last_times(record: Any, planned: frozenset[str]) -> tuple[datetime | None, date | None]:
    """The last time and the last day that `past_times` yields, save below the fields in `planned`.

    Asked of every record, so it makes no keys and looks only where a time can stand.
    """
    found: list[Any] = []
    _collect(record, planned, found)
    days = [value for value in found if not isinstance(value, datetime)]
    times = [value for value in found if isinstance(value, datetime)] if days else found
    return max(times, default=None), max(days, default=None)


def _collect(part: Any, planned: frozenset[str], found: list[Any]) -> None:
    model: Any = type(part)
    anatomy = _anatomy(model)
    for name, value in zip(anatomy.names, anatomy.values(part), strict=True):
        if not value or name in planned:
            continue
        if isinstance(value, date):
            found.append(value)
        elif not isinstance(value, tuple):
            model = type(value)
            if _anatomy(model).names:
                _collect(value, planned, found)
        else:
            model = type(value[0])
            only_time = _anatomy(model).only_time
            if only_time is not None:
                found += map(only_time, value)
            else:
                for item in value:
                    _collect(item, planned, found)


@dataclass(frozen=True, slots=True)
class _Anatomy:
    """Where in a model a time can stand: attributes that hold one, or a part that does.

    `only_time` is set where that is a single attribute which always holds a time.
    """

    names: tuple[str, ...]
    values: Callable[[Any], tuple[Any, ...]]
    only_time: Callable[[Any], Any] | None


@cache
def _anatomy(model: Any) -> _Anatomy:
    fields = {
        name: str(field.type)
        for name, field in getattr(model, "__dataclass_fields__", {}).items()
        if name not in PLANNED and not _TIMELESS.match(str(field.type))
    }
    names = tuple(fields)
    always = len(names) == 1 and _ALWAYS_A_TIME.match(fields[names[0]])
    return _Anatomy(names, _getter(names), attrgetter(*names) if always else None)


def _getter(names: tuple[str, ...]) -> Callable[[Any], tuple[Any, ...]]:
    if len(names) > 1:
        return attrgetter(*names)
    return lambda part: tuple(getattr(part, name) for name in names)  # attrgetter gives one value bare


_TIMELESS = re.compile(
    r"Annotated\[\s*(?:tuple\[)?(?:Text|Slug|Handle|CategoryPath|Flag|Count|IncidentId|ProblemId|Audience"
    r"|\w*Status|\w*State|Level|Permanence|str|int)\b"
)
"""Types of which most fields are; to look into them takes twice as long as all the rest."""

_ALWAYS_A_TIME = re.compile(r"Annotated\[\s*(?:Instant|Day)\s*,")
