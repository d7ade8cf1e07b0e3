"""Records with something in every field, each time another word, by walking the models."""

from __future__ import annotations

import dataclasses
import types
from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime, timedelta, timezone
from enum import Enum
from typing import Any, NamedTuple, Union, get_args, get_origin, get_type_hints

from incidentbook.records import Audience, fields

KINDS_OF_LEAF: dict[str, Any] = {
    "instant": fields.Instant,
    "day": fields.Day,
    "flag": fields.Flag,
    "count": fields.Count,
    "text": fields.Text,
    "slug": fields.Slug,
    "category": fields.CategoryPath,
    "handle": fields.Handle,
    "incident": fields.IncidentId,
    "problem": fields.ProblemId,
}
_ZONE = timezone(timedelta(hours=5, minutes=45))


class Place(NamedTuple):
    """A field of a model: its name in Python and in a file, its bare type, what it is annotated with."""

    name: str
    key: str
    hint: Any
    public: bool
    required: bool


def places(model: Any) -> Iterator[Place]:
    """The fields of a model, read without any code of the package."""
    hints = get_type_hints(model, include_extras=True)
    for field in dataclasses.fields(model):
        notes = hints[field.name].__metadata__
        alias = next((note.alias for note in notes if getattr(note, "alias", None)), None)
        required = field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING
        yield Place(
            field.name, alias or field.name, hints[field.name], Audience.PUBLIC in notes_of(notes), required
        )


def notes_of(notes: tuple[Any, ...]) -> list[Any]:
    return [note for note in notes if isinstance(note, Audience)]


def bare(hint: Any) -> Any:
    """Take `| None` off a type, and what is annotated; None where nothing more is known of it."""
    if hasattr(hint, "__metadata__"):
        return bare(hint.__origin__)
    if get_origin(hint) in (Union, types.UnionType):
        return bare(next(member for member in get_args(hint) if member is not type(None)))
    return hint


def leaf_kind(hint: Any) -> str | None:
    """Which of the types of records/fields.py this is, by the object that it is annotated with."""
    for note in getattr(hint, "__metadata__", ()):
        for name, kind in KINDS_OF_LEAF.items():
            if note is kind.__metadata__[0]:
                return name
    if hasattr(hint, "__metadata__"):
        return leaf_kind(hint.__origin__)
    if get_origin(hint) in (Union, types.UnionType):
        return next(filter(None, map(leaf_kind, get_args(hint))), None)
    return None


class Leaf(NamedTuple):
    """One filled value: where it is in the record, as Python sees it, and whether all around it is public."""

    path: tuple[str | int, ...]
    value: Any
    kind: str
    public: bool


class Filler:
    """Fills models; every text, number, time and key is another one."""

    def __init__(self, fixed: Mapping[str, Any] | None = None) -> None:
        self.fixed = {"visibility": "public", **(fixed or {})}
        self.leaves: list[Leaf] = []
        self._count = 0

    def fill(self, model: Any, path: tuple[str | int, ...] = (), *, public: bool = True) -> dict[str, Any]:
        """Values as they stand in a file."""
        values = {}
        for place in places(model):
            inside = (*path, place.name)
            if place.name in self.fixed:
                values[place.key] = self.fixed[place.name]
            else:
                values[place.key] = self._value(place.hint, inside, public and place.public)
        if path == () and "extra" in values:
            values |= values.pop("extra")
        return values

    def _value(self, hint: Any, path: tuple[str | int, ...], public: bool) -> Any:
        inner = bare(hint)
        if get_origin(inner) is tuple:
            item = get_args(inner)[0]
            return [self._value(item, (*path, index), public) for index in range(2)]
        if dataclasses.is_dataclass(inner):
            return self.fill(inner, path, public=public)
        kind = leaf_kind(hint)
        written, value = self._leaf(kind, inner, path)
        kind = "duration" if inner is timedelta else kind or "other"
        self.leaves.append(Leaf(path, value, kind, public))
        return written

    def _leaf(self, kind: str | None, inner: Any, path: tuple[str | int, ...]) -> tuple[Any, Any]:
        self._count += 1
        number = self._count
        if kind == "instant":
            instant = datetime(2026, 1, 1, tzinfo=_ZONE) + timedelta(minutes=number)
            return instant.isoformat(), instant
        if kind == "day":
            day = date(2020, 1, 1) + timedelta(days=number)
            return day.isoformat(), day
        words: dict[str, Callable[[], Any]] = {
            "flag": lambda: True,
            "count": lambda: 700_000 + number,
            "text": lambda: f"Canary {number:04d}.",
            "slug": lambda: f"canary-{number:04d}",
            "category": lambda: f"canary-{number:04d}/canary",
            "handle": lambda: f"Canary-{number:04d}",
            "incident": lambda: f"INC-2026-{number:04d}",
            "problem": lambda: f"PRB-2026-{number:04d}",
        }
        if kind is not None:
            word = words[kind]()
            return word, word
        if isinstance(inner, type) and issubclass(inner, Enum):
            member = list(inner)[-1]
            return member.value, member
        if inner is timedelta:
            return f"{number}m", timedelta(minutes=number)
        if inner in (int, float):
            return (4, 4) if inner is int else (0.5, 0.5)
        if get_origin(inner) is dict and path != ("extra",):
            return {}, {}
        assert path == ("extra",), f"no way to fill {path}: {inner}"
        own = {"x-canary": f"Canary {number:04d}."}
        return own, own


def value_at(record: Any, path: tuple[str | int, ...]) -> Any:
    """The value at a place of a record; None where something on the way is not there."""
    for step in path:
        if record is None:
            return None
        if isinstance(step, int):
            record = record[step] if step < len(record) else None
        else:
            record = getattr(record, step)
    return record
