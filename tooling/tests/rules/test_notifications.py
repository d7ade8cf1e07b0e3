"""What schema/notifications.yml says wrongly, and that no secret in it is shown."""

from __future__ import annotations

import json

import pytest

from testbed import MakeRepository, RunCli

PATH = "schema/notifications.yml"
USED = "subscriptions:\n  - {channels: [a]}\n"


def found(
    run_cli: RunCli, make_repository: MakeRepository, text: str
) -> list[tuple[str, int, str, str | None]]:
    root = make_repository({PATH: text})
    out = json.loads(run_cli("check", "--format", "json", repo=root).out)
    return [
        (one["code"], one["line"], one["message"], one["help"])
        for one in out["diagnostics"]
        if one["path"] == PATH
    ]


@pytest.mark.parametrize(
    ("text", "code", "line", "message"),
    [
        (
            "channels:\n  - {id: a, url_from: A}\n  - {id: a, url_from: B}\n", "silent-channel", 3,
            "two channels are called `a`",
        ),
        (
            "channels:\n  - {id: a, url_from: A, kind: mail, to: [x@y.z]}\n", "silent-channel", 2,
            "mail channel `a` lacks `sender`",
        ),
        (
            "channels:\n  - {id: a, url_from: A, audience: restricted}\n", "silent-channel", 2,
            "channel `a` is for audience `restricted`; expected public or internal",
        ),
        (
            "channels:\n  - {id: a, url_from: A, kind: mail, sender: a@b.c, to: [d@e.f, stakeholder]}\n",
            "silent-channel", 2,
            "`stakeholder` in `to` of mail channel `a` is no address; "
            "expected one, `stakeholders` or `called`",
        ),
        (
            "channels:\n  - {id: a, url_from: A, kind: mail, sender: a@b.c, to: [called, stakeholders]}\n",
            "silent-channel", 2,
            "mail channel `a` is for `stakeholders`; none in schema/major.yml has an `email`",
        ),
    ],
)  # fmt: skip
def test_a_channel_that_can_be_told_nothing(
    run_cli: RunCli, make_repository: MakeRepository, text: str, code: str, line: int, message: str
) -> None:
    told = found(run_cli, make_repository, text + USED)
    assert [one[:3] for one in told] == [(code, line, message)]


def test_an_address_is_found_and_not_shown(run_cli: RunCli, make_repository: MakeRepository) -> None:
    text = "channels:\n  - id: a\n    url_from: slack://T0secretword/B0secretword/xyz\n" + USED
    root = make_repository({PATH: text})
    for arguments in (("check",), ("check", "--format", "json"), ("notify", "--due", "--dry-run")):
        out = run_cli(*arguments, repo=root)
        assert "secretword" not in out.out + out.err
    assert [one[:2] for one in found(run_cli, make_repository, text)] == [("channel-address-in-file", 2)]


@pytest.mark.parametrize(
    ("line", "message", "advice"),
    [
        ("channels: [b]", "there is no notification channel `b`", "did you mean `a`?"),
        ("services: [checkuot]", "there is no service `checkuot`", "did you mean `checkout`?"),
        ("groups: [shp]", "there is no group `shp`", "did you mean `shop`?"),
        ("priorities: [P9]", "there is no priority `P9`", "did you mean `P4`?"),
        ("team: paiments", "there is no team `paiments`", "did you mean `payments`?"),
        ("kinds: [incidents]", "there is no kind of record `incidents`", "did you mean `incident`?"),
        ("events: [opend]", "there is no event `opend`", "did you mean `opened`?"),
    ],
)
def test_what_a_subscription_names_is_looked_up(
    run_cli: RunCli, make_repository: MakeRepository, line: str, message: str, advice: str
) -> None:
    named = "" if line.startswith("channels") else "    channels: [a]\n"
    text = (
        f"channels:\n  - {{id: a, url_from: A}}\nsubscriptions:\n  - {{channels: [a]}}\n  - {line}\n{named}"
    )
    told = found(run_cli, make_repository, text)
    assert [(one[1], one[2]) for one in told] == [(5, message)]
    if message.split()[3] != "notification" and "P9" not in message:
        assert told[0][3] == advice
