"""Whatever JSON comes, an import says what it thinks of it, and what it writes can be read."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from incidentbook.edits import record_text
from incidentbook.importers.foreign import Log
from incidentbook.importers.json_rows import Row, UnreadableImportError, read_rows
from incidentbook.importers.statuspage import map_row, map_rows
from incidentbook.records import KINDS, Incident, Maintenance, ServiceState, UpdateStatus
from incidentbook.records.seal import owned, sealed
from incidentbook.source import read_document, read_shape

spellings = ["Resolved", "Update", "In progress", "maintenance", "minor", "none", "under_maintenance", "odd"]
words = st.sampled_from([*UpdateStatus, *ServiceState, *spellings, "", None])
times = st.one_of(
    st.datetimes().map(lambda moment: moment.isoformat() + "Z"),
    st.datetimes().map(lambda moment: moment.isoformat(timespec="milliseconds") + "+02:00"),
    st.sampled_from(["", "now", "2026-02-31T00:00:00Z", "2026-03-01T10:00:00", "1628-08-10T15:00:00Z", None]),
)
texts = st.one_of(st.text(max_size=40), st.none(), st.integers(), st.booleans())
anything = st.recursive(
    texts | st.floats(allow_nan=False),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(texts.map(str), inner, max_size=2),
    max_leaves=4,
)


def objects(**fields: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries({}, optional={key: value | anything for key, value in fields.items()})


components = st.lists(
    objects(id=texts, name=texts, status=words, group=st.booleans(), description=texts) | texts, max_size=3
)
affected = st.lists(objects(code=texts, name=texts, old_status=words, new_status=words), max_size=2)
updates = st.lists(
    objects(
        id=texts, at=times, display_at=times, created_at=times, status=words, body=texts, message=texts,
        affected_components=affected,
    ),
    max_size=4,
)  # fmt: skip
rows = objects(
    **dict.fromkeys(["id", "title", "name", "url", "postmortem_body"], texts),
    **dict.fromkeys(["status", "impact"], words),
    **dict.fromkeys(["created_at", "started_at", "resolved_at", "downtime_start", "downtime_end"], times),
    **dict.fromkeys(["scheduled_for", "scheduled_until", "postmortem_published_at", "updated_at"], times),
    components=components,
    updates=updates,
    incident_updates=updates,
)


def likely(row: dict[str, Any]) -> dict[str, Any]:
    return {"id": "1", "title": "Slow", "created_at": "2026-03-01T10:00:00Z"} | row


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None, max_examples=150)
@given(rows | rows.map(likely))
def test_a_row_gives_a_readable_record_or_a_reason(row: dict[str, Any]) -> None:
    log = Log("feed")
    foreign = map_row(Row(1, json.loads(json.dumps(row))), log)
    if foreign is None:
        assert any(found.severity == "error" for found in log.diagnostics)
        return
    services = [
        {"service": "a", "state": one.state}
        | ({"from": one.from_} if one.from_ else {})
        | ({"to": one.to} if one.to else {})
        for one in foreign.services
    ]
    values = {**foreign.values, "services": services}
    origin = sealed(foreign.origin, owned(foreign.kind, values))
    text = record_text(foreign.kind, {**values, "origin": origin})
    document = read_document("record.md", text.encode())
    assert document.diagnostics == ()
    assert document.values is not None
    fields = {key: value for key, value in document.values.items() if value is not None}
    record, problems = read_shape(document, KINDS[foreign.kind].model, fields)
    assert isinstance(record, Incident | Maintenance)
    assert [problem.message for problem in problems] == []
    assert record.title == foreign.values["title"]
    assert [update.text for update in record.updates] == [
        update["text"] for update in foreign.values.get("updates", [])
    ]


@settings(deadline=None)
@given(st.lists(anything | rows.map(likely), max_size=4))
def test_any_list_is_read_to_its_end(values: list[Any]) -> None:
    for data in (json.dumps(values), json.dumps({"incidents": values}, indent=1)):
        log = Log("feed")
        read = read_rows(data.encode(), "feed")
        assert [row.value for row in read] == json.loads(json.dumps(values))
        map_rows(read, log)


@given(st.binary(max_size=200) | st.text(max_size=200).map(str.encode))
def test_any_bytes_are_rows_or_one_line_of_reason(data: bytes) -> None:
    try:
        read_rows(data, "feed")
    except UnreadableImportError as error:
        assert "\n" not in str(error)


@given(st.text(alphabet='{}[]",:\n ab1', max_size=60))
def test_anything_like_json_is_rows_or_one_line_of_reason(text: str) -> None:
    try:
        read_rows(text.encode(), "feed")
    except UnreadableImportError as error:
        assert "\n" not in str(error)
