"""The page of a problem: the workaround before the cause, and what it has cost."""

from __future__ import annotations

from incidentbook.pages.problem import stages_of
from incidentbook.records import Audience
from sitebed import planned, published_site, words_of
from testbed import MakeRepository

PROBLEM = """\
---
title: Old workers stay
status: known_error
visibility: public
symptoms: [One request in five answers 502]
services: [checkout, telex]
category: application/deployment
owner: duty-one
opened: 2026-11-11T09:00+00:00
known_error: 2026-11-12T09:00+00:00
workaround: "Restart them."
root_cause: They keep their sockets.
permanent_fix: Let them go.
actions: [{title: Let them go, owner: duty-one, due: 2026-11-19}]
---
"""
PATH, FILE = "knowledge/problems/PRB-2026-0001/", "knowledge/problems/PRB-2026-0001.md"


def _incident(number: int, start: str, end: str | None, links: str) -> dict[str, str]:
    ending = f"resolved: 2026-11-{end}+00:00\n" if end else ""
    return {
        f"incidents/2026/INC-2026-{number:04}.md": (
            f"---\ntitle: Number {number}\nstatus: {'resolved' if end else 'in_progress'}\n"
            f"visibility: public\nopened: 2026-11-{start}+00:00\n{ending}"
            f"links: {{{links}: PRB-2026-0001}}\n---\n"
        )
    }


INCIDENTS = {
    **_incident(1, "10T08:00", "10T10:00", "problem"),
    **_incident(2, "10T09:00", "10T11:00", "known_error"),
    **_incident(3, "20T11:00", None, "problem"),
}


def test_what_helps_comes_before_why(make_repository: MakeRepository) -> None:
    page = planned(make_repository({FILE: PROBLEM, **INCIDENTS}))[PATH]
    assert [item.id for item in page.content.toc] == [
        *("symptoms", "workaround", "cause", "fix", "actions", "incidents", "progress")
    ]
    html = page.content.html
    assert html.index("Restart them.") < html.index("They keep their sockets.") < html.index("Let them go.")
    assert "Overdue" in html
    assert 'href="../../../services/checkout/"' in html
    assert "services/telex/" not in html
    assert '<a href="../../../categories/application/deployment/">Application / Deployment</a>' in html


def test_time_lost_counts_overlaps_once_and_goes_on_while_one_is_open(
    make_repository: MakeRepository,
) -> None:
    text = words_of(planned(make_repository({FILE: PROBLEM, **INCIDENTS}))[PATH].content.html)
    assert "Time lost 4 h overlaps counted once" in text.replace("\u00a0", " ")
    assert "First 10 Nov 2026 Last 20 Nov 2026" in text


def test_the_public_sees_the_workaround_and_not_the_cause(make_repository: MakeRepository) -> None:
    text = words_of(
        planned(make_repository({FILE: PROBLEM, **INCIDENTS}), Audience.PUBLIC)[PATH].content.html
    )
    assert "Restart them." in text
    for word in ("sockets", "duty engineer", "Application", "Permanent fix", "Overdue"):
        assert word not in text, word


def test_stages_are_reached_one_after_the_other(make_repository: MakeRepository) -> None:
    root = make_repository({FILE: PROBLEM.replace("known_error: 2026-11-12T09:00+00:00\n", "")})
    (entry,) = published_site(root).published.problems
    stages = stages_of(entry.record)
    assert [stage.is_reached for stage in stages] == [True, True, False, False]
    assert [stage.is_current for stage in stages] == [False, True, False, False]
    text = words_of(planned(root)[PATH].content.html)
    assert "Logged 11 Nov 2026" in text
    assert "Known error Done" in text
    assert "Fixed Not yet" in text


def test_a_fixed_one_asks_for_a_word_if_it_comes_back(make_repository: MakeRepository) -> None:
    fixed = PROBLEM.replace("status: known_error", "status: resolved\nresolved: 2026-11-13T09:00+00:00")
    text = words_of(planned(make_repository({FILE: fixed}))[PATH].content.html)
    assert "open an incident that names PRB-2026-0001" in text
    assert "No incident names this problem" in text
