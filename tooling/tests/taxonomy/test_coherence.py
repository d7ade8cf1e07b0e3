"""What each file of schema/ says rightly, and all together cannot."""

from __future__ import annotations

import pytest

from incidentbook.gitrepo import open_working_tree
from incidentbook.taxonomy import load_taxonomy
from testbed import SCHEMA, MakeRepository


def faults(
    make_repository: MakeRepository, name: str, text: str
) -> list[tuple[str, int | None, str, str | None]]:
    root = make_repository({f"schema/{name}.yml": text})
    _, found = load_taxonomy(open_working_tree(root))
    return [
        (item.code, item.span.line if item.span else None, item.message, item.help)
        for item in found
        if item.path == f"schema/{name}.yml"
    ]


def listed(key: str, *entries: str) -> str:
    return f"{key}:\n" + "".join(f"  - {entry}\n" for entry in entries)


@pytest.mark.parametrize(
    ("entry", "column", "message"),
    [
        ("{id: a, name: A, group: shp}", 29, "there is no group `shp`"),
        ("{id: a, name: A, team: payment}", 28, "there is no team `payment`"),
        ("{id: a, name: A, technical_owner: x}", 39, "there is no person `x`"),
        ("{id: a, name: A, business_owner: x}", 38, "there is no person `x`"),
        ("{id: a, name: A, support_hours: x}", 37, "there is no calendar `x`"),
        ("{id: a, name: A, depends_on: [a-b]}", 35, "there is no service `a-b`"),
    ],
)
def test_a_reference_of_a_service_that_leads_nowhere(
    make_repository: MakeRepository, entry: str, column: int, message: str
) -> None:
    root = make_repository({"schema/services.yml": listed("services", entry)})
    _, found = load_taxonomy(open_working_tree(root))
    assert [(item.code, item.message) for item in found] == [("unknown-reference", message)]
    assert found[0].span is not None
    assert (found[0].span.line, found[0].span.column) == (2, column)


@pytest.mark.parametrize(
    ("name", "text", "line", "message"),
    [
        ("teams", "teams:\n  - id: desk\n    name: D\n    members: [x]\n", 4, "there is no person `x`"),
        (
            "priority",
            SCHEMA["schema/priority.yml"].replace("low: P3}", "low: P9}"),
            8,
            "there is no priority `P9`",
        ),
        ("sla", listed("policies", "{id: a, name: A, calendar: x}"), 2, "there is no calendar `x`"),
        ("sla", listed("policies", "{id: a, name: A, match: {service: [x]}}"), 2, "there is no service `x`"),
        (
            "sla",
            listed("policies", "{id: a, name: A, match: {category: [application/x]}}"),
            2,
            "there is no category `application/x`",
        ),
        (
            "sla",
            listed("policies", "{id: a, name: A, match: {priority: [P9]}}"),
            2,
            "there is no priority `P9`",
        ),
        ("sla", listed("policies", "{id: a, name: A, pausing: [x]}"), 2, "there is no hold reason `x`"),
        ("reviews", listed("policies", "{calendar: x}"), 2, "there is no calendar `x`"),
    ],
)
def test_any_other_reference_that_leads_nowhere(
    make_repository: MakeRepository, name: str, text: str, line: int, message: str
) -> None:
    assert [fault[:3] for fault in faults(make_repository, name, text)] == [
        ("unknown-reference", line, message)
    ]


def test_the_nearest_key_is_suggested(make_repository: MakeRepository) -> None:
    found = faults(make_repository, "sla", listed("policies", "{id: a, name: A, calendar: ofice}"))
    assert [fault[3] for fault in found] == ["did you mean `office`?"]


def test_always_is_a_calendar_without_being_named(make_repository: MakeRepository) -> None:
    assert faults(make_repository, "reviews", listed("policies", "{calendar: always}")) == []


DUPLICATE = "duplicate-entry"


