"""Long lists: what stands in the page, what in the file beside it, and that both say the same."""

from __future__ import annotations

import json
import re
from datetime import UTC, date, datetime, timedelta
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from listbed import many_incidents

from incidentbook.archive import open_repository
from incidentbook.pages import Plan, incidents, plan
from incidentbook.pages.list_data import encode
from incidentbook.pages.lists import SHOWN, Choice, Column, Facet, Kind, Listing, Place, Record
from incidentbook.pages.times import duration_words
from incidentbook.publication import publish
from incidentbook.records import Audience
from sitebed import HOSTILE, NOW, RECORDS, words_of
from testbed import MakeRepository

LISTS = (
    "incidents/",
    "reviews/",
    "maintenance/",
    "improvements/",
    "knowledge/problems/",
    "knowledge/articles/",
)
LEAN = 100_000
"""Bytes of HTML that a list's own page may have, however long the list is."""

_ROW = re.compile(r"<tr>(.*?)</tr>", re.DOTALL)
_CELL = re.compile(r"<td[^>]*>(.*?)</td>", re.DOTALL)
_MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]


def planned(root: Path, audience: Audience = Audience.INTERNAL) -> Plan:
    return plan(publish(open_repository(root), audience), NOW)


def table(html: str) -> list[list[str]]:
    """The words of each cell of the list's table."""
    body = html.split("<tbody>")[1].split("</tbody>", maxsplit=1)[0]
    return [[unescape(words_of(cell)) for cell in _CELL.findall(row)] for row in _ROW.findall(body)]


def read(data: bytes) -> list[list[str]]:
    """The words of each cell of each row, from the file: as static/js/lists/ reads it."""
    whole = json.loads(data)
    assert whole["format"] == 1
    cells = [_words(column, whole) for column in whole["columns"] if column["place"] == "cell"]
    return [list(row) for row in zip(*cells, strict=True)]


def _words(column: dict[str, Any], whole: dict[str, Any]) -> list[str]:
    match column["kind"]:
        case "record":
            return [_title(column, whole, row) for row in range(whole["rows"])]
        case "choice":
            return ["\u2013" if at is None else column["choices"][at][1] for at in column["at"]]
        case "choices":
            labels = [choice[1] for choice in column["choices"]]
            sets = [", ".join(labels[at] for at in members) for members in column["sets"]]
            return [sets[at] or "\u2013" for at in column["at"]]
    return ["\u2013" if value is None else _said(column["kind"], value) for value in _undo(column)]


def _title(column: dict[str, Any], whole: dict[str, Any], row: int) -> str:
    pieces = [_text(column["titles"], row).replace("`", "")]
    if column["named"]:
        pieces.insert(0, _text(column["names"], row).split("/")[-1])
    for other in whole["columns"]:
        if other["place"] == "tag":
            pieces.extend(other["choices"][at][1] for at in other["sets"][other["at"][row]])
        if other["place"] == "note":
            pieces.append((_text(other, row) or "").replace("`", ""))
    return " ".join(" ".join(pieces).split())


def _text(column: dict[str, Any], row: int) -> Any:
    if "texts" in column:
        return column["texts"][row]
    return None if column["at"][row] is None else column["once"][column["at"][row]]


def _undo(column: dict[str, Any]) -> list[int | None]:
    found: list[int | None] = []
    last = 0
    for step in column["steps"]:
        last += step or 0
        found.append(None if step is None else last * column["unit"])
    return found


def _said(kind: str, value: int) -> str:
    if kind == "duration":
        return duration_words(timedelta(seconds=value)).replace("\u00a0", " ")
    if kind == "day":
        day = date(1970, 1, 1) + timedelta(days=value)
        return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"
    if kind == "instant":
        at = datetime.fromtimestamp(value, UTC)
        return f"{at.day} {_MONTHS[at.month - 1]} {at.year}, {at:%H:%M}"
    return f"{value:,}"


@pytest.mark.parametrize("audience", [Audience.INTERNAL, Audience.PUBLIC])
@pytest.mark.parametrize("path", LISTS)
def test_the_file_says_what_the_table_says(
    make_repository: MakeRepository, path: str, audience: Audience
) -> None:
    whole = planned(make_repository(RECORDS), audience)
    html = next(page for page in whole.pages if page.path == path).content.html
    data = next(output for output in whole.outputs if output.path == path + "list.json").make()
    rows = table(html)
    assert rows
    assert read(data) == rows


def test_links_of_the_head_stand_in_a_row_of_their_own(make_repository: MakeRepository) -> None:
    """Two links in a sentence's line read as one."""
    root = make_repository(RECORDS)
    pages = {page.path: page for page in plan(publish(open_repository(root), Audience.INTERNAL), NOW).pages}
    head = pages["incidents/"].content.html.split("</header>")[0]
    row = re.search(r'<p class="ib-more-link">(.*?)</p>', head)
    assert row
    assert re.findall(r"<a [^>]*>([^<]*)</a>", row[1]) == ["Planned maintenance", "Categories", "Handovers"]
    assert "<a" not in head[head.index('class="ib-lead"') : row.start()]


