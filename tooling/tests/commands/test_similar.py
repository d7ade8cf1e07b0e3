"""`similar`: what is known of a record or of words, for a person and for a program."""

from __future__ import annotations

import io
import json
from datetime import datetime
from pathlib import Path

import pytest

from incidentbook.archive import open_repository
from incidentbook.reports.similar.words import known_lines
from incidentbook.similarity import Known, known_for
from testbed import MakeRepository, RunCli

NOW = datetime.fromisoformat("2026-11-20T12:00+00:00")
FILES = {
    "incidents/2026/INC-2026-0001.md": "---\ntitle: Checkout runs out of connections\nstatus: closed\n"
    "opened: 2026-11-10T08:00+00:00\nresolved: 2026-11-10T09:00+00:00\n"
    "resolution: {code: fixed, summary: Gave them back., permanence: permanent}\n---\n",
    "incidents/2026/INC-2026-0002.md": "---\ntitle: Connections of checkout are gone\nstatus: in_progress\n"
    "visibility: restricted\nopened: 2026-11-20T08:00+00:00\n---\n",
    "knowledge/problems/PRB-2026-0001.md": "---\ntitle: Checkout leaks connections\nstatus: known_error\n"
    "workaround: Restart the fullest pods.\n---\n",
    "knowledge/articles/pool.md": "---\ntitle: Checkout has no connections\nstatus: published\n"
    "type: runbook\ndo_first: Save the session list.\nreview_by: 2026-01-01\n---\n",
}
WORDS = ("checkout", "has", "no", "connections")


@pytest.fixture
def root(make_repository: MakeRepository) -> Path:
    return make_repository(FILES)


def test_each_sort_has_its_part(root: Path, run_cli: RunCli) -> None:
    outcome = run_cli("similar", *WORDS, repo=root)
    assert outcome.code == 0
    told = " ".join(outcome.out.split())
    assert told.index("Open, may be the same") < told.index("Known errors") < told.index("Articles to try")
    assert "known error; workaround: Restart the fullest pods." in told
    assert "runbook; first: Save the session list." in told
    assert "nobody has tried it again since it was due, 2026-01-01" in told
    assert "closed, 10d 3h ago; Fixed, permanent: Gave them back." in told
    assert "incidentbook link ID --article pool" in told


@pytest.mark.parametrize("said", ["INC-2026-0001", "inc-2026-1", "2026-1", "1", "PRB-1"])
def test_a_record_is_named_as_anywhere(root: Path, run_cli: RunCli, said: str) -> None:
    asked = json.loads(run_cli("similar", said, "--format=json", repo=root).out)["asked"]
    assert asked == {"id": "PRB-2026-0001" if said == "PRB-1" else "INC-2026-0001", "text": None}


def test_an_id_that_nothing_has_is_refused_with_a_suggestion(root: Path, run_cli: RunCli) -> None:
    outcome = run_cli("similar", "INC-2026-0011", repo=root)
    assert outcome.code == 2
    assert "did you mean INC-2026-0001" in outcome.err
    # a number may be a word: an answer of the server
    assert run_cli("similar", "502", repo=root).code == 0


def test_json_says_score_reason_and_what_to_do(root: Path, run_cli: RunCli) -> None:
    told = json.loads(run_cli("similar", *WORDS, "--format=json", repo=root).out)
    assert told["asked"] == {"id": None, "text": "checkout has no connections"}
    assert told["audience"] == "all"
    (problem,) = told["known_errors"]
    assert problem["workaround"] == "Restart the fullest pods."
    assert 0.15 <= problem["score"] <= 1
    assert problem["reason"].startswith("same") or "both say" in problem["reason"]
    assert told["articles"][0]["do_first"] == "Save the session list."
    assert told["past"][0]["resolution"]["permanence"] == "permanent"


def test_others_are_told_of_no_restricted_record(root: Path, run_cli: RunCli) -> None:
    assert "INC-2026-0002" in run_cli("similar", *WORDS, repo=root).out
    outcome = run_cli("similar", *WORDS, "--audience=internal", repo=root)
    assert "INC-2026-0002" not in outcome.out
    assert run_cli("similar", "INC-2026-0002", "--audience=internal", repo=root).code == 2


