"""The index: what stands in it, what a build writes of it, what it forgets."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from hashlib import sha256
from pathlib import Path

import pytest

from incidentbook.cache import Cache
from incidentbook.mkdocs_plugin.search.blocks import DOCUMENTS, ENTRIES, LEVELS
from incidentbook.mkdocs_plugin.search.documents import Document
from incidentbook.mkdocs_plugin.search.index import Index
from incidentbook.pages import SearchEntry
from searchbed import MemoryFolder, ReadIndex

ASKED: list[str] = []
"""The documents whose entries were asked for, in the last build."""


def document(path: str, *entries: SearchEntry) -> Document:
    def given() -> tuple[SearchEntry, ...]:
        ASKED.append(path)
        return entries

    return Document(path, sha256(repr(entries).encode()).hexdigest(), given)


def incident(number: int, title: str = "Something broke", text: str = "", year: int = 2026) -> Document:
    id_ = f"INC-{year}-{number:04}"
    filters = (("kind", "incident", "Incident"), ("state", "closed", "Closed"))
    return document(
        f"incidents/{id_}/", SearchEntry(f"{id_} {title}", text, filters=filters, day=date(year, 1, 1))
    )


def built(documents: Iterable[Document], cache: Cache, folder: MemoryFolder) -> dict[str, bytes]:
    ASKED.clear()
    index = Index(cache, "internal")
    for one in documents:
        index.add(one)
    index.write(folder)
    return folder.finish()


def cold(documents: Iterable[Document]) -> dict[str, bytes]:
    return built(documents, Cache(None), MemoryFolder())


@pytest.fixture
def cache(tmp_path: Path) -> Iterator[Cache]:
    opened = Cache.open(tmp_path)
    yield opened
    opened.close()


def test_words_lead_to_their_documents() -> None:
    read = ReadIndex(
        cold(
            [
                incident(1, "Checkout is slow", "The pool was empty. See INC-2026-0002."),
                incident(2, "Search is slow", "The pool was full."),
            ]
        )
    )
    first, second = "incidents/INC-2026-0001/", "incidents/INC-2026-0002/"
    assert set(read.words["slow"]) == set(read.words["pool"]) == {first, second}
    assert set(read.words["empty"]) == {first}
    # the record itself before one that mentions it
    assert read.words["inc-2026-0002"][second] > read.words["inc-2026-0002"][first]
    assert set(read.words["0002"]) == {second}
    assert read.texts[0] == [
        first,
        "INC-2026-0001 Checkout is slow",
        "",
        "The pool was empty. See INC-2026-0002.",
    ]


def test_a_title_weighs_more_and_a_long_text_less() -> None:
    long = "word " * 3000
    read = ReadIndex(
        cold([incident(1, "Anchor"), incident(2, text="anchor"), incident(3, text="anchor " + long)])
    )
    in_title, short, among_many = (read.words["anchor"][f"incidents/INC-2026-000{n}/"] for n in (1, 2, 3))
    assert LEVELS > in_title > short > among_many >= 0


def test_entries_are_filed_under_their_facets() -> None:
    filters = (
        ("kind", "incident", "Incident"),
        ("service", "search", "Search"),
        ("service", "checkout", "Checkout"),
        ("state", "open", "Any open"),
        ("state", "assigned", "Assigned"),
        ("year", "2026", "2026"),
    )
    older = (("kind", "incident", "Incident"), ("year", "2025", "2025"))
    read = ReadIndex(
        cold(
            [
                document("a/", SearchEntry("A", "", filters=filters, day=date(2026, 3, 1))),
                document("b/", SearchEntry("B", "", filters=older, day=date(2025, 2, 1))),
                document("teams/desk/", SearchEntry("Desk", "", tags=("Team",))),
            ]
        )
    )
    assert read.filed("a/", "service") == {"checkout", "search"}
    assert read.filed("b/", "service") == set()
    assert read.filed("teams/desk/", "kind") == {"team"}
    shown = {facet["name"]: facet["values"] for facet in read.manifest["facets"]}
    assert list(shown) == ["kind", "service", "state", "year"]
    assert shown["state"] == [["open", "Any open", 1], ["assigned", "Assigned", 1]]
    assert [value for value, _, _ in shown["year"]] == ["2026", "2025"]
    assert shown["kind"] == [["incident", "Incident", 2], ["team", "Team", 1]]
    days = [sum(read.columns["day"][: n + 1]) for n in range(3)]
    assert days == [(date(2026, 3, 1) - date(2000, 1, 1)).days, (date(2025, 2, 1) - date(2000, 1, 1)).days, 0]


def test_parts_of_a_page_are_found_apart_up_to_a_number() -> None:
    parts = [SearchEntry(f"Part {n}", f"only{n}", anchor=f"p{n}", page="Guide") for n in range(ENTRIES + 3)]
    read = ReadIndex(cold([document("guide/", *parts)]))
    assert len(read.addresses) == ENTRIES
    assert set(read.words["only3"]) == {"guide/#p3"}
    assert set(read.words[f"only{ENTRIES + 2}"]) == {f"guide/#p{ENTRIES - 1}"}
    assert len(read.words["guide"]) == ENTRIES


def test_nothing_to_find_is_an_index_too() -> None:
    read = ReadIndex(cold([]))
    assert read.words == {}
    assert read.manifest["facets"] == []


def test_the_same_documents_in_any_order_make_the_same_bytes(cache: Cache) -> None:
    documents = [incident(n, f"Title {n}", f"text {n % 7}") for n in range(1, DOCUMENTS + 40)]
    assert cold(documents) == cold(reversed(documents))
    assert built(documents, cache, MemoryFolder()) == cold(documents)


def test_several_processes_make_the_same_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    documents = [
        incident(n, f"Title {n}", f"text {n % 7}", year) for year in range(2020, 2027) for n in range(9)
    ]
    alone = cold(documents)
    monkeypatch.setattr("incidentbook.mkdocs_plugin.search.index._SEVERAL", 2)
    assert cold(documents) == alone


def test_a_changed_document_makes_only_its_own_files_again(cache: Cache) -> None:
    closed = [incident(n, text=f"quiet{n}", year=2025) for n in range(1, 60)]
    current = [incident(n, text=f"loud{n}") for n in range(1, 20)]
    folder = MemoryFolder()
    first = built([*closed, *current], cache, folder)
    assert len(ASKED) == len(closed) + len(current)
    changed = [*current[:4], incident(5, text="loud5 zebra"), *current[5:]]

    ASKED.clear()
    index = Index(cache, "internal")
    for one in [*closed, *changed]:
        index.add(one)
    assert ASKED == ["incidents/INC-2026-0005/"]
    index.write(folder)
    # its neighbours in the block, and no closed year
    assert all("2026" in path for path in ASKED)
    assert len(folder.written) < len(first) / 2
    assert folder.finish() == cold([*closed, *changed])


def test_what_is_not_there_any_more_is_not_found(cache: Cache) -> None:
    folder = MemoryFolder()
    built([incident(1, "Secret"), incident(2, "Known")], cache, folder)
    after = built([incident(2, "Known")], cache, folder)
    assert "secret" not in ReadIndex(after).every_word().lower()
    assert after == cold([incident(2, "Known")])
    assert len(cache.get_all("search-block")) == 1


def test_an_unchanged_site_is_neither_asked_nor_written(cache: Cache) -> None:
    folder = MemoryFolder()
    documents = [incident(n, text=f"word{n}") for n in range(1, 9)]
    first = built(documents, cache, folder)
    index = Index(cache, "internal")
    for one in documents:
        index.add(one)
    ASKED.clear()
    index.write(folder)
    assert (ASKED, folder.written) == ([], [])
    assert folder.finish() == first


def test_a_damaged_cache_only_costs_time(cache: Cache) -> None:
    documents = [incident(n, text=f"word{n}") for n in range(1, 9)]
    first = built(documents, cache, MemoryFolder())
    for space in ("search", "search-block"):
        cache.put_many(space, dict.fromkeys(cache.get_all(space), b"\xc1 not what was stored"))
    assert built(documents, cache, MemoryFolder()) == first
    assert len(ASKED) == len(documents)


def test_words_that_begin_alike_are_divided_when_they_are_many() -> None:
    documents = [incident(n, text=" ".join(f"con{n:04}x{m}" for m in range(60))) for n in range(1, 300)]
    read = ReadIndex(cold(documents))
    assert len(read.words) > 299 * 60
    assert set(read.words["con0007x9"]) == {"incidents/INC-2026-0007/"}
    prefixes = list(read.manifest["words"])
    assert len(prefixes) == len(set(prefixes)) > 3
