"""Times in the reader's own zone, or in UTC: a switch that every page keeps to."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from browser.conftest import Read
from browserbed import EMPTY, PHONE

NEW_YORK = "America/New_York"


def since(page: Page) -> tuple[str, str]:
    """The words and the tooltip of the moment that the status page is of."""
    time = page.locator(".ib-hero time")
    return time.inner_text(), time.get_attribute("title") or ""


def test_a_reader_chooses_whose_time(read: Read) -> None:
    with read(timezone_id=NEW_YORK) as page:
        assert since(page) == ("20 Nov 2026, 10:00 CET", "2026-11-20 09:00 UTC")
        page.get_by_role("radio", name="My time").check()
        words, title = since(page)
        assert words.startswith("20 Nov 2026, 04:00 ")
        assert title.startswith("20 Nov 2026, 10:00 CET")
        expect(page.locator(".ib-zone [role=status]")).to_have_text(
            "Times are now in America/New_York, your time zone."
        )
        page.get_by_role("radio", name="UTC").check()
        assert since(page)[0] == "20 Nov 2026, 09:00 UTC"
        page.get_by_role("radio", name="Europe/Berlin").check()
        assert since(page) == ("20 Nov 2026, 10:00 CET", "2026-11-20 09:00 UTC")


def test_the_choice_is_kept_from_page_to_page_and_over_a_reload(read: Read) -> None:
    with read(timezone_id=NEW_YORK) as page:
        page.get_by_role("radio", name="UTC").check()
        page.reload()
        expect(page.get_by_role("radio", name="UTC")).to_be_checked()
        assert since(page)[0] == "20 Nov 2026, 09:00 UTC"
        page.locator(".ib-open h3 a").first.click()
        expect(page.get_by_role("radio", name="UTC")).to_be_checked()
        clocks = page.locator("time[datetime*='T']")
        assert clocks.count() > 5
        assert "CET" not in " ".join(clocks.all_inner_texts())


def test_the_keyboard_turns_the_switch(read: Read) -> None:
    with read(timezone_id=NEW_YORK, width=PHONE) as page:
        page.get_by_role("radio", name="Europe/Berlin").focus()
        page.keyboard.press("ArrowRight")
        assert since(page)[0].startswith("20 Nov 2026, 04:00 ")


def test_a_clock_under_another_day_says_its_own(read: Read) -> None:
    """A day's heading is of the site's zone; what was on another day elsewhere says so."""
    with read("incidents/2026-11/", timezone_id="Pacific/Auckland") as page:
        time = page.locator("#d10 + ul time").first
        assert time.inner_text() == "18:05"
        page.get_by_role("radio", name="My time").check()
        assert time.inner_text() == "11 Nov, 06:05"
        heading = page.locator("#d10 time")
        assert heading.inner_text() == "Tuesday, 10 November 2026"


def test_what_a_script_adds_later_follows(read: Read) -> None:
    with read(timezone_id=NEW_YORK) as page:
        page.get_by_role("radio", name="UTC").check()
        page.evaluate(
            "document.querySelector('.ib-hero').insertAdjacentHTML('beforeend',"
            " '<p id=late><time datetime=2026-11-20T09:00Z>20 Nov 2026, 10:00</time></p>')"
        )
        expect(page.locator("#late")).to_have_text("20 Nov 2026, 09:00")


@pytest.mark.parametrize("zone", ["UTC", "Europe/Berlin"])
def test_no_choice_is_offered_twice(read: Read, zone: str) -> None:
    with read(timezone_id=zone) as page:
        labels = page.locator(".ib-zone label").all_inner_texts()
        assert labels == ["Europe/Berlin", "UTC"]


@pytest.mark.parametrize(
    ("zone", "offered", "note"),
    [
        ("UTC", [], "Times are in UTC."),
        (
            NEW_YORK,
            ["UTC", "My time"],
            "Times are in America/New_York, your time zone; that of the site is UTC.",
        ),
    ],
)
def test_a_site_in_utc_offers_it_once(read: Read, zone: str, offered: list[str], note: str) -> None:
    with read(site=EMPTY, timezone_id=zone) as page:
        assert page.locator(".ib-zone label").all_inner_texts() == offered
        says = page.locator(".ib-zone p")
        expect(says).to_have_text("Times are in UTC.")
        if offered:
            page.get_by_role("radio", name="My time").check()
            expect(says).to_have_text(note)
            assert re.fullmatch(r"20 Nov 2026, \d\d:\d\d UTC", since(page)[1])
            page.get_by_role("radio", name="UTC").check()
            expect(says).to_have_text("Times are in UTC.")


def test_without_scripts_the_site_s_zone_is_named(read: Read) -> None:
    with read(java_script_enabled=False, timezone_id=NEW_YORK) as page:
        expect(page.locator(".ib-zone")).to_contain_text("Times are in Europe/Berlin")
        expect(page.locator(".ib-zone input")).to_have_count(0)
        assert since(page)[0] == "20 Nov 2026, 10:00 CET"
