"""What tests in a browser share: built sites, a static host on loopback, a reader's eyes, Node's programs."""

from __future__ import annotations

import fcntl
import functools
import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, NoReturn

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request, Response, expect

import statichost
from incidentbook.archive import open_repository
from incidentbook.commands.session import Session
from incidentbook.pages import plan
from incidentbook.publication import publish
from incidentbook.records import Audience
from incidentbook.scaffold.repository import repository_files
from sitebed import HOSTILE, build_configured
from testbed import REPOSITORY_ROOT, write_files

INTERNAL, PUBLIC, EMPTY = "internal", "public", "empty"
SITES = (INTERNAL, PUBLIC, EMPTY)
"""The sample's two sites, and that of a repository that `incidentbook init` has just made."""

MOUNT = "/book"
"""Sites are served below this path, as on a host that they share with others: /book/internal/, ..."""

HOST = "https://status.harbourline.example"
"""Where the built sites believe that they are."""

PHONE, DESKTOP = 390, 1440
SCHEMES = {"light": "default", "dark": "slate"}

CHROMIUM = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
ARGUMENTS = (
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)

NODE_MODULES = Path(__file__).parent / "browser" / "node_modules"

HOSTILE_ID = "INC-2026-9999"
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
"""The internal site has it beside the sample's own records."""


def missing(reason: str) -> NoReturn:
    """Skip what this machine cannot run; with CI set it must, and fails."""
    if os.environ.get("CI", "").lower() in {"1", "true"}:
        pytest.fail(f"{reason}; with CI set the browser tests must run", pytrace=False)
    pytest.skip(f"{reason}; the browser tests need it")


def chromium() -> str | None:
    """The path of this machine's Chromium."""
    return next((found for name in CHROMIUM if (found := shutil.which(name))), None)


# -- Node -------------------------------------------------------------------------------------------


def node_package(name: str) -> Path:
    """The folder of a package that `make test` installs with npm; skips (fails in CI) without it."""
    if shutil.which("node") is None:
        missing("no Node on this machine")
    if not (NODE_MODULES / name / "package.json").is_file():
        missing(f"npm's `{name}` is not installed (npm ci --prefix {NODE_MODULES.parent})")
    return NODE_MODULES / name


def node(
    script: str | Path, *arguments: str | Path, timeout: float = 120, env: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """Run a program of Node's to its end, with all that it starts; never raises for its exit code."""
    command = ["node", str(script), *(str(argument) for argument in arguments)]
    with subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, **(env or {})},
        cwd=NODE_MODULES.parent,
        start_new_session=True,
    ) as process:
        try:
            out, err = process.communicate(timeout=timeout)
        finally:
            _end_group(process.pid)
    return subprocess.CompletedProcess(command, process.returncode, out, err)


def _end_group(leader: int) -> None:
    # a browser that a program started outlives the program when that is cut short
    with suppress(ProcessLookupError):
        os.killpg(leader, signal.SIGKILL)


# -- sites ------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Built:
    """A built site: its name, its folder, and the address that it believes it has."""

    name: str
    folder: Path

    @property
    def url(self) -> str:
        """The site's own address, as in its canonical links; ends with a slash."""
        return f"{HOST}{MOUNT}/{self.name}/"

    @property
    def pages(self) -> tuple[str, ...]:
        """Paths of all pages, however they were made: folders with a final slash, and 404.html."""
        found = (path.relative_to(self.folder).as_posix() for path in self.folder.rglob("*.html"))
        return tuple(sorted(path.removesuffix("index.html") for path in found))

    def file(self, path: str) -> Path:
        """The file that a static host answers with for a path of the site."""
        return self.folder / (path + "index.html" if path in {""} or path.endswith("/") else path)

    def fullest(self, kind: str) -> str:
        """Of the pages of a kind the one with the most on it."""
        return max(kinds(self.name)[kind], key=lambda path: (self.file(path).stat().st_size, path))

    def emptiest(self, kind: str) -> str:
        """Of the pages of a kind the one with the least on it."""
        return min(kinds(self.name)[kind], key=lambda path: (self.file(path).stat().st_size, path))


@functools.cache
def kinds(site: str) -> dict[str, tuple[str, ...]]:
    """Every kind of page of a site and the paths of its pages, from the plan: a new kind appears here."""
    with tempfile.TemporaryDirectory() as folder:
        root = REPOSITORY_ROOT
        if site == EMPTY:
            root = Path(folder)
            write_files(root, _new_repository())
        archive = open_repository(root)
        published = publish(archive, Audience.PUBLIC if site == PUBLIC else Audience.INTERNAL)
        found: dict[str, list[str]] = {}
        for page in plan(published, Session(root).now).pages:
            found.setdefault(page.kind, []).append(page.path)
    if site == INTERNAL:
        found["hostile"] = [f"incidents/{HOSTILE_ID}/"]
    if site != PUBLIC:
        found["by-hand"] = _written_by_hand(site)
    found["missing"] = ["404.html"]
    return {kind: tuple(paths) for kind, paths in found.items()}


