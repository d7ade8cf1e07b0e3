"""What is kept of a story: it is the same the next time, and Git is not asked for it again."""

from __future__ import annotations

import sqlite3
from datetime import datetime
from pathlib import Path

import pytest
from historybed import Bed

from incidentbook.cache import Cache
from incidentbook.history import Event, events

ONE = "incidents/2026/INC-2026-0001.md"
REVIEW = "incidents/2026/INC-2026-0001.review.md"
FILE = "incidentbook.sqlite"


def incident(*lines: str) -> str:
    head = ("---", "title: Checkout fails", "status: new", "opened: 2026-11-19T15:05+01:00")
    return "\n".join([*head, *lines, "---", "It did.", ""])


@pytest.fixture
def bed(tmp_path: Path) -> Bed:
    """A story with all that is hard to keep: turns, a day, a version that cannot be read, a review."""
    bed = Bed(tmp_path / "records")
    low, high = ("impact: low", "urgency: low"), ("impact: high", "urgency: high")
    stored = "priority: {value: P1, reason: The director asked}"
    action = "  - {id: a1, title: Try it, owner: one, due: 2026-12-01, state: done, done: 2026-11-30}"
    bed.commit("logged", {ONE: incident(*low)})
    bed.commit("raised", {ONE: incident(*high, "major: true", stored)})
    bed.commit("broken", {ONE: "---\ntitle: [\n---\n"})
    bed.commit("mended", {ONE: incident(*low, "acknowledged: 2026-11-19T15:10+01:00")})
    bed.commit("review", {REVIEW: f"---\nstatus: draft\nactions:\n{action}\n---\nText.\n"})
    bed.commit("last", {ONE: incident(*high, "acknowledged: 2026-11-19T15:10+01:00")})
    return bed


def told(bed: Bed, tmp_path: Path) -> tuple[Event, ...]:
    cache = Cache.open(tmp_path / "cache")
    try:
        return events(bed.root, head="HEAD", cache=cache)
    finally:
        cache.close()


def kept(tmp_path: Path) -> dict[str, bytes]:
    return Cache.open(tmp_path / "cache").get_all("facts")


def change(tmp_path: Path, change: str) -> None:
    with sqlite3.connect(tmp_path / "cache" / FILE) as connection:
        connection.execute(change)
    connection.close()


def test_the_second_story_is_the_first_and_comes_from_what_was_kept(bed: Bed, tmp_path: Path) -> None:
    bed.write()
    plain = events(bed.root, head="HEAD")
    assert {"major_declared", "priority_raised", "action_done"} <= {event.type.value for event in plain}
    assert told(bed, tmp_path) == plain
    assert told(bed, tmp_path) == plain
    change(tmp_path, "UPDATE entries SET data = CAST(REPLACE(CAST(data AS TEXT), 'fails', 'kept') AS BLOB)")
    assert told(bed, tmp_path)[0].happening.detail == {"title": "Checkout kept"}


def test_what_came_since_is_read_beside_what_was_kept(bed: Bed, tmp_path: Path) -> None:
    bed.write()
    told(bed, tmp_path)
    bed.commit("more", {ONE: incident("impact: low", "urgency: low", "mitigated: 2026-11-19T15:20+01:00")})
    bed.write()
    found = told(bed, tmp_path)
    assert found == events(bed.root, head="HEAD")
    assert [event.type.value for event in found[-2:]] == ["mitigated", "priority_lowered"]


@pytest.mark.parametrize("data", ["x'7b'", "x'ff'", "'[1,2]'"])
def test_what_is_damaged_is_read_again(bed: Bed, tmp_path: Path, data: str) -> None:
    bed.write()
    plain = told(bed, tmp_path)
    change(tmp_path, f"UPDATE entries SET data = CAST({data} AS BLOB)")
    assert told(bed, tmp_path) == plain
    assert told(bed, tmp_path) == plain
    assert all(len(row) > 8 or row == b"" for row in kept(tmp_path).values())


def test_what_nobody_asks_for_is_forgotten_once_it_is_more_than_the_rest(bed: Bed, tmp_path: Path) -> None:
    bed.write()
    told(bed, tmp_path)
    used = kept(tmp_path)
    other = Cache.open(tmp_path / "cache")
    other.put_many("facts", {f"other code/{number}": b"" for number in range(len(used))})
    told(bed, tmp_path)
    assert len(kept(tmp_path)) == 2 * len(used)
    other.put_many("facts", {"one too many": b""})
    told(bed, tmp_path)
    assert kept(tmp_path) == used


def test_a_declaration_has_the_time_that_the_record_keeps_of_it(tmp_path: Path) -> None:
    bed = Bed(tmp_path / "records")
    time = "declared: 2026-11-19T15:30+01:00"
    for number, lines in enumerate(((), ("major: true", time), (time,), ("major: true", time))):
        bed.commit(f"version {number}", {ONE: incident("impact: low", "urgency: low", *lines)})
    bed.write()
    for _ in range(2):  # the second story comes from what was kept of the first
        turned = [event.happening for event in told(bed, tmp_path) if event.type.value.startswith("major")]
        at = datetime.fromisoformat("2026-11-19T15:30+01:00")
        assert [(one.type.value, one.at) for one in turned] == [
            ("major_declared", at),
            ("major_stood_down", None),
            ("major_declared", None),
        ]


def test_a_second_declaration_has_its_own_time(tmp_path: Path) -> None:
    bed = Bed(tmp_path / "records")
    times = [f"declared: 2026-11-19T{hour}:30+01:00" for hour in (15, 17)]
    for number, lines in enumerate(((), ("major: true", times[0]), (times[0],), ("major: true", times[1]))):
        bed.commit(f"version {number}", {ONE: incident("impact: low", "urgency: low", *lines)})
    bed.write()
    turned = [one.happening for one in told(bed, tmp_path) if one.type.value == "major_declared"]
    assert [one.at for one in turned] == [
        datetime.fromisoformat(f"2026-11-19T{hour}:30+01:00") for hour in (15, 17)
    ]
