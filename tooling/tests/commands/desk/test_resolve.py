"""`resolve`: everything that the rules want of a resolution, and of those that follow."""

from __future__ import annotations

from pathlib import Path

import pytest
from lifebed import BY, FIRST, incident, record

from testbed import MakeRepository, RunCli

SECOND, THIRD = "incidents/2026/INC-2026-0002.md", "incidents/2026/INC-2026-0003.md"
PROBLEM = """\
---
title: The pool is too small
status: open
opened: 2026-11-20T10:30+00:00
services: [checkout]
---
"""
ARTICLE = """\
---
title: Restart the pool
status: published
type: runbook
owner: duty-one
reviewed: 2026-11-01
review_by: 2027-11-01
---
Restart it.
"""
DONE = ("-m", "Pool larger.", "--code", "fixed", "--summary", "Orders failed.")


@pytest.fixture
def root(make_repository: MakeRepository) -> Path:
    return make_repository(
        {
            FIRST: incident("on_hold"),
            "knowledge/problems/PRB-2026-0001.md": PROBLEM,
            "knowledge/articles/restart-the-pool.md": ARTICLE,
        }
    )


def test_everything_ends_when_service_was_back(root: Path, run_cli: RunCli) -> None:
    outcome = run_cli(
        "resolve", "1", *DONE, "--temporary", "--problem", "1", "--article", "restart-the-pool",
        "--workaround", "Try again.", "--restored", "2026-11-20T11:40Z", *BY, repo=root,
    )  # fmt: skip
    assert outcome.code == 0, outcome.err
    found = record(root)
    assert (found.status, found.resolved_by, found.summary) == ("resolved", "duty-one", "Orders failed.")
    assert (found.resolved.hour, found.restored.minute) == (12, 40)
    assert found.services[0].to == found.restored
    assert found.holds[0].to == found.resolved
    assert (found.links.problem, found.links.articles) == ("PRB-2026-0001", ("restart-the-pool",))
    said = found.resolution
    assert (said.code, said.permanence, said.workaround) == ("fixed", "temporary", "Try again.")
    assert "to: 2026-11-20T11:40+00:00}   # all tills" in (root / FIRST).read_text()
    assert run_cli("check", FIRST, repo=root).code == 0


def test_what_is_not_said_is_named_at_once(root: Path, run_cli: RunCli) -> None:
    outcome = run_cli("resolve", "1", "-m", "Done.", *BY, repo=root)
    assert outcome.code == 2
    assert "missing: --code  how it ended: fixed, rolled_back" in outcome.err
    assert "missing: --permanent or --temporary" in outcome.err


def test_a_temporary_resolution_needs_a_problem(root: Path, run_cli: RunCli) -> None:
    before = (root / FIRST).read_text()
    outcome = run_cli("resolve", "1", *DONE[:4], "--temporary", *BY, repo=root)
    assert outcome.code == 1
    assert "temporary-without-follow-up" in outcome.err
    assert "`incidentbook problem new --from INC-2026-0001` makes" in outcome.err
    assert "missing-summary" in outcome.err and "say with --summary" in outcome.err
    assert (root / FIRST).read_text() == before


def test_who_resolves_what_nobody_took_has_taken_it(root: Path, run_cli: RunCli) -> None:
    (root / FIRST).write_text(incident("new"))
    assert run_cli("resolve", "1", *DONE, "--permanent", *BY, repo=root).code == 0
    found = record(root)
    assert found.acknowledged == found.resolved
    assert [(one.team, one.owner) for one in found.assignments] == [("payments", "duty-one")]
    assert run_cli("check", FIRST, repo=root).code == 0


def test_a_record_written_after_the_fact_has_no_acknowledgement(root: Path, run_cli: RunCli) -> None:
    late = incident("new").replace(
        "opened: 2026-11-20T10:05", "started: 2026-11-20T09:00+00:00\nopened: 2026-11-20T11:30"
    )
    (root / FIRST).write_text(late.replace("from: 2026-11-20T10:00", "from: 2026-11-20T09:00"))
    outcome = run_cli("resolve", "1", *DONE, "--permanent", "--at", "2026-11-20T10:00Z", *BY, repo=root)
    assert outcome.code == 0, outcome.err
    assert record(root).acknowledged is None


def test_those_that_follow_are_resolved_with_it(root: Path, run_cli: RunCli) -> None:
    (root / SECOND).write_text(incident("new", "links: {parent: INC-2026-0001}   # same cause\n"))
    (root / THIRD).write_text(incident("in_progress", "links: {parent: INC-2026-0001}   # other site\n"))
    outcome = run_cli("resolve", "1", *DONE, "--permanent", "--apart", "3", *BY, repo=root)
    assert outcome.code == 0, outcome.err
    assert "  INC-2026-0002: resolved with it" in outcome.out
    assert "  INC-2026-0003: goes on apart" in outcome.out
    child, other = record(root, "INC-2026-0002"), record(root, "INC-2026-0003")
    assert (child.status, child.resolved, child.resolved_by) == (
        "resolved",
        record(root).resolved,
        "duty-one",
    )
    assert child.summary == "Orders failed."
    assert (other.status, other.links.apart) == ("in_progress", "Not over with INC-2026-0001.")
    assert "apart: Not over with INC-2026-0001.}   # other site" in (root / THIRD).read_text()
    assert run_cli("check", repo=root).code == 0


def test_only_what_follows_can_go_on_apart(root: Path, run_cli: RunCli) -> None:
    (root / SECOND).write_text(incident("in_progress"))
    outcome = run_cli("resolve", "1", *DONE, "--permanent", "--apart", "2", *BY, repo=root)
    assert outcome.code == 2 and "is no open incident that follows INC-2026-0001" in outcome.err


def test_nothing_is_written_where_a_child_cannot_be(root: Path, run_cli: RunCli) -> None:
    broken = incident("in_progress", "links: {parent: INC-2026-0001}\nlocation: Pier 4\nlocation: Pier 5\n")
    (root / SECOND).write_text(broken)
    before = (root / FIRST).read_text()
    outcome = run_cli("resolve", "1", *DONE, "--permanent", *BY, repo=root)
    assert outcome.code == 2 and "INC-2026-0002 has errors in its YAML; nothing was written" in outcome.err
    assert ((root / FIRST).read_text(), (root / SECOND).read_text()) == (before, broken)
