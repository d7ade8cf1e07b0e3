"""The site as a reader meets it: on a phone and a desktop, in light and dark, with and without scripts."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, expect

from browser.conftest import Read
from browserbed import PHONE, SITES, reader

TEXT = """
() => {
  const made = "main :is(fieldset, [role=status], [role=tooltip])"
  document.querySelectorAll(made).forEach(one => one.remove())
  return document.querySelector("main").innerText.split("\\n").map(line => line.trim()).filter(Boolean)
}
"""
"""What a page says, without what only a script can do."""


def test_on_a_phone_a_key_stands_on_one_line_and_its_table_scrolls_in_its_own_box(
    browser: Browser, address: str
) -> None:
    with reader(browser, viewport={"width": 390, "height": 900}) as page:
        page.goto(address + "docs/reference/record-fields/")
        box = page.locator(".md-typeset__scrollwrap").first
        expect(box).to_be_visible()
        assert box.evaluate(
            "box => box.scrollWidth > box.clientWidth && 'auto' === getComputedStyle(box).overflowX"
        )
        broken = (
            "codes => codes.filter(code => code.getClientRects().length > 1).map(code => code.textContent)"
        )
        assert page.locator("td:first-child code").evaluate_all(broken) == []


@pytest.mark.parametrize("site", SITES)
def test_the_status_page_says_the_same_without_scripts(read: Read, site: str) -> None:
    with read(site=site) as page:
        page.wait_for_function("document.readyState === 'complete'")
        with_scripts = page.evaluate(TEXT)
    with read(site=site, java_script_enabled=False) as page:
        without = page.evaluate(TEXT)
    assert len(without) > 10
    assert without == with_scripts


def test_the_status_page_needs_no_script(browser: Browser, address: str) -> None:
    with reader(browser, java_script_enabled=False) as page:
        page.goto(address)
        expect(page.locator(".ib-hero h1")).to_be_visible()
        expect(page.locator("#services + .ib-group .ib-service").first).to_be_visible()
        assert page.locator(".ib-open").count() > 0
        earlier = page.locator(".ib-more summary").first
        earlier.click()
        expect(page.locator(".ib-more[open] .ib-update").first).to_be_visible()


def test_a_missing_page_offers_a_way_on(browser: Browser, address: str) -> None:
    with reader(browser) as page:
        page.goto(address + "incidents/INC-1999-0001/")
        expect(page.get_by_role("heading", name="There is no such page")).to_be_visible()
        page.get_by_role("link", name="See the status").click()
        expect(page.locator(".ib-hero")).to_be_visible()


def test_the_menu_of_a_phone_works_from_the_keyboard(read: Read) -> None:
    """Also that of somebody at a desk who reads at 400 %."""
    with read(width=PHONE) as page:
        menu = page.get_by_role("button", name="Menu")
        menu.press("Enter")
        expect(menu).to_have_attribute("aria-expanded", "true")
        for name in ("Handbook", "In and out"):
            section = page.locator("label.md-nav__link:visible", has_text=name)
            expect(section).to_be_in_viewport(ratio=1)
            section.focus()
            page.keyboard.press("Enter")
        importing = page.locator(".md-sidebar").get_by_role("link", name="Importing", exact=True)
        expect(importing).to_be_in_viewport(ratio=1)
        page.keyboard.press("Escape")
        expect(menu).to_be_focused()
        expect(menu).to_have_attribute("aria-expanded", "false")
        expect(importing).not_to_be_in_viewport()
        menu.press("Space")
        expect(importing).to_be_in_viewport()
        importing.focus()
        page.keyboard.press("Enter")
        page.wait_for_url(re.compile("docs/importing/"))
