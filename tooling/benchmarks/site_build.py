"""Times the building of a site against Hugo and stock MkDocs Material: site_build.py SIZE..."""

from __future__ import annotations

import argparse
import gzip
import os
import re
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

import generate
from bench import Run, run
from company import NOW
from rich.console import Console
from rich.table import Table

_SEED = 1
_STATUS = re.compile(r"^status: \w+$", re.MULTILINE)
_OPEN = re.compile(r"^status: (?:new|assigned|in_progress|on_hold)$", re.MULTILINE)
_STOCK_UP_TO = 10_000
"""Stock Material takes minutes beyond this, and more memory than a laptop has."""

_SITE = """\
site_name: Bench
site_url: http://127.0.0.1/bench/
docs_dir: site
site_dir: public
theme: {{name: material, font: false}}
plugins: [{search}incidentbook: {{audience: internal}}]
"""
_STOCK = """\
site_name: Bench
site_url: http://127.0.0.1/bench/
docs_dir: stock
site_dir: stock-public
theme: {name: material, font: false}
not_in_nav: |
  *
nav: [index.md]
plugins: [search]
"""
_HUGO = """\
baseURL = "http://127.0.0.1/bench/"
disableKinds = ["taxonomy", "term", "RSS", "sitemap", "404"]
timeout = "600s"
"""
_HUGO_LAYOUTS = {
    "_default/single.html": "<!doctype html><html lang=en><head><title>{{.Title}}</title></head>"
    "<body><h1>{{.Title}}</h1>{{.Content}}</body></html>",
    "_default/list.html": "<!doctype html><html lang=en><head><title>{{.Title}}</title></head><body><ul>"
    '{{range .Pages}}<li><a href="{{.RelPermalink}}">{{.Title}}</a></li>{{end}}</ul></body></html>',
}


@dataclass(frozen=True)
class Measured:
    """What one size took; `runs` by name, of which some are missing where a tool is."""

    size: int
    runs: Mapping[str, Run]
    page_bytes: int
    """The median of the incidents' pages, compressed as a server sends them."""


@dataclass
class Ground:
    """A records repository beside what the other generators need of it."""

    root: Path
    size: int
    now: datetime = field(default_factory=lambda: datetime.fromisoformat(NOW))

    def prepare(self) -> None:
        """Write the records, and for the others the same files where they look for them."""
        generate.write(self.root, self.size, _SEED)
        (self.root / "site").mkdir()
        for search, name in (("", "plain.yml"), ("search, ", "search.yml")):
            (self.root / name).write_text(_SITE.format(search=search), "utf-8")
        hugo = self.root / "hugo"
        (hugo / "content").mkdir(parents=True)
        (hugo / "config.toml").write_text(_HUGO, "utf-8")
        for name, layout in _HUGO_LAYOUTS.items():
            (hugo / "layouts" / name).parent.mkdir(parents=True, exist_ok=True)
            (hugo / "layouts" / name).write_text(layout, "utf-8")
        for room in ("incidents", "knowledge"):
            shutil.copytree(self.root / room, hugo / "content" / room)

    def hugo(self) -> Run:
        """Build with Hugo, from nothing."""
        shutil.rmtree(self.root / "hugo" / "public", ignore_errors=True)
        return run(["hugo", "--quiet", "--source", str(self.root / "hugo")])

    def stock(self) -> Run:
        """Build with MkDocs Material and its own search, every record a page out of the navigation."""
        docs = self.root / "stock"
        if not docs.exists():
            shutil.copytree(self.root / "hugo" / "content", docs)
            (docs / "index.md").write_text("# Records\n", "utf-8")
            (self.root / "stock.yml").write_text(_STOCK, "utf-8")
        return run([*_mkdocs(), "--config-file", str(self.root / "stock.yml")])

    def ours(self, configuration: str, *, cold: bool = False, clean: bool = False) -> Run:
        """Build with Incidentbook; `cold` without its cache and output, `clean` without the output.

        Each build is some minutes after the one before, as in life: what ages is made again.
        """
        if cold:
            shutil.rmtree(self.root / ".cache", ignore_errors=True)
        if cold or clean:
            shutil.rmtree(self.root / "public", ignore_errors=True)
        self.now += timedelta(minutes=5)
        with _environment(INCIDENTBOOK_NOW=self.now.isoformat(), NO_MKDOCS_2_WARNING="1"):
            return run([*_mkdocs(), "--config-file", str(self.root / configuration)])

    def latest(self) -> Path:
        """The newest incident that is open, else the newest of all: a thousand records may have none."""
        incidents = sorted(self.root.glob("incidents/*/INC-????-????.md"), reverse=True)
        return next((one for one in incidents if _OPEN.search(one.read_text("utf-8"))), incidents[0])

    def post_update(self) -> None:
        """Say something new of an incident."""
        path = self.latest()
        path.write_text(path.read_text("utf-8") + f"\nAt {self.now:%H:%M} more was known.\n", "utf-8")

    def resolve(self) -> None:
        """Move an incident to another state, which may change every figure."""
        path = self.latest()
        text = path.read_text("utf-8")
        ended = "status: resolved"
        if "\nresolved: " not in text:
            ended += f"\nresolved: {self.now.isoformat(timespec='minutes')}"
        path.write_text(_STATUS.sub(ended, text, count=1), "utf-8")


