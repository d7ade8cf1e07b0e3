"""`problem`, `article` and `maintenance`: begun under the next free name, and moved along."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from lifebed import BY, FIRST, incident

from incidentbook.archive import open_repository
from testbed import CommitAll, MakeRepository, RunCli, git, write_files

SECOND = FIRST.replace("0001", "0002")


@pytest.fixture
def root(make_repository: MakeRepository) -> Path:
    return make_repository(
        {
            FIRST: incident(
                "closed", "symptoms: [Answers 502]\nlinks:\n  # read it\n  articles: [restart]\n"
            ),
            SECOND: incident("in_progress"),
            "knowledge/articles/restart.md": "---\ntitle: Restart\nstatus: published\ntype: runbook\n"
            "owner: duty-one\nreview_by: 2027-01-01\n---\nRestart it.\n",
        }
    )


def record(root: Path, id_: str) -> Any:
    entry = open_repository(root).get(id_)
    assert entry is not None
    return entry.record


def test_a_problem_is_logged_from_its_incidents_in_one_commit(
    root: Path, run_cli: RunCli, commit_all: CommitAll
) -> None:
    commit_all(root)
    write_files(root, {"unrelated.txt": "mine"})
    done = run_cli(
        "problem",
        "new",
        "-m",
        "The pool is too small",
        "--from",
        "1",
        "--from",
        "2",
        "--commit",
        *BY,
        repo=root,
    )
    assert done.code == 0, done
    problem = record(root, "PRB-2026-0001")
    assert (problem.title, problem.status, problem.owner, problem.team) == (
        "The pool is too small", "open", "duty-one", "payments",
    )  # fmt: skip
    assert problem.services == ("checkout",)
    assert problem.symptoms == ("Answers 502",)
    assert record(root, "INC-2026-0001").links.problem == "PRB-2026-0001"
    assert "  # read it\n  articles: [restart]\n  problem: PRB-2026-0001\n" in (root / FIRST).read_text()
    assert record(root, "INC-2026-0002").links.problem == "PRB-2026-0001"
    assert set(git(root, "show", "--name-only", "--format=", "HEAD").split()) == {
        FIRST, SECOND, "knowledge/problems/PRB-2026-0001.md",
    }  # fmt: skip


def test_a_number_of_another_branch_is_not_taken_again(
    root: Path, run_cli: RunCli, commit_all: CommitAll
) -> None:
    commit_all(root)
    git(root, "switch", "--quiet", "--create", "other")
    write_files(root, {"knowledge/problems/PRB-2026-0007.md": "---\ntitle: x\nstatus: open\n---\n"})
    commit_all(root)
    git(root, "switch", "--quiet", "main")
    assert run_cli("problem", "new", "-m", "x", *BY, repo=root).code == 0
    assert record(root, "PRB-2026-0008").title == "x"


def test_an_incident_with_a_problem_keeps_it(root: Path, run_cli: RunCli) -> None:
    assert run_cli("problem", "new", "-m", "x", "--from", "1", *BY, repo=root).code == 0
    before = (root / FIRST).read_bytes()
    done = run_cli("problem", "new", "-m", "y", "--from", "1", *BY, repo=root)
    assert done.code == 2
    assert "PRB-2026-0001" in done.err
    assert (root / FIRST).read_bytes() == before
    assert not (root / "knowledge/problems/PRB-2026-0002.md").exists()


def test_a_problem_is_known_fixed_closed(root: Path, run_cli: RunCli) -> None:
    run_cli("problem", "new", "-m", "x", *BY, repo=root)
    bare = run_cli("problem", "known-error", "PRB-1", *BY, repo=root)
    assert bare.code == 1
    assert "known-error-without-workaround" in bare.err
    steps = (
        ("known-error", "--root-cause", "Too few", "--workaround", "Restart"),
        ("resolve", "--permanent-fix", "More"),
        ("close",),
    )
    for verb, *options in steps:
        done = run_cli("problem", verb, "PRB-1", *options, *BY, repo=root)
        assert done.code == 0, done
        again = run_cli("problem", verb, "PRB-1", *options, *BY, repo=root)
        assert again.code == 2
        assert "instead" in again.err
    problem = record(root, "PRB-2026-0001")
    assert problem.status == "closed"
    assert None not in (problem.known_error, problem.resolved, problem.closed)


def test_an_article_is_begun_and_cannot_be_published_with_questions(root: Path, run_cli: RunCli) -> None:
    done = run_cli(
        "article", "new", "grow-the-pool", "--title", "Grow: the pool", "--type", "runbook", "--from", "1",
        *BY, repo=root,
    )  # fmt: skip
    assert done.code == 0, done
    article = record(root, "grow-the-pool")
    assert (article.status, article.type, article.services) == ("draft", "runbook", ("checkout",))
    path = root / "knowledge/articles/grow-the-pool.md"
    assert "## Mitigation" in path.read_text()
    assert "In INC-2026-0001: Pool made larger." in path.read_text()
    refused = run_cli("article", "publish", "grow-the-pool", *BY, repo=root)
    assert refused.code == 2
    assert "`Meaning`" in refused.err
    path.write_text(path.read_text().replace("-->\n", "-->\n\nThis.\n"))
    done = run_cli("article", "publish", "grow-the-pool", "--review-by", "2027-05-01", *BY, repo=root)
    assert done.code == 0, done
    assert str(record(root, "grow-the-pool").review_by) == "2027-05-01"


@pytest.mark.parametrize("slug", ["Grow The Pool", "../x", "-x", "a" * 101, "x/y", ""])
def test_a_name_that_is_no_file_name_is_refused(root: Path, run_cli: RunCli, slug: str) -> None:
    done = run_cli("article", "new", *BY, "--title", "x", "--type", "faq", "--", slug, repo=root)
    assert done.code == 2
    assert "cannot name an article" in done.err


def test_an_article_that_is_there_is_kept_and_retired_once(root: Path, run_cli: RunCli) -> None:
    assert run_cli("article", "new", "restart", "--title", "x", "--type", "faq", *BY, repo=root).code == 2
    run_cli("article", "new", "other", "--title", "x", "--type", "faq", *BY, repo=root)
    assert run_cli("article", "retire", "restart", "--replaced-by", "nothing", *BY, repo=root).code == 2
    assert run_cli("article", "retire", "restart", "--replaced-by", "other", *BY, repo=root).code == 0
    assert record(root, "restart").replaced_by == "other"
    assert run_cli("article", "retire", "restart", *BY, repo=root).code == 2


NEW = ("maintenance", "new", "-m", "New disks", "--from", "2026-11-20T12:00+00:00")


def test_a_maintenance_runs_its_course(root: Path, run_cli: RunCli) -> None:
    done = run_cli(*NEW, "--to", "2026-11-20T14:00Z", "--service", "checkout=major_outage", *BY, repo=root)
    assert done.code == 0, done
    for verb in ("start", "complete"):
        done = run_cli("maintenance", verb, "MNT-1", *BY, repo=root)
        assert done.code == 0, done
    work = record(root, "MNT-2026-0001")
    assert (work.status, work.services[0].state) == ("completed", "major_outage")
    assert work.actual.from_ == work.actual.to
    late = run_cli("maintenance", "cancel", "MNT-1", "-m", "no", *BY, repo=root)
    assert late.code == 2
    assert "is completed" in late.err


def test_a_maintenance_is_called_off(root: Path, run_cli: RunCli) -> None:
    run_cli(*NEW, "--to", "2026-11-20T14:00Z", "--service", "checkout", *BY, repo=root)
    assert run_cli("maintenance", "complete", "MNT-1", *BY, repo=root).code == 2
    assert run_cli("maintenance", "cancel", "MNT-1", "-m", "Too windy", *BY, repo=root).code == 0
    assert record(root, "MNT-2026-0001").cancel_reason == "Too windy"


@pytest.mark.parametrize(
    ("options", "code", "why"),
    [
        (("--to", "2026-11-20T11:00Z", "--service", "checkout"), 2, "not after"),
        (("--to", "2026-11-20T14:00", "--service", "checkout"), 2, "no offset"),
        (("--to", "2026-11-20T14:00Z", "--service", "checkut"), 1, "checkut"),
        (("--to", "2026-11-20T14:00Z", "--service", "checkout=down"), 1, "down"),
    ],
)
def test_a_maintenance_that_cannot_be_is_not_written(
    root: Path, run_cli: RunCli, options: tuple[str, ...], code: int, why: str
) -> None:
    done = run_cli(*NEW, *options, *BY, repo=root)
    assert done.code == code
    assert why in done.err
    assert not list((root / "incidents").rglob("MNT-*"))
