"""The words in force at a time: an incident is judged by those of the day on which it opened."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter
from pydantic_core import PydanticCustomError

from incidentbook.gitrepo import open_working_tree
from incidentbook.records import Incident
from incidentbook.taxonomy import Taxonomy, in_force, load_taxonomy
from incidentbook.taxonomy.settings import Entry, parse_duration
from testbed import MakeRepository


@pytest.fixture
def taxonomy_of(make_repository: MakeRepository) -> Any:
    def load(**files: str) -> Taxonomy:
        root = make_repository({f"schema/{name}.yml": text for name, text in files.items()})
        taxonomy, found = load_taxonomy(open_working_tree(root))
        assert found == ()
        return taxonomy

    return load


def incident(opened: str | None = "2026-11-19T14:05+00:00", **values: Any) -> Incident:
    given_ = {"title": "A", "status": "new", "opened": opened, **values}
    return TypeAdapter(Incident).validate_python(
        {key: item for key, item in given_.items() if item is not None}
    )


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def test_validity_is_half_open() -> None:
    entry = Entry(id="a", name="A", valid_from=date(2026, 1, 1), valid_until=date(2026, 7, 1))
    assert [
        in_force(entry, day)
        for day in (date(2025, 12, 31), date(2026, 1, 1), date(2026, 6, 30), date(2026, 7, 1))
    ] == [False, True, True, False]
    assert in_force(Entry(id="a", name="A"), date.min)
    assert in_force(Entry(id="a", name="A"), date.max)


RENAMED = """\
services:
  - {id: shop, name: Shop, valid_until: 2026-01-01, aliases: [store]}
  - {id: checkout, name: Checkout, aliases: [shop], valid_from: 2026-01-01}
  - {id: fax, name: Fax, valid_until: 2025-01-01}
  - {id: mail, name: Mail of old, tier: 3, valid_until: 2026-01-01}
  - {id: mail, name: Mail, tier: 1, valid_from: 2026-01-01}
"""


@pytest.mark.parametrize(
    ("key", "time", "name"),
    [
        ("mail", "2025-12-31T23:59", "Mail of old"),
        ("mail", "2026-01-01T00:00", "Mail"),
        ("mail", None, "Mail"),
        ("fax", "2024-12-31T12:00", "Fax"),
        ("fax", "2025-01-01T00:00", None),
        ("fax", None, "Fax"),
        ("store", "2025-06-01T00:00", "Shop"),
        ("store", "2026-06-01T00:00", None),
        ("shop", "2025-06-01T00:00", "Shop"),
        ("shop", "2026-06-01T00:00", "Checkout"),
        ("shop", None, "Shop"),
        ("checkout", "2025-06-01T00:00", None),
        ("Mail", None, None),
        ("", None, None),
    ],
)
def test_a_service_by_key_or_alias_at_a_time(
    taxonomy_of: Any, key: str, time: str | None, name: str | None
) -> None:
    service = taxonomy_of(services=RENAMED, sla="").service(key, at(time) if time else None)
    assert (service.name if service else None) == name


def test_days_are_those_of_the_repositorys_zone(taxonomy_of: Any) -> None:
    taxonomy = taxonomy_of(
        services=RENAMED, sla="", incidentbook="format: 1\nname: A\nzone: Pacific/Auckland\n"
    )
    # thirteen hours before midnight in Auckland is noon of the day before in UTC
    assert taxonomy.service("mail", at("2025-12-31T10:59")).name == "Mail of old"
    assert taxonomy.service("mail", at("2025-12-31T11:00")).name == "Mail"


CATEGORIES = """\
categories:
  - id: app
    name: Application of old
    valid_until: 2026-01-01
    subcategories: [{id: release, name: Release}, {id: gone, name: Gone}]
  - id: application
    name: Application
    valid_from: 2026-01-01
    aliases: [app]
    subcategories:
      - {id: deployment, name: Deployment, aliases: [release]}
      - {id: defect, name: Defect, valid_until: 2026-06-01}
