"""Foreign services find their keys."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from incidentbook.archive import open_repository
from incidentbook.importers.catalogue import Catalogue, slug_of
from incidentbook.importers.foreign import ForeignService
from testbed import MakeRepository

SLUG = re.compile(r"[a-z0-9]+([._-][a-z0-9]+)*")


@pytest.fixture
def root(make_repository: MakeRepository) -> Path:
    services = """\
services:
  - {id: checkout, name: Checkout and payment, aliases: [basket, Old shop]}
  - {id: api, name: Public API}
  - {id: c, name: C++}
"""
    return make_repository({"schema/services.yml": services})


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("Checkout and payment", "checkout"),
        ("  checkout AND  payment ", "checkout"),
        ("basket", "checkout"),
        ("old shop", "checkout"),
        ("API", "api"),
        ("C++", "c"),
    ],
)
def test_a_service_is_found_by_name_alias_and_key(root: Path, name: str, key: str) -> None:
    catalogue = Catalogue(open_repository(root).taxonomy)
    assert catalogue.key_of(ForeignService(name)) == key
    assert catalogue.added == []


def test_a_new_service_is_added_once_with_its_name(root: Path) -> None:
    catalogue = Catalogue(open_repository(root).taxonomy)
    keys = [catalogue.key_of(ForeignService(name, "Berths")) for name in ("Berth Booking", "berth booking")]
    assert keys == ["berth-booking", "berth-booking"]
    assert catalogue.added == [{"id": "berth-booking", "name": "Berth Booking", "definition": "Berths"}]


def test_names_that_only_look_alike_as_keys_stay_apart(root: Path) -> None:
    catalogue = Catalogue(open_repository(root).taxonomy)
    assert [catalogue.key_of(ForeignService(name)) for name in ("C#", "C@", "C#")] == ["c-2", "c-3", "c-2"]


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("Pull Requests", "pull-requests"),
        ("Zahlungen für Gäste", "zahlungen-fur-gaste"),
        ("A/B (EU)", "a-b-eu"),
    ],
)
def test_keys_are_made_of_names(name: str, key: str) -> None:
    assert slug_of(name) == key


@given(st.text(min_size=1))
def test_every_name_gives_a_key(name: str) -> None:
    assert SLUG.fullmatch(slug_of(name))
    assert slug_of(name) == slug_of(name)
