"""Ten thousand rows as a reader meets them: filtered, sorted, paged, kept in the address, by keyboard."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, replace
from typing import Any

import pytest
from listbed import many_incidents
from playwright.sync_api import Browser, Locator, Page, Route, expect

from browserbed import DESKTOP, INTERNAL, PHONE, Sites, Watch, reader
from incidentbook.pages import incidents
from incidentbook.pages.lists import SHOWN
from testbed import SCHEMA, write_files

COUNT = 10_000
PATH = "incidents/"
WITHIN = re.compile(r'(<article class="md-content__inner md-typeset">).*?(</article>)', re.DOTALL)

AS_ONE_LINE = r"body => body.innerHTML.replace(/\s*\n\s*/g, '')"
AS_TABLE = r"""html => new DOMParser().parseFromString(html, "text/html")
  .querySelector("tbody").innerHTML.replace(/\s*\n\s*/g, "")"""

Opened = Callable[..., AbstractContextManager[Page]]


@dataclass(frozen=True)
class Long:
    """A page of the built site with another inside, and the file that belongs to it."""

    html: str
    data: bytes
    second: str

    @property
    def rows(self) -> dict[str, Any]:
        """The columns of the file, by their keys."""
        return {column["key"]: column for column in json.loads(self.data)["columns"]}


@pytest.fixture(scope="module")
def long(sites: Sites, tmp_path_factory: pytest.TempPathFactory) -> Long:
    root = tmp_path_factory.mktemp("long")
    write_files(root, SCHEMA)
    site = many_incidents(root, COUNT)
    index = incidents.index(site)
    # a page of the list whose days have one digit and two
    listing = incidents.listing(site)
    second = replace(listing, rows=listing.rows[SHOWN : 2 * SHOWN], everywhere=True)
    table = '{% import "_list.html" as lists with context %}{{ lists.table(listing, "") }}'
    rendered = site.environment.from_string(table).render(up="../", listing=second)
    inside = index.pages[0].content.html
    shell = sites[INTERNAL].file(PATH).read_text("utf-8")
    html, count = WITHIN.subn(lambda found: found[1] + inside + found[2], shell)
    assert count == 1
    return Long(html, index.outputs[0].make(), rendered)


@pytest.fixture
def opened(browser: Browser, address: str, long: Long) -> Opened:
    """Open the list at an address; at the end nothing may have gone wrong."""

    @contextmanager
    def open_(query: str = "", width: int = DESKTOP, **options: Any) -> Iterator[Page]:
        watch = Watch(address)
        with reader(browser, viewport={"width": width, "height": 900}, **options) as page:
            watch.over(page)
            page.route(
                re.compile(r"/incidents/(\?.*)?$"),
                lambda route: route.fulfill(body=long.html, content_type="text/html; charset=utf-8"),
            )
            page.route(
                "**/incidents/list.json",
                lambda route: route.fulfill(body=long.data, content_type="application/json"),
            )
            page.goto(address + PATH + query)
            yield page
            assert page.evaluate("window.hacked") is None
        assert watch.faults == []

    return open_


def rows(page: Page) -> Locator:
    return page.locator("#list tbody tr")


def filter_by(page: Page, name: str) -> Locator:
    return page.get_by_role("combobox", name=name, exact=True, include_hidden=True)


def says(page: Page, words: str) -> None:
    expect(page.locator("[data-ib-count]")).to_have_text(words)


def column(page: Page, at: int) -> list[str]:
    return page.locator(f"#list tbody td:nth-child({at})").all_inner_texts()


def test_the_whole_list_is_asked_for_only_when_somebody_wants_it(opened: Opened) -> None:
    with opened() as page:
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        page.wait_for_load_state("networkidle")
        expect(rows(page)).to_have_count(100)
        says(page, "10,000 incidents")
        assert not any(url.endswith("list.json") for url in asked)
        filter_by(page, "State").select_option("open")
        says(page, "5 of 10,000 incidents")
        assert sum(url.endswith("list.json") for url in asked) == 1


def test_the_script_writes_rows_as_the_page_has_them(opened: Opened, long: Long) -> None:
    with opened() as page:
        body = page.locator("#list tbody")
        before = body.evaluate(AS_ONE_LINE)
        page.get_by_role("link", name="Page 2", exact=True).click()
        says(page, "10,000 incidents, 101 to 200 shown")
        assert body.inner_html() == page.evaluate(AS_TABLE, long.second)
        page.get_by_role("link", name="Page 1", exact=True).click()
        says(page, "10,000 incidents, 1 to 100 shown")
        assert body.inner_html() == before
        assert page.url.endswith("/incidents/")


def test_filters_count_narrow_and_survive_a_reload(opened: Opened, long: Long) -> None:
    with opened() as page:
        filter_by(page, "Service").select_option("database")
        filter_by(page, "State").select_option("closed")
        sets = long.rows["service"]
        name = [choice[0] for choice in sets["choices"]].index("database")
        states = long.rows["status"]
        closed = [choice[0] for choice in states["choices"]].index("closed")
        expected = sum(
            name in sets["sets"][at] and state == closed
            for at, state in zip(sets["at"], states["at"], strict=True)
        )
        assert 0 < expected < COUNT
        words = f"{expected:,} of 10,000 incidents, 1 to 100 shown"
        says(page, words)
        expect(filter_by(page, "State").locator("option:checked")).to_have_text(f"Closed ({expected:,})")
        assert page.url.endswith("?state=closed&service=database")
        page.reload()
        says(page, words)
        expect(filter_by(page, "Service")).to_have_value("database")
        assert all("Database" in services for services in column(page, 4))
        page.get_by_role("button", name="Clear filters").click()
        says(page, "10,000 incidents, 1 to 100 shown")
        assert page.url.endswith("/incidents/")


def test_words_are_found_whatever_their_case_and_accents(opened: Opened) -> None:
    with opened("?words=EMIGRE%209992") as page:
        says(page, "1 of 10,000 incidents")
        expect(rows(page)).to_contain_text("Émigré names are cut 9992")
        page.get_by_role("searchbox", name="Words").fill("no such words anywhere")
        expect(page.get_by_text("Nothing found")).to_be_visible()
        expect(page.locator("#list")).to_be_hidden()
        page.get_by_role("button", name="Show all 10,000").click()
        expect(rows(page)).to_have_count(100)
        expect(page.get_by_role("searchbox", name="Words")).to_be_focused()


def test_going_back_undoes_one_thing_at_a_time(opened: Opened) -> None:
    with opened() as page:
        filter_by(page, "State").select_option("closed")
        page.get_by_role("searchbox", name="Words").press_sequentially("printer")
        expect(rows(page).first).to_contain_text("Printer")
        page.get_by_role("button", name="Lasted").click()
        page.get_by_role("link", name="Next page").click()
        expect(page).to_have_url(re.compile(r"words=printer&sort=-lasted&page=2$"))
        page.go_back()
        expect(page).to_have_url(re.compile(r"words=printer&sort=-lasted$"))
        page.go_back()
        expect(page.locator("th[aria-sort]")).to_have_text("Began")
        expect(page).to_have_url(re.compile(r"\?state=closed&words=printer$"))
        page.go_back()
        expect(page.get_by_role("searchbox", name="Words")).to_have_value("")
        expect(filter_by(page, "State")).to_have_value("closed")
        page.go_back()
        expect(filter_by(page, "State")).to_have_value("")
        says(page, "10,000 incidents, 1 to 100 shown")
        page.go_forward()
        expect(filter_by(page, "State")).to_have_value("closed")


def test_a_heading_sorts_all_rows_by_keyboard(opened: Opened) -> None:
    with opened() as page:
        page.get_by_role("button", name="Lasted").focus()
        page.keyboard.press("Enter")
        heading = page.get_by_role("columnheader", name="Lasted")
        expect(heading).to_have_attribute("aria-sort", "descending")
        assert column(page, 6)[0] == "3\u00a0d 11\u00a0h"
        page.keyboard.press("Enter")
        expect(heading).to_have_attribute("aria-sort", "ascending")
        assert column(page, 6)[0] == "0 s"
        assert "sort=lasted" in page.url
        page.get_by_role("button", name="Priority").focus()
        page.keyboard.press("Enter")
        expect(page.locator("th[aria-sort]")).to_have_text("Priority")
        assert set(column(page, 3)) == {"P1"}


def test_the_next_page_begins_where_one_goes_on_reading(opened: Opened) -> None:
    with opened("?sort=incident") as page:
        expect(rows(page).first).to_contain_text("0001")
        page.get_by_role("link", name="Next page").press("Enter")
        region = page.get_by_role("region", name="Incidents")
        expect(region).to_be_focused()
        assert region.evaluate("one => Math.abs(one.getBoundingClientRect().top) < innerHeight")
        expect(page.locator(".ib-pages [aria-current=page]")).to_have_text("2")
        assert page.locator(".ib-pages a").all_inner_texts() == ["Previous", "1", "2", "3", "100", "Next"]


def test_an_address_may_ask_for_what_nobody_has(opened: Opened) -> None:
    with opened("?service=gone&page=99999&sort=nothing") as page:
        expect(page.get_by_text("Nothing found")).to_be_visible()
        expect(filter_by(page, "Service").locator("option:checked")).to_have_text("gone")
    with opened("?page=99999&sort=nothing&team=desk") as page:
        says(page, "5,000 of 10,000 incidents, 4,901 to 5,000 shown")
        expect(filter_by(page, "Team")).to_be_visible()


def test_words_of_records_stay_words(opened: Opened) -> None:
    with opened("?words=onerror") as page:
        says(page, "2,000 of 10,000 incidents, 1 to 100 shown")
        assert page.locator("#list img, #list script").count() == 0
        expect(rows(page).first).to_contain_text("<img src=x onerror=")
        for href in page.locator("#list a").evaluate_all("all => all.map(one => one.getAttribute('href'))"):
            assert re.fullmatch(r"\.\./incidents/INC-\d{4}-\d+/", href)


def test_on_a_phone_one_sorts_among_the_filters(opened: Opened) -> None:
    with opened(width=PHONE) as page:
        order = filter_by(page, "Order")
        expect(order).to_be_hidden()
        page.get_by_role("button", name="More filters").click()
        order.select_option(label="Lasted, longest first")
        expect(rows(page).first).to_contain_text("3\u00a0d 11\u00a0h")
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE
        expect(page.locator("#list thead button").first).to_be_hidden()


def test_a_list_that_cannot_be_loaded_says_so(browser: Browser, address: str, long: Long) -> None:
    with reader(browser) as page:
        fails = [True]

        def answer(route: Route) -> None:
            route.abort() if fails[0] else route.fulfill(body=long.data, content_type="application/json")

        page.route(re.compile(r"/incidents/(\?.*)?$"), lambda route: route.fulfill(body=long.html))
        page.route("**/incidents/list.json", answer)
        page.goto(address + PATH)
        filter_by(page, "State").select_option("open")
        expect(page.get_by_role("alert")).to_contain_text("could not be loaded")
        expect(rows(page)).to_have_count(100)
        fails[0] = False
        page.get_by_role("button", name="Try again").click()
        expect(rows(page)).to_have_count(5)
        expect(page.get_by_role("alert")).to_be_hidden()


def test_without_scripts_the_rows_and_the_way_to_the_others_are_there(opened: Opened) -> None:
    with opened(java_script_enabled=False) as page:
        expect(rows(page)).to_have_count(100)
        expect(page.locator("form[data-ib-form]")).to_be_hidden()
        expect(page.locator(".ib-months a").first).to_be_visible()
        expect(page.get_by_text("These are the first 100 of 10,000")).to_be_visible()


def test_a_number_above_the_list_leads_to_what_it_counts(opened: Opened) -> None:
    with opened() as page:
        page.get_by_role("link", name="open now").click()
        says(page, "5 of 10,000 incidents")
        expect(filter_by(page, "State")).to_have_value("open")
        page.go_back()
        expect(filter_by(page, "State")).to_have_value("")