"""


@pytest.mark.parametrize(
    ("path", "time", "names"),
    [
        ("application", "2026-03-01T00:00", ("Application", None)),
        ("application/deployment", "2026-03-01T00:00", ("Application", "Deployment")),
        ("app/release", "2026-03-01T00:00", ("Application", "Deployment")),
        ("app/release", "2025-03-01T00:00", ("Application of old", "Release")),
        ("application/defect", "2026-03-01T00:00", ("Application", "Defect")),
        ("application/defect", "2026-07-01T00:00", None),
        ("application/defect", None, ("Application", "Defect")),
        ("app/gone", None, ("Application of old", "Gone")),
        ("app/gone", "2026-03-01T00:00", None),
        ("application", "2025-03-01T00:00", None),
        ("application/", None, None),
        ("application/deployment/x", None, None),
        ("deployment", None, None),
    ],
)
def test_a_category_and_its_subcategory_at_a_time(
    taxonomy_of: Any, path: str, time: str | None, names: tuple[str, str | None] | None
) -> None:
    found = taxonomy_of(categories=CATEGORIES).category(path, at(time) if time else None)
    assert (found and (found[0].name, found[1].name if found[1] else None)) == names


def test_other_entries_are_found_by_their_keys(taxonomy_of: Any) -> None:
    taxonomy = taxonomy_of()
    assert taxonomy.team("desk").line == 1
    assert taxonomy.person("deploy-bot").bot
    assert taxonomy.service_group("shop").name == "Shop"
    assert taxonomy.resolution_code("rolled_back").name == "Rolled back"
    assert taxonomy.channel("phone").name == "Phone"
    assert taxonomy.hold_reason("vendor").name == "Waiting for a vendor"
    assert taxonomy.calendar("always").hours == {}
    assert taxonomy.calendar("office").zone == "Europe/Berlin"
    for find in (taxonomy.team, taxonomy.person, taxonomy.service_group, taxonomy.channel, taxonomy.calendar):
        assert find("nobody") is None


PRIORITIES = """\
priorities:
  - {id: P1, name: A, definition: A}
  - {id: P2, name: B, definition: B}
matrices:
  - {valid_until: 2026-01-01, cells: {high: {high: P2}}}
  - {valid_from: 2026-01-01, cells: {high: {high: P1}, low: {}}}
"""


@pytest.mark.parametrize(
    ("opened", "impact", "urgency", "priority"),
    [
        ("2025-12-31T23:59+00:00", "high", "high", "P2"),
        ("2026-01-01T00:00+00:00", "high", "high", "P1"),
        (None, "high", "high", "P1"),
        ("2026-01-01T00:00+00:00", "low", "high", None),
        ("2026-01-01T00:00+00:00", "medium", "high", None),
        ("2026-01-01T00:00+00:00", "high", None, None),
        ("2026-01-01T00:00+00:00", None, "high", None),
    ],
)
def test_the_matrix_is_that_of_the_day_the_incident_opened(
    taxonomy_of: Any, opened: str | None, impact: str | None, urgency: str | None, priority: str | None
) -> None:
    taxonomy = taxonomy_of(priority=PRIORITIES, sla="")
    found = incident(opened, impact=impact, urgency=urgency)
    assert taxonomy.derived_priority(found) == taxonomy.priority_of(found) == priority


def test_a_stored_priority_goes_before_the_matrix(taxonomy_of: Any) -> None:
    found = incident(impact="high", urgency="high", priority={"value": "P4", "reason": "Nobody uses it"})
    taxonomy = taxonomy_of()
    assert taxonomy.derived_priority(found) == "P1"
    assert taxonomy.priority_of(found) == "P4"
    assert taxonomy.policy_for(found).id == "standard"


POLICIES = """\
policies:
  - {id: old-rule, name: A, valid_until: 2026-01-01, match: {priority: [P1]}, resolution: 8h}
  - {id: new-rule, name: B, valid_from: 2026-01-01, match: {priority: [P1]}, resolution: 2h}
  - {id: search, name: C, match: {service: [search]}, resolution: 3h}
  - {id: release, name: D, match: {category: [application/deployment]}, resolution: 5h}
  - {id: application, name: E, match: {category: [application]}, resolution: 6h}
  - {id: both, name: F, match: {category: [security], priority: [P2]}, resolution: 7h}
  - {id: last, name: G, valid_from: 2025-01-01, resolution: 1d}
