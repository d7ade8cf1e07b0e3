"""A site as `mkdocs build` makes it."""

from __future__ import annotations

import gzip
import logging
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from mkdocs.exceptions import Abort

from incidentbook.mkdocs_plugin import IncidentbookPlugin
from sitebed import CONFIGURATION, HOSTILE, RECORDS, build_site
from testbed import SCHEMA, MakeRepository, write_files

HOSTILE_INCIDENT = RECORDS["incidents/2026/INC-2026-0002.md"].replace("Search is slow", f"'{HOSTILE}'")
GUIDE = """\
# Guide

It began with [the roll-out](../incidents/2026/INC-2026-0001.md#timeline); see also
[all incidents](incidents/index.md) and `../incidents/2026/INC-2026-0001.md`.
"""


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("INCIDENTBOOK_NOW", raising=False)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """One build of the samples, with a hostile record and a hand-written page, for all that only look."""
    root = tmp_path_factory.mktemp("built")
    write_files(
        root,
        {**SCHEMA, **RECORDS, "incidents/2026/INC-2026-0004.md": HOSTILE_INCIDENT, "site/guide.md": GUIDE},
    )
    yield build_site(root)
    shutil.rmtree(root)


def normalised(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r">\s+<", "><", html)).strip()


def test_a_filled_page_is_the_page_that_mkdocs_would_have_made(make_repository: MakeRepository) -> None:
    records = {**RECORDS, "incidents/2026/INC-2026-0004.md": HOSTILE_INCIDENT}
    filled = build_site(make_repository(records, name="filled"))
    rendered = build_site(
        make_repository(records, name="rendered"), configuration=CONFIGURATION + "      shells: false\n"
    )
    pages = sorted(path.relative_to(filled) for path in filled.rglob("index.html"))
    assert pages == sorted(path.relative_to(rendered) for path in rendered.rglob("index.html"))
    assert len([page for page in pages if re.search(r"(INC|MNT|PRB)-", str(page))]) == 7
    for page in pages:
        ours, theirs = ((root / page).read_text("utf-8") for root in (filled, rendered))
        assert normalised(ours) == normalised(theirs), page


def test_no_mark_and_no_shell_is_left(built: Path) -> None:
    assert not list(built.rglob("incidentbook-shell*"))
    for path in built.rglob("*"):
        if path.suffix in {".html", ".json", ".xml"}:
            assert "incidentbook-shell" not in path.read_text("utf-8"), path


def test_a_record_page_has_all_that_a_page_has(built: Path) -> None:
    html = (built / "incidents" / "INC-2026-0001" / "index.html").read_text("utf-8")
    assert "<title>INC-2026-0001 Checkout answers 502 - Testbed</title>" in html
    assert '<meta name="description" content="One request in five failed for two hours.">' in html
    assert (
        '<link rel="canonical" href="https://status.example.invalid/book/incidents/INC-2026-0001/">' in html
    )
    assert "https://forge.example.invalid/testbed/records/edit/main/incidents/2026/INC-2026-0001.md" in html
    assert '<a href="#timeline" class="md-nav__link">' in html
    assert re.search(r'md-tabs__item--active">\s*<a href="../" class="md-tabs__link">\s*Incidents', html)
    assert re.search(r'href="../../assets/incidentbook/incidentbook.[0-9a-f]{8}.css"', html)


def test_hostile_words_stay_words(built: Path) -> None:
    for path in built.rglob("*.html"):
        html = path.read_text("utf-8")
        assert "<script>window.hacked" not in html, path
        assert "onerror=" not in re.sub(r"&lt;.*?&gt;", "", html), path


def test_the_sitemap_lists_every_page_and_no_shell(built: Path) -> None:
    text = (built / "sitemap.xml").read_text("utf-8")
    assert gzip.decompress((built / "sitemap.xml.gz").read_bytes()).decode() == text
    listed = set(re.findall(r"<loc>https://status.example.invalid/book/(.*?)</loc>", text))
    pages = {path.parent.relative_to(built).as_posix() + "/" for path in built.rglob("index.html")}
    assert listed == {"" if path == "./" else path for path in pages}
    assert "<lastmod>2026-11-12</lastmod>" in text


def test_a_hand_written_page_may_link_record_files(built: Path) -> None:
    html = (built / "guide" / "index.html").read_text("utf-8")
    assert '<a href="../incidents/INC-2026-0001/#timeline">the roll-out</a>' in html
    assert '<a href="../incidents/">all incidents</a>' in html
    assert "<code>../incidents/2026/INC-2026-0001.md</code>" in html


def test_attachments_lie_below_their_record(built: Path) -> None:
    folder = built / "incidents" / "INC-2026-0001"
    assert (folder / "graph.png").read_text() == "not really a picture"
    assert not (folder / "page.html").exists()


def test_the_navigation_needs_no_list(built: Path) -> None:
    html = (built / "index.html").read_text("utf-8")
    tabs = re.findall(r'class="md-tabs__link">\s*(.*?)\s*</a>', html)
    assert tabs == [
        *("Status", "Incidents", "Services", "Knowledge"),
        *("Reviews", "Improvements", "Statistics", "Help", "Guide"),
    ]


def test_nothing_is_loaded_from_another_host(built: Path) -> None:
    for path in built.rglob("*.html"):
        html = path.read_text("utf-8")
        loaded = re.findall(r'<(?:script|img|iframe)[^>]*\ssrc="([^"]*)"', html)
        loaded += re.findall(r'<link[^>]*rel="(?:stylesheet|icon|preconnect)"[^>]*href="([^"]*)"', html)
        assert not [address for address in loaded if re.match(r"(https?:)?//", address)], path
        # what Material's script would ask the forge about, from each reader's browser
        assert 'data-md-component="source"' not in html, path
        assert 'class="md-source"' in html, path


