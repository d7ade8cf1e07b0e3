"""Times the search against Pagefind and Material's own, to build and to use: search.py SIZE..."""

from __future__ import annotations

import argparse
import functools
import gzip
import html
import http.server
import importlib.util
import multiprocessing
import os
import resource
import shutil
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import blake2b
from pathlib import Path
from typing import Any

import generate
from bench import run
from company import NOW
from mkdocs.commands.build import build
from mkdocs.config import load_config
from playwright.sync_api import Browser, Error, Page, sync_playwright
from rich.console import Console
from rich.table import Table

from incidentbook.archive import open_repository
from incidentbook.cache import Cache
from incidentbook.mkdocs_plugin.output import SiteFolder
from incidentbook.mkdocs_plugin.search.documents import Document
from incidentbook.mkdocs_plugin.search.index import Index
from incidentbook.mkdocs_plugin.search.material import append, index_entries
from incidentbook.pages import Page as Planned
from incidentbook.pages import SearchEntry, plan
from incidentbook.publication import publish
from incidentbook.records import Audience

_SEED = 1
_TIMES = 3
_PATIENCE_MS = 180_000
_CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
_SITE = """\
site_name: Bench
site_url: http://127.0.0.1/
docs_dir: site
site_dir: {folder}
theme: {{name: material, font: false}}
plugins: [search, incidentbook: {{audience: internal, search: {engine}}}]
"""
_PAGEFIND_PAGE = (
    "<!doctype html><html lang=en><body data-pagefind-body><h1>{title}</h1><p>{text}</p>"
    "<div data-pagefind-ignore>{filters}</div></body></html>"
)

Found = Sequence[tuple[Planned, tuple[SearchEntry, ...]]]


@dataclass(frozen=True)
class Built:
    """What it took to make an index, and what came of it.

    `peak_mib` is what the process took beside the records that it had; of Pagefind, all that it took.
    """

    seconds: float
    processor_seconds: float
    peak_mib: float
    files: int
    mib: float


@dataclass(frozen=True)
class Used:
    """What a reader waits for and receives until the first result, on a first visit."""

    seconds: float
    kilobytes: float
    requests: int


def entries_of(root: Path) -> Found:
    """What the pages of a repository give the search."""
    pages = plan(publish(open_repository(root), Audience.INTERNAL), datetime.fromisoformat(NOW)).pages
    return [(page, page.make().search) for page in pages if page.source]


# -- building ---------------------------------------------------------------------------------------


def ours(found: Found, folder: Path, cache: Path, changed: int | None = None) -> Built:
    """Make our index as a build does; `changed` is the number of a record that says something else."""
    return _apart(lambda: _index(found, folder, cache, changed), folder)


def _index(found: Found, folder: Path, store: Path, changed: int | None) -> None:
    cache = Cache.open(store)
    site = SiteFolder(folder, cache)
    index = Index(cache, "bench")
    for number, (page, entries) in enumerate(found):
        if number == changed:
            said = tuple(replace(one, text=f"{one.text} {time.time_ns()} was a zebra.") for one in entries)
            index.add(Document(page.path, f"changed {time.time_ns()}", functools.partial(_given, said)))
        else:
            digest = blake2b(page.path.encode()).hexdigest()
            index.add(Document(page.path, digest, functools.partial(_given, entries)))
    index.write(site)
    site.finish()
    cache.close()


def _given(entries: tuple[SearchEntry, ...]) -> tuple[SearchEntry, ...]:
    return entries


def material(found: Found, folder: Path) -> Built:
    """Make the one file that Material's search reads; `folder` has what its plugin wrote of other pages."""

    def work() -> None:
        append(folder, [one for page, entries in found for one in index_entries(page, entries)])

    return _apart(work, folder)


def pagefind(found: Found, folder: Path) -> Built | None:
    """Make Pagefind's index, of documents that hold only what is to be found; None without Pagefind."""
    binary = _pagefind_binary()
    if binary is None:
        return None
    source = folder / "source"
    for number, (_, entries) in enumerate(found):
        for entry in entries:
            filters = "".join(
                f'<i data-pagefind-filter="{name}">{html.escape(value)}</i>'
                for name, value, _ in entry.filters
            )
            page = _PAGEFIND_PAGE.format(
                title=html.escape(entry.title), text=html.escape(entry.text), filters=filters
            )
            target = source / f"{number}" / "index.html"
            target.parent.mkdir(parents=True)
            target.write_text(page, "utf-8")
    out = folder / "pagefind"
    took = run([str(binary), "--site", str(source), "--output-path", str(out), "--silent"])
    return Built(took.seconds, took.processor_seconds, took.peak_mib, *_size(out))


