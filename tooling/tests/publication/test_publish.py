"""Who may read which record, and what vanishes with the records that are not there."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from incidentbook.archive import load_archive
from incidentbook.gitrepo import open_working_tree
from incidentbook.publication import Published, may_read, publish
from incidentbook.records import Audience
from testbed import SCHEMA, MakeRepository

PUBLIC, INTERNAL, RESTRICTED = Audience.PUBLIC, Audience.INTERNAL, Audience.RESTRICTED


def record(visibility: str | None, rest: str = "", status: str = "new") -> str:
    shown = f"visibility: {visibility}\n" if visibility else ""
    return f"---\ntitle: A\nstatus: {status}\n{shown}{rest}---\nBody.\n"


def incident(number: int) -> str:
    return f"incidents/2026/INC-2026-{number:04d}.md"


def review(number: int) -> str:
    return f"incidents/2026/INC-2026-{number:04d}.review.md"


Publish = Callable[..., Any]


@pytest.fixture
def published(make_repository: MakeRepository) -> Publish:
    def load(files: Mapping[str, str | bytes], audience: Audience = PUBLIC) -> Published:
        root: Path = make_repository(files)
        return publish(load_archive(open_working_tree(root)), audience)

    return load


def numbers(found: Published) -> list[str]:
    return [entry.id for entry in found.entries]


def test_who_may_read_what() -> None:
    assert [[may_read(reader, thing) for thing in Audience] for reader in Audience] == [
        [True, False, False],
        [True, True, False],
        [False, False, False],
    ]


EVERY = {
    incident(1): record("public"),
    incident(2): record("internal"),
    incident(3): record("restricted"),
    incident(4): record(None),
    incident(5): record("pubilc"),
    incident(6): record("public", "drill: true\n"),
    incident(7): "",
}


def test_public_records_for_the_public_and_restricted_ones_for_nobody(published: Publish) -> None:
    assert numbers(published(EVERY)) == ["INC-2026-0001"]
    assert numbers(published(EVERY, INTERNAL)) == [
        "INC-2026-0001",
        "INC-2026-0002",
        "INC-2026-0004",
        "INC-2026-0006",
    ]
    assert numbers(published(EVERY, RESTRICTED)) == []


def test_the_read_protocol_is_that_of_the_archive(published: Publish) -> None:
    found = published(EVERY, INTERNAL)
    assert found.audience is INTERNAL
    assert found.revision is None
    assert not found.dirty
    assert found.unreadable_incidents == 1, "INC-2026-0007 is empty"
    assert found.get("INC-2026-0003") is None
    entry = found.get("INC-2026-0002")
    assert (entry.kind, entry.path, entry.readable) == ("incident", incident(2), True)
    assert found.incidents == found.entries
    assert found.taxonomy.team("desk").line == 1


UPDATES = """\
updates:
  - {id: one, at: 2026-01-01T00:00Z, by: duty-one, status: identified, text: For all, visibility: public}
  - {id: two, at: 2026-01-01T01:00Z, status: identified, text: For us}
  - {id: three, at: 2026-01-01T02:00Z, status: identified, text: For few, visibility: restricted}
  - {at: 2026-01-01T03:00Z, status: resolved, text: Right, visibility: public, corrects: one}
  - {at: 2026-01-01T04:00Z, status: resolved, text: Again, visibility: public, corrects: two}
"""


@pytest.mark.parametrize("path", [incident(1), "incidents/2026/MNT-2026-0001.md"])
def test_updates_have_readers_of_their_own(published: Publish, path: str) -> None:
    files = {path: record("public", UPDATES, "new" if "INC" in path else "scheduled")}
    shown = published(files).entries[0].record.updates
    assert [(update.text, update.corrects, update.by) for update in shown] == [
        ("For all", None, None),
        ("Right", "one", None),
        ("Again", None, None),
    ]
    inside = published(files, INTERNAL).entries[0].record.updates
    assert [(update.text, update.corrects) for update in inside] == [
        ("For all", None),
        ("For us", None),
        ("Right", "one"),
        ("Again", "two"),
    ]


SERVICES = """\
groups:
  - {id: shop, name: Shop}
  - {id: fraud, name: Fraud detection}
services:
  - {id: checkout, name: Checkout, group: shop, aliases: [kasse], depends_on: [scoring]}
  - {id: scoring, name: Scoring, group: fraud, visibility: internal, aliases: [score]}
  - {id: vault, name: Vault, visibility: restricted}
  - {id: slip, name: Slip, visibility: intrenal}
