"""Values back to text, and text to disk without ever leaving half a file."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from enum import Enum
from pathlib import Path
from typing import Any

import yaml

from incidentbook.source.plain_yaml import INSTANT, LINE_WIDTH, plain_entry
from incidentbook.source.yaml_reader import scalar_value

_FLOW_WIDTH = 96
_FOREIGN_BREAKS = frozenset("\x85\u2028\u2029")
"""What YAML 1.1 takes for the end of a line, and text may hold."""


class _Writer(yaml.SafeDumper):
    """Writes plain scalars that our own reader reads back, not those that YAML 1.1 would."""

    def resolve(self, kind: type[yaml.Node], value: Any, implicit: Any) -> str:
        """Resolve by the core schema of YAML 1.2, as the reader does."""
        if kind is not yaml.ScalarNode or not implicit[0]:
            return str(super().resolve(kind, value, (False, True)))  # type: ignore[no-untyped-call]
        match scalar_value(value):
            case None:
                return "tag:yaml.org,2002:null"
            case bool():
                return "tag:yaml.org,2002:bool"
            case int():
                return "tag:yaml.org,2002:int"
            case float():
                return "tag:yaml.org,2002:float"
        return "tag:yaml.org,2002:str"

    def analyze_scalar(self, scalar: str) -> Any:
        """Leave times unquoted also inside `{...}`: PyYAML quotes every colon there, YAML need not."""
        analysis = super().analyze_scalar(scalar)
        if not _FOREIGN_BREAKS.isdisjoint(scalar):
            # outside double quotes, where they are escaped, such a character is read as a space or newline
            analysis.allow_flow_plain = analysis.allow_block_plain = False
            analysis.allow_single_quoted = analysis.allow_block = False
        if INSTANT.fullmatch(scalar):
            analysis.allow_flow_plain = True
        return analysis

    def ignore_aliases(self, data: Any) -> bool:  # noqa: ARG002
        """Write equal values out each time: a record has no aliases."""
        return True

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> Any:  # noqa: ARG002, FBT001
        """Indent lists below their key, as people do by hand."""
        return super().increase_indent(flow, indentless=False)


def _represent_text(writer: yaml.SafeDumper, text: str) -> yaml.Node:
    style = "|" if "\n" in text and not any(line != line.rstrip() for line in text.split("\n")) else None
    return writer.represent_scalar("tag:yaml.org,2002:str", text, style=style)


def _represent_mapping(writer: yaml.SafeDumper, mapping: dict[str, Any]) -> yaml.Node:
    return writer.represent_mapping("tag:yaml.org,2002:map", mapping.items(), flow_style=False)


_Writer.add_representer(str, _represent_text)
_Writer.add_representer(dict, _represent_mapping)


def to_yaml(values: Mapping[str, Any]) -> str:
    """Write values as YAML in the order given; small mappings inside lists on one line."""
    plain = _plain(values)
    if not plain:
        return dump(plain)
    # each key stands for itself, so that only those that need it take the long way
    return "".join(plain_entry(key, value) or dump({key: value}) for key, value in plain.items())


def dump(values: dict[str, Any]) -> str:
    """Write plain values by PyYAML, whatever they are."""
    written = yaml.dump(
        _Flowing.mark(values), Dumper=_Writer, sort_keys=False, allow_unicode=True, width=LINE_WIDTH
    )
    return str(written)


class _Flowing(dict[str, Any]):
    """A mapping to be written on one line."""

    @classmethod
    def mark(cls, value: Any, *, inside_list: bool = False) -> Any:
        """Mark the mappings inside lists that are short enough."""
        if isinstance(value, list):
            return [cls.mark(item, inside_list=True) for item in value]
        if isinstance(value, dict):
            if inside_list and _is_short(value):
                return cls(value)
            return {key: cls.mark(item) for key, item in value.items()}
        return value


def _is_short(mapping: dict[str, Any]) -> bool:
    leaves = mapping.values()
    if any(isinstance(leaf, dict | list) or (isinstance(leaf, str) and "\n" in leaf) for leaf in leaves):
        return False
    return sum(len(str(key)) + len(str(leaf)) + 4 for key, leaf in mapping.items()) <= _FLOW_WIDTH


def _represent_flowing(writer: yaml.SafeDumper, mapping: _Flowing) -> yaml.Node:
    return writer.represent_mapping("tag:yaml.org,2002:map", mapping.items(), flow_style=True)


_Writer.add_representer(_Flowing, _represent_flowing)


class _Moment(str):
    """A time or date, written plain."""

    __slots__ = ()


def _represent_moment(writer: yaml.SafeDumper, moment: _Moment) -> yaml.Node:
    return writer.represent_scalar("tag:yaml.org,2002:str", str(moment))


_Writer.add_representer(_Moment, _represent_moment)


_ALREADY_PLAIN = frozenset({str, int, bool, float, type(None)})


def _plain(value: Any) -> Any:
    if type(value) in _ALREADY_PLAIN:
        return value  # nearly everything: the questions below are ten times as long
    match value:
        case Enum():
            return value.value
        case datetime():
            return _Moment(format_instant(value))
        case date():
            return _Moment(value.isoformat())
        case timedelta():
            return f"{int(value.total_seconds())}s"
        case Mapping():
            return {str(key): _plain(item) for key, item in value.items()}
        case list() | tuple():
            return [_plain(item) for item in value]
        case str():
            return str(value)
    return value


def format_instant(instant: datetime) -> str:
    """Write a time as records do: minutes unless it has seconds, always with its offset."""
    precision = "minutes" if not (instant.second or instant.microsecond) else "auto"
    return instant.isoformat(timespec=precision)


def render_document(values: Mapping[str, Any], body: str, *, comment: str | None = None) -> str:
    """Write a record file: front matter in the order given, then the body."""
    head = f"# {comment}\n" if comment else ""
    text = f"---\n{head}{to_yaml(values)}---\n"
    return text + (body.rstrip("\n") + "\n" if body.strip() else "")


def write_text(path: Path, text: str) -> None:
    """Write a file whole or not at all: to a temporary name beside it, then moved."""
    write_bytes(path, text.encode("utf-8"))


def write_bytes(path: Path, data: bytes) -> None:
    """Write a file whole or not at all; an existing file keeps its mode."""
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".tmp")
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
        # mkstemp makes files that only their owner can read
        mode = path.stat().st_mode & 0o777 if path.exists() else 0o666 & ~_umask()
        Path(temporary).chmod(mode)
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


def _umask() -> int:
    current = os.umask(0)
    os.umask(current)
    return current