def _pagefind_binary() -> Path | None:
    if importlib.util.find_spec("pagefind_bin") is None:
        return None
    return Path(importlib.import_module("pagefind_bin").get_executable())


def _apart(work: Callable[[], None], folder: Path) -> Built:
    """Do the work in a process of its own, so that its memory is its own; its children count too."""
    context = multiprocessing.get_context("fork")
    mine, theirs = context.Pipe()

    def inner() -> None:
        # the records came with the fork; what they take is not the search's
        before = _peak_mib()
        start = time.perf_counter()
        work()
        seconds = time.perf_counter() - start
        usages = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
        processor_seconds = sum(usage.ru_utime + usage.ru_stime for usage in usages)
        theirs.send((seconds, processor_seconds, _peak_mib() - before))

    process = context.Process(target=inner)
    process.start()
    seconds, processor_seconds, peak_mib = mine.recv()
    process.join()
    return Built(seconds, processor_seconds, peak_mib, *_size(folder / "search"))


def _peak_mib() -> float:
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most / (1024 if sys.platform != "darwin" else 1024 * 1024)


def _size(folder: Path) -> tuple[int, float]:
    sizes = [path.stat().st_size for path in folder.rglob("*") if path.is_file()]
    return len(sizes), sum(sizes) / 2**20


# -- using ------------------------------------------------------------------------------------------


class _Host(http.server.SimpleHTTPRequestHandler):
    """A static host that compresses, as those of sites do."""

    protocol_version = "HTTP/1.1"

    def log_message(self, *_: object) -> None:
        """Say nothing."""

    def do_GET(self) -> None:
        """Answer with a file."""
        path = Path(self.translate_path(self.path))
        path = path / "index.html" if path.is_dir() else path
        found = path.is_file()
        body = _zipped(path) if found else b""
        self.send_response(200 if found else 404)
        self.send_header("Content-Type", self.guess_type(str(path)))
        if found:
            self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


@functools.cache
def _zipped(path: Path) -> bytes:
    return gzip.compress(path.read_bytes(), 6)


@contextmanager
def _served(folder: Path) -> Iterator[str]:
    handler = functools.partial(_Host, directory=str(folder))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()
        thread.join()


def used(browser: Browser, folder: Path, query: str) -> Used:
    """Search on a first visit: from asking for the page to the first result, and all that came for it."""
    with _served(folder) as address:
        _visit(browser, address, query)  # compresses the files, which a host does beforehand
        visits = [_visit(browser, address, query) for _ in range(_TIMES)]
    seconds = statistics.median(one.seconds for one in visits)
    return Used(seconds, visits[0].kilobytes, max(one.requests for one in visits))


def _visit(browser: Browser, address: str, query: str) -> Used:
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    page = context.new_page()
    received = _received(page)
    start = time.perf_counter()
    page.goto(f"{address}?q={query}", wait_until="commit")
    page.locator(".md-search-result__link").first.wait_for(timeout=_PATIENCE_MS)
    seconds = time.perf_counter() - start
    paths = {url.removeprefix(address).split("?q=")[0]: size for url, size in received.items()}
    sizes = [size for path, size in paths.items() if "search" in path]
    context.close()
    return Used(seconds, sum(sizes) / 1000, len(sizes))


def _received(page: Page) -> Mapping[str, float]:
    """Bytes over the wire by address, as they come; with what workers ask for."""
    urls: dict[str, str] = {}
    sizes: dict[str, float] = {}
    session = page.context.new_cdp_session(page)

    def requested(event: Any) -> None:
        urls[event["requestId"]] = event["request"]["url"]

    def finished(event: Any) -> None:
        url = urls.get(event["requestId"])
        if url is not None:
            sizes[url] = sizes.get(url, 0) + event["encodedDataLength"]

    session.on("Network.requestWillBeSent", requested)
    session.on("Network.loadingFinished", finished)
    session.send("Network.enable")
    return sizes


@contextmanager
def _browser() -> Iterator[Browser | None]:
    path = next((found for name in _CHROMIUM if (found := shutil.which(name))), None)
    if path is None:
        print("no Chromium here: only the building is measured", file=sys.stderr)
        yield None
        return
    with sync_playwright() as playwright:
        try:
            browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        except Error as error:
            print(f"{path} does not start: {error}", file=sys.stderr)
            yield None
            return
        yield browser
        browser.close()


