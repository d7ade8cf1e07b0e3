"""`/api/v2/` has exactly Statuspage's objects, whatever the records say and whenever it is asked."""

from __future__ import annotations

import re
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from feedbed import NOW, URL, V2, Machines, incident
from incidentbook.records import Audience
from sitebed import HOSTILE, RECORDS
from testbed import SCHEMA, write_files

PAGE = {"id", "name", "url", "time_zone", "updated_at"}
COMPONENT = {
    "id", "name", "status", "created_at", "updated_at", "position", "description", "showcase", "start_date",
    "group_id", "page_id", "group", "only_show_if_degraded",
}  # fmt: skip
INCIDENT = {
    "id", "name", "status", "created_at", "updated_at", "monitoring_at", "resolved_at", "impact", "shortlink",
    "started_at", "page_id", "incident_updates", "components",
}  # fmt: skip
UPDATE = {
    "id", "status", "body", "incident_id", "created_at", "updated_at", "display_at", "affected_components",
    "deliver_notifications", "custom_tweet", "tweet_id",
}  # fmt: skip
NULL = {
    "component": {"description", "start_date", "group_id"},
    "incident": {"monitoring_at", "resolved_at"},
    "update": {"custom_tweet", "tweet_id"},
}
"""What Statuspage itself leaves null."""

TIME = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}[+-]\d{2}:\d{2}")
STATES = {"operational", "degraded_performance", "partial_outage", "major_outage"}
TOP = {
    "summary": {"page", "components", "incidents", "scheduled_maintenances", "status"},
    "status": {"page", "status"},
    "components": {"page", "components"},
    "incidents": {"page", "incidents"},
    "incidents/unresolved": {"page", "incidents"},
    "scheduled-maintenances": {"page", "scheduled_maintenances"},
    "scheduled-maintenances/upcoming": {"page", "scheduled_maintenances"},
    "scheduled-maintenances/active": {"page", "scheduled_maintenances"},
}


def nulls(found: dict[str, Any]) -> set[str]:
    return {name for name, value in found.items() if value is None}


def check_component(found: dict[str, Any]) -> None:
    assert set(found) == (COMPONENT | {"components"} if found["group"] else COMPONENT)
    assert nulls(found) <= NULL["component"]
    assert found["status"] in STATES | {"under_maintenance"}
    assert TIME.fullmatch(found["created_at"])
    assert datetime.fromisoformat(found["created_at"]) <= datetime.fromisoformat(found["updated_at"])
    assert isinstance(found["position"], int)


def check_update(found: dict[str, Any], parent: dict[str, Any]) -> None:
    assert set(found) == UPDATE
    assert nulls(found) <= NULL["update"]
    assert found["incident_id"] == parent["id"]
    assert isinstance(found["deliver_notifications"], bool)
    assert all(TIME.fullmatch(found[name]) for name in ("created_at", "updated_at", "display_at"))
    for one in found["affected_components"]:
        assert set(one) == {"code", "name", "old_status", "new_status"}
        assert {one["old_status"], one["new_status"]} <= STATES | {"under_maintenance"}


def check_incident(found: dict[str, Any], *, planned: bool = False) -> None:
    assert set(found) == (INCIDENT | {"scheduled_for", "scheduled_until"} if planned else INCIDENT)
    assert nulls(found) <= NULL["incident"]
    if planned:
        assert found["impact"] == "maintenance"
        assert found["status"] in {"scheduled", "in_progress", "verifying", "completed"}
        assert datetime.fromisoformat(found["scheduled_for"]) <= datetime.fromisoformat(
            found["scheduled_until"]
        )
    else:
        assert found["impact"] in {"none", "minor", "major", "critical"}
        assert found["status"] in {"investigating", "identified", "monitoring", "resolved", "postmortem"}
    assert (found["resolved_at"] is not None) == (found["status"] in {"resolved", "postmortem", "completed"})
    updates = found["incident_updates"]
    assert updates
    assert updates[0]["status"] == found["status"]
    times = [datetime.fromisoformat(update["created_at"]) for update in updates]
    assert times == sorted(times, reverse=True)
    assert len({update["id"] for update in updates}) == len(updates)
    for update in updates:
        check_update(update, found)
    for component in found["components"]:
        check_component(component)


