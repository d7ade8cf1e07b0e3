"""Drafts: what the record says is filled in, what it does not say is a question, nothing else gets in."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from incidentbook.archive import open_repository
from incidentbook.desk.drafts import (
    BrokenTemplateError,
    NothingToTellError,
    draft_resolution,
    draft_review,
    draft_update,
)
from incidentbook.markdown.dialect import to_html
from incidentbook.markdown.outline import heading_key, outline
from incidentbook.records import Audience
from incidentbook.taxonomy.settings.reviews import DEFAULT_HEADINGS
from testbed import MakeRepository

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
PATH = "incidents/2026/INC-2026-0002.md"
ID = "INC-2026-0002"
OPEN = """\
---
title: Checkout answers *slowly*
status: in_progress
visibility: public
services:
  - {service: checkout, state: partial_outage}
  - {service: database, state: degraded_performance}
category: application/defect
impact: high
urgency: high
started: 2026-11-20T08:00+00:00
detected: 2026-11-20T08:10+00:00
opened: 2026-11-20T08:15+00:00
acknowledged: 2026-11-20T08:20+00:00
affected: {count: 250, who: Guests of the marina}
assignments:
  - {at: 2026-11-20T08:20+00:00, team: payments, owner: duty-one}
steps:
  - {at: 2026-11-20T11:00+00:00, by: duty-one, text: Restarted the pool}
escalations:
  - {at: 2026-11-20T08:40+00:00, kind: functional, to: Vendor desk}
updates:
  - {at: 2026-11-20T08:30+00:00, status: investigating, text: We look into it., visibility: public}
  - {at: 2026-11-20T09:00+00:00, status: identified, text: The pool leaks like a sieve., visibility: internal}
links: {earlier: [INC-2026-0001]}
---
The body says that the pool leaks.
"""
EARLIER = """\
---
title: Checkout answered slowly before
status: closed
services: [{service: checkout, state: partial_outage}]
opened: 2026-10-01T08:00+00:00
resolved: 2026-10-01T10:00+00:00
closed: 2026-10-02T10:00+00:00
resolution: {code: fixed, summary: Restarted the pool., permanence: temporary}
---
"""
REVIEW = """\
---
status: published
actions:
  - {title: Alert on the pool, type: detect, owner: duty-one, due: 2026-10-20}
  - {title: Mend the leak, type: prevent, owner: duty-one, due: 2026-12-01}
  - {title: Restart at night, type: mitigate, owner: duty-one, due: 2026-10-20, state: done, done: 2026-10-12,
     evidence: Job 7}
