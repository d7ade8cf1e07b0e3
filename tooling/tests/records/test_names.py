"""A path says of a record what it is and which: kind, year and number."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from incidentbook.records import KINDS, RecordName, kind_of, parse_name
from incidentbook.records.article import Article
from incidentbook.records.kinds import home_of

GOOD = [
    ("incidents/2026/INC-2026-0042.md", "incident", "INC-2026-0042", 2026, 42),
    ("incidents/2026/INC-2026-24769.md", "incident", "INC-2026-24769", 2026, 24769),
    ("incidents/2026/INC-2026-0042.review.md", "review", "INC-2026-0042.review", 2026, 42),
    ("incidents/2026/MNT-2026-0003.md", "maintenance", "MNT-2026-0003", 2026, 3),
    ("knowledge/problems/PRB-2026-0007.md", "problem", "PRB-2026-0007", 2026, 7),
    ("knowledge/articles/restart-the-queue.md", "article", "restart-the-queue", None, None),
    ("knowledge/articles/2fa_reset.v2.md", "article", "2fa_reset.v2", None, None),
]


@pytest.mark.parametrize(("path", "kind", "id_", "year", "number"), GOOD)
def test_a_path_tells_kind_year_and_number(
    path: str, kind: str, id_: str, year: int | None, number: int | None
) -> None:
    name = parse_name(path)
    assert name == RecordName(kind, id_, year, number)
    assert home_of(name) == path


@pytest.mark.parametrize("folder", ["incidents", "incidents/2019", "incidents/2026/q1"])
def test_a_record_in_a_wrong_folder_keeps_its_name(folder: str) -> None:
    name = parse_name(f"{folder}/INC-2026-0042.md")
    assert name is not None
    assert name.id == "INC-2026-0042"
    assert home_of(name) == "incidents/2026/INC-2026-0042.md"


@pytest.mark.parametrize(
    "path",
    [
        "incidents/2026/INC-2026-042.md",
        "incidents/2026/INC-2026-00042.md",
        "incidents/2026/inc-2026-0042.md",
        "incidents/2026/INC-26-0042.md",
        "incidents/2026/INC-2026-0042",
        "incidents/2026/INC-2026-0042.MD",
        "incidents/2026/INC-2026-0042.markdown",
        "incidents/2026/INC-2026-0042.review.review.md",
        "incidents/2026/INC-2026-0042 .md",
        "incidents/2026/INC-2026-0042.md.md",
        "incidents/2026/INC-2026-00\uff142.md",  # a digit, but not one of ours
        "incidents/2026/PRB-2026-0007.md",
        "incidents/2026/README.md",
        "incidentsINC-2026-0042.md",
        "incidents-old/INC-2026-0042.md",
        "INC-2026-0042.md",
        "knowledge/INC-2026-0042.md",
        "knowledge/problems/INC-2026-0042.md",
        "knowledge/articles/Restart.md",
        "knowledge/articles/.md",
        "knowledge/articles/...md",
        "knowledge/articles/-a.md",
        "knowledge/articles/a--b.md",
        "schema/services.md",
        "",
        ".md",
        "../incidents/2026/INC-2026-0042.md",
    ],
)
def test_what_is_no_record_has_no_name(path: str) -> None:
    assert parse_name(path) is None


@pytest.mark.parametrize("id_", ["../../etc/passwd", "../INC-2026-0042", "INC-2026-0042/..", "a/../../b"])
def test_an_id_with_a_path_in_it_never_becomes_a_name_with_one(id_: str) -> None:
    for kind in KINDS.values():
        name = parse_name(f"{kind.folder}/{id_}.md")
        assert name is None or "/" not in name.id


def test_names_sort_as_numbers_within_year_and_kind() -> None:
    ids = ["INC-2026-10000", "INC-2026-9999", "INC-2025-24769", "INC-2026-0001"]
    names = [parse_name(f"incidents/{id_}.md") for id_ in ids]
    ordered = sorted((name for name in names if name), key=RecordName.sort_key)
    assert [name.id for name in ordered] == [
        "INC-2025-24769",
        "INC-2026-0001",
        "INC-2026-9999",
        "INC-2026-10000",
    ]


def test_a_review_knows_its_lead_incident_and_nothing_else_does() -> None:
    for path, kind, id_, _, _ in GOOD:
        name = parse_name(path)
        assert name is not None
        assert name.lead_incident == ("INC-2026-0042" if kind == "review" else None), id_


@given(st.integers(0, 9999), st.integers(0, 10**7))
def test_every_number_has_one_name(year: int, number: int) -> None:
    name = RecordName("incident", f"INC-{year:04d}-{number:04d}", year, number)
    assert parse_name(home_of(name)) == name


def test_the_table_of_kinds_agrees_with_itself() -> None:
    for key, kind in KINDS.items():
        assert key == kind.name
        assert kind.open_states < {state.value for state in kind.states}
        assert kind.by_year == ("year" in kind.name_pattern.groupindex and kind.name != "problem")
        assert bool(kind.prefix) == (kind.name in ("incident", "maintenance", "problem", "handover"))
    assert len({kind.model for kind in KINDS.values()}) == len(KINDS)


def test_a_record_finds_its_row() -> None:
    assert kind_of(Article(title="A", status="draft", type="faq")).name == "article"  # type: ignore[arg-type]