def check(machines: Machines) -> dict[str, Any]:
    """Every file, every object, every field."""
    answers = {name: machines.v2(name) for name in TOP}
    assert {path for path in machines.outputs if path.startswith(V2)} == {f"{V2}{name}.json" for name in TOP}
    for name, answer in answers.items():
        assert set(answer) == TOP[name]
        assert set(answer["page"]) == PAGE
        assert not nulls(answer["page"])
        assert TIME.fullmatch(answer["page"]["updated_at"])
        for one in answer.get("components", ()):
            check_component(one)
        for one in answer.get("incidents", ()):
            check_incident(one)
        for one in answer.get("scheduled_maintenances", ()):
            check_incident(one, planned=True)
    check_whole(answers)
    return answers


def check_whole(answers: dict[str, Any]) -> None:
    """What one file says, no other denies."""
    summary, listed = answers["summary"], answers["incidents"]["incidents"]
    assert set(summary["status"]) == {"indicator", "description"}
    assert summary["status"]["indicator"] in {"none", "minor", "major", "critical"}
    assert summary["status"] == answers["status"]["status"]
    assert summary["components"] == answers["components"]["components"]
    codes = [one["id"] for one in summary["components"]]
    assert len(set(codes)) == len(codes)
    for one in summary["components"]:
        assert one["group_id"] is None or one["group_id"] in codes
        assert set(one.get("components", ())) <= set(codes)
    assert len(listed) <= 50
    created = [datetime.fromisoformat(one["created_at"]) for one in listed]
    assert created == sorted(created, reverse=True)
    unresolved = answers["incidents/unresolved"]["incidents"]
    # without an address of the site, links are counted from each file
    assert [one["id"] for one in summary["incidents"]] == [one["id"] for one in unresolved]
    assert all(one["status"] in {"investigating", "identified", "monitoring"} for one in unresolved)
    if len(listed) < 50:
        going_on = [one for one in listed if one["status"] not in {"resolved", "postmortem"}]
        assert [one["id"] for one in going_on] == [one["id"] for one in unresolved]
    both = [
        one for name in ("upcoming", "active")
        for one in answers[f"scheduled-maintenances/{name}"]["scheduled_maintenances"]
    ]  # fmt: skip
    assert sorted(one["id"] for one in both) == sorted(one["id"] for one in summary["scheduled_maintenances"])


@pytest.mark.parametrize("audience", [Audience.PUBLIC, Audience.INTERNAL])
@pytest.mark.parametrize("url", [URL, None])
def test_every_object_has_exactly_its_fields(tmp_path: Path, audience: Audience, url: str | None) -> None:
    answers = check(Machines(tmp_path, RECORDS, audience=audience, url=url))
    names = [one["name"] for one in answers["components"]["components"]]
    # an alias and an internal service are no further components
    assert names == ["Shop", "Checkout", "Search"] + (["Database"] if audience is Audience.INTERNAL else [])
    group = answers["components"]["components"][0]
    assert group["components"] == [one["id"] for one in answers["components"]["components"][1:3]]
    # the worst of its services
    assert (group["status"], answers["status"]["status"]["indicator"]) == ("degraded_performance", "minor")
    shortlink = answers["incidents"]["incidents"][0]["shortlink"]
    assert shortlink == (URL if url else "../../") + "incidents/INC-2026-0002/"


def test_a_site_without_records_has_its_files_too(tmp_path: Path) -> None:
    bare = {"schema/services.yml": "services: []\n"}
    answers = check(Machines(tmp_path, {}, schema=bare))
    assert answers["summary"]["status"] == {"indicator": "none", "description": "All Systems Operational"}
    assert answers["summary"]["components"] == answers["summary"]["incidents"] == []


def test_codes_stay_and_are_like_statuspages(tmp_path: Path) -> None:
    first = Machines(tmp_path / "one", RECORDS).v2("summary")
    again = Machines(tmp_path / "two", {**RECORDS, "incidents/2026/INC-2026-0009.md": incident(
        "status: new\nopened: 2026-11-20T11:00+00:00\n")}).v2("summary")  # fmt: skip
    codes = {one["name"]: one["id"] for one in first["components"]}
    assert codes == {one["name"]: one["id"] for one in again["components"]}
    assert first["incidents"][0]["id"] == again["incidents"][1]["id"]
    assert all(re.fullmatch("[a-z0-9]{12}", code) for code in [*codes.values(), first["page"]["id"]])


