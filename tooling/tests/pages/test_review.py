"""The page of a review: what it is about, drawn, and how far its actions are."""

from __future__ import annotations

from datetime import timedelta

import pytest

from incidentbook.records import Audience
from sitebed import NOW, RECORDS, planned, words_of
from testbed import MakeRepository

SOURCE, PATH = "incidents/2026/INC-2026-0001.review.md", "reviews/INC-2026-0001/"


@pytest.mark.parametrize("audience", [Audience.PUBLIC, Audience.INTERNAL])
def test_what_it_is_about_is_drawn(make_repository: MakeRepository, audience: Audience) -> None:
    html = planned(make_repository(RECORDS), audience)[PATH].content.html
    assert ">Checkout</text>" in html
    assert ("Acknowledge" in html) is (audience is Audience.INTERNAL)
    assert "Lasted 2 h until service was back" in words_of(html).replace("\xa0", " ")


def test_its_actions_are_counted(make_repository: MakeRepository) -> None:
    assert "Actions 1 of 2 actions done 1 overdue" in words_of(
        planned(make_repository(RECORDS))[PATH].content.html
    )


def test_its_key_names_its_incident_and_what_is_overdue(make_repository: MakeRepository) -> None:
    key = planned(make_repository(RECORDS))[PATH].key
    lead = "incidents/2026/INC-2026-0001.md"
    other = {**RECORDS, lead: RECORDS[lead].replace("Checkout answers", "Checkout answered")}
    assert planned(make_repository(other))[PATH].key != key
    root = make_repository(RECORDS)
    assert planned(root, now=NOW + timedelta(minutes=5))[PATH].key == key
    assert planned(root, now=NOW - timedelta(days=4))[PATH].key != key


def test_a_draft_ages(make_repository: MakeRepository) -> None:
    draft = {**RECORDS, SOURCE: RECORDS[SOURCE].replace("status: published", "status: draft")}
    root = make_repository(draft)
    assert planned(root)[PATH].key != planned(root, now=NOW + timedelta(minutes=5))[PATH].key
