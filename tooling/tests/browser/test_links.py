"""No link of a site leads nowhere: not in its pages, sitemap, feeds, calendars, API or lists."""

from __future__ import annotations

import functools
import gzip
import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import unescape
from html.parser import HTMLParser
from typing import Any
from urllib.parse import unquote, urljoin, urlsplit
from xml.etree import ElementTree

import pytest

from browserbed import HOST, HOSTILE_ID, INTERNAL, SITES, Built, Sites

LINKS = {
    "a": ("href",),
    "area": ("href",),
    "link": ("href",),
    "script": ("src",),
    "img": ("src", "srcset"),
    "source": ("src", "srcset"),
    "iframe": ("src",),
    "object": ("data",),
    "form": ("action",),
    "use": ("href", "xlink:href"),
    "image": ("href", "xlink:href"),
}
REFERENCES = ("for", "aria-labelledby", "aria-describedby", "aria-controls", "list", "headers")
"""Attributes that name other elements of the page by their ids."""

MATERIAL_TOC = "__toc"
"""Material labels a table of contents also where the page has none."""

TOLD = {"og:url", "og:image", "twitter:image"}
SAFE = {"http", "https", "mailto", "tel", "webcal"}
TEXTS = {".json", ".xml", ".atom", ".ics", ".txt", ".webmanifest", ".svg"}


@dataclass
class _Read(HTMLParser):
    """What a page links to, and what it may be linked at."""

    links: list[str] = field(default_factory=list)
    references: list[str] = field(default_factory=list)
    ids: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        super().__init__()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = {name: value or "" for name, value in attrs}
        if "id" in named:
            self.ids[named["id"]] += 1
        for name in LINKS.get(tag, ()):
            if name in named:
                found = named[name]
                sources = [one.split()[0] for one in found.split(",")] if name == "srcset" else [found]
                self.links.extend(sources)
        if tag == "meta" and named.get("property", named.get("name")) in TOLD:
            self.links.append(named.get("content", ""))
        for name in REFERENCES:
            self.references.extend(one for one in named.get(name, "").split() if one != MATERIAL_TOC)

    handle_startendtag = handle_starttag


@functools.cache
def read_page(site: Built, path: str) -> _Read:
    read = _Read()
    read.feed(site.file(path).read_text("utf-8"))
    return read


def faults_of(site: Built, base: str, link: str) -> Iterator[str]:
    """What is wrong with a link that stands at `base`, a path of the site."""
    if link.startswith("data:image/"):
        return
    try:
        target = urlsplit(urljoin(site.url + base, link))
    except ValueError as error:
        yield f"{base}: `{link}`: {error}"
        return
    if target.scheme not in SAFE:
        yield f"{base}: `{link}` is of scheme `{target.scheme}`"
    elif target.scheme in {"http", "https"} and not target.hostname:
        yield f"{base}: `{link}` names no host"
    elif f"{target.scheme}://{target.netloc}" == HOST:
        yield from _internal_faults(site, base, link)


def _internal_faults(site: Built, base: str, link: str) -> Iterator[str]:
    whole, _, fragment = urljoin(site.url + base, link).partition("#")
    whole = whole.partition("?")[0]
    if whole + "/" == site.url:
        # Statuspage's own API writes the address of a page without a slash, which every host adds
        return
    if not whole.startswith(site.url):
        yield f"{base}: `{link}` leaves the site's folder"
        return
    path = unquote(whole.removeprefix(site.url))
    file = site.file(path)
    if not file.is_file():
        yield f"{base}: `{link}` leads to no file"
    elif fragment and file.suffix == ".html" and unquote(fragment) not in read_page(site, path).ids:
        yield f"{base}: `{link}` leads to no such place on the page"


def assert_none(faults: Iterator[str] | list[str]) -> None:
    found = sorted(set(faults))
    assert not found, "\n".join(["", *found[:40], f"{len(found)} in all"])