RENAMED = {
    "schema/incidentbook.yml": SCHEMA["schema/incidentbook.yml"].replace("name: Testbed", "name: Other")
}


@pytest.mark.parametrize(
    "change", [{"url": None}, {"url": "https://other.example.invalid"}, {"schema": RENAMED}]
)
def test_nobody_sees_everything_as_new_when_a_site_moves_or_is_renamed(
    tmp_path: Path, change: dict[str, Any]
) -> None:
    ids = [_ids(Machines(tmp_path / str(n), RECORDS, **more)) for n, more in enumerate(({}, change))]
    assert ids[0] == ids[1]
    assert len(set(ids[0])) == len(ids[0]) > 10


def test_pages_and_feeds_of_two_sites_are_told_apart(tmp_path: Path) -> None:
    sites = [Machines(tmp_path / str(n), RECORDS, schema=s) for n, s in enumerate((None, RENAMED))]
    assert len({site.v2("summary")["page"]["id"] for site in sites}) == 2
    assert len({re.findall("<id>(.*?)</id>", site.text("feed.atom"))[0] for site in sites}) == 2


def _ids(machines: Machines) -> list[str]:
    """What clients know incidents, maintenance, updates, components and items of feeds by."""
    answers = [
        one
        for name in ("incidents", "scheduled-maintenances")
        for one in machines.v2(name)[name.replace("-", "_")]
    ]
    return [
        *(one["id"] for one in answers),
        *(update["id"] for one in answers for update in one["incident_updates"]),
        *(one["id"] for one in machines.v2("components")["components"]),
        *(item["id"] for item in machines.json("feed.json")["items"]),
        *re.findall("^UID:(.*)\r$", machines.text("maintenance.ics"), re.MULTILINE),
    ]


def test_the_newest_fifty_are_listed_and_all_that_go_on(tmp_path: Path) -> None:
    records = {
        f"incidents/2026/INC-2026-{number:04d}.md": incident(
            f"status: {'new' if number == 1 else 'closed'}\n"
            f"opened: 2026-11-{1 + number % 19:02d}T08:00+00:00\n"
        )
        for number in range(1, 71)
    }
    answers = check(Machines(tmp_path, records))
    assert len(answers["incidents"]["incidents"]) == 50
    assert len(answers["summary"]["incidents"]) == 1


def test_an_open_incident_that_harms_no_service_is_not_all_operational(tmp_path: Path) -> None:
    machines = Machines(
        tmp_path,
        {"incidents/2026/INC-2026-0001.md": incident("status: new\nopened: 2026-11-20T08:00+00:00\n")},
    )
    assert machines.v2("status")["status"] == {
        "indicator": "minor",
        "description": "Operational, with an open incident",
    }


def test_components_change_with_the_updates(tmp_path: Path) -> None:
    updates = RECORDS["incidents/2026/INC-2026-0001.md"]
    found = Machines(tmp_path, {"incidents/2026/INC-2026-0001.md": updates}).incident()
    states = [
        (one["affected_components"][0]["old_status"], one["affected_components"][0]["new_status"])
        for one in reversed(found["incident_updates"])
    ]
    assert states == [("operational", "major_outage"), ("major_outage", "operational")]


def test_bodies_are_plain_text(tmp_path: Path) -> None:
    text = (
        f"**We** know [more](https://example.invalid/a?b=c&d) & see INC-2026-0001.\\n\\n- one\\n- two\\n\\n"
        f"{HOSTILE} \\u0007".replace('"', '\\"')
    )
    front = (
        "status: new\nopened: 2026-11-20T08:00+00:00\nupdates:\n"
        f'  - {{at: 2026-11-20T08:10+00:00, status: identified, visibility: public, text: "{text}"}}'
    )
    body = Machines(tmp_path, {"incidents/2026/INC-2026-0001.md": incident(front)}).incident()[
        "incident_updates"
    ][0]["body"]
    first, one, two, *rest = body.split("\n")
    page = f"{URL}incidents/INC-2026-0001/"
    assert first == f"We know more (https://example.invalid/a?b=c&d) & see INC-2026-0001 ({page})."
    assert (one, two) == ("- one", "- two")
    # words, but no tags even for who takes them for HTML
    assert "window.hacked" in "".join(rest)
    assert not re.search(r"<\s*[a-z/!?]", "".join(rest), re.IGNORECASE)
    assert "\x07" not in body


