"""What pages say of themselves in their head: to sites that link them, and to readers of feeds."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from sitebed import CONFIGURATION, HOSTILE, RECORDS, build_site
from testbed import MakeRepository

BASE = "https://status.example.invalid/book/"


class Head(HTMLParser):
    """Properties and alternates of a page, as a browser reads them."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.properties: dict[str, str] = {}
        self.alternates: list[tuple[str, str]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        if tag == "meta" and "property" in values:
            assert values["property"] not in self.properties
            self.properties[values["property"]] = values["content"]
        if tag == "link" and "alternate" in (values.get("rel") or "").split():
            self.alternates.append((values["type"], values["href"]))


def head(site: Path, path: str) -> Head:
    return Head((site / path / "index.html").read_text("utf-8"))


def repository(make_repository: MakeRepository) -> Path:
    hostile = RECORDS["incidents/2026/INC-2026-0002.md"].replace("Search is slow", f"'{HOSTILE}'")
    return make_repository({**RECORDS, "incidents/2026/INC-2026-0007.md": hostile})


@pytest.mark.parametrize("shells", ["true", "false"])
def test_every_page_says_what_it_is(make_repository: MakeRepository, shells: str) -> None:
    root = repository(make_repository)
    (root / "site").mkdir()
    (root / "site" / "about.md").write_text(
        '---\ntitle: A "quoted" <i>page</i> & more\n---\n\nWords.\n', "utf-8"
    )
    configuration = CONFIGURATION.replace("audience: internal", f"audience: internal\n      shells: {shells}")
    site = build_site(root, configuration=configuration)
    record = head(site, "incidents/INC-2026-0001").properties
    assert record["og:type"] == "article"
    assert record["og:title"].endswith("Checkout answers 502")
    assert record["og:description"].startswith("One request in five")
    assert record["og:url"] == f"{BASE}incidents/INC-2026-0001/"
    assert record["og:site_name"] == "Testbed"
    assert head(site, "").properties["og:type"] == "website"
    assert head(site, "about").properties["og:title"] == 'A "quoted" page & more'
    assert HOSTILE in head(site, "incidents/INC-2026-0007").properties["og:title"]


def test_feeds_are_announced_and_lead_somewhere(make_repository: MakeRepository) -> None:
    site = build_site(make_repository(RECORDS))
    own = [("application/atom+xml", "feed.atom"), ("application/feed+json", "feed.json")]
    all_ = [*own, ("text/calendar", "maintenance.ics")]
    assert head(site, "").alternates == all_
    of_record = [(kind, f"../../{path}") for kind, path in all_]
    assert head(site, "incidents/INC-2026-0001").alternates == of_record
    assert head(site, "services/checkout").alternates == [*own, *of_record]
    for page in site.rglob("index.html"):
        for _, href in Head(page.read_text("utf-8")).alternates:
            assert (page.parent / href).is_file(), (page, href)


def test_no_feed_is_taken_for_another_language(make_repository: MakeRepository) -> None:
    """Material's script loads the sitemap for each `[rel=alternate]`; a feed has another word beside it."""
    html = (build_site(make_repository(RECORDS)) / "index.html").read_text("utf-8")
    links = re.findall(r"<link [^>]*alternate[^>]*>", html)
    assert len(links) == 3
    for link in links:
        assert 'rel="alternate feed"' in link


OWN = """\
{{% extends "{parent}" %}}
{{% block extrahead %}}{{{{ super() }}}}<meta name="theme-color" content="#123456">{{% endblock %}}
"""


@pytest.mark.parametrize("parent", ["base.html", "incidentbook/main.html"])
def test_templates_of_a_site_stand_before_ours(make_repository: MakeRepository, parent: str) -> None:
    root = make_repository(RECORDS)
    (root / "overrides").mkdir()
    (root / "overrides" / "main.html").write_text(OWN.format(parent=parent), "utf-8")
    configuration = CONFIGURATION.replace("  font: false", "  font: false\n  custom_dir: overrides")
    html = (build_site(root, configuration=configuration) / "incidents/INC-2026-0001/index.html").read_text(
        "utf-8"
    )
    assert '<meta name="theme-color" content="#123456">' in html
    assert bool(re.search("feed[.]atom", html)) == (parent == "incidentbook/main.html")


def test_without_an_address_no_page_invents_one(make_repository: MakeRepository) -> None:
    configuration = re.sub("^site_url: .*\n", "", CONFIGURATION, flags=re.MULTILINE)
    site = build_site(make_repository(RECORDS), configuration=configuration)
    assert "og:url" not in head(site, "incidents/INC-2026-0001").properties
