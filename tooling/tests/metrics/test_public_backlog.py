"""What was open in the past, as the public may know it."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from incidentbook.archive import load_archive
from incidentbook.gitrepo import open_working_tree
from incidentbook.metrics import measure
from incidentbook.publication import publish
from incidentbook.records import Audience
from testbed import MakeRepository

REOPENED = """\
---
title: Checkout is down
status: resolved
visibility: public
opened: 2026-03-01T00:00Z
resolved: 2026-04-05T01:00Z
reopenings:
  - {resolved: 2026-03-01T02:00Z, reopened: 2026-04-05T00:00Z, reason: The pool ran dry again}
---
"""


@pytest.mark.parametrize("audience", [Audience.PUBLIC, Audience.INTERNAL])
def test_between_resolution_and_reopening_nothing_was_open(
    make_repository: MakeRepository, audience: Audience
) -> None:
    root = make_repository({"incidents/2026/INC-2026-0001.md": REOPENED})
    published = publish(load_archive(open_working_tree(root)), audience)
    march = measure(
        published,
        now=datetime(2026, 6, 1, tzinfo=UTC),
        from_=datetime(2026, 3, 1, tzinfo=UTC),
        to=datetime(2026, 4, 1, tzinfo=UTC),
        audience=audience,
    )
    assert march.overall.incidents == 1
    assert march.overall.backlog.count == 0