# -- any records, at any moment ---------------------------------------------------------------------

HOURS = st.integers(-72, 72)
SERVICE = st.sampled_from(["checkout", "search", "find", "database", "unknown"])


def stamp(hours: int) -> str:
    return (NOW + timedelta(hours=hours)).astimezone(UTC).isoformat()


@st.composite
def one_incident(draw: st.DrawFn) -> str:
    states = ["new", "assigned", "in_progress", "on_hold", "resolved", "closed", "cancelled"]
    moments = ["opened", "started", "mitigated", "restored", "resolved", "closed", "cancelled"]
    front = [f"status: {draw(st.sampled_from(states))}"]
    front += [f"{name}: {stamp(draw(HOURS))}" for name in moments if draw(st.booleans())]
    services = draw(st.lists(st.tuples(SERVICE, st.sampled_from(sorted(STATES)), HOURS, HOURS), max_size=3))
    if services:
        front.append("services:")
        front += [
            f"  - {{service: {key}, state: {state}, from: {stamp(from_)}, to: {stamp(to)}}}"
            if from_ < to
            else f"  - {{service: {key}, state: {state}}}"
            for key, state, from_, to in services
        ]
    words = ["investigating", "identified", "monitoring", "resolved", "postmortem", "scheduled", "completed"]
    updates = draw(st.lists(st.tuples(HOURS, st.sampled_from(words)), max_size=4))
    if updates:
        front.append("updates:")
        front += [
            f"  - {{at: {stamp(at)}, status: {word}, text: Word., visibility: public}}"
            for at, word in updates
        ]
    if draw(st.booleans()):
        front.append(f"impact: {draw(st.sampled_from(['high', 'medium', 'low']))}")
    return incident("\n".join(front))


@st.composite
def one_maintenance(draw: st.DrawFn) -> str:
    start = draw(HOURS)
    lines = [
        "---\ntitle: Work\nvisibility: public",
        f"status: {draw(st.sampled_from(['scheduled', 'in_progress', 'completed', 'cancelled']))}",
    ]
    if draw(st.booleans()):
        lines.append(f"planned: {{from: {stamp(start)}, to: {stamp(start + draw(st.integers(1, 9)))}}}")
    if draw(st.booleans()):
        lines.append(f"actual: {{from: {stamp(start + 1)}}}")
    lines.append(f"services: [{{service: {draw(SERVICE)}, state: major_outage}}]")
    return "\n".join([*lines, "---", ""])


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(one_incident(), max_size=4), st.lists(one_maintenance(), max_size=3), HOURS)
def test_whatever_records_say_the_objects_keep_their_shape(
    incidents: list[str], windows: list[str], hours: int
) -> None:
    records = {f"incidents/2026/INC-2026-{n:04d}.md": text for n, text in enumerate(incidents, 1)}
    records |= {f"incidents/2026/MNT-2026-{n:04d}.md": text for n, text in enumerate(windows, 1)}
    with tempfile.TemporaryDirectory() as folder:
        check(Machines(Path(folder), records, now=NOW + timedelta(hours=hours)))


def test_the_zone_of_the_page_is_that_of_its_times(tmp_path: Path) -> None:
    settings_file = SCHEMA["schema/incidentbook.yml"].replace("zone: UTC", "zone: Asia/Kathmandu")
    write_files(tmp_path, SCHEMA)
    machines = Machines(tmp_path, RECORDS, schema={"schema/incidentbook.yml": settings_file})
    page = machines.v2("status")["page"]
    assert page["time_zone"] == "Asia/Kathmandu"
    assert page["updated_at"].endswith("+05:45")
