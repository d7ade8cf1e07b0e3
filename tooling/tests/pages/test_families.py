"""What a child's page takes from its parent, and what it must not."""

from __future__ import annotations

from incidentbook.records import Audience
from sitebed import planned, words_of
from testbed import MakeRepository

PARENT, CHILD = "incidents/2026/INC-2026-0101.md", "incidents/2026/INC-2026-0102.md"
RECORD = """\
---
title: {title}
status: {status}
visibility: {visibility}
services: [{{service: search, state: partial_outage}}]
opened: 2026-11-20T08:00+00:00
{more}---
"""
UPDATES = """\
updates:
  - {at: 2026-11-20T08:30+00:00, status: identified, text: For everybody., visibility: public}
  - {at: 2026-11-20T08:40+00:00, status: identified, text: Among ourselves.}
"""


def html(
    make: MakeRepository,
    audience: Audience,
    *,
    parent: str = "public",
    links: str = "{parent: INC-2026-0101}",
    more: str = "",
    status: str = "in_progress",
) -> dict[str, str]:
    files = {
        "schema/major.yml": "update_every: 45m\n",
        PARENT: RECORD.format(
            title="The larger one", visibility=parent, status="in_progress", more=f"major: true\n{UPDATES}"
        ),
        CHILD: RECORD.format(
            title="The child", visibility="public", status=status, more=f"links: {links}\n{more}"
        ),
    }
    return {path: page.content.html for path, page in planned(make(files), audience).items()}


CHILD_PAGE, PARENT_PAGE = "incidents/INC-2026-0102/", "incidents/INC-2026-0101/"


def test_a_child_tells_what_its_parent_told_and_whose_word_it_is(make_repository: MakeRepository) -> None:
    page = html(make_repository, Audience.INTERNAL)[CHILD_PAGE]
    story = page[page.index('id="timeline"') :]
    assert "For everybody." in story
    assert "Among ourselves." in story
    assert 'of <a href="../INC-2026-0101/">INC-2026-0101</a>' in story.replace("../../incidents/", "../")
    assert "Latest Identified" in words_of(page)


def test_outside_it_tells_what_was_said_outside(make_repository: MakeRepository) -> None:
    pages = html(make_repository, Audience.PUBLIC)
    assert "For everybody." in pages[CHILD_PAGE]
    assert "Among ourselves." not in "".join(pages.values())
    assert "Next update due" not in "".join(pages.values())


def test_of_a_parent_that_readers_may_not_know_nothing_is_told(make_repository: MakeRepository) -> None:
    every = "".join(html(make_repository, Audience.PUBLIC, parent="internal").values())
    assert "The child" in every
    for secret in ("INC-2026-0101", "The larger one", "For everybody."):
        assert secret not in every


def test_one_that_goes_apart_speaks_for_itself_and_keeps_its_reason(make_repository: MakeRepository) -> None:
    links = "{parent: INC-2026-0101, apart: Sabotage of the second line}"
    public = html(make_repository, Audience.PUBLIC, links=links)
    assert "For everybody." not in public[CHILD_PAGE]
    assert "INC-2026-0101" in public[CHILD_PAGE]
    assert "Sabotage" not in "".join(public.values())
    # it stands on the front page by itself, and not under the larger one
    assert "Belonging to it" not in public[""]
    assert "Belonging to it" in html(make_repository, Audience.PUBLIC)[""]


def test_what_was_said_after_a_child_was_closed_is_not_of_it(make_repository: MakeRepository) -> None:
    over = "resolved: 2026-11-20T08:32+00:00\nclosed: 2026-11-20T08:35+00:00\n"
    page = html(make_repository, Audience.INTERNAL, more=over, status="closed")[CHILD_PAGE]
    assert "For everybody." in page
    assert "Among ourselves." not in page


def test_when_readers_hear_of_it_next_is_told_inside(make_repository: MakeRepository) -> None:
    page = words_of(html(make_repository, Audience.INTERNAL)[PARENT_PAGE])
    assert "Next update due" in page
    assert "overdue by" in page
