"""The search as a reader uses it: by mouse, by keyboard, on a phone, under a strict policy."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from browser.conftest import Host, Read
from browserbed import (
    DESKTOP,
    HOSTILE_ID,
    INTERNAL,
    PHONE,
    PUBLIC,
    Sites,
    Watch,
    node_package,
    reader,
    served,
)
from incidentbook.mkdocs_plugin.policy import inline_scripts
from incidentbook.mkdocs_plugin.search.words import shortened, words_of
from searchbed import ReadIndex

POLICY = (
    "default-src 'none'; script-src 'self' {hashes}; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data:; font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'self'"
)
"""Stricter than what the docs advise: neither a worker nor WebAssembly."""


def box(page: Page) -> Locator:
    return page.get_by_role("textbox", name="Search")


def meta(page: Page) -> Locator:
    return page.locator(".md-search-result__meta")


def results(page: Page) -> Locator:
    return page.locator(".md-search-result__link")


def ask(page: Page, query: str) -> None:
    """Open the search with its key and type."""
    page.keyboard.press("/")
    page.keyboard.type(query)
    settled(page)


def settled(page: Page) -> None:
    """Wait until what stands in the box is answered."""
    expect(meta(page)).to_contain_text("matching document")
    expect(page.locator(".md-search-result__list")).to_have_attribute("aria-busy", "false")


def titles(page: Page) -> list[str]:
    return page.locator(".ib-found__title").all_inner_texts()


def test_nothing_of_the_search_is_fetched_before_somebody_asks(browser: Browser, address: str) -> None:
    asked: list[str] = []
    with reader(browser) as page:
        page.on("request", lambda request: asked.append(request.url.removeprefix(address)))
        page.goto(address + "incidents/", wait_until="networkidle")
        assert not [path for path in asked if "search" in path]
        assert page.workers == []
        asked.clear()
        page.keyboard.press("s")
        expect(page.locator(".ib-search-filters")).to_be_visible()
        assert [path.split(".")[0] for path in asked if "favicon" not in path][:2] == [
            "assets/incidentbook/search",
            "search/index",
        ]


@pytest.mark.parametrize("key", ["/", "s", "f"])
def test_a_key_opens_it_and_a_result_leads_to_the_record(read: Read, key: str) -> None:
    with read("services/") as page:
        page.keyboard.press(key)
        expect(box(page)).to_be_focused()
        page.keyboard.type("INC-2026-0026")
        expect(results(page).first).to_contain_text("INC-2026-0026")
        page.keyboard.press("Enter")
        page.wait_for_url(re.compile(r"/incidents/INC-2026-0026/"))
        expect(page.locator("h1")).to_be_visible()


@pytest.mark.parametrize("query", ["INC-2026-26", "inc-2026-26 "])
def test_an_id_may_be_said_without_its_zeros(read: Read, query: str) -> None:
    with read("") as page:
        ask(page, query)
        expect(results(page).first).to_contain_text("INC-2026-0026")
        expect(meta(page)).to_contain_text("Read as: inc-2026-0026")


def test_what_is_typed_at_once_is_not_lost(read: Read) -> None:
    with read() as page:
        page.keyboard.press("/")
        page.keyboard.type("checkout")
        expect(results(page).first).to_contain_text(re.compile("checkout", re.IGNORECASE))


@pytest.mark.parametrize("query", ["INC-", "-", '"', "(", "kind:", "kind", "a:b:c", "%", "\\", "日本", "*:*"])
def test_odd_queries_bring_no_complaint(read: Read, query: str) -> None:
    with read() as page:
        page.keyboard.press("/")
        expect(page.locator(".ib-search-filters")).to_be_visible()
        box(page).fill(query)
        page.wait_for_timeout(400)
        expect(meta(page)).not_to_be_empty()


def test_hostile_words_are_words(read: Read) -> None:
    with read() as page:
        ask(page, HOSTILE_ID)
        first = results(page).first
        expect(first).to_contain_text("window.hacked")
        assert page.evaluate("window.hacked") is None
        first.click()
        page.wait_for_url(re.compile(f"incidents/{HOSTILE_ID}/"))
        assert page.evaluate("window.hacked") is None


@pytest.mark.parametrize("facet", ["kind", "service", "state", "priority", "year"])
def test_each_filter_narrows_and_is_a_word_of_the_query(read: Read, facet: str, site: Path) -> None:
    index = ReadIndex.of(site)
    values = next(one["values"] for one in index.manifest["facets"] if one["name"] == facet)
    value, _, count = max(values, key=lambda one: one[2])
    with read() as page:
        page.keyboard.press("/")
        select = page.locator(f".ib-search-filter[name={facet}]")
        select.select_option(value)
        expect(box(page)).to_have_value(f"{facet}:{value} ")
        expect(meta(page)).to_contain_text(f"{count} matching document")
        assert f"q={facet}:{value}" in page.url
        # typed, it is the same
        page.goto(page.url.split("?")[0])
        ask(page, f"{facet}:{value}")
        expect(meta(page)).to_contain_text(f"{count} matching document")
        expect(select).to_have_value(value)
        select.select_option("")
        expect(box(page)).to_have_value("")


def test_filters_and_words_together(read: Read) -> None:
    with read() as page:
        ask(page, "checkout service:checkout kind:incident state:closed")
        expect(results(page).first).to_be_visible()
        for fact in page.locator(".ib-found__facts").all_inner_texts():
            assert fact.startswith("Incident")
            assert "Closed" in fact
            assert "Checkout" in fact
        # the others of a facet can still be chosen
        options = page.locator(".ib-search-filter[name=state] option:not([hidden])").all_inner_texts()
        assert len(options) > 2


def test_the_beginning_of_a_value_is_enough(read: Read) -> None:
    with read() as page:
        ask(page, "kind:inc state:open")
        facts = page.locator(".ib-found__facts").all_inner_texts()
        assert facts
        assert all(fact.startswith("Incident") for fact in facts)


def test_the_address_leads_back_to_the_results(read: Read) -> None:
    with read("incidents/") as page:
        ask(page, "database kind:incident")
        expect(results(page).first).to_be_visible()
        before = titles(page)
        shared = page.locator("[data-md-component=search-share]").get_attribute("data-clipboard-text")
        page.reload()
        expect(results(page).first).to_be_visible()
        assert titles(page) == before
        assert shared == page.url
        expect(page.locator(".ib-search-filter[name=kind]")).to_have_value("incident")
        page.keyboard.press("Escape")
        expect(page.locator("#__search")).not_to_be_checked()
        assert "q=" not in page.url


def test_back_from_a_result_leads_to_the_results(read: Read) -> None:
    with read("incidents/") as page:
        ask(page, "database kind:incident")
        before = titles(page)
        results(page).first.click()
        page.wait_for_url(re.compile(r"/incidents/INC-"))
        page.go_back()
        expect(results(page).first).to_be_visible()
        assert titles(page) == before


def test_a_result_s_page_shows_where_the_words_are(read: Read) -> None:
    with read() as page:
        ask(page, "checkout")
        results(page).first.click()
        page.wait_for_url(re.compile("h=checkout"))
        expect(page.locator("mark[data-md-highlight]").first).to_have_text(
            re.compile("checkout", re.IGNORECASE)
        )


def test_everything_by_keyboard(read: Read) -> None:
    with read() as page:
        ask(page, "checkout")
        expect(results(page).nth(2)).to_be_visible()
        page.keyboard.press("ArrowDown")
        expect(results(page).first).to_be_focused()
        page.keyboard.press("ArrowDown")
        expect(results(page).nth(1)).to_be_focused()
        page.keyboard.press("ArrowUp")
        page.keyboard.press("ArrowUp")
        expect(box(page)).to_be_focused()
        # the filters lie between the box and the results
        names = []
        for _ in range(12):
            page.keyboard.press("Tab")
            names.append(page.evaluate("document.activeElement.name || document.activeElement.className"))
            if "md-search-result__link" in names[-1]:
                break
        assert [name for name in names if name in {"kind", "service", "state", "priority", "year"}] == [
            "kind",
            "service",
            "state",
            "priority",
            "year",
        ]
        page.keyboard.press("Shift+Tab")
        page.locator(".ib-search-filter[name=kind]").focus()
        page.keyboard.type("Inc")
        expect(box(page)).to_have_value("checkout kind:incident ")
        page.keyboard.press("Escape")
        expect(page.locator("#__search")).not_to_be_checked()
        assert page.evaluate("document.activeElement === document.body")


def test_letters_on_a_result_go_on_in_the_box(read: Read) -> None:
    with read() as page:
        ask(page, "check")
        page.keyboard.press("ArrowDown")
        page.keyboard.type("out")
        expect(box(page)).to_have_value("checkout")


def test_leaving_it_by_tab_closes_it(read: Read) -> None:
    with read() as page:
        page.keyboard.press("/")
        expect(page.locator(".ib-search-filters")).to_be_visible()
        page.keyboard.press("Shift+Tab")
        expect(page.locator("#__search")).not_to_be_checked()


def test_a_typing_error_is_forgiven_and_said(read: Read) -> None:
    with read() as page:
        ask(page, "chekcout")
        expect(meta(page)).to_contain_text("Read as: checkout")
        expect(results(page).first).to_contain_text(re.compile("checkout", re.IGNORECASE))


def test_no_result_says_what_to_do(read: Read) -> None:
    with read() as page:
        ask(page, "zzzqqq kind:incident")
        expect(meta(page)).to_contain_text("No matching documents")
        expect(meta(page)).to_contain_text("zzzqqq")
        page.get_by_role("button", name="Search without filters").click()
        expect(box(page)).to_have_value("zzzqqq")


def test_more_results_come_while_the_reader_scrolls(read: Read) -> None:
    with read() as page:
        ask(page, "kind:page")
        expect(results(page)).to_have_count(10)
        page.locator(".md-search__scrollwrap").evaluate("one => one.scrollTo(0, one.scrollHeight)")
        expect(results(page)).to_have_count(20)
        first = titles(page)
        assert len(set(first)) > 10


def test_the_page_for_what_is_missing_searches_too(read: Read) -> None:
    with read("incidents/missing/") as page:
        ask(page, "INC-2026-0026")
        page.keyboard.press("Enter")
        page.wait_for_url(re.compile(r"/book/internal/incidents/INC-2026-0026/"))


@pytest.mark.parametrize("broken", ["**/search/index.json", "**/assets/incidentbook/search.*"])
def test_what_cannot_be_reached_is_said_and_tried_again(read: Read, broken: str) -> None:
    with read(watched=False) as page:
        page.route(broken, lambda route: route.abort())
        page.keyboard.press("/")
        expect(meta(page)).to_have_text("The search cannot be reached")
        page.unroute(broken)
        page.get_by_role("button", name="Try again").click()
        box(page).fill("checkout")
        expect(results(page).first).to_be_visible()


def test_an_answer_that_cannot_be_reached_is_said_and_asked_for_again(read: Read) -> None:
    with read(watched=False) as page:
        page.route("**/words/*", lambda route: route.abort())
        page.keyboard.press("/")
        expect(page.get_by_role("group", name="Filters")).to_be_visible()
        # at once: letters that trickle in on a busy machine are asked for one by one, and the last
        # of these questions would find the words again and take the button away
        page.keyboard.insert_text("checkout")
        expect(meta(page)).to_have_text("The search cannot be reached")
        page.unroute("**/words/*")
        page.get_by_role("button", name="Try again").click()
        expect(results(page).first).to_be_visible()


def test_it_works_under_a_stricter_policy_than_ours(browser: Browser, sites: Sites) -> None:
    built = sites[PUBLIC]
    html = built.file("").read_text("utf-8")
    policy = POLICY.format(hashes=" ".join(sorted(inline_scripts(html))))
    with served(sites, {"Content-Security-Policy": policy}) as base, reader(browser) as page:
        watch = Watch(f"{base}{PUBLIC}/")
        watch.over(page)
        page.goto(watch.address)
        ask(page, "checkout kind:incident")
        expect(results(page).first).to_be_visible()
        assert watch.faults == []


def test_instant_navigation_keeps_it(browser: Browser, host: Host, sites: Sites) -> None:
    """Material swaps the page under the dialog when its `navigation.instant` is on."""
    address = host(INTERNAL)

    def instantly(route: Any) -> None:
        answer = route.fetch()
        body = answer.text()
        if "__config" in body:
            body = body.replace('"features": [', '"features": ["navigation.instant", ')
        route.fulfill(response=answer, body=body)

    with reader(browser) as page:
        watch = Watch(address)
        watch.over(page)
        page.route(re.compile(r"/$"), instantly)
        page.goto(address)
        ask(page, "INC-2026-0026")
        page.evaluate("window.same = true")
        expect(results(page).first).to_be_visible()
        page.keyboard.press("Enter")
        page.wait_for_url(re.compile("incidents/INC-2026-0026/"))
        expect(page.locator("#__search")).not_to_be_checked()
        ask(page, "INC-2026-0027")
        expect(results(page).first).to_contain_text("INC-2026-0027")
        assert "/book/internal/incidents/INC-2026-0027/" in (results(page).first.get_attribute("href") or "")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [PHONE, DESKTOP])
def test_open_it_is_accessible_and_fits(read: Read, width: int, scheme: str) -> None:
    axe = (node_package("axe-core") / "axe.min.js").read_text("utf-8")
    with read(width=width, scheme=scheme) as page:
        page.add_style_tag(content="*, *::before, *::after { transition: none !important }")
        ask(page, "checkout kind:incident")
        expect(results(page).first).to_be_visible()
        if width == PHONE:
            # Material draws its overlay larger than the screen, and a moment later holds the page still
            expect(page.locator("body")).to_have_attribute("data-md-scrolllock", "")
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        for part in (".ib-search-filters", ".md-search-result__list"):
            bounds = page.locator(part).bounding_box()
            assert bounds is not None
            assert bounds["x"] >= 0
            assert bounds["x"] + bounds["width"] <= width
        page.evaluate(axe)
        found = page.evaluate("axe.run('.md-search')")
        assert [(one["id"], [node["html"] for node in one["nodes"]]) for one in found["violations"]] == []


def test_page_and_tool_agree_about_words(browser: Browser, site: Path) -> None:
    """The two rules are written twice; they must cut every text alike."""
    texts = [
        *(" ".join(row[1:]) for row in ReadIndex.of(site).texts),
        "Zürich naïve Ærø \ufb01le \u2460 İstanbul STRASSE ß ὈΔΥΣΣΕΎΣ",
        "データベース障害 a障b ฐานข้อมูล 한국어 데이터 मराठी",
        "INC-2026-0042, inc-26-1; PRB-2026-7x err_conn_reset x-9 2026-11-20T10:00+01:00",
        "👩‍🚒 e\u0301 \u00ad soft\u00adhyphen zero\u200bwidth ½ ² Ⅻ ٣ " + "k" * 90,
    ]
    script = next((site / "assets" / "incidentbook").glob("search.*.js")).read_text("utf-8")
    inside = re.sub(r"^export ", "", script, flags=re.MULTILINE)
    with reader(browser) as page:
        cut = page.evaluate(f"(texts) => {{ {inside}; return texts.map((text) => wordsOf(text)); }}", texts)
    for text, words in zip(texts, cut, strict=True):
        assert words == [shortened(word) for word in words_of(text)], json.dumps(text)
