"""What the cache gives back is what was validated: the whole of the speed rests on it."""

from __future__ import annotations

import dataclasses
from datetime import date, datetime, timedelta, timezone
from enum import Enum
from typing import Any, get_args, get_origin

import msgspec
import pytest
from filling import Filler, bare, leaf_kind, places
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter

from incidentbook.records import KINDS

_JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**70), 2**70) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=3), inner, max_size=2),
    max_leaves=4,
)
_OFFSETS = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
_LEAVES: dict[str, st.SearchStrategy[Any]] = {
    "instant": st.datetimes(
        datetime(1970, 1, 2),  # noqa: DTZ001  the offset is drawn apart
        datetime(2199, 12, 30),  # noqa: DTZ001
        timezones=_OFFSETS,
    ).map(lambda instant: instant.isoformat()),
    "day": st.dates(date(1970, 1, 1), date(2199, 12, 31)).map(str),
    "flag": st.booleans(),
    "count": st.integers(0, 2**70),
    "text": st.text(min_size=1, max_size=12),
    "slug": st.from_regex(r"[a-z0-9]{1,4}([._-][a-z0-9]{1,3})?", fullmatch=True),
    "category": st.from_regex(r"[a-z]{1,4}(/[a-z]{1,3})?", fullmatch=True),
    "handle": st.from_regex(r"[A-Za-z0-9][A-Za-z0-9._-]{0,4}", fullmatch=True),
    "incident": st.integers(0, 10**6).map(lambda number: f"INC-2026-{number:04d}"),
    "problem": st.integers(0, 10**6).map(lambda number: f"PRB-2026-{number:04d}"),
}


def values_of(hint: Any) -> st.SearchStrategy[Any]:
    """Values of a type as the reader of a file hands them to the model."""
    inner = bare(hint)
    if get_origin(inner) is tuple:
        return st.lists(values_of(get_args(inner)[0]), max_size=2)
    if dataclasses.is_dataclass(inner):
        every = list(places(inner))
        return st.fixed_dictionaries(
            {place.key: values_of(place.hint) for place in every if place.required},
            optional={place.key: values_of(place.hint) for place in every if not place.required},
        )
    kind = leaf_kind(hint)
    if kind is not None:
        return _LEAVES[kind]
    if isinstance(inner, type) and issubclass(inner, Enum):
        return st.sampled_from([member.value for member in inner])
    return st.integers(1, 5) if inner is int else st.dictionaries(st.text(max_size=4), _JSON, max_size=2)


def again(model: Any, record: Any) -> Any:
    return msgspec.json.decode(msgspec.json.encode(record), type=model)


def plain(value: Any) -> Any:
    """Types and offsets too, which equality looks over."""
    if dataclasses.is_dataclass(value):
        found = {field.name: plain(getattr(value, field.name)) for field in dataclasses.fields(value)}
        return type(value).__name__, found
    if isinstance(value, tuple | list):
        return type(value).__name__, [plain(item) for item in value]
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    return type(value).__name__, value, value.utcoffset() if isinstance(value, datetime) else None


@pytest.mark.parametrize("kind", KINDS)
def test_a_record_with_every_field_comes_back_the_same(kind: str) -> None:
    model = KINDS[kind].model
    values = Filler().fill(model)
    values["extra"] = {key: values.pop(key) for key in list(values) if key.startswith("x-")}
    record = TypeAdapter(model).validate_python(values)
    assert again(model, record) == record
    assert plain(again(model, record)) == plain(record)


@pytest.mark.parametrize("kind", KINDS)
def test_so_does_every_other(kind: str) -> None:
    model: Any = KINDS[kind].model
    adapter = TypeAdapter(model)

    @settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(values_of(model))
    def comes_back(values: dict[str, Any]) -> None:
        record = adapter.validate_python(values)
        assert plain(again(model, record)) == plain(record)

    comes_back()
