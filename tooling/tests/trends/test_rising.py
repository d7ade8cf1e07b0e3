"""Incidents counted in windows, and the series that are judged."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from incidentbook.archive import Archive, open_repository
from incidentbook.publication import publish
from incidentbook.records import Audience
from incidentbook.trends import By, Reading, Verdict, look, rising
from testbed import SCHEMA, MakeRepository

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)


def incident(opened: datetime, *, service: str = "checkout", more: str = "") -> str:
    return (
        "---\ntitle: Trouble\nstatus: in_progress\nimpact: low\nurgency: low\ncategory: application/defect\n"
        f"services: [{{service: {service}, state: degraded_performance}}]\n"
        f"opened: {opened.isoformat()}\n{more}---\n"
    )


def records(texts: list[str]) -> dict[str, str]:
    return {f"incidents/2026/INC-2026-{number:04}.md": text for number, text in enumerate(texts, 1)}


def weekly(weeks: int, *, recent: int = 0, service: str = "checkout") -> list[str]:
    """One incident in each of so many weeks, and `recent` more in the last days."""
    texts = [incident(NOW - timedelta(weeks=week, days=3), service=service) for week in range(weeks)]
    return texts + [incident(NOW - timedelta(hours=number + 1), service=service) for number in range(recent)]


def archive_of(root: Path) -> Archive:
    return open_repository(root)


def named(readings: tuple[Reading, ...], key: str) -> Reading:
    return next(one for one in readings if one.series.key == key)


def test_a_planted_shift_of_one_service_is_named(make_repository: MakeRepository) -> None:
    archive = archive_of(make_repository(records(weekly(53, recent=16))))
    found = rising(archive, NOW)
    assert [one.series.key for one in found.alarms] == ["application", "checkout"]
    checkout = named(found.readings, "checkout")
    assert checkout.past == (4,) * 12
    assert checkout.count == 20
    assert named(found.readings, "search").verdict is Verdict.USUAL


def test_nothing_is_named_where_nothing_changed(make_repository: MakeRepository) -> None:
    found = rising(archive_of(make_repository(records(weekly(53)))), NOW)
    assert found.alarms == ()
    # three services and three categories of the catalogue, also those without an incident
    assert found.judged == 6


def test_too_short_a_past_says_so(make_repository: MakeRepository) -> None:
    found = rising(archive_of(make_repository(records(weekly(20, recent=30)))), NOW)
    assert found.judged == 0
    assert found.windows.past == 3
    assert {one.verdict for one in found.readings} == {Verdict.NOT_ENOUGH_DATA}
    shorter = rising(archive_of(make_repository(records(weekly(20, recent=30)))), NOW, weeks=1)
    assert shorter.windows.past == 12
    assert named(shorter.readings, "checkout").verdict is Verdict.RISING


def test_no_incident_at_all(make_repository: MakeRepository) -> None:
    found = rising(archive_of(make_repository({})), NOW)
    assert (found.judged, found.incidents, found.windows.past) == (0, 0, 0)


def test_a_service_that_began_later_has_a_past_of_its_own(make_repository: MakeRepository) -> None:
    services = SCHEMA["schema/services.yml"].replace(
        "{id: search, name: Search,", "{id: search, name: Search, valid_from: 2026-09-01,"
    )
    archive = archive_of(make_repository({**records(weekly(53)), "schema/services.yml": services}))
    search = named(rising(archive, NOW).readings, "search")
    assert search.verdict is Verdict.NOT_ENOUGH_DATA
    assert len(search.past) == 1


@pytest.mark.parametrize(
    ("more", "reason"),
    [
        ("drill: true\n", "drill"),
        ("links: {duplicate_of: INC-2026-0001}\n", "duplicate"),
        ("cancelled: 2026-11-20T11:59+00:00\ncancel_reason: None\n", "cancelled"),
    ],
)
def test_what_does_not_count_is_left_out_and_named(
    make_repository: MakeRepository, more: str, reason: str
) -> None:
    noise = [incident(NOW - timedelta(hours=hour), more=more) for hour in range(1, 21)]
    if reason == "cancelled":
        noise = [text.replace("in_progress", "cancelled") for text in noise]
    found = rising(archive_of(make_repository(records([*weekly(53), *noise]))), NOW)
    assert found.alarms == ()
    assert found.left_out == {reason: 20}


def test_other_names_count_for_the_service_itself(make_repository: MakeRepository) -> None:
    texts = [*weekly(53), *(incident(NOW - timedelta(hours=1 + n), service="find") for n in range(3))]
    found = rising(archive_of(make_repository(records(texts))), NOW, by=[By.SERVICE])
    assert named(found.readings, "search").count == 3
    assert all(one.series.key != "find" for one in found.readings)


def test_the_public_sees_public_services_and_no_forecast(make_repository: MakeRepository) -> None:
    texts = [text.replace("impact: low", "visibility: public\nimpact: low") for text in weekly(53)]
    archive = archive_of(make_repository(records(texts)))
    trends = look(publish(archive, Audience.PUBLIC), NOW)
    assert {one.series.key for one in trends.rising.readings} == {"checkout", "search"}
    assert (trends.outlook, trends.trial) == (None, None)
