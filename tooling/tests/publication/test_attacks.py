"""Hostile texts in every field, and what of them stands in what is written; by other parsers than ours."""

from __future__ import annotations

import csv
import io
import json
import re
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import attacking
import pytest
from attacking import MARK, TEXTS, Attack, faults_of
from planting import schema, texts_of

from incidentbook.taxonomy import FILES
from sitebed import CONFIGURATION, build_site
from testbed import RunCli

OWN = "https://status.example.invalid/book/"
CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f]")
FORBIDDEN = re.compile("[\x00-\x08\x0a-\x1f\x7f]")
"""What RFC 5545 lets no text hold."""

TURNING = re.compile("[\u202a-\u202e\u2066-\u2069]")
FORMULA = re.compile(r"\s*[=+@\t\r]|\s*-(?!\d)")


@pytest.fixture(scope="module", params=["public", "internal"])
def audience(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def attack(tmp_path_factory: pytest.TempPathFactory) -> Attack:
    root = tmp_path_factory.mktemp("attacked") / "records"
    root.mkdir()
    return Attack(root, of_taxonomy=attacking.PLAIN)


@pytest.fixture(scope="module")
def site(attack: Attack, audience: str) -> Path:
    configuration = CONFIGURATION.replace("audience: internal", f"audience: {audience}")
    return build_site(attack.root, configuration=configuration, strict=False)


def files(site: Path, *endings: str) -> list[Path]:
    return sorted(path for path in site.rglob("*") if path.suffix in endings and path.is_file())


def test_the_attacks_would_be_told() -> None:
    """Each text, put into a page as it is, has faults."""
    for template in (attacking.PLAIN, attacking.MARKDOWN):
        assert len(list(faults_of(template.format(n=1), OWN))) > 3


def test_every_text_is_hostile(attack: Attack) -> None:
    wanted = {place for model in FILES.values() for place in texts_of(model)}
    assert wanted == schema(lambda _path, _public: "x")[1]
    assert len(attack.places) > 500


def test_no_page_has_anything_of_a_stranger(site: Path) -> None:
    pages = files(site, ".html")
    assert len(pages) > 30
    faults = {
        path.relative_to(site).as_posix(): found
        for path in pages
        if (found := list(faults_of(path.read_text("utf-8"), OWN)))
    }
    assert faults == {}


def test_the_hostile_words_are_there_as_words(site: Path) -> None:
    page = (site / "incidents/INC-2026-0910/index.html").read_text("utf-8")
    assert "&lt;script&gt;window.hacked=" in page
    assert MARK in page


def test_data_can_be_read(site: Path) -> None:
    """Hostile words break neither JSON nor XML."""
    read = 0
    for path in files(site, ".json", ".xml", ".svg", ".atom", ".webmanifest"):
        text = path.read_text("utf-8")
        if path.suffix in {".json", ".webmanifest"}:
            json.loads(text)
        else:
            root = ElementTree.fromstring(text)
            strange = [
                element.tag
                for element in root.iter()
                if isinstance(element.tag, str) and re.search(rf"script|{MARK}", element.tag, re.IGNORECASE)
            ]
            assert strange == [], path
            if path.suffix == ".svg":
                for element in root.iter():
                    assert not any(name.lower().startswith("on") for name in element.attrib), path
        read += 1
    assert read > 0


def test_calendars_have_no_line_of_a_stranger(site: Path) -> None:
    for path in files(site, ".ics"):
        lines = path.read_bytes().decode("utf-8").replace("\r\n ", "").split("\r\n")
        assert not [line for line in lines if line.upper().startswith(f"X-{MARK}".upper())], path
        assert not FORBIDDEN.search("".join(lines)), path
        assert lines.count("BEGIN:VEVENT") == lines.count("END:VEVENT")
        assert all(re.match(r"[A-Z-]+[;:]", line) for line in lines if line), path


def test_html_in_feeds_is_as_safe_as_in_pages(site: Path) -> None:
    for path in files(site, ".json", ".xml", ".atom"):
        text = path.read_text("utf-8")
        found = _strings(json.loads(text)) if path.suffix == ".json" else _texts(ElementTree.fromstring(text))
        for key, words in found:
            if key in {"content_html", "content", "html"} and "<" in words:
                assert [one for one in faults_of(words, OWN) if "twice" not in one] == [], path


def _strings(value: object, key: str = "") -> list[tuple[str, str]]:
    if isinstance(value, dict):
        return [one for name, item in value.items() for one in _strings(item, name)]
    if isinstance(value, list):
        return [one for item in value for one in _strings(item, key)]
    return [(key, value)] if isinstance(value, str) else []


def _texts(root: ElementTree.Element) -> list[tuple[str, str]]:
    return [
        (element.tag.rpartition("}")[2], element.text or "")
        for element in root.iter()
        if element.get("type") == "html"
    ]


RUNS = {
    "check": [[], ["--format=github"], ["--format=json"]],
    "sla": [[], ["--format=json"]],
    "reviews": [[], ["--format=json"]],
    "stats": [
        *([f"--by={by}"] for by in ("service", "category", "team", "location", "channel")),
        ["--format=markdown", "--by=location"],
        ["--format=openmetrics", "--by=service"],
    ],
}


@pytest.mark.parametrize("verb", sorted(RUNS))
def test_a_terminal_is_told_nothing(attack: Attack, run_cli: RunCli, verb: str) -> None:
    """No text moves the cursor, sets a title or turns the direction of what follows."""
    for arguments in RUNS[verb]:
        outcome = run_cli(verb, *arguments, repo=attack.root)
        assert outcome.code in (0, 1), outcome.err
        said = outcome.out + outcome.err
        if "--format=json" in arguments:  # data, in which programs find what stands in the record
            assert "\x1b" not in said
            json.loads(outcome.out)
            continue
        assert not CONTROLS.search(said), arguments
        assert not TURNING.search(said), arguments


def test_no_workflow_command_of_a_stranger(attack: Attack, run_cli: RunCli) -> None:
    lines = run_cli("check", "--format=github", repo=attack.root).out.splitlines()
    assert not [line for line in lines if line.startswith(f"::error file={MARK}")]


@pytest.mark.parametrize("table", ["incidents", "updates", "holds", "actions"])
def test_no_cell_of_a_table_is_a_formula(attack: Attack, run_cli: RunCli, table: str) -> None:
    out = run_cli("export", f"--table={table}", repo=attack.root).out
    rows = list(csv.reader(io.StringIO(out, newline="")))
    assert len(rows) > 1
    assert not [cell[:60] for row in rows for cell in row if FORMULA.match(cell)]


def test_no_cell_of_the_statistics_is_a_formula(attack: Attack, run_cli: RunCli) -> None:
    for by in ("service", "location", "channel", "team"):
        out = run_cli("stats", "--format=csv", f"--by={by}", repo=attack.root).out
        rows = list(csv.reader(io.StringIO(out, newline="")))
        assert not [cell[:60] for row in rows for cell in row if FORMULA.match(cell)]


def test_reports_hold_nothing_of_a_stranger(attack: Attack, run_cli: RunCli, tmp_path: Path) -> None:
    run_cli("report", "2026", "--output", tmp_path, repo=attack.root)
    written = sorted(path for path in tmp_path.rglob("*") if path.is_file())
    assert written
    for path in written:
        if path.suffix == ".html":
            assert list(faults_of(path.read_text("utf-8"), OWN)) == []


def test_texts_of_every_kind_are_used() -> None:
    assert set(TEXTS.values()) == {attacking.PLAIN, attacking.MARKDOWN, attacking.CONTROL, attacking.LONG}
