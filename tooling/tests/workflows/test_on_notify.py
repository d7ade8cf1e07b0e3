"""`notify`: channels are told after a push and by the clock, once, and not before somebody turns it on."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from incidentbook.notices.notify.ledger import REF
from noticebed import Receiver, receiver
from runnerbed import recorded
from testbed import NEW_INCIDENT, git
from workflowbed import ForgeBed

STEP = "Tell what happened and what is due"
SETTINGS = """\
timeout: 5s
channels:
  - {id: hook, kind: webhook, url_from: CHANNEL_HOOK}
  - {id: daily, kind: webhook, url_from: CHANNEL_DAILY, digest: daily}
subscriptions:
  - {channels: [hook, daily], events: [opened]}
  - {channels: [hook], due: [response]}
"""
ON = {"INCIDENTBOOK_NOTIFY": "on"}


@pytest.fixture
def hook() -> Iterator[Receiver]:
    with receiver() as found:
        yield found


def test_a_push_is_told_once_with_what_is_due_and_the_digest(bed: ForgeBed, hook: Receiver) -> None:
    before = git(bed.work, "rev-parse", "HEAD").strip()
    bed.commit({"schema/notifications.yml": SETTINGS, "incidents/2026/INC-2026-0001.md": NEW_INCIDENT})
    bed.push("main")
    secrets = {"INCIDENTBOOK_CHANNELS": f"CHANNEL_HOOK={hook.url}\nCHANNEL_DAILY={hook.url}?daily=1\n"}
    for event, payload in (
        ("push", recorded("push", before=before)),
        ("schedule", None),
    ):
        run = bed.runner("notify", event, payload, variables=ON, secrets=secrets).run("notify")
        assert run.step(STEP).code == 0, run.step(STEP).err
        assert hook.url not in run.step(STEP).out + run.step(STEP).err
    told = [(one.path, [news["topic"] for news in one.body["news"]]) for one in hook.got]
    assert told == [("/hook", ["opened"]), ("/hook", ["response"]), ("/hook?daily=1", ["opened"])]
    assert git(bed.remote, "for-each-ref", "--format=%(refname)", REF).strip() == REF
    assert bed.branches() == ["main"]


def test_without_addresses_it_says_so(bed: ForgeBed) -> None:
    run = bed.runner("notify", "schedule", variables=ON).run("notify")
    assert run.succeeded
    assert "INCIDENTBOOK_CHANNELS of the environment is not set" in run.step(STEP).out


@pytest.mark.parametrize(
    ("ref", "variables", "starts"),
    [("refs/heads/main", ON, True), ("refs/heads/main", {}, False), ("refs/heads/other", ON, False)],
)
def test_only_main_tells_and_only_where_it_is_turned_on(
    ref: str, variables: dict[str, str], starts: bool, bed: ForgeBed, tmp_path: Path
) -> None:
    runner = bed.runner("notify", "workflow_dispatch", ref=ref, variables=variables)
    assert runner.starts("notify") is starts
