"""`/api/incidentbook/v1/`: every record whole, as its schema says, and made again only where it changed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from filling import Filler
from jsonschema import Draft202012Validator, FormatChecker

from feedbed import NOW, URL, V1, Machines, incident, site_files
from incidentbook.archive import open_repository
from incidentbook.commands.session import Session
from incidentbook.metrics import Ledger, last_days
from incidentbook.publication import publish
from incidentbook.records import KINDS, Audience
from incidentbook.reports.stats.json import stats_as_json
from incidentbook.source import read_document
from sitebed import RECORDS
from testbed import REPOSITORY_ROOT, SCHEMA, write_files

AUDIENCES = [Audience.PUBLIC, Audience.INTERNAL]


def answers(outputs: dict[str, Any]) -> dict[str, Any]:
    return {
        path.removeprefix(V1): json.loads(output.make())
        for path, output in outputs.items()
        if path.startswith(V1)
    }


def validate(found: dict[str, Any]) -> None:
    """Hold each answer against the schema that is published beside it."""
    schemas = {name: found[f"schema/{name}.schema.json"] for name in ("index", "records", "statistics")}
    validators = {}
    for name, schema in schemas.items():
        Draft202012Validator.check_schema(schema)
        validators[name] = Draft202012Validator(schema, format_checker=FormatChecker())
    for path, answer in found.items():
        if not path.startswith("schema/"):
            validators[path.split("/")[0].removesuffix(".json")].validate(answer)


@pytest.mark.parametrize("audience", AUDIENCES)
def test_the_samples_are_as_the_schemas_say(audience: Audience) -> None:
    found = answers(site_files(REPOSITORY_ROOT, audience, Session(REPOSITORY_ROOT).now))
    validate(found)
    listed = {one["url"].removeprefix(URL + V1): one["count"] for one in found["index.json"]["records"]}
    served = {path: len(found[path]["records"]) for path in found if path.startswith("records/")}
    assert listed == served
    published = publish(open_repository(REPOSITORY_ROOT), audience)
    assert sum(served.values()) == len(published.entries)


@pytest.mark.parametrize("audience", AUDIENCES)
@pytest.mark.parametrize("kind", list(KINDS))
def test_every_field_that_the_audience_may_read_is_there_and_no_other(
    tmp_path: Path, kind: str, audience: Audience
) -> None:
    """Each leaf of a record with something in every field, found again or nowhere in the file."""
    filler = Filler({"drill": False})
    values = filler.fill(KINDS[kind].model)
    # a draft is not for the public
    values["status"] = {"review": "published", "article": "published"}.get(kind, values["status"])
    values = {key: value for key, value in values.items() if not key.startswith("x-")}
    # links that lead nowhere are taken out for everybody
    for key in ("links", "incidents", "replaced_by", "services"):
        values.pop(key, None)
    for item in values.get("items", ()):
        item["incident"] = "INC-2026-0002"
    name = {"incident": "incidents/2026/INC-2026-0001", "review": "incidents/2026/INC-2026-0002.review",
            "maintenance": "incidents/2026/MNT-2026-0001", "problem": "knowledge/problems/PRB-2026-0001",
            "article": "knowledge/articles/how",
            "handover": "handovers/2026/HND-2026-0001"}[kind]  # fmt: skip
    lead = incident("status: closed\nopened: 2026-11-20T08:00+00:00\n")
    text = f"---\n{json.dumps(values, default=str)}\n---\nThe body.\n"
    machines = Machines(
        tmp_path,
        {"incidents/2026/INC-2026-0002.md": lead, f"{name}.md": text},
        audience=audience,
        schema={"schema/people.yml": "people: []\n"},
    )
    found = [
        document
        for path in machines.outputs
        if path.startswith(f"{V1}records/{kind}/")
        for document in machines.json(path)["records"]
        if document["id"] == name.rsplit("/", 1)[-1]
    ]
    assert len(found) == (audience is Audience.INTERNAL or KINDS[kind].widest is Audience.PUBLIC)
    served = json.dumps(found[0], ensure_ascii=False) if found else ""
    for leaf in filler.leaves:
        if leaf.kind != "text" or {"links", "corrects", "extra"} & set(leaf.path):
            continue
        is_shown = leaf.public and KINDS[kind].widest is Audience.PUBLIC
        assert (str(leaf.value) in served) == (is_shown or audience is Audience.INTERNAL), leaf.path
    assert ("The body." in served) == (audience is Audience.INTERNAL or KINDS[kind].body is Audience.PUBLIC)
    served_files = answers(dict(machines.outputs))
    # the figures come from the pages' side
    del served_files["statistics.json"]
    validate(served_files)


def test_a_record_is_as_its_file_has_it(tmp_path: Path) -> None:
    machines = Machines(tmp_path, RECORDS, audience=Audience.INTERNAL)
    served = {one["id"]: one for one in machines.json(f"{V1}records/incident/2026-0000.json")["records"]}
    one = served["INC-2026-0001"]
    document = read_document("x.md", RECORDS["incidents/2026/INC-2026-0001.md"].encode())
    written = document.values
    assert written is not None
    assert set(one["record"]) == set(written)
    assert one["record"]["title"] == written["title"]
    assert one["record"]["services"][1]["from"] == "2026-11-10T09:00:00Z"
    assert one["body"] == document.body
    assert (one["priority"], one["url"]) == ("P1", f"{URL}incidents/INC-2026-0001/")


@pytest.mark.parametrize("audience", AUDIENCES)
def test_figures_are_those_of_the_command(tmp_path: Path, audience: Audience) -> None:
    write_files(tmp_path, {**SCHEMA, **RECORDS})
    served = answers(site_files(tmp_path, audience))["statistics.json"]
    ledger = Ledger(publish(open_repository(tmp_path), audience), NOW)
    window = last_days(ledger.taxonomy, NOW, 90)
    printed = json.loads(stats_as_json(ledger.measure(by="service"), ledger.availability(window)))
    assert served["breakdowns"]["service"] == printed["groups"]
    assert served["overall"] == printed["overall"]
    assert served["availability"] == printed["availability"]
    assert ("team" in served["breakdowns"]) == (audience is Audience.INTERNAL)


def test_a_file_holds_a_thousand_numbers(tmp_path: Path) -> None:
    text = incident("status: closed\nopened: 2026-11-20T08:00+00:00\n")
    numbers = ("0001", "0999", "1000", "10000")
    records = {f"incidents/2026/INC-2026-{number}.md": text for number in numbers}
    outputs = Machines(tmp_path, records).outputs
    found = [path.rsplit("/", 1)[1] for path in outputs if path.startswith(f"{V1}records/incident/")]
    assert found == ["2026-0000.json", "2026-1000.json", "2026-10000.json"]


def test_the_key_names_all_that_a_file_is_made_of(tmp_path: Path) -> None:
    problem = "---\ntitle: Cause\nstatus: open\nvisibility: {}\nopened: 2026-11-01T08:00+00:00\n---\n"
    linked = incident("status: closed\nopened: 2026-11-20T08:00+00:00\nlinks: {problem: PRB-2026-0001}\n")
    records = {
        "incidents/2026/INC-2026-0001.md": linked,
        "incidents/2025/INC-2025-0001.md": incident("status: closed\nopened: 2025-11-20T08:00+00:00\n"),
        "knowledge/problems/PRB-2026-0001.md": problem.format("public"),
    }

    def keys(name: str, changed: dict[str, str], url: str = URL) -> dict[str, tuple[str, bytes]]:
        found = Machines(tmp_path / name, {**records, **changed}, url=url).outputs
        return {path: (one.key, one.make()) for path, one in found.items() if one.key}

    first = keys("first", {})
    assert f"{V1}records/incident/2026-0000.json" in first
    assert keys("again", {}) == first
    changes = {
        "title": keys("title", {"incidents/2026/INC-2026-0001.md": linked.replace("slow", "down")}),
        # the file of the incident is as it was, but its link may no longer be told
        "link": keys("link", {"knowledge/problems/PRB-2026-0001.md": problem.format("internal")}),
        "address": keys("address", {}, url="https://elsewhere.example.invalid/"),
    }
    for name, found in changes.items():
        for path in first.keys() & found.keys():
            assert (first[path][0] == found[path][0]) == (first[path][1] == found[path][1]), (name, path)
        assert first[f"{V1}records/incident/2026-0000.json"] != found[f"{V1}records/incident/2026-0000.json"]
    older = f"{V1}records/incident/2025-0000.json"
    assert first[older] == changes["title"][older] == changes["link"][older]
