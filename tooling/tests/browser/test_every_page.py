"""Every kind of page of every site, on a phone and a desktop, in light and dark, by keyboard and on paper."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from browser.conftest import Read
from browserbed import DESKTOP, NODE_MODULES, PHONE, SCHEMES, Sites, cases, node_package

WIDTHS = (PHONE, DESKTOP)
PAPER = 794
"""Of A4, in CSS pixels."""

STILL = """
*, *::before, *::after {
  transition: none !important; animation: none !important; scroll-behavior: auto !important
}
"""
"""Colours and places are judged when they have arrived."""

EVERY_RULE = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
COLOURS = {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}

AXE = NODE_MODULES / "axe-core" / "axe.min.js"
READING = (Path(__file__).parent / "reading.js").read_text("utf-8")


@contextmanager
def opened(read: Read, sites: Sites, site: str, kind: str, width: int) -> Iterator[Page]:
    """The fullest page of a kind with everything unfolded, light first, without movement."""
    with read(sites[site].fullest(kind), site=site, width=width) as page:
        page.add_style_tag(content=STILL)
        page.evaluate(READING)
        page.locator("main details").evaluate_all("all => all.forEach(one => one.open = true)")
        yield page


def to_scheme(page: Page, scheme: Any) -> None:
    page.emulate_media(color_scheme=scheme)
    expect(page.locator("body")).to_have_attribute("data-md-color-scheme", SCHEMES[scheme])


def to_width(page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})


def assert_none(faults: list[str]) -> None:
    assert not faults, "\n".join(["", *faults])


@pytest.mark.parametrize(("site", "kind"), cases())
def test_everybody_can_read_it(read: Read, sites: Sites, site: str, kind: str) -> None:
    """No fault on console or network, no sideways scrolling, headings in order, sane on paper.

    And axe is content, by every rule of WCAG 2.2 A and AA and its best practices, without exception.
    """
    faults: list[str] = []
    with opened(read, sites, site, kind, PHONE) as page:
        if AXE.is_file():
            page.evaluate(AXE.read_text("utf-8"))
        assert page.evaluate("window.hacked") is None
        for width in WIDTHS:
            to_width(page, width)
            for scheme in SCHEMES:
                to_scheme(page, scheme)
                found = page.evaluate("reading.overflowing()")
                if AXE.is_file():
                    # nothing but colours differs between the schemes
                    found += page.evaluate("reading.axes", EVERY_RULE if scheme == "light" else COLOURS)
                faults += [f"{width}, {scheme}: {one}" for one in found]
            faults += [f"{width}: {one}" for one in faults_of_headings(page.evaluate("reading.headings()"))]
        page.emulate_media(media="print", color_scheme="dark")
        to_width(page, PAPER)
        faults += [f"on paper: {one}" for one in faults_of_print(page)]
    assert_none(faults)
    node_package("axe-core")  # without it all but axe has been looked at: say so


def faults_of_headings(headings: list[Any]) -> list[str]:
    if not headings or headings[0][0] != 1:
        return [f"the first heading is no h1: {headings[:1]}"]
    pairs = itertools.pairwise(headings)
    return [
        f"h{level} `{words}` follows h{before} `{last}`"
        for (before, last), (level, words) in pairs
        if level > before + 1 or level == 1
    ]


def faults_of_print(page: Page) -> list[str]:
    """Paper is white, and nothing can be pressed on it."""
    printed = page.evaluate("reading.printed()")
    faults: list[str] = [f"printed: {name}" for name in printed["tools"]]
    on_white = [(ink, words) for ink, ground, words in printed["ink"] if is_clear(ground)]
    faults += sorted(
        {f"too pale for paper: {ink} `{words}`" for ink, words in on_white if brightness(ink) > 0.55}
    )
    faults += page.evaluate("reading.overflowing()")
    return faults if printed["headed"] else [*faults, "no h1 is printed"]


def is_clear(ground: str) -> bool:
    return ground.replace(" ", "") == "rgba(0,0,0,0)" or brightness(ground) > 0.9


def brightness(colour: str) -> float:
    """Of `rgb(...)` or `color(srgb ...)`, from 0 to 1."""
    red, green, blue = (float(part) for part in re.findall(r"[\d.]+", colour)[:3])
    return (0.299 * red + 0.587 * green + 0.114 * blue) / (1 if colour.startswith("color(") else 255)


@pytest.mark.parametrize(("site", "kind"), cases())
def test_the_keyboard_reaches_everything(read: Read, sites: Sites, site: str, kind: str) -> None:
    """Tab by Tab: what can be used is reached, shows that it has the focus, and lets go of it."""
    faults: list[str] = []
    for width in WIDTHS:
        with opened(read, sites, site, kind, width) as page:
            stops = page.evaluate("() => (window.walk = reading.walk()).count")
            for _ in range(stops + 20):
                page.keyboard.press("Tab")
                step = page.evaluate("walk.step()")
                if step["end"]:
                    break
                faults += [f"{width}: {one}" for one in step["faults"]]
            faults += [f"{width}: {one}" for one in page.evaluate("walk.left()")]
    assert_none(faults)
