"""What a merge knows of the parts of a record, read from their models."""

from __future__ import annotations

import dataclasses
import types
from collections.abc import Iterator, Mapping
from dataclasses import MISSING, dataclass, field
from functools import cache
from typing import Any, Union, get_args, get_origin, get_type_hints

from incidentbook.records.fields import Handle, Instant, Slug, Text


@dataclass(frozen=True)
class Entries:
    """By which keys one entry of a list is told from another.

    `time` is the key of the first time that an entry has, and `timed` tells that none is without it.
    `whole` are time, who and what; `place` the time and what it is about; `words` what somebody wrote.
    """

    named: bool
    time: str | None
    timed: bool
    whole: tuple[str, ...]
    place: tuple[str, ...]
    words: tuple[str, ...]


@dataclass(frozen=True)
class Shape:
    """A value: a mapping with the shapes of its keys, a list with that of its entries, or neither."""

    fields: Mapping[str, Shape] = field(default_factory=dict)
    item: Shape | None = None
    entries: Entries | None = None


PLAIN = Shape()
"""A value of which nothing is known, such as one below a user's own key."""


@dataclass(frozen=True)
class _Field:
    key: str
    hint: Any
    required: bool


def model_shape(model: Any) -> Shape:
    """The shape of a model."""
    return _model_shape(model)


@cache
def _model_shape(model: Any) -> Shape:
    fields = tuple(_fields(model))
    return Shape({each.key: _shape(each.hint) for each in fields}, entries=_entries(fields))


def _fields(model: Any) -> Iterator[_Field]:
    hints = get_type_hints(model, include_extras=True)
    for each in dataclasses.fields(model):
        notes = getattr(hints[each.name], "__metadata__", ())
        alias = next((note.alias for note in notes if getattr(note, "alias", None)), None)
        required = each.default is MISSING and each.default_factory is MISSING
        yield _Field(alias or each.name, hints[each.name], required)


def _shape(hint: Any) -> Shape:
    inner = _bare(hint)
    if get_origin(inner) is tuple:
        return Shape(item=_shape(get_args(inner)[0]))
    return model_shape(inner) if dataclasses.is_dataclass(inner) else PLAIN


def _entries(fields: tuple[_Field, ...]) -> Entries:
    time = next((each for each in fields if _is(each.hint, Instant)), None)
    times = {time.key} if time else set()
    required = {each.key for each in fields if each.required}
    who = {each.key for each in fields if _is(each.hint, Slug) or _is(each.hint, Handle)}
    words = {each.key for each in fields if each.required and _is(each.hint, Text)}
    about = {each.key for each in fields if each.required and _is(each.hint, Slug)}
    return Entries(
        named=any(each.key == "id" for each in fields),
        time=time.key if time else None,
        timed=bool(time and time.required),
        whole=tuple(sorted(times | required | who)),
        place=tuple(sorted(times | about)) if time else (),
        words=tuple(sorted(words)),
    )


def _bare(hint: Any) -> Any:
    """Take off what a type is annotated with, and that it may be absent."""
    if hasattr(hint, "__metadata__"):
        return _bare(hint.__origin__)
    if get_origin(hint) in (Union, types.UnionType):
        return _bare(next(member for member in get_args(hint) if member is not types.NoneType))
    return hint


def _is(hint: Any, named: Any) -> bool:
    """Tell whether a field is of one of the types that records/fields.py names."""
    if hasattr(hint, "__metadata__"):
        mark = named.__metadata__[0]
        return any(note is mark for note in hint.__metadata__) or _is(hint.__origin__, named)
    if get_origin(hint) in (Union, types.UnionType):
        return any(_is(member, named) for member in get_args(hint))
    return False
