"""`notify`: who is told what, once, by channels that fail, stall and come back."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

import pytest

from incidentbook.notices.notify.ledger import REF
from noticebed import Mailbox, Receiver, free_port, mail_server, receiver
from testbed import (
    GIT_ENVIRONMENT,
    NEW_INCIDENT,
    CommitAll,
    MakeRepository,
    Outcome,
    RunCli,
    git,
    write_files,
)

PATH = "incidents/2026/INC-2026-0001.md"
CHANNELS = """\
timeout: 1s
channels:
  - {id: hook, kind: webhook, url_from: NOTIFY_HOOK}
  - {id: other, kind: webhook, url_from: NOTIFY_OTHER}
subscriptions:
  - {channels: [hook, other], events: [opened, acknowledged, resolved]}
"""


@pytest.fixture
def hook(monkeypatch: pytest.MonkeyPatch) -> Iterator[Receiver]:
    with receiver() as found:
        monkeypatch.setenv("NOTIFY_HOOK", found.url)
        yield found


@pytest.fixture
def other(monkeypatch: pytest.MonkeyPatch) -> Iterator[Receiver]:
    with receiver() as found:
        monkeypatch.setenv("NOTIFY_OTHER", found.url)
        yield found


@pytest.fixture
def mailbox(monkeypatch: pytest.MonkeyPatch) -> Iterator[Mailbox]:
    with mail_server() as found:
        monkeypatch.setenv("NOTIFY_MAIL", found.url)
        yield found


@pytest.fixture
def opened(make_repository: MakeRepository, commit_all: CommitAll, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository whose last commit logs an incident, and two channels that are told."""
    for name, value in GIT_ENVIRONMENT.items():
        monkeypatch.setenv(name, value)
    root = make_repository({"schema/notifications.yml": CHANNELS})
    commit_all(root, "Begin")
    write_files(root, {PATH: NEW_INCIDENT})
    commit_all(root, "Log")
    return root


def notify(run_cli: RunCli, root: Path, *arguments: str) -> Outcome:
    return run_cli("notify", "HEAD~1..HEAD", *arguments, repo=root)


def test_what_was_told_is_not_told_again(
    run_cli: RunCli, opened: Path, hook: Receiver, other: Receiver
) -> None:
    first = notify(run_cli, opened)
    assert (first.code, len(hook.got), len(other.got)) == (0, 1, 1), first
    assert "INC-2026-0001 Opened: Checkout answers 502" in first.out
    again = notify(run_cli, opened)
    assert (again.code, again.out) == (0, "2 sent before.\n")
    assert (len(hook.got), len(other.got)) == (1, 1)
    (news,) = hook.got[0].body["news"]
    assert (news["topic"], news["record"], news["priority"]) == ("opened", "INC-2026-0001", "P1")
    assert hook.got[0].body["id"] == hook.got[0].headers["Idempotency-Key"]


def test_a_rebase_and_a_squash_tell_nothing_again(
    run_cli: RunCli, commit_all: CommitAll, opened: Path, hook: Receiver, other: Receiver
) -> None:
    assert notify(run_cli, opened).code == 0
    write_files(
        opened, {PATH: NEW_INCIDENT.replace("---\nErr", "acknowledged: 2026-11-19T14:09+00:00\n---\nErr")}
    )
    commit_all(opened, "Take")
    git(opened, "reset", "--quiet", "--soft", "HEAD~2")
    git(opened, "commit", "--quiet", "--message", "Both at once", "--date", "2026-11-20T11:00:00+00:00")
    assert notify(run_cli, opened).code == 0
    assert [one.body["news"][0]["topic"] for one in hook.got] == ["opened", "acknowledged"]


