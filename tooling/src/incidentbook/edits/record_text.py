"""The text of a new record file."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from functools import cache
from typing import Any

from incidentbook.records import KINDS
from incidentbook.source import render_document


def schema_comment(kind: str) -> str:
    """The comment by which an editor finds the JSON Schema of a record, from where it lies."""
    row = KINDS[kind]
    up = "/".join([".."] * (row.folder.count("/") + 1 + row.by_year))
    return f"yaml-language-server: $schema={up}/schema/json/{kind}.schema.json"


@cache
def field_order(kind: str) -> Mapping[str, int]:
    """The place of each key in a record, as the model lists them."""
    names = (field.name.rstrip("_") for field in dataclasses.fields(KINDS[kind].model))
    return {name: place for place, name in enumerate(names)}


def in_order(kind: str, values: Mapping[str, Any]) -> dict[str, Any]:
    """The values that say something, in the order of the model."""
    order = field_order(kind)
    given = {key: value for key, value in values.items() if value not in (None, "", [], (), {})}
    return dict(sorted(given.items(), key=lambda pair: order.get(pair[0], len(order))))


def record_text(kind: str, values: Mapping[str, Any], body: str = "") -> str:
    """Write a new record: its schema's comment, its fields and its body."""
    return render_document(in_order(kind, values), body, comment=schema_comment(kind))