@pytest.mark.parametrize(
    ("entries", "lines"),
    [
        (["{id: a, name: A}", "{id: a, name: B}"], [3]),
        (["{id: a, name: A, valid_until: 2026-01-01}", "{id: a, name: B, valid_from: 2026-01-01}"], []),
        (["{id: a, name: A, valid_until: 2026-01-02}", "{id: a, name: B, valid_from: 2026-01-01}"], [3]),
        (["{id: a, name: A, valid_from: 2026-01-01}", "{id: a, name: B}"], [3]),
        (
            [
                "{id: a, name: A, valid_until: 2026-01-01}",
                "{id: a, name: B, valid_from: 2026-02-01}",
                "{id: a, name: C, valid_from: 2026-01-01, valid_until: 2026-02-01}",
            ],
            [],
        ),
        (["{id: a, name: A, aliases: [a]}", "{id: b, name: B}"], []),
        (["{id: a, name: A, aliases: [b]}", "{id: b, name: B}"], [3]),
        (["{id: a, name: A, aliases: [x]}", "{id: b, name: B, aliases: [y, x]}"], [3]),
        (
            [
                "{id: a, name: A, valid_until: 2026-01-01}",
                "{id: b, name: A, aliases: [a], valid_from: 2026-01-01}",
            ],
            [],
        ),
    ],
)
def test_a_key_belongs_to_one_entry_at_a_time(
    make_repository: MakeRepository, entries: list[str], lines: list[int]
) -> None:
    found = faults(make_repository, "teams", listed("teams", *entries))
    own = [fault[:2] for fault in found if fault[0] != "unknown-reference"]
    assert own == [(DUPLICATE, line) for line in lines]


@pytest.mark.parametrize(
    ("name", "key", "entry"),
    [
        ("people", "people", "{handle: duty-one}"),
        ("services", "groups", "{id: shop, name: A}"),
        ("services", "services", "{id: a, name: A}"),
        ("categories", "categories", "{id: a, name: A}"),
        ("categories", "resolution_codes", "{id: a, name: A}"),
        ("categories", "channels", "{id: a, name: A}"),
        ("sla", "policies", "{id: a, name: A}"),
        ("sla", "hold_reasons", "{id: a, name: A}"),
        ("calendars", "calendars", "{id: office, name: A}"),
    ],
)
def test_every_list_has_each_key_once(
    make_repository: MakeRepository, name: str, key: str, entry: str
) -> None:
    assert faults(make_repository, name, listed(key, entry)) == []
    found = faults(make_repository, name, listed(key, entry, entry))
    assert [fault[:2] for fault in found] == [(DUPLICATE, 3)]


def test_a_subcategory_stands_once_in_its_category(make_repository: MakeRepository) -> None:
    text = "categories:\n" + "".join(
        f"  - {{id: {key}, name: A, subcategories: [{{id: b, name: B}}{more}]}}\n"
        for key, more in (("application", ""), ("security", ", {id: b, name: C}"))
    )
    assert [fault[:2] for fault in faults(make_repository, "categories", text)] == [(DUPLICATE, 3)]


NEVER = "never-in-force"


@pytest.mark.parametrize(
    ("entries", "lines"),
    [
        (["{valid_from: 2026-02-01, valid_until: 2026-01-01}"], [2]),
        (["{valid_from: 2026-01-01, valid_until: 2026-01-01}"], [2]),
        (["{valid_from: 2026-01-01, valid_until: 2026-01-02}"], []),
        (["{due_working_days: 5}", "{valid_from: 2026-01-01}"], [3]),
        (["{valid_from: 2026-01-01}", "{due_working_days: 9}"], []),
    ],
)
def test_an_entry_that_is_never_in_force(
    make_repository: MakeRepository, entries: list[str], lines: list[int]
) -> None:
    found = faults(make_repository, "reviews", listed("policies", *entries))
    assert [fault[:2] for fault in found] == [(NEVER, line) for line in lines]


def test_a_newer_matrix_counts_only_where_the_older_one_ends(make_repository: MakeRepository) -> None:
    text = SCHEMA["schema/priority.yml"]
    newer = "  - {valid_from: 2026-01-01, cells: {high: {high: P1}}}\n"
    found = faults(make_repository, "priority", text + newer)
    assert [fault[:2] for fault in found] == [(NEVER, text.count("\n") + 1)]
    ended = text.replace("  - cells:", "  - valid_until: 2026-01-01\n    cells:") + newer
    assert faults(make_repository, "priority", ended) == []


