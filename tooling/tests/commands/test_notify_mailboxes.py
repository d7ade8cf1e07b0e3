"""`notify`: stakeholders of major incidents and whoever is called, each with mails of their own."""

from __future__ import annotations

from collections.abc import Iterator
from email import message_from_bytes
from pathlib import Path

import pytest

from noticebed import Mailbox, mail_server
from testbed import GIT_ENVIRONMENT, NEW_INCIDENT, SCHEMA, CommitAll, MakeRepository, RunCli, write_files

PATH = "incidents/2026/INC-2026-0001.md"
MAJOR = """\
stakeholders:
  - {name: Board, email: board@x.invalid}
  - {name: Resellers, email: resellers@x.invalid, services: [checkout]}
  - {name: Carriers, email: carriers@x.invalid, services: [search]}
  - {name: Nobody}
"""
SETTINGS = """\
timeout: 1s
channels:
  - {id: mail, kind: mail, url_from: NOTIFY_MAIL, sender: a@b.invalid, to: [%s]%s}
subscriptions:
  - {channels: [mail], %s}
"""
SAID = "\nupdates: [{at: 2026-11-19T14:20+00:00, status: identified, text: '%s', visibility: public}]"


def settings(to: str, which: str, more: str = "") -> dict[str, str]:
    return {"schema/notifications.yml": SETTINGS % (to, more, which), "schema/major.yml": MAJOR}


def incident(more: str) -> dict[str, str]:
    return {PATH: NEW_INCIDENT.replace("status: new", f"status: new\n{more}")}


@pytest.fixture
def mailbox(monkeypatch: pytest.MonkeyPatch) -> Iterator[Mailbox]:
    with mail_server() as found:
        monkeypatch.setenv("NOTIFY_MAIL", found.url)
        yield found


