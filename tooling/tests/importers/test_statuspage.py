"""How rows of Statuspage become fields of ours."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from incidentbook.importers.foreign import Foreign, Log
from incidentbook.importers.json_rows import Row
from incidentbook.importers.statuspage import map_row, map_rows


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"2026-03-{text}").replace(tzinfo=UTC)


def mapped(row: dict[str, Any]) -> tuple[Foreign, Log]:
    log = Log("feed")
    foreign = map_row(Row(7, row), log)
    assert foreign is not None, log.diagnostics
    return foreign, log


def complaints(log: Log) -> list[str]:
    return [found.message for found in log.diagnostics]


def archived(**changes: Any) -> dict[str, Any]:
    """A row as an archive of a page writes it, one incident a line."""
    return {
        "id": "101",
        "title": "Berth booking is slow",
        "url": "https://status.example/incidents/abc123",
        "impact": "major",
        "started_at": "2026-03-01T10:00:00Z",
        "resolved_at": "2026-03-01T12:00:00Z",
        "downtime_start": "2026-03-01T09:45:00Z",
        "downtime_end": "2026-03-01T11:50:00Z",
        "components": ["Berth booking"],
        "updates": [
            {"at": "2026-03-01T10:00:00Z", "status": "Investigating", "message": "We are looking."},
            {"at": "2026-03-01T11:00:00Z", "status": "Update", "message": "Still looking."},
            {"at": "2026-03-01T12:00:00Z", "status": "Resolved", "message": "It works again."},
        ],
    } | changes


def served(**changes: Any) -> dict[str, Any]:
    """A row as the v2 API serves it: newest update first, components with codes."""
    return {
        "id": "p31zjtct2jer",
        "name": "Gate readers offline",
        "status": "resolved",
        "created_at": "2026-03-02T08:00:05.120Z",
        "updated_at": "2026-03-02T10:00:00.000Z",
        "monitoring_at": "2026-03-02T09:30:00.000Z",
        "resolved_at": "2026-03-02T10:00:00.000Z",
        "impact": "critical",
        "shortlink": "https://stspg.example/p31",
        "started_at": "2026-03-02T08:00:00.000Z",
        "page_id": "page",
        "incident_updates": [
            update("u3", "resolved", "02T10:00", [("gates", "Gates", "degraded_performance", "operational")]),
            update(
                "u2", "monitoring", "02T09:30", [("gates", "Gates", "major_outage", "degraded_performance")]
            ),
            update("u1", "investigating", "02T08:00", [("gates", "Gates", "operational", "major_outage")]),
        ],
        "components": [
            {"id": "gates", "name": "Gates", "status": "operational", "description": "Pontoon gates"}
        ],
    } | changes


def update(
    id_: str, status: str, time: str, components: list[tuple[str, str, str, str]] | None = None
) -> dict[str, Any]:
    moment = f"2026-03-{time}:00.000Z"
    return {
        "id": id_,
        "status": status,
        "body": f"Body of {id_}",
        "created_at": moment,
        "display_at": moment,
        "updated_at": moment,
        "affected_components": components
        and [
            {"code": code, "name": name, "old_status": old, "new_status": new}
            for code, name, old, new in components
        ],
    }


def scheduled(**changes: Any) -> dict[str, Any]:
    return (
        served(
            name="New database disks",
            status="scheduled",
            impact="maintenance",
            created_at="2026-03-01T08:00:00.000Z",
            started_at="2026-03-01T08:00:00.000Z",
            resolved_at=None,
            scheduled_for="2026-03-05T22:00:00.000Z",
            scheduled_until="2026-03-06T02:00:00.000Z",
            incident_updates=[update("s1", "scheduled", "01T08:00")],
        )
        | changes
    )


def test_an_archived_row() -> None:
    foreign, log = mapped(archived())
    assert foreign.kind == "incident"
    assert foreign.filed == at("01T10:00")
    assert foreign.origin == {
        "system": "statuspage",
        "id": "101",
        "url": "https://status.example/incidents/abc123",
    }
    values = dict(foreign.values)
    assert [said["status"] for said in values.pop("updates")] == [
        "investigating",
        "investigating",
        "resolved",
    ]
    assert values == {
        "title": "Berth booking is slow",
        "visibility": "public",
        "status": "resolved",
        "impact": "high",
        "urgency": "medium",
        "started": at("01T09:45"),
        "opened": at("01T10:00"),
        "restored": at("01T11:50"),
        "resolved": at("01T12:00"),
    }
    assert [(impact.service.name, impact.state) for impact in foreign.services] == [
        ("Berth booking", "partial_outage")
    ]
    assert complaints(log) == []
    assert dict(log.counts) == {"updates say only `Update` and keep the status before them": 1}


def test_a_served_row_turns_its_updates_round_and_follows_its_components() -> None:
    foreign, log = mapped(served())
    assert foreign.filed == foreign.values["opened"] == datetime(2026, 3, 2, 8, 0, 5, 120_000, tzinfo=UTC)
    assert foreign.values["started"] == at("02T08:00")
    assert [said["id"] for said in foreign.values["updates"]] == ["u1", "u2", "u3"]
    assert all(said["visibility"] == "public" for said in foreign.values["updates"])
    assert [(impact.state, impact.from_, impact.to) for impact in foreign.services] == [
        ("major_outage", at("02T08:00"), at("02T09:30")),
        ("degraded_performance", at("02T09:30"), at("02T10:00")),
    ]
    assert foreign.services[0].service.definition == "Pontoon gates"
    assert complaints(log) == []


@pytest.mark.parametrize(
    ("impact", "levels", "state"),
    [
        ("critical", ("high", "high"), "major_outage"),
        ("major", ("high", "medium"), "partial_outage"),
        ("minor", ("medium", "medium"), "degraded_performance"),
        ("none", ("low", "low"), "operational"),
        ("Minor", ("medium", "medium"), "degraded_performance"),
    ],
)
def test_impact_gives_levels_and_the_state_of_services(
    impact: str, levels: tuple[str, str], state: str
) -> None:
    foreign, _ = mapped(archived(impact=impact))
    assert (foreign.values["impact"], foreign.values["urgency"]) == levels
    assert [one.state for one in foreign.services] == [state]


@pytest.mark.parametrize("impact", [None, "novel", 5])
def test_an_unknown_impact_is_no_level(impact: object) -> None:
    foreign, log = mapped(archived(impact=impact))
    assert "impact" not in foreign.values
    assert foreign.services[0].state == "degraded_performance"
    assert log.counts["services are recorded as degraded_performance: no impact says more"] == 1
    assert [line for line in complaints(log) if "impact" in line] == (
        [] if impact is None else [f"`impact` is `{impact}`: expected one of critical, major, minor, none, "
                                   "maintenance; left out"]
    )  # fmt: skip


def test_times_that_are_absent_fall_back() -> None:
    row = archived()
    del row["downtime_start"], row["downtime_end"], row["resolved_at"]
    foreign, _ = mapped(row)
    assert foreign.values["started"] == at("01T10:00")
    assert "restored" not in foreign.values  # the record's own default is its resolution
    assert foreign.values["resolved"] == at("01T12:00")


def test_the_first_update_says_when_it_began_where_nothing_else_does() -> None:
    row = archived()
    del row["started_at"], row["downtime_start"]
    foreign, _ = mapped(row)
    assert foreign.filed == at("01T10:00")
    assert "started" not in foreign.values


@pytest.mark.parametrize("status", ["investigating", "identified", "monitoring"])
def test_an_open_incident_is_in_progress(status: str) -> None:
    foreign, _ = mapped(
        served(
            status=status,
            resolved_at=None,
            impact="major",
            incident_updates=[update("u1", status, "02T08:00")],
            components=[{"id": "gates", "name": "Gates", "status": "major_outage"}],
        )
    )
    assert foreign.values["status"] == "in_progress"
    assert "resolved" not in foreign.values
    # what the page shows now says more than the impact of the whole
    assert [(impact.state, impact.to) for impact in foreign.services] == [("major_outage", None)]


def test_an_end_is_left_out_while_the_last_update_says_that_it_is_open() -> None:
    row = archived()
    row["updates"].pop()
    foreign, log = mapped(row)
    assert foreign.values["status"] == "in_progress"
    assert "resolved" not in foreign.values and "restored" not in foreign.values
    assert complaints(log) == [
        "`resolved_at` is given while the incident is still open; left out",
        "`downtime_end` is given while the incident is still open; left out",
    ]


def test_a_postmortem_becomes_an_update_and_the_incident_stays_resolved() -> None:
    row = served(status="postmortem")
    row["incident_updates"].insert(0, update("u4", "postmortem", "04T09:00"))
    foreign, _ = mapped(row)
    assert foreign.values["status"] == "resolved"
    assert foreign.values["updates"][-1]["status"] == "postmortem"
    assert "reopenings" not in foreign.values


def test_a_postmortem_beside_the_updates_becomes_one() -> None:
    foreign, _ = mapped(
        served(postmortem_body="What we learned", postmortem_published_at="2026-03-04T09:00:00Z")
    )
    assert foreign.values["updates"][-1] == {
        "at": at("04T09:00"),
        "status": "postmortem",
        "visibility": "public",
        "text": "What we learned",
    }


def test_an_unpublished_postmortem_stays_unpublished() -> None:
    foreign, log = mapped(served(postmortem_body="Draft"))
    assert len(foreign.values["updates"]) == 3
    assert complaints(log) == ["`postmortem_body` was never published; left out"]


def test_a_resolution_that_did_not_hold_is_a_reopening() -> None:
    row = served(resolved_at=None)
    row["incident_updates"] = [
        update("u4", "resolved", "02T12:00"),
        update("u3", "identified", "02T11:00"),
        update("u2", "resolved", "02T10:00"),
        update("u1", "investigating", "02T08:00"),
    ]
    foreign, _ = mapped(row)
    assert foreign.values["reopenings"] == [{"resolved": at("02T10:00"), "reopened": at("02T11:00")}]
    assert foreign.values["resolved"] == at("02T12:00")


def test_updates_keep_the_status_before_them() -> None:
    row = archived()
    row["updates"] = [
        {"at": "2026-03-01T10:00:00Z", "status": "Update", "message": "First of all"},
        {"at": "2026-03-01T10:10:00Z", "status": "Identified", "message": "Found"},
        {"at": "2026-03-01T10:20:00Z", "status": "Update", "message": "Working"},
        {"at": "2026-03-01T10:30:00Z", "status": "Escalated", "message": "Shouting"},
        {"at": "2026-03-01T10:40:00Z", "status": None, "message": "Waiting"},
        {"at": "2026-03-01T12:00:00Z", "status": "Resolved", "message": "Done"},
    ]
    foreign, log = mapped(row)
    statuses = [said["status"] for said in foreign.values["updates"]]
    assert statuses == ["investigating", *["identified"] * 4, "resolved"]
    assert complaints(log) == [
        "update 4: `status` is `escalated`, which Statuspage does not have; it keeps `identified`"
    ]


def test_updates_of_one_moment_keep_their_order_in_both_directions() -> None:
    same = [update(f"u{number}", "investigating", "02T08:00") for number in (1, 2)]
    last = update("u3", "resolved", "02T09:00")
    oldest_first, _ = mapped(served(incident_updates=[*same, last]))
    newest_first, _ = mapped(served(incident_updates=[last, *reversed(same)]))
    for foreign in (oldest_first, newest_first):
        assert [said["id"] for said in foreign.values["updates"]] == ["u1", "u2", "u3"]


def test_html_breaks_become_lines_and_other_html_stays() -> None:
    row = archived()
    row["updates"][0]["message"] = (
        "<p>One<br />two</p><p>three &amp; <a href='https://x.example'>four</a></p>\r\n"
    )
    foreign, _ = mapped(row)
    text = foreign.values["updates"][0]["text"]
    assert text == "One\ntwo\n\nthree &amp; <a href='https://x.example'>four</a>"


def test_what_cannot_be_written_is_taken_out_of_text() -> None:
    foreign, _ = mapped(archived(title="Slow\x00 \ud800gates\u2028 tonight\n"))
    assert foreign.values["title"] == "Slow gates tonight"


def test_an_update_without_text_is_left_out_but_moves_the_status() -> None:
    row = archived()
    row["updates"][2]["message"] = " "
    foreign, _ = mapped(row)
    assert len(foreign.values["updates"]) == 2
    assert foreign.values["status"] == "resolved"


@pytest.mark.parametrize(
    ("key", "value", "reason"),
    [
        ("downtime_start", "2026-03-01T09:45:00", "the time has no offset from UTC"),
        ("downtime_start", "yesterday", "expected a time such as 2026-11-21T14:05+00:00"),
        ("downtime_start", 1772358300, "expected a time such as"),
        ("downtime_start", "2026-02-31T09:45:00Z", "not a time"),
        ("downtime_start", "1628-08-10T15:00:00Z", "the year is 1628"),
        ("downtime_start", "1970-01-01T00:30:00+01:00", "the year is 1969"),
    ],
)
def test_a_time_that_is_none_is_reported_and_left_out(key: str, value: object, reason: str) -> None:
    foreign, log = mapped(archived(**{key: value}))
    (complaint,) = complaints(log)
    assert complaint.startswith(f"`{key}` is `{value}`: {reason}")
    assert foreign.values["started"] == at("01T10:00")
    assert log.diagnostics[0].span is not None and log.diagnostics[0].span.line == 7


@pytest.mark.parametrize(
    "form", ["2026-03-01T09:45:00.123Z", "2026-03-01T04:45:00-05:00", "2026-03-01 09:45Z"]
)
def test_times_come_with_and_without_milliseconds_and_offsets(form: str) -> None:
    foreign, log = mapped(archived(downtime_start=form))
    started = foreign.values["started"]
    assert started.replace(microsecond=0) == at("01T09:45")
    assert started.utcoffset().total_seconds() == 0
    assert complaints(log) == []


def test_an_end_before_its_beginning_comes_in_as_it_is() -> None:
    foreign, log = mapped(archived(resolved_at="2026-03-01T08:00:00Z", downtime_end=None))
    assert foreign.values["resolved"] < foreign.values["opened"]
    assert complaints(log) == []


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("text", "the row is `text`; expected an object"),
        (None, "the row is `None`; expected an object"),
        ([], "the row is `[]`; expected an object"),
        ({"title": "No ID", "started_at": "2026-03-01T10:00:00Z"}, "the row has no `id`"),
        ({"id": "", "title": "No ID"}, "the row has no `id`"),
        ({"id": "1", "started_at": "2026-03-01T10:00:00Z"}, "the incident `1` has no `title` or `name`"),
        ({"id": "1", "title": "No time"}, "the incident `1` has no time at which it began"),
        ({"id": "1", "title": "No time", "started_at": "2026-03-01"}, "the incident `1` has no time"),
    ],
)
def test_a_row_that_lacks_what_a_record_needs_is_refused(row: object, reason: str) -> None:
    log = Log("feed")
    assert map_row(Row(3, row), log) is None
    refusals = [found for found in log.diagnostics if found.severity == "error"]
    assert [found.code for found in refusals] == ["import-bad-row"]
    assert reason in refusals[0].message


@pytest.mark.parametrize("key", ["components", "updates", "url", "resolved_at", "downtime_start", "impact"])
def test_null_means_absent(key: str) -> None:
    _, log = mapped(archived(**{key: None}))
    assert complaints(log) == []


@pytest.mark.parametrize("key", ["components", "updates"])
def test_what_is_no_list_is_reported(key: str) -> None:
    _, log = mapped(archived(**{key: {"a": 1}}))
    assert f"`{key}` is `{{'a': 1}}`: expected a list; left out" in complaints(log)


def test_a_maintenance_to_come() -> None:
    foreign, log = mapped(scheduled())
    assert foreign.kind == "maintenance"
    assert foreign.values["status"] == "scheduled"
    assert foreign.values["announced"] == foreign.filed == at("01T08:00")
    assert foreign.values["planned"] == {"from": at("05T22:00"), "to": at("06T02:00")}
    assert "actual" not in foreign.values
    assert [impact.state for impact in foreign.services] == ["operational"]
    assert complaints(log) == []


def test_a_maintenance_ran_from_in_progress_to_completed() -> None:
    moves = [("gates", "Gates", "operational", "under_maintenance")]
    foreign, _ = mapped(
        scheduled(
            status="completed",
            resolved_at="2026-03-06T01:30:00Z",
            incident_updates=[
                update("s4", "completed", "06T01:30"),
                update("s3", "verifying", "06T01:00"),
                update("s2", "in_progress", "05T22:05", moves),
                update("s1", "scheduled", "01T08:00"),
            ],
        )
    )
    assert foreign.values["status"] == "completed"
    assert foreign.values["actual"] == {"from": at("05T22:05"), "to": at("06T01:30")}
    assert foreign.values["planned"] == {"from": at("05T22:00"), "to": at("06T02:00")}
    assert [impact.state for impact in foreign.services] == ["operational"]


@pytest.mark.parametrize("status", ["In progress", "verifying"])
def test_a_maintenance_that_runs_has_no_end(status: str) -> None:
    updates = [update("s1", "scheduled", "01T08:00"), update("s2", "in_progress", "05T22:05")]
    foreign, _ = mapped(scheduled(status=status, incident_updates=updates))
    assert foreign.values["status"] == "in_progress"
    assert foreign.values["actual"] == {"from": at("05T22:05")}


def test_an_archived_maintenance_never_begins_with_its_announcement() -> None:
    row = archived(
        impact="maintenance", started_at="2026-03-01T08:00:00Z", downtime_start="2026-03-01T08:00:00Z"
    )
    row["updates"] = [
        {"at": "2026-03-01T08:00:00Z", "status": "Scheduled", "message": "On Thursday"},
        {"at": "2026-03-01T09:00:00Z", "status": "Update", "message": "At night"},
        {"at": "2026-03-05T22:00:00Z", "status": "In progress", "message": "Now"},
        {"at": "2026-03-06T01:00:00Z", "status": "Completed", "message": "Done"},
    ]
    foreign, _ = mapped(row)
    assert [said["status"] for said in foreign.values["updates"]] == [
        "scheduled", "scheduled", "in_progress", "completed",
    ]  # fmt: skip
    assert foreign.values["actual"] == {"from": at("05T22:00"), "to": at("06T01:00")}
    assert "started" not in foreign.values and "opened" not in foreign.values


def test_a_component_that_only_updates_name_joins_the_others() -> None:
    row = served(components=[])
    foreign, _ = mapped(row)
    assert {impact.service.name for impact in foreign.services} == {"Gates"}


def test_a_component_whose_state_was_never_touched_has_the_state_of_the_whole() -> None:
    untouched = [("gates", "Gates", "operational", "operational")]
    foreign, _ = mapped(
        served(
            incident_updates=[
                update("u1", "resolved", "02T10:00"),
                update("u0", "identified", "02T08:00", untouched),
            ]
        )
    )
    assert [(one.state, one.from_, one.to) for one in foreign.services] == [("major_outage", None, None)]


def test_an_unknown_state_of_a_component_is_reported() -> None:
    row = served()
    row["incident_updates"][1]["affected_components"][0]["new_status"] = "wobbly"
    _, log = mapped(row)
    assert "affected component: `new_status` is `wobbly`" in complaints(log)[0]


def test_a_group_of_components_is_no_service() -> None:
    foreign, _ = mapped(served(components=[{"id": "g", "name": "Harbour", "group": True}]))
    assert {impact.service.name for impact in foreign.services} == {"Gates"}


def test_fields_without_a_place_are_counted() -> None:
    _, log = mapped(archived(severity_color="red", components_source="model", backfilled=False))
    assert log.counts["`severity_color` has no place in a record"] == 1
    assert (
        log.counts["components were guessed by the archive, not given by the page (`components_source`)"] == 1
    )


def test_rows_come_out_in_the_order_in_which_they_were_opened() -> None:
    log = Log("feed")
    rows = [Row(1, archived(id="b", started_at="2026-03-03T00:00:00Z")), Row(2, archived(id="a"))]
    assert [foreign.origin["id"] for foreign in map_rows(rows, log)] == ["a", "b"]


def test_the_same_row_twice_is_one() -> None:
    log = Log("feed")
    assert len(map_rows([Row(1, archived()), Row(2, archived())], log)) == 1
    assert complaints(log) == []


@pytest.mark.parametrize(
    ("first", "second", "winner"),
    [
        ({"title": "Old"}, {"title": "New"}, "New"),
        (
            {"title": "New", "updated_at": "2026-03-09T00:00:00Z"},
            {"title": "Old", "updated_at": "2026-03-08T00:00:00Z"},
            "New",
        ),
    ],
)
def test_of_two_rows_with_one_id_the_later_revised_counts(
    first: dict[str, Any], second: dict[str, Any], winner: str
) -> None:
    log = Log("feed")
    (foreign,) = map_rows([Row(1, archived(**first)), Row(2, archived(**second))], log)
    assert foreign.values["title"] == winner
    assert "has the ID `101` too; that row counts" in complaints(log)[0]
