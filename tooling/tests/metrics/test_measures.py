"""What each measure counts and what it leaves out, on small records; and what must not break it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from incidentbook.archive import open_repository
from incidentbook.metrics import Ledger, Statistics, histogram
from incidentbook.records import Audience
from testbed import MakeRepository, RunCli

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)


class Book:
    """A repository of incidents that are given by their front matter alone."""

    def __init__(self, make_repository: MakeRepository) -> None:
        self.make_repository = make_repository

    def ledger(self, *fronts: str, audience: Audience | None = None, **files: str) -> Ledger:
        records = {
            f"incidents/2026/INC-2026-{n:04}.md": f"---\ntitle: Down\n{front.strip()}\n---\n"
            for n, front in enumerate(fronts, start=1)
        }
        records |= {path.replace("__", "/").replace("_yml", ".yml"): text for path, text in files.items()}
        archive = open_repository(self.make_repository(records))
        assert not list(archive.diagnostics)
        return Ledger(archive, NOW, audience)

    def measure(self, *fronts: str, by: str | None = None) -> Statistics:
        return self.ledger(*fronts).measure(by=by)


@pytest.fixture
def book(make_repository: MakeRepository) -> Book:
    return Book(make_repository)


def resolved(day: int, *lines: str, hours: int = 2, month: int = 11) -> str:
    opened = datetime(2026, month, day, 8, tzinfo=UTC)
    end = opened + timedelta(hours=hours)
    front = ["status: resolved", f"opened: {opened.isoformat()}", f"resolved: {end.isoformat()}", *lines]
    return "\n".join(front)


CHECKOUT = "services: [{service: checkout, state: major_outage}]"
SEARCH = "services: [{service: find, state: partial_outage}]"
DAY = 86400


def between(statistics: Statistics) -> Any:
    return statistics.overall.durations["time_between_failures"]


def test_failures_are_counted_from_start_to_start_of_a_service(book: Book) -> None:
    found = between(book.measure(resolved(1, CHECKOUT), resolved(4, SEARCH), resolved(11, CHECKOUT)))
    assert found.samples == (10 * DAY,)
    assert found.left_out == {"first_failure": 2}


def test_two_states_of_a_service_in_one_incident_are_one_failure(book: Book) -> None:
    states = """services:
  - {service: checkout, state: operational, from: 2026-11-05T06:00+00:00}
  - {service: checkout, state: degraded_performance, from: 2026-11-05T07:00+00:00}
  - {service: checkout, state: major_outage, from: 2026-11-05T09:00+00:00}"""
    found = between(book.measure(resolved(4, CHECKOUT), resolved(5, states)))
    assert found.samples == (DAY - 3600,)


def test_a_child_is_no_failure_of_its_own(book: Book) -> None:
    found = between(
        book.measure(resolved(1, CHECKOUT), resolved(2, CHECKOUT, "links: {parent: INC-2026-0001}"))
    )
    assert found.left_out == {"first_failure": 1, "part_of_parent": 1}


def test_the_failure_before_counts_though_it_opened_before_the_period(book: Book) -> None:
    ledger = book.ledger(resolved(1, CHECKOUT), resolved(11, CHECKOUT))
    assert between(ledger.measure(from_=datetime(2026, 11, 5, tzinfo=UTC))).samples == (10 * DAY,)


def rates(book: Book, *fronts: str) -> dict[str, tuple[int, int, dict[str, int]]]:
    found = book.measure(*fronts).overall.rates
    return {
        name: (rate.count, rate.of, {str(why): n for why, n in rate.left_out.items()})
        for name, rate in found.items()
    }


OPEN = "status: in_progress\nopened: 2026-11-19T08:00+00:00"


def test_reopened_is_of_what_was_resolved_once(book: Book) -> None:
    again = "reopenings: [{resolved: 2026-11-19T09:00+00:00, reopened: 2026-11-19T10:00+00:00}]"
    found = rates(book, resolved(1), resolved(2), f"{OPEN}\n{again}", OPEN)
    assert found["reopened"] == (1, 3, {"not_resolved": 1})


def test_reassigned_is_another_team_or_where_none_is_named_another_person(book: Book) -> None:
    def given(*rows: str) -> str:
        at = "at: 2026-11-01T08:00+00:00"
        return resolved(1, f"assignments: [{', '.join(f'{{{at}, {row}}}' for row in rows)}]")

    found = rates(
        book,
        given("team: desk, owner: duty-one", "team: desk, owner: duty-two"),
        given("team: desk", "team: payments"),
        given("owner: duty-one", "owner: duty-two"),
        resolved(1),
    )
    assert found["reassigned"] == (2, 3, {"no_assignment": 1})


def test_first_line_is_only_teams_of_line_one_and_no_call_for_skill(book: Book) -> None:
    def had(team: str, *more: str) -> str:
        return resolved(1, f"assignments: [{{at: 2026-11-01T08:00+00:00, team: {team}}}]", *more)

    def called(kind: str) -> str:
        return f"escalations: [{{at: 2026-11-01T09:00+00:00, kind: {kind}, to: somebody}}]"

    found = rates(
        book,
        had("desk"),
        had("desk", called("hierarchical")),
        had("desk", called("functional")),
        had("payments"),
        had("unheard-of"),
        resolved(1),
    )
    assert found["resolved_at_first_line"] == (2, 4, {"no_line": 2})
    assert found["escalated"] == (2, 6, {})


def test_recurring_follows_what_was_said_in_whatever_chain(book: Book) -> None:
    found = book.ledger(
        resolved(1, "links: {problem: PRB-2026-0001}"),
        resolved(3, "links: {known_error: PRB-2026-0001}"),
        resolved(2, "links: {earlier: [INC-2026-0002]}"),  # opened before the one that it names
        resolved(4),
        resolved(5, "links: {problem: PRB-2026-0002}"),
    )
    assert found.recurring == {"INC-2026-0002", "INC-2026-0003"}


def test_automation_is_a_bot_that_people_yml_names(book: Book) -> None:
    fronts = [resolved(1, f"resolved_by: {who}") for who in ("deploy-bot", "duty-one", "nobody-known")]
    assert rates(book, *fronts, resolved(1), OPEN)["resolved_by_automation"] == (
        1,
        2,
        {"no_resolver": 1, "not_resolved": 1, "unknown_handle": 1},
    )


def test_the_public_is_told_nothing_of_what_it_may_not_see(book: Book) -> None:
    public = "visibility: public"
    again = "reopenings: [{resolved: 2026-11-01T09:00+00:00, reopened: 2026-11-01T09:30+00:00}]"
    ledger = book.ledger(
        resolved(1, public, again, "major: true", "satisfaction: {score: 5}"), audience=Audience.PUBLIC
    )
    figures = ledger.measure().overall
    assert (figures.rates["major"].count, figures.rates["major"].of) == (1, 1)
    assert (figures.rates["reopened"].share, figures.rates["reopened"].left_out) == (None, {"not_public": 1})
    hidden = (
        figures.reopened,
        figures.satisfaction,
        figures.actions,
        figures.reviews,
        figures.change_failure,
    )
    assert set(hidden) == {None}
    assert ledger.measure().load == ()


def test_the_backlog_of_a_past_month_is_what_was_open_then(book: Book) -> None:
    again = "reopenings: [{resolved: 2026-10-20T08:00+00:00, reopened: 2026-11-02T08:00+00:00}]"
    statistics = book.measure(
        resolved(30, hours=72, month=9),  # open at the end of September
        resolved(10, again, hours=24 * 30, month=10),  # not open between resolution and reopening
        OPEN,
        "status: closed\nopened: 2026-09-01T08:00+00:00",  # nobody knows until when
        by="month",
    )
    counts = {group.key[0]: group.figures.backlog.count for group in statistics.groups}
    assert counts == {"2026-09": 1, "2026-10": 0, "2026-11": 1}
    backlog = statistics.overall.backlog
    assert (backlog.at, backlog.count, backlog.oldest) == (NOW, 1, "INC-2026-0003")
    assert backlog.age.median_s == (24 + 4) * 3600


def test_goals_stand_beside_their_figures(book: Book) -> None:
    goals = """goals:
  availability: 99
  time_to_restore: 3h
  resolution_attainment: 90
  satisfaction: 4
  services: [{service: search, time_to_restore: 1h}]