def test_ten_thousand_incidents_make_a_lean_page_and_a_small_file(make_repository: MakeRepository) -> None:
    site = many_incidents(make_repository(), 10_000)
    index = incidents.index(site)
    html = index.pages[0].content.html
    data = index.outputs[0].make()
    assert len(html.encode()) < LEAN
    assert len(data) < 1_000_000
    rows = read(data)
    assert len(rows) == 10_000
    assert table(html) == rows[:SHOWN]
    assert rows[0][0].startswith("INC-2026-10000")
    # what is not in the page is a link away, on the page of its month
    began = {row[4].split(",")[0].split(" ", 1)[1] for row in rows}
    assert len(re.findall(r'href="../incidents/\d{4}-\d{2}/"', html)) == len(began)


def test_words_of_records_are_text_in_the_page_and_in_the_file(make_repository: MakeRepository) -> None:
    site = many_incidents(make_repository(), 10)
    index = incidents.index(site)
    html = index.pages[0].content.html
    assert "<script" not in html and "<img" not in html
    assert "&lt;script&gt;" in html
    titles = json.loads(index.outputs[0].make())["columns"][0]["titles"]["texts"]
    assert any(HOSTILE in title for title in titles)


def test_a_filter_offers_what_there_is_with_its_count(make_repository: MakeRepository) -> None:
    site = many_incidents(make_repository(), 400)
    listing = incidents.listing(site)
    offered = {
        question.key: {one.key: one.count for one in question.options} for question in listing.questions
    }
    assert offered["state"]["open"] == offered["state"]["in_progress"] == 5
    assert sum(count for key, count in offered["state"].items() if key != "open") == 400
    assert offered["service"] == {"checkout": 300, "database": 100, "search": 200, "-": 100}
    assert offered["category"] == {
        "application": 200,
        "application/deployment": 100,
        "application/defect": 100,
        "security": 100,
        "-": 100,
    }
    assert list(offered["priority"]) == ["P1", "P2", "P3", "P4"]
    assert [question.further for question in listing.questions] == sorted(
        question.further for question in listing.questions
    )


def test_the_public_is_not_asked_about_what_it_may_not_know(make_repository: MakeRepository) -> None:
    whole = planned(make_repository(RECORDS), Audience.PUBLIC)
    html = " ".join(page.content.html for page in whole.pages if page.path in LISTS)
    files = b"".join(output.make() for output in whole.outputs if output.path.endswith("list.json"))
    for name in ("owner", "team", "category", "evidence"):
        assert f'name="{name}"' not in html
        assert f'"key":"{name}"'.encode() not in files
    assert b"duty engineer" not in files and "duty engineer" not in html
    assert b"CHG-7" not in files


def test_every_list_says_what_will_stand_there(make_repository: MakeRepository) -> None:
    root = make_repository()
    for audience in (Audience.INTERNAL, Audience.PUBLIC):
        pages = {page.path: page.content.html for page in planned(root, audience).pages}
        for path in LISTS:
            assert 'class="ib-empty"' in pages[path]
            assert "<table" not in pages[path] and "<form" not in pages[path]
            assert ("<code>" in pages[path] or ".md" in pages[path]) == (audience is Audience.INTERNAL)


def test_a_long_list_has_a_page_for_each_of_its_years(make_repository: MakeRepository) -> None:
    windows = {
        f"incidents/{year}/MNT-{year}-{number:04}.md": RECORDS["incidents/2026/MNT-2026-0001.md"]
        for year in (2025, 2026)
        for number in range(1, SHOWN)
    }
    whole = planned(make_repository(windows))
    pages = {page.path: page for page in whole.pages}
    assert '<a href="../maintenance/2025/">2025</a>' in pages["maintenance/"].content.html
    assert len(table(pages["maintenance/"].content.html)) == SHOWN
    assert len(table(pages["maintenance/2025/"].content.html)) == SHOWN - 1
    assert pages["maintenance/2025/"].key and not pages["maintenance/"].key
    few = planned(make_repository(RECORDS, name="few"))
    assert "maintenance/2026/" not in {page.path for page in few.pages}


COLUMNS = (
    Column("thing", "Thing", Kind.RECORD, folder="things/"),
    Column("state", "State", Kind.CHOICE, facet=Facet.FIRST, order=("new", "old")),
    Column("tags", "Tags", Kind.CHOICES, Place.UNSEEN, Facet.FIRST, missing="None"),
    Column("day", "Day", Kind.DAY),
    Column("never", "Never", Kind.NUMBER),
)
NEW, OLD, RED, BLUE = (Choice(word.lower(), word) for word in ("New", "Old", "Red", "Blue"))
ROWS = (
    (Record("a", "A"), OLD, (RED, BLUE), date(2026, 1, 2), None),
    (Record("b", "B"), NEW, (), None, None),
    (Record("c", "C"), OLD, (BLUE,), date(2025, 12, 31), None),
)


def test_a_file_sends_choices_once_and_numbers_as_steps() -> None:
    listing = Listing.of(("thing", "things"), COLUMNS, ROWS)
    assert [column.key for column in listing.columns] == ["thing", "state", "tags", "day"]
    _, state, tags, day = json.loads(encode(listing))["columns"]
    assert state["choices"] == [["new", "New"], ["old", "Old"]]
    assert state["at"] == [1, 0, 1]
    assert tags["choices"] == [["blue", "Blue"], ["red", "Red"]]
    assert [tags["sets"][at] for at in tags["at"]] == [[1, 0], [], [0]]
    assert day["steps"] == [20455, None, -2]
