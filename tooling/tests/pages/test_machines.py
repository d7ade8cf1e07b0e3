"""What is said to whoever builds a site whose files for machines lack something."""

from __future__ import annotations

import pytest

from incidentbook.archive import open_repository
from incidentbook.pages.machines import without_address
from incidentbook.publication import publish
from incidentbook.records import Audience
from testbed import SCHEMA, MakeRepository

URL = "https://status.example.invalid/"


@pytest.mark.parametrize(
    ("audience", "url", "settings", "is_lacking"),
    [
        (Audience.PUBLIC, None, "", True),
        (Audience.PUBLIC, URL, "", False),
        (Audience.PUBLIC, None, f"url: {URL}\n", False),
        (Audience.INTERNAL, None, "", False),
    ],
)
def test_a_public_site_without_an_address_is_told_of(
    make_repository: MakeRepository, audience: Audience, url: str | None, settings: str, is_lacking: bool
) -> None:
    path = "schema/incidentbook.yml"
    archive = open_repository(make_repository({path: SCHEMA[path] + settings}))
    said = without_address(publish(archive, audience), url)
    assert ("`site_url`" in (said or "")) is is_lacking
