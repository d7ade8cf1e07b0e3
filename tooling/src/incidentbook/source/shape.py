"""Values to a model, and pydantic's complaints to diagnostics a person can act on."""

from __future__ import annotations

import dataclasses
import types
from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from enum import Enum
from functools import cache
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

from pydantic import TypeAdapter, ValidationError
from pydantic_core import ErrorDetails

from incidentbook.diagnostics import Diagnostic, Severity
from incidentbook.records import Audience
from incidentbook.records.fields import SPELLINGS
from incidentbook.source.document import Document

T = TypeVar("T")
Location = tuple[str | int, ...]

_HIDING: dict[str, Any] = {"visibility": Audience.RESTRICTED.value, "drill": True}
"""Keys that keep a record from readers, each with what it is taken for where it is not understood."""

_SALVAGE_ROUNDS = 5

_KINDS_OF_VALUE = {
    "string_type": "text",
    "tuple_type": "a list",
    "list_type": "a list",
    "dict_type": "fields (`key: value`)",
    "dataclass_type": "fields (`key: value`)",
    "bool_type": "true or false",
    "int_type": "a whole number",
    "int_from_float": "a whole number",
    "int_parsing": "a whole number",
    "float_type": "a number",
    "float_parsing": "a number",
}


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
            diagnostics = tuple(_diagnostic(document, model, detail) for detail in details)
        if not _drop(remaining, details):
            break
    return None, diagnostics or ()


def _without_nulls(value: Any) -> Any:
    """Copy values without the keys that have none; what stands below a user's own key is theirs."""
    if isinstance(value, Mapping):
        return {
            key: item if key.startswith("x-") else _without_nulls(item)
            for key, item in value.items()
            # where a key that hides has no value, that is a fault and no absence
            if item is not None or key.startswith("x-") or key in _HIDING
        }
    return [_without_nulls(item) for item in value] if isinstance(value, list) else value


def _drop(values: Any, details: Iterable[ErrorDetails]) -> bool:
    """Remove what was complained of; False where the whole would have to go."""
    stand_ins: dict[Location, dict[str, Any]] = {}
    for detail in details:
        location = _location(detail)
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
    for key, value in _HIDING.items():
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


def _location(detail: ErrorDetails) -> Location:
    return tuple(step for step in detail["loc"] if step != "[key]")


def _diagnostic(document: Document, model: type[Any], detail: ErrorDetails) -> Diagnostic:
    location = _location(detail)
    kind = detail["type"]
    name = _spell(location)
    given = detail.get("input")
    context = detail.get("ctx", {})
    about_key = detail["loc"][-1:] == ("[key]",)
    span = document.key_span(*location) if about_key else document.span(*location)
    help_: str | None = None
    if kind in ("unexpected_keyword_argument", "extra_forbidden"):
        code, message = "unknown-key", f"`{name}` is not a field here"
        span = document.key_span(*location)
        help_ = _suggest(str(location[-1]), _keys_at(model, location[:-1]))
    elif kind in ("missing", "missing_argument"):
        code, message = "missing-key", f"`{name}` is missing"
        span = document.span(*location[:-1]) if len(location) > 1 else document.span()
        help_ = f"add `{location[-1]}:`"
    elif kind in ("enum", "literal_error"):
        choices = _choices(str(context.get("expected", "")))
        code = "unknown-value"
        message = f"`{name}` is {_quote(given)}; expected one of {', '.join(choices)}"
        help_ = _suggest(str(given), choices)
    elif kind in _KINDS_OF_VALUE:
        code = "wrong-type"
        message = f"`{name}` is {_describe(given)}; expected {_KINDS_OF_VALUE[kind]}"
        help_ = _advice_on_type(kind, given)
    elif kind == "instant_naive":
        code, message = "naive-time", f"`{name}` has no offset from UTC: {_quote(given)}"
        help_ = f"write `{context.get('fix')}`, if it was UTC; else with the offset of the place"
    elif kind.startswith(("instant_", "day_", "duration_")):
        code = {"instant": "invalid-time", "day": "invalid-date", "duration": "invalid-duration"}[
            kind.partition("_")[0]
        ]
        message = f"`{name}` is {_quote(given)}; {detail['msg']}"
    elif kind == "string_pattern_mismatch":
        code = "invalid-value"
        pattern = str(context.get("pattern"))
        message = f"`{name}` is {_quote(given)}; expected {SPELLINGS.get(pattern, f'text like {pattern}')}"
    elif kind in ("string_too_short", "too_short"):
        code, message = "invalid-value", f"`{name}` is empty"
        help_ = "fill it in, or leave the key out"
    else:
        code = "invalid-value"
        message = f"`{name}` is {_quote(given)}; {detail['msg'][:1].lower()}{detail['msg'][1:]}"
    return Diagnostic(code, Severity.ERROR, message, document.path, span, help_)


