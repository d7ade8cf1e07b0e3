"""Atom, JSON Feed, calendars and badges: valid by their standards, and safe whatever records say."""

from __future__ import annotations

import json
import re
import xml.etree.ElementTree as ET
from datetime import timedelta
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import feedparser
import pytest
from icalendar import Calendar
from jsonschema import Draft202012Validator, FormatChecker

from feedbed import NOW, URL, Machines, incident
from incidentbook.feeds.badges import COLOURS, LABEL, badge
from incidentbook.records import Audience
from sitebed import HOSTILE, RECORDS

ATOM = "{http://www.w3.org/2005/Atom}"
RFC3339 = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2})")
MIME = re.compile(r"[\w.+-]+/[\w.+-]+")

ONCE = {"id", "title", "updated", "subtitle", "generator", "icon", "logo", "rights", "published", "summary"}
FEED = {"author", "category", "contributor", "generator", "icon", "id", "link", "logo", "rights", "subtitle",
        "title", "updated", "entry"}  # fmt: skip
ENTRY = {"author", "category", "content", "contributor", "id", "link", "published", "rights", "source",
         "summary", "title", "updated"}  # fmt: skip

ITEM_RULES = {
    "type": "object",
    "required": ["id"],
    "anyOf": [{"required": ["content_html"]}, {"required": ["content_text"]}],
    "properties": {
        "id": {"type": "string", "minLength": 1},
        "url": {"type": "string", "minLength": 1},
        "external_url": {"type": "string"},
        "title": {"type": "string"},
        "content_html": {"type": "string"},
        "content_text": {"type": "string"},
        "summary": {"type": "string"},
        "image": {"type": "string"},
        "banner_image": {"type": "string"},
        "date_published": {"type": "string", "format": "date-time"},
        "date_modified": {"type": "string", "format": "date-time"},
        "authors": {"$ref": "#/$defs/authors"},
        "tags": {"type": "array", "items": {"type": "string"}},
        "language": {"type": "string"},
    },
    "patternProperties": {"^_[^.]+$": {"type": "object"}},
    "additionalProperties": False,
}
JSON_FEED_RULES = {
    "type": "object",
    "required": ["version", "title", "items"],
    "properties": {
        "version": {"const": "https://jsonfeed.org/version/1.1"},
        "title": {"type": "string", "minLength": 1},
        "home_page_url": {"type": "string"},
        "feed_url": {"type": "string"},
        "description": {"type": "string"},
        "user_comment": {"type": "string"},
        "next_url": {"type": "string"},
        "icon": {"type": "string"},
        "favicon": {"type": "string"},
        "authors": {"$ref": "#/$defs/authors"},
        "language": {"type": "string", "pattern": "^[a-z]{2,3}(-[A-Za-z0-9]+)*$"},
        "expired": {"type": "boolean"},
        "hubs": {"type": "array"},
        "items": {"type": "array", "items": ITEM_RULES},
    },
    "patternProperties": {"^_[^.]+$": {"type": "object"}},
    "additionalProperties": False,
    "$defs": {
        "authors": {
            "type": "array",
            "items": {
                "type": "object",
                "minProperties": 1,
                "properties": {name: {"type": "string"} for name in ("name", "url", "avatar")},
                "additionalProperties": False,
            },
        }
    },
}
"""The rules of the JSON Feed specification, 1.1."""


def names(element: ET.Element) -> list[str]:
    assert all(child.tag.startswith(ATOM) for child in element), "an element of another namespace"
    return [child.tag.removeprefix(ATOM) for child in element]