"""
TOUCHED = "".join(
    f"  - {{service: {key}, state: major_outage}}\n"
    for key in ("checkout", "kasse", "scoring", "score", "vault", "slip", "unknown")
)


def test_services_that_the_public_may_not_know_of(published: Publish) -> None:
    files = {
        "schema/services.yml": SERVICES,
        incident(1): record("public", f"services:\n{TOUCHED}"),
        "incidents/2026/MNT-2026-0001.md": record("public", f"services:\n{TOUCHED}", "scheduled"),
        "knowledge/problems/PRB-2026-0001.md": record(
            "public", "services: [kasse, scoring, vault]\n", "open"
        ),
        "knowledge/articles/a.md": record("public", "type: faq\nservices: [kasse, scoring]\n", "published"),
    }
    found = published(files)
    for entry in (found.incidents[0], found.maintenance[0]):
        assert [impact.service for impact in entry.record.services] == ["checkout", "kasse"]
    assert found.problems[0].record.services == found.articles[0].record.services == ("kasse",)
    assert [service.id for service in found.taxonomy.services] == ["checkout"]
    assert [group.id for group in found.taxonomy.groups] == ["shop"]
    assert found.taxonomy.services[0].depends_on == ()
    assert "core" not in repr(found.taxonomy)
    inside = published(files, INTERNAL)
    assert [impact.service for impact in inside.incidents[0].record.services] == [
        "checkout",
        "kasse",
        "scoring",
        "score",
        "unknown",
    ]
    assert [group.id for group in inside.taxonomy.groups] == ["shop", "fraud"]


LINKS = """\
links:
  problem: PRB-2026-000{n}
  known_error: PRB-2026-000{n}
  articles: [open, hidden, nowhere]
  duplicate_of: INC-2026-000{n}
  parent: INC-2026-000{n}
  earlier: [INC-2026-0001, INC-2026-0002, INC-2026-0003]
  outside: [{{type: ticket, url: "https://tracker.example/secret"}}]
  caused_by_change: CHG-secret
