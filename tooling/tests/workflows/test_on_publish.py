"""`publish`: the public site goes out, and says how long it took from the push to the page."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from expressionbed import condition
from runnerbed import JobRun, recorded
from testbed import NEW_INCIDENT
from workflowbed import ForgeBed

PUSHED = 1795175875
PAGE = {"deployment": {"page_url": "https://status.harbourline.example/"}}


@pytest.fixture
def clock(tmp_path: Path) -> Path:
    """A `date` that says it is 83 seconds after the push, and reads dates as ever."""
    folder = tmp_path / "clock"
    folder.mkdir()
    script = (
        f'#!/bin/sh\nif [ "$*" = +%s ]; then echo {PUSHED + 83}; else PATH=/usr/bin:/bin exec date "$@"; fi\n'
    )
    (folder / "date").write_text(script, encoding="utf-8")
    (folder / "date").chmod(0o755)
    return folder


def deployed(bed: ForgeBed, clock: Path, event: str, **changes: Any) -> JobRun:
    runner = bed.runner("publish", event, recorded(event, **changes), action_outputs=PAGE)
    runner.programs = [clock, *runner.programs]
    assert runner.starts("deploy", build="success")
    return runner.run("deploy")


def test_the_public_site_is_built_and_kept_for_pages(bed: ForgeBed) -> None:
    told = NEW_INCIDENT.replace("status: new", "status: new\nvisibility: public")
    kept = NEW_INCIDENT.replace("Checkout answers 502", "Pay roll leaks $(touch pwned)")
    bed.commit({"incidents/2026/INC-2026-0001.md": told, "incidents/2026/INC-2026-0002.md": kept})
    bed.push("main")
    done = bed.runner("publish", "push").run("build")
    assert done.succeeded, done.steps
    assert done.names == ["Build"]
    page = (done.workspace / "public" / "index.html").read_text("utf-8")
    assert "Checkout answers 502" in page
    assert "Pay roll leaks" not in page
    assert (done.workspace / ".cache").is_dir()
    assert done.actions == [
        "actions/setup-python",
        "actions/cache/restore",
        "actions/cache/save",
        "actions/upload-pages-artifact",
    ]


def test_only_main_reads_or_writes_the_cache_and_what_is_there_is_not_written_again(bed: ForgeBed) -> None:
    def actions(ref: str, hit: str) -> list[str]:
        runner = bed.runner("publish", "workflow_dispatch", ref=ref)
        known = {"success": lambda: True}
        contexts = {"github": {"ref": ref}, "steps": {"cache": {"outputs": {"cache-hit": hit}}}}
        steps = runner.workflow["jobs"]["build"]["steps"]
        return [
            step["uses"]
            for step in steps
            if "cache" in step.get("uses", "") and condition(step["if"], contexts, known)
        ]

    assert actions("refs/heads/other", "") == []
    assert len(actions("refs/heads/main", "")) == 2
    assert len(actions("refs/heads/main", "true")) == 1


def test_a_branch_is_built_but_never_deployed(bed: ForgeBed) -> None:
    runner = bed.runner("publish", "workflow_dispatch", ref="refs/heads/other")
    assert runner.starts("build")
    assert not runner.starts("deploy", build="success")
    assert not bed.runner("publish", "push").starts("deploy", build="failure")


STEP = "Say how long it took from the push to the page"


@pytest.mark.parametrize(
    ("event", "changes"),
    [
        ("push", {"repository__pushed_at": PUSHED}),
        # from an automatic merge, whose own push starts nothing
        ("workflow_dispatch", {"inputs__pushed": "2026-11-20T11:57:55Z"}),
    ],
)
def test_the_time_from_push_to_page_is_measured(
    event: str, changes: dict[str, Any], bed: ForgeBed, clock: Path
) -> None:
    done = deployed(bed, clock, event, **changes)
    assert done.step(STEP).out == "::notice title=From push to page::83 seconds\n"
    assert done.summary == "From push to page: **83 seconds**, https://status.harbourline.example/\n"


@pytest.mark.parametrize("event", ["schedule", "workflow_dispatch"])
def test_where_nothing_was_pushed_nothing_is_measured(event: str, bed: ForgeBed, clock: Path) -> None:
    done = deployed(bed, clock, event)
    assert (done.steps, done.summary) == ([], "")


@pytest.mark.parametrize("pushed", ["$(touch pwned)", "a[$(touch pwned)]", "`touch pwned`", "1;touch pwned"])
def test_a_time_that_is_none_runs_nothing(pushed: str, bed: ForgeBed, clock: Path) -> None:
    done = deployed(bed, clock, "workflow_dispatch", inputs__pushed=pushed)
    assert not done.succeeded
    assert done.summary == ""
    assert list(bed.folder.rglob("pwned*")) == []
