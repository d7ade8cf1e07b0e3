"""How an imported record shows whether anybody has since changed what the import brought."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Mapping
from datetime import UTC, datetime
from typing import Any

from pydantic_core import PydanticCustomError

from incidentbook.records.fields import parse_instant

OWNED: Mapping[str, tuple[str, ...]] = {
    "incident": (
        "title", "status", "services", "impact", "urgency", "started", "opened", "restored", "resolved",
        "reopenings", "updates",
    ),
    "maintenance": ("title", "status", "announced", "planned", "actual", "services", "updates"),
}  # fmt: skip
"""The fields that an import fills. `visibility` is set once and then left to people."""


def owned(kind: str, values: Mapping[str, Any], fields: Collection[str] = ()) -> dict[str, Any]:
    """The fields of a record that an import fills, as far as they are there.

    `fields` are those of an import that fills others than Statuspage's.
    """
    return {key: values[key] for key in fields or OWNED[kind] if values.get(key) not in (None, [], {})}


def digest_of(values: Mapping[str, Any]) -> str:
    """The hash to be kept in `origin.digest` of a record with these imported fields."""
    text = json.dumps(_normal(values), sort_keys=True, ensure_ascii=True)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def sealed(origin: Any, values: Mapping[str, Any]) -> dict[str, Any]:
    """A record's `origin` with the hash of its imported fields."""
    return {**(origin if isinstance(origin, Mapping) else {}), "digest": digest_of(values)}


def is_untouched(kind: str, values: Mapping[str, Any], fields: Collection[str] = ()) -> bool:
    """Tell whether a record's imported fields are those that its `origin.digest` was made of."""
    origin = values.get("origin")
    return isinstance(origin, Mapping) and origin.get("digest") == digest_of(owned(kind, values, fields))


def is_same(one: Any, other: Any) -> bool:
    """Tell whether two values say the same, however their times are written."""
    return bool(_normal(one) == _normal(other))


def _normal(value: Any) -> Any:
    if type(value) is str:
        return normal_instant(value)
    if isinstance(value, Mapping):
        return {key: _normal(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_normal(item) for item in value]
    return normal_instant(value) if isinstance(value, str | datetime) else value


def normal_instant(value: Any) -> str:
    """A time in one spelling, so that equal times are equal texts; anything else as text."""
    if isinstance(value, str) and not value[:4].isdigit():
        return value  # most values: a quarter of an import went into finding out that they are no times
    try:
        return parse_instant(value).astimezone(UTC).isoformat()
    except (PydanticCustomError, OverflowError):
        return str(value)
