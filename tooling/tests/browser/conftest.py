"""Sites built once a session and served below a path, in the Chromium that this machine has.

For tests in this folder (the rest is in `browserbed`):

- `browser`: the worker's Chromium, started once. Without one a skip, and with CI set a failure.
- `sites`: `sites["internal" | "public" | "empty"]` is a `Built` (.folder, .url, .pages, .fullest(kind)),
  built when it is first asked for, once for all workers. The internal one has the hostile record too.
- `host`: `host("public")` is the address of that site on loopback, with a slash: .../book/public/.
- `site`, `address`: the folder and the address of the internal site.
- `read`: `with read("incidents/", site="public", width=PHONE, scheme="dark", **context) as page:` opens a
  page and fails the test at the end where the console said an error or a warning, a request failed, or
  another host was asked. `page.watch` is not needed; pass `watched=False` where faults are expected.
- `browserbed.cases()` parametrises by (site, kind) for every kind of page that the plan has;
  `browserbed.served(sites, headers={...})` serves with headers of a test's own, such as a policy;
  `browserbed.node_package("axe-core")`, `browserbed.node(script, ...)` are npm's packages and Node.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Error, Page, sync_playwright

from browserbed import ARGUMENTS, DESKTOP, INTERNAL, Sites, Watch, chromium, missing, reader, served

Host = Callable[[str], str]
Read = Callable[..., AbstractContextManager[Page]]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    path = chromium()
    if path is None:
        missing("no Chromium on this machine")
    with sync_playwright() as playwright:
        try:
            started = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        except Error as error:
            missing(f"{path} does not start ({str(error).splitlines()[0]})")
        yield started
        started.close()


@pytest.fixture(scope="session")
def sites(tmp_path_factory: pytest.TempPathFactory) -> Sites:
    folder = tmp_path_factory.getbasetemp()
    # below xdist each worker has a folder of its own inside the session's
    shared = (folder.parent if "PYTEST_XDIST_WORKER" in os.environ else folder) / "sites"
    shared.mkdir(exist_ok=True)
    return Sites(shared)


@pytest.fixture(scope="session")
def host(sites: Sites) -> Iterator[Host]:
    with served(sites) as base:

        def address_of(name: str) -> str:
            return f"{base}{sites[name].name}/"

        yield address_of


@pytest.fixture(scope="session")
def site(sites: Sites) -> Path:
    return sites[INTERNAL].folder


@pytest.fixture(scope="session")
def address(host: Host) -> str:
    return host(INTERNAL)


@pytest.fixture
def read(browser: Browser, host: Host) -> Read:
    @contextmanager
    def opened(
        path: str = "",
        *,
        site: str = INTERNAL,
        width: int = DESKTOP,
        scheme: str = "light",
        watched: bool = True,
        **options: Any,
    ) -> Iterator[Page]:
        address = host(site)
        watch = Watch(address)
        size = {"width": width, "height": 844 if width < 600 else 900}
        with reader(browser, **{"viewport": size, "color_scheme": scheme, **options}) as page:
            if watched:
                watch.over(page)
            page.goto(address + path)
            yield page
        assert watch.faults == []

    return opened
