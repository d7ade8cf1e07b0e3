"""`review` and `action`: a review from its draft to its publication, and what it promises."""

from __future__ import annotations

from pathlib import Path

import pytest
from lifebed import BY, FIRST, incident

from incidentbook.archive import open_repository
from testbed import MakeRepository, RunCli, write_files

REVIEW = "incidents/2026/INC-2026-0001.review.md"
HEADINGS = (
    "Summary", "Impact", "Timeline", "Detection", "Response", "Decisions", "Communication",
    "Contributing factors", "What went well", "Actions",
)  # fmt: skip
WRITTEN = "".join(f"## {heading}\n\nSomething was said.\n\n" for heading in HEADINGS)


@pytest.fixture
def root(make_repository: MakeRepository) -> Path:
    return make_repository({FIRST: incident("resolved")})


def finished(root: Path, *, body: str = WRITTEN, head: str = "") -> None:
    text = (
        "---\nstatus: draft   # for now\nincidents: [INC-2026-0001]\nfacilitator: duty-two\n"
        "authors: [duty-one]\nstarted: 2026-11-20T11:40+00:00\ncontributing_factors: [None was tested.]\n"
        f"{head}---\n{body}"
    )
    write_files(root, {REVIEW: text})


def test_start_makes_a_draft_beside_the_incident(root: Path, run_cli: RunCli) -> None:
    done = run_cli("review", "start", "1", "--facilitator", "duty-two", *BY, repo=root)
    assert done.code == 0, done
    entry = open_repository(root).get("INC-2026-0001.review")
    assert entry is not None
    assert entry.path == REVIEW
    review = entry.record
    assert (review.status, review.facilitator, review.authors) == ("draft", "duty-two", ("duty-one",))
    assert [line for line in entry.body.splitlines() if line.startswith("## ")] == [
        f"## {h}" for h in HEADINGS
    ]
    assert "incidentbook review submit" in done.out


def test_a_second_review_is_refused_and_the_first_is_named(root: Path, run_cli: RunCli) -> None:
    finished(root)
    before = (root / REVIEW).read_bytes()
    done = run_cli("review", "start", "INC-2026-0001", *BY, repo=root)
    assert done.code == 2
    assert REVIEW in done.err
    assert (root / REVIEW).read_bytes() == before


def test_the_review_of_a_restricted_incident_is_restricted(
    make_repository: MakeRepository, run_cli: RunCli
) -> None:
    root = make_repository({FIRST: incident("resolved", "visibility: restricted\n")})
    assert run_cli("review", "start", "1", *BY, repo=root).code == 0
    entry = open_repository(root).get("INC-2026-0001.review")
    assert entry is not None
    assert entry.record.visibility == "restricted"


def test_a_cancelled_incident_has_nothing_to_review(make_repository: MakeRepository, run_cli: RunCli) -> None:
    root = make_repository({FIRST: incident("cancelled")})
    done = run_cli("review", "start", "1", *BY, repo=root)
    assert done.code == 2
    assert not (root / REVIEW).exists()


def test_publish_writes_three_values_and_leaves_the_rest(root: Path, run_cli: RunCli) -> None:
    finished(root)
    assert run_cli("review", "submit", "1", *BY, repo=root).code == 0
    assert "status: in_review   # for now\n" in (root / REVIEW).read_text()
    done = run_cli("review", "publish", "1", "--approver", "duty-three", *BY, repo=root)
    assert done.code == 0, done
    text = (root / REVIEW).read_text()
    assert "status: published   # for now\n" in text
    assert "published: 2026-11-20T12:00+00:00\n" in text
    assert text.endswith(WRITTEN)


@pytest.mark.parametrize("body", [WRITTEN.replace("Something was said.", "TODO", 1), "## Summary\n\nAll.\n"])
def test_an_empty_or_missing_heading_refuses_publication(root: Path, run_cli: RunCli, body: str) -> None:
    """In a draft both are notes: the same words must not pass as known."""
    finished(root, body=body)
    before = (root / REVIEW).read_bytes()
    done = run_cli("review", "publish", "1", "--approver", "duty-three", *BY, repo=root)
    assert done.code == 1
    assert "heading" in done.err
    assert (root / REVIEW).read_bytes() == before


