"""Uptime bars under a mouse, a finger and a keyboard."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, Page, Position, expect

from browser.conftest import Read
from browserbed import DESKTOP, PHONE


def bars_of(page: Page, service: str) -> Locator:
    return page.locator(".ib-service", has=page.get_by_role("link", name=service, exact=True)).locator(
        ".ib-days"
    )


def place(bars: Locator, day: int) -> Position:
    """Where a day is, counted from the first of ninety."""
    bars.scroll_into_view_if_needed()
    box = bars.bounding_box()
    assert box is not None
    return {"x": (day + 0.5) * box["width"] / 90, "y": box["height"] / 2}


@pytest.mark.parametrize("width", [PHONE, DESKTOP])
def test_a_mouse_over_a_day_shows_what_it_was_like(read: Read, width: int) -> None:
    with read(width=width) as page:
        bars = bars_of(page, "Berth booking")
        words = bars.locator(".ib-days__words")
        bars.hover(position=place(bars, 40))
        expect(words).to_have_text("2 Oct 2026No incident")
        for day in (0, 89):
            bars.hover(position=place(bars, day))
            expect(words).to_be_visible()
            assert page.evaluate("document.documentElement.scrollWidth") <= width
        expect(words).to_contain_text("20 Nov 2026Major outage")
        page.keyboard.press("Escape")
        expect(words).to_be_hidden()
        page.mouse.move(1, 1)
        bars.hover(position=place(bars, 89))
        bars.click(position=place(bars, 89))
        page.wait_for_url(re.compile(r"/incidents/2026-11/#d20$"))
        expect(page.locator("#d20")).to_be_in_viewport()


def test_the_keyboard_goes_through_the_days_of_a_service_as_one_stop(read: Read) -> None:
    with read() as page:
        page.get_by_role("link", name="Berth booking", exact=True).last.focus()
        page.keyboard.press("Tab")
        focused = page.locator(":focus")
        expect(focused).to_have_attribute("aria-label", re.compile(r"^20 Nov 2026: major outage"))
        words = bars_of(page, "Berth booking").locator(".ib-days__words")
        expect(words).to_contain_text("20 Nov 2026")
        page.keyboard.press("ArrowLeft")
        expect(focused).to_have_attribute("aria-label", "19 Nov 2026: no incident")
        page.keyboard.press("Home")
        expect(focused).to_have_attribute("aria-label", re.compile("^23 Aug 2026"))
        page.keyboard.press("ArrowLeft")
        expect(focused).to_have_attribute("aria-label", re.compile("^23 Aug 2026"))
        page.keyboard.press("Tab")
        expect(focused).to_have_text("Pontoon gates")
        expect(words).to_be_hidden()
        page.keyboard.press("Shift+Tab")
        page.keyboard.press("End")
        page.keyboard.press("Enter")
        page.wait_for_url(re.compile(r"/incidents/2026-11/#d20$"))


def test_a_finger_first_asks_and_then_goes(read: Read) -> None:
    with read(width=PHONE, has_touch=True, is_mobile=True) as page:
        bars = bars_of(page, "Berth booking")
        words = bars.locator(".ib-days__words")
        bars.tap(position=place(bars, 89))
        expect(words).to_contain_text("20 Nov 2026Major outage")
        assert "#d20" not in page.url
        words.tap()
        page.wait_for_url(re.compile(r"/incidents/2026-11/#d20$"))


def test_without_scripts_days_with_trouble_are_links_with_words(read: Read) -> None:
    with read(java_script_enabled=False) as page:
        links = bars_of(page, "Berth booking").locator("a")
        assert links.count() >= 2
        last = links.last
        assert "20 Nov 2026: major outage" in (last.locator("title").text_content() or "")
        assert (last.get_attribute("href") or "").endswith("incidents/2026-11/#d20")
