"""`watch`: one tracking issue a record, closed when over."""

from __future__ import annotations

import pytest

from testbed import NEW_INCIDENT
from workflowbed import HOSTILE, ForgeBed

STEP = "Open, update and close tracking issues"


def test_what_wants_attention_has_one_issue_until_it_is_over(bed: ForgeBed) -> None:
    path = "incidents/2026/INC-2026-0001.md"
    title = " ".join(HOSTILE[name] for name in ("quotes", "commands", "expression", "markup"))
    late = NEW_INCIDENT.replace("title: Checkout answers 502 for one request in five", f"title: {title!r}")
    late = late.replace(repr(title), "'" + title.replace("'", "''") + "'")
    hidden = NEW_INCIDENT.replace("status: new", "status: new\nvisibility: restricted")
    bed.commit({path: late, "incidents/2026/INC-2026-0002.md": hidden})
    bed.push("main")
    for _ in range(2):
        done = bed.runner("watch", "schedule").run("watch")
        assert done.step(STEP).code == 0, done.step(STEP).err
    (issue,) = bed.gh.state["issues"]
    assert "INC-2026-0001" in issue["title"] + issue["body"]
    assert "INC-2026-0001" in done.summary
    assert "INC-2026-0002" not in done.summary
    assert bed.untouched()
    assert not any("token-of-this-run" in line for line in (done.summary, issue["title"], issue["body"]))
    bed.commit({path: late.replace("status: new", "status: cancelled")})
    bed.push("main")
    assert bed.runner("watch", "schedule").run("watch").succeeded
    assert [issue["state"] for issue in bed.gh.state["issues"]] == ["closed"]


def test_a_forge_that_refuses_fails_the_job(bed: ForgeBed) -> None:
    bed.commit({"incidents/2026/INC-2026-0001.md": NEW_INCIDENT})
    bed.push("main")
    bed.gh.refuse("HTTP 403: Resource not accessible by integration")
    done = bed.runner("watch", "schedule").run("watch")
    assert done.step(STEP).code == 2
    assert "403" in done.step(STEP).err


@pytest.mark.parametrize(("ref", "starts"), [("refs/heads/main", True), ("refs/heads/other", False)])
def test_only_main_is_watched(ref: str, starts: bool, bed: ForgeBed) -> None:
    assert bed.runner("watch", "workflow_dispatch", ref=ref).starts("watch") is starts
