"""`log`: the story on the command line, and what is said where there is none to tell."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from historybed import Bed

from testbed import CommitAll, MakeRepository, RunCli, git, write_files

ONE, TWO = (f"incidents/2026/INC-2026-000{number}.md" for number in (1, 2))
BODY = "\n".join(f"Line {number} of what was seen." for number in range(30))


def incident(*lines: str, title: str = "Checkout fails", opened: str = "2026-09-21T13:00+00:00") -> str:
    return "\n".join(["---", f"title: {title}", "status: new", f"opened: {opened}", *lines, "---", BODY, ""])


@pytest.fixture
def bed(tmp_path: Path) -> Bed:
    """Two incidents, of which one was INC-2026-0001 until another took that ID."""
    bed = Bed(tmp_path / "records")
    bed.commit("logged", {ONE: incident(title="Search is slow")})
    bed.commit("renumbered", {ONE: None, TWO: incident(title="Search is slow")})
    bed.commit("reused", {ONE: incident(opened="2026-09-20T10:00+00:00")})
    bed.commit(
        "taken", {ONE: incident("acknowledged: 2026-09-20T11:00+00:00", opened="2026-09-20T10:00+00:00")}
    )
    return bed


def rows(text: str) -> list[tuple[str, str]]:
    return [(event["type"], event["record"]) for event in json.loads(text)["events"]]


def test_the_whole_story_in_its_order(bed: Bed, run_cli: RunCli) -> None:
    commits = bed.write()
    outcome = run_cli("log", repo=bed.root)
    assert (outcome.code, outcome.err) == (0, "")
    assert (
        outcome.out
        == f"""\
2026-09-20 10:00 UTC     INC-2026-0001  opened: Checkout fails  [committed 1d 4h later]
                         commit {commits["reused"][:10]} by First duty engineer, 2026-09-21 14:17:20 UTC
2026-09-20 11:00 UTC     INC-2026-0001  acknowledged  [committed 1d 3h later]
                         commit {commits["taken"][:10]} by First duty engineer, 2026-09-21 14:18:20 UTC
2026-09-21 13:00 UTC     INC-2026-0002  opened: Search is slow  [committed 1h 15m later]
                         commit {commits["logged"][:10]} by First duty engineer, 2026-09-21 14:15:20 UTC
2026-09-21 14:16:20 UTC  INC-2026-0002  renumbered from INC-2026-0001 to INC-2026-0002
                         commit {commits["renumbered"][:10]} by First duty engineer, 2026-09-21 14:16:20 UTC

4 events of 2 records.
"""
    )


def test_an_event_is_one_line_for_a_program(tmp_path: Path, run_cli: RunCli) -> None:
    bed = Bed(tmp_path / "records")
    title = " ".join(["Orders from the harbour are refused"] * 6)
    bed.commit("logged", {ONE: incident(title=title)})
    bed.write()
    assert f"opened: {title}" in run_cli("log", repo=bed.root).out


REVIEW = """\
---
status: published
started: 2026-09-21T13:30+00:00
published: 2026-09-22T09:00+00:00
approvers: [lead-shop]
actions:
  - {id: a1, title: Pay in the smoke test, type: detect, owner: duty-shop, state: done, done: 2026-09-23}
---
"""


def test_the_story_of_an_incident_has_its_review_in_it(tmp_path: Path, run_cli: RunCli) -> None:
    bed = Bed(tmp_path / "records")
    review = ONE.replace(".md", ".review.md")
    bed.commit("logged", {ONE: incident(), TWO: incident()})
    bed.commit("reviewed", {review: REVIEW + BODY, review.replace("0001", "0002"): REVIEW + BODY})
    bed.commit("closed", {ONE: incident("acknowledged: 2026-09-22T10:00+00:00")})
    bed.write()

    def told(*words: str) -> list[tuple[str, str]]:
        return rows(run_cli("log", *words, "--format", "json", repo=bed.root).out)

    mine, of_review = "INC-2026-0001", "INC-2026-0001.review"
    assert sorted(told(mine)) == sorted(
        [
            *((one, mine) for one in ("opened", "acknowledged")),
            *((one, of_review) for one in ("review_started", "review_submitted", "review_published")),
            *((one, of_review) for one in ("action_opened", "action_done")),
        ]
    )
    assert [row[0] for row in told(mine) if row[0] in ("opened", "review_started", "acknowledged")] == [
        "opened", "review_started", "acknowledged",
    ]  # fmt: skip
    assert {record for _, record in told(of_review)} == {of_review}
    outcome = run_cli("log", mine, "HEAD~2..HEAD~1", repo=bed.root)
    assert "review published" in outcome.out
    assert outcome.err == ""


def test_how_late_it_was_committed_is_told_by_the_committers_clock(tmp_path: Path, run_cli: RunCli) -> None:
    """The author's date is kept by a rebase, and anybody may set it."""
    bed = Bed(tmp_path / "records")
    bed.commit("late", {ONE: incident(opened="2026-09-19T14:14+00:00")}, dated_before_s=172_800)
    bed.write()
    out = run_cli("log", repo=bed.root).out
    assert "opened: Checkout fails  [committed 2d later]" in out
    assert "2026-09-21 14:15:20 UTC (dated 2026-09-19 14:15:20 UTC)" in out
    (event,) = json.loads(run_cli("log", "--format", "json", repo=bed.root).out)["events"]
    assert event["lag_seconds"] == 2 * 86_400 + 80
    assert event["commit"]["authored"] == "2026-09-19T14:15:20+00:00"


