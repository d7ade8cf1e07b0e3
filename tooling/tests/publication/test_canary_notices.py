"""Words of its own for each reader, looked for in everything that channels of each audience are told."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from canarybed import INTERNAL, PUBLIC, READERS, WORD, Planted, plant

from incidentbook.archive import load_entries, open_repository
from incidentbook.history import events
from incidentbook.notices.notify.messages import Message, Wording
from incidentbook.notices.notify.planning import deliveries, period_slot
from incidentbook.notices.notify.rendering import Templates
from testbed import git, write_files

SETTINGS = """\
channels:
  - {id: public, kind: webhook, url_from: PUBLIC, audience: public}
  - {id: internal, kind: webhook, url_from: INTERNAL, format: markdown}
  - {id: restricted, kind: webhook, url_from: RESTRICTED, audience: restricted}
subscriptions:
  - {channels: [public, internal, restricted], drills: true}
  - channels: [public, internal, restricted]
    due: [response, resolution, review, action, article, maintenance]
    drills: true
"""


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> tuple[Planted, dict[str, list[Message]]]:
    root = tmp_path_factory.mktemp("planted") / "records"
    root.mkdir()
    git(root, "init", "--quiet", "--initial-branch=main")
    git(root, "commit", "--quiet", "--allow-empty", "--message", "Begin")
    planted = plant(root)
    write_files(root, {"schema/notifications.yml": SETTINGS})
    git(root, "add", "--all")
    author = planted.word(INTERNAL, "name of an author")
    git(root, "-c", f"user.name={author}", "commit", "--quiet", "--message", author)
    return planted, messages(root)


def messages(root: Path) -> dict[str, list[Message]]:
    archive = open_repository(root)
    load_entries(archive)
    now = archive.taxonomy.settings.now
    assert now is not None
    wording = Wording(Templates(root), lambda news, _: f"https://forge.example/{news.path}", None)
    found = deliveries(archive, events(root, "HEAD~1", "HEAD"), now + timedelta(days=400))
    return {
        one.channel.id: [
            *(wording.message(news, one.channel, one.records) for news in one.news),
            wording.digest(
                one.news, one.channel, one.records, period_slot(one.channel, now, one.records.taxonomy)
            ),
        ]
        for one in found
    }


def words(found: Sequence[Message]) -> dict[str, str]:
    every: dict[str, str] = {}
    for message in found:
        text: Any = (message.subject, message.body, json.dumps(message.news))
        for word in WORD.findall(" ".join(text).encode()):
            every.setdefault(word.decode().lower(), message.subject)
    return every


@pytest.mark.parametrize("audience", [PUBLIC, INTERNAL])
def test_a_channel_is_told_no_word_that_is_not_for_its_audience(
    told: tuple[Planted, dict[str, list[Message]]], audience: str
) -> None:
    planted, found = told
    met = words(found[audience])
    assert planted.leaked(met, audience) == []
    assert {planted.for_whom[word] for word in met} == READERS[audience]


def test_nothing_is_told_to_a_channel_of_another_audience(
    told: tuple[Planted, dict[str, list[Message]]],
) -> None:
    assert set(told[1]) == {PUBLIC, INTERNAL}


def test_the_public_is_told_nothing_that_is_due(told: tuple[Planted, dict[str, list[Message]]]) -> None:
    _, found = told
    due = {
        audience: {one["due"] for message in many for one in message.news} for audience, many in found.items()
    }
    assert due == {PUBLIC: {False}, INTERNAL: {False, True}}