def test_words_come_from_standard_input(root: Path, run_cli: RunCli, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(b"no connections\n\xff in checkout\n")))
    assert "PRB-2026-0001" in run_cli("similar", "-", repo=root).out
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(b" \n")))
    outcome = run_cli("similar", "-", repo=root)
    assert outcome.code == 2
    assert "no words" in outcome.err


def test_nothing_known_is_said(root: Path, run_cli: RunCli) -> None:
    assert run_cli("similar", "zebra", repo=root).out == "Nothing like it is known.\n"
    assert known_lines(Known()) == []


def test_a_title_cannot_act_on_the_terminal(make_repository: MakeRepository, run_cli: RunCli) -> None:
    title = '"Checkout [red]has\\e[31m no\\u202e connections"'
    files = {**FILES, "knowledge/articles/pool.md": FILES["knowledge/articles/pool.md"].replace(
        "Checkout has no connections", title
    )}  # fmt: skip
    root = make_repository(files)
    out = run_cli("similar", *WORDS, repo=root).out
    assert "\x1b" not in out
    assert "\u202e" not in out
    assert "[red]" in out
    lines = known_lines(known_for(open_repository(root), text=" ".join(WORDS), now=NOW))
    assert all(line.isprintable() for line in lines)


def test_a_responder_is_told_in_a_few_lines(root: Path) -> None:
    lines = known_lines(known_for(open_repository(root), text=" ".join(WORDS), now=NOW))
    assert lines == [
        "May be the same: INC-2026-0002 Connections of checkout are gone (in progress)",
        "Known error: PRB-2026-0001 Checkout leaks connections; workaround: Restart the fullest pods.",
        "Try: pool Checkout has no connections; first: Save the session list.",
        "Before: INC-2026-0001 Checkout runs out of connections; fixed, permanent: Gave them back.",
    ]


def test_a_very_long_title_is_told_in_short(make_repository: MakeRepository, run_cli: RunCli) -> None:
    long = FILES["knowledge/problems/PRB-2026-0001.md"].replace("leaks", "leaks " + "very " * 2000)
    root = make_repository({**FILES, "knowledge/problems/PRB-2026-0001.md": long})
    lines = known_lines(known_for(open_repository(root), id="PRB-2026-0001", now=NOW))
    assert all(len(line) < 400 for line in lines)
    assert len(run_cli("similar", "leaks connections", repo=root).out) < 4000


LATER = {
    "incidents/2026/INC-2026-0003.md": "---\ntitle: Checkout runs out of connections again\n"
    "status: closed\nopened: 2026-11-12T08:00+00:00\nresolved: 2026-11-12T09:00+00:00\n---\n",
}


def test_a_link_leads_to_what_was_before(make_repository: MakeRepository, run_cli: RunCli) -> None:
    """Of the first there is none; the second follows it; words are about what happens now."""
    files = {path: text for path, text in FILES.items() if "/INC-" in path}
    root = make_repository({**files, **LATER})
    assert "incidentbook link" not in run_cli("similar", "1", repo=root).out
    again = " ".join(run_cli("similar", "3", repo=root).out.split())
    assert "incidentbook link INC-2026-0003 --earlier INC-2026-0001" in again
    assert "--duplicate-of" not in again  # the open one began later
    told = " ".join(run_cli("similar", *WORDS, repo=root).out.split())
    assert "incidentbook link ID --duplicate-of INC-2026-0002 or incidentbook link ID --earlier" in told


def test_only_an_incident_links_what_helped(root: Path, run_cli: RunCli) -> None:
    outcome = run_cli("similar", "PRB-1", repo=root)
    assert "INC-2026-0001" in outcome.out
    assert "incidentbook link" not in outcome.out


def test_colours_are_no_words(make_repository: MakeRepository, run_cli: RunCli) -> None:
    files = {
        f"incidents/2026/INC-2026-{number:04}.md": f'---\ntitle: "{place} drum \\e[31mjammed\\e[0m: '
        f'\\e]8;;https://docs.example\\e\\\\see"\nstatus: closed\n'
        f"opened: 2026-11-1{number}T08:00+00:00\n---\n"
        for number, place in ((1, "pier"), (2, "quay"))
    }
    told = json.loads(run_cli("similar", "2", "--format=json", repo=make_repository(files)).out)
    assert told["past"][0]["words"] == ["drum jammed", "see"]
