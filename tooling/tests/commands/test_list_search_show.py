"""`list`, `search` and `show`: what is found, in which order, and for whom."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest
from lifebed import incident

from incidentbook.cli import main
from testbed import SCHEMA, Outcome, RunCli, write_files

EVIL = "=cmd()\\x1b]0;owned\\x07 caf\\u00e9 \\u202e"
PUBLIC = "visibility: public\nlinks: {parent: INC-2026-0003}\n"
RECORDS = {
    "incidents/2026/INC-2026-0001.md": incident("closed", "symptoms: [Timeouts of the database pool]\n"),
    "incidents/2026/INC-2026-0002.md": incident("on_hold", PUBLIC),
    "incidents/2026/INC-2026-0003.md": incident("in_progress", "visibility: restricted\n").replace(
        "Checkout answers 502", "Secret of the vault"
    ),
    "incidents/2026/INC-2026-0004.md": incident("new").replace("Checkout answers 502", f'"{EVIL}"'),
    "incidents/2026/INC-2026-0001.review.md": "---\nstatus: draft\nfacilitator: duty-two\n"
    "actions:\n  - {id: a1, title: Watch the pool, state: open}\n---\n## Summary\n\nA pool ran dry.\n",
    "knowledge/problems/PRB-2026-0001.md": "---\ntitle: Pool too small\nstatus: open\nowner: duty-one\n"
    "services: [checkout]\nopened: 2026-10-01T08:00+00:00\n---\nWe look.\n",
    "knowledge/articles/restart.md": "---\ntitle: Restart\nstatus: draft\ntype: runbook\n---\n"
    "Restart the pool.\n",
}


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("looking") / "records"
    folder.mkdir()
    write_files(folder, {**SCHEMA, **RECORDS})
    return folder


def ids(outcome: Outcome) -> list[str]:
    return [row["id"] for row in json.loads(outcome.out)]


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        (["problems"], ["PRB-2026-0001"]),
        (["incidents", "--open"], ["INC-2026-0004", "INC-2026-0003", "INC-2026-0002"]),
        (["incidents", "--state", "on-hold", "--state", "closed"], ["INC-2026-0002", "INC-2026-0001"]),
        (["--service", "checkout", "--until", "2026-10-01"], ["PRB-2026-0001"]),
        (["--since", "2026-11-21"], []),
        (["--owner", "duty-two"], ["INC-2026-0001.review"]),
        (["incidents", "--team", "payments", "--open"], ["INC-2026-0003", "INC-2026-0002"]),
        (["--category", "application", "--state", "new"], ["INC-2026-0004"]),
        (["--priority", "p1", "incidents"], []),
        (["--text", "database pool"], ["INC-2026-0001"]),
        (["--audience", "public"], ["INC-2026-0002"]),
        (["--audience", "internal", "--state", "in_progress"], []),
    ],
)
def test_list_by(root: Path, run_cli: RunCli, options: list[str], expected: list[str]) -> None:
    assert ids(run_cli("list", *options, "--format", "json", repo=root)) == expected


@pytest.mark.parametrize(
    ("option", "said", "meant"),
    [("--state", "opn", "open"), ("--service", "chekout", "checkout"), ("--owner", "duty-on", "duty-one")],
)
def test_a_value_that_nothing_has_is_told(
    root: Path, run_cli: RunCli, option: str, said: str, meant: str
) -> None:
    done = run_cli("list", option, said, repo=root)
    assert done.code == 2
    assert f"did you mean `{meant}`" in done.err


def test_the_terminal_shows_some_and_says_how_many_are_left(root: Path, run_cli: RunCli) -> None:
    out = run_cli("list", "--limit", "2", repo=root).out
    assert "INC-2026-0004" in out
    assert "INC-2026-0002" not in out
    assert "7 records; 5 more with --limit 7" in out


@pytest.mark.parametrize(("verb", "found"), [(["list"], ""), (["search", "pool"], " found")])
def test_where_nothing_is_to_be_shown_nothing_more_is_promised(
    root: Path, run_cli: RunCli, verb: list[str], found: str
) -> None:
    out = run_cli(*verb, "--limit", "0", repo=root).out
    assert out.rstrip().endswith(f" records{found}, none shown")
    assert "more with" not in out


def test_every_state_there_is_is_named_in_the_order_of_its_life(root: Path, run_cli: RunCli) -> None:
    done = run_cli("list", "--state", "xyz", repo=root)
    assert "there is new, assigned, in_progress, on_hold, resolved, closed, cancelled, " in done.err
    assert (
        "there is open, known_error, resolved, closed\n"
        in run_cli("list", "problems", "--state", "xyz", repo=root).err
    )


@pytest.mark.parametrize("verb", [["search"], ["list", "--text"]])
@pytest.mark.parametrize(
    ("facet", "advice"),
    [
        ("state:xyz", "state: there is no `xyz`; there is new, assigned"),
        ("state:resloved", "did you mean `resolved`?"),
        ("service:nope", "there is no `nope`; there is checkout, search, database"),
        ("kind:incidnt", "did you mean `incident`?"),
        ("category:aplication", "did you mean `application`?"),
        ("team:nobody", "there is no `nobody`"),
    ],
)
def test_a_facet_that_nothing_has_is_told(
    root: Path, run_cli: RunCli, verb: list[str], facet: str, advice: str
) -> None:
    done = run_cli(*verb, f"pool {facet}", repo=root)
    assert done.code == 2
    assert advice in done.err


@pytest.mark.parametrize("facet", ["state:res", "service:Check", "priority:p", "year:1999", "state:open"])
def test_the_beginning_of_what_there_is_is_enough(root: Path, run_cli: RunCli, facet: str) -> None:
    assert run_cli("search", facet, repo=root).err == ""


@pytest.mark.parametrize("verb", [["list"], ["search", "cmd"], ["show", "INC-2026-0004"]])
def test_what_somebody_wrote_acts_on_no_terminal(root: Path, run_cli: RunCli, verb: list[str]) -> None:
    out = run_cli(*verb, repo=root).out
    assert not {"\x1b", "\x07", "\u202e"} & set(out)
    assert "\\x1b]0;owned\\x07" in out


def test_a_spreadsheet_computes_no_title(root: Path, run_cli: RunCli) -> None:
    rows = list(
        csv.DictReader(io.StringIO(run_cli("list", "--state", "new", "--format", "csv", repo=root).out))
    )
    assert rows[0]["title"].startswith("'=cmd()")


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["pool", "database"], ["INC-2026-0001"]),
        (["pool kind:problem"], ["PRB-2026-0001"]),
        (["pool", "kind:article", "kind:prob"], ["PRB-2026-0001", "restart"]),
        (["timeout", "DATABASE"], ["INC-2026-0001"]),
        (["inc-2026-0002"], ["INC-2026-0002"]),
        (["state:on-hold"], ["INC-2026-0002"]),
        (["cafe"], ["INC-2026-0004"]),
        (['"ran dry"'], ["INC-2026-0001.review"]),
        (["status"], []),
        (["atabase"], []),
        (["vault", "--audience", "internal"], []),
    ],
)
def test_search(root: Path, run_cli: RunCli, words: list[str], expected: list[str]) -> None:
    done = run_cli("search", *words, "--format", "json", repo=root)
    assert [hit["id"] for hit in json.loads(done.out)["results"]] == expected
    assert done.code == (0 if expected else 1)


def test_a_search_without_all_words_says_so(root: Path, run_cli: RunCli) -> None:
    out = run_cli("search", "pool", "database", "zebra", repo=root).out
    assert "No record has all 3 words; these have 2." in out
    assert "INC-2026-0001" in out


def test_a_word_of_a_key_is_found_where_it_is_a_word(root: Path, run_cli: RunCli) -> None:
    """Every file has `title:`; only a text that says so is meant."""
    assert "0 records" in run_cli("search", "title", repo=root).out


def test_show_says_how_it_stands_and_what_comes_next(root: Path, run_cli: RunCli) -> None:
    out = run_cli("show", "2", repo=root).out
    assert out.startswith("INC-2026-0002  P2, on hold, public\n")
    for words in (
        "resolution: paused",
        "on hold, Waiting for a vendor",
        "parent: INC-2026-0003  Secret of the vault",
    ):
        assert words in out
    assert "  incidentbook resume INC-2026-0002" in out


def test_show_names_what_names_it(root: Path, run_cli: RunCli) -> None:
    out = run_cli("show", "INC-2026-0003", repo=root).out
    assert "child: INC-2026-0002" in out
    review = run_cli("show", "INC-2026-0001", repo=root).out
    assert "review: INC-2026-0001.review  Review of Checkout answers 502 (draft)" in review


@pytest.mark.parametrize("id_", ["INC-2026-0001.review", "PRB-2026-0001", "restart"])
def test_show_of_other_kinds_tells_their_next_verbs(root: Path, run_cli: RunCli, id_: str) -> None:
    out = run_cli("show", id_, repo=root).out
    verb = {"INC": "review submit", "PRB": "problem known-error", "res": "article publish"}[id_[:3]]
    assert f"incidentbook {verb} {id_}" in out


@pytest.mark.parametrize("audience", ["public", "internal"])
def test_a_restricted_record_is_unknown_to_others(root: Path, run_cli: RunCli, audience: str) -> None:
    done = run_cli("show", "INC-2026-0003", "--audience", audience, repo=root)
    assert done.code == 2
    assert "Secret" not in done.out + done.err
    other = run_cli("show", "INC-2026-0002", "--audience", audience, repo=root)
    assert other.code == 0
    assert "Secret" not in other.out
    assert "0003" not in other.out
    assert "incidentbook" not in other.out


def test_show_as_json_has_the_fields_of_the_file(root: Path, run_cli: RunCli) -> None:
    document: dict[str, Any] = json.loads(run_cli("show", "2", "--format", "json", repo=root).out)
    assert document["record"]["services"][0]["from"] == "2026-11-20T10:00:00Z"
    assert document["next"][0] == "incidentbook resume INC-2026-0002"
    assert document["body"] == "Errors began with the roll-out.\n"
    public: dict[str, Any] = json.loads(
        run_cli("show", "2", "--format", "json", "--audience", "public", repo=root).out
    )
    assert "body" not in public
    assert "reporter" not in public["record"]


def test_show_as_markdown_is_inert(root: Path, run_cli: RunCli) -> None:
    out = run_cli("show", "PRB-2026-0001", "--format", "markdown", repo=root).out
    assert out.startswith("# PRB-2026-0001: Pool too small\n")
    assert "\n## Text\n\nWe look.\n" in out


def test_no_repository_is_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--repo", str(tmp_path), "list"]) == 2
    assert len(capsys.readouterr().err.splitlines()) == 1