@pytest.mark.parametrize(
    ("needs", "circles"),
    [
        ({"a": ["b"], "b": ["c"], "c": []}, []),
        ({"a": ["b", "c"], "b": ["d"], "c": ["d"], "d": []}, []),
        ({"a": ["a"]}, ["a > a"]),
        ({"a": ["b"], "b": ["a"]}, ["a > b > a"]),
        ({"c": ["a"], "a": ["b"], "b": ["c"]}, ["a > b > c > a"]),
        ({"a": ["b"], "b": ["a"], "c": ["d"], "d": ["c"], "e": ["a"]}, ["a > b > a", "c > d > c"]),
    ],
)
def test_services_that_depend_on_each_other_in_a_circle(
    make_repository: MakeRepository, needs: dict[str, list[str]], circles: list[str]
) -> None:
    lines = [f"  - {{id: {key}, name: {key}, depends_on: [{', '.join(on)}]}}\n" for key, on in needs.items()]
    found = faults(make_repository, "services", "services:\n" + "".join(lines))
    told = [fault[2].rpartition(": ")[2] for fault in found if fault[0] == "dependency-cycle"]
    assert told == circles


@pytest.mark.parametrize(
    ("hours", "message"),
    [
        ("{mon: ['09:00-17:00']}", None),
        ("{mon: ['22:00-06:00'], tue: ['08:00-12:00']}", None),
        ("{mon: ['09:00-09:00']}", "is empty"),
        ("{mon: ['22:00-06:00'], tue: ['05:00-12:00']}", "overlaps"),
        ("{mon: []}", "no open hours"),
    ],
)
def test_hours_that_cannot_be(make_repository: MakeRepository, hours: str, message: str | None) -> None:
    found = faults(make_repository, "calendars", f"calendars:\n  - id: a\n    name: A\n    hours: {hours}\n")
    assert [fault[:2] for fault in found] == ([("impossible-hours", 4)] if message else [])
    if message:
        assert message in found[0][2]


@pytest.mark.parametrize(
    "zone", ["Europe/Atlantis", "../../etc/passwd", "", "/etc/localtime", "CEST+2", "a\\0b"]
)
def test_a_zone_that_does_not_exist(make_repository: MakeRepository, zone: str) -> None:
    settings = f'format: 1\nname: A\nzone: "{zone}"\n'
    assert [fault[:2] for fault in faults(make_repository, "incidentbook", settings)] == [("unknown-zone", 3)]
    root = make_repository({"schema/incidentbook.yml": settings})
    assert load_taxonomy(open_working_tree(root))[0].zone.key == "UTC"


def test_a_zone_of_a_calendar(make_repository: MakeRepository) -> None:
    text = "calendars:\n  - {id: a, name: A, zone: Europe/Berlin}\n  - {id: b, name: B, zone: Berlin}\n"
    assert [fault[:3] for fault in faults(make_repository, "calendars", text)] == [
        ("unknown-zone", 3, "there is no time zone `Berlin`")
    ]


@pytest.mark.parametrize(
    ("span", "suggested"),
    [
        ("17:00-09:00", "09:00-17:00"),
        ("18:01-06:30", "06:30-18:01"),
        ("22:00-06:00", None),
        ("18:00-06:00", None),
        ("08:00-00:00", None),
        ("08:00-24:00", None),
    ],
)
def test_hours_that_run_backward(make_repository: MakeRepository, span: str, suggested: str | None) -> None:
    text = f"calendars:\n  - id: a\n    name: A\n    hours:\n      mon: ['{span}']\n"
    found = [fault for fault in faults(make_repository, "calendars", text) if fault[0] == "backward-hours"]
    assert [fault[1] for fault in found] == ([5] if suggested else [])
    if suggested:
        assert f"`{suggested}`" in (found[0][3] or "")


