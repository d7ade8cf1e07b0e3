"""The sample site, with a hostile record, in the Chromium that this machine has."""

from __future__ import annotations

import functools
import http.server
import os
import shutil
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Error, sync_playwright

from sitebed import HOSTILE, build_site
from testbed import REPOSITORY_ROOT

CHROMIUM = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

HOSTILE_INCIDENT = f"""\
---
title: '{HOSTILE}'
status: in_progress
summary: '{HOSTILE}'
services: [{{service: checkout, state: degraded_performance}}]
impact: low
urgency: low
opened: 2026-11-20T08:00+00:00
acknowledged: 2026-11-20T08:05+00:00
updates:
  - {{at: 2026-11-20T08:10+00:00, status: investigating, text: '{HOSTILE} [x](javascript:window.hacked=4)'}}
steps:
  - {{at: 2026-11-20T08:20+00:00, text: '<svg onload="window.hacked=5">'}}
links:
  caused_by_change: 'javascript:window.hacked=6'
  outside: [{{type: chat, url: 'javascript:window.hacked=7', title: '{HOSTILE}'}}]
---
{HOSTILE}

# {HOSTILE}

<details open ontoggle="window.hacked = 8"><summary>x</summary></details> [y](javascript:window.hacked=9)
"""


def _missing(reason: str) -> None:
    if os.environ.get("CI", "").lower() in {"1", "true"}:
        pytest.fail(f"{reason}; with CI set the browser tests must run", pytrace=False)
    pytest.skip(f"{reason}; the browser tests need one")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The machine's Chromium. Without one: a skip, and with CI set a failure."""
    path = next((found for name in CHROMIUM if (found := shutil.which(name))), None)
    if path is None:
        _missing("no Chromium on this machine")
    with sync_playwright() as playwright:
        try:
            chromium = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        except Error as error:
            _missing(f"{path} does not start ({str(error).splitlines()[0]})")
            raise
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The internal site of this repository's own records, built once a worker."""
    root = tmp_path_factory.mktemp("site") / "records"
    root.mkdir()
    for name in ("incidents", "knowledge", "schema", "site"):
        shutil.copytree(REPOSITORY_ROOT / name, root / name)
    (root / "incidents" / "2026" / "INC-2026-9999.md").write_text(HOSTILE_INCIDENT, "utf-8")
    yield build_site(root, configuration=(REPOSITORY_ROOT / "mkdocs.yml").read_text("utf-8"), strict=False)
    shutil.rmtree(root)


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        pass

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """Answer as a static host does: with the site's own 404 page."""
        page = Path(self.directory) / "404.html"
        if code != 404 or not page.is_file():
            super().send_error(code, message, explain)
            return
        body = page.read_bytes()
        self.send_response(404)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


@pytest.fixture(scope="session")
def address(site: Path) -> Iterator[str]:
    """Where the site is served."""
    handler = functools.partial(_Quiet, directory=str(site))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()
        thread.join()