def test_a_page_written_by_hand_stands_in_for_the_planned_one(make_repository: MakeRepository) -> None:
    root = make_repository({**RECORDS, "site/index.md": "# Our own front page\n"})
    site = build_site(root)
    assert "Our own front page" in (site / "index.html").read_text("utf-8")
    assert (site / "incidents" / "INC-2026-0001" / "index.html").is_file()


def test_the_same_records_give_the_same_bytes(
    make_repository: MakeRepository, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1795000000")
    root = make_repository(RECORDS)
    first = {path: path.read_bytes() for path in build_site(root).rglob("*") if path.is_file()}
    second = {path: path.read_bytes() for path in build_site(root).rglob("*") if path.is_file()}
    assert first == second


def test_a_record_that_is_gone_leaves_the_output_even_where_mkdocs_keeps_it(
    make_repository: MakeRepository,
) -> None:
    root = make_repository(RECORDS)
    site = build_site(root)
    (root / "incidents/2026/INC-2026-0003.md").unlink()
    build_site(root, dirty=True, strict=False)
    assert not (site / "incidents" / "INC-2026-0003").exists()
    assert (site / "incidents" / "INC-2026-0001" / "graph.png").is_file()


def test_an_empty_repository_builds(make_repository: MakeRepository) -> None:
    site = build_site(make_repository({}))
    assert "All systems operational" in (site / "index.html").read_text("utf-8")
    assert "No incident has been recorded" in (site / "incidents" / "index.html").read_text("utf-8")


def test_a_site_without_a_url_has_no_canonical_links(make_repository: MakeRepository) -> None:
    configuration = "".join(
        line
        for line in CONFIGURATION.splitlines(keepends=True)
        if not line.startswith(("site_url", "repo_url", "edit_uri"))
    )
    site = build_site(make_repository(RECORDS), configuration=configuration)
    html = (site / "incidents" / "INC-2026-0001" / "index.html").read_text("utf-8")
    assert 'rel="canonical"' not in html
    assert 'rel="edit"' not in html


def test_the_url_of_the_settings_is_the_url_of_the_site(make_repository: MakeRepository) -> None:
    settings = SCHEMA["schema/incidentbook.yml"] + "url: https://settings.example.invalid/x\n"
    configuration = re.sub(r"site_url:.*\n", "", CONFIGURATION)
    site = build_site(
        make_repository({**RECORDS, "schema/incidentbook.yml": settings}), configuration=configuration
    )
    assert "https://settings.example.invalid/x/incidents/INC-2026-0001/" in (site / "sitemap.xml").read_text(
        "utf-8"
    )


@pytest.mark.parametrize(
    ("configuration", "schema", "message"),
    [
        (CONFIGURATION + "use_directory_urls: false\n", True, "use_directory_urls"),
        (CONFIGURATION, False, "incidentbook.yml"),
    ],
)
def test_what_cannot_be_built_is_said_in_one_line(
    make_repository: MakeRepository,
    caplog: pytest.LogCaptureFixture,
    configuration: str,
    schema: bool,
    message: str,
) -> None:
    root = make_repository({"site/a.md": "# A"}, schema=schema)
    with pytest.raises(Abort):
        build_site(root, configuration=configuration)
    (said,) = [record.getMessage() for record in caplog.records if record.levelno >= logging.ERROR]
    assert message in said
    assert "\n" not in said


def test_a_broken_record_does_not_break_the_site(make_repository: MakeRepository) -> None:
    root = make_repository({**RECORDS, "incidents/2026/INC-2026-0009.md": "---\ntitle: [\n---\n"})
    site = build_site(root, strict=False)
    assert not (site / "incidents" / "INC-2026-0009").exists()


def test_serve_watches_the_records(make_repository: MakeRepository) -> None:
    root = make_repository(RECORDS)
    plugin = IncidentbookPlugin()
    plugin.root = root
    watched: list[str] = []
    server: Any = SimpleNamespace(watch=watched.append)
    plugin.on_serve(server)
    assert watched == [str(root / name) for name in ("incidents", "knowledge", "schema")]


def test_our_pages_are_no_warning_to_mkdocs(
    make_repository: MakeRepository, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO, logger="mkdocs"):
        build_site(make_repository(RECORDS))
    words = [record.getMessage() for record in caplog.records]
    assert not [word for word in words if "not included in the" in word or "Page skipped" in word]


def test_what_is_broken_fails_a_strict_build(
    make_repository: MakeRepository, caplog: pytest.LogCaptureFixture
) -> None:
    files = {
        "schema/sla.yml": SCHEMA["schema/sla.yml"] + " x: [\n",
        "incidents/2026/INC-2026-0001.md": "garbage",
    }
    with pytest.raises(Abort, match="strict"):
        build_site(make_repository(files))
    told = [record.getMessage() for record in caplog.records if record.levelno == logging.WARNING]
    assert [message.partition(": ")[2] for message in told] == [
        "schema/sla.yml has errors, so that not all of it counts; `incidentbook check` says why",
        "incidents/2026/INC-2026-0001.md cannot be read and is left out; `incidentbook check` says why",
    ]


def test_how_many_records_are_withheld_is_said(
    make_repository: MakeRepository, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    public = CONFIGURATION.replace("audience: internal", "audience: public")
    build_site(
        make_repository({"incidents/2026/INC-2026-0003.md": RECORDS["incidents/2026/INC-2026-0003.md"]}),
        configuration=public,
    )
    assert "withheld from this audience (public): 1 of 1 records" in caplog.text