def test_one_record_by_whatever_it_was_called(bed: Bed, run_cli: RunCli) -> None:
    bed.write()
    assert rows(run_cli("log", "INC-2026-0002", "--format", "json", repo=bed.root).out) == [
        ("opened", "INC-2026-0002"),
        ("renumbered", "INC-2026-0002"),
    ]
    short = run_cli("log", "inc-2026-1", "--format", "json", repo=bed.root)
    assert rows(short.out) == [("opened", "INC-2026-0001"), ("acknowledged", "INC-2026-0001")]
    git(bed.root, "rm", "--quiet", ONE)
    git(bed.root, "commit", "--quiet", "--message", "Remove it")
    assert rows(run_cli("log", "INC-2026-0001", "--format", "json", repo=bed.root).out)[-1][0] == "deleted"


def test_an_id_that_nobody_has_any_more(tmp_path: Path, run_cli: RunCli) -> None:
    bed = Bed(tmp_path / "records")
    bed.commit("logged", {ONE: incident()})
    bed.commit("renumbered", {ONE: None, TWO: incident()})
    bed.write()
    outcome = run_cli("log", "INC-2026-0001", repo=bed.root)
    assert outcome.code == 0
    assert outcome.err == "incidentbook: INC-2026-0001 is INC-2026-0002 now\n"
    assert "renumbered from INC-2026-0001 to INC-2026-0002" in " ".join(outcome.out.split())


def test_json_has_everything_and_stable_names(bed: Bed, run_cli: RunCli) -> None:
    commits = bed.write()
    outcome = run_cli("log", "HEAD~1..HEAD", "--format", "json", repo=bed.root)
    person = {"name": "First duty engineer", "email": "one@example.invalid"}
    assert json.loads(outcome.out) == {
        "events": [
            {
                "type": "acknowledged",
                "kind": "incident",
                "record": "INC-2026-0001",
                "recorded_as": "INC-2026-0001",
                "key": ["acknowledged"],
                "at": "2026-09-20T11:00:00+00:00",
                "at_is_date": False,
                "detail": {},
                "commit": {
                    "hash": commits["taken"],
                    "subject": "taken",
                    "author": person,
                    "authored": "2026-09-21T14:18:20+00:00",
                    "committer": {"name": "Merger", "email": "merger@example.invalid"},
                    "committed": "2026-09-21T14:18:20+00:00",
                    "co_authors": [],
                },
                "lag_seconds": 98300,
            }
        ],
        "summary": {"events": 1, "records": 1},
        "base": "HEAD~1",
        "head": "HEAD",
        "shallow": False,
        "audience": "all",
    }


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["HEAD~2..HEAD"], ["opened", "acknowledged"]),
        (["HEAD~2...HEAD"], ["opened", "acknowledged"]),
        (["main~2.."], ["opened", "acknowledged", "mitigated"]),
        (["..HEAD"], []),
        (["HEAD~3"], ["opened"]),
        ([], ["opened", "acknowledged", "opened", "renumbered", "mitigated"]),
        (["INC-2026-0001", "HEAD~1.."], ["acknowledged", "mitigated"]),
        (["HEAD~1..", "INC-2026-0001"], ["acknowledged", "mitigated"]),
        (["INC-2026-0002", "HEAD~1.."], []),
    ],
)
def test_from_where_to_where(bed: Bed, run_cli: RunCli, words: list[str], expected: list[str]) -> None:
    """Without an end what is not committed counts, too."""
    bed.write()
    lines = ("acknowledged: 2026-09-20T11:00+00:00", "mitigated: 2026-09-23T11:00+00:00")
    write_files(bed.root, {ONE: incident(*lines, opened="2026-09-20T10:00+00:00")})
    outcome = run_cli("log", *words, "--format", "json", repo=bed.root)
    assert [event["type"] for event in json.loads(outcome.out)["events"]] == expected


