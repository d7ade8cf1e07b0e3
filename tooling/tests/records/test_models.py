"""What every model of a record promises to those that read its fields one by one."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator
from typing import Any, get_args, get_origin

import pytest
from filling import Filler, Place, bare, leaf_kind, places
from pydantic import TypeAdapter, ValidationError
from pydantic_core import PydanticCustomError

from incidentbook.records import KINDS, Incident, fields
from incidentbook.records.fields import parse_day, parse_instant


def models(model: Any, seen: dict[Any, None] | None = None) -> list[Any]:
    """A model and every model that its fields are made of."""
    seen = {} if seen is None else seen
    if model not in seen:
        seen[model] = None
        for place in places(model):
            for part in parts(place.hint):
                models(part, seen)
    return list(seen)


def parts(hint: Any) -> Iterator[Any]:
    inner = bare(hint)
    if dataclasses.is_dataclass(inner):
        yield inner
    if get_origin(inner) is not None:
        for argument in get_args(inner):
            yield from parts(argument)


EVERY_FIELD = [
    (model, place)
    for model in dict.fromkeys(part for kind in KINDS.values() for part in models(kind.model))
    for place in places(model)
]


def name_of(case: object) -> str:
    return str(getattr(case, "__name__", None) or getattr(case, "name", ""))


@pytest.mark.parametrize(("model", "place"), EVERY_FIELD, ids=name_of)
def test_a_field_says_what_it_is_for(model: Any, place: Place) -> None:
    described = [note.description for note in place.hint.__metadata__ if getattr(note, "description", None)]
    assert len(described) == 1, f"{model.__name__}.{place.name} has no description, or several"
    assert described[0].endswith((".", "?", "...")), described[0]


def outer_models(model: Any) -> Iterator[tuple[Any, Place]]:
    """Fields that redaction may meet: those of parts that are reached through public fields only."""
    for place in places(model):
        yield model, place
        if place.public:
            for part in parts(place.hint):
                yield from outer_models(part)


@pytest.mark.parametrize("kind", KINDS)
def test_a_field_that_the_public_may_not_read_has_something_to_stand_in_for_it(kind: str) -> None:
    for model, place in outer_models(KINDS[kind].model):
        if not place.public:
            assert not place.required, f"{model.__name__}.{place.name} cannot be blanked"


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_has_what_is_common_to_records(kind: str) -> None:
    names = {place.name: place for place in places(KINDS[kind].model)}
    assert {"status", "title", "visibility", "waivers", "extra"} <= set(names)
    for name in ("status", "title", "visibility"):
        assert names[name].public
    for name in ("waivers", "extra"):
        assert not names[name].public


@pytest.mark.parametrize("kind", KINDS)
def test_people_are_never_public(kind: str) -> None:
    for model, place in outer_models(KINDS[kind].model):
        inner = bare(place.hint)
        item = get_args(inner)[0] if get_origin(inner) is tuple else place.hint
        if "handle" in (leaf_kind(place.hint), leaf_kind(item)):
            assert not place.public, f"{model.__name__}.{place.name} names a person"


@pytest.mark.parametrize("kind", KINDS)
def test_a_record_with_every_field_is_valid(kind: str) -> None:
    values = Filler().fill(KINDS[kind].model)
    own = {key: values.pop(key) for key in list(values) if key.startswith("x-")}
    record = TypeAdapter(KINDS[kind].model).validate_python({**values, "extra": own})
    assert record.extra == own


def test_records_do_not_change() -> None:
    incident = Incident(title="A", status="new")  # type: ignore[arg-type]
    with pytest.raises(dataclasses.FrozenInstanceError):
        incident.title = "B"  # type: ignore[misc]


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("2026-11-21T14:05+00:00", "2026-11-21T14:05:00+00:00"),
        ("2026-11-21T14:05Z", "2026-11-21T14:05:00+00:00"),
        ("2026-11-21T14:05:06.5z", "2026-11-21T14:05:06.500000+00:00"),
        ("2026-11-21 14:05:06,25+0545", "2026-11-21T14:05:06.250000+05:45"),
        ("2026-11-21T14:05-09:30", "2026-11-21T14:05:00-09:30"),
        ("1970-01-01T00:00Z", "1970-01-01T00:00:00+00:00"),
        ("2199-12-31T23:59:59.123456789Z", "2199-12-31T23:59:59.123456+00:00"),
    ],
)
def test_times_in_the_forms_of_iso_8601_that_carry_an_offset(text: str, written: str) -> None:
    assert parse_instant(text).isoformat() == written


@pytest.mark.parametrize(
    "text",
    [
        "2026-11-21T14:05",
        "2026-11-21T14:05+24:00",
        "2026-11-21T24:00Z",
        "2026-11-21T14:60Z",
        "2026-11-21T14:05:60Z",
        "2026-11-21",
        "2026-W47-6T14:05Z",
        "20261121T140500Z",
        "2026-11-21T14:05 Europe/Berlin",
        "2026-11-21T14:05+01:00\n",
        "\uff12\uff10\uff12\uff16-11-21T14:05Z",
        "1969-12-31T23:59Z",
        "2200-01-01T00:00Z",
        "0000-01-01T00:00Z",
        20261121,
        True,
        None,
        ["2026-11-21T14:05Z"],
    ],
)
def test_anything_less_is_refused(text: object) -> None:
    with pytest.raises(PydanticCustomError):
        parse_instant(text)


@pytest.mark.parametrize("text", ["2026-02-29", "2026-2-1", "2026-11-21T00:00Z", "1900-01-01", "", 5, None])
def test_a_date_is_a_whole_day_of_the_calendar(text: object) -> None:
    with pytest.raises(PydanticCustomError):
        parse_day(text)
    assert parse_day("2028-02-29").isoformat() == "2028-02-29"


@pytest.mark.parametrize("category", ["../..", "./a", "a/..", "a/b/c", "A/b", "a/", "/a", "a b", "a//b", "é"])
def test_a_category_is_one_or_two_keys(category: str) -> None:
    with pytest.raises(ValidationError):
        TypeAdapter(Incident).validate_python({"title": "A", "status": "new", "category": category})


@pytest.mark.parametrize(
    "id_",
    [
        "INC-2026-042",
        "INC-2026-00042",
        "inc-2026-0042",
        "INC-2026-0042\n",
        "INC-2026-0042.md",
        "INC-\uff12\uff10\uff12\uff16-0042",
    ],
)
def test_an_id_in_a_link_is_spelt_as_file_names_are(id_: str) -> None:
    with pytest.raises(ValidationError):
        TypeAdapter(Incident).validate_python({"title": "A", "status": "new", "links": {"parent": id_}})


@pytest.mark.parametrize(("pattern", "words"), fields.SPELLINGS.items())
def test_the_example_in_a_message_is_spelt_as_the_pattern_asks(pattern: str, words: str) -> None:
    example = words.rpartition("such as `")[2].removesuffix("`")
    assert re.search(pattern, example)
