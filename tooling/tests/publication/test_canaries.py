"""A word of its own in every field of every kind: what the public finds is what was declared public.

What a field declares is read here from the models themselves, by other code than that of the package.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from enum import Enum
from pathlib import Path
from typing import Any

import pytest
from filling import Filler, Leaf, value_at

from incidentbook.archive import load_archive
from incidentbook.gitrepo import open_working_tree
from incidentbook.publication import Published, publish
from incidentbook.records import KINDS, Audience
from incidentbook.source import render_document, to_yaml
from incidentbook.taxonomy import FILES
from testbed import MakeRepository

PATHS = {
    "incident": "incidents/2026/INC-2026-9000.md",
    "review": "incidents/2026/INC-2026-9000.review.md",
    "maintenance": "incidents/2026/MNT-2026-9000.md",
    "problem": "knowledge/problems/PRB-2026-9000.md",
    "article": "knowledge/articles/filled.md",
    "handover": "handovers/2026/HND-2026-9000.md",
}
BODY = "Canary body.\n"
UNIQUE = {"instant", "day", "duration", "count", "text", "slug", "category", "handle", "incident", "problem"}


class Case:
    """One record with something in every field, and all that it names, published."""

    def __init__(self, make_repository: MakeRepository, kind: str) -> None:
        filler = Filler({"drill": False})
        values = filler.fill(KINDS[kind].model)
        for update in values.get("updates", ()):
            update["corrects"] = values["updates"][0]["id"]
        self.leaves = [leaf for leaf in filler.leaves if leaf.path[-1] != "corrects"]
        files = dict(self._named())
        if kind == "review":
            files[PATHS["incident"]] = "---\ntitle: Lead\nstatus: new\nvisibility: public\n---\n"
        files[PATHS[kind]] = render_document(values, BODY)
        root = make_repository(files)
        self._add_services(root)
        self.archive = load_archive(open_working_tree(root))
        assert tuple(self.archive.diagnostics) == ()
        self.id = next(entry.id for entry in self.archive.entries if entry.path == PATHS[kind])

    def _named(self) -> Iterator[tuple[str, str]]:
        """Whatever the record names is there, and public: nothing vanishes for another reason."""
        head = "---\ntitle: Named\nvisibility: public\n"
        for leaf in self.leaves:
            if leaf.kind == "incident":
                yield f"incidents/2026/{leaf.value}.md", f"{head}status: new\n---\n"
            elif leaf.kind == "problem":
                yield f"knowledge/problems/{leaf.value}.md", f"{head}status: open\n---\n"
            elif leaf.kind == "slug":
                yield f"knowledge/articles/{leaf.value}.md", f"{head}status: published\ntype: faq\n---\n"

    def _add_services(self, root: Path) -> None:
        services = [{"id": leaf.value, "name": "Named"} for leaf in self.leaves if leaf.kind == "slug"]
        (root / "schema/services.yml").write_text(to_yaml({"services": services}))

    def published(self, audience: Audience) -> Any:
        entry = publish(self.archive, audience).get(self.id)
        assert entry is not None
        return entry


@pytest.fixture(params=[name for name, kind in KINDS.items() if kind.widest is Audience.PUBLIC])
def case(request: pytest.FixtureRequest, make_repository: MakeRepository) -> Case:
    return Case(make_repository, request.param)


def words(value: Any) -> Iterator[Any]:
    """Every plain value in a record, however deep."""
    if dataclasses.is_dataclass(value):
        for field in dataclasses.fields(value):
            yield from words(getattr(value, field.name))
    elif isinstance(value, dict):
        for key, item in value.items():
            yield key
            yield from words(item)
    elif isinstance(value, tuple | list):
        for item in value:
            yield from words(item)
    else:
        yield value


def test_exactly_the_public_words_reach_the_public(case: Case) -> None:
    record = case.published(Audience.PUBLIC).record
    found = list(words(record))
    unique = [leaf for leaf in case.leaves if leaf.kind in UNIQUE]
    assert len({leaf.value for leaf in unique}) == len(unique) > 10
    assert {leaf.path for leaf in unique if leaf.value in found} == {
        leaf.path for leaf in unique if leaf.public
    }
    for leaf in unique:
        assert (str(leaf.value) in repr(record)) <= leaf.public or leaf.kind in ("instant", "day", "count")


def test_flags_and_states_too_are_blanked(case: Case) -> None:
    full = case.published(Audience.INTERNAL).record
    record = case.published(Audience.PUBLIC).record
    for leaf in case.leaves:
        if leaf.kind == "flag" or isinstance(leaf.value, Enum):
            assert value_at(full, leaf.path) == leaf.value
            wanted = leaf.value if leaf.public else default_at(record, leaf.path)
            assert value_at(record, leaf.path) == wanted, leaf.path


def default_at(record: Any, path: tuple[str | int, ...]) -> Any:
    """What stands at a place that was blanked: nothing, or the default of the outermost field."""
    if len(path) > 1:
        return None
    return next(field.default for field in dataclasses.fields(record) if field.name == path[0])


def test_what_is_never_public_is_not_there_whatever_it_says(make_repository: MakeRepository) -> None:
    case = Case(make_repository, "handover")
    entry = case.archive.get(case.id)
    assert entry is not None and entry.record.visibility is Audience.PUBLIC
    assert publish(case.archive, Audience.PUBLIC).get(case.id) is None
    assert case.published(Audience.INTERNAL).record is entry.record
    assert case.published(Audience.INTERNAL).body == BODY


def test_everything_reaches_the_company(case: Case) -> None:
    record = case.published(Audience.INTERNAL).record
    entry = case.archive.get(case.id)
    assert entry is not None
    assert record is entry.record, "nothing to take out, nothing to copy"
    for leaf in case.leaves:
        assert value_at(record, leaf.path) == leaf.value


def test_publishing_leaves_the_archive_alone(case: Case) -> None:
    entry = case.archive.get(case.id)
    assert entry is not None
    before = list(words(entry.record))
    publish(case.archive, Audience.PUBLIC)
    assert list(words(entry.record)) == before


def test_the_restricted_have_no_build(case: Case) -> None:
    assert publish(case.archive, Audience.RESTRICTED).entries == ()


def test_bodies_by_kind(case: Case) -> None:
    kind = case.published(Audience.INTERNAL).kind
    assert case.published(Audience.INTERNAL).body == BODY
    public = kind in ("review", "article")
    assert case.published(Audience.PUBLIC).body == (BODY if public else "")


@pytest.mark.parametrize("name", FILES)
def test_exactly_the_public_words_of_the_schema_reach_the_public(
    make_repository: MakeRepository, name: str
) -> None:
    """Built past the reader: a schema in which every key is another one is not coherent."""
    filler = Filler(FIXED | FIXED_IN.get(name, {}))
    values = filler.fill(FILES[name])
    if name == "services":
        # a group is shown with what is in it
        for service, group in zip(values["services"], values["groups"], strict=True):
            service["group"] = group["id"]
    goals = [{"id": leaf.value, "name": "Named"} for leaf in filler.leaves if leaf.path[-1] == "service"]
    catalogue = {"schema/services.yml": to_yaml({"services": goals})} if goals else {}
    root = make_repository({**catalogue, f"schema/{name}.yml": to_yaml(values)})
    published = publish(load_archive(open_working_tree(root)), Audience.PUBLIC)
    found = list(words(file_of(published, name)))
    groups = {leaf.path for leaf in filler.leaves if leaf.path[-1] == "group"}
    unique = [leaf for leaf in filler.leaves if leaf.kind in UNIQUE and leaf.path not in groups]
    assert {leaf.path for leaf in unique if leaf.value in found} == {
        leaf.path for leaf in unique if leaf.public
    }


FIXED_IN: dict[str, dict[str, Any]] = {
    "priority": {"id": "P1"},
    "teams": {"at": "09:00"},
    "notifications": {"priorities": ["P1"]},
}
"""Keys that are of a pattern in one file, and something else in others."""

FIXED: dict[str, Any] = {
    "format": 1,
    "url": "https://status.example",
    "mail": "help@example.invalid",
    "zone": "UTC",
    "tool": ">=0.1",
    "rules": {"naive-time": "off"},
    "emails": ["one@example.invalid"],
    "forge": "@harbourline/desk",
    "owns": ["schema/"],
    "aliases": [],
    "recurrence_count": 3,
    "due_working_days": 5,
    "at_risk": 0.5,
    "availability_goal": 99.5,
    "tier": 1,
    "line": 1,
    "cost_per_hour": {"amount": 1, "currency": "EUR"},
    "country": "DE",
    "region": "BY",
    "headings": ["Summary"],
    "priority": ["P1"],
}


def file_of(published: Published, name: str) -> Any:
    files = {
        "incidentbook": published.taxonomy.settings,
        "services": published.taxonomy.services_file,
        "categories": published.taxonomy.categories_file,
        "teams": published.taxonomy.teams_file,
        "people": published.taxonomy.people_file,
        "priority": published.taxonomy.priorities_file,
        "sla": published.taxonomy.sla_file,
        "calendars": published.taxonomy.calendars_file,
        "reviews": published.taxonomy.reviews_file,
        "measures": published.taxonomy.measures_file,
        "intake": published.taxonomy.intake_file,
        "routing": published.taxonomy.routing_file,
        "escalation": published.taxonomy.escalation_file,
        "major": published.taxonomy.major_file,
        "notifications": published.taxonomy.notifications_file,
    }
    return files[name]


def test_leaves_say_where_they_are() -> None:
    """The tests above would pass with a filler that fills nothing."""
    filler = Filler()
    filler.fill(KINDS["incident"].model)
    places = {leaf.path: leaf for leaf in filler.leaves}
    assert places["title",].public
    assert places["updates", 1, "text"].public
    assert not places["updates", 1, "by"].public
    assert not places["resolution", "summary"].public
    assert not places["links", "outside", 0, "url"].public
    assert isinstance(places["extra",], Leaf)
    assert len(filler.leaves) > 100
