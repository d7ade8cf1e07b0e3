"""The page of figures as a team lead meets it: at a glance, on any screen, with and without scripts."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from browserbed import reader

PATH = "statistics/"


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 768, 1440])
def test_it_fits_every_screen(browser: Browser, address: str, scheme: Any, width: int) -> None:
    faults: list[str] = []
    with reader(browser, viewport={"width": width, "height": 900}, color_scheme=scheme) as page:
        page.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.goto(address + PATH)
        page.locator("details").evaluate_all("all => all.forEach(one => one.open = true)")
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert page.locator(".ib-headline").count() == 12
        spilled = page.locator(".ib-headline, .ib-due section, .ib-plot-figure").evaluate_all(
            "all => all.filter(one => one.scrollWidth > one.clientWidth + 1).map(one => one.innerText)"
        )
        assert not spilled
    assert not faults


def test_the_first_screen_tells_the_headlines(browser: Browser, address: str) -> None:
    with reader(browser, viewport={"width": 1440, "height": 900}) as page:
        page.goto(address + PATH)
        for name in ("incidents", "time_to_restore", "resolution_attainment", "open"):
            box = page.locator(f'[data-ib-figure="{name}"]').bounding_box()
            assert box is not None
            assert box["y"] + box["height"] < 900, name


def test_charts_are_drawn_in_the_colours_of_the_page(browser: Browser, address: str) -> None:
    """Bars stand out from their ground by three to one, letters by four and a half, in light and dark."""
    for scheme in ("light", "dark"):
        with reader(browser, color_scheme=scheme) as page:
            page.goto(address + PATH)
            for selector, least in ((".ib-plot path[fill]", 3.0), (".ib-plot text[fill]", 4.5)):
                shown = page.locator(selector).first.evaluate("one => getComputedStyle(one).fill")
                ground = page.locator(".ib-plot-figure").first.evaluate(
                    "one => getComputedStyle(one).backgroundColor"
                )
                assert contrast(shown, ground) >= least, (scheme, selector, shown, ground)


def contrast(one: str, other: str) -> float:
    """The contrast of two `rgb(...)` colours, by WCAG 2."""
    lights = sorted(map(luminance, (one, other)))
    return (lights[1] + 0.05) / (lights[0] + 0.05)


def luminance(colour: str) -> float:
    parts = [int(part) / 255 for part in colour.split("(")[1].rstrip(")").split(",")[:3]]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_it_needs_no_script(browser: Browser, address: str) -> None:
    with reader(browser, java_script_enabled=False) as page:
        page.goto(address + PATH)
        assert page.locator(".ib-plot").count() >= 8
        expect(page.locator(".ib-plot").first).to_be_visible()
        values = page.locator(".ib-plot__values").first
        expect(values.locator("table")).to_be_hidden()
        values.locator("summary").click()
        expect(values.locator("table")).to_be_visible()


def test_a_chart_is_a_picture_with_words_to_a_screen_reader(browser: Browser, address: str) -> None:
    with reader(browser) as page:
        page.goto(address + PATH)
        for figure in page.locator("figure.ib-plot-figure").all():
            caption = figure.locator("figcaption").evaluate("one => one.firstChild.textContent")
            expect(figure.get_by_role("img", name=caption)).to_be_visible()
            # what lies in a picture is nothing to a screen reader, so that nothing in it may be a link
            assert figure.locator("svg a").count() == 0


def test_services_are_sorted_by_what_is_left_of_their_budget(browser: Browser, address: str) -> None:
    with reader(browser, viewport={"width": 1440, "height": 900}) as page:
        page.goto(address + PATH)
        table = page.locator("#services + .ib-scroll")
        table.get_by_role("button", name="Error budget").click()
        values = table.locator("td.ib-budget").evaluate_all("all => all.map(one => +one.dataset.sort)")
        assert len(values) > 3
        assert values in (sorted(values), sorted(values, reverse=True))
