"""Pictures of every kind of page, for people to look at: screenshots.py FOLDER [KIND...] [--top].

Writes FOLDER/<site>/<kind>-<width>-<scheme>.png of the fullest page of each kind.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, sync_playwright

sys.path.insert(0, str(Path(__file__).parents[1]))  # a program, not a test: pytest's paths are not its own

from browserbed import ARGUMENTS, DESKTOP, PHONE, SCHEMES, SITES, Sites, chromium, kinds, reader, served

TALLEST = 6000
"""CSS pixels of a page that are drawn."""


def shoot(browser: Browser, address: str, width: int, scheme: str, *, whole: bool) -> bytes:
    """One page as a PNG."""
    size: Any = {"width": width, "height": 844 if width < 600 else 900}
    with reader(browser, viewport=size, color_scheme=scheme, reduced_motion="reduce") as page:
        page.goto(address, wait_until="networkidle")
        if whole:
            height = page.evaluate("document.documentElement.scrollHeight")
            page.set_viewport_size({"width": width, "height": max(min(height, TALLEST), size["height"])})
            page.evaluate("scrollTo(0, 0)")
            page.wait_for_timeout(100)
        return page.screenshot()


def main() -> None:
    """Build the sites, and look."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("kinds", nargs="*", metavar="kind")
    parser.add_argument("--site", choices=SITES, action="append")
    parser.add_argument("--width", type=int, action="append")
    parser.add_argument("--scheme", choices=list(SCHEMES), action="append")
    parser.add_argument("--top", action="store_true", help="only what a screen shows at first")
    options = parser.parse_args()
    path = chromium()
    if path is None:
        raise SystemExit("screenshots.py: no Chromium on this machine")
    with tempfile.TemporaryDirectory() as built, sync_playwright() as playwright:
        sites = Sites(Path(built))
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        with served(sites) as host:
            for name in options.site or SITES:
                for kind in set(kinds(name)).intersection(options.kinds or kinds(name)):
                    for width in options.width or (PHONE, DESKTOP):
                        for scheme in options.scheme or SCHEMES:
                            file = options.folder / name / f"{kind}-{width}-{scheme}.png"
                            file.parent.mkdir(parents=True, exist_ok=True)
                            address = f"{host}{name}/{sites[name].fullest(kind)}"
                            file.write_bytes(shoot(browser, address, width, scheme, whole=not options.top))
        browser.close()


if __name__ == "__main__":
    main()
