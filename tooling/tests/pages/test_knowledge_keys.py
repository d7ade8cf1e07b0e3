"""What the pages of knowledge, teams and categories are made of is in their keys, and no more than that."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import NamedTuple

import pytest

from incidentbook.archive import open_repository
from incidentbook.pages import Page, plan
from incidentbook.publication import Urls, publish
from incidentbook.records import Audience
from sitebed import NOW, RECORDS
from testbed import MakeRepository

TEAMS = {"teams/payments/", "teams/desk/"}
"""What a team owes may follow from any record."""

KINDS = {"article", "problem", "team", "category"}

WITH: dict[str, str] = {
    **RECORDS,
    "incidents/2026/INC-2026-0005.md": """\
---
title: Till is stuck
status: in_progress
services: [{service: checkout, state: partial_outage}]
category: application/defect
impact: high
urgency: high
opened: 2026-11-20T08:30+00:00
assignments: [{at: 2026-11-20T08:35+00:00, team: payments, owner: duty-one}]
links: {known_error: PRB-2026-0001, articles: [restart-checkout]}
---
""",
    "knowledge/problems/PRB-2026-0002.md": """\
---
title: Nobody knows why
status: open
category: application/defect
team: desk
links: {articles: [look-again]}
actions: [{title: Look, due: 2026-11-22}]
---
See PRB-2026-0001.
""",
    "knowledge/articles/look-again.md": """\
---
title: Look again
status: published
type: how-to
review_by: 2026-11-21
---
Look.
""",
    "knowledge/articles/look.md": (
        "---\ntitle: Look\nstatus: retired\ntype: how-to\nreplaced_by: look-again\n---\n"
    ),
}


class Ours(NamedTuple):
    """The pages of these kinds by their paths, and where links lead."""

    pages: dict[str, Page]
    urls: Urls


def _ours(root: Path, now: datetime = NOW) -> Ours:
    made = plan(publish(open_repository(root), Audience.INTERNAL), now)
    return Ours({page.path: page for page in made.pages if page.kind in KINDS}, made.urls)


def _assert_keys_tell(before: Ours, after: Ours) -> set[str]:
    """Every page that is other has another key, or a link that leads elsewhere; return these."""
    changed = set()
    for path, page in after.pages.items():
        assert page.key, path
        old = before.pages.get(path)
        if (
            old is None
            or old.key != page.key
            or any(after.urls.answer(one.source, one.address) != one.answer for one in old.content.asked)
        ):
            changed.add(path)
        else:
            assert page.content == old.content, path
    return changed


@pytest.mark.parametrize("name", [name for name in WITH if name.endswith(".md")])
def test_a_changed_record_changes_the_keys_of_what_shows_it(
    make_repository: MakeRepository, name: str
) -> None:
    root = make_repository(WITH)
    before = _ours(root)
    for page in before.pages.values():
        assert page.content
    text = WITH[name]
    for other in (
        text.replace("title: ", "title: Never "),
        text.replace("status: published", "status: draft").replace("status: in_progress", "status: new"),
        text.replace("2026-11-1", "2026-10-1"),
        text.replace("links:", "x-links:"),
        text.replace("team: payments", "team: desk"),
        text.replace("category: application/defect", "category: security"),
    ):
        if other == text:
            continue
        (root / name).write_text(other, "utf-8")
        _assert_keys_tell(before, _ours(root))
    (root / name).unlink()
    _assert_keys_tell(before, _ours(root))


@pytest.mark.parametrize("days", [0.01, 1, 2, 30, 100, 400])
def test_what_ages_has_another_key_when_it_has_aged(make_repository: MakeRepository, days: float) -> None:
    root = make_repository(WITH)
    before = _ours(root)
    after = _ours(root, NOW + timedelta(days=days))
    assert _assert_keys_tell(before, after) < set(after.pages)


def test_most_pages_stay_when_one_record_changes(make_repository: MakeRepository) -> None:
    root = make_repository(WITH)
    before = _ours(root)
    (root / "incidents/2026/INC-2026-0003.md").write_text(
        WITH["incidents/2026/INC-2026-0003.md"].replace("quiet", "calm"), "utf-8"
    )
    assert _assert_keys_tell(before, _ours(root)) == TEAMS
    name = "knowledge/articles/look-again.md"
    (root / name).write_text(WITH[name] + "And again.\n", "utf-8")
    assert _assert_keys_tell(before, _ours(root)) == {
        "knowledge/articles/look/",
        "knowledge/articles/look-again/",
        "knowledge/problems/PRB-2026-0002/",
        *TEAMS,
    }


def test_a_quiet_category_stands_still_within_a_day(make_repository: MakeRepository) -> None:
    root = make_repository(WITH)
    before, after = (_ours(root, datetime.fromisoformat(f"2026-11-20T{hour}:00+00:00")) for hour in (12, 15))
    changed = _assert_keys_tell(before, after)
    assert "categories/security/" not in changed
    assert "categories/application/" in changed  # one of its incidents is open, and so is older now
