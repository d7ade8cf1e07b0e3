"""The search of a built site: what is found, for whom, and with which engine."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from searchbed import ReadIndex
from sitebed import CONFIGURATION, HOSTILE, RECORDS, build_site
from testbed import SCHEMA, MakeRepository, write_files

HOSTILE_INCIDENT = RECORDS["incidents/2026/INC-2026-0002.md"].replace("Search is slow", f"'{HOSTILE}'")
GUIDE = """\
# Guide

Before anything else: breathe.

## When it is *down*

Look at the `status` page.
"""
FILES = {**SCHEMA, **RECORDS, "incidents/2026/INC-2026-0004.md": HOSTILE_INCIDENT, "site/guide.md": GUIDE}
PUBLIC = CONFIGURATION.replace("audience: internal", "audience: public")
MATERIAL = CONFIGURATION + "      search: material\n"
NONE = CONFIGURATION.replace("  - search\n", "")


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("INCIDENTBOOK_NOW", raising=False)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    root = tmp_path_factory.mktemp("built")
    write_files(root, FILES)
    yield build_site(root)
    shutil.rmtree(root)


def test_every_kind_of_record_is_found_and_filed(built: Path) -> None:
    read = ReadIndex.of(built)
    assert len(set(read.addresses)) == len(read.addresses)
    kinds = {
        "incidents/INC-2026-0001/": "incident",
        "reviews/INC-2026-0001/": "review",
        "maintenance/MNT-2026-0001/": "maintenance",
        "knowledge/problems/PRB-2026-0001/": "problem",
        "knowledge/articles/restart-checkout/": "article",
        "services/checkout/": "service",
        "guide/": "page",
    }
    for address, kind in kinds.items():
        assert read.filed(address, "kind") == {kind}
    first = "incidents/INC-2026-0001/"
    assert set(read.words["inc-2026-0001"]) >= {first}
    assert first in read.words["502"]
    assert read.filed(first, "service") == {"checkout"}
    assert read.filed(first, "state") == {"closed"}
    assert read.filed(first, "year") == {"2026"}
    assert read.filed(first, "priority") == {"P1"}
    assert read.filed("incidents/INC-2026-0002/", "state") == {"open", "in_progress"}
    assert read.filed("reviews/INC-2026-0001/", "service") == {"checkout"}
    assert read.filed("services/checkout/", "service") == {"checkout"}
    assert read.filed("knowledge/problems/PRB-2026-0001/", "state") == {"open", "known_error"}
    assert read.filed("knowledge/articles/restart-checkout/", "state") == {"published"}


def test_parts_of_hand_written_pages_are_found_as_plain_words(built: Path) -> None:
    texts = {address: rest for address, *rest in ReadIndex.of(built).texts}
    assert texts["guide/"] == ["Guide", "", "Before anything else: breathe."]
    assert texts["guide/#when-it-is-down"] == ["When it is down", "Guide", "Look at the status page."]


def test_material_is_asked_for_nothing(built: Path) -> None:
    assert not (built / "search" / "search_index.json").exists()
    for name in ("index.html", "404.html", "guide/index.html", "incidents/INC-2026-0001/index.html"):
        html = (built / name).read_text("utf-8")
        assert 'data-md-component="search"' not in html
        assert 'name="search"' not in html
        script = re.search(r'data-ib-search="([^"]+)" data-ib-index="([^"]+)"', html)
        assert script is not None
        assert (built / script[1]).is_file()
        assert (built / script[2]).is_file()
        # loaded when somebody searches, and not before
        assert f'src="{script[1]}"' not in re.sub(r'src="(\.\./)+', 'src="', html)


def test_the_public_finds_public_records_alone(make_repository: MakeRepository) -> None:
    read = ReadIndex.of(build_site(make_repository(FILES), configuration=PUBLIC, strict=False))
    words = read.every_word().lower()
    assert "incidents/inc-2026-0001/" in words
    # a record that is internal, an internal update, a person, a body, which is internal for incidents
    for hidden in ("0003", "quiet", "secretly", "duty-one", "duty", "noticed", "saw"):
        assert hidden not in read.words, hidden
    assert "inc-2026-0003" not in words
    assert "secretly" not in words
    assert not any("INC-2026-0003" in address for address in read.addresses)
    # what impact and urgency make of it, which are public
    assert read.filed("incidents/INC-2026-0001/", "priority") == {"P1"}


def test_a_second_build_is_the_same_as_a_first(make_repository: MakeRepository) -> None:
    root = make_repository(FILES, name="twice")
    once = ReadIndex.of(build_site(root)).files
    assert ReadIndex.of(build_site(root)).files == once
    path = root / "incidents/2026/INC-2026-0003.md"
    path.write_text(path.read_text("utf-8").replace("quiet internal", "noisy"), "utf-8")
    again = ReadIndex.of(build_site(root)).files
    shutil.rmtree(root / ".cache")
    shutil.rmtree(root / "public")
    assert ReadIndex.of(build_site(root)).files == again != once
    assert "noisy" in ReadIndex(again).words
    assert "noisy" not in ReadIndex(once).words


def test_material_may_search_instead(make_repository: MakeRepository) -> None:
    site = build_site(make_repository(FILES), configuration=MATERIAL)
    index = json.loads((site / "search" / "search_index.json").read_text("utf-8"))
    found = {doc["location"]: doc for doc in index["docs"]}
    assert len(found) == len(index["docs"])
    record = found["incidents/INC-2026-0001/"]
    assert record["title"] == "INC-2026-0001 Checkout answers 502"
    assert record["tags"] == ["Incident", "Closed"]
    assert "guide/#when-it-is-down" in found
    assert "<script" not in json.dumps(index)
    assert not (site / "search" / "index.json").exists()
    assert 'data-md-component="search"' in (site / "index.html").read_text("utf-8")


def test_a_site_without_the_theme_s_search_has_none(make_repository: MakeRepository) -> None:
    site = build_site(make_repository(FILES), configuration=NONE)
    assert not (site / "search").exists()
    assert "data-ib-search" not in (site / "index.html").read_text("utf-8")
    assert "md-search__form" not in (site / "index.html").read_text("utf-8")