def test_the_second_time_that_a_priority_rises_is_another_event(
    run_cli: RunCli, commit_all: CommitAll, opened: Path, hook: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    only = CHANNELS.replace(
        "[hook, other], events: [opened, acknowledged, resolved]", "[hook], events: [priority_raised]"
    )
    for minute, impact in enumerate(("low", "high", "low", "high")):
        monkeypatch.setenv("GIT_AUTHOR_DATE", f"2026-11-20T10:0{minute}:00+00:00")
        write_files(
            opened,
            {
                PATH: NEW_INCIDENT.replace("impact: high", f"impact: {impact}"),
                "schema/notifications.yml": only,
            },
        )
        git(opened, "add", "--all")
        date = f"2026-11-20T10:0{minute}:00+00:00"
        git(opened, "commit", "--quiet", "--message", impact, "--date", date)
        assert notify(run_cli, opened).code == 0
    assert [one.body["news"][0]["detail"]["to"] for one in hook.got] == ["P1", "P1"]
    assert run_cli("notify", "HEAD~4..HEAD", repo=opened).code == 0
    assert len(hook.got) == 2


def test_a_failing_channel_stops_no_other_and_is_tried_again(
    run_cli: RunCli, opened: Path, hook: Receiver, other: Receiver
) -> None:
    hook.status = 503
    failed = notify(run_cli, opened)
    assert (failed.code, len(other.got)) == (1, 1)
    assert "the other side answers 503" in failed.out
    hook.status = 200
    back = notify(run_cli, opened)
    assert back.code == 0
    assert "1 sent, 1 sent before" in back.out
    assert hook.got[0].headers["Idempotency-Key"] == hook.got[1].headers["Idempotency-Key"]


def test_a_channel_that_stalls_is_unknown_until_somebody_says_otherwise(
    run_cli: RunCli, opened: Path, hook: Receiver, other: Receiver
) -> None:
    hook.stall = True
    stalled = notify(run_cli, opened)
    assert (stalled.code, len(other.got)) == (1, 1)
    assert "unknown" in stalled.out
    hook.stall = False
    again = notify(run_cli, opened)
    assert (again.code, len(hook.got)) == (1, 1)
    assert "`--resend-unknown` sends it again" in again.out
    sent = notify(run_cli, opened, "--resend-unknown")
    assert (sent.code, len(hook.got)) == (0, 2)
    assert hook.got[0].headers["Idempotency-Key"] == hook.got[1].headers["Idempotency-Key"]
    assert notify(run_cli, opened).out == "2 sent before.\n"


def test_a_run_that_is_killed_while_it_sends_leaves_it_unknown(
    run_cli: RunCli, opened: Path, hook: Receiver, other: Receiver
) -> None:
    hook.stall = True
    write_files(opened, {"schema/notifications.yml": CHANNELS.replace("1s", "1m")})
    process = started(opened, hook, other)
    try:
        assert hook.arrived.wait(20)
    finally:
        process.kill()
        process.wait()
    hook.released.set()
    hook.stall = False
    after = notify(run_cli, opened, "--format", "json")
    assert after.code == 1
    assert "unknown" in {
        one["state"] for one in json.loads(after.out)["messages"] if one["channel"] == "hook"
    }
    assert len(hook.got) == 1


def started(root: Path, hook: Receiver, other: Receiver) -> subprocess.Popen[bytes]:
    variables = {"NOTIFY_HOOK": hook.url, "NOTIFY_OTHER": other.url}
    return subprocess.Popen(
        [sys.executable, "-m", "incidentbook", "--repo", str(root), "notify", "HEAD~1..HEAD"],
        env=os.environ | variables | {"PYTHONPATH": os.pathsep.join(sys.path)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def test_of_two_runs_at_once_one_sends(opened: Path, hook: Receiver, other: Receiver, tmp_path: Path) -> None:
    """Two clones of one remote, as two runners have."""
    remote, second = tmp_path / "remote.git", tmp_path / "second"
    git(tmp_path, "clone", "--quiet", "--bare", str(opened), str(remote))
    git(opened, "remote", "add", "origin", str(remote))
    git(tmp_path, "clone", "--quiet", str(remote), str(second))
    runs = [started(root, hook, other) for root in (opened, second)]
    try:
        codes = [run.wait(60) for run in runs]
    finally:
        for run in runs:
            run.kill()
    assert (len(hook.got), len(other.got)) == (1, 1)
    assert 0 in codes
    assert REF in git(remote, "for-each-ref", "--format=%(refname)")


def test_a_dry_run_touches_nothing(run_cli: RunCli, opened: Path, hook: Receiver, other: Receiver) -> None:
    told = notify(run_cli, opened, "--dry-run")
    assert told.code == 0
    assert "2 messages: 2 to send." in told.out
    assert "Services: Checkout" in told.out
    assert (hook.got, other.got) == ([], [])
    assert git(opened, "for-each-ref", REF) == ""


def test_a_channel_without_an_address_fails_alone_and_shows_no_secret(
    run_cli: RunCli, opened: Path, hook: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = notify(run_cli, opened)
    assert (told.code, len(hook.got)) == (1, 1)
    assert "the environment variable NOTIFY_OTHER is not set" in told.out
    for address in (
        "secret-word",
        "ftp://user:secret-word@host",
        f"http://u:secret-word@127.0.0.1:{free_port()}/secret-word",
    ):
        monkeypatch.setenv("NOTIFY_OTHER", address)
        failed = notify(run_cli, opened)
        assert failed.code == 1
        assert "secret-word" not in failed.out + failed.err
    ledger = git(opened, "grep", "-h", "", REF)
    assert "Checkout" not in ledger
    assert "INC-" not in ledger
    assert "secret-word" not in ledger


def test_an_import_is_one_message(
    run_cli: RunCli, commit_all: CommitAll, opened: Path, hook: Receiver, other: Receiver
) -> None:
    many = {f"incidents/2026/INC-2026-{number:04}.md": NEW_INCIDENT for number in range(100, 140)}
    write_files(opened, many)
    commit_all(opened, "Import")
    assert notify(run_cli, opened).code == 0
    assert (len(hook.got), len(hook.got[0].body["news"])) == (1, 40)
    assert notify(run_cli, opened).out == "80 sent before.\n"


def test_who_runs_it_is_not_in_the_ledger(
    run_cli: RunCli, opened: Path, hook: Receiver, other: Receiver
) -> None:
    assert notify(run_cli, opened).code == 0
    assert git(opened, "log", "--format=%an %ae %cn %ce", REF).split() == [
        "incidentbook", "incidentbook@localhost"
    ] * 2  # fmt: skip


HOSTILE = "Down \\r\\nBcc: all@example.invalid <!channel> @everyone [x](https://evil.example) `a` *b*"


def test_a_title_injects_neither_headers_nor_mentions_nor_links(
    run_cli: RunCli, commit_all: CommitAll, opened: Path, mailbox: Mailbox, hook: Receiver
) -> None:
    settings = """\
timeout: 2s
channels:
  - id: mail
    kind: mail
    url_from: NOTIFY_MAIL
    sender: a@example.invalid
    to: [b@example.invalid, c@example.invalid]
  - {id: md, kind: webhook, url_from: NOTIFY_HOOK, format: markdown}
subscriptions:
  - {channels: [mail, md], events: [opened]}
"""
    title = NEW_INCIDENT.replace("title: Checkout answers 502 for one request in five", f'title: "{HOSTILE}"')
    write_files(opened, {"schema/notifications.yml": settings, "incidents/2026/INC-2026-0002.md": title})
    commit_all(opened)
    assert notify(run_cli, opened).code == 0
    assert sorted(one.rcpt_tos for one in mailbox.got) == [["b@example.invalid"], ["c@example.invalid"]]
    (envelope,) = (one for one in mailbox.got if one.rcpt_tos == ["b@example.invalid"])
    content = envelope.content if isinstance(envelope.content, bytes) else b""
    mail = message_from_bytes(content, policy=policy.default)
    assert (mail["Bcc"], mail["To"]) == (None, "b@example.invalid")
    assert str(mail["Subject"]).startswith("INC-2026-0002 Opened: Down")
    assert mail["Message-ID"] == f"<{str(mail['Message-ID'])[1:].partition('@')[0]}@example.invalid>"
    plain, marked = mail.get_content(), hook.got[0].body["text"]
    for text in (plain, marked):
        assert not any(word in text for word in ("<!channel>", "@everyone", "x](", "https://evil"))
    assert r"\*b\*" in marked
    assert r"\[x\](" in marked


def test_of_two_readers_the_one_that_was_refused_is_tried_again(
    run_cli: RunCli, opened: Path, mailbox: Mailbox
) -> None:
    settings = "channels:\n  - {id: mail, kind: mail, url_from: NOTIFY_MAIL, sender: a@b.invalid, "
    settings += "to: [one@d.invalid, x@d.invalid, y@d.invalid, z@d.invalid, two@d.invalid, Two@d.invalid]}\n"
    write_files(opened, {"schema/notifications.yml": settings + "subscriptions: [{channels: [mail]}]\n"})
    mailbox.refused |= {f"{name}@d.invalid" for name in "xyz"}
    clock = ("--now", "2026-11-20T08:00+00:00", "--repo", str(opened), "notify", "HEAD~1..HEAD")
    told = run_cli(*clock)
    assert told.code == 1
    assert told.out.count("the mail server refuses the address: 450") == 3
    assert "(mail, address 2)" in told.out
    assert "@d.invalid" not in told.out
    # three that are refused say nothing of those that come after them
    assert [one.rcpt_tos for one in mailbox.got] == [["one@d.invalid"], ["two@d.invalid"]]
    mailbox.refused.clear()
    assert run_cli(*clock).code == 0
    assert sorted(one.rcpt_tos[0][0] for one in mailbox.got[2:]) == ["x", "y", "z"]
    assert run_cli(*clock).out == "5 sent before.\n"
    dates = {message_from_bytes(one.content)["Date"] for one in mailbox.got if isinstance(one.content, bytes)}
    assert dates == {"Fri, 20 Nov 2026 08:00:00 +0000"}


def test_a_mail_that_is_sent_again_has_its_message_id(
    run_cli: RunCli, opened: Path, mailbox: Mailbox
) -> None:
    settings = "timeout: 1s\nchannels:\n  - {id: mail, kind: mail, url_from: NOTIFY_MAIL, "
    settings += "sender: a@b.invalid, to: [c@d.invalid]}\n"
    write_files(opened, {"schema/notifications.yml": settings + "subscriptions: [{channels: [mail]}]\n"})
    mailbox.answer = "451 later"
    assert "the mail server refuses the mail: 451" in notify(run_cli, opened).out
    mailbox.stall = True
    assert "did not say that it has it" in notify(run_cli, opened).out
    mailbox.stall, mailbox.answer = False, "250 OK"
    assert notify(run_cli, opened).code == 1
    assert notify(run_cli, opened, "--resend-unknown").code == 0
    ids = {
        message_from_bytes(one.content)["Message-ID"] for one in mailbox.got if isinstance(one.content, bytes)
    }
    assert (len(mailbox.got), len(ids)) == (3, 1)


def test_nobody_is_told_above_his_audience(
    run_cli: RunCli, commit_all: CommitAll, opened: Path, hook: Receiver, other: Receiver
) -> None:
    settings = CHANNELS.replace("NOTIFY_OTHER}", "NOTIFY_OTHER, audience: public}")
    files = {
        f"incidents/2026/INC-2026-000{number}.md": NEW_INCIDENT.replace("status: new", f"status: new\n{more}")
        for number, more in enumerate(("visibility: public", "visibility: restricted", "drill: true"), 2)
    }
    write_files(opened, {"schema/notifications.yml": settings, **files})
    commit_all(opened)
    assert run_cli("notify", "HEAD~2..HEAD", "--due", repo=opened).code == 0
    told = {one.body["news"][0]["record"] for one in hook.got}
    assert told == {"INC-2026-0001", "INC-2026-0002"}
    (public,) = other.got
    assert public.body["news"][0]["record"] == "INC-2026-0002"
    assert "alert" not in json.dumps(public.body)


def test_what_is_due_is_told_once(run_cli: RunCli, opened: Path, hook: Receiver) -> None:
    settings = CHANNELS.replace(
        "[hook, other], events: [opened, acknowledged, resolved]", "[hook], due: [response]"
    )
    write_files(opened, {"schema/notifications.yml": settings})
    early = ("--now", "2026-11-19T14:17+00:00", "--repo", str(opened), "notify", "--due")
    late = ("--now", "2026-11-19T15:00+00:00", "--repo", str(opened), "notify", "--due")
    for arguments in (early, early, late, late):
        assert run_cli(*arguments).code == 0
    assert [one.body["news"][0]["level"] for one in hook.got] == ["at_risk", "late"]
    assert hook.got[0].body["thread"] == hook.got[1].body["thread"]


def test_a_digest_is_one_message_a_day(
    run_cli: RunCli, commit_all: CommitAll, opened: Path, hook: Receiver, other: Receiver
) -> None:
    settings = CHANNELS.replace("NOTIFY_HOOK}", "NOTIFY_HOOK, digest: daily}")
    write_files(
        opened, {"schema/notifications.yml": settings, "incidents/2026/INC-2026-0002.md": NEW_INCIDENT}
    )
    commit_all(opened)
    both = ("--now", "2026-11-20T08:00+00:00", "--repo", str(opened), "notify", "HEAD~2..HEAD")
    told = run_cli(*both)
    assert (told.code, hook.got, len(other.got)) == (0, [], 2)
    assert "hook: 2 for the next digest" in told.out
    assert run_cli(*both, "--digest").code == 0
    assert [[one["record"] for one in got.body["news"]] for got in hook.got] == [
        ["INC-2026-0001", "INC-2026-0002"]
    ]
    write_files(opened, {"incidents/2026/INC-2026-0003.md": NEW_INCIDENT})
    commit_all(opened)
    assert run_cli(*both[:4], "notify", "HEAD~3..HEAD", "--digest").code == 0
    assert len(hook.got) == 1
    assert (
        run_cli("--now", "2026-11-21T08:00+00:00", *both[2:4], "notify", "HEAD~3..HEAD", "--digest").code == 0
    )
    assert [one["record"] for one in hook.got[1].body["news"]] == ["INC-2026-0003"]
    assert len(other.got) == 2


def test_templates_of_the_repository_take_the_place_of_ours(
    run_cli: RunCli, opened: Path, hook: Receiver, other: Receiver
) -> None:
    mine = "{% extends 'builtin/event.j2' %}{% block subject %}!{{ title }}!{% endblock %}"
    write_files(opened, {"templates/notify/opened.j2": mine})
    told = notify(run_cli, opened, "--dry-run")
    assert "!Checkout answers 502 for one request in five!" in told.out
    assert "Priority: P1" in told.out
    for broken in (
        "{% block subject %}{{ nothing }}{% endblock %}",
        "{{ ''.__class__.__mro__ }}",
        "{% if %}",
        "{% extends 'opened.j2' %}",
        "{{ 'x' * 99999999999999 }}",
    ):
        write_files(opened, {"templates/notify/opened.j2": broken})
        told = notify(run_cli, opened, "--dry-run")
        assert told.code == 0
        assert told.err.count("templates/notify/opened.j2") == 1
        assert "the built-in template was used" in told.err
        assert "INC-2026-0001 Opened: Checkout" in told.out


def test_a_template_that_cannot_be_read_is_said_and_ours_is_used(
    run_cli: RunCli, opened: Path, hook: Receiver, other: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_files(opened, {"templates/notify/opened.j2": "{% block subject %}x{% endblock %}"})
    read = Path.read_text

    def denied(path: Path, *more: Any, **named: Any) -> str:
        # whoever runs tests as root may read everything
        if path.name == "opened.j2":
            raise PermissionError(13, "Permission denied", str(path))
        return read(path, *more, **named)

    monkeypatch.setattr(Path, "read_text", denied)
    told = notify(run_cli, opened, "--dry-run")
    assert told.code == 0
    assert "opened.j2: Permission denied; the built-in template was used" in told.err
    assert "INC-2026-0001 Opened: Checkout" in told.out


def test_a_link_among_the_templates_is_not_followed(run_cli: RunCli, opened: Path, tmp_path: Path) -> None:
    secret = tmp_path / "secret.j2"
    secret.write_text("{% block subject %}secret-word{% endblock %}{% block body %}{% endblock %}")
    (opened / "templates/notify").mkdir(parents=True)
    (opened / "templates/notify/event.j2").symlink_to(secret)
    assert "secret-word" not in notify(run_cli, opened, "--dry-run").out


@pytest.mark.parametrize("arguments", [(), ("main",)])
def test_what_cannot_be_told_is_said(run_cli: RunCli, opened: Path, arguments: tuple[str, ...]) -> None:
    assert run_cli("notify", *arguments, repo=opened).code == 2


def test_a_remote_that_cannot_be_asked_stops_the_run_before_anything_is_sent(
    run_cli: RunCli, opened: Path, hook: Receiver, other: Receiver, tmp_path: Path
) -> None:
    git(opened, "remote", "add", "origin", str(tmp_path / "gone.git"))
    assert notify(run_cli, opened).code == 2
    assert (hook.got, other.got) == ([], [])


def test_what_was_sent_is_said_where_the_ledger_cannot_be_pushed_afterwards(
    run_cli: RunCli, opened: Path, hook: Receiver, other: Receiver, tmp_path: Path
) -> None:
    remote = tmp_path / "remote.git"
    git(tmp_path, "clone", "--quiet", "--bare", str(opened), str(remote))
    git(opened, "remote", "add", "origin", str(remote))
    hook.during = lambda: remote.rename(tmp_path / "gone.git")
    told = notify(run_cli, opened)
    assert (told.code, len(hook.got), len(other.got)) == (2, 1, 1)
    assert told.out.startswith("2 messages: 2 sent.\n")
    assert "in this clone only: the ledger could not be pushed: " in told.err
    (tmp_path / "gone.git").rename(remote)
    hook.during = None
    assert notify(run_cli, opened).out == "2 sent before.\n"


@pytest.mark.parametrize(
    "broken", ["{{{", "chanels: []\n", CHANNELS.replace("subscriptions:\n  -", "subscriptions:\n   ")]
)
def test_settings_by_which_nobody_can_be_told_stop_the_run(
    run_cli: RunCli, opened: Path, hook: Receiver, other: Receiver, broken: str
) -> None:
    write_files(opened, {"schema/notifications.yml": broken})
    for more in ((), ("--dry-run",)):
        told = notify(run_cli, opened, *more)
        assert (told.code, told.out) == (2, "")
        assert "incidentbook: schema/notifications.yml:" in told.err
    assert (hook.got, other.got) == ([], [])


@pytest.mark.parametrize(
    ("whole", "broken"),
    [
        ("url_from: NOTIFY_OTHER}", "url_from: NOTIFY_OTHER, audience: pubilc}"),
        ("url_from: NOTIFY_OTHER}", "url_form: NOTIFY_OTHER}"),
        (
            "[hook, other], events: [opened, acknowledged, resolved]}",
            "[hook]}\n  - {channels: [other], priorities: P1}",
        ),
    ],
)
def test_an_entry_with_an_error_is_left_out_and_the_rest_is_told(
    run_cli: RunCli, opened: Path, hook: Receiver, other: Receiver, whole: str, broken: str
) -> None:
    """A channel of a misspelt audience would else be told what is internal, and a wrong choice everything."""
    write_files(opened, {"schema/notifications.yml": CHANNELS.replace(whole, broken)})
    told = notify(run_cli, opened)
    assert (told.code, len(hook.got), len(other.got)) == (1, 1, 0)
    assert "schema/notifications.yml has errors, so that not all of it counts" in told.err