@pytest.fixture
def root(make_repository: MakeRepository, commit_all: CommitAll, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name, value in GIT_ENVIRONMENT.items():
        monkeypatch.setenv(name, value)
    found = make_repository({})
    commit_all(found, "Begin")
    return found


def got(mailbox: Mailbox) -> list[tuple[str, str]]:
    """Who got what: each mail has one reader, and names no other."""
    found = []
    for one in mailbox.got:
        assert isinstance(one.content, bytes)
        mail = message_from_bytes(one.content)
        assert one.rcpt_tos == [mail["To"]]
        found.append((one.rcpt_tos[0].partition("@")[0], str(mail["Subject"])))
    return sorted(found)


def test_stakeholders_are_told_of_major_incidents_that_concern_them(
    run_cli: RunCli, commit_all: CommitAll, root: Path, mailbox: Mailbox
) -> None:
    write_files(root, settings("stakeholders", "events: [update_posted]", ", audience: public"))
    write_files(root, incident("visibility: public\nmajor: true" + SAID % "Carts are safe."))
    commit_all(root, "Tell")
    first = run_cli("notify", "HEAD~1..HEAD", repo=root)
    assert first.code == 0, first
    subject = "INC-2026-0001 Update: Checkout answers 502"
    assert [(who, said[: len(subject)]) for who, said in got(mailbox)] == [
        ("board", subject),
        ("resellers", subject),
    ]
    assert "(Board)" in first.out
    assert "board@" not in first.out
    assert run_cli("notify", "HEAD~1..HEAD", repo=root).out == "2 sent before.\n"
    write_files(
        root, {"schema/major.yml": MAJOR.replace("{name: Nobody}", "{name: Sales, email: sales@x.invalid}")}
    )
    commit_all(root, "One more wants to know")
    assert run_cli("notify", "HEAD~2..HEAD", repo=root).code == 0
    assert [who for who, _ in got(mailbox)] == ["board", "resellers", "sales"]


@pytest.mark.parametrize(
    "more",
    [
        "visibility: public" + SAID % "Not major.",
        "major: true" + SAID % "Internal.",
        "visibility: restricted\nmajor: true" + SAID % "Restricted.",
        "visibility: public\nmajor: true\ndrill: true" + SAID % "Drill.",
        "visibility: public\nmajor: true" + (SAID % "Among us.").replace("public}", "internal}"),
    ],
)
def test_stakeholders_outside_are_told_nothing_else(
    run_cli: RunCli, commit_all: CommitAll, root: Path, mailbox: Mailbox, more: str
) -> None:
    write_files(root, settings("stakeholders", "events: [update_posted]", ", audience: public"))
    write_files(root, incident(more))
    commit_all(root, "Tell")
    assert run_cli("notify", "HEAD~1..HEAD", repo=root).out == "Nobody is to be told of anything.\n"
    assert mailbox.got == []


def test_a_digest_has_what_concerns_its_reader_and_no_more(
    run_cli: RunCli, commit_all: CommitAll, root: Path, mailbox: Mailbox
) -> None:
    write_files(
        root, settings("'boss@x.invalid', stakeholders", "events: [update_posted]", ", digest: daily")
    )
    other = incident("major: true" + SAID % "Tills only.")[PATH].replace(
        "service: checkout", "service: search"
    )
    write_files(root, incident("major: true" + SAID % "Shop."))
    write_files(root, {PATH.replace("0001", "0002"): other})
    commit_all(root, "Tell")
    assert run_cli("notify", "HEAD~1..HEAD", "--digest", repo=root).code == 0
    counts = {who: subject.rpartition(": ")[2] for who, subject in got(mailbox)}
    assert counts == {
        "boss": "2 things to know", "board": "2 things to know",
        "resellers": "1 thing to know", "carriers": "1 thing to know",
    }  # fmt: skip


def test_that_an_incident_is_major_no_longer_is_told_like_that_it_was(
    run_cli: RunCli, commit_all: CommitAll, root: Path, mailbox: Mailbox
) -> None:
    write_files(root, settings("stakeholders", "major: true, events: [major_declared, major_stood_down]"))
    for major in ("false", "true", "false"):
        write_files(root, incident(f"major: {major}"))
        commit_all(root, f"Major: {major}")
    assert run_cli("notify", "HEAD~2..HEAD", repo=root).code == 0
    told = [subject for who, subject in got(mailbox) if who == "board"]
    assert [words in one for one, words in zip(told, ("declared", "stood down"), strict=True)] == [True, True]


PATHS = """\
paths:
  - id: all
    name: All
    steps:
      - {id: desk, kind: functional, to: payments, silence: 10m}
      - {id: boss, kind: hierarchical, to: duty-two, silence: 20m}
"""
TEAMS = SCHEMA["schema/teams.yml"].replace("line: 2, ", "line: 2, email: payments@x.invalid, ")


@pytest.fixture
def called(root: Path) -> Path:
    write_files(root, {"schema/escalation.yml": PATHS, "schema/teams.yml": TEAMS, **incident("major: false")})
    return root


def test_whom_a_step_calls_gets_a_mail(run_cli: RunCli, called: Path, mailbox: Mailbox) -> None:
    write_files(called, settings("called", "due: [escalation]"))
    for _ in range(2):
        assert run_cli("--now", "2026-11-19T15:00+00:00", "notify", "--due", repo=called).code == 0
    subject = "INC-2026-0001 Escalation step due: "
    assert [(who, said.startswith(subject)) for who, said in got(mailbox)] == [
        ("payments", True),
        ("two", True),
    ]


ROTATION = "rotation: {since: 2026-01-05, order: [duty-one, duty-three]}, "


def test_of_a_team_the_one_on_call_at_the_time_gets_it_and_no_other_later(
    run_cli: RunCli, called: Path, mailbox: Mailbox
) -> None:
    teams = TEAMS.replace("line: 2, ", f"line: 2, {ROTATION}")
    write_files(
        called, {**settings("called", "due: [escalation], called: [payments]"), "schema/teams.yml": teams}
    )
    for day in ("19", "26"):  # the one after it is another one's week
        assert run_cli("--now", f"2026-11-{day}T15:00+00:00", "notify", "--due", repo=called).code == 0
    assert len(got(mailbox)) == 1
    assert got(mailbox)[0][0] in ("one", "three")


@pytest.mark.parametrize(
    ("called_key", "expected"), [("payments", ["functional"]), ("duty-two", ["hierarchical"])]
)
def test_a_subscription_may_be_for_calls_of_one_team_or_person(
    run_cli: RunCli, called: Path, called_key: str, expected: list[str]
) -> None:
    write_files(called, settings("'x@y.invalid'", f"due: [escalation, response], called: [{called_key}]"))
    out = run_cli("--now", "2026-11-19T15:00+00:00", "notify", "--due", "--dry-run", repo=called).out
    told = [line for line in out.splitlines() if "Escalation step due:" in line and "|" in line]
    assert [
        next(kind for kind in ("functional", "hierarchical") if kind in line) for line in told
    ] == expected
    assert "Response clock" not in out


def test_a_step_that_was_told_as_due_is_not_told_again_as_taken(
    run_cli: RunCli, commit_all: CommitAll, called: Path, mailbox: Mailbox
) -> None:
    write_files(called, settings("called", "due: [escalation], events: [escalated]"))
    commit_all(called, "Settings")
    late = ("--now", "2026-11-19T15:00+00:00")
    assert run_cli(*late, "notify", "--due", repo=called).code == 0
    applied = run_cli(*late, "escalate", "--due", "--apply", "--by", "duty-one", "--commit", repo=called)
    assert applied.code == 0, applied
    again = ("escalate", "1", "--to", "duty-three", "--kind", "hierarchical", "--by", "duty-one", "--commit")
    assert run_cli(*late, *again, repo=called).code == 0
    assert run_cli(*late, "notify", "HEAD~2..HEAD", "--due", repo=called).code == 0
    assert [(who, subject.split()[1]) for who, subject in got(mailbox)] == [
        ("payments", "Escalation"),
        ("three", "Escalated"),
        ("two", "Escalation"),
    ]
