"""`draft`, as somebody runs it; and what becomes of a draft that nobody finished."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from testbed import NEW_INCIDENT, MakeRepository, RunCli

PATH = "incidents/2026/INC-2026-0007.md"
PUBLIC = NEW_INCIDENT.replace("status: new", "status: new\nvisibility: public")


@pytest.fixture
def root(make_repository: MakeRepository) -> Path:
    return make_repository({PATH: PUBLIC})


def test_an_id_may_be_short_and_nothing_is_written(root: Path, run_cli: RunCli) -> None:
    before = sorted(root.rglob("*.md"))
    whole = run_cli("draft", "update", "INC-2026-0007", repo=root)
    assert whole.code == 0
    assert whole.out == run_cli("draft", "update", "7", repo=root).out
    assert "Checkout is partly down" in whole.out
    assert sorted(root.rglob("*.md")) == before


def test_an_unknown_id_is_told(root: Path, run_cli: RunCli) -> None:
    outcome = run_cli("draft", "update", "INC-2026-0070", repo=root)
    assert outcome.code == 2
    assert "INC-2026-0007" in outcome.err


def test_write_makes_a_file_beside_the_records_once(root: Path, run_cli: RunCli) -> None:
    printed = run_cli("draft", "resolution", "7", repo=root).out
    outcome = run_cli("draft", "resolution", "7", "--write", repo=root)
    assert outcome.code == 0
    path = "drafts/INC-2026-0007.resolution.md"
    assert outcome.out == (
        f"Wrote {path}; answer its questions, then tell it: incidentbook update INC-2026-0007 "
        f'--status resolved --public -m "$(cat {path})"\n'
    )
    assert (root / "drafts/INC-2026-0007.resolution.md").read_text() == printed
    again = run_cli("draft", "resolution", "7", "--write", repo=root)
    assert again.code == 2
    assert "is there already" in again.err


def test_a_place_that_cannot_be_written_to_is_told(root: Path, run_cli: RunCli) -> None:
    (root / "drafts").write_text("a file, and no folder")
    outcome = run_cli("draft", "resolution", "7", "--write", repo=root)
    assert outcome.code == 2
    assert "drafts cannot be written" in outcome.err


@pytest.mark.parametrize(("audience", "public"), [("public", " --public"), ("internal", "")])
def test_the_command_that_tells_a_draft_tells_it_to_its_readers(
    root: Path, run_cli: RunCli, audience: str, public: str
) -> None:
    outcome = run_cli("draft", "update", "7", "--write", "--audience", audience, repo=root)
    assert f'incidentbook update INC-2026-0007{public} -m "$(cat drafts/' in outcome.out


def test_a_folder_that_leads_elsewhere_is_not_written_through(root: Path, run_cli: RunCli) -> None:
    outside = root.parent / "outside"
    outside.mkdir()
    (root / ".hidden").mkdir()
    for target in (outside, root.parent / "nothing", root / ".hidden", root / "drafts"):
        (root / "drafts").symlink_to(target)
        outcome = run_cli("draft", "update", "7", "--write", repo=root)
        assert (outcome.code, outcome.out) == (2, ""), target
        assert "drafts" in outcome.err and "link" in outcome.err, outcome.err
        assert not [*outside.iterdir(), *(root / ".hidden").iterdir()]
        (root / "drafts").unlink()
    (root / "texts").mkdir()
    (root / "drafts").symlink_to("texts")
    assert run_cli("draft", "update", "7", "--write", repo=root).code == 0


def test_a_review_is_written_by_its_own_verb(root: Path, run_cli: RunCli) -> None:
    assert "## Timeline" in run_cli("draft", "review", "7", repo=root).out
    refused = run_cli("draft", "review", "7", "--write", repo=root)
    assert refused.code == 2
    assert "`incidentbook review start 7` writes the file" in refused.err
    assert run_cli("draft", "review", "7", "--audience", "public", repo=root).code == 2


def test_an_update_that_is_an_unfinished_draft_is_refused(root: Path, run_cli: RunCli) -> None:
    draft = run_cli("draft", "update", "7", repo=root).out
    indented = "\n".join(f"      {line}" for line in draft.splitlines())
    update = (
        "updates:\n  - at: 2026-11-19T15:00+00:00\n    status: investigating\n    visibility: public\n"
        f"    text: |\n{indented}\n"
    )
    path = root / PATH
    path.write_text(PUBLIC.replace("reporter:", f"{update}reporter:"))
    outcome = run_cli("check", PATH, repo=root)
    assert outcome.code == 1
    assert "error[unanswered-question]" in outcome.out
    assert "5 questions of the draft are still open, the first: What do users notice" in outcome.out
    answered = "\n".join(line for line in indented.splitlines() if "QUESTION" not in line)
    path.write_text(PUBLIC.replace("reporter:", f"{update.replace(indented, answered)}reporter:"))
    assert run_cli("check", PATH, repo=root).code == 0


@pytest.mark.parametrize(("status", "severity"), [("draft", "note"), ("published", "error")])
def test_a_question_in_a_review_weighs_as_much_as_the_review_is_finished(
    root: Path, run_cli: RunCli, status: str, severity: str
) -> None:
    body = run_cli("draft", "review", "7", repo=root).out
    path = root / "incidents/2026/INC-2026-0007.review.md"
    path.write_text(f"---\nstatus: {status}\n---\n{body}")
    outcome = run_cli("check", "--format", "json", "incidents/2026/INC-2026-0007.review.md", repo=root)
    found = [one for one in json.loads(outcome.out)["diagnostics"] if one["code"] == "unanswered-question"]
    assert [one["severity"] for one in found] == [severity]
    assert found[0]["message"].startswith(
        f"{body.count('(QUESTION: ')} questions of the draft are still open"
    )
