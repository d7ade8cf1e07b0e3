"""Reading schema/: every mistake has its file, line and column, and none hides another."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from incidentbook.cache import Cache
from incidentbook.diagnostics import Diagnostic, IncidentbookError
from incidentbook.gitrepo import open_working_tree
from incidentbook.taxonomy import (
    FILES,
    NotARecordsRepositoryError,
    Taxonomy,
    UnsuitableToolError,
    UnsupportedFormatError,
    load_taxonomy,
)
from testbed import SCHEMA, MakeRepository

SETTINGS = "format: 1\nname: Testbed\n"
Place = tuple[str, str, int | None, int | None]


def load(
    make_repository: MakeRepository, files: Mapping[str, str | bytes]
) -> tuple[Taxonomy, tuple[Diagnostic, ...]]:
    """Load a schema of these files alone."""
    """Load the files of a test; of the others, empty ones are there."""
    empty = {f"schema/{name}.yml": "" for name in FILES}
    root = make_repository({**empty, "schema/incidentbook.yml": SETTINGS, **files}, schema=False)
    return load_taxonomy(open_working_tree(root))


def places(found: tuple[Diagnostic, ...]) -> list[Place]:
    return [
        (
            item.code,
            item.path.removeprefix("schema/"),
            item.span.line if item.span else None,
            item.span.column if item.span else None,
        )
        for item in found
    ]


def test_the_whole_schema_is_read(make_repository: MakeRepository) -> None:
    taxonomy, found = load(make_repository, SCHEMA)
    assert found == ()
    assert taxonomy.settings.name == "Testbed"
    assert [service.id for service in taxonomy.services] == ["checkout", "search", "database"]
    assert [group.name for group in taxonomy.groups] == ["Shop"]
    assert [below.id for below in taxonomy.categories[0].subcategories] == ["deployment", "defect"]
    assert [code.id for code in taxonomy.resolution_codes] == ["fixed", "rolled_back"]
    assert [channel.id for channel in taxonomy.channels] == ["alert", "phone"]
    assert [team.line for team in taxonomy.teams] == [2, 1]
    assert taxonomy.people[-1].bot
    assert [priority.id for priority in taxonomy.priorities] == ["P1", "P2", "P3", "P4"]
    assert [policy.id for policy in taxonomy.policies] == ["critical", "standard"]
    assert [reason.id for reason in taxonomy.hold_reasons] == ["vendor", "user"]
    assert [calendar.id for calendar in taxonomy.calendars] == ["always", "office"]
    assert taxonomy.review_policies[0].due_working_days == 5


def test_a_file_that_is_missing_counts_as_empty_and_is_told(make_repository: MakeRepository) -> None:
    root = make_repository({"schema/incidentbook.yml": SETTINGS}, schema=False)
    taxonomy, found = load_taxonomy(open_working_tree(root))
    assert places(found) == [
        (code, f"{name}.yml", None, None)
        for name, code in sorted(
            {
                **dict.fromkeys(
                    ("services", "categories", "teams", "people", "calendars"), "missing-schema-file"
                ),
                **dict.fromkeys(("priority", "sla", "reviews"), "missing-policy-file"),
            }.items()
        )
    ], "and not measures.yml, which may be absent"
    assert {item.code: item.severity.value for item in found} == {
        "missing-schema-file": "warning",
        "missing-policy-file": "error",
    }
    assert (taxonomy.services, taxonomy.categories, taxonomy.people, taxonomy.policies) == ((), (), (), ())
    assert taxonomy.matrix() is None
    assert taxonomy.review_policy() is None
    assert [calendar.id for calendar in taxonomy.calendars] == ["always"]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("priority", [("missing-policy-file", "priority.yml")]),
        ("teams", [("unknown-reference", "services.yml"), ("missing-schema-file", "teams.yml")]),
    ],
)
def test_what_follows_from_a_missing_file_is_told_only_where_that_is_no_error(
    make_repository: MakeRepository, name: str, expected: list[tuple[str, str]]
) -> None:
    root = make_repository()
    (root / f"schema/{name}.yml").unlink()
    found = load_taxonomy(open_working_tree(root))[1]
    assert [place[:2] for place in places(found)] == expected


@pytest.mark.parametrize("name", [name for name in FILES if name != "incidentbook"])
def test_a_directory_is_no_missing_file(make_repository: MakeRepository, tmp_path: Path, name: str) -> None:
    root = make_repository()
    cache = Cache.open(tmp_path / "cache")
    (root / f"schema/{name}.yml").unlink()
    load_taxonomy(open_working_tree(root), cache=cache)
    (root / f"schema/{name}.yml").mkdir()
    with pytest.raises(IncidentbookError, match=rf"schema/{name}.yml cannot be read: it is a directory"):
        load_taxonomy(open_working_tree(root), cache=cache)


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("text", ["", "\n\n", "# only a comment\n", "\ufeff"])
def test_a_file_without_anything_in_it_says_that_there_is_nothing(
    make_repository: MakeRepository, name: str, text: str
) -> None:
    if name == "incidentbook":
        text = SETTINGS + text
    assert load(make_repository, {f"schema/{name}.yml": text})[1] == ()


def test_keys_without_a_value_count_as_absent(make_repository: MakeRepository) -> None:
    services = "groups:\nservices:\n  - {id: a, name: A, depends_on: , tier: }\n"
    taxonomy, found = load(make_repository, {"schema/services.yml": services})
    assert found == ()
    assert taxonomy.services[0].depends_on == ()


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        ("name: A\n", "`format` is missing"),
        ("", "`format` is missing"),
        ("format:\nname: A\n", "`format` is missing"),
        ("format: 2\nname: A\n", "a newer version reads it"),
        ("format: 0\nname: A\n", "write `format: 1`"),
        ('format: "1"\nname: A\n', "`format` is '1'"),
        ("format: [1]\nname: A\n", "`format` is [1]"),
        ("format: 1.5\nname: A\n", "`format` is 1.5"),
    ],
)
def test_another_format_names_the_version_that_reads_it(
    make_repository: MakeRepository, settings: str, says: str
) -> None:
    with pytest.raises(UnsupportedFormatError) as raised:
        load(make_repository, {"schema/incidentbook.yml": settings})
    message = str(raised.value)
    assert says in message
    assert "reads format 1" in message
    assert "\n" not in message


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        ("format: 1\nname: [\n", "schema/incidentbook.yml:3:1: "),
        ("format: 1\nname: A: B\n", "schema/incidentbook.yml:2:8: "),
        ("- format: 1\n", "schema/incidentbook.yml:1:1: expected fields"),
        ("format: 1\n", "`name` is missing"),
        ("format: true\nname: A\n", "schema/incidentbook.yml:1:9: `format` is `true`"),
        (b"format: 1\nname: \xff\n", "not UTF-8 text"),
        ("format: 1\nname: A\n" + "#" * 1_100_000, "at most 1,000,000 are read"),
    ],
)
def test_settings_that_cannot_be_read_are_one_line(
    make_repository: MakeRepository, settings: str | bytes, says: str
) -> None:
    with pytest.raises(IncidentbookError) as raised:
        load(make_repository, {"schema/incidentbook.yml": settings})
    assert says in str(raised.value)
    assert "\n" not in str(raised.value)


def test_the_rest_of_the_settings_is_salvaged(make_repository: MakeRepository) -> None:
    taxonomy, found = load(
        make_repository, {"schema/incidentbook.yml": SETTINGS + "now: soon\nurl: x\nzne: UTC\n"}
    )
    assert taxonomy.settings.name == "Testbed"
    assert taxonomy.settings.now is None
    assert places(found) == [
        ("invalid-time", "incidentbook.yml", 3, 6),
        ("invalid-value", "incidentbook.yml", 4, 6),
        ("unknown-key", "incidentbook.yml", 5, 1),
    ]
    assert found[2].help == "did you mean `zone`?"


def test_without_settings_it_is_no_records_repository(tmp_path: Path) -> None:
    with pytest.raises(NotARecordsRepositoryError, match=r"incidentbook init"):
        load_taxonomy(open_working_tree(tmp_path))


@pytest.mark.parametrize("name", [name for name in FILES if name != "incidentbook"])
def test_broken_yaml_has_its_place_and_leaves_the_other_files(
    make_repository: MakeRepository, name: str
) -> None:
    taxonomy, found = load(make_repository, {**SCHEMA, f"schema/{name}.yml": "# one\nkey: 'open\n"})
    assert places(found) == [("yaml-syntax", f"{name}.yml", 2, 6)], "and no reference to it is told"
    assert taxonomy.settings.name == "Testbed"
    assert bool(taxonomy.services) == (name != "services")


@pytest.mark.parametrize("name", FILES)
def test_an_unknown_key_has_its_place(make_repository: MakeRepository, name: str) -> None:
    _, found = load(
        make_repository, {**SCHEMA, f"schema/{name}.yml": SCHEMA[f"schema/{name}.yml"] + "oops: 1\n"}
    )
    line = SCHEMA[f"schema/{name}.yml"].count("\n") + 1
    assert places(found) == [("unknown-key", f"{name}.yml", line, 1)]


def test_a_misspelt_key_deep_down_is_suggested(make_repository: MakeRepository) -> None:
    text = "services:\n  - id: a\n    name: A\n    teir: 1\n"
    taxonomy, found = load(make_repository, {"schema/services.yml": text})
    assert places(found) == [("unknown-key", "services.yml", 4, 5)]
    assert found[0].message == "`services[0].teir` is not a field here"
    assert found[0].help == "did you mean `tier`?"
    assert taxonomy.services[0].name == "A"


def test_every_mistake_of_every_file_is_told(make_repository: MakeRepository) -> None:
    _, found = load(
        make_repository,
        {
            "schema/services.yml": (
                "services:\n  - {id: Bad Key, name: A}\n  - {name: B}\n  - {id: c, name: C, tier: x}\n"
            ),
            "schema/sla.yml": "policies:\n  - {id: a, name: A, response: 0m, resolution: soon, at_risk: 2}\n",
            "schema/people.yml": "people: everybody\n",
            "schema/calendars.yml": (
                "calendars:\n  - {id: a, name: A, hours: {monday: ['09:00-17:00'], tue: ['9-5']}}\n"
            ),
        },
    )
    assert places(found) == [
        ("unknown-value", "calendars.yml", 2, 30),
        ("invalid-value", "calendars.yml", 2, 61),
        ("wrong-type", "people.yml", 1, 9),
        ("invalid-value", "services.yml", 2, 10),
        ("missing-key", "services.yml", 3, 5),
        ("wrong-type", "services.yml", 4, 28),
        ("invalid-duration", "sla.yml", 2, 32),
        ("invalid-duration", "sla.yml", 2, 48),
        ("invalid-value", "sla.yml", 2, 63),
    ]


def test_a_misspelt_visibility_hides_the_service(make_repository: MakeRepository) -> None:
    text = "services:\n  - {id: vault, name: Vault, visibility: intrenal}\n"
    taxonomy, found = load(make_repository, {"schema/services.yml": text})
    assert [item.help for item in found] == ["did you mean `internal`?"]
    assert taxonomy.services[0].visibility == "restricted"


def test_files_that_nobody_reads_are_named(make_repository: MakeRepository) -> None:
    _, found = load(
        make_repository,
        {
            "schema/service.yml": "services: []\n",
            "schema/old/teams.yml": "",
            "schema/README.md": "# Ours\n",
            "schema/json/services.schema.json": "{}",
            "schema/.editor": "",
        },
    )
    assert places(found) == [
        ("unknown-schema-file", "old/teams.yml", None, None),
        ("unknown-schema-file", "service.yml", None, None),
    ]


def test_a_schema_file_outside_the_repository_is_not_read(
    make_repository: MakeRepository, tmp_path: Path
) -> None:
    (tmp_path / "teams.yml").write_text("teams: []\n")
    root = make_repository()
    (root / "schema" / "teams.yml").unlink()
    (root / "schema" / "teams.yml").symlink_to(tmp_path / "teams.yml")
    with pytest.raises(
        IncidentbookError, match=r"schema/teams.yml cannot be read: it is a link that leads out"
    ):
        load_taxonomy(open_working_tree(root))


def test_the_fingerprint_follows_the_texts(make_repository: MakeRepository) -> None:
    before = load(make_repository, {})[0].fingerprint
    assert load(make_repository, {})[0].fingerprint == before
    assert load(make_repository, {"schema/teams.yml": "teams: []\n"})[0].fingerprint != before


def test_a_taxonomy_from_the_cache_is_the_one_that_was_read(
    make_repository: MakeRepository, tmp_path: Path
) -> None:
    root = make_repository(
        {
            "schema/sla.yml": SCHEMA["schema/sla.yml"].replace("1d", "1d 12h 5m", 1),
            "schema/calendars.yml": SCHEMA["schema/calendars.yml"]
            + "    holidays: {country: DE, region: BY, days: [2026-12-24]}\n",
        }
    )
    cache = Cache.open(tmp_path / "cache")
    cold, found = load_taxonomy(open_working_tree(root))
    assert found == ()
    assert cold.matrix() is not None, "answers that were worked out are not stored"
    for _ in range(2):
        assert load_taxonomy(open_working_tree(root), cache=cache) == (cold, ())
    assert cache.get_all("taxonomy")


@pytest.mark.parametrize("path", ["schema/services.yml", "schema/incidentbook.yml", "schema/odd.yml"])
def test_a_schema_that_changed_is_read_again(
    make_repository: MakeRepository, tmp_path: Path, path: str
) -> None:
    root = make_repository()
    cache = Cache.open(tmp_path / "cache")
    load_taxonomy(open_working_tree(root), cache=cache)
    text = (root / path).read_text() if (root / path).exists() else ""
    (root / path).write_text(text + "oops: 1\n")
    for _ in range(2):
        taxonomy, found = load_taxonomy(open_working_tree(root), cache=cache)
        assert (taxonomy, found) == load_taxonomy(open_working_tree(root))
        assert len(found) == 1
    (root / path).write_text(text)
    assert bool(load_taxonomy(open_working_tree(root), cache=cache)[1]) == (path == "schema/odd.yml")


def test_a_damaged_cache_is_passed_over(make_repository: MakeRepository, tmp_path: Path) -> None:
    root = make_repository()
    cache = Cache.open(tmp_path / "cache")
    taxonomy, _ = load_taxonomy(open_working_tree(root), cache=cache)
    whole = cache.get_all("taxonomy")["current"]
    for damaged in (whole[:-9], whole[:48], whole.replace(b'"settings"', b'"sett{ngs"')):
        assert damaged != whole
        cache.put_many("taxonomy", {"current": damaged})
        assert load_taxonomy(open_working_tree(root), cache=cache)[0] == taxonomy


@pytest.mark.parametrize("wanted", [">=0.1", ">=0.1,<99", "!=0.0.1"])
def test_a_tool_that_suits_goes_on(make_repository: MakeRepository, wanted: str) -> None:
    assert load(make_repository, {"schema/incidentbook.yml": f'{SETTINGS}tool: "{wanted}"\n'})[1] == ()


def test_another_tool_is_asked_for_by_name(make_repository: MakeRepository) -> None:
    with pytest.raises(UnsuitableToolError, match=r"`tool` is >=99; .* `pip install git\+ADDRESS@VERSION`"):
        load(make_repository, {"schema/incidentbook.yml": f'{SETTINGS}tool: ">=99"\n'})


def test_a_wish_that_is_no_version_has_its_place(make_repository: MakeRepository) -> None:
    found = load(make_repository, {"schema/incidentbook.yml": f"{SETTINGS}tool: newest\n"})[1]
    assert places(found) == [("invalid-value", "incidentbook.yml", 3, 7)]
