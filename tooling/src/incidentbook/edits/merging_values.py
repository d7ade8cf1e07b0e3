"""Two changed versions of one value made one, and what they do not agree about."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC
from enum import Enum
from functools import lru_cache
from typing import Any, Final

from pydantic_core import PydanticCustomError

from incidentbook.edits.merging_entries import Positions, arrange, pair
from incidentbook.edits.merging_shapes import PLAIN, Shape
from incidentbook.records.fields import parse_instant


class _Absent(Enum):
    ABSENT = "absent"

    def __repr__(self) -> str:
        return "ABSENT"

    def __bool__(self) -> bool:
        # a list that is not there has no entries: both sides may add the first ones
        return False


ABSENT: Final = _Absent.ABSENT
"""What a key has where it is not there; null is a value."""


@dataclass(frozen=True)
class Clash:
    """Both sides changed a value, each in its own way; ABSENT where a side took it away."""

    ours: Any
    theirs: Any


@dataclass(frozen=True)
class Item:
    """One entry of a merged list, and its place in the lists that it came from."""

    value: Any
    ours: int | None
    theirs: int | None


@dataclass(frozen=True)
class Merged:
    """A merged list."""

    items: tuple[Item, ...]


def merge_values(shape: Shape, base: Any, ours: Any, theirs: Any) -> Any:
    """Merge one value; the outcome holds a `Clash` wherever people have to decide.

    What one side alone changed is taken. Mappings are merged key by key, lists entry by entry.
    The outcome does not depend on which side is called ours, but for the sides of its clashes.
    """
    exact_base, exact_ours, exact_theirs = exact(base), exact(ours), exact(theirs)
    if exact_ours in (exact_theirs, exact_base):
        return theirs
    if exact_theirs == exact_base:
        return ours
    if _are(dict, ours, theirs) and _are(dict, base or {}):
        return _merge_mapping(shape, base or {}, ours, theirs)
    if _are(list, *(each or [] for each in (base, ours, theirs))) and (ours or theirs):
        return _merge_list(shape.item or PLAIN, base or [], ours or [], theirs or [])
    return _settled(base, ours, theirs)


def _are(kind: type, *values: Any) -> bool:
    return all(isinstance(value, kind) for value in values)


def _settled(base: Any, ours: Any, theirs: Any) -> Any:
    """Agree where only the spelling differs: a time may be written in any zone."""
    meant_base, meant_ours, meant_theirs = meant(base), meant(ours), meant(theirs)
    if meant_ours == meant_theirs:
        return min(ours, theirs, key=exact)
    if meant_ours == meant_base:
        return theirs
    if meant_theirs == meant_base:
        return ours
    return Clash(ours, theirs)


def _merge_mapping(
    shape: Shape, base: Mapping[str, Any], ours: Mapping[str, Any], theirs: Mapping[str, Any]
) -> dict[str, Any]:
    merged = {}
    for key in [*ours, *(key for key in theirs if key not in ours)]:
        sides = (side.get(key, ABSENT) for side in (base, ours, theirs))
        value = merge_values(shape.fields.get(key, PLAIN), *sides)
        if value is not ABSENT:
            merged[key] = value
    return merged


def _merge_list(shape: Shape, base: list[Any], ours: list[Any], theirs: list[Any]) -> Merged:
    in_ours = pair(shape.entries, base, ours, meant)
    in_theirs = pair(shape.entries, base, theirs, meant)
    places = [Positions(index, in_ours.get(index), in_theirs.get(index)) for index in range(len(base))]
    places += _added(shape, ours, theirs, set(in_ours.values()), set(in_theirs.values()))
    values = {}
    for place in places:
        sides = zip((base, ours, theirs), place, strict=True)
        value = merge_values(shape, *(ABSENT if at is None else side[at] for side, at in sides))
        if value is not ABSENT:
            values[place] = value
    ordered = arrange(list(values), lambda place: _written(place, ours, theirs))
    ordered = _by_time(shape, values, ordered, ours, theirs)
    return Merged(tuple(Item(values[place], place.ours, place.theirs) for place in ordered))


def _added(
    shape: Shape, ours: list[Any], theirs: list[Any], known_ours: set[int], known_theirs: set[int]
) -> Iterator[Positions]:
    """The entries that are new; one that both sides have added is one."""
    new_ours = [index for index in range(len(ours)) if index not in known_ours]
    new_theirs = [index for index in range(len(theirs)) if index not in known_theirs]
    both = pair(
        shape.entries, [ours[at] for at in new_ours], [theirs[at] for at in new_theirs], meant, edited=False
    )
    for index, at in enumerate(new_ours):
        yield Positions(None, at, new_theirs[both[index]] if index in both else None)
    for index, at in enumerate(new_theirs):
        if index not in both.values():
            yield Positions(None, None, at)


def _written(place: Positions, ours: list[Any], theirs: list[Any]) -> str:
    sides = ((place.ours, ours), (place.theirs, theirs))
    return min(exact(side[at]) for at, side in sides if at is not None)


def _by_time(
    shape: Shape,
    values: Mapping[Positions, Any],
    ordered: list[Positions],
    ours: list[Any],
    theirs: list[Any],
) -> list[Positions]:
    """Sort what is timed by its times, the newest first where both sides do so."""
    if shape.entries is None or not shape.entries.timed:
        return ordered
    key = shape.entries.time
    moments = {place: min((_moments(values[place], key)), default=None) for place in ordered}
    if None in moments.values():
        return ordered  # not times, or no mappings: what should be sorted by them is unknown
    sides = [[min(_moments(item, key), default=None) for item in side] for side in (ours, theirs)]
    newest_first = all(_descends(side) for side in sides)
    return sorted(ordered, key=lambda place: str(moments[place]), reverse=newest_first)


def _moments(value: Any, key: str | None) -> Iterator[str]:
    """The times of an entry, more than one where the sides do not agree."""
    if isinstance(value, Clash):
        yield from _moments(value.ours, key)
        yield from _moments(value.theirs, key)
    elif isinstance(value, Mapping):
        time = value.get(key)
        for each in (time.ours, time.theirs) if isinstance(time, Clash) else (time,):
            moment = in_utc(each) if isinstance(each, str) else None
            if moment is not None:
                yield moment


def _descends(moments: list[str | None]) -> bool:
    return (
        None not in moments and len(set(moments)) > 1 and moments == sorted(map(str, moments), reverse=True)
    )


def exact(value: Any) -> str:
    """A text by which two values are told apart: to Python 1, 1.0 and True are the same."""
    return "" if value is ABSENT else json.dumps(value, sort_keys=True, ensure_ascii=False)


def meant(value: Any) -> str:
    """A text by which values are told apart by what they mean: a time in any zone is that time."""
    return "" if value is ABSENT else exact(_in_one_zone(value))


def _in_one_zone(value: Any) -> Any:
    match value:
        case str():
            return in_utc(value) or value
        case dict():
            return {key: _in_one_zone(each) for key, each in value.items()}
        case list():
            return [_in_one_zone(each) for each in value]
    return value


@lru_cache(maxsize=4096)
def in_utc(text: str) -> str | None:
    """A time as one text, in whatever zone it is written; None where a text is no time."""
    try:
        return parse_instant(text).astimezone(UTC).isoformat(timespec="microseconds")
    except (PydanticCustomError, OverflowError):
        return None


def has_clash(value: Any) -> bool:
    """Tell whether people have to decide about something in a merged value."""
    match value:
        case Clash():
            return True
        case Merged():
            return any(has_clash(item.value) for item in value.items)
        case dict():
            return any(has_clash(each) for each in value.values())
    return False


def sided(value: Any, side: str) -> Any:
    """A merged value as it is when every clash is decided for one side, `ours` or `theirs`."""
    match value:
        case Clash():
            return getattr(value, side)
        case Merged():
            chosen = (sided(item.value, side) for item in value.items)
            return [each for each in chosen if each is not ABSENT]
        case dict():
            found = {key: sided(each, side) for key, each in value.items()}
            return {key: each for key, each in found.items() if each is not ABSENT}
    return value