def test_every_impossible_span_is_told(make_repository: MakeRepository) -> None:
    text = (
        "calendars:\n  - id: a\n    name: A\n    hours:\n"
        "      mon: ['09:00-12:00', '11:00-13:00']\n      tue: ['09:00-09:00']\n"
        "      wed: ['20:00-02:00']\n      thu: ['01:00-03:00', '04:00-05:00']\n"
    )
    assert [fault[:2] for fault in faults(make_repository, "calendars", text)] == [
        ("impossible-hours", 5),
        ("impossible-hours", 6),
        ("impossible-hours", 8),
    ]


@pytest.mark.parametrize(
    ("place", "message", "help_"),
    [
        ("{country: DE}", None, None),
        ("{country: DE, region: HH, days: [2026-12-24]}", None, None),
        ("{days: [2026-12-24]}", None, None),
        ("{country: XX}", "of a country `XX`", "ISO 3166"),
        ("{country: DE, region: BYY}", "of a region `BYY` of DE", "did you mean `BY`?"),
        ("{country: DE, region: Hamburg}", "of a region `Hamburg` of DE", "expected one of BB, BE,"),
        ("{region: HH}", "`HH` is a region without a country", "name the country"),
    ],
)
def test_holidays_of_a_place_that_nobody_knows(
    make_repository: MakeRepository, place: str, message: str | None, help_: str | None
) -> None:
    text = f"calendars:\n  - id: a\n    name: A\n    holidays: {place}\n"
    found = faults(make_repository, "calendars", text)
    assert [fault[:2] for fault in found] == ([("unknown-holidays", 4)] if message else [])
    if message and help_:
        assert message in found[0][2]
        assert help_ in (found[0][3] or "")


@pytest.mark.parametrize(
    ("policies", "lines"),
    [
        (["{}", "{match: {priority: [P1]}}"], [3]),
        (["{match: {priority: [P1, P2]}}", "{match: {priority: [P1]}}"], [3]),
        (["{match: {priority: [P1]}}", "{match: {priority: [P1, P2]}}"], []),
        (["{match: {priority: [P1]}}", "{}"], []),
        (["{match: {category: [application]}}", "{match: {category: [application/defect]}}"], [3]),
        (["{match: {category: [application/defect]}}", "{match: {category: [application]}}"], []),
        (["{match: {service: [search]}}", "{match: {service: [search], priority: [P1]}}"], [3]),
        (["{match: {service: [search], priority: [P1]}}", "{match: {service: [search]}}"], []),
        (["{match: {service: [search]}}", "{match: {service: [search, checkout]}}"], []),
        (["{valid_until: 2026-01-01}", "{match: {priority: [P1]}}"], []),
        (["{valid_until: 2026-01-01}", "{match: {priority: [P1]}, valid_until: 2025-06-01}"], [3]),
        (["{valid_until: 2026-01-01}", "{valid_from: 2026-01-01}", "{match: {priority: [P1]}}"], [4]),
        (["{valid_until: 2026-01-01}", "{valid_from: 2026-01-02}", "{match: {priority: [P1]}}"], []),
        (["{}", "{}", "{}"], [3, 4]),
    ],
)
def test_a_policy_that_no_incident_comes_to(
    make_repository: MakeRepository, policies: list[str], lines: list[int]
) -> None:
    written = "".join(f"  - {{id: p{at}, name: P, {text[1:]}\n" for at, text in enumerate(policies))
    found = faults(make_repository, "sla", f"policies:\n{written}")
    assert [fault[:2] for fault in found] == [("unreachable-policy", line) for line in lines]


@pytest.mark.parametrize("target", ["0h", "0", "-4h", "4", "1.5h", "''", "9999w"])
def test_a_target_that_is_no_length_of_time(make_repository: MakeRepository, target: str) -> None:
    text = f"policies:\n  - id: a\n    name: A\n    response: {target}\n"
    found = faults(make_repository, "sla", text)
    assert [fault[1] for fault in found] == [4]
    assert "duration" in found[0][2]