def check_atom(data: bytes, *, absolute: bool = True) -> ET.Element:
    """Hold a feed against RFC 4287, section by section."""
    feed = ET.fromstring(data)
    assert feed.tag == ATOM + "feed"
    found = names(feed)
    assert set(found) <= FEED
    assert all(found.count(one) == 1 for one in ("id", "title", "updated"))
    assert all(found.count(one) <= 1 for one in ONCE)
    entries = feed.findall(ATOM + "entry")
    # 4.1.1: an author of the feed, or of each entry
    assert "author" in found or all("author" in names(entry) for entry in entries)
    check_links(feed, absolute=absolute)
    ids = [feed.findtext(ATOM + "id")]
    for entry in entries:
        inside = names(entry)
        assert set(inside) <= ENTRY
        assert all(inside.count(one) == 1 for one in ("id", "title", "updated"))
        assert all(inside.count(one) <= 1 for one in (*ONCE, "content", "source"))
        assert "content" in inside or 'rel="alternate"' in ET.tostring(entry, "unicode")
        check_links(entry, absolute=absolute)
        ids.append(entry.findtext(ATOM + "id"))
        published, updated = (entry.findtext(ATOM + name) or "" for name in ("published", "updated"))
        assert published <= updated
    for element in feed.iter():
        name = element.tag.removeprefix(ATOM)
        if name in {"updated", "published"}:
            assert RFC3339.fullmatch(element.text or "")
        if name in {"title", "summary", "rights", "subtitle", "content"}:
            assert element.get("type", "text") in {"text", "html", "xhtml"}
            # 3.1.1: no child elements in text and html
            assert not list(element)
        if name == "author":
            assert names(element).count("name") == 1
        if name == "category":
            assert element.get("term")
    # 4.2.6: absolute, and nobody else's
    assert all(urlsplit(id_ or "").scheme for id_ in ids)
    assert len(set(ids)) == len(ids)
    return feed


def check_links(element: ET.Element, *, absolute: bool) -> None:
    alternates = []
    for link in element.findall(ATOM + "link"):
        assert link.get("href")
        assert bool(urlsplit(link.get("href", "")).scheme) == absolute
        assert MIME.fullmatch(link.get("type", "text/html"))
        if link.get("rel", "alternate") == "alternate":
            alternates.append((link.get("type"), link.get("hreflang")))
    # 4.1.1: no two of the same type and language
    assert len(set(alternates)) == len(alternates) == 1


def check_json_feed(data: bytes) -> None:
    Draft202012Validator(JSON_FEED_RULES, format_checker=FormatChecker()).validate(json.loads(data))


def check_calendar(data: bytes) -> Any:
    """Hold a calendar against RFC 5545."""
    assert data.endswith(b"END:VCALENDAR\r\n")
    lines = data.split(b"\r\n")
    assert all(len(line) <= 75 and b"\n" not in line and b"\r" not in line for line in lines)
    for line in lines:
        line.decode()
    assert not re.search(rb"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]", data)
    calendar: Any = Calendar.from_ical(data)
    assert calendar["VERSION"] == "2.0"
    assert calendar["PRODID"]
    assert calendar.subcomponents
    assert not calendar.errors
    for event in calendar.walk("VEVENT"):
        assert not event.errors
        assert {"UID", "DTSTAMP", "DTSTART"} <= set(event)
        assert event["STATUS"] in {"CONFIRMED", "CANCELLED", "TENTATIVE"}
        if "DTEND" in event:
            assert event["DTEND"].dt > event["DTSTART"].dt
    ids = [event["UID"] for event in calendar.walk("VEVENT")]
    assert len(set(ids)) == len(ids)
    return calendar


@pytest.mark.parametrize("audience", [Audience.PUBLIC, Audience.INTERNAL])
@pytest.mark.parametrize("url", [URL, None])
def test_every_feed_is_valid(tmp_path: Path, audience: Audience, url: str | None) -> None:
    machines = Machines(tmp_path, RECORDS, audience=audience, url=url)
    paths: dict[str, list[str]] = {name: [] for name in ("feed.atom", "feed.json", "maintenance.ics")}
    for path in machines.outputs:
        paths.get(path.rsplit("/", 1)[-1], []).append(path)
    services = 3 if audience is Audience.INTERNAL else 2
    assert {name: len(found) for name, found in paths.items()} == dict.fromkeys(paths, 1 + services)
    for path in paths["feed.atom"]:
        check_atom(machines.outputs[path].make(), absolute=url is not None)
        parsed = feedparser.parse(machines.outputs[path].make())
        assert not parsed.bozo
        assert parsed.version == "atom10"
    for path in paths["feed.json"]:
        check_json_feed(machines.outputs[path].make())
    for path in paths["maintenance.ics"]:
        check_calendar(machines.outputs[path].make())


