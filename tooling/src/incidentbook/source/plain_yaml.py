"""The YAML of plain values written at once, as PyYAML would write it, some thirty times faster.

An import writes tens of thousands of records, nearly all of them nothing but short words, keys,
times and numbers. What is anything else is left to PyYAML; a property test holds the two equal.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from incidentbook.source.yaml_reader import scalar_value

LINE_WIDTH = 100
"""A longer line would be folded."""

INSTANT = re.compile(r"\d{4}-\d{2}-\d{2}T[\d:.]+(Z|[+-]\d{2}:\d{2})", re.ASCII)

_LETTERS = "A-Za-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u024f"
_PLAIN = re.compile(rf"[{_LETTERS}](?:[{_LETTERS}0-9 _./()+=;$^~'&-]*[{_LETTERS}0-9_./()+=;$^~'&-])?")
"""Text without anything that YAML might take for its own, in braces too; it begins with a letter."""

_WITH_COMMAS = re.compile(rf"[{_LETTERS}](?:[{_LETTERS}0-9 _./()+=;$^~'&,-]*[{_LETTERS}0-9_./()+=;$^~'&,-])?")
_CODE = re.compile("[0-9A-Za-z]+")
"""A word or number, such as a hash; quoted where it reads as something else than text."""

_KEY = re.compile(r"[A-Za-z][A-Za-z0-9_-]*")


def plain_entry(key: str, value: Any, indent: str = "") -> str | None:
    """One key of a block mapping with its value, line ends included; None where it is not plain enough."""
    if not _KEY.fullmatch(key) or not isinstance(scalar_value(key), str):
        return None
    if isinstance(value, list):
        return _block_list(key, value, indent)
    if isinstance(value, Mapping):
        return _block_mapping(key, value, indent)
    text = _scalar(value, _WITH_COMMAS)
    return None if text is None else _fitting(f"{indent}{key}: {text}\n")


def _block_list(key: str, items: list[Any], indent: str) -> str | None:
    if not items:
        return f"{indent}{key}: []\n"
    lines = [f"{indent}{key}:\n"]
    for item in items:
        text = _flow_mapping(item) if isinstance(item, Mapping) else _scalar(item, _WITH_COMMAS)
        line = None if text is None else _fitting(f"{indent}  - {text}\n")
        if line is None:
            return None
        lines.append(line)
    return "".join(lines)


def _block_mapping(key: str, values: Mapping[str, Any], indent: str) -> str | None:
    if not values:
        return f"{indent}{key}: {{}}\n"
    lines = [f"{indent}{key}:\n"]
    for inner, value in values.items():
        line = plain_entry(inner, value, indent + "  ")
        if line is None:
            return None
        lines.append(line)
    return "".join(lines)


def _flow_mapping(values: Mapping[str, Any]) -> str | None:
    parts = []
    for key, value in values.items():
        text = None if isinstance(value, Mapping | list) else _scalar(value, _PLAIN)
        if text is None or not _KEY.fullmatch(key) or not isinstance(scalar_value(key), str):
            return None
        parts.append(f"{key}: {text}")
    return f"{{{', '.join(parts)}}}"


def _scalar(value: Any, plain: re.Pattern[str]) -> str | None:
    if isinstance(value, str):
        if INSTANT.fullmatch(value):
            return value
        if _CODE.fullmatch(value):
            return value if isinstance(scalar_value(value), str) else f"'{value}'"
        return value if plain.fullmatch(value) else None
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, int) else None


def _fitting(line: str) -> str | None:
    return line if len(line) <= LINE_WIDTH else None