def test_what_is_not_committed_says_so(bed: Bed, run_cli: RunCli) -> None:
    bed.write()
    write_files(
        bed.root,
        {
            ONE: incident(opened="2026-09-20T10:00+00:00") + "More.\n",
            TWO: incident("mitigated: 2026-09-23T11:00+00:00"),
        },
    )
    assert (
        "2026-09-23 11:00 UTC  INC-2026-0002  mitigated  [not committed]"
        in run_cli("log", "HEAD..", repo=bed.root).out
    )


def test_since_two_branches_parted(tmp_path: Path, run_cli: RunCli) -> None:
    bed = Bed(tmp_path / "records")
    bed.commit("logged", {ONE: incident()})
    bed.commit("base", {ONE: incident("mitigated: 2026-09-21T13:30+00:00")}, "logged")
    bed.commit(
        "head",
        {ONE: incident("mitigated: 2026-09-21T13:30+00:00", "acknowledged: 2026-09-21T13:10+00:00")},
        "logged",
    )
    commits = bed.write()

    def told(dots: str) -> list[Any]:
        words = f"{commits['base']}{dots}{commits['head']}"
        return [row[0] for row in rows(run_cli("log", words, "--format", "json", repo=bed.root).out)]

    assert told("..") == ["acknowledged"]
    assert told("...") == ["acknowledged", "mitigated"]


def test_an_article_by_its_name_and_a_branch_by_its_own(bed: Bed, run_cli: RunCli) -> None:
    article = "---\ntitle: Restart it\ntype: how-to\nstatus: draft\n---\n"
    bed.commit("article", {"knowledge/articles/restart-it.md": article})
    bed.write()
    assert rows(run_cli("log", "restart-it", "--format", "json", repo=bed.root).out) == [
        ("article_drafted", "restart-it")
    ]
    assert len(rows(run_cli("log", "main", "--format", "json", repo=bed.root).out)) == 5
    outcome = run_cli("log", "restart-its", repo=bed.root)
    assert (outcome.code, outcome.out) == (2, "")
    assert (
        outcome.err
        == "incidentbook: there is no record and no revision `restart-its` here; did you mean restart-it?\n"
    )


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (
            ["INC-2026-0003"],
            "there is no record and no revision `INC-2026-0003` here; did you mean INC-2026-000",
        ),
        (["nobody..HEAD"], "there is no revision `nobody` here; `git fetch` may bring it"),
        (["origin/main...HEAD"], "there is no revision `origin/main` here; `git fetch` may bring it"),
        (["HEAD..nobody"], "there is no revision `nobody` here; `git fetch` may bring it"),
        (
            ["HEAD~1..", "HEAD"],
            "`HEAD~1..` and `HEAD` both name a range; give one ID and one range (BASE..HEAD)",
        ),
        (["INC-2026-0001", "INC-2026-0002"], "both name a record"),
        (["--", "--all"], "there is no record and no revision `--all` here"),
        (["--", "--output=x.."], "there is no revision `--output=x` here"),
    ],
)
def test_what_cannot_be_told_is_said_in_one_line(
    bed: Bed, run_cli: RunCli, words: list[str], message: str
) -> None:
    bed.write()
    outcome = run_cli("log", *words, repo=bed.root)
    assert (outcome.code, outcome.out) == (2, "")
    assert message in outcome.err
    assert outcome.err.count("\n") == 1


def test_a_shallow_clone_says_where_its_story_begins(bed: Bed, run_cli: RunCli, tmp_path: Path) -> None:
    bed.write()
    git(tmp_path, "clone", "--quiet", "--depth=2", f"file://{bed.root}", "shallow")
    outcome = run_cli("log", "--format", "json", repo=tmp_path / "shallow")
    assert outcome.code == 0
    assert outcome.err == (
        "incidentbook: the clone is shallow, and the story begins where it does; "
        "`git fetch --unshallow` brings the rest\n"
    )
    assert json.loads(outcome.out)["shallow"] is True
    assert rows(outcome.out) == [("acknowledged", "INC-2026-0001")]
    git(tmp_path, "clone", "--quiet", "--depth=1", f"file://{bed.root}", "shallower")
    assert run_cli("log", repo=tmp_path / "shallower").out == (
        "Nothing is known of any record: this clone does not have the commits that would tell.\n"
    )
    missing = run_cli("log", "HEAD~3..HEAD", repo=tmp_path / "shallow")
    assert missing.code == 2
    assert "the clone is shallow: `git fetch --unshallow` brings the rest" in missing.err


