"""New records are written in the order of their model, with the way to their schema."""

from __future__ import annotations

import posixpath
import re

import pytest

from incidentbook.edits import in_order, schema_comment
from incidentbook.records import KINDS, RecordName
from incidentbook.records.kinds import home_of
from incidentbook.scaffold.json_schemas import json_schemas


@pytest.mark.parametrize("kind", KINDS)
def test_the_comment_leads_from_the_record_to_its_schema(kind: str) -> None:
    home = home_of(RecordName(kind=kind, id="x", year=2026))
    match = re.fullmatch(r"yaml-language-server: \$schema=(.*)", schema_comment(kind))
    assert match is not None
    assert posixpath.normpath(posixpath.join(posixpath.dirname(home), match[1])) in json_schemas()


def test_fields_stand_in_the_order_of_the_model_and_empty_ones_nowhere() -> None:
    values = {"x-own": 1, "opened": "o", "title": "t", "services": [], "summary": None, "status": "new"}
    assert list(in_order("incident", values)) == ["title", "status", "opened", "x-own"]
