"""What machines are told of an incident that follows another: the updates of both, each once a feed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import feedparser
import pytest

from feedbed import Machines, incident
from incidentbook.feeds.addresses import ATOM, of_service
from incidentbook.records import Audience

PARENT, CHILD, GRANDCHILD = (f"incidents/2026/INC-2026-000{number}.md" for number in (1, 2, 3))
HEAD = """\
status: {status}
opened: 2026-11-20T08:00+00:00
services: [{{service: {service}, state: partial_outage}}]
"""
UPDATE = "{{id: {id}, at: 2026-11-20T{at}+00:00, status: {status}, text: '{text}', visibility: {visibility}}}"


def update(text: str, at: str, status: str = "identified", visibility: str = "public") -> str:
    return UPDATE.format(
        id=text.partition(" ")[0].lower(), at=at, status=status, text=text, visibility=visibility
    )


def record(*updates: str, more: str = "", service: str = "search", status: str = "new") -> str:
    head = HEAD.format(status=status, service=service)
    return incident(f"{head}{more}\nupdates: [{', '.join(updates)}]")


def family(tmp_path: Path, **more: str) -> Machines:
    said = (update("Power is gone.", "08:10"), update("Racks run again.", "09:00", "monitoring"))
    files = {
        PARENT: record(*said, update("Ssh.", "09:30", visibility="internal"), service="checkout"),
        CHILD: record(update("Mine alone.", "08:30", "investigating"), more="links: {parent: INC-2026-0001}"),
    }
    return Machines(tmp_path, {**files, **{f"incidents/2026/{name}.md": text for name, text in more.items()}})


def bodies(found: Any) -> list[str]:
    return [one["body"] for one in found["incident_updates"]]


def of(machines: Machines, id_: str) -> Any:
    return next(one for one in machines.v2("incidents")["incidents"] if id_ in one["shortlink"])


def test_the_api_tells_a_child_what_its_parent_says(tmp_path: Path) -> None:
    machines = family(tmp_path)
    child, parent = of(machines, "INC-2026-0002"), of(machines, "INC-2026-0001")
    assert bodies(parent) == ["Racks run again.", "Power is gone."]
    assert bodies(child) == ["Racks run again.", "Mine alone.", "Power is gone."]
    assert (child["status"], child["updated_at"]) == ("monitoring", "2026-11-20T09:00:00.000+00:00")
    assert [one["deliver_notifications"] for one in child["incident_updates"]] == [False, True, False]
    ids = [one["id"] for found in (child, parent) for one in found["incident_updates"]]
    assert len(ids) == len(set(ids))


def entries(machines: Machines, path: str) -> dict[str, str]:
    return {
        one.link.rstrip("/")[-4:]: one.content[0].value
        for one in feedparser.parse(machines.text(path)).entries
    }


def test_a_feed_tells_each_update_once(tmp_path: Path) -> None:
    machines = family(tmp_path)
    every = entries(machines, ATOM)
    assert "Power is gone." in every["0001"]
    assert "Power is gone." not in every["0002"]
    assert "Mine alone." in every["0002"]
    own = entries(machines, of_service("search", ATOM))
    assert list(own) == ["0002"]
    assert "Power is gone." in own["0002"]
    assert "(of INC-2026-0001)" in own["0002"]


def test_where_only_the_middle_is_listed_it_tells_what_stands_above_it(tmp_path: Path) -> None:
    grandchild = record(update("Small.", "08:40"), more="links: {parent: INC-2026-0002}")
    own = entries(family(tmp_path, **{"INC-2026-0003": grandchild}), of_service("search", ATOM))
    assert ["Power is gone." in own[number] for number in ("0002", "0003")] == [True, False]
    assert "Small." in own["0003"]


@pytest.mark.parametrize("name", [ATOM, of_service("search", ATOM)])
def test_a_word_of_the_parent_moves_the_child_up(tmp_path: Path, name: str) -> None:
    newer = record(update("Other.", "08:45"))
    machines = family(tmp_path, **{"INC-2026-0009": newer})
    listed = list(entries(machines, name))
    assert listed.index("0002") < listed.index("0009")


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ("links: {parent: INC-2026-0001, apart: Water}", ["Mine."]),
        (
            "links: {parent: INC-2026-0001}\n"
            "resolved: 2026-11-20T08:20+00:00\nclosed: 2026-11-20T08:40+00:00",
            None,
        ),
    ],
)
def test_what_is_apart_or_closed_goes_its_own_way(
    tmp_path: Path, more: str, expected: list[str] | None
) -> None:
    status = "new" if expected else "closed"
    child = record(update("Mine.", "08:30"), more=more, status=status)
    found = of(family(tmp_path, **{"INC-2026-0002": child}), "INC-2026-0002")
    if expected:
        assert bodies(found) == expected
    else:
        assert bodies(found) == ["This incident has been resolved.", "Mine.", "Power is gone."]


def test_a_child_that_goes_on_is_not_said_to_be_over(tmp_path: Path) -> None:
    parent = record(
        update("All is well.", "10:00", "resolved"),
        more="resolved: 2026-11-20T10:00+00:00",
        status="resolved",
    )
    found = of(family(tmp_path, **{"INC-2026-0001": parent}), "INC-2026-0002")
    assert found["status"] == "investigating"
    assert bodies(found)[:2] == ["Work on this incident goes on.", "All is well."]


def test_readers_who_may_not_know_the_parent_hear_nothing_of_it(tmp_path: Path) -> None:
    hidden = record(update("Power is gone.", "08:10")).replace(
        "visibility: public\n", "visibility: internal\n", 1
    )
    machines = family(tmp_path / "public", **{"INC-2026-0001": hidden})
    assert all("Power" not in one.make().decode(errors="replace") for one in machines.outputs.values())
    write = {PARENT: hidden, CHILD: record(more="links: {parent: INC-2026-0001}")}
    inside = Machines(tmp_path / "inside", write, audience=Audience.INTERNAL)
    assert bodies(of(inside, "INC-2026-0002")) == ["Power is gone."]
