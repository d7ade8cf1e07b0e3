"""`new` at a terminal: it asks, completes, proposes, shows what is known, and leaves nothing half-written."""

from __future__ import annotations

from pathlib import Path

import pytest
from lifebed import incident, record
from terminalbed import Terminal

from clonebed import two_clones
from testbed import GIT_ENVIRONMENT, MakeRepository, RunCli, git

FIRST = "incidents/2026/INC-2026-0001.md"
LEAST = ("--title", "Checkout answers 502", "--channel", "phone")
LEVELS = ("--impact", "high", "--urgency", "high")
KNOWN = incident("in_progress").replace(
    "title: Checkout answers 502", "title: Checkout answers 502 for cards"
)


def at_terminal(root: Path, *arguments: str) -> Terminal:
    return Terminal(root, "new", *arguments, environment=GIT_ENVIRONMENT)


def test_from_nothing_to_a_pushed_branch(tmp_path: Path) -> None:
    root, _ = two_clones(tmp_path, {FIRST: KNOWN})
    terminal = at_terminal(root, "--push")
    terminal.see("Ctrl-C leaves, and writes nothing.")
    terminal.see("What is wrong, as a user would say it: ")
    terminal.type("Cards: checkout answers 502\n")
    terminal.see("Services, as KEY=STATE, ...: ")
    terminal.type("chec\t=maj\t\n")
    terminal.see("How it came in (alert, phone) [alert]: ")
    terminal.type("fone\n")
    terminal.see("did you mean `phone`?")
    terminal.see("How it came in (alert, phone) [alert]: ")
    terminal.type("ph\t\n")
    terminal.see("Who reported it (or nothing): ")
    terminal.type("Pier 4\n")
    terminal.see("What is known (a line, or nothing): ")
    terminal.type("Carts survive.\n")
    terminal.see("INC-2026-0001  Checkout answers 502 for cards")
    terminal.see("If it is INC-2026-0001: Ctrl-C, and `incidentbook update INC-2026-0001 -m TEXT`.")
    terminal.see("  application/deployment: so was the one similar incident, INC-2026-0001")
    terminal.see("Category [application/deployment]: ")
    terminal.type("\n")
    terminal.see("Impact, how wide (high, medium, low) [medium]: ")
    terminal.type("high\n")
    terminal.see("Urgency, how pressing (high, medium, low) [high]: ")
    terminal.type("\n")
    terminal.see("  payments: runs checkout")
    terminal.see("Team (- for none) [payments]: ")
    terminal.type("\n")
    terminal.see("Priority P1: impact high and urgency high in the matrix")
    terminal.see("Write it? [Y/n] ")
    terminal.type("\n")
    code, screen = terminal.end()
    assert code == 0, screen
    assert "Pushed inc-2026-0002 to origin" in screen and "incidentbook ack INC-2026-0002" in screen
    found = record(root, "INC-2026-0002")
    assert (found.title, found.category, found.status) == (
        "Cards: checkout answers 502", "application/deployment", "assigned",
    )  # fmt: skip
    assert [(one.service, one.state) for one in found.services] == [("checkout", "major_outage")]
    assert (found.reporter.name, found.reporter.channel) == ("Pier 4", "phone")
    assert [one.team for one in found.assignments] == ["payments"]
    there = git(tmp_path / "origin.git", "show", "inc-2026-0002:incidents/2026/INC-2026-0002.md")
    assert there.endswith("---\nCarts survive.\n")


@pytest.mark.parametrize("key", ["\x03", "\x04"])
def test_leaving_half_way_writes_nothing(make_repository: MakeRepository, key: str) -> None:
    root = make_repository()
    terminal = at_terminal(root, *LEAST)
    terminal.see("Services, as KEY=STATE, ...: ")
    terminal.type(key)
    code, screen = terminal.end(again=key)
    assert (code, "incidentbook: nothing was written" in screen) == (2, True), screen
    assert not (root / "incidents").exists()


def test_what_is_said_is_not_asked_and_no_is_no(make_repository: MakeRepository) -> None:
    root = make_repository()
    terminal = at_terminal(
        root, *LEAST, *LEVELS, "--service", "search", "--reporter", "duty-one", "-m", "Slow."
    )
    asked = terminal.see("Category [application]: ")
    assert "Services" not in asked and "Who reported" not in asked
    terminal.type("security\n")
    terminal.see("Team (- for none): ")
    terminal.type("-\n")
    terminal.see("Write it? [Y/n] ")
    terminal.type("n\n")
    code, _ = terminal.end()
    assert code == 2
    assert not (root / "incidents").exists()


def test_return_is_an_answer_to_every_question_but_what_is_wrong(make_repository: MakeRepository) -> None:
    root = make_repository()
    terminal = at_terminal(root)
    terminal.see("What is wrong, as a user would say it: ")
    terminal.type("\n")
    terminal.see("It is wanted.")
    terminal.type("Nobody knows\n" + 9 * "\n")
    code, screen = terminal.end()
    assert code == 0, screen
    assert "Urgency, how pressing (high, medium, low) [high]: " in screen
    found = record(root, "INC-2026-0001")
    assert (found.impact, found.urgency, found.category) == ("high", "high", "application")


def test_what_is_accepted_is_not_asked(make_repository: MakeRepository) -> None:
    code, screen = at_terminal(make_repository(), "--title", "Nobody knows", "--accept").end()
    assert code == 0 and "[Y/n]" not in screen