---
"""
RECORDS = {
    PATH: OPEN,
    "incidents/2026/INC-2026-0001.md": EARLIER,
    "incidents/2026/INC-2026-0001.review.md": REVIEW,
}


@pytest.fixture
def root(make_repository: MakeRepository) -> Path:
    return make_repository(RECORDS)


def test_an_update_says_what_readers_may_know_and_asks_the_rest(root: Path) -> None:
    text = draft_update(open_repository(root), ID, NOW)
    assert "Checkout is partly down since 2026-11-20 08:00 UTC." in text
    assert "(QUESTION: Who is affected, and how many?)" in text
    assert (
        "(QUESTION: What has changed since 2026-11-20 08:30 UTC, when you last said: investigating?)" in text
    )
    for hidden in ("Database", "database", "leak", "sieve", "duty", "Payments", "Vendor", "250", "defect"):
        assert hidden not in text


def test_colleagues_are_told_of_inner_services_and_how_it_ended(root: Path) -> None:
    solved = OPEN.replace("status: in_progress", "status: resolved").replace(
        "links:",
        "resolved: 2026-11-20T11:30+00:00\n"
        "resolution: {code: fixed, summary: The pool was made larger., workaround: Try again.}\nlinks:",
    )
    (root / PATH).write_text(solved)
    archive = open_repository(root)
    inner = draft_resolution(archive, ID, NOW, Audience.INTERNAL)
    assert "over since 2026-11-20 11:30 UTC, after 3 h 30 min: Checkout answers \\*slowly\\*" in inner
    assert "Affected: Checkout, Database, from" in inner
    assert "The pool was made larger." in inner
    outer = draft_resolution(archive, ID, NOW)
    assert "Affected: Checkout, from" in outer
    assert "(QUESTION: What was done, without names and without machinery?)" in outer
    assert "larger" not in outer
    assert "Try again" not in outer
    for text in (inner, outer):
        assert "duty" not in text
        assert "leak" not in text


def test_an_update_of_what_is_over_names_the_other_draft(root: Path) -> None:
    with pytest.raises(NothingToTellError, match="is closed; `incidentbook draft resolution INC-2026-0001`"):
        draft_update(open_repository(root), "INC-2026-0001", NOW)


def test_nobody_is_told_what_they_may_not_read(root: Path) -> None:
    archive = open_repository(root)
    with pytest.raises(NothingToTellError, match="`--audience internal` drafts for colleagues"):
        draft_resolution(archive, "INC-2026-0001", NOW, Audience.PUBLIC)
    (root / PATH).write_text(OPEN.replace("visibility: public\nserv", "visibility: restricted\nserv"))
    with pytest.raises(NothingToTellError, match="is restricted"):
        draft_update(open_repository(root), ID, NOW)
    (root / PATH).write_text(OPEN.replace("impact: high", "drill: true\nimpact: high"))
    with pytest.raises(NothingToTellError, match="is a drill"):
        draft_update(open_repository(root), ID, NOW)


def test_a_promised_next_update_is_named_to_colleagues(root: Path) -> None:
    (root / "schema/major.yml").write_text("update_every: 45m\n")
    (root / PATH).write_text(OPEN.replace("impact: high", "major: true\nimpact: high"))
    text = draft_update(open_repository(root), ID, NOW, Audience.INTERNAL)
    assert "Next update by 2026-11-20 12:45 UTC." in text


@pytest.mark.parametrize(
    ("due", "said"),
    [("13:30", "Next update by 2026-11-20 13:30 UTC."), ("11:45", "(QUESTION: When will you tell more?)")],
)
def test_what_a_shift_note_promised_is_named_while_it_lies_ahead(root: Path, due: str, said: str) -> None:
    note = root / "handovers/2026/HND-2026-0001.md"
    note.parent.mkdir(parents=True)
    note.write_text(
        "---\nstatus: written\nat: 2026-11-20T11:40+00:00\nincoming: duty-two\n"
        f"items: [{{incident: {ID}, next_update_due: 2026-11-20T{due}+00:00}}]\n---\n"
    )
    assert said in draft_update(open_repository(root), ID, NOW, Audience.INTERNAL)


STAGES = """\
services:
  - {service: checkout, state: partial_outage, to: 2026-11-20T08:30+00:00}
  - {service: checkout, state: major_outage, from: 2026-11-20T08:30+00:00, to: 2026-11-20T09:00+00:00}
  - {service: checkout, state: partial_outage, from: 2026-11-20T09:00+00:00, to: 2026-11-20T10:00+00:00}
  - {service: checkout, state: partial_outage, from: 2026-11-20T10:00+00:00}
  - {service: database, state: degraded_performance, from: 2026-11-20T10:20+00:00}
