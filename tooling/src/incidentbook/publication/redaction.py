"""Taking out of a value what an audience may not read, by the audience that each field declares."""

from __future__ import annotations

import copy
import dataclasses
import operator
from collections.abc import Callable, Hashable, Iterator, Mapping
from functools import cache
from typing import Any, NamedTuple, TypeVar, get_args, get_type_hints

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


class _Plan(NamedTuple):
    """What an audience does to a model: what stands in for hidden fields, and which ones hold more."""

    hidden: Mapping[str, Any]
    inside: tuple[str, ...]


@cache
def _plan(model: Hashable, audience: Audience) -> _Plan:
    hints = get_type_hints(model, include_extras=True)
    fields = dataclasses.fields(model)  # type: ignore[arg-type]
    hidden = {
        field.name: _empty(field)
        for field in fields
        if not may_read(audience, declared_audience(hints[field.name]))
    }
    inside = tuple(
        field.name
        for field in fields
        if field.name not in hidden and any(_is_touched(part, audience) for part in _parts(hints[field.name]))
    )
    return _Plan(hidden, inside)


def _is_touched(model: Any, audience: Audience) -> bool:
    plan = _plan(model, audience)
    return bool(plan.hidden or plan.inside) or "visibility" in get_type_hints(model)


def _parts(hint: Any) -> Iterator[Any]:
    """The models that a type is made of."""
    if isinstance(hint, type) and dataclasses.is_dataclass(hint):
        yield hint
    # what follows the type in Annotated is about it, not in it
    arguments = get_args(hint)[:1] if hasattr(hint, "__metadata__") else get_args(hint)
    for argument in arguments:
        yield from _parts(argument)


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


def altered(value: T, changes: Mapping[str, Any]) -> T:
    """A copy of a part of a record with other values in some fields; itself, where none is other.

    `dataclasses.replace` would validate the whole again, which takes longer than all else here, and
    know no field whose name in a file is another (`from`).
    """
    if all(getattr(value, name) is new for name, new in changes.items()):
        return value
    copied = copy.copy(value)
    vars(copied).update(changes)
    return copied


def kept(items: tuple[T, ...], wanted: Callable[[T], bool]) -> tuple[T, ...]:
    """The items that are wanted; the same tuple, where all are."""
    found = tuple(item for item in items if wanted(item))
    return items if len(found) == len(items) else found


def redact(value: T, audience: Audience) -> T:
    """Return a copy without what the audience may not read.

    A field that is not for it has its default; a part that carries its own `visibility` (an update,
    a service) and is not for it is gone.
    """
    return _redact(value, audience)  # type: ignore[no-any-return]


def _redact(value: Any, audience: Audience) -> Any:
    """The same object, where nothing is taken out: most of an archive is not copied."""
    if isinstance(value, tuple):
        mine = kept(value, lambda item: _is_for(item, audience))
        redacted = tuple(_redact(item, audience) for item in mine)
        return mine if all(map(operator.is_, redacted, mine)) else redacted
    if value is None:
        return None
    model: Any = type(value)
    plan = _plan(model, audience)
    changes = dict(plan.hidden)
    for name in plan.inside:
        part = getattr(value, name)
        if part:  # most parts of most records are empty
            redacted = _redact(part, audience)
            if redacted is not part:
                changes[name] = redacted
    return altered(value, changes) if changes else value


def _is_for(item: Any, audience: Audience) -> bool:
    visibility = getattr(item, "visibility", None)
    return not isinstance(visibility, Audience) or may_read(audience, visibility)
