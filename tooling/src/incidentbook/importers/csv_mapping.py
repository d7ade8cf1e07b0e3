"""What a mapping says: which columns of a CSV file become which fields of an incident, and how."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import field, fields
from enum import StrEnum
from importlib.resources import files
from pathlib import Path
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field
from pydantic_core import PydanticCustomError

from incidentbook.diagnostics import Diagnostic, IncidentbookError, Severity
from incidentbook.records import IncidentStatus, Level, ServiceState
from incidentbook.records.fields import Slug, Text, model
from incidentbook.source import read_shape, read_yaml

_PRESETS = "presets"
_PRIORITIES = tuple(f"P{number}" for number in range(1, 10))
_OWN_KEY = re.compile(r"x-[a-z0-9][a-z0-9_-]*")


def _spell_out(value: object) -> object:
    """Columns may be written as a bare list, or as one name."""
    if isinstance(value, str):
        return {"columns": [value]}
    return {"columns": value} if isinstance(value, list) else value


def _words(known: Iterable[str]) -> BeforeValidator:
    """Refuse a value map that names a word which we do not have."""
    expected = [str(word) for word in known]

    def check(value: Any) -> Any:
        given = value.get("values") if isinstance(value, Mapping) else None
        for word in given if isinstance(given, Mapping) else ():
            if word not in expected:
                raise PydanticCustomError(
                    "unknown_word",
                    "`{word}` is none of our words; expected one of {expected}",
                    {"word": str(word), "expected": ", ".join(expected)},
                )
        return _spell_out(value)

    return BeforeValidator(check)


def _one_meaning(values: dict[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
    """Refuse a word of theirs that stands for two of ours."""
    meanings: dict[str, str] = {}
    for ours, all_of in values.items():
        for theirs in all_of:
            other = meanings.setdefault(" ".join(theirs.casefold().split()), ours)
            if other != ours:
                raise PydanticCustomError(
                    "two_meanings",
                    "`{word}` stands for `{one}` and for `{other}`; leave it in one of the two",
                    {"word": theirs, "one": other, "other": ours},
                )
    return values


@model
class Column:
    """Where a value stands: the first of these columns that the file has."""

    columns: Annotated[tuple[Text, ...], Field(min_length=1, description="Names of the column.")]
    otherwise: Annotated[
        tuple[Text, ...], Field(description="Columns to be joined where the first has no value.")
    ] = ()
    split: Annotated[str | None, Field(description="What stands between several values of a cell.")] = None
    values: Annotated[
        dict[str, tuple[str, ...]],
        AfterValidator(_one_meaning),
        Field(description="Our word, and theirs that mean it."),
    ] = field(default_factory=dict)


From = Annotated[Column, BeforeValidator(_spell_out)]


class RecordedSla(StrEnum):
    """Whether the other system says that the promised times were kept."""

    MET = "met"
    BREACHED = "breached"


@model
class Rows:
    """How rows make incidents. A file may hold several rows of one incident: its log."""

    id: Annotated[From, Field(description="The incident's ID there; rows with one ID are one incident.")]
    time: Annotated[From | None, Field(description="When a row of a log was written.")] = None
    sequence: Annotated[From | None, Field(description="The row's number among those of its incident.")] = (
        None
    )
    first: Annotated[str, Field(description="The number that the row of the creation has.")] = "0"


@model
class Targets:
    """The fields that a column can become."""

    status: Annotated[Column | None, _words(IncidentStatus), Field(description="The state.")] = None
    title: Annotated[From | None, Field(description="What is wrong.")] = None
    summary: Annotated[From | None, Field(description="What happened, in two sentences.")] = None
    description: Annotated[From | None, Field(description="Becomes the body, once.")] = None
    symptoms: Annotated[From | None, Field(description="What one sees.")] = None
    major: Annotated[Column | None, _words(["true"]), Field(description="`true` for a major incident.")] = (
        None
    )
    services: Annotated[From | None, Field(description="Names of services.")] = None
    service_state: Annotated[
        Column | None, _words(ServiceState), Field(description="The state that they were in.")
    ] = None
    category: Annotated[From | None, Field(description="Name of the category.")] = None
    subcategory: Annotated[From | None, Field(description="Name of the subcategory.")] = None
    impact: Annotated[Column | None, _words(Level), Field(description="How wide.")] = None
    urgency: Annotated[Column | None, _words(Level), Field(description="How pressing.")] = None
    priority: Annotated[Column | None, _words(_PRIORITIES), Field(description="P1 to P9.")] = None
    started: Annotated[From | None, Field(description="When service began to suffer.")] = None
    detected: Annotated[From | None, Field(description="When it was noticed.")] = None
    opened: Annotated[From | None, Field(description="When it was logged.")] = None
    acknowledged: Annotated[From | None, Field(description="When somebody took it.")] = None
    mitigated: Annotated[From | None, Field(description="When the harm was contained.")] = None
    restored: Annotated[From | None, Field(description="When service was back.")] = None
    resolved: Annotated[From | None, Field(description="When the work was done.")] = None
    closed: Annotated[From | None, Field(description="When the record was closed.")] = None
    cancelled: Annotated[From | None, Field(description="When it was called off.")] = None
    cancel_reason: Annotated[From | None, Field(description="Why it was called off.")] = None
    channel: Annotated[From | None, Field(description="How it came in.")] = None
    reporter: Annotated[From | None, Field(description="Who reported it.")] = None
    affected_count: Annotated[From | None, Field(description="How many users.")] = None
    affected_who: Annotated[From | None, Field(description="Which users.")] = None
    location: Annotated[From | None, Field(description="Site, region or office.")] = None
    assets: Annotated[From | None, Field(description="Configuration items.")] = None
    team: Annotated[From | None, Field(description="Which team has it.")] = None
    owner: Annotated[From | None, Field(description="Which person has it.")] = None
    resolved_by: Annotated[From | None, Field(description="Who resolved it.")] = None
    closed_by: Annotated[From | None, Field(description="Who closed it.")] = None
    hold_reason: Annotated[
        From | None, Field(description="Why it waits; without a column, the words of the state.")
    ] = None
    resolution_code: Annotated[From | None, Field(description="How it ended.")] = None
    resolution_summary: Annotated[From | None, Field(description="What was done.")] = None
    workaround: Annotated[From | None, Field(description="What users can do meanwhile.")] = None
    satisfaction: Annotated[From | None, Field(description="A score from 1 to 5.")] = None
    caused_by_change: Annotated[From | None, Field(description="The change that caused it.")] = None
    fixed_by_change: Annotated[From | None, Field(description="The change that fixed it.")] = None
    url: Annotated[From | None, Field(description="Its address there.")] = None
    sla: Annotated[Column | None, _words(RecordedSla), Field(description="Whether its times were kept.")] = (
        None
    )
    reassignments: Annotated[From | None, Field(description="How often it changed hands.")] = None
    reopenings: Annotated[From | None, Field(description="How often it was reopened.")] = None


@model
class CsvMapping:
    """One mapping: a preset of ours, or a file of the user's."""

    name: Annotated[Text, Field(description="What people call the other system.")]
    system: Annotated[Slug, Field(description="What `origin.system` will say.")]
    missing: Annotated[
        tuple[str, ...], Field(description="Cells that mean nothing, besides empty ones.")
    ] = ()
    rows: Annotated[Rows, Field(description="How rows make incidents.")]
    fields: Annotated[Targets, Field(description="Our fields, and their columns.")]
    own: Annotated[
        dict[str, From], Field(description="Keys beginning with x-, and the columns kept in them.")
    ] = field(default_factory=dict)
    left_out: Annotated[
        tuple[str, ...], Field(description="Columns that are known to have no place in a record.")
    ] = ()