def _spell(location: Location) -> str:
    """Write a location as people do: services[0].from."""
    text = ""
    for step in location:
        text += f"[{step}]" if isinstance(step, int) else f".{step}" if text else str(step)
    return text or "the file"


def _quote(value: Any) -> str:
    text = str(value)
    return f"`{text[:77]}...`" if len(text) > 80 else f"`{text}`"


def _describe(value: Any) -> str:
    match value:
        case None:
            return "empty"
        case bool():
            return f"`{str(value).lower()}`"
        case int() | float():
            return f"the number {value}" if len(str(value)) < 40 else "a number"
        case dict():
            return "a mapping"
        case list() | tuple():
            return "a list"
        case _:
            return _quote(value)


def _advice_on_type(kind: str, given: Any) -> str | None:
    if kind == "string_type" and isinstance(given, bool | int | float):
        return "put quotes around it"
    if kind == "bool_type" and str(given).lower() in ("yes", "on", "y"):
        return "did you mean `true`?"
    if kind == "bool_type" and str(given).lower() in ("no", "off", "n"):
        return "did you mean `false`?"
    if kind in ("tuple_type", "list_type"):
        return "put `- ` before it"
    return None


def _choices(expected: str) -> list[str]:
    return [part.strip().strip("'") for part in expected.replace(" or ", ", ").split(",") if part.strip()]


def _suggest(word: str, choices: Iterable[str]) -> str | None:
    known = sorted(choices)
    close = get_close_matches(word.lower(), known, n=1)
    return f"did you mean `{close[0]}`?" if close else None


def _keys_at(model: Any, location: Location) -> set[str]:
    """The keys that the model has at a location of its values."""
    current: Any = _bare(model)
    for step in location:
        if isinstance(step, int):
            arguments = [argument for argument in get_args(current) if argument is not Ellipsis]
            current = _bare(arguments[0]) if arguments else None
        elif _has_fields(current):
            current = _bare(_fields(current).get(str(step)))
        elif get_origin(current) is dict:
            current = _bare(get_args(current)[1])
    return set(_fields(current)) - {"extra"} if _has_fields(current) else set()


def _has_fields(hint: Any) -> bool:
    return dataclasses.is_dataclass(hint)


@cache
def _fields(model: Any) -> dict[str, Any]:
    """Keys of a model as they are written in a file, with their types."""
    hints = get_type_hints(model, include_extras=True)
    return {_alias(hint) or name: hint for name, hint in hints.items()}


def _alias(hint: Any) -> str | None:
    return next(
        (meta.alias for meta in getattr(hint, "__metadata__", ()) if getattr(meta, "alias", None)), None
    )


def _bare(hint: Any) -> Any:
    """Take Annotated and Optional off a type."""
    while hasattr(hint, "__metadata__"):
        hint = hint.__origin__
    if get_origin(hint) in (Union, types.UnionType):
        members = [member for member in get_args(hint) if member is not type(None)]
        return _bare(members[0])
    if isinstance(hint, type) and issubclass(hint, Enum):
        return hint
    return hint
