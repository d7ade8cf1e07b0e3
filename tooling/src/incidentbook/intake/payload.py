"""JSON from outside, read with care: any part may be missing, huge, or of another type."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from incidentbook.intake.errors import IntakeError

LARGEST = 5_000_000
"""Bytes; GitHub passes on at most 64 KB of a payload, and webhooks are rarely larger than 1 MB."""

Fields = Mapping[str, Any]


def read_json(data: bytes, name: str) -> Any:
    """Parse a payload. Raises IntakeError, whose line calls it by `name`."""
    if len(data) > LARGEST:
        raise IntakeError(f"{name} has {len(data):,} bytes; at most {LARGEST:,} are read")
    try:
        # newlines inside strings come from shells that expanded `\\n`
        return json.loads(data.decode("utf-8-sig"), strict=False)
    except UnicodeDecodeError:
        raise IntakeError(f"{name} is not UTF-8 text; a payload is JSON in UTF-8") from None
    except RecursionError:
        raise IntakeError(f"{name} is nested too deeply to be a payload") from None
    except ValueError as error:
        reason = (
            str(error).splitlines()[0] if isinstance(error, json.JSONDecodeError) else "a number is too long"
        )
        raise IntakeError(f"{name} is no JSON: {reason}") from None


def mapping(value: Any) -> Fields:
    """The value where it is an object; else an empty one."""
    return value if isinstance(value, dict) else {}


def items(value: Any) -> list[Any]:
    """The value where it is a list; else an empty one."""
    return value if isinstance(value, list) else []


def part(value: Any, *keys: str) -> Any:
    """What stands at the end of some keys; None where any is missing."""
    for key in keys:
        value = mapping(value).get(key)
    return value


MOST_KEYS = 10
"""So many GitHub allows in a `client_payload`; what has more of them wraps nothing."""


def wrapped(value: Any) -> list[Any]:
    """What a value may wrap: GitHub's `client_payload`, any of a few keys, a list, JSON in a string."""
    fields = mapping(value)
    if "client_payload" in fields:
        return [fields["client_payload"]]
    if isinstance(value, str) and value.lstrip()[:1] in ("{", "["):
        try:
            return [json.loads(value, strict=False)]
        except (ValueError, RecursionError):
            return []
    return items(value) or (list(fields.values()) if len(fields) <= MOST_KEYS else [])