class BrokenMappingError(IncidentbookError):
    """A mapping says something that no mapping can."""

    def __init__(self, found: Diagnostic, more: int) -> None:
        place = f":{found.span.line}:{found.span.column}" if found.span else ""
        advice = f" ({found.help})" if found.help else ""
        rest = f"; and {more} more" if more else ""
        super().__init__(f"{found.path}{place}: {found.message}{advice}{rest}")


class UnknownPresetError(IncidentbookError):
    """There is no preset of this name."""

    def __init__(self, name: str) -> None:
        super().__init__(f"there is no preset `{name}`; expected one of {', '.join(preset_names())}")


def preset_names() -> list[str]:
    """The presets there are."""
    folder = files(__package__) / _PRESETS
    return sorted(item.name.removesuffix(".yml") for item in folder.iterdir() if item.name.endswith(".yml"))


def preset_text(name: str) -> str:
    """The text of a preset, for people who want to change one. Raises UnknownPresetError."""
    if name not in preset_names():
        raise UnknownPresetError(name)
    return (files(__package__) / _PRESETS / f"{name}.yml").read_text(encoding="utf-8")


def load_preset(name: str) -> CsvMapping:
    """A preset. Raises UnknownPresetError."""
    return read_mapping(f"preset {name}", preset_text(name).encode())


def load_mapping(path: Path) -> CsvMapping:
    """The mapping in a file. Raises BrokenMappingError, or OSError."""
    return read_mapping(str(path), path.read_bytes())


def read_mapping(path: str, data: bytes) -> CsvMapping:
    """The mapping that a YAML text says. Raises BrokenMappingError."""
    document = read_yaml(path, data)
    found = document.diagnostics
    mapping = None
    if document.values is not None:
        mapping, shape = read_shape(document, CsvMapping, document.values)
        found += shape
        for key in mapping.own if mapping else ():
            if not _OWN_KEY.fullmatch(key):
                message = f"`{key}` is no key of your own; those begin with `x-`"
                span = document.key_span("own", key)
                found += (Diagnostic("unknown-key", Severity.ERROR, message, path, span),)
    if mapping is None or found:
        raise BrokenMappingError(found[0], len(found) - 1)
    return mapping


def columns_of(mapping: CsvMapping) -> Iterator[Column]:
    """Every column that a mapping reads."""
    for part in (mapping.rows, mapping.fields):
        for each in fields(part):
            value = getattr(part, each.name)
            if isinstance(value, Column):
                yield value
    yield from mapping.own.values()