def _written_by_hand(site: str) -> list[str]:
    if site == EMPTY:
        return ["about/"]
    docs = REPOSITORY_ROOT / "site"
    # the reference pages are written by a program, long, and all of one kind of table
    names = (
        path.relative_to(docs).as_posix() for path in sorted(docs.rglob("*.md")) if path.parent.name == "docs"
    )
    return [name.removesuffix("index.md") if name.endswith("index.md") else name[:-3] + "/" for name in names]


def cases(*only: str) -> list[Any]:
    """A pytest parameter for every kind of page of every site (or of the sites named), spread by xdist."""
    return [
        pytest.param(site, kind, id=f"{site}-{kind}")
        for site in only or SITES
        for kind in sorted(kinds(site))
    ]


def _new_repository() -> dict[str, str]:
    return dict(repository_files(name="Harbourline", zone="UTC", url=HOST, today=date(2026, 11, 20)))


def build(site: str, folder: Path) -> Built:
    """Build one of SITES below a folder."""
    root = folder / f"{site}-records"
    root.mkdir(parents=True)
    if site == EMPTY:
        write_files(root, _new_repository())
    else:
        for name in ("incidents", "knowledge", "handovers", "schema", "site"):
            shutil.copytree(REPOSITORY_ROOT / name, root / name)
        for name in ("mkdocs.yml", "mkdocs.public.yml"):
            shutil.copy(REPOSITORY_ROOT / name, root)
    if site == INTERNAL:
        (root / "incidents" / "2026" / f"{HOSTILE_ID}.md").write_text(HOSTILE_INCIDENT, "utf-8")
    settings = root / "schema" / "incidentbook.yml"
    home = Built(site, folder / site)
    lines = settings.read_text("utf-8").splitlines()
    if site == EMPTY:
        lines.append("now: 2026-11-20T09:00+00:00")
    kept = [line for line in lines if not line.startswith("url:")]
    settings.write_text("\n".join([*kept, f"url: {home.url}", ""]), "utf-8")
    parent = "mkdocs.public.yml" if site == PUBLIC else "mkdocs.yml"
    (root / "mkdocs.test.yml").write_text(f"INHERIT: {parent}\nsite_dir: built\n", "utf-8")
    # the hostile record is meant to bring warnings
    build_configured(root / "mkdocs.test.yml", strict=site != INTERNAL).rename(home.folder)
    shutil.rmtree(root)
    return home


@dataclass(frozen=True)
class Sites:
    """The sites of a test session: each is built once, by whichever worker asks first."""

    folder: Path

    def __getitem__(self, name: str) -> Built:
        built = Built(name, self.folder / name)
        with (self.folder / f"{name}.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not built.folder.is_dir():
                shutil.rmtree(self.folder / f"{name}-records", ignore_errors=True)
                build(name, self.folder)
        return built


# -- the host ---------------------------------------------------------------------------------------


@contextmanager
def served(sites: Sites, headers: Mapping[str, str] | None = None) -> Iterator[str]:
    """Serve the sites on loopback: the address of MOUNT, with a slash.

    `headers` go with every answer, over those that the site's own `_headers` asks for.
    """
    with statichost.served({MOUNT + "/" + name: sites.folder / name for name in SITES}, headers) as host:
        yield host + MOUNT + "/"


# -- the reader -------------------------------------------------------------------------------------


@dataclass
class Watch:
    """Notes what goes wrong while pages are read: what the console says, what fails, who else is asked."""

    address: str
    faults: list[str] = field(default_factory=list)

    def over(self, page: Page) -> None:
        """Watch a page from now on."""
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.faults.append(f"error: {error}"))
        page.on("request", self._request)
        page.on("requestfailed", self._failed)
        page.on("response", self._response)

    def _console(self, message: ConsoleMessage) -> None:
        # a page that is missing on purpose is told of by the browser
        expected = "404" in message.text and message.location.get("url", "").endswith("missing/")
        if message.type in {"error", "warning"} and not expected:
            self.faults.append(f"console {message.type}: {message.text}")

    def _request(self, request: Request) -> None:
        if not request.url.startswith((self.address, "data:", "blob:", "about:")):
            self.faults.append(f"asked another host: {request.url}")

    def _failed(self, request: Request) -> None:
        # going on to another page stops what the last one still loads
        if request.failure != "net::ERR_ABORTED":
            self.faults.append(f"failed: {request.url} ({request.failure})")

    def _response(self, response: Response) -> None:
        if response.status >= 400 and not response.url.endswith("missing/"):
            self.faults.append(f"{response.status}: {response.url}")


WAIT_MS = 30_000
"""How long a test waits for what must come, on a machine that does other things as well."""


@contextmanager
def reader(browser: Browser, **options: Any) -> Iterator[Page]:
    """A reader with a fresh browser profile; the options are Playwright's for a context."""
    context: BrowserContext = browser.new_context(**options)
    # a wait ends when what it waits for is there; a machine busy with other tests needs long for a first page
    context.set_default_timeout(WAIT_MS)
    expect.set_options(timeout=WAIT_MS)
    try:
        yield context.new_page()
    finally:
        context.close()