def test_an_author_cannot_approve(root: Path, run_cli: RunCli) -> None:
    finished(root)
    done = run_cli("review", "publish", "1", "--approver", "duty-one", *BY, repo=root)
    assert done.code == 2
    assert "cannot approve" in done.err


def test_nobody_approved(root: Path, run_cli: RunCli) -> None:
    finished(root)
    done = run_cli("review", "publish", "1", *BY, repo=root)
    assert done.code == 2
    assert "--approver WHO" in done.err


def test_an_incident_without_a_review_says_how_to_begin_one(root: Path, run_cli: RunCli) -> None:
    done = run_cli("review", "publish", "1", "--approver", "duty-three", *BY, repo=root)
    assert done.code == 2
    assert "incidentbook review start INC-2026-0001" in done.err


ACTIONS = (
    "actions:\n  # the first\n"
    "  - {id: a1, title: Alert on the pool, owner: duty-one, due: 2026-12-01}  # soon\n"
    "  - id: a2\n    title: Alert on the queue   # later\n    owner: duty-two\n    due: 2026-12-02\n"
)


@pytest.mark.parametrize("said", ["a2", "2", "alert on the Q"])
def test_an_action_is_done_and_all_else_stays(root: Path, run_cli: RunCli, said: str) -> None:
    finished(root, head=ACTIONS)
    done = run_cli("action", "done", "1", said, "--evidence", "CHG-7: it rang", *BY, repo=root)
    assert done.code == 0, done
    text = (root / REVIEW).read_text()
    assert "    title: Alert on the queue   # later\n" in text
    assert "due: 2026-12-01}  # soon\n" in text
    assert "    state: done\n    done: 2026-11-20\n    evidence: 'CHG-7: it rang'\n" in text


@pytest.mark.parametrize(
    ("said", "why"), [("a9", "has no action `a9`"), ("alert", "begins several"), ("", "has no action")]
)
def test_an_action_that_is_not_clear_is_listed(root: Path, run_cli: RunCli, said: str, why: str) -> None:
    finished(root, head=ACTIONS)
    done = run_cli("action", "drop", "1", said, "-m", "no", *BY, repo=root)
    assert done.code == 2
    assert why in done.err
    assert "a1  Alert on the pool" in done.err


def test_done_without_evidence_is_refused_by_the_rule(root: Path, run_cli: RunCli) -> None:
    finished(root, head=ACTIONS)
    done = run_cli("action", "done", "1", "a1", *BY, repo=root)
    assert done.code == 1
    assert "action-without-evidence" in done.err


def test_add_takes_the_next_number_and_a_settled_action_stays_settled(root: Path, run_cli: RunCli) -> None:
    finished(root, head=ACTIONS)
    arguments = ("-m", "Try: it {all}", "--owner", "duty-one", "--due", "2026-12-05", "--type", "prevent")
    assert run_cli("action", "add", "INC-2026-0001.review", *arguments, *BY, repo=root).code == 0
    assert run_cli("action", "drop", "1", "a3", "-m", "Not needed", *BY, repo=root).code == 0
    again = run_cli("action", "done", "1", "a3", "--evidence", "x", *BY, repo=root)
    assert again.code == 2
    assert "is dropped" in again.err
    entry = open_repository(root).get("INC-2026-0001.review")
    assert entry is not None
    last = entry.record.actions[-1]
    assert (last.id, last.title, last.state, last.reason) == ("a3", "Try: it {all}", "dropped", "Not needed")


def test_a_day_that_is_none_is_told(root: Path, run_cli: RunCli) -> None:
    finished(root)
    done = run_cli("action", "add", "1", "-m", "x", "--due", "2026-13-01", *BY, repo=root)
    assert done.code == 2
    assert "--due is `2026-13-01`" in done.err
