"""The site as a reader meets it: on a phone and a desktop, in light and dark, with and without scripts."""

from __future__ import annotations

import re

from playwright.sync_api import Browser, expect

from browser.conftest import Read
from browserbed import HOSTILE_ID, PHONE, reader

HOSTILE_PAGE = f"incidents/{HOSTILE_ID}/"


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


def test_the_status_page_needs_no_script(browser: Browser, address: str) -> None:
    with reader(browser, java_script_enabled=False) as page:
        page.goto(address)
        expect(page.locator(".ib-hero h1")).to_be_visible()
        expect(page.locator("#services + .ib-group .ib-service").first).to_be_visible()
        assert page.locator(".ib-open").count() > 0
        earlier = page.locator(".ib-more summary").first
        earlier.click()
        expect(page.locator(".ib-more[open] .ib-update").first).to_be_visible()


def test_a_list_needs_no_script_either(browser: Browser, address: str) -> None:
    with reader(browser, java_script_enabled=False) as page:
        page.goto(address + "incidents/")
        expect(page.locator(".ib-filters")).to_be_hidden()
        assert page.locator("#list tbody tr:visible").count() == page.locator("#list tbody tr").count() > 20


def test_filters_narrow_the_list_and_survive_reload(browser: Browser, address: str) -> None:
    with reader(browser) as page:
        page.goto(address + "incidents/")
        rows = page.locator("#list tbody tr:visible")
        every = rows.count()
        page.get_by_label("State").select_option("closed")
        assert 0 < rows.count() < every
        assert "state=closed" in page.url
        narrowed = rows.count()
        page.reload()
        assert rows.count() == narrowed
        expect(page.get_by_role("status").last).to_have_text(f"{narrowed} of {every} shown")
        page.get_by_label("Words").fill("no such words anywhere")
        expect(page.locator("[data-ib-nothing]")).to_be_visible()


def test_a_heading_sorts_the_list(browser: Browser, address: str) -> None:
    with reader(browser) as page:
        page.goto(address + "incidents/")
        page.get_by_role("button", name="Lasted").click()
        values = page.locator("#list tbody tr td:last-child").evaluate_all(
            "all => all.map(one => +one.dataset.sort)"
        )
        assert values == sorted(values, reverse=True)
        page.get_by_role("button", name="Lasted").press("Enter")
        values = page.locator("#list tbody tr td:last-child").evaluate_all(
            "all => all.map(one => +one.dataset.sort)"
        )
        assert values == sorted(values)


def test_the_search_finds_a_record_and_shows_hostile_words_as_words(browser: Browser, address: str) -> None:
    with reader(browser, viewport={"width": 1440, "height": 900}) as page:
        page.goto(address)
        box = page.get_by_role("textbox", name="Search")
        box.click()
        # the index is loaded when the reader first asks; what is typed before that is lost
        expect(page.locator(".md-search-result__meta")).to_have_text(
            "Type to start searching", timeout=30_000
        )
        box.press_sequentially("INC-2026-9999")
        result = page.locator(".md-search-result__link", has_text=re.compile("INC-2026-9999")).first
        expect(result).to_contain_text("window.hacked")
        assert page.evaluate("window.hacked") is None
        result.click()
        page.wait_for_url(re.compile(HOSTILE_PAGE))


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
        handbook = page.locator("label.md-nav__link", has_text="Handbook")
        expect(handbook).to_be_in_viewport(ratio=1)
        handbook.focus()
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