def _mkdocs() -> list[str]:
    return [str(Path(sys.executable).with_name("mkdocs")), "--quiet", "build"]


@contextmanager
def _environment(**values: str) -> Iterator[None]:
    before = dict(os.environ)
    os.environ.update(values)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


def measure(root: Path, size: int, repeat: int) -> Measured:
    """Measure everything at one size; in rounds, so that what else the machine does falls on all alike."""
    ground = Ground(root, size)
    ground.prepare()
    found: dict[str, list[Run]] = {}

    def note(name: str, one: Callable[[], Run]) -> None:
        found.setdefault(name, []).append(one())

    for _ in range(repeat):
        if shutil.which("hugo"):
            note("Hugo", ground.hugo)
        note("cold", lambda: ground.ours("plain.yml", cold=True))
        ground.post_update()
        note("update", lambda: ground.ours("plain.yml"))
        ground.resolve()
        note("resolve", lambda: ground.ours("plain.yml"))
        note("nothing there", lambda: ground.ours("plain.yml", clean=True))
        note("cold, search", lambda: ground.ours("search.yml", cold=True))
        ground.post_update()
        note("update, search", lambda: ground.ours("search.yml"))
    if size <= _STOCK_UP_TO:
        note("stock Material", ground.stock)
    if not any(root.glob("public/incidents/INC-*/index.html")):
        sys.exit(f"no site was built at {size:,} records")
    sizes = sorted(
        len(gzip.compress(path.read_bytes())) for path in root.glob("public/incidents/INC-*/index.html")
    )
    best = {name: min(runs, key=lambda one: one.seconds) for name, runs in found.items()}
    return Measured(size, best, sizes[len(sizes) // 2])


_ROWS = (
    ("Hugo, minimal theme, no search", "Hugo", None),
    ("stock Material with its search", "stock Material", None),
    ("cold, without search", "cold", 1.0),
    ("cold, with search", "cold, search", 2.5),
    ("after one update posted, without search", "update", 0.3),
    ("after one update posted, with search", "update, search", 0.5),
    ("after one incident resolved, without search", "resolve", 0.3),
    ("nothing changed, but the output is gone", "nothing there", None),
)

_OURS = ("cold", "cold, search", "update", "update, search", "resolve", "nothing there")


def report(measured: Sequence[Measured]) -> Iterator[Table]:
    """Put the times, their ratio to Hugo's, and the aims beside each other."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    table = Table(title=f"building a site, {cores} cores, best of the repeats (in brackets: of Hugo's time)")
    table.add_column("")
    for one in measured:
        table.add_column(f"{one.size:,} records", justify="right")
    table.add_column("aim at 10,000", justify="right")
    for label, name, aim in _ROWS:
        cells = [_time(one, name) for one in measured]
        table.add_row(label, *cells, f"<= {aim}" if aim else "")
    table.add_section()
    each = [f"{one.runs['cold'].seconds / one.size * 1e3:.2f} ms" for one in measured]
    table.add_row("each record, cold", *each, "flat to 50,000")
    peaks = [f"{max(one.runs[name].peak_mib for name in _OURS):.0f} MiB" for one in measured]
    table.add_row("largest process", *peaks, "<= 600 MB")
    table.add_row(
        "an incident's page, gzip", *(f"{one.page_bytes / 1e3:.1f} KB" for one in measured), "<= 15 KB"
    )
    yield table


def _time(measured: Measured, name: str) -> str:
    one, hugo = measured.runs.get(name), measured.runs.get("Hugo")
    if one is None:
        return "not run"
    share = f" ({one.seconds / hugo.seconds:.2f})" if hugo and one is not hugo else ""
    return f"{one.seconds:.1f} s{share}"


def main() -> None:
    """Measure at each size and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sizes", metavar="SIZE", type=int, nargs="+", help="how many records")
    parser.add_argument("--repeat", type=int, default=1, help="rounds; the best of each counts")
    arguments = parser.parse_args()
    if not shutil.which("hugo"):
        print("no hugo here, so no ratio to it; Debian and Ubuntu: apt install hugo", file=sys.stderr)
    measured = []
    for size in arguments.sizes:
        with tempfile.TemporaryDirectory(prefix="incidentbook-bench-") as folder:
            measured.append(measure(Path(folder), size, arguments.repeat))
    for table in report(measured):
        Console().print(table)


if __name__ == "__main__":
    main()
