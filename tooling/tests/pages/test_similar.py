"""The part of an incident's page that tells what is known: each sort by itself, and nothing twice."""

from __future__ import annotations

import re
from datetime import datetime
from pathlib import Path

import pytest

from incidentbook.archive import open_repository
from incidentbook.pages import plan
from incidentbook.publication import publish
from incidentbook.records import Audience
from testbed import MakeRepository

NOW = datetime.fromisoformat("2026-11-20T12:00+00:00")


def incident(title: str, status: str, extra: str = "") -> str:
    return (
        f"---\ntitle: {title}\nstatus: {status}\nvisibility: public\nopened: 2026-11-18T08:00+00:00\n"
        f"services: [{{service: checkout, state: partial_outage}}]\n{extra}---\n"
    )


FILES = {
    "incidents/2026/INC-2026-0001.md": incident("Checkout has no connections", "in_progress"),
    "incidents/2026/INC-2026-0002.md": incident("Checkout is out of connections", "new"),
    "incidents/2026/INC-2026-0003.md": incident(
        "Checkout lost its connections",
        "resolved",
        "resolved: 2026-11-18T09:00+00:00\n"
        "resolution: {code: fixed, summary: Gave `them` back., permanence: temporary}\n",
    ),
    "knowledge/problems/PRB-2026-0001.md": "---\ntitle: Checkout leaks connections\nstatus: known_error\n"
    "visibility: public\nservices: [checkout]\nworkaround: Restart <the> fullest pods.\n---\n",
    "knowledge/articles/pool.md": "---\ntitle: Checkout has no connections\nstatus: published\n"
    "visibility: internal\ntype: runbook\ndo_first: Save the session list.\nservices: [checkout]\n---\n",
    "knowledge/articles/buyers.md": "---\ntitle: No connections in checkout\nstatus: published\n"
    "visibility: public\ntype: faq\nsummary: Try again later.\nservices: [checkout]\n---\n",
}


def part(root: Path, audience: Audience) -> str:
    pages = plan(publish(open_repository(root), audience), NOW).pages
    page = next(page for page in pages if page.path == "incidents/INC-2026-0001/")
    html = page.make().html
    return html[html.index('<h2 id="similar">') :].partition("<h2")[2].partition("<h2")[0]


@pytest.fixture
def root(make_repository: MakeRepository) -> Path:
    return make_repository(FILES)


def test_each_sort_has_its_heading_and_what_it_teaches(root: Path) -> None:
    html = part(root, Audience.INTERNAL)
    assert re.findall("<h3>(.*?)</h3>", html) == [
        "Open, may be the same",
        "Known errors and open problems",
        "Articles to try",
        "Past, and how each was resolved",
    ]
    assert "Restart &lt;the&gt; fullest pods." in html
    assert "<b>Do first:</b> Save the session list." in html
    assert "Gave <code>them</code> back." in html
    assert "Fixed" in html
    assert "Temporary" in html


def test_the_public_is_told_what_it_may_know(root: Path) -> None:
    html = part(root, Audience.PUBLIC)
    assert "INC-2026-0002" in html
    assert "Try again later." in html
    assert "PRB-2026-0001" in html
    for secret in ("session list", "Gave", "Fixed", "Temporary", "articles/pool"):
        assert secret not in html


def test_what_the_page_names_already_is_not_told_again(make_repository: MakeRepository) -> None:
    linked = incident(
        "Checkout has no connections", "in_progress", "links: {problem: PRB-2026-0001, articles: [pool]}\n"
    )
    html = part(make_repository({**FILES, "incidents/2026/INC-2026-0001.md": linked}), Audience.INTERNAL)
    assert "PRB-2026-0001" not in html
    assert "articles/pool" not in html
    assert "INC-2026-0003" in html


def test_the_page_is_made_anew_when_what_it_tells_changes(make_repository: MakeRepository) -> None:
    def key(files: dict[str, str], name: str) -> str:
        archive = open_repository(make_repository(files, name=name))
        pages = plan(publish(archive, Audience.INTERNAL), NOW).pages
        return next(page.key for page in pages if page.path == "incidents/INC-2026-0003/")

    before = key(FILES, "before")
    path = "knowledge/problems/PRB-2026-0001.md"
    assert key({**FILES, path: FILES[path].replace("fullest", "oldest")}, "told") != before
    other = FILES["knowledge/articles/buyers.md"].replace("No connections in checkout", "Mails bounce")
    unlike = {"knowledge/articles/mail.md": other.replace("[checkout]", "[search]")}
    assert key({**FILES, **unlike}, "unlike") == before
