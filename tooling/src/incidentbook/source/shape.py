"""Values to a model; what does not fit is told and left out."""

from __future__ import annotations

import copy
import dataclasses
from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from functools import cache
from typing import Any, TypeVar

from pydantic import TypeAdapter, ValidationError
from pydantic_core import ErrorDetails

from incidentbook.diagnostics import Diagnostic
from incidentbook.records.fields import HIDING
from incidentbook.source.complaints import Location, explain, location_of
from incidentbook.source.document import Document

T = TypeVar("T")

_SALVAGE_ROUNDS = 5


@cache
def _adapter(model: Any) -> TypeAdapter[Any]:
    return TypeAdapter(model)


def adapter(model: type[T]) -> TypeAdapter[T]:
    """The validator of a model, built once a process."""
    key: Any = model  # mypy does not take a class for hashable
    return _adapter(key)


def read_shape(
    document: Document, model: type[T], values: Mapping[str, Any]
) -> tuple[T | None, tuple[Diagnostic, ...]]:
    """Make a model of a document's values.

    What does not fit is reported and left out, and the rest is tried again: one misspelt word
    must not take a whole incident out of the archive. None where too little is left.
    """
    try:
        return adapter(model).validate_python(values), ()
    except ValidationError:
        # a key without a value counts as absent, at every depth
        remaining = _without_nulls(values)
    diagnostics: tuple[Diagnostic, ...] | None = None
    for _ in range(_SALVAGE_ROUNDS):
        try:
            return adapter(model).validate_python(remaining), diagnostics or ()
        except ValidationError as error:
            details = error.errors(include_url=False)
        if diagnostics is None:
            diagnostics = explain(document, model, details)
        if not _drop(remaining, details):
            break
    return None, diagnostics or ()


def reshape(value: T, changes: Mapping[str, Any], removed: Iterable[str]) -> T | None:
    """A copy of a model with other values in some fields, and none in those that are removed.

    Only these are validated: fields of a record do not depend on each other. None where a value does
    not fit, or where a field is missing that must be there.
    """
    model: Any = type(value)
    kept = {name: getattr(value, name) for name in _required(model) if name not in changes}
    if not kept.keys().isdisjoint(removed):
        return None
    try:
        part = _adapter(model).validate_python({**kept, **changes})
    except ValidationError:
        return None
    # `dataclasses.replace` would take each field by name, though a file calls it otherwise
    made = copy.copy(value)
    vars(made).update({name: getattr(part, name) for name in (*changes, *removed)})
    return made


@cache
def _required(model: Any) -> tuple[str, ...]:
    """The fields without which there is no such model."""
    return tuple(
        field.name
        for field in dataclasses.fields(model)
        if field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING
    )


def _without_nulls(value: Any) -> Any:
    """Copy values without the keys that have none; what stands below a user's own key is theirs."""
    if isinstance(value, Mapping):
        return {
            key: item if key.startswith("x-") else _without_nulls(item)
            for key, item in value.items()
            # where a key that hides has no value, that is a fault and no absence
            if item is not None or key.startswith("x-") or key in HIDING
        }
    return [_without_nulls(item) for item in value] if isinstance(value, list) else value


def _drop(values: Any, details: Iterable[ErrorDetails]) -> bool:
    """Remove what was complained of; False where the whole would have to go."""
    stand_ins: dict[Location, dict[str, Any]] = {}
    for detail in details:
        location = location_of(detail)
        cautious = _cautious_value(detail, location)
        if detail["type"] in ("missing", "missing_argument"):
            location = location[:-1]
        if not location:
            return False
        stand_ins[location] = cautious
    # from the back, so that the indexes of list items before stay true
    for location in sorted(stand_ins, key=lambda place: [str(step).zfill(8) for step in place], reverse=True):
        _delete(values, location)
        part = _part(values, location[:-1])
        if isinstance(part, dict):
            part.update(stand_ins[location])
    return True


def _cautious_value(detail: ErrorDetails, location: Location) -> dict[str, Any]:
    """What stands in for a slip that may have been meant to hide something: it must not be shown by it."""
    last = str(location[-1]).casefold() if location else ""
    is_unknown = detail["type"] in ("unexpected_keyword_argument", "extra_forbidden")
    for key, value in HIDING.items():
        if last == key or (is_unknown and get_close_matches(last, [key], cutoff=0.75)):
            return {key: value}
    return {}


def _part(values: Any, location: Location) -> Any:
    """The part of nested values at a place; None where there is none (any more)."""
    for step in location:
        try:
            values = values[step]
        except (KeyError, IndexError, TypeError):
            return None
    return values


def _delete(values: Any, location: Location) -> None:
    *parents, last = location
    part = _part(values, tuple(parents))
    if isinstance(part, dict):
        part.pop(last, None)
    elif isinstance(part, list) and isinstance(last, int) and last < len(part):
        del part[last]