def test_with_all_that_is_needed_nothing_is_asked(make_repository: MakeRepository) -> None:
    root = make_repository()
    code, screen = at_terminal(root, *LEAST, *LEVELS, "--category", "security").end()
    assert code == 0 and "[Y/n]" not in screen
    code, screen = at_terminal(root, *LEAST, "--no-input").end()
    assert code == 2 and "missing: --impact" in screen


def test_proposals_are_named_and_taken_where_that_is_said(
    make_repository: MakeRepository, run_cli: RunCli
) -> None:
    root = make_repository({FIRST: KNOWN})
    said = ("new", *LEAST, "--service", "checkout=partial_outage")
    outcome = run_cli(*said, repo=root)
    assert outcome.code == 2
    assert "proposed: application/deployment (so was the one similar incident" in outcome.err
    assert "--accept takes it)" in outcome.err
    outcome = run_cli(*said, "--accept", repo=root)
    assert outcome.code == 0, outcome.err
    assert "Accepted category application/deployment: so was the one similar incident" in outcome.out
    assert "Open, may be the same" in outcome.out and "INC-2026-0001" in outcome.out
    found = record(root, "INC-2026-0002")
    assert (found.category, found.impact, found.urgency) == ("application/deployment", "medium", "high")
    assert [(one.team, one.owner) for one in found.assignments] == [("payments", None)]


def test_links_team_owner_and_who_logs_it(make_repository: MakeRepository, run_cli: RunCli) -> None:
    root = make_repository({FIRST: KNOWN})
    outcome = run_cli(
        "new", *LEAST, *LEVELS, "--category", "security", "--service", "search",
        "--earlier", "1", "--parent", "1", "--owner", "duty-two", "--by", "duty-three",
        "--at", "2026-11-20T11:00Z", repo=root,
    )  # fmt: skip
    assert outcome.code == 0, outcome.err
    found = record(root, "INC-2026-0002")
    assert (found.links.earlier, found.links.parent) == (("INC-2026-0001",), "INC-2026-0001")
    assert [(one.team, one.owner) for one in found.assignments] == [("desk", "duty-two")]
    assert (found.reporter.handle, found.opened.hour, found.status) == ("duty-three", 11, "assigned")
    for flag, value, advice in (
        ("--team", "dsk", "did you mean `desk`?"),
        ("--owner", "duty-tow", "did you mean `duty-two`?"),
        ("--earlier", "INC-2026-0003", "there is no incident `INC-2026-0003`"),
    ):
        outcome = run_cli("new", *LEAST, *LEVELS, "--category", "security", flag, value, repo=root)
        assert outcome.code == 2 and advice in outcome.err


def test_what_has_errors_is_written_and_not_sent(tmp_path: Path, run_cli: RunCli) -> None:
    root, _ = two_clones(tmp_path, {FIRST: KNOWN})
    secret = "AKIA" + "IOSFODNN7EXAMPLE"
    said = ("new", *LEAST, *LEVELS, "--category", "security", "--service", "search")
    outcome = run_cli(*said, "-m", f"The key is {secret}", "--push", repo=root)
    assert outcome.code == 1
    assert "Not committed, for it has errors" in outcome.err
    assert git(root, "status", "--porcelain") == "?? incidents/2026/INC-2026-0002.md\n"
    assert git(root, "branch", "--show-current").strip() == "main"


def test_two_who_log_at_once_get_two_numbers(
    tmp_path: Path, run_cli: RunCli, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in GIT_ENVIRONMENT.items():
        monkeypatch.setenv(name, value)
    one, two = two_clones(tmp_path, {FIRST: KNOWN})
    said = ("new", *LEAST, *LEVELS, "--category", "security", "--service", "search", "--push")
    assert "Pushed inc-2026-0002 to origin" in run_cli(*said, repo=one).out
    outcome = run_cli(*said, repo=two)  # which had not fetched
    assert "Pushed inc-2026-0003 to origin" in outcome.out
    assert (two / "incidents/2026/INC-2026-0003.md").is_file()


def test_a_number_that_is_taken_in_that_very_moment_is_no_others_branch(
    tmp_path: Path, run_cli: RunCli, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in GIT_ENVIRONMENT.items():
        monkeypatch.setenv(name, value)
    one, two = two_clones(tmp_path, {FIRST: KNOWN})
    said = ("new", *LEAST, *LEVELS, "--category", "security", "--service", "search", "--push")
    assert run_cli(*said, repo=one).code == 0
    # the other one asks the remote just before that, and so hears of the main branch alone
    git(two, "config", "remote.origin.fetch", "+refs/heads/main:refs/remotes/origin/main")
    outcome = run_cli(*said, "-m", "Another one.", repo=two)
    assert outcome.code == 2
    assert "origin has a branch `inc-2026-0002` of somebody else" in outcome.err
    assert "`incidentbook renumber INC-2026-0002`" in outcome.err
    assert git(tmp_path / "origin.git", "rev-list", "--count", "main..inc-2026-0002").strip() == "1"


def test_no_answer_from_the_remote_is_said(
    tmp_path: Path, run_cli: RunCli, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in GIT_ENVIRONMENT.items():
        monkeypatch.setenv(name, value)
    one, _ = two_clones(tmp_path, {FIRST: KNOWN})
    git(one, "remote", "set-url", "origin", str(tmp_path / "gone.git"))
    outcome = run_cli(
        "new", *LEAST, *LEVELS, "--category", "security", "--service", "search", "--push", repo=one
    )
    assert outcome.code == 2
    assert "origin does not answer, so that others may have pushed" in outcome.err
    assert "committed as " in outcome.err
    assert (one / "incidents/2026/INC-2026-0002.md").is_file()