def test_both_feeds_tell_the_same(tmp_path: Path) -> None:
    machines = Machines(tmp_path, RECORDS)
    parsed = feedparser.parse(machines.outputs["feed.atom"].make())
    items = machines.json("feed.json")["items"]
    titles = ["Search is slow", "Maintenance: Move the search index", "Review: Checkout answers 502",
              "Checkout answers 502"]  # fmt: skip
    assert [entry.title for entry in parsed.entries] == [item["title"] for item in items]
    assert sorted(item["title"] for item in items) == sorted(titles)
    assert [entry.id for entry in parsed.entries] == [item["id"] for item in items]
    assert [entry.content[0].value for entry in parsed.entries] == [item["content_html"] for item in items]
    modified = [item["date_modified"] for item in items]
    assert modified == sorted(modified, reverse=True)


def test_a_service_has_what_is_its_own(tmp_path: Path) -> None:
    machines = Machines(tmp_path, RECORDS)
    feeds = {key: machines.json(f"services/{key}/feed.json")["items"] for key in ("search", "checkout")}
    assert [item["title"] for item in feeds["search"]] == ["Search is slow"]
    assert len(feeds["checkout"]) == 3
    events = {
        key: len(check_calendar(machines.outputs[f"services/{key}/maintenance.ics"].make()).walk("VEVENT"))
        for key in ("search", "checkout")
    }
    assert events == {"search": 0, "checkout": 1}


def test_nothing_internal_is_in_public_feeds(tmp_path: Path) -> None:
    public = Machines(tmp_path / "public", RECORDS)
    whole = "".join(output.make().decode() for output in public.outputs.values())
    assert "Secretly we know" not in whole
    assert "A quiet internal matter" not in whole
    assert "First duty engineer" not in whole
    assert "services/database" not in "".join(public.outputs)
    internal = Machines(tmp_path / "internal", RECORDS, audience=Audience.INTERNAL)
    assert "Secretly we know" in internal.text("feed.atom")


CONTROLS = "".join(map(chr, [*range(1, 9), 11, 12, *range(14, 32), 0xFFFE, 0xFFFF]))


def yaml_text(text: str) -> str:
    """As a double-quoted scalar of YAML."""
    plain = (
        one if one.isascii() and one.isprintable() and one not in '"\\' else f"\\U{ord(one):08x}"
        for one in text
    )
    return f'"{"".join(plain)}"'


class Harmless(HTMLParser):
    """Refuses what could run, as the browser of a feed reader would see it."""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag not in {"script", "style", "svg", "img", "iframe", "form", "object", "embed"}
        for name, value in attrs:
            assert not name.startswith("on")
            assert not (value or "").strip().lower().startswith(("javascript:", "data:"))


@pytest.fixture
def hostile(tmp_path: Path) -> Machines:
    words = f"{HOSTILE}{CONTROLS} ]]> &amp; é \U0001f525 [x](javascript:alert(1)) ;,\\\r\nEND:VEVENT"
    text = yaml_text(words)
    front = f"""\
---
title: {text}
visibility: public
summary: {text}
services: [{{service: checkout, state: major_outage}}]
"""
    update = (
        f"updates: [{{at: 2026-11-20T08:10+00:00, status: %s, visibility: public, id: {text}, text: {text}}}]"
    )
    schema = {
        "schema/services.yml": f"groups: [{{id: shop, name: {text}}}]\n"
        f"services: [{{id: checkout, name: {text}, definition: {text}, group: shop}}]\n",
        "schema/incidentbook.yml": f"format: 1\nname: {text}\nzone: UTC\n",
    }
    records = {
        "incidents/2026/INC-2026-0001.md": f"{front}status: in_progress\nopened: 2026-11-20T08:00+00:00\n"
        + update % "investigating"
        + "\n---\n",
        "incidents/2026/MNT-2026-0001.md": f"{front}status: scheduled\n"
        "planned: {from: 2026-11-22T02:00+00:00, to: 2026-11-22T04:00+00:00}\n"
        + update % "scheduled"
        + "\n---\n",
    }
    machines = Machines(tmp_path, records, schema=schema)
    assert len(machines.v2("incidents")["incidents"]) == 1
    return machines