@pytest.mark.parametrize("name", SITES)
def test_every_link_and_reference_of_every_page_leads_somewhere(sites: Sites, name: str) -> None:
    site = sites[name]
    pages = site.pages
    assert len(pages) >= 10
    assert sum(len(read_page(site, path).links) for path in pages) > 30 * len(pages)
    faults: list[str] = []
    for path in pages:
        read = read_page(site, path)
        faults += [fault for link in read.links for fault in faults_of(site, path, link)]
        faults += [
            f"{path}: the id `{one}` stands {count} times" for one, count in read.ids.items() if count > 1
        ]
        faults += [f"{path}: no id `{one}`" for one in read.references if one not in read.ids]
    assert_none(faults)


@pytest.mark.parametrize("name", SITES)
def test_what_machines_read_names_what_is_there(sites: Sites, name: str) -> None:
    """Every address of this site, in every file that is neither page nor script."""
    site = sites[name]
    address = re.compile(re.escape(HOST) + r"[^\s\"'<>\\]*")
    faults: list[str] = []
    counted: Counter[str] = Counter()
    for file in sorted(site.folder.rglob("*")):
        if file.suffix in TEXTS and file.is_file():
            text = file.read_text("utf-8").replace("\r\n ", "").replace("\n ", "")
            base = file.relative_to(site.folder).as_posix()
            found = set(address.findall(unescape(text)))
            counted[file.suffix] += len(found)
            faults += [fault for link in found for fault in faults_of(site, base, link)]
    assert counted[".xml"] > 5
    assert counted[".json"] > 5
    assert counted[".atom"] > 1
    assert_none(faults)


@pytest.mark.parametrize("name", SITES)
def test_every_row_of_every_list_leads_to_its_record(sites: Sites, name: str) -> None:
    site = sites[name]
    lists = sorted(site.folder.rglob("list.json"))
    assert lists
    faults: list[str] = []
    for file in lists:
        for column in json.loads(file.read_bytes())["columns"]:
            faults += [fault for path in _paths(column) for fault in faults_of(site, "", path)]
    assert_none(faults)


def _paths(column: dict[str, Any]) -> list[str]:
    """Where the cells of a column lead, counted from the front page."""
    paths = [choice[3] for choice in column.get("choices", ()) if len(choice) > 3]
    if "folder" in column:
        names = column["names"]
        named = names.get("texts") or names.get("once") or ()
        paths += [column["folder"] + name + column["suffix"] for name in named if name]
    return paths


@pytest.mark.parametrize("name", SITES)
def test_the_sitemap_lists_every_page_and_nothing_else(sites: Sites, name: str) -> None:
    site = sites[name]
    data = (site.folder / "sitemap.xml").read_bytes()
    assert gzip.decompress((site.folder / "sitemap.xml.gz").read_bytes()) == data
    root = ElementTree.fromstring(data)
    listed = [element.text or "" for element in root.iter("{http://www.sitemaps.org/schemas/sitemap/0.9}loc")]
    assert len(set(listed)) == len(listed)
    assert {unquote(one) for one in listed} == {site.url + path for path in site.pages if path != "404.html"}


@pytest.mark.parametrize("name", SITES)
def test_every_page_names_its_own_address(sites: Sites, name: str) -> None:
    """Canonical links are those of the sitemap: a search engine must not be told of two."""
    site = sites[name]
    canonical = re.compile(r'<link rel="canonical" href="([^"]+)"')
    faults = []
    for path in site.pages:
        found = canonical.findall(site.file(path).read_text("utf-8"))
        expected = [] if path == "404.html" else [site.url + path]
        if [unquote(unescape(one)) for one in found] != expected:
            faults.append(f"{path}: {found}")
    assert_none(faults)


def test_a_broken_link_is_seen(sites: Sites) -> None:
    """The checks above would hold, too, if they looked at nothing."""
    site = sites[INTERNAL]
    page = f"incidents/{HOSTILE_ID}/"
    for link in ("../../", "../#", "?q=1", "../../services/checkout/#top-of-nothing", "https://a.example/x"):
        expected = ["leads to no such place on the page"] if "nothing" in link else []
        assert [fault.split("` ")[1] for fault in faults_of(site, page, link)] == expected
    for link in ("../INC-1999-0001/", "../../../", "javascript:alert(1)", "https:///x", "data:text/html,x"):
        assert list(faults_of(site, page, link)), link
