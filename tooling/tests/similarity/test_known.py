"""What is known of a trouble: each sort by itself, with the reason, and only what is for its reader."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from incidentbook.archive import open_repository
from incidentbook.cache import Cache
from incidentbook.publication import publish
from incidentbook.records import Audience
from incidentbook.similarity import Document, Known, build_index, document_of_text, known_for, nearest
from incidentbook.similarity.naming import services_named
from incidentbook.similarity.packed import nearest_by_shelf, pack
from incidentbook.similarity.ranking import Effort
from testbed import MakeRepository, write_files

NOW = datetime.fromisoformat("2026-11-20T12:00+00:00")
ALL = Effort(postings=10**6, candidates=10**6)


def incident(title: str, status: str = "new", extra: str = "", body: str = "") -> str:
    done = "resolved: 2026-11-10T09:00+00:00\n" if status in ("resolved", "closed") else ""
    return (
        f"---\ntitle: {title}\nstatus: {status}\nvisibility: internal\n"
        f"opened: 2026-11-10T08:00+00:00\n{done}{extra}---\n{body}\n"
    )


POOL = "resolution: {code: fixed, summary: Connections were given back., permanence: temporary}\n"
RECORDS = {
    "incidents/2026/INC-2026-0001.md": incident(
        "Checkout runs out of database connections",
        "closed",
        "services: [{service: checkout, state: partial_outage}]\n"
        f"links: {{problem: PRB-2026-0001, articles: [slow-carrier]}}\n{POOL}",
    ),
    "incidents/2026/INC-2026-0002.md": incident(
        "No orders, connections of checkout are exhausted",
        extra="services: [{service: checkout, state: major_outage}]\nsymptoms: [Connections exhausted]\n",
    ),
    "incidents/2026/INC-2026-0003.md": incident("Connections of checkout exhausted", "cancelled"),
    "incidents/2026/INC-2026-0004.md": incident(
        "Connections of checkout exhausted", "closed", "drill: true\n"
    ),
    "incidents/2026/INC-2026-0005.md": incident("The lamp in the office flickers", "closed"),
    "incidents/2026/INC-2026-0006.md": incident("Trouble", body="Connections exhausted in checkout again."),
    "knowledge/problems/PRB-2026-0001.md": "---\ntitle: Checkout leaks connections\nstatus: known_error\n"
    "workaround: Restart the fullest pods.\nservices: [checkout]\n---\n",
    "knowledge/problems/PRB-2026-0002.md": "---\ntitle: Checkout leaks connections\nstatus: closed\n---\n",
    "knowledge/articles/connection-pool.md": "---\ntitle: Pool is empty\nstatus: published\ntype: runbook\n"
    "do_first: Save the session list.\n---\nIf KubeCheckoutConnections alerts, connections are exhausted.\n",
    "knowledge/articles/slow-carrier.md": "---\ntitle: Ask the carrier\nstatus: published\n"
    "type: how-to\n---\n",
    "knowledge/articles/old.md": "---\ntitle: Connections exhausted\nstatus: retired\ntype: runbook\n---\n",
}


def ids(known: Known) -> dict[str, list[str]]:
    return {
        name: [hit.entry.id for hit in getattr(known, name)]
        for name in ("open", "past", "known_errors", "articles")
    }


@pytest.fixture
def root(make_repository: MakeRepository) -> Path:
    return make_repository(RECORDS)


def test_each_sort_is_told_by_itself(root: Path) -> None:
    known = known_for(open_repository(root), text="connections of checkout are exhausted", now=NOW)
    assert ids(known) == {
        "open": ["INC-2026-0002", "INC-2026-0006"],
        "past": ["INC-2026-0001"],
        "known_errors": ["PRB-2026-0001"],
        "articles": ["slow-carrier", "connection-pool"],
    }


def test_the_reason_is_said(root: Path) -> None:
    archive = open_repository(root)
    known = known_for(archive, text="connections of checkout are exhausted", now=NOW)
    assert known.open[0].reason(archive.taxonomy) == (
        'same service: Checkout; both say "exhausted", "connections", "checkout"'
    )
    carrier = known.articles[0]
    assert carrier.reason(archive.taxonomy) == "named by INC-2026-0001, which is like this"
    assert carrier.score < known.past[0].score


def test_what_a_record_names_itself_comes_first(root: Path) -> None:
    archive = open_repository(root)
    known = known_for(archive, id="INC-2026-0001", now=NOW)
    assert known.known_errors[0].named
    assert known.known_errors[0].score == 1
    assert known.articles[0].entry.id == "slow-carrier"
    assert known.articles[0].reason(archive.taxonomy).startswith("this record names it")
    assert "INC-2026-0001" not in ids(known)["past"]


def test_an_incident_that_has_only_a_title_is_known_by_its_beginning(root: Path) -> None:
    known = known_for(open_repository(root), id="INC-2026-0006", now=NOW)
    assert ids(known)["open"] == ["INC-2026-0002"]


def test_an_id_without_a_record_is_refused(root: Path) -> None:
    with pytest.raises(KeyError):
        known_for(open_repository(root), id="INC-2026-0999", now=NOW)


def test_what_is_logged_later_is_not_known_yet(root: Path) -> None:
    before = datetime.fromisoformat("2026-11-01T12:00+00:00")
    known = known_for(open_repository(root), text="connections of checkout are exhausted", now=before)
    assert not known.open
    assert not known.past


def test_a_reader_is_told_only_what_they_may_read(make_repository: MakeRepository) -> None:
    secret = RECORDS["incidents/2026/INC-2026-0002.md"].replace(": internal", ": restricted")
    archive = open_repository(make_repository({**RECORDS, "incidents/2026/INC-2026-0002.md": secret}))
    text = "connections of checkout are exhausted"
    assert "INC-2026-0002" in ids(known_for(archive, text=text, now=NOW))["open"]
    published = publish(archive, Audience.INTERNAL)
    assert "INC-2026-0002" not in ids(known_for(published, text=text, now=NOW))["open"]
    assert known_for(publish(archive, Audience.PUBLIC), text=text, now=NOW).is_empty


def test_the_index_is_kept_and_made_anew_when_a_file_changes(root: Path) -> None:
    cache = Cache.open(root / ".cache")
    text = "connections of checkout are exhausted"
    first = known_for(open_repository(root), text=text, cache=cache, now=NOW)
    archive = open_repository(root)
    again = known_for(archive, text=text, cache=cache, now=NOW)
    assert ids(again) == ids(first)
    assert [hit.score for hit in again.past] == [hit.score for hit in first.past]
    # only what was found was read
    assert not next(entry for entry in archive.entries if entry.id == "INC-2026-0005").is_loaded
    write_files(root, {"incidents/2026/INC-2026-0007.md": incident("Connections of checkout exhausted")})
    later = known_for(open_repository(root), text=text, cache=cache, now=NOW)
    assert "INC-2026-0007" in ids(later)["open"]


def test_a_damaged_index_only_costs_time(root: Path) -> None:
    cache = Cache.open(root / ".cache")
    text = "connections of checkout are exhausted"
    first = known_for(open_repository(root), text=text, cache=cache, now=NOW)
    cache.put_many("known", {"all": b"\x93\x01\x02"})
    assert ids(known_for(open_repository(root), text=text, cache=cache, now=NOW)) == ids(first)


def test_services_are_known_by_key_alias_and_name(make_repository: MakeRepository) -> None:
    taxonomy = open_repository(make_repository()).taxonomy
    assert list(services_named("The CHECKOUT fails, and find is slow", taxonomy)) == ["checkout", "search"]
    assert not list(services_named("researching checkouts", taxonomy))
    assert not list(services_named("", taxonomy))


def document(id_: str, text: str) -> Document:
    made = document_of_text(text)
    return Document(id_, made.terms, made.words)


TEXTS = st.lists(st.text("abc DE_é", max_size=30), max_size=10)


@given(TEXTS, st.text("abc DE_é", max_size=30))
def test_a_packed_index_finds_what_the_plain_one_finds(texts: list[str], question: str) -> None:
    documents = [document(str(number), text) for number, text in enumerate(texts)]
    plain = nearest(build_index(documents), document("", question), 5, least=0.01, effort=ALL)
    (packed,) = nearest_by_shelf(pack([documents]), document("", question), 5, least=[0.01], effort=ALL)
    # weights are kept shorter, so that the order of equals may differ
    assert [round(one.score, 5) for one in packed] == [round(one.score, 5) for one in plain]


@given(TEXTS, TEXTS)
def test_each_shelf_has_its_own(first: list[str], second: list[str]) -> None:
    shelves = [
        [document(f"{shelf}{n}", t) for n, t in enumerate(ts)] for shelf, ts in (("a", first), ("b", second))
    ]
    found = nearest_by_shelf(pack(shelves), document_of_text("abc de"), 3, least=[0.0, 0.0], effort=ALL)
    assert all(match.id.startswith("a") for match in found[0])
    assert all(match.id.startswith("b") for match in found[1])


def test_names_of_alerts_are_read_in_parts() -> None:
    index = build_index([document("a", "KubePodCrashLooping"), document("b", "checkout_pool_high")])
    assert nearest(index, document_of_text("pods are crashing in a loop"), 1)[0].id == "a"
    assert nearest(index, document_of_text("the pool of checkout"), 1)[0].id == "b"
