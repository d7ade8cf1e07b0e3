"""JSON Schemas of records and configuration, generated from the models, for editors."""

from __future__ import annotations

import json
from typing import Any

from pydantic import TypeAdapter

from incidentbook.records import KINDS
from incidentbook.taxonomy.settings import FILES, FORMAT

FOLDER = "schema/json"
"""Where the schemas lie in a records repository."""

ID_PREFIX = f"urn:incidentbook:format-{FORMAT}:"
"""How every schema's `$id` begins: schemas have no home on the web."""

DIALECT = "https://json-schema.org/draft/2020-12/schema"

Schema = dict[str, Any]

_NAMED = frozenset({"properties", "patternProperties", "$defs"})
"""Keywords whose value names schemas."""

_FIRST = ("$schema", "$id", "title", "description", "type", "$ref", "properties", "patternProperties")
_LAST = ("required", "additionalProperties", "default", "$defs")


def json_schemas() -> dict[str, str]:
    """Return every schema as text, by its path in the repository."""
    schemas = {
        **{kind.name: _record_schema(kind.name, kind.model) for kind in KINDS.values()},
        **{name: _file_schema(name, model) for name, model in FILES.items()},
    }
    return {f"{FOLDER}/{name}.schema.json": _text(name, schema) for name, schema in sorted(schemas.items())}


def _record_schema(name: str, model: type[Any]) -> Schema:
    """Schema of a record's front matter; keys that begin with `x-` may hold anything."""
    schema = _bare_schema(model)
    schema["title"] = f"Incidentbook: front matter of {'an' if name[0] in 'aeiou' else 'a'} {name}"
    # The loader gathers x- keys in the field `extra`, which nobody writes.
    del schema["properties"]["extra"]
    schema["patternProperties"] = {"^x-": {}}
    return schema


def _file_schema(name: str, model: type[Any]) -> Schema:
    schema = _bare_schema(model)
    schema["title"] = f"Incidentbook: schema/{name}.yml"
    return schema


def _bare_schema(model: type[Any]) -> Schema:
    schema = TypeAdapter(model).json_schema(by_alias=True, mode="validation")
    _allow_shorthand(schema)
    return _tidy(schema)


def _allow_shorthand(schema: Schema) -> None:
    """Let an override be its bare value: a validator spells it out, and pydantic cannot see that."""
    override = schema.get("$defs", {}).get("StoredText")
    if override is None:
        return
    whole = dict(override)
    description = whole.pop("description")
    override.clear()
    override |= {"description": description, "anyOf": [{"type": "string", "minLength": 1}, whole]}


def _tidy(node: Schema) -> Schema:
    """Leave out what helps no reader of the schema, and put the rest into a fixed order."""
    return {key: _tidy_value(key, node[key]) for key in sorted(node, key=_place) if not _is_noise(key, node)}


def _tidy_value(key: str, value: Any) -> Any:
    if key in _NAMED:
        # Keys of a record are in the order of its model, definitions are looked up by name.
        names = sorted(value) if key == "$defs" else value
        return {name: _tidy(value[name]) for name in names}
    if isinstance(value, list):
        return [_tidy(item) if isinstance(item, dict) else item for item in value]
    if isinstance(value, float) and value.is_integer():
        return int(value)  # pydantic before 2.11 wrote 0.0 where later versions write 0
    return _tidy(value) if isinstance(value, dict) else value


def _is_noise(key: str, node: Schema) -> bool:
    if key == "title":
        return True  # pydantic repeats the name of the field or of the class
    if key == "default" and node[key] in (None, [], {}):
        return True  # to leave a key out says the same
    # RFC 3339 wants seconds, records need none; editors underline what `format` refuses.
    return key == "format" and node[key] == "date-time" and "pattern" in node


def _place(key: str) -> tuple[int, str]:
    if key in _FIRST:
        return (_FIRST.index(key), "")
    return (len(_FIRST) + 1 + _LAST.index(key), "") if key in _LAST else (len(_FIRST), key)


def _text(name: str, schema: Schema) -> str:
    headed = {"$schema": DIALECT, "$id": f"{ID_PREFIX}{name}", **schema}
    ordered = {key: headed[key] for key in sorted(headed, key=_place)}
    return json.dumps(ordered, indent=2, ensure_ascii=False) + "\n"
