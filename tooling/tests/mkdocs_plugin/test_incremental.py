"""A build that follows what changed is the build that begins with nothing."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from incidentbook.mkdocs_plugin import output
from sitebed import CONFIGURATION, NOW, RECORDS, build_site
from testbed import MakeRepository

INCIDENT, REVIEW = "incidents/2026/INC-2026-0001.md", "incidents/2026/INC-2026-0001.review.md"
Change = Callable[[Path], None]


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two builds that are compared are of one moment."""
    monkeypatch.setenv("INCIDENTBOOK_NOW", NOW.isoformat())


def replaced(path: str, old: str, new: str) -> Change:
    def change(root: Path) -> None:
        text = (root / path).read_text("utf-8")
        assert old in text
        (root / path).write_text(text.replace(old, new), "utf-8")

    return change


def appended(path: str, text: str) -> Change:
    return replaced(path, "\n---\n", f"\n---\n{text}\n")


def clock_at(moment: datetime) -> Change:
    """Build at another moment from now on; the fixture sets the clock right again."""
    return lambda _: os.environ.update(INCIDENTBOOK_NOW=moment.isoformat())


def titles_changed(root: Path) -> None:
    for path in sorted(RECORDS):
        if path.endswith(".md") and "\ntitle: " in RECORDS[path] and (root / path).exists():
            replaced(path, "\ntitle: ", "\ntitle: Newly ")(root)


MENTIONED, QUIET = "incidents/2026/INC-2026-0077.md", "incidents/2026/INC-2026-0003.md"
AHEAD = """\
---
title: Move the shop
status: scheduled
visibility: public
planned: {{from: {0}-10T02:00+00:00, to: {0}-10T04:00+00:00}}
services: [{{service: checkout, state: major_outage}}]
---
"""
STEPS: tuple[tuple[Change, ...], ...] = (
    # what a record says, what it links, and what its review promises
    (
        replaced(INCIDENT, "title: Checkout answers 502", "title: Checkout answered 502"),
        appended(INCIDENT, "See INC-2026-0003 and [that](INC-2026-0002.md), not INC-2026-0077."),
        replaced(REVIEW, "due: 2026-11-18", "due: 2026-12-18"),
        lambda root: _write(root, "incidents/2026/MNT-2026-0002.md", AHEAD.format("2026-12").encode()),
        lambda root: _write(root, "incidents/2026/MNT-2026-0003.md", AHEAD.format("2027-01").encode()),
    ),
    # what was mentioned in vain comes to be; a file is attached
    (
        lambda root: _write(root, MENTIONED, (root / INCIDENT).read_bytes()),
        lambda root: _write(root, "incidents/2026/INC-2026-0001/graph.txt", b"first"),
    ),
    # it goes again; one record ends, another is for nobody; the attached file is another;
    # two months pass, so that what lay ahead is over
    (
        clock_at(NOW + timedelta(days=61)),
        lambda root: (root / MENTIONED).unlink(),
        replaced("incidents/2026/INC-2026-0002.md", "status: in_progress", "status: resolved"),
        replaced(QUIET, "\ntitle", "\nvisibility: restricted\ntitle"),
        lambda root: _write(root, "incidents/2026/INC-2026-0001/graph.txt", b"later"),
    ),
    # the clock is set back, as where an older state is built again
    (clock_at(NOW),),
    # what every page may show of every other
    (titles_changed,),
    # what all pages are made of
    (replaced("schema/services.yml", "name: Checkout", "name: Till"),),
)


def _write(root: Path, path: str, data: bytes) -> None:
    (root / path).parent.mkdir(exist_ok=True)
    (root / path).write_bytes(data)


def files_of(site: Path) -> dict[str, bytes]:
    found = {path.relative_to(site).as_posix(): path for path in sorted(site.rglob("*")) if path.is_file()}
    # the compressed sitemap bears the time at which it was written
    return {name: path.read_bytes() for name, path in found.items() if name != "sitemap.xml.gz"}


@pytest.mark.parametrize("audience", ["internal", "public"])
def test_after_every_change_it_is_the_site_that_a_first_build_makes(
    make_repository: MakeRepository, tmp_path: Path, audience: str
) -> None:
    configuration = CONFIGURATION.replace("audience: internal", f"audience: {audience}")
    root = make_repository(RECORDS)
    site = build_site(root, configuration=configuration)
    for number, changes in enumerate(STEPS):
        for change in changes:
            change(root)
        build_site(root, configuration=configuration)
        cold = tmp_path / f"cold{number}"
        shutil.copytree(root, cold, ignore=shutil.ignore_patterns(".cache", "public"))
        first = files_of(build_site(cold, configuration=configuration))
        later = files_of(site)
        assert later.keys() == first.keys(), number
        assert [name for name in first if first[name] != later[name]] == [], number
        shutil.rmtree(cold)


def test_what_did_not_change_is_not_written(make_repository: MakeRepository) -> None:
    root = make_repository(RECORDS)
    site = build_site(root)
    before = {path: path.stat().st_mtime_ns for path in site.rglob("*") if path.is_file()}
    replaced(REVIEW, "due: 2026-11-18", "due: 2026-12-18")(root)
    build_site(root)
    after = {path: path.stat().st_mtime_ns for path in site.rglob("*") if path.is_file()}
    written = {path.relative_to(site).as_posix() for path in after if after[path] != before.get(path)}
    assert "reviews/INC-2026-0001/index.html" in written
    assert not {
        name for name in written if name.startswith(("assets/", "maintenance/MNT-", "knowledge/articles/"))
    }


def test_a_page_that_somebody_touched_or_removed_is_written_again(make_repository: MakeRepository) -> None:
    root = make_repository(RECORDS)
    site = build_site(root)
    page, other = site / "incidents/INC-2026-0001/index.html", site / "incidents/INC-2026-0003/index.html"
    text = page.read_text("utf-8")
    page.write_text(text.replace("Checkout", "Chequout"), "utf-8")
    shutil.rmtree(other.parent)
    build_site(root)
    assert page.read_text("utf-8") == text
    assert other.is_file()


def test_what_no_build_made_is_removed_and_hidden_names_stay(make_repository: MakeRepository) -> None:
    root = make_repository(RECORDS)
    site = build_site(root)
    (site / "incidents/INC-2026-0001/old").mkdir()
    (site / "incidents/INC-2026-0001/old/index.html").write_text("old", "utf-8")
    (site / "old.html").write_text("old", "utf-8")
    (site / ".nojekyll").touch()
    build_site(root)
    assert not (site / "incidents/INC-2026-0001/old").exists()
    assert not (site / "old.html").exists()
    assert (site / ".nojekyll").exists()


def test_a_damaged_cache_costs_time_and_nothing_else(make_repository: MakeRepository) -> None:
    root = make_repository(RECORDS)
    first = files_of(build_site(root))
    for path in (root / ".cache").glob("incidentbook.sqlite*"):
        path.write_bytes(b"no database")
    assert files_of(build_site(root)) == first


def test_a_site_that_cannot_be_written_says_so(
    make_repository: MakeRepository, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    root = make_repository(RECORDS)
    monkeypatch.setattr(output.SiteFolder, "write", full)
    with pytest.raises(SystemExit):
        build_site(root)
    assert "cannot write the site" in caplog.text
