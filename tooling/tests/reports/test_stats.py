"""Figures and required reviews as text, in a terminal of 80 columns."""

from __future__ import annotations

import io
from datetime import UTC, datetime, timedelta

import pytest
from rich.console import Console, RenderableType

from incidentbook.archive import Archive, open_repository
from incidentbook.clocks import review_duties
from incidentbook.metrics import measure, measure_availability
from incidentbook.reports.reviews.text import reviews_as_text
from incidentbook.reports.stats.text import stats_as_text
from incidentbook.reports.stats.words import counts, duration, percent, printable
from testbed import MakeRepository

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
LONG = "a-service-with-quite-a-long-name-that-nobody-would-ever-type-by-hand"
INCIDENT = f"""\
---
title: An incident whose title says a great deal more than a title should say about what was wrong
status: closed
major: true
opened: 2026-06-01T08:00+00:00
acknowledged: 2026-06-03T20:10+00:00
resolved: 2026-09-13T10:00+00:00
impact: medium
urgency: medium
services: [{{service: {LONG}, state: partial_outage}}]
assignments: [{{at: 2026-06-01T08:00+00:00, owner: somebody-with-a-very-long-handle-indeed}}]
---
"""


def shown(what: RenderableType, width: int = 80) -> list[str]:
    terminal = io.StringIO()
    Console(file=terminal, width=width, force_terminal=False).print(what)
    return terminal.getvalue().splitlines()


@pytest.fixture
def records(make_repository: MakeRepository) -> Archive:
    return open_repository(make_repository({"incidents/2026/INC-2026-0001.md": INCIDENT}))


def test_figures_lose_nothing_at_eighty_columns(records: Archive) -> None:
    statistics = measure(records, now=NOW, by="service")
    availability = measure_availability(records, (NOW - timedelta(days=90), NOW), NOW)
    lines = shown(stats_as_text(statistics, availability, name="Testbed", zone=UTC))
    assert max(map(len, lines)) <= 80
    text = "\n".join(lines)
    assert "\N{HORIZONTAL ELLIPSIS}" not in text
    assert "2d 12h" in text
    assert LONG in "".join(line.split("  ", 1)[0].strip() for line in lines)


def test_reviews_lose_nothing_at_eighty_columns(records: Archive) -> None:
    lines = shown(reviews_as_text(review_duties(records, NOW), now=NOW, only_overdue=False))
    assert max(map(len, lines)) <= 80
    text = " ".join(" ".join(lines).split())
    assert "\N{HORIZONTAL ELLIPSIS}" not in text
    assert "INC-2026-0001" in text
    assert "2026-09-18" in text


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (None, "none"),
        (0, "0s"),
        (0.4, "0s"),
        (45, "45s"),
        (90, "1m 30s"),
        (3599.6, "1h"),
        (8478, "2h 21m"),
        (86399, "1d"),
        (90000, "1d 1h"),
        (-90, "-1m 30s"),
    ],
)
def test_durations(seconds: float | None, said: str) -> None:
    assert duration(seconds) == said


@pytest.mark.parametrize(
    ("share", "said"),
    [
        (None, "none"),
        (0, "0.00 %"),
        (0.00001, "<0.01 %"),
        (0.5, "50.00 %"),
        (0.99999, ">99.99 %"),
        (1, "100.00 %"),
    ],
)
def test_only_a_hundred_percent_is_a_hundred(share: float | None, said: str) -> None:
    assert percent(share) == said


def test_reasons() -> None:
    assert counts({"cancelled": 2, "no_end": 1}) == "2 cancelled, 1 without an end time"


def test_a_terminal_obeys_no_text() -> None:
    assert printable("a\x1b[2Jb\u202ec\x9bd\ne") == "a\\u001b[2Jb\\u202ec\\u009bd\\u000ae"
    assert printable("Österbro 👩‍🔧 完了") == "Österbro 👩‍🔧 完了"
