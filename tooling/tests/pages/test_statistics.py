"""The page of figures: what it shows is what is measured, for whom, and when there is little or nothing."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from itertools import chain
from pathlib import Path

import pytest

from incidentbook.charts import say_time, vega
from incidentbook.metrics import measure
from incidentbook.pages.headlines import headlines
from incidentbook.pages.measured import measured
from incidentbook.records import Audience
from sitebed import NOW, RECORDS, planned, published_site, words_of
from testbed import REPOSITORY_ROOT, MakeRepository, RunCli

MEASURES = """\
goals:
  availability: 99.9
  time_to_restore: 1h
  resolution_attainment: 90
  services:
    - {service: checkout, time_to_restore: 30m}
"""


def incident(number: int, opened: datetime, minutes: int | None, service: str = "checkout") -> dict[str, str]:
    """A public incident that was over after so many minutes, or is not."""
    over = f"resolved: {(opened + timedelta(minutes=minutes)).isoformat()}\n" if minutes is not None else ""
    status = "in_progress" if minutes is None else "resolved"
    text = (
        f"---\ntitle: Incident {number}\nstatus: {status}\nvisibility: public\nimpact: high\nurgency: high\n"
        f"category: application/deployment\nservices: [{{service: {service}, state: major_outage}}]\n"
        f"opened: {opened.isoformat()}\n{over}---\n"
    )
    return {f"incidents/{opened.year}/INC-{opened.year}-{number:04}.md": text}


def many(recent: int, before: int) -> dict[str, str]:
    """Incidents of the last days and of those before: the recent ones take an hour, the others five."""
    records = [incident(300 + n, NOW - timedelta(days=1, hours=n), 60 + n) for n in range(1, recent + 1)]
    records += [incident(600 + n, NOW - timedelta(days=95, hours=n), 300 + n) for n in range(1, before + 1)]
    return dict(chain.from_iterable(one.items() for one in records))


def page_of(root: Path, audience: Audience = Audience.INTERNAL, now: datetime = NOW) -> str:
    return planned(root, audience, now)["statistics/"].content.html


def card_of(html: str, name: str) -> str:
    """The words of one headline figure."""
    found = re.search(rf'data-ib-figure="{name}">(.*?)</li>', html, re.DOTALL)
    assert found is not None, name
    return words_of(found[1])


def section_of(html: str, id_: str) -> str:
    """The words from a heading to the next."""
    return words_of(html[html.index(f'id="{id_}"') :].split("<h2", 1)[0])


def test_headlines_are_what_is_measured(make_repository: MakeRepository) -> None:
    root = make_repository({**RECORDS, "schema/measures.yml": MEASURES})
    html = page_of(root)
    site = published_site(root)
    overall = measure(
        site.published,
        now=NOW,
        from_=datetime.fromisoformat("2026-08-23T00:00+00:00"),
        to=datetime.fromisoformat("2026-11-21T00:00+00:00"),
    ).overall
    restore = overall.durations["time_to_restore"].summary
    assert card_of(html, "incidents").startswith(f"Incidents {overall.incidents} ")
    assert f"Time to restore {say_time(restore.median_s)}" in card_of(html, "time_to_restore")
    assert f"median of {restore.n}; mean {say_time(restore.mean_s)}" in card_of(html, "time_to_restore")
    assert "Goal: mean at most 1h missed" in card_of(html, "time_to_restore")
    assert "of 3 that were due" not in html
    assert card_of(html, "open").startswith(f"Open now {overall.backlog.count} ")
    assert "In the last seven days 1 incident was opened; 1 is open now" in words_of(html)


def test_a_terminal_prints_the_same_figures(run_cli: RunCli) -> None:
    """The command that the page names is one that works, and it prints what the page shows."""
    site = published_site(REPOSITORY_ROOT, now=datetime.fromisoformat("2026-11-20T09:00+00:00"))
    html = page_of(REPOSITORY_ROOT, now=site.now)
    command = re.search(r"<code>incidentbook (stats .*?)</code>", html)
    assert command is not None
    printed = run_cli("--now", site.now.isoformat(), *command[1].split(), repo=REPOSITORY_ROOT)
    assert printed.code == 0
    whole = " ".join(printed.out.split())
    for name, heading in (("time_to_restore", "(MTTR)"), ("time_to_acknowledge", "(MTTA)")):
        summary = measured(site).current.overall.durations[name].summary
        figures = (summary.mean_s, summary.median_s)
        assert f"{heading} {summary.n} {' '.join(map(say_time, figures))}" in whole
        assert say_time(summary.median_s) in card_of(html, name)
    assert f"Harbourline: {measured(site).current.overall.incidents} incidents" in whole


def test_up_or_down_is_said_only_where_the_interval_does(make_repository: MakeRepository) -> None:
    few = page_of(make_repository(many(9, 30), name="few"))
    assert "ib-movement" not in few
    assert "A trend is told only from 10 samples in each." in words_of(few)
    clear = page_of(make_repository(many(12, 12), name="clear"))
    assert "↓ down by 4h" in card_of(clear, "time_to_restore")
    assert "95 % interval −4h" in card_of(clear, "time_to_restore")  # noqa: RUF001
    assert "ib-movement--good" in clear
    assert "no clear change" in card_of(clear, "incidents")
    worse = page_of(make_repository(many(40, 10), name="worse"))
    assert "↑ up by" in card_of(worse, "incidents")
    assert "ib-movement--bad" in worse


def test_goals_stand_beside_their_figures_with_their_budget(make_repository: MakeRepository) -> None:
    html = page_of(make_repository({**many(12, 0), "schema/measures.yml": MEASURES}))
    goals = section_of(html, "goals")
    assert "Time without an incident at least 99.90 %" in goals
    assert "too much of 2h 9m" in goals
    assert "Checkout: time to restore mean at most 30m" in goals
    assert "none breached of 1.2 allowed" in goals
    assert "No goal is set" in section_of(page_of(make_repository(many(12, 0), name="none")), "goals")


def test_that_no_goal_is_set_is_said_to_those_who_can_set_one(make_repository: MakeRepository) -> None:
    content = planned(make_repository(many(12, 0)), Audience.PUBLIC)["statistics/"].content
    assert [item.id for item in content.toc] == ["overall", "patterns", "services", "figures", "counted"]
    assert 'id="goals"' not in content.html


def test_what_is_due_stands_there_late_things_first(make_repository: MakeRepository) -> None:
    html = page_of(make_repository(RECORDS))
    due = section_of(html, "due")
    assert "Resolution due" in due
    assert "1 overdue" in due
    assert "Rehearse roll-outs Overdue was due 18 Nov 2026 , First duty engineer" in due


def test_the_public_sees_no_promise_no_person_and_no_category(make_repository: MakeRepository) -> None:
    root = make_repository({**RECORDS, **many(12, 12), "schema/measures.yml": MEASURES})
    html = page_of(root, Audience.PUBLIC)
    text = words_of(html)
    assert "Public records only" in text
    for word in (
        *("targets", "Due now", "Reopened", "Satisfaction", "duty", "attainment", "Application"),
        *("Reviews on time", "Actions", "Caused by", "Database", "PRB-2026-0002", "Response met"),
    ):
        assert word not in text, word
    assert 'data-ib-figure="time_to_restore"' in html
    assert "--audience public" in text
    assert "PRB-2026-0001" in text


def test_without_incidents_there_is_one_sentence(make_repository: MakeRepository) -> None:
    html = page_of(make_repository({}))
    assert "No figures yet" in html
    assert "<svg" not in html
    assert "ib-headline" not in html
    assert "Nothing: every incident counts" in words_of(html)


@pytest.mark.parametrize("minutes", [90, None], ids=["over", "open"])
def test_one_incident_is_no_pattern(make_repository: MakeRepository, minutes: int | None) -> None:
    html = page_of(make_repository(incident(1, NOW - timedelta(days=2), minutes)))
    assert card_of(html, "incidents").startswith("Incidents 1 none of them major before: 0")
    restore = "1h 30m median of 1; mean 1h 30m" if minutes else "none no incident to tell by"
    assert card_of(html, "time_to_restore").startswith(f"Time to restore {restore} before: none")
    assert "When incidents are opened" not in html
    assert "NaN" not in html
    assert "<svg" not in section_of(html, "patterns")
    assert "Nothing to draw yet" in html


def test_all_open_incidents_have_no_time_to_restore(make_repository: MakeRepository) -> None:
    records = [incident(n, NOW - timedelta(days=3 * n), None) for n in range(1, 8)]
    html = page_of(make_repository(dict(chain.from_iterable(one.items() for one in records))))
    assert card_of(html, "time_to_restore").startswith("Time to restore none no incident to tell by")
    assert "7 still open" in section_of(html, "figures")
    assert "<figcaption>Time to restore" not in html
    assert "7 are open now, 2 more than a week ago" in words_of(html)
    assert "breached" in section_of(html, "due")


def test_days_without_an_incident_are_told_beside_those_before(make_repository: MakeRepository) -> None:
    html = page_of(make_repository(many(0, 12)))
    text = words_of(html)
    assert "No incident was opened in the last 90 days; in the 90 days before, 12." in text
    assert card_of(html, "incidents").startswith("Incidents 0 before: 12")


def test_every_chart_is_told_in_words_too(make_repository: MakeRepository) -> None:
    html = page_of(make_repository(many(12, 12)))
    charts = re.findall(r'<figure class="ib-plot-figure">.*?</figure>', html, re.DOTALL)
    assert len(charts) == 7
    for chart in charts:
        assert re.search(r'role="img"', chart)
        assert re.search(r'aria-label="[^"]{20,}"', chart)
        assert '<table class="ib-plot__table">' in chart
        assert "var(--ib-" in chart
    assert "Half of 24 incidents within" in html


def test_left_out_incidents_are_counted_by_reason(make_repository: MakeRepository) -> None:
    drill = "---\ntitle: Drill\nstatus: new\ndrill: true\nopened: 2026-11-01T09:00+00:00\n---\n"
    html = page_of(make_repository({**many(3, 0), "incidents/2026/INC-2026-0500.md": drill}))
    assert "1 drill (in the last 90 days: 1 drill)" in section_of(html, "counted")


def test_a_chart_is_drawn_once(make_repository: MakeRepository) -> None:
    root = make_repository(many(6, 6))
    page_of(root)
    before = vega._drawn.cache_info()
    page_of(root)
    after = vega._drawn.cache_info()
    assert after.misses == before.misses
    assert after.hits > before.hits


def test_the_sample_page_is_small() -> None:
    html = page_of(REPOSITORY_ROOT, now=datetime.fromisoformat("2026-11-20T09:00+00:00"))
    assert len(html.encode()) < 150_000


def test_a_headline_without_samples_in_either_period_is_not_shown(make_repository: MakeRepository) -> None:
    site = published_site(make_repository(many(3, 3)))
    names = {one.name for one in headlines(measured(site))}
    assert "time_to_acknowledge" not in names
    assert "satisfaction" not in names
    assert {"incidents", "time_to_restore", "page_availability", "open"} <= names
