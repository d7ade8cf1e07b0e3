"""Records as the API of a site has them: only what its audience may read, under the names that files use."""

from __future__ import annotations

import dataclasses
from functools import cache
from types import NoneType, UnionType
from typing import Annotated, Any, Union, get_args, get_origin, get_type_hints

import msgspec

from incidentbook.publication.redaction import declared_audience, may_read
from incidentbook.records import KINDS, Audience

Struct = type[msgspec.Struct]


@cache
def record_shape(kind: str, audience: Audience) -> Struct:
    """The type of a kind's records; what has its default is left out, as people leave it out of files."""
    model: Any = KINDS[kind].model
    return _shape(model, audience)


@cache
def document_shape(kind: str, audience: Audience) -> Struct:
    """A record with what is around it in an answer."""
    record = record_shape(kind, audience)
    fields: list[Any] = [
        ("id", Annotated[str, msgspec.Meta(description="Its ID: the name of its file.")]),
        ("url", Annotated[str, msgspec.Meta(description="The page that shows it.")]),
        ("record", Annotated[record, msgspec.Meta(description="Its fields, as its file has them.")]),
    ]
    if kind == "incident":
        words = "The priority that counts: the stored one, else that of impact and urgency."
        fields.append(("priority", Annotated[str | None, msgspec.Meta(description=words)], None))
    if may_read(audience, KINDS[kind].body):
        words = "Its body, as GitHub-flavoured Markdown."
        fields.append(("body", Annotated[str, msgspec.Meta(description=words)], ""))
    return msgspec.defstruct(
        f"{kind.capitalize()}Document", fields, kw_only=True, omit_defaults=True, forbid_unknown_fields=True
    )


@cache
def _shape(model: Any, audience: Audience) -> Struct:
    hints = get_type_hints(model, include_extras=True)
    fields: list[Any] = []
    names: dict[str, str] = {}
    for field in dataclasses.fields(model):
        hint = hints[field.name]
        # the loader gathers a user's own `x-` keys there; they are no part of the format
        if field.name == "extra" or not may_read(audience, declared_audience(hint)):
            continue
        names |= {field.name: alias} if (alias := _note(hint, "alias")) else {}
        description = _note(hint, "description")
        meta = msgspec.Meta(description=description) if description else None
        type_ = _type(hint, audience)
        annotated = Annotated[type_, meta] if meta else type_
        default = _default(field)
        fields.append(
            (field.name, annotated) if default is msgspec.NODEFAULT else (field.name, annotated, default)
        )
    return msgspec.defstruct(
        model.__name__,
        fields,
        rename=names or None,
        kw_only=True,
        omit_defaults=True,
        forbid_unknown_fields=True,
    )


def _default(field: dataclasses.Field[Any]) -> Any:
    if field.default is not dataclasses.MISSING:
        return field.default
    if field.default_factory is not dataclasses.MISSING:
        made = field.default_factory()
        # what is no plain value is never equal to another, so that it would not be left out
        return made if isinstance(made, tuple) else msgspec.field(default_factory=field.default_factory)
    return msgspec.NODEFAULT


def _note(hint: Any, name: str) -> str | None:
    found = (getattr(note, name, None) for note in getattr(hint, "__metadata__", ()))
    return next((note for note in found if isinstance(note, str)), None)


def _type(hint: Any, audience: Audience) -> Any:
    """The same type with a shape in the place of each model."""
    if hasattr(hint, "__metadata__"):
        return _type(hint.__origin__, audience)
    if isinstance(hint, type) and dataclasses.is_dataclass(hint):
        return _shape(hint, audience)
    origin, arguments = get_origin(hint), get_args(hint)
    if origin in (Union, UnionType):
        members = [_type(one, audience) for one in arguments if one is not NoneType]
        return Union[(*members, *([None] if NoneType in arguments else []))]
    if origin is tuple:
        part: Any = _type(arguments[0], audience)
        return tuple[part, ...]
    return hint