"""
    services = """services:
  - {id: checkout, name: Checkout, availability_goal: 99.9, cost_per_hour: {amount: 100, currency: EUR}}
  - {id: search, name: Search, aliases: [find]}
"""
    ledger = book.ledger(
        resolved(1, CHECKOUT, "satisfaction: {score: 3}"),
        resolved(2, SEARCH),
        schema__measures_yml=goals,
        schema__services_yml=services,
    )
    found = {goal.name: goal for goal in ledger.measure().goals}
    assert found["time_to_restore"].met is True
    assert (found["resolution_attainment"].budget, found["resolution_attainment"].left) == (0.2, 0.2)
    assert found["satisfaction"].met is False
    assert "response_attainment" not in found
    (group,) = (one for one in ledger.measure(by="service").groups if one.key == ("search",))
    assert [(goal.name, goal.met) for goal in group.goals] == [("time_to_restore", False)]
    window = (datetime(2026, 11, 1, tzinfo=UTC), datetime(2026, 11, 11, tzinfo=UTC))
    availability = ledger.availability(window)
    checkout = availability.uptimes["checkout"]
    assert checkout.share == pytest.approx(1 - 2 / 240)
    assert checkout.budget == pytest.approx(timedelta(minutes=14.4), abs=timedelta(milliseconds=1))
    assert checkout.left == pytest.approx(timedelta(minutes=14.4 - 120), abs=timedelta(milliseconds=1))
    assert availability.cost == {"EUR": pytest.approx(200)}
    assert availability.whole.left == pytest.approx(timedelta(hours=2.4 - 4), abs=timedelta(milliseconds=1))


def test_what_an_hour_costs_is_what_it_cost_then(book: Book) -> None:
    services = """services:
  - {id: checkout, name: Checkout, cost_per_hour: {amount: 100, currency: EUR}, valid_until: 2026-11-02}
  - {id: checkout, name: Checkout, cost_per_hour: {amount: 300, currency: EUR}, valid_from: 2026-11-02}
