"""What a model says of itself: keys, values in words, readers and descriptions."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterable
from dataclasses import MISSING, Field, dataclass, fields, is_dataclass
from enum import StrEnum
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints

from pydantic.fields import FieldInfo

from incidentbook.publication.redaction import declared_audience
from incidentbook.records import Audience
from incidentbook.records import fields as types
from incidentbook.records.parts import Override
from incidentbook.taxonomy.settings import ClockHours, Duration


@dataclass(frozen=True)
class Row:
    """One key of a part."""

    key: str
    value: str
    required: bool
    audience: Audience
    description: str


@dataclass(frozen=True)
class Part:
    """One model: its heading, what it is, and its keys."""

    heading: str
    description: str
    rows: tuple[Row, ...]


_NAMED: tuple[tuple[Any, str, str], ...] = (
    (types.Text, "text", "texts"),
    (types.Instant, "time", "times"),
    (types.Day, "date", "dates"),
    (types.Flag, "`true` or `false`", "flags"),
    (types.Count, "whole number", "whole numbers"),
    (types.Slug, "key", "keys"),
    (types.Handle, "handle", "handles"),
    (types.CategoryPath, "category", "categories"),
    (types.IncidentId, "incident ID", "incident IDs"),
    (types.ProblemId, "problem ID", "problem IDs"),
    (Override, "text, or `{value, reason}`", "overrides"),
    (Duration, "duration, such as `15m` or `1d 12h`", "durations"),
    (ClockHours, "hours, such as `09:00-17:30`", "hours, such as `09:00-17:30`"),
)
"""Types that have a name of their own, and what people call one and several of them."""

_PLAIN = {str: ("text", "texts"), int: ("whole number", "whole numbers"), float: ("number", "numbers")}


def describe(model: type[Any], *, heading: str | None = None) -> Part:
    """Describe a model; the key `extra` is left out, which only gathers `x-` keys."""
    hints = get_type_hints(model, include_extras=True)
    rows = tuple(_row(field, hints[field.name]) for field in fields(model) if field.name != "extra")
    return Part(heading or _heading(model), inspect.getdoc(model) or "", rows)


def parts_of(models: Iterable[type[Any]]) -> tuple[Part, ...]:
    """Describe every part that the models are made of, each once, by heading."""
    found: dict[type[Any], None] = {}
    roots = tuple(models)
    for model in roots:
        _gather(model, found)
    parts = (describe(model) for model in found if model not in roots)
    return tuple(sorted(parts, key=lambda part: part.heading))


def _gather(model: type[Any], found: dict[type[Any], None]) -> None:
    if model in found:
        return
    found[model] = None
    for hint in get_type_hints(model).values():
        for part in _dataclasses_in(hint):
            _gather(part, found)


def _dataclasses_in(hint: Any) -> Iterable[type[Any]]:
    if isinstance(hint, type) and is_dataclass(hint):
        yield hint
    for argument in get_args(hint):
        yield from _dataclasses_in(argument)


def _row(field: Field[Any], hint: Any) -> Row:
    metadata = hint.__metadata__
    infos = [item for item in metadata if isinstance(item, FieldInfo)]
    alias = next((info.alias for info in infos if info.alias), None)
    description = next((info.description for info in infos if info.description), "")
    return Row(
        key=alias or field.name,
        value=_in_words(hint) + _default(field),
        required=field.default is MISSING and field.default_factory is MISSING,
        audience=declared_audience(hint),
        description=description,
    )


def _default(field: Field[Any]) -> str:
    value = field.default
    if isinstance(value, StrEnum | str):
        return f"; `{value}` if absent"
    if isinstance(value, bool):
        return f"; `{str(value).lower()}` if absent"
    return f"; {value} if absent" if isinstance(value, int | float) else ""


def _in_words(hint: Any, *, several: bool = False) -> str:
    """Say what a value of this type looks like."""
    origin, arguments = get_origin(hint), get_args(hint)
    if origin is Annotated:
        named = next((row for row in _NAMED if row[0].__metadata__[0] in hint.__metadata__), None)
        return named[1 + several] if named else _in_words(arguments[0], several=several)
    if origin in {Union, UnionType}:
        return " or ".join(_in_words(item, several=several) for item in arguments if item is not NoneType)
    if origin is tuple:
        return f"list of {_in_words(arguments[0], several=True)}"
    if origin is dict:
        return (
            f"mapping of {_in_words(arguments[0], several=True)} to {_in_words(arguments[1], several=True)}"
        )
    if origin is Literal:
        return _choices(arguments)
    if isinstance(hint, type) and issubclass(hint, StrEnum):
        return _choices(hint)
    if is_dataclass(hint):
        heading = _heading(hint)
        return f"{'mappings' if several else 'mapping'}: [{heading}](#{heading.lower().replace(' ', '-')})"
    return _PLAIN.get(hint, ("anything", "anything"))[several]


def _choices(values: Iterable[Any]) -> str:
    return ", ".join(f"`{value}`" for value in values)


def _heading(model: Any) -> str:
    """Turn the name of a class into words: ServiceImpact is a Service impact."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", model.__name__).capitalize()