"""


def test_each_service_is_in_its_state_since_that_began(root: Path) -> None:
    (root / PATH).write_text(re.sub(r"services:\n(?:  - .*\n)+", STAGES, OPEN, count=1))
    text = draft_update(open_repository(root), ID, NOW, Audience.INTERNAL)
    assert text.startswith(
        "Checkout is partly down since 2026-11-20 09:00 UTC.\n"
        "Database is working, but worse than usual since 2026-11-20 10:20 UTC.\n"
    )


def test_a_review_has_every_heading_and_what_the_record_tells(root: Path) -> None:
    text = draft_review(open_repository(root), ID, NOW)
    assert [section.title for section in outline(text)] == list(DEFAULT_HEADINGS)
    assert "| 2026-11-20 11:00 UTC | 3 h | Restarted the pool |" in text
    assert "- 2026-11-20 09:00 UTC to 2026-11-20 11:00 UTC, 2 h. (QUESTION: What happened then?)" in text
    assert "- 10 min from the start to the first sign" in text
    assert "- Response: 5 min from opening to taking up" in text
    assert "- Target for the response: 15 min; used 5 min, kept" in text
    assert "| 2026-11-20 08:30 UTC | 30 min | readers | investigating |" in text
    assert "| 2026-11-20 08:40 UTC | 40 min | Vendor desk | escalated, functional |" in text
    assert "duty-one" not in text


def test_a_review_says_whether_past_promises_were_kept(root: Path) -> None:
    text = draft_review(open_repository(root), ID, NOW)
    assert (
        "- INC-2026-0001, Checkout answered slowly before (2026-10-01 08:00 UTC): linked as the same kind."
        in text
    )
    assert "Promised then: Alert on the pool: NOT done, was due on 2026-10-20" in text
    assert "Promised then: Mend the leak: open, due on 2026-12-01" in text
    assert "Promised then: Restart at night: done on 2026-10-12" in text


def test_headings_without_facts_are_still_empty_for_the_check(root: Path) -> None:
    blank = {
        section.key for section in outline(draft_review(open_repository(root), ID, NOW)) if section.is_blank
    }
    assert blank == {"what went well", "actions", "summary", "decisions"}


def test_the_headings_of_the_policy_are_those_of_the_draft(root: Path) -> None:
    (root / "schema/reviews.yml").write_text("policies:\n  - headings: [What happened?, Actions]\n")
    text = draft_review(open_repository(root), ID, NOW)
    assert [section.key for section in outline(text)] == [heading_key("What happened?"), "actions"]
    assert "(QUESTION: What is there to say about What happened??)" in text


def test_a_review_names_no_restricted_record(root: Path) -> None:
    earlier = root / "incidents/2026/INC-2026-0001.md"
    earlier.write_text(EARLIER.replace("status: closed", "status: closed\nvisibility: restricted"))
    text = draft_review(open_repository(root), ID, NOW)
    assert "INC-2026-0001" not in text
    assert "Mend the leak" not in text


ATTACK = "'<script>x</script> | [a](https://evil.example) @team ![i](www.evil.example) (QUESTION: mine?)'"


def test_what_a_record_says_is_nothing_but_text(root: Path) -> None:
    (root / PATH).write_text(OPEN.replace("title: Checkout answers *slowly*", f"title: {ATTACK}"))
    earlier = root / "incidents/2026/INC-2026-0001.md"
    earlier.write_text(EARLIER.replace("title: Checkout answered slowly before", f"title: {ATTACK}"))
    archive = open_repository(root)
    for text in (draft_review(archive, ID, NOW), draft_resolution(archive, ID, NOW)):
        assert "\u200b" not in text
        rendered = to_html(text)
        assert "evil" in rendered
        for markup in ("<script", "<a href", "<img"):
            assert markup not in rendered


TEMPLATE = "templates/draft-update.md.j2"


def test_a_repository_has_templates_of_its_own(make_repository: MakeRepository) -> None:
    own = '{{ title }} hits {% for one in services %}{{ one.name }}{% endfor %}. {{ ask("Why (not)?") }}\n'
    root = make_repository({**RECORDS, TEMPLATE: own})
    text = draft_update(open_repository(root), ID, NOW)
    assert text == "Checkout answers \\*slowly\\* hits Checkout. (QUESTION: Why [not]?)\n"


@pytest.mark.parametrize(
    ("template", "place", "reason"),
    [
        ("One\n{{ titel }}\n", ":2: ", "'titel' is undefined"),
        ("{% for one in services %}\n", ":1: ", "Unexpected end of template"),
        ("{{ 'x' * 99999999999999 }}", ":1: ", "MemoryError"),
        ("\n\n{{ title.__class__.__mro__ }}\n", ":3: ", "unsafe"),
        ("{{ 1 / 0 }}", ":1: ", "division by zero"),
        ("{{ range(10 ** 9) | length }}", ":1: ", "Range too big"),
        ("{% include 'other' %}", "", "loader"),
        (b"\xff\xfe", ": ", "it is no UTF-8 text"),
    ],
)
def test_a_broken_template_is_told_in_one_line_with_its_place(
    make_repository: MakeRepository, template: str | bytes, place: str, reason: str
) -> None:
    root = make_repository({**RECORDS, TEMPLATE: template})
    with pytest.raises(BrokenTemplateError) as caught:
        draft_update(open_repository(root), ID, NOW)
    said = str(caught.value)
    assert said.startswith(f"{TEMPLATE}{place}")
    assert reason in said
    assert "\n" not in said


def test_a_template_that_leads_out_of_the_repository_is_not_read(root: Path, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("hidden")
    (root / "templates").mkdir()
    (root / TEMPLATE).symlink_to(secret)
    with pytest.raises(BrokenTemplateError, match="leads out of the repository"):
        draft_update(open_repository(root), ID, NOW)