def _empty_site(root: Path, engine: str) -> Path:
    """A site of ours without records, whose index is then put in the place of its own."""
    (root / "site").mkdir(parents=True, exist_ok=True)
    (root / "site" / "about.md").write_text("# About\n", "utf-8")
    generate.write(root, 100, _SEED)
    file = root / f"{engine}.yml"
    file.write_text(_SITE.format(folder=engine, engine=engine), "utf-8")
    os.environ.setdefault("NO_MKDOCS_2_WARNING", "1")
    config: Any = load_config(config_file=str(file))
    config.plugins.on_startup(command="build", dirty=False)
    build(config)
    config.plugins.on_shutdown()
    return root / engine


# -- all of it --------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Measured:
    """What one size took."""

    size: int
    builds: Mapping[str, Built | None]
    uses: Mapping[str, Used]


def measure(records: Path | None, size: int, query: str) -> Measured:
    """Measure everything at one size, on records that are there or are made."""
    with tempfile.TemporaryDirectory(prefix="incidentbook-search-") as name:
        folder = Path(name)
        if records is None:
            records = folder / "records"
            generate.write(records, size, _SEED)
        found = entries_of(records)
        site, cache = folder / "site", folder / "cache"
        builds: dict[str, Built | None] = {
            "cold": ours(found, site, cache),
            "changed": ours(found, site, cache, len(found) // 2),
            "same": ours(found, site, cache, None),
            "Pagefind": pagefind(found, folder / "pagefind"),
        }
        own = _empty_site(folder / "own", "incidentbook")
        shutil.rmtree(own / "search")
        shutil.move(site / "search", own)
        stock = _empty_site(folder / "stock", "material")
        builds["Material"] = material(found, stock)
        uses: dict[str, Used] = {}
        with _browser() as browser:
            if browser is not None:
                uses = {"ours": used(browser, own, query), "Material": used(browser, stock, query)}
        return Measured(len(found), builds, uses)


_BUILDS = (
    ("our index, cold", "cold"),
    ("after one record changed", "changed"),
    ("nothing changed", "same"),
    ("Pagefind, the same texts", "Pagefind"),
    ("Material's index, without its pages", "Material"),
)


def report(measured: Sequence[Measured], query: str) -> Iterator[Table]:
    """Put the figures and the aims beside each other."""
    table = Table(title="making a search index")
    for title in ("", "wall", "processor", "memory", "files", "size"):
        table.add_column(title, justify="right" if title else "left")
    for one in measured:
        table.add_row(f"[bold]{one.size:,} records")
        for label, name in _BUILDS:
            built = one.builds[name]
            if built is None:
                table.add_row(label, "not installed")
                continue
            table.add_row(
                label,
                f"{built.seconds:.2f} s",
                f"{built.processor_seconds:.2f} s",
                f"{built.peak_mib:.0f} MiB",
                f"{built.files:,}",
                f"{built.mib:.1f} MiB",
            )
        table.add_section()
    yield table
    table = Table(title=f"from asking for a page with ?q={query} to the first result")
    for title in ("", "ours", "Material's", "ratio", "aim"):
        table.add_column(title, justify="right" if title else "left")
    for one in measured:
        if one.uses:
            mine, stock = one.uses["ours"], one.uses["Material"]
            table.add_row(f"[bold]{one.size:,} records")
            table.add_row(
                "time",
                f"{mine.seconds:.2f} s",
                f"{stock.seconds:.2f} s",
                f"1/{stock.seconds / mine.seconds:.0f}",
                "<= 1/10 at 10,000",
            )
            table.add_row(
                "bytes of the search, gzip",
                f"{mine.kilobytes:.0f} KB",
                f"{stock.kilobytes:,.0f} KB",
                f"1/{stock.kilobytes / mine.kilobytes:.0f}",
                "<= 1/25 at 10,000",
            )
            table.add_row("requests", f"{mine.requests}", f"{stock.requests}")
            table.add_section()
    yield table


def main() -> None:
    """Measure at each size and print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sizes", metavar="SIZE", type=int, nargs="*", help="how many records to make")
    parser.add_argument("--records", type=Path, help="measure on this records repository instead")
    parser.add_argument("--query", default="connection", help="what is searched for")
    arguments = parser.parse_args()
    measured = [measure(None, size, arguments.query) for size in arguments.sizes]
    if arguments.records:
        measured.append(measure(arguments.records, 0, arguments.query))
    for table in report(measured, arguments.query):
        Console().print(table)


if __name__ == "__main__":
    main()