"""
    ledger = book.ledger(resolved(1, CHECKOUT), resolved(3, CHECKOUT), schema__services_yml=services)
    window = (datetime(2026, 11, 1, tzinfo=UTC), datetime(2026, 11, 11, tzinfo=UTC))
    assert ledger.availability(window).cost == {"EUR": pytest.approx(2 * 100 + 2 * 300)}


def test_a_service_is_measured_while_it_is_in_force(book: Book) -> None:
    services = """services:
  - {id: checkout, name: Checkout, valid_from: 2026-11-10}
  - {id: fax, name: Fax, valid_until: 2026-10-01}
"""
    ledger = book.ledger(resolved(15, CHECKOUT, hours=24), schema__services_yml=services)
    window = (datetime(2026, 11, 1, tzinfo=UTC), datetime(2026, 11, 20, tzinfo=UTC))
    found = ledger.availability(window).services
    assert found == {"checkout": pytest.approx(0.9)}


def deployed(run_cli: RunCli, make_repository: MakeRepository, csv: str, *arguments: str) -> Any:
    change = "links: {caused_by_change: CHG-1}"
    records = {
        f"incidents/2026/INC-2026-{n:04}.md": f"---\ntitle: Down\n{front}\n---\n"
        for n, front in enumerate((resolved(1, change), resolved(2, change), resolved(3)), start=1)
    }
    repo = make_repository({**records, "schema/deployments.csv": csv})
    return run_cli("stats", *arguments, repo=repo)


def test_changes_that_failed_of_those_deployed(run_cli: RunCli, make_repository: MakeRepository) -> None:
    text = deployed(run_cli, make_repository, "day,service,deployments\n2026-11-01,checkout,8\n").out
    assert "Change failure: 1 change of 8 deployments: 12.50 %" in text
    counted = "day,service,deployments\n2026-11-01,,0\n"
    assert "1 change of 0 deployments: none" in deployed(run_cli, make_repository, counted).out


def test_deployments_may_come_from_elsewhere(
    run_cli: RunCli, make_repository: MakeRepository, tmp_path: Any
) -> None:
    other = tmp_path / "deployments.csv"
    other.write_text("day,service,deployments\n2026-11-01,,4\n")
    arguments = ("--deployments", str(other))
    outcome = deployed(run_cli, make_repository, "day,service,deployments\n", *arguments)
    assert "1 change of 4 deployments: 25.00 %" in outcome.out
    other.write_text("day,service,deployments\n2026-11-01,,many\n")
    outcome = deployed(run_cli, make_repository, "day,service,deployments\n", *arguments)
    assert outcome.code == 2
    assert "deployments.csv:2: `many` is no count" in outcome.err


@pytest.mark.parametrize(
    ("csv", "line", "message"),
    [
        ("day,count\n", 1, "the first line must be `day,service,deployments`"),
        ("day,service,deployments\n2026-11-31,,1\n", 2, "not a date"),
        ("day,service,deployments\n2026-11-01,,-1\n", 2, "`-1` is no count"),
        ("day,service,deployments\n2026-11-01,1\n", 2, "the line has 2 columns; expected 3"),
    ],
)
def test_deployments_that_cannot_be_counted(
    run_cli: RunCli, make_repository: MakeRepository, csv: str, line: int, message: str
) -> None:
    outcome = run_cli("check", repo=make_repository({"schema/deployments.csv": csv}))
    assert outcome.code == 1
    assert f"schema/deployments.csv:{line}:1" in outcome.out
    assert message in outcome.out


def test_a_goal_of_a_service_that_is_not_there(run_cli: RunCli, make_repository: MakeRepository) -> None:
    goals = "goals:\n  services: [{service: chekout, satisfaction: 4}]\n"
    outcome = run_cli("check", repo=make_repository({"schema/measures.yml": goals}))
    assert outcome.code == 1
    assert "there is no service `chekout`" in outcome.out


@pytest.mark.parametrize(
    "fronts",
    [
        (),
        (OPEN,),
        (OPEN, "status: new", "status: assigned\nopened: 2030-01-01T00:00+00:00"),
        ("status: closed",),
        (resolved(1, hours=-5),),
        ("status: resolved\nopened: 2026-11-01T08:00+00:00\nresolved: 2026-11-01T08:00+00:00",),
        (
            resolved(
                1,
                "holds: [{from: 2026-11-01T10:00+00:00, to: 2026-11-01T09:00+00:00, reason: user}]",
                "reopenings: [{resolved: 2026-11-01T10:00+00:00, reopened: 2026-11-01T09:00+00:00}]",
                "services: [{service: checkout, state: major_outage, from: 2026-11-02T08:00+00:00,"
                " to: 2026-11-01T08:00+00:00}]",
                "links: {parent: INC-2026-0001, earlier: [INC-2026-0001]}",
            ),
        ),
    ],
    ids=["none", "one-open", "all-open", "no-times", "ends-first", "no-length", "backwards"],
)
@pytest.mark.parametrize(
    "arguments", [("--by", "month"), ("--by", "service"), ("--availability",), ("--compare",)]
)
def test_odd_records_give_no_figure_rather_than_a_wrong_one(
    run_cli: RunCli, make_repository: MakeRepository, fronts: tuple[str, ...], arguments: tuple[str, ...]
) -> None:
    repo = make_repository(
        {
            f"incidents/2026/INC-2026-{n:04}.md": f"---\ntitle: Down\n{front}\n---\n"
            for n, front in enumerate(fronts, start=1)
        }
    )
    for format_ in ("text", "json", "csv", "markdown"):
        outcome = run_cli("stats", "--format", format_, *arguments, repo=repo)
        assert (outcome.code, outcome.err) == (0, "")
        assert "nan" not in outcome.out.lower()


def test_a_histogram_counts_every_sample_once() -> None:
    bins = histogram([0, 900, 901, 10**9])
    assert [(one.over_s, one.up_to_s, one.count) for one in bins if one.count] == [
        (None, 900, 2),
        (900, 3600, 1),
        (30 * DAY, None, 1),
    ]