"""


@pytest.mark.parametrize(
    ("values", "policy"),
    [
        ({"impact": "high", "urgency": "high"}, "new-rule"),
        ({"impact": "high", "urgency": "high", "opened": "2025-12-31T23:59+00:00"}, "old-rule"),
        ({"services": [{"service": "search", "state": "major_outage"}]}, "search"),
        ({"services": [{"service": "find", "state": "major_outage"}]}, "search"),
        ({"services": [{"service": "checkout", "state": "major_outage"}]}, "last"),
        (
            {
                "services": [
                    {"service": "checkout", "state": "major_outage"},
                    {"service": "search", "state": "major_outage"},
                ]
            },
            "search",
        ),
        ({"category": "application/deployment"}, "release"),
        ({"category": "application/defect"}, "application"),
        ({"category": "application"}, "application"),
        ({"category": "applications"}, "last"),
        ({"category": "security", "impact": "high", "urgency": "medium"}, "both"),
        ({"category": "security"}, "last"),
        ({}, "last"),
        ({"opened": "2024-12-31T00:00+00:00"}, None),
        ({"opened": None}, "last"),
    ],
)
def test_the_first_policy_that_matches_counts(
    taxonomy_of: Any, values: dict[str, Any], policy: str | None
) -> None:
    found = taxonomy_of(sla=POLICIES).policy_for(incident(**values))
    assert (found.id if found else None) == policy


def test_a_category_by_its_alias_has_the_same_policy(taxonomy_of: Any) -> None:
    sla = "policies:\n  - {id: a, name: A, match: {category: [application/deployment]}}\n"
    taxonomy = taxonomy_of(categories=CATEGORIES, sla=sla)
    assert taxonomy.policy_for(incident(category="app/release")).id == "a"
    assert taxonomy.policy_for(incident(category="app/gone")) is None


def test_todays_target_leaves_last_years_figures_alone(taxonomy_of: Any) -> None:
    then, now = incident("2025-03-01T00:00Z"), incident("2026-03-01T00:00Z")
    before = taxonomy_of(sla="policies:\n  - {id: a, name: A, resolution: 8h}\n")
    after = taxonomy_of(
        sla=(
            "policies:\n"
            "  - {id: a, name: A, resolution: 8h, valid_until: 2026-01-01}\n"
            "  - {id: a, name: A, resolution: 4h, valid_from: 2026-01-01}\n"
        )
    )
    assert before.policy_for(then).resolution == after.policy_for(then).resolution == timedelta(hours=8)
    assert after.policy_for(now).resolution == timedelta(hours=4)


def test_review_policies_follow_each_other(taxonomy_of: Any) -> None:
    taxonomy = taxonomy_of(
        reviews=(
            "policies:\n"
            "  - {valid_from: 2026-01-01, due_working_days: 3}\n"
            "  - {valid_from: 2025-01-01, due_working_days: 9}\n"
        )
    )
    due = [
        policy.due_working_days if (policy := taxonomy.review_policy(time)) else None
        for time in (at("2024-06-01"), at("2025-06-01"), at("2026-06-01"), None)
    ]
    assert due == [None, 9, 3, 3]


_AMOUNTS = st.tuples(*(st.none() | st.integers(0, 200) for _ in range(5)))


@given(_AMOUNTS, st.sampled_from(["", " ", "  "]))
def test_a_duration_is_the_sum_of_its_parts(amounts: tuple[int | None, ...], gap: str) -> None:
    text = gap.join(f"{n}{unit}" for n, unit in zip(amounts, "wdhms", strict=True) if n is not None)
    wanted = timedelta(
        weeks=amounts[0] or 0,
        days=amounts[1] or 0,
        hours=amounts[2] or 0,
        minutes=amounts[3] or 0,
        seconds=amounts[4] or 0,
    )
    if wanted:
        assert parse_duration(text) == wanted
    else:
        with pytest.raises(PydanticCustomError):
            parse_duration(text)


@pytest.mark.parametrize(
    ("value", "code"),
    [
        ("0m", "duration_range"),
        ("0w 0d", "duration_range"),
        ("3661d", "duration_range"),
        ("9" * 12 + "w", "duration_range"),
        ("9" * 5000 + "w", "duration_shape"),
        ("", "duration_shape"),
        ("  ", "duration_shape"),
        ("15", "duration_shape"),
        ("15 min", "duration_shape"),
        ("1.5h", "duration_shape"),
        ("-1h", "duration_shape"),
        ("4H", "duration_shape"),
        ("4h 1d", "duration_shape"),
        ("1h1h", "duration_shape"),
        ("PT4H", "duration_shape"),
        ("\uff14h", "duration_shape"),
        (15, "duration_shape"),
        (None, "duration_shape"),
        ([], "duration_shape"),
    ],
)
def test_what_is_no_duration(value: object, code: str) -> None:
    with pytest.raises(PydanticCustomError) as raised:
        parse_duration(value)
    assert raised.value.type == code
