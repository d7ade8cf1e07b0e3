"""Whole sites below a path under the policy that they state: nothing is held back that they need."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from browserbed import DESKTOP, INTERNAL, PUBLIC, Sites, kinds, reader, served
from sitebed import CONFIGURATION, RECORDS, build_site
from testbed import SCHEMA, write_files

REPORTS = """() => {
  window.reports = [];
  document.addEventListener("securitypolicyviolation", (event) =>
    window.reports.push(`${event.violatedDirective}: ${event.blockedURI} ${event.sample}`));
}"""

DIAGRAMS = """
```mermaid
graph LR
  A[Checkout] -->|502| B{Queue full?}
```

```mermaid
sequenceDiagram
  Checkout->>Payments: pay
```

```mermaid
this is no diagram
```

```mermaid
flowchart TD
  A@{ img: "https://elsewhere.invalid/x.png", label: "x" }
```
"""

PALETTE = """\
  palette:
    - {scheme: default, toggle: {icon: material/weather-night, name: Dark}}
    - {scheme: slate, toggle: {icon: material/weather-sunny, name: Light}}
"""


def policy_of(folder: Path) -> str:
    lines = (folder / "_headers").read_text("utf-8").splitlines()
    return next(line.partition(": ")[2] for line in lines if "Content-Security-Policy" in line)


def watch(page: Page, address: str, faults: list[str]) -> None:
    page.add_init_script(f"({REPORTS})()")
    page.on(
        "console",
        lambda one: (
            faults.append(f"{one.text} {one.location.get('url')}")
            if one.type in {"error", "warning"}
            else None
        ),
    )
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("request", lambda one: None if one.url.startswith((address, "data:")) else faults.append(one.url))


@pytest.mark.parametrize("name", [INTERNAL, PUBLIC])
def test_every_kind_of_page_under_the_policy(browser: Browser, sites: Sites, name: str) -> None:
    faults: list[str] = []
    headers = {"Content-Security-Policy": policy_of(sites[name].folder)}
    with served(sites, headers) as base, reader(browser, viewport={"width": DESKTOP, "height": 900}) as page:
        watch(page, base, faults)
        for kind, paths in kinds(name).items():
            answer = page.goto(f"{base}{name}/{paths[0]}")
            assert answer is not None
            assert "default-src 'none'" in answer.headers["content-security-policy"]
            page.wait_for_load_state("networkidle")
            faults.extend(f"{kind}: {one}" for one in page.evaluate("window.reports"))
    assert faults == []


def test_the_policy_is_in_force(browser: Browser, sites: Sites) -> None:
    """The test above would pass with a host that sends none."""
    headers = {"Content-Security-Policy": policy_of(sites[PUBLIC].folder)}
    with served(sites, headers) as base, reader(browser) as page:
        page.add_init_script(f"({REPORTS})()")
        page.goto(f"{base}{PUBLIC}/")
        page.evaluate(
            """() => {
              const script = document.createElement("script");
              script.textContent = "window.hacked = 1";
              document.body.append(script);
              document.body.append(Object.assign(new Image(), {src: "https://elsewhere.invalid/x.png"}));
            }"""
        )
        page.wait_for_function("() => window.reports.length >= 2")
        assert page.evaluate("typeof window.hacked") == "undefined"


@pytest.fixture(scope="module", params=["headers", "meta"])
def drawn(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """A site with diagrams, its policy in a header or in its pages; and its address."""
    folder = tmp_path_factory.mktemp("drawn")
    records = dict(RECORDS)
    records["incidents/2026/INC-2026-0001.md"] += DIAGRAMS
    write_files(folder / "records", {**SCHEMA, **records, "site/guide.md": f"# Guide\n{DIAGRAMS}"})
    configuration = CONFIGURATION.replace(
        "audience: internal", f"audience: internal\n      csp: {request.param}"
    )
    configuration = configuration.replace("  name: material\n", "  name: material\n" + PALETTE)
    configuration += "\nmarkdown_extensions: [pymdownx.superfences, pymdownx.highlight]\n"
    site = build_site(folder / "records", configuration=configuration).rename(folder / INTERNAL)
    headers = {"Content-Security-Policy": policy_of(site)}
    if request.param == "meta":
        (site / "_headers").unlink()
        headers = {}
    with served(Sites(folder), headers) as base:
        yield f"{base}{INTERNAL}/"
    shutil.rmtree(folder)


@pytest.mark.parametrize("path", ["incidents/INC-2026-0001/", "guide/"])
def test_diagrams_are_drawn_in_the_colours_of_the_page(browser: Browser, drawn: str, path: str) -> None:
    faults: list[str] = []
    with reader(browser, viewport={"width": DESKTOP, "height": 900}) as page:
        watch(page, drawn, faults)
        page.goto(drawn + path)
        expect(page.locator(".ib-diagram svg")).to_have_count(2)
        expect(page.locator(".ib-mermaid--unread")).to_have_count(1)
        # what would load a picture from elsewhere, and what cannot be read, stay as they were written
        expect(page.locator("pre.ib-mermaid:visible")).to_have_count(2)
        expect(page.locator(".ib-diagram").first.get_by_role("img")).to_be_visible()
        light = page.locator(".ib-diagram svg .node rect, .ib-diagram svg rect").first.evaluate(
            "one => getComputedStyle(one).fill"
        )
        page.locator("label[for=__palette_1]:visible, label[for=__palette_0]:visible").first.click()
        page.wait_for_function("() => document.body.getAttribute('data-md-color-scheme') === 'slate'")
        expect(page.locator(".ib-diagram svg")).to_have_count(2)
        page.wait_for_function(
            """(light) => {
              const one = document.querySelector(".ib-diagram svg .node rect, .ib-diagram svg rect");
              return one && getComputedStyle(one).fill !== light;
            }""",
            arg=light,
        )
        page.locator(".ib-diagram summary").first.click()
        expect(page.locator(".ib-diagram pre").first).to_contain_text("Checkout")
        assert page.evaluate("window.reports") == []
    assert faults == []


def test_a_page_without_a_diagram_does_not_load_the_library(browser: Browser, drawn: str) -> None:
    asked: list[str] = []
    with reader(browser) as page:
        page.on("request", lambda request: asked.append(request.url))
        page.goto(drawn + "incidents/INC-2026-0002/")
        page.wait_for_load_state("networkidle")
    assert asked
    # nor the sitemap, which Material's script loads for each link to another language of the page
    assert not [url for url in asked if "mermaid" in url or "sitemap" in url]


def test_a_diagram_is_read_without_a_script(browser: Browser, drawn: str) -> None:
    with reader(browser, java_script_enabled=False) as page:
        page.goto(drawn + "incidents/INC-2026-0001/")
        expect(page.locator("pre.ib-mermaid").first).to_contain_text("Checkout")


def test_the_search_works_under_the_policy(browser: Browser, sites: Sites) -> None:
    faults: list[str] = []
    headers = {"Content-Security-Policy": policy_of(sites[PUBLIC].folder)}
    with served(sites, headers) as base, reader(browser, viewport={"width": DESKTOP, "height": 900}) as page:
        watch(page, base, faults)
        page.goto(f"{base}{PUBLIC}/")
        page.keyboard.press("/")
        page.wait_for_timeout(500)
        page.keyboard.type("checkout", delay=30)
        found = page.locator(".md-search-result__item, .ib-search__item, [data-ib-result]")
        expect(found.first).to_be_visible(timeout=20_000)
        assert page.evaluate("window.reports") == []
    assert faults == []