def test_hostile_words_break_no_file_and_run_nowhere(hostile: Machines) -> None:
    for path, output in hostile.outputs.items():
        data = output.make()
        name = path.rsplit("/", 1)[-1]
        if name == "feed.atom":
            contents = [element.text or "" for element in check_atom(data).iter(ATOM + "content")]
            assert contents
            for html in contents:
                Harmless().feed(html)
            assert not feedparser.parse(data).bozo
        elif name == "feed.json":
            check_json_feed(data)
        elif name == "maintenance.ics":
            (event,) = check_calendar(data).walk("VEVENT")
            # what is no character of a calendar is gone, all else is as it was written
            assert event["SUMMARY"].startswith(HOSTILE + " ]]> &amp; é \U0001f525")
            assert event["SUMMARY"].endswith(";,\\\nEND:VEVENT")
        elif name == "badge.svg":
            svg = ET.fromstring(data)
            assert {element.tag.split("}")[1] for element in svg.iter()} == {
                "svg", "title", "clipPath", "rect", "g", "path", "text",
            }  # fmt: skip
        elif name.endswith(".json"):
            json.loads(data)


def test_calendars_hold_the_last_year_and_what_comes(tmp_path: Path) -> None:
    window = "---\ntitle: Work\nstatus: {}\nvisibility: public\nplanned: {{from: {}, to: {}}}\n---\n"
    times = {
        1: ("completed", NOW - timedelta(days=400)),
        2: ("completed", NOW - timedelta(days=300)),
        3: ("scheduled", NOW + timedelta(days=30)),
    }
    records = {
        f"incidents/2026/MNT-2026-000{number}.md": window.format(
            status, start.isoformat(), (start + timedelta(hours=2)).isoformat()
        )
        for number, (status, start) in times.items()
    }
    found = check_calendar(Machines(tmp_path, records).outputs["maintenance.ics"].make()).walk("VEVENT")
    assert [event["DTSTART"].dt for event in found] == [times[2][1], times[3][1]]
    assert all(event["DTEND"].dt - event["DTSTART"].dt == timedelta(hours=2) for event in found)
    assert found[1]["URL"] == f"{URL}maintenance/MNT-2026-0003/"


def test_links_lead_to_the_site_or_nowhere(tmp_path: Path) -> None:
    text = "[a](INC-2026-0002.md) [b](INC-2026-0099.md) INC-2026-0002"
    front = (
        "status: new\nopened: 2026-11-20T08:00+00:00\n"
        f"updates: [{{at: 2026-11-20T08:10+00:00, status: identified, visibility: public, text: '{text}'}}]"
    )
    records = {
        "incidents/2026/INC-2026-0001.md": incident(front),
        "incidents/2026/INC-2026-0002.md": incident("status: new\nopened: 2026-11-19T08:00+00:00\n"),
    }
    for url, base in ((URL, URL), (None, "")):
        items = Machines(tmp_path / str(url is None), records, url=url).json("feed.json")["items"]
        html = items[0]["content_html"]
        assert re.findall(r'href="([^"]*)"', html) == [f"{base}incidents/INC-2026-0002/"] * 2
        assert items[0]["url"] == f"{base}incidents/INC-2026-0001/"


def test_a_feed_is_as_new_as_its_newest_item(tmp_path: Path) -> None:
    feed = ET.fromstring(Machines(tmp_path, RECORDS).outputs["feed.atom"].make())
    assert feed.findtext(ATOM + "updated") == "2026-11-20T10:20:00Z"


# -- badges -----------------------------------------------------------------------------------------


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("colour", [LABEL, *COLOURS.values()])
def test_white_words_are_readable_on_every_badge(colour: str) -> None:
    assert 1.05 / (luminance(colour) + 0.05) >= 4.5


def test_a_badge_says_whose_state_it_is(tmp_path: Path) -> None:
    machines = Machines(tmp_path, RECORDS)
    svg = ET.fromstring(machines.outputs["services/search/badge.svg"].make())
    name = "{http://www.w3.org/2000/svg}"
    assert svg.get("role") == "img"
    assert svg.get("aria-label") == svg.findtext(name + "title") == "Search: Degraded performance"
    texts = svg.findall(f"{name}g/{name}text")
    assert [text.text for text in texts] == ["Search", "Degraded performance"]
    ends = [float(text.get("x", 0)) + float(text.get("textLength", 0)) for text in texts]
    assert ends[0] < float(texts[1].get("x", 0))
    assert ends[1] < float(svg.get("width", 0))
    assert machines.text("badge.svg").count("Testbed: Degraded performance") == 2
    keys = {machines.outputs[f"services/{key}/badge.svg"].key for key in ("search", "checkout")}
    assert len(keys) == 2


def test_a_badge_of_a_long_name_stays_short() -> None:
    assert float(ET.fromstring(badge("W" * 500, "operational", "Operational")).get("width", 0)) < 800
