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
from browserbed import DESKTOP, PHONE, SCHEMES, Sites, cases, node_package

WIDTHS = (PHONE, DESKTOP)
PAPER = 794
"""Of A4, in CSS pixels."""

STILL = "*, *::before, *::after { transition: none !important; animation: none !important }"
"""Colours are judged when they have arrived."""

EVERY_RULE = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
COLOURS = {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}

READING = (Path(__file__).parent / "reading.js").read_text("utf-8")


@pytest.fixture(scope="session")
def axe() -> str:
    return (node_package("axe-core") / "axe.min.js").read_text("utf-8")


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


def assert_none(faults: list[str]) -> None:
    assert not faults, "\n".join(["", *faults])


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize(("site", "kind"), cases())
def test_fits_and_is_in_order(read: Read, sites: Sites, site: str, kind: str, width: int) -> None:
    """No fault on the console or the network, no sideways scrolling, headings in order, sane on paper."""
    with opened(read, sites, site, kind, width) as page:
        assert page.evaluate("window.hacked") is None
        assert_none(page.evaluate("reading.overflowing()"))
        assert_none(faults_of_headings(page.evaluate("reading.headings()")))
        to_scheme(page, "dark")
        assert_none(page.evaluate("reading.overflowing()"))
        page.emulate_media(media="print", color_scheme="dark")
        page.set_viewport_size({"width": PAPER, "height": 1123})
        assert_none(faults_of_print(page))


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


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize(("site", "kind"), cases())
def test_everybody_can_use_it(read: Read, sites: Sites, axe: str, site: str, kind: str, width: int) -> None:
    """By axe, with every rule of WCAG 2.2 A and AA and its best practices, and no exception."""
    with opened(read, sites, site, kind, width) as page:
        to_scheme(page, "light")
        page.evaluate(axe)
        found = page.evaluate("only => reading.axes(only)", EVERY_RULE)
        # nothing but colours differs between the schemes
        to_scheme(page, "dark")
        found += [f"dark: {one}" for one in page.evaluate("only => reading.axes(only)", COLOURS)]
    assert_none(found)


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize(("site", "kind"), cases())
def test_the_keyboard_reaches_everything(read: Read, sites: Sites, site: str, kind: str, width: int) -> None:
    """Tab by Tab: what can be used is reached, shows that it has the focus, and lets go of it."""
    with opened(read, sites, site, kind, width) as page:
        stops = page.evaluate("() => (window.walk = reading.walk()).count")
        faults: list[str] = []
        for _ in range(stops + 20):
            page.keyboard.press("Tab")
            step = page.evaluate("walk.step()")
            if step["end"]:
                break
            faults += step["faults"]
        assert_none([*faults, *page.evaluate("walk.left()")])
