"""Taking out of a value what an audience may not read, by the audience that each field declares."""

from __future__ import annotations

import dataclasses
from collections.abc import Hashable
from functools import cache
from typing import Any, NamedTuple, TypeVar, get_type_hints

from incidentbook.records import Audience

T = TypeVar("T")

_READS: dict[Audience, frozenset[Audience]] = {
    Audience.PUBLIC: frozenset({Audience.PUBLIC}),
    Audience.INTERNAL: frozenset({Audience.PUBLIC, Audience.INTERNAL}),
    # nothing is ever built for the restricted: they read the repository
    Audience.RESTRICTED: frozenset(),
}


def may_read(audience: Audience, visibility: Audience) -> bool:
    """Tell whether an audience may read something of this visibility."""
    return visibility in _READS[audience]


class _FieldPlan(NamedTuple):
    name: str
    visibility: Audience
    default: Any


@cache
def _plan(model: Hashable) -> tuple[_FieldPlan, ...]:
    """What each field of a model declares, with the value that stands in for one that is taken out."""
    hints = get_type_hints(model, include_extras=True)
    return tuple(
        _FieldPlan(field.name, declared_audience(hints[field.name]), _empty(field))
        for field in dataclasses.fields(model)  # type: ignore[arg-type]
    )


def declared_audience(hint: Any) -> Audience:
    """The audience that a field's type declares: internal unless it says otherwise."""
    marks = (mark for mark in getattr(hint, "__metadata__", ()) if isinstance(mark, Audience))
    return next(marks, Audience.INTERNAL)


def _empty(field: dataclasses.Field[Any]) -> Any:
    if field.default is not dataclasses.MISSING:
        return field.default
    if field.default_factory is not dataclasses.MISSING:
        return field.default_factory()
    return None


def redact(value: T, audience: Audience) -> T:
    """Return a copy without what the audience may not read.

    A field that is not for it has its default; a part that carries its own `visibility` (an update,
    a service) and is not for it is gone.
    """
    return _redact(value, audience)  # type: ignore[no-any-return]


def _redact(value: Any, audience: Audience) -> Any:
    if isinstance(value, tuple):
        return tuple(_redact(item, audience) for item in value if _is_for(item, audience))
    if not dataclasses.is_dataclass(value) or isinstance(value, type):
        return value
    changes = {}
    for name, visibility, default in _plan(type(value)):
        present = getattr(value, name)
        if not may_read(audience, visibility):
            if present != default:
                changes[name] = default
        elif isinstance(present, tuple) or dataclasses.is_dataclass(present):
            kept = _redact(present, audience)
            if kept != present:
                changes[name] = kept
    return dataclasses.replace(value, **changes) if changes else value


def _is_for(item: Any, audience: Audience) -> bool:
    visibility = getattr(item, "visibility", None)
    return not isinstance(visibility, Audience) or may_read(audience, visibility)
