"""Editors and `check` agree on the shape of records and configuration."""

from __future__ import annotations

import copy
import json
import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator, FormatChecker

from incidentbook.records import KINDS, parse_name
from incidentbook.scaffold.json_schemas import FOLDER, json_schemas
from incidentbook.source import read_document, read_yaml
from incidentbook.taxonomy.settings import FILES

ROOT = Path(__file__).parents[3]

INCIDENT: dict[str, Any] = {
    "title": "Checkout answers 502 for one request in five",
    "status": "new",
    "services": [{"service": "checkout", "state": "partial_outage", "from": "2026-11-21T13:58+00:00"}],
    "category": "application/deployment",
    "impact": "high",
    "opened": "2026-11-21T14:05+00:00",
}


GENERATED = json_schemas()


@cache
def validator(name: str) -> Draft202012Validator:
    return Draft202012Validator(
        json.loads(GENERATED[f"{FOLDER}/{name}.schema.json"]), format_checker=FormatChecker()
    )


def faults(name: str, values: Any) -> list[str]:
    return [f"{error.json_path}: {error.message}" for error in validator(name).iter_errors(values)]


def sample_records() -> list[str]:
    return sorted(
        path.relative_to(ROOT).as_posix()
        for folder in ("incidents", "knowledge", "handovers")
        for path in (ROOT / folder).rglob("*.md")
    )


def test_there_is_a_schema_for_every_kind_and_every_file() -> None:
    assert set(GENERATED) == {f"{FOLDER}/{name}.schema.json" for name in (*KINDS, *FILES)}


@pytest.mark.parametrize("path", sorted(GENERATED))
def test_committed_schemas_are_those_of_the_models(path: str) -> None:
    assert (ROOT / path).read_text(encoding="utf-8") == GENERATED[path], "run `incidentbook schema`"


@pytest.mark.parametrize("path", sorted(GENERATED))
def test_each_is_a_schema_with_a_dialect_and_a_description(path: str) -> None:
    schema = json.loads(GENERATED[path])
    Draft202012Validator.check_schema(schema)
    assert schema["$schema"].endswith("2020-12/schema")
    assert schema["description"]
    # a property that only repeats what it refers to is described there
    assert all("description" in node or "$ref" in node for node in schema["properties"].values())
    assert all(node["description"] for node in schema.get("$defs", {}).values())


@pytest.mark.parametrize("path", sample_records())
def test_sample_records_satisfy_their_schema(path: str) -> None:
    document = read_document(path, (ROOT / path).read_bytes())
    name = parse_name(path)
    assert name is not None
    assert faults(name.kind, document.values) == []
    # the comment by which editors find the schema leads to it
    modeline = re.search(r"^# yaml-language-server: \$schema=(\S+)$", document.text, re.MULTILINE)
    if modeline:
        assert ((ROOT / path).parent / modeline[1]).resolve() == ROOT / FOLDER / f"{name.kind}.schema.json"


@pytest.mark.parametrize("name", sorted(FILES))
def test_sample_configuration_satisfies_its_schema_and_names_it(name: str) -> None:
    path = f"schema/{name}.yml"
    document = read_yaml(path, (ROOT / path).read_bytes())
    assert faults(name, document.values) == []
    assert document.text.startswith(f"# yaml-language-server: $schema=json/{name}.schema.json\n")


def test_the_least_incident_is_accepted() -> None:
    assert faults("incident", INCIDENT) == []


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ({"titel": "x"}, "$"),
        ({"status": "open"}, "$.status"),
        ({"title": ""}, "$.title"),
        ({"impact": "critical"}, "$.impact"),
        ({"opened": "2026-11-21T14:05"}, "$.opened"),
        ({"opened": "yesterday"}, "$.opened"),
        ({"major": "yes"}, "$.major"),
        ({"services": {"service": "checkout"}}, "$.services"),
        ({"services": [{"service": "Check Out", "state": "partial_outage"}]}, "$.services[0].service"),
        ({"services": [{"service": "checkout", "state": "broken"}]}, "$.services[0].state"),
        ({"links": {"problem": "PRB-26-1"}}, "$.links"),
        ({"extra": {}}, "$"),
    ],
)
def test_what_the_models_refuse_is_underlined(change: dict[str, Any], place: str) -> None:
    found = faults("incident", INCIDENT | change)
    assert [fault.split(":")[0] for fault in found] == [place]


@pytest.mark.parametrize("key", ["title", "status"])
def test_what_every_incident_needs_is_missed(key: str) -> None:
    values = copy.deepcopy(INCIDENT)
    del values[key]
    assert faults("incident", values) == [f"$: '{key}' is a required property"]


def test_own_keys_are_free_at_the_top_only() -> None:
    assert faults("incident", INCIDENT | {"x-ticket": {"any": ["thing"]}}) == []
    assert faults("incident", INCIDENT | {"links": {"x-ticket": 1}})


@pytest.mark.parametrize("priority", ["P1", {"value": "P1", "reason": "The whole harbour waits."}])
def test_an_override_is_a_value_or_a_value_with_its_reason(priority: Any) -> None:
    assert faults("incident", INCIDENT | {"priority": priority}) == []


@pytest.mark.parametrize("priority", [1, {"reason": "None."}, {"value": "P1", "because": "x"}])
def test_an_override_is_nothing_else(priority: Any) -> None:
    assert faults("incident", INCIDENT | {"priority": priority})


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("incidentbook", {"name": "No format"}),
        ("incidentbook", {"format": "1", "name": "A word"}),
        ("services", {"services": [{"id": "shop"}]}),
        ("priority", {"matrices": [{"cells": {"huge": {"high": "P1"}}}]}),
        ("calendars", {"calendars": [{"id": "a", "name": "A", "hours": {"mon": ["9-17"]}}]}),
        ("calendars", {"calendars": [{"id": "a", "name": "A", "holidays": {"days": ["2026-02-31"]}}]}),
        ("sla", {"policies": [{"id": "a", "name": "A", "response": "soon"}]}),
        ("reviews", {"policies": [{"required_when": ["always"]}]}),
    ],
)
def test_wrong_configuration_is_underlined(name: str, values: dict[str, Any]) -> None:
    assert faults(name, values)


def test_times_need_no_seconds() -> None:
    """`format: date-time` would have editors underline every time that is written to the minute."""
    assert "date-time" not in "".join(GENERATED.values())
