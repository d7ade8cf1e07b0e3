"""Hostile texts in every field, read in a real browser without any policy that would hold them back."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import attacking
import pytest
from attacking import Attack
from playwright.sync_api import Browser, Dialog, Page, Request

from browserbed import DESKTOP, INTERNAL, PHONE, PUBLIC, Sites, reader, served
from sitebed import CONFIGURATION, build_site

CONFIGURED = CONFIGURATION + "\nmarkdown_extensions: [pymdownx.superfences, pymdownx.highlight]\n"


@pytest.fixture(scope="module", params=[PUBLIC, INTERNAL])
def attacked(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """The folder and the address of an attacked site."""
    audience = request.param
    folder = tmp_path_factory.mktemp("attacked")
    root = folder / "records"
    root.mkdir()
    Attack(root, of_taxonomy=attacking.PLAIN if audience == PUBLIC else attacking.MARKDOWN)
    # without the policy, which would hold back what is to be found here
    configuration = CONFIGURED.replace("audience: internal", f"audience: {audience}\n      csp: none")
    site = build_site(root, configuration=configuration, strict=False).rename(folder / audience)
    with served(Sites(folder)) as base:
        yield site, f"{base}{audience}/"


WIDE = """() => [...document.querySelectorAll("main *")]
  .filter((one) => one.getBoundingClientRect().right > innerWidth + 1 && !one.children.length)
  .slice(0, 2).map((one) => one.parentElement.className + " > " + one.className + one.localName).join(", ")"""
"""What stands out of the page to the right."""


class Witness:
    """Notes whatever a page does that it should not."""

    def __init__(self, page: Page, address: str) -> None:
        self.faults: list[str] = []
        self.address = address
        page.on("dialog", self._dialog)
        page.on("request", self._request)
        page.on("pageerror", lambda error: self.faults.append(f"error: {error}"))
        page.on("popup", lambda popup: self.faults.append(f"opened {popup.url}"))

    def _dialog(self, dialog: Dialog) -> None:
        self.faults.append(f"dialog: {dialog.message}")
        dialog.dismiss()

    def _request(self, request: Request) -> None:
        if not request.url.startswith((self.address, "data:", "blob:")):
            self.faults.append(f"asked {request.url}")


def pages_of(site: Path) -> list[str]:
    return sorted(
        path.relative_to(site).as_posix().removesuffix("index.html") for path in site.rglob("index.html")
    )


@pytest.mark.parametrize("width", [PHONE, DESKTOP])
def test_nothing_runs(browser: Browser, attacked: Any, width: int) -> None:
    site, address = attacked
    paths = pages_of(site)
    assert len(paths) > 20
    faults: list[str] = []
    with reader(browser, viewport={"width": width, "height": 900}) as page:
        witness = Witness(page, address)
        for path in paths:
            page.goto(address + path)
            # what waits for a click, a pointer, the focus or a toggle
            page.evaluate(
                """() => {
                  for (const one of document.querySelectorAll("main details")) one.open = true;
                  for (const one of document.querySelectorAll("main *")) {
                    one.dispatchEvent(new Event("focus"));
                    one.dispatchEvent(new MouseEvent("mouseover", {bubbles: true}));
                  }
                }"""
            )
            if page.evaluate("typeof window.hacked !== 'undefined'"):
                faults.append(f"{path} ran {page.evaluate('String(window.hacked)')}")
            if page.evaluate("document.documentElement.scrollWidth") > width:
                faults.append(f"{path} scrolls sideways: {page.evaluate(WIDE)}")
            if not page.evaluate("document.getElementById('__config')?.matches('script[type]') ?? false"):
                faults.append(f"{path}: another element is called __config")
            if page.evaluate("document.querySelectorAll('#__search, #__drawer').length") > 2:
                faults.append(f"{path}: another element is called like one of Material's")
            faults.extend(f"{path}: {fault}" for fault in witness.faults)
            witness.faults.clear()
    assert faults == []


def test_links_lead_nowhere_they_should_not(browser: Browser, attacked: Any) -> None:
    site, address = attacked
    with reader(browser) as page:
        for path in pages_of(site):
            page.goto(address + path)
            strange = page.evaluate(
                """() => [...document.querySelectorAll("a[href], area[href], form[action], [*|href]")]
                  .map((one) => one.href?.baseVal ?? one.href ?? one.action)
                  .filter((url) => url && !/^(?:https?|mailto|tel):/.test(new URL(url, location).href))"""
            )
            assert strange == [], path


# bodies are internal, and so are the diagrams in them
@pytest.mark.parametrize("attacked", [INTERNAL], indirect=True)
def test_hostile_diagrams_are_read_not_run(browser: Browser, attacked: Any) -> None:
    _, address = attacked
    with reader(browser) as page:
        witness = Witness(page, address)
        page.goto(address + "incidents/INC-2026-0920/")
        page.wait_for_function("document.querySelector('.ib-diagram, .ib-mermaid')")
        page.wait_for_load_state("networkidle")
        assert page.locator(".ib-mermaid").count() >= 2
        assert page.evaluate("typeof window.hacked") == "undefined"
        assert page.locator(".ib-diagram a[href], .ib-diagram img, .ib-diagram script").count() == 0
        assert witness.faults == []