"""


def linked() -> dict[str, str]:
    files = {
        incident(8): record("public", LINKS.format(n=1)),
        incident(9): record("public", LINKS.format(n=3)),
        "knowledge/articles/open.md": record("public", "type: faq\n", "published"),
        "knowledge/articles/hidden.md": record("restricted", "type: faq\n", "published"),
        "knowledge/articles/old.md": record("public", "type: faq\nreplaced_by: hidden\n", "retired"),
        "knowledge/articles/older.md": record("public", "type: faq\nreplaced_by: open\n", "retired"),
    }
    for number, visibility in ((1, "public"), (2, "internal"), (3, "restricted")):
        files[incident(number)] = record(visibility)
        files[f"knowledge/problems/PRB-2026-000{number}.md"] = record(visibility, "", "open")
    return files


def test_links_to_what_is_not_there_vanish(published: Publish) -> None:
    found = published(linked())
    links = found.get("INC-2026-0008").record.links
    assert (links.problem, links.known_error) == ("PRB-2026-0001", "PRB-2026-0001")
    assert (links.duplicate_of, links.parent) == ("INC-2026-0001", "INC-2026-0001")
    assert (links.articles, links.earlier) == (("open",), ("INC-2026-0001",))
    assert (links.outside, links.caused_by_change) == ((), None)
    links = found.get("INC-2026-0009").record.links
    assert (links.problem, links.known_error, links.duplicate_of, links.parent) == (None, None, None, None)
    assert found.get("old").record.replaced_by is None
    assert found.get("older").record.replaced_by == "open"
    assert found.backlinks("PRB-2026-0003") == ()
    assert [entry.id for _, entry in found.backlinks("open")] == ["older", "INC-2026-0008", "INC-2026-0009"]
    assert "secret" not in repr([entry.record for entry in found.entries])
    inside = published(linked(), INTERNAL)
    assert inside.get("INC-2026-0008").record.links.earlier == ("INC-2026-0001", "INC-2026-0002")
    assert inside.get("INC-2026-0009").record.links.problem is None
    assert inside.get("INC-2026-0009").record.links.caused_by_change == "CHG-secret"


def test_a_review_is_public_with_its_lead_incident_only(published: Publish) -> None:
    files = {}
    for number, visibility in enumerate(("public", "internal", "restricted"), start=1):
        files[incident(number)] = record(visibility)
        covered = "incidents: [INC-2026-0001, INC-2026-0002, INC-2026-0003]\n"
        files[review(number)] = record("public", covered, "published")
    files[incident(4)] = record("public", "drill: true\n")
    files[review(4)] = record("public", "", "published")
    files[review(5)] = record("public", "", "published")
    files[incident(6)] = record("public")
    files[review(6)] = record("internal", "", "published")
    found = published(files)
    assert [entry.id for entry in found.reviews] == ["INC-2026-0001.review"]
    assert found.reviews[0].record.incidents == ("INC-2026-0001",)
    assert found.reviews[0].body == "Body.\n"
    assert found.reviews_of("INC-2026-0003") == ()
    inside = published(files, INTERNAL)
    assert [entry.id for entry in inside.reviews] == [
        f"INC-2026-000{number}.review" for number in (1, 2, 4, 6)
    ]
    assert inside.reviews[0].record.incidents == ("INC-2026-0001", "INC-2026-0002")


def test_of_two_files_with_one_id_the_one_that_counts_is_published(published: Publish) -> None:
    files = {
        "incidents/2025/INC-2026-0001.md": record("restricted"),
        incident(1): record("public"),
    }
    assert numbers(published(files)) == [], "a second copy must not uncover what the first one hides"


def test_attachments_are_for_the_company(published: Publish) -> None:
    files = {
        incident(1): record("public"),
        incident(2): record("restricted"),
        "incidents/2026/INC-2026-0001/graph.png": b"\x89PNG",
        "incidents/2026/INC-2026-0002/graph.png": b"\x89PNG",
    }
    graph = "incidents/2026/INC-2026-0001/graph.png"
    inside = published(files, INTERNAL)
    assert inside.attachments("INC-2026-0001") == (graph,)
    assert inside.read_attachment("INC-2026-0001", graph) == b"\x89PNG"
    assert inside.attachments("INC-2026-0002") == ()
    for id_, path in (
        ("INC-2026-0001", "schema/people.yml"),
        ("INC-2026-0001", incident(1)),
        ("INC-2026-0001", "incidents/2026/INC-2026-0002/graph.png"),
        ("INC-2026-0002", "incidents/2026/INC-2026-0002/graph.png"),
    ):
        with pytest.raises(KeyError):
            inside.read_attachment(id_, path)
    outside = published(files)
    assert outside.attachments("INC-2026-0001") == ()
    with pytest.raises(KeyError):
        outside.read_attachment("INC-2026-0001", graph)


def test_people_and_the_repositorys_own_rules_are_not_for_the_public(published: Publish) -> None:
    found = published({incident(1): record("public", "closed_by: duty-one\n")})
    assert found.taxonomy.people == ()
    assert found.taxonomy.teams == ()
    assert found.taxonomy.categories == ()
    assert found.taxonomy.policies == ()
    assert found.taxonomy.settings.now is None
    assert found.taxonomy.settings.name == "Testbed"
    assert [priority.id for priority in found.taxonomy.priorities] == ["P1", "P2", "P3", "P4"]
    assert "duty-one" in SCHEMA["schema/people.yml"]
    assert "duty-one" not in repr((found.taxonomy, found.entries[0].record))


def test_publishing_twice_gives_the_same(published: Publish) -> None:
    first, second = published(linked()), published(linked())
    assert [entry.record for entry in first.entries] == [entry.record for entry in second.entries]


def test_drafts_wait_for_the_public(published: Publish) -> None:
    files = {
        incident(1): record("public"),
        incident(2): record("public"),
        review(1): record("public", "", "draft"),
        review(2): record("public", "", "in_review"),
        incident(3): record("public"),
        review(3): record("public", "", "published"),
        "knowledge/articles/draft.md": record("public", "type: faq\n", "draft"),
        "knowledge/articles/retired.md": record("public", "type: faq\nreplaced_by: draft\n", "retired"),
        "knowledge/problems/PRB-2026-0001.md": record("public", "links: {articles: [draft]}\n", "open"),
    }
    found = published(files)
    assert [entry.id for entry in found.reviews + found.articles] == ["INC-2026-0003.review", "retired"]
    assert found.get("retired").record.replaced_by is None
    assert found.get("PRB-2026-0001").record.links.articles == ()
    assert len(published(files, INTERNAL).entries) == len(files)


@pytest.mark.parametrize(
    "slip",
    [
        "visibility: public\nvisibility: restricted\n",
        "visibility: restricted\nvisibility: public\n",
        "visibility:\n",
        "visibility: !secret public\n",
        "visibility: pubic\n",
        "visibility: [public]\n",
        "visiblity: restricted\n",
        "Visibility: public\n",
        "visibility: public\nvisibilty: restricted\n",
    ],
)
def test_a_slip_in_visibility_shows_nothing(published: Publish, slip: str) -> None:
    text = f"---\ntitle: A\nstatus: new\n{slip}---\n"
    for audience in (Audience.PUBLIC, Audience.INTERNAL):
        assert published({incident(1): text}, audience).entries == ()


@pytest.mark.parametrize("slip", ["drill: yes\n", "drill:\n", "drill: true\ndrill: false\n", "dril: true\n"])
def test_a_slip_in_drill_is_a_drill(published: Publish, slip: str) -> None:
    text = f"---\ntitle: A\nstatus: new\nvisibility: public\n{slip}---\n"
    assert published({incident(1): text}).entries == ()
    assert published({incident(1): text}, Audience.INTERNAL).incidents[0].record.drill


@pytest.mark.parametrize(
    "slip", ["visibility: ", "visiblity: internal", "visibility: public, visibility: internal"]
)
def test_a_slip_in_an_update_shows_not_that_update(published: Publish, slip: str) -> None:
    update = f"updates:\n  - {{at: 2026-01-01T00:00Z, status: resolved, text: Ours, {slip}}}\n"
    found = published({incident(1): record("public", update)})
    assert found.incidents[0].record.updates == ()
