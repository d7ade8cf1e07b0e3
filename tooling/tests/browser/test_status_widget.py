"""Atlassian's own widget, embedded in a page of somebody else's and pointed at our site."""

from __future__ import annotations

import functools
import http.server
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from browserbed import Sites, node_package, reader

PAGE = """\
<!doctype html><title>Shop</title><link rel="icon" href="data:,">
<statuspage-widget src="{address}" {attributes}></statuspage-widget>
<script>var parcelRequire;</script>
<script src="widget.js"></script>
"""
"""The variable is one that the widget's bundler forgot to declare."""


class _Host(http.server.SimpleHTTPRequestHandler):
    """A static host that lets other sites read: what the documentation asks of one."""

    def log_message(self, *_: object) -> None:
        pass

    def end_headers(self) -> None:
        self.send_header("Access-Control-Allow-Origin", "*")
        super().end_headers()


@contextmanager
def at_the_root(folder: Path) -> Iterator[str]:
    """Serve a site at the root of a host, where the widget looks for it."""
    handler = functools.partial(_Host, directory=str(folder))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()


@pytest.mark.parametrize("appearance", ["basic", "badge"])
@pytest.mark.parametrize("name", ["public", "empty"])
def test_it_shows_our_state(
    browser: Browser, sites: Sites, name: str, appearance: str, tmp_path: Path
) -> None:
    widget = (node_package("@statuspage/status-widget") / "dist" / "index.js").read_text("utf-8")
    folder = sites[name].folder
    status = json.loads((folder / "api" / "v2" / "status.json").read_text("utf-8"))["status"]
    with at_the_root(folder) as address, at_the_root(tmp_path) as shop, reader(browser) as page:
        faults: list[str] = []
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
        html = PAGE.format(address=address, attributes=f'appearance="{appearance}"')
        (tmp_path / "index.html").write_text(html, "utf-8")
        (tmp_path / "widget.js").write_text(widget, "utf-8")
        page.goto(shop + "/index.html")
        indicator = page.locator(".status-indicator")
        expect(indicator, ", ".join(faults)).to_have_class(f"status-indicator {status['indicator']}")
        expect(page.locator(".status-container")).to_contain_text(status["description"])
        expect(page.locator(f"a.{appearance}")).to_have_attribute("href", address)
        assert not faults
