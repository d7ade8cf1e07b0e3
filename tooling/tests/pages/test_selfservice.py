"""The page of questions: plain words, from what is so at this moment."""

from __future__ import annotations

import re

import pytest

from incidentbook.records import Audience
from sitebed import HOSTILE, RECORDS, planned, words_of
from testbed import SCHEMA, MakeRepository

SETTINGS = SCHEMA["schema/incidentbook.yml"]
CONTACT = SETTINGS + (
    "report:\n  text: Any day.\n  url: https://help.example.invalid/\n"
    '  mail: "help?subject=x@example.invalid"\n  phone: "+49 30 23125 040"\n'
)
KNOWN = """\
---
title: Slow labels
status: known_error
workaround: Hold both triggers.
links: {articles: [labels]}
---
"""
LABELS = "---\ntitle: Labels\nstatus: published\ntype: how-to\nreaders: READERS\n---\nDo.\n"


def _help(root_of: MakeRepository, records: dict[str, str], audience: Audience = Audience.INTERNAL) -> str:
    return planned(root_of(records), audience)["help/"].content.html


def test_each_question_is_a_heading(make_repository: MakeRepository) -> None:
    html = _help(make_repository, RECORDS)
    headings = re.findall(r'<h2 id="([\w-]+)">', html)
    assert headings == ["down", "only-me", "when", "meanwhile", "report", "why", "next-time"]


@pytest.mark.parametrize("audience", [Audience.PUBLIC, Audience.INTERNAL])
def test_what_is_down_is_said_in_plain_words(make_repository: MakeRepository, audience: Audience) -> None:
    text = words_of(_help(make_repository, RECORDS, audience))
    assert "Yes. Slow or unreliable: Search ." in text
    assert "Second word." in text
    assert "First word." not in text
    assert "We know what is wrong and are putting it right. We last wrote about it on" in text
    assert "Degraded" not in text
    assert "INC-" not in text


def test_what_colleagues_told_each_other_is_not_shown(make_repository: MakeRepository) -> None:
    path = "incidents/2026/INC-2026-0002.md"
    internal = RECORDS[path].replace("Second word., visibility: public", "Second word., visibility: internal")
    text = words_of(_help(make_repository, {**RECORDS, path: internal}))
    assert "First word." in text
    assert "Second word." not in text
    assert "We are looking for the cause." in text


def test_what_is_said_later_is_not_said_yet(make_repository: MakeRepository) -> None:
    path = "incidents/2026/INC-2026-0002.md"
    later = RECORDS[path].replace("2026-11-20T10:20", "2026-11-21T10:20")
    text = words_of(_help(make_repository, {**RECORDS, path: later}))
    assert "First word." in text
    assert "Second word." not in text
    assert "We are looking for the cause." in text


def test_nothing_down(make_repository: MakeRepository) -> None:
    text = words_of(_help(make_repository, {}))
    assert "No. All 3 services work, as far as we know." in text
    assert "Nothing that we know of waits to be fixed." in text
    assert "Nothing has been written up yet." in text


def test_planned_work_is_no_outage(make_repository: MakeRepository) -> None:
    window = "planned: {from: 2026-11-20T11:00+00:00, to: 2026-11-20T14:00+00:00}"
    record = (
        f"---\ntitle: Move\nstatus: in_progress\n{window}\n"
        "services: [{service: search, state: major_outage}]\n---\n"
    )
    text = words_of(_help(make_repository, {"incidents/2026/MNT-2026-0001.md": record}))
    assert "No, but there is planned work going on. Planned work: Search ." in text
    assert "Yes." not in text


@pytest.mark.parametrize(
    ("readers", "visibility", "is_shown"),
    [("engineers", "internal", False), ("first_line", "internal", True), ("engineers", "public", True)],
)
def test_a_workaround_for_engineers_alone_is_not_shown(
    make_repository: MakeRepository, readers: str, visibility: str, is_shown: bool
) -> None:
    records = {
        "knowledge/problems/PRB-2026-0001.md": KNOWN.replace("links", f"visibility: {visibility}\nlinks"),
        "knowledge/articles/labels.md": LABELS.replace("READERS", readers),
    }
    assert ("Hold both triggers." in _help(make_repository, records)) is is_shown


def test_articles_for_everyone_stand_there_and_no_others(make_repository: MakeRepository) -> None:
    records = {
        f"knowledge/articles/{readers.replace('_', '-')}.md": LABELS.replace("READERS", readers).replace(
            "Labels", f"For {readers}"
        )
        for readers in ("everyone", "first_line", "engineers")
    }
    text = words_of(_help(make_repository, records))
    assert "For everyone" in text
    assert "For first_line" not in text
    assert "For engineers" not in text


@pytest.mark.parametrize("audience", [Audience.PUBLIC, Audience.INTERNAL])
def test_how_to_report_comes_from_the_settings(make_repository: MakeRepository, audience: Audience) -> None:
    html = _help(make_repository, {"schema/incidentbook.yml": CONTACT}, audience)
    assert 'href="https://help.example.invalid/"' in html
    assert 'href="tel:+493023125040"' in html
    assert 'href="mailto:help%3Fsubject%3Dx@example.invalid"' in html
    assert "Any day." in html


def test_without_a_contact_only_those_who_can_are_told_where_to_write_one(
    make_repository: MakeRepository,
) -> None:
    assert "schema/incidentbook.yml" in _help(make_repository, {})
    public = _help(make_repository, {}, Audience.PUBLIC)
    assert "schema/incidentbook.yml" not in public
    assert "Tell whoever you usually turn to at Testbed." in public


def test_hostile_contacts_stay_words(make_repository: MakeRepository) -> None:
    settings = SETTINGS + f"report: {{text: '{HOSTILE}', phone: '{HOSTILE}', url: 'https://x\"onclick=1'}}\n"
    html = _help(make_repository, {"schema/incidentbook.yml": settings})
    assert "<script" not in html
    assert 'href="tel:12"' in html
    assert '"onclick' not in html


def test_how_long_it_usually_takes_is_said_of_enough_incidents(make_repository: MakeRepository) -> None:
    def incident(number: int) -> str:
        return (
            "---\ntitle: x\nstatus: resolved\nopened: 2026-11-02T09:00+00:00\n"
            f"resolved: 2026-11-02T{9 + number:02}:00+00:00\n---\n"
        )

    def text(count: int) -> str:
        records = {f"incidents/2026/INC-2026-{n:04}.md": incident(n) for n in range(1, count + 1)}
        return words_of(_help(make_repository, records)).replace("\u00a0", " ")

    assert "nine of ten" not in text(4)
    assert "of the last 5 interruptions, half were over within 3 h" in text(5)
    assert "and nine of ten within 4 h 36 min" in text(5)