def test_outside_git_and_before_the_first_commit(
    make_repository: MakeRepository, run_cli: RunCli, commit_all: CommitAll
) -> None:
    root = make_repository()
    outcome = run_cli("log", repo=root)
    assert outcome.code == 2
    assert outcome.err == f"incidentbook: {root} is not in a Git repository; `git init` makes it one\n"
    git(root, "init", "--quiet")
    outcome = run_cli("log", repo=root)
    assert (outcome.code, outcome.err) == (
        2, "incidentbook: there is no commit here yet; the first `git commit` makes one\n",
    )  # fmt: skip
    commit_all(root)
    git(root, "checkout", "--quiet", "--detach")
    outcome = run_cli("log", repo=root)
    assert (outcome.code, outcome.out) == (0, "Nothing happened to any record.\n")


def test_a_bare_repository_and_one_with_records_below(bed: Bed, run_cli: RunCli, tmp_path: Path) -> None:
    bed.write()
    git(tmp_path, "clone", "--quiet", "--bare", str(bed.root), "some.git")
    bare = tmp_path / "some.git"
    outcome = run_cli("log", repo=bare)
    assert outcome.code == 2
    assert outcome.err == (
        f"incidentbook: {bare} is a bare repository, which has no files; "
        f"`git worktree add DIR` there, or `git clone {bare} DIR`, and `--repo DIR`\n"
    )
    git(bare, "worktree", "add", "--quiet", str(tmp_path / "files"), "main")
    assert len(rows(run_cli("log", "--format", "json", repo=tmp_path / "files").out)) == 4
    outcome = run_cli("log", repo=tmp_path)
    assert f"`--repo {tmp_path / 'files'}` names the one below" in outcome.err


def test_records_in_a_subfolder_and_in_a_submodule(bed: Bed, run_cli: RunCli, tmp_path: Path) -> None:
    bed.write()
    outer = tmp_path / "outer"
    outer.mkdir()
    git(outer, "init", "--quiet", "--initial-branch=main")
    git(outer, "-c", "protocol.file.allow=always", "submodule", "--quiet", "add", str(bed.root), "records")
    git(outer, "commit", "--quiet", "--message", "Take in the records")
    assert len(rows(run_cli("log", "--format", "json", repo=outer / "records").out)) == 4
    write_files(
        outer,
        {f"ops/{path.relative_to(bed.root)}": path.read_bytes() for path in (bed.root / "schema").iterdir()},
    )
    write_files(outer, {f"ops/{ONE}": incident()})
    git(outer, "add", "--all")
    git(outer, "commit", "--quiet", "--message", "Records of ours")
    assert rows(run_cli("log", "--format", "json", repo=outer / "ops").out) == [("opened", "INC-2026-0001")]


def test_nothing_that_somebody_wrote_reaches_the_terminal(tmp_path: Path, run_cli: RunCli) -> None:
    bed = Bed(tmp_path / "records")
    title = '"\\e[31mred\\a {0} {title} \\u202e[bold]x[/bold]' + " long" * 2000 + '"'
    bed.commit("evil", {ONE: incident(title=title)}, author="Eve \x1b[2J <eve@example.invalid>")
    bed.write()
    out = run_cli("log", repo=bed.root).out
    assert not {char for char in out if ord(char) < 32} - {"\n"}
    assert "\u202e" not in out
    assert "[bold]x[/bold]" in "".join(out.split("\n" + " " * 25))
    assert "{0} {title}" in out
    assert len(out) < 1500
    assert json.loads(run_cli("log", "--format", "json", repo=bed.root).out)["events"][0]["detail"][
        "title"
    ].startswith("\x1b[31mred")


def test_an_audience_reads_what_it_may(tmp_path: Path, run_cli: RunCli) -> None:
    bed = Bed(tmp_path / "records")
    bed.commit(
        "one",
        {ONE: incident("visibility: public", "assignments:", "  - {at: 2026-09-21T13:05+00:00, team: desk}")},
    )
    bed.commit("two", {TWO: incident("visibility: restricted")})
    bed.write()

    def told(audience: str) -> list[tuple[str, str]]:
        return rows(run_cli("log", "--format", "json", "--audience", audience, repo=bed.root).out)

    opened, assigned = ("opened", "INC-2026-0001"), ("assigned", "INC-2026-0001")
    assert told("public") == [opened]
    assert told("internal") == [opened, assigned]
    assert told("all") == [opened, ("opened", "INC-2026-0002"), assigned]
    text = run_cli("log", "--audience", "public", repo=bed.root).out
    assert "commit" not in text
    assert "engineer" not in text
    # of what it may not know, an audience is not even told that it is there
    hidden = run_cli("log", "INC-2026-0002", "--audience", "public", repo=bed.root)
    unknown = run_cli("log", "INC-2026-0003", "--audience", "public", repo=bed.root)
    assert hidden.code == unknown.code == 2
    assert hidden.err.replace("0002", "0003") == unknown.err
    assert "mean INC-2026-0001?" in hidden.err
