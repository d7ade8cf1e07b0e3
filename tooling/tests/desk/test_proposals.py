"""What is proposed of a new incident, in which order, and why."""

from __future__ import annotations

import math
from datetime import UTC, datetime
from pathlib import Path

import pytest

from incidentbook.archive import Archive, open_repository
from incidentbook.desk.precedents import tally
from incidentbook.desk.proposals import Proposal, ProposalCase, Proposals, Source, least_loaded, propose
from incidentbook.reports.proposals import proposal_lines
from testbed import SCHEMA, MakeRepository

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
ROTATION = "rotation: {since: 2026-11-02, order: [duty-one, duty-two]}"
TEAMS = f"""\
teams:
  - id: payments
    name: Payments
    members: [duty-one, duty-two, duty-three, deploy-bot]
    {ROTATION}
  - {{id: desk, name: Service desk}}
"""


def incident(
    title: str, *, category: str = "application/defect", owner: str = "", status: str = "closed", **more: str
) -> str:
    fields = {"impact": "medium", "urgency": "low", "opened": "2026-10-01T08:00+00:00", "team": "payments"}
    fields |= more
    who = f", owner: {owner}" if owner else ""
    return (
        f"---\ntitle: {title}\nstatus: {status}\nservices: [{{service: checkout, state: partial_outage}}]\n"
        f"category: {category}\nimpact: {fields['impact']}\nurgency: {fields['urgency']}\n"
        f"opened: {fields['opened']}\n"
        f"assignments: [{{at: {fields['opened']}, team: {fields['team']}{who}}}]\n---\n"
    )


def records(make_repository: MakeRepository, *texts: str, **schema: str) -> Archive:
    files = {f"incidents/2026/INC-2026-{n:04d}.md": text for n, text in enumerate(texts, start=1)}
    files |= {f"schema/{name}.yml": text for name, text in schema.items()}
    return open_repository(make_repository({"schema/teams.yml": TEAMS, **files}))


PAST = (
    incident("Coupons are refused at the till"),
    incident("Coupons are refused at the till again", impact="high"),
    incident("Coupons vanish at the till", category="application/deployment"),
    incident("Batteries of the roof antenna are empty", category="data"),
)


def test_nothing_is_proposed_where_nothing_speaks_for_anything(make_repository: MakeRepository) -> None:
    assert propose(records(make_repository), ProposalCase(), NOW) == Proposals()


def test_what_similar_incidents_were_given_is_proposed_with_its_share(
    make_repository: MakeRepository,
) -> None:
    found = propose(records(make_repository, *PAST), ProposalCase(title="Coupons refused at the till"), NOW)
    first, second = found.category
    assert (first.value, first.source) == ("application/defect", Source.PAST)
    assert first.reason.startswith("2 of 3 similar incidents (")
    assert first.reason.endswith("such as INC-2026-0001")
    assert second.value == "application/deployment"
    assert {one.value for one in found.impact} == {"medium", "high"}
    assert [one.value for one in found.team] == ["payments"]


def test_a_rule_comes_before_the_past_and_both_are_told(make_repository: MakeRepository) -> None:
    rules = (
        "rules: [{words: [coupon*], category: application/deployment, reason: They come with releases.}]\n"
    )
    archive = records(make_repository, *PAST, routing=rules)
    first, second = propose(archive, ProposalCase(title="Coupons refused at the till"), NOW).category
    assert (first.value, first.source) == ("application/deployment", Source.RULE)
    assert first.reason.startswith('rule 1 (it says "coupon*"): They come with releases; 1 of 3 similar')
    assert second.source is Source.PAST


@pytest.mark.parametrize("past", ["use: false", "least: 0.99"])
def test_the_past_is_asked_as_far_as_the_settings_say(make_repository: MakeRepository, past: str) -> None:
    archive = records(make_repository, *PAST, routing=f"past: {{{past}}}\n")
    assert propose(archive, ProposalCase(title="Coupons refused again"), NOW).category == ()


def test_what_was_logged_later_is_no_past(make_repository: MakeRepository) -> None:
    early = datetime(2026, 9, 1, tzinfo=UTC)
    case = ProposalCase(title="Coupons refused at the till", opened=early)
    assert propose(records(make_repository, *PAST), case, NOW).category == ()


def test_a_category_that_there_no_longer_is_is_not_proposed(make_repository: MakeRepository) -> None:
    categories = SCHEMA["schema/categories.yml"].replace(
        "{id: defect, name: Defect}", "{id: defect, name: Defect, valid_until: 2026-11-01}"
    )
    archive = records(make_repository, *PAST, categories=categories)
    found = propose(archive, ProposalCase(title="Coupons refused at the till"), NOW)
    assert [one.value for one in found.category] == ["application/deployment"]


@pytest.mark.parametrize(
    ("tier", "state", "impact"),
    [
        (1, "major_outage", "high"),
        (1, "partial_outage", "high"),
        (1, "degraded_performance", "medium"),
        (2, "major_outage", "high"),
        (2, "partial_outage", "medium"),
        (2, "degraded-performance", "low"),
        (3, "major_outage", "medium"),
        (4, "partial_outage", "low"),
        (1, "operational", None),
        (1, "nonsense", None),
        (1, "", None),
    ],
)
def test_the_impact_of_a_state_on_a_service_of_a_tier(
    make_repository: MakeRepository, tier: int, state: str, impact: str | None
) -> None:
    services = f"services: [{{id: checkout, name: Checkout, tier: {tier}}}]\n"
    measures = {"measures": "weights: {}\n"}
    archive = records(make_repository, services=services, **measures)
    found = propose(archive, ProposalCase(services=(f"checkout={state}",)), NOW).impact
    assert [one.value for one in found] == ([impact] if impact else [])
    if impact:
        assert (
            found[0].reason
            == f"checkout is of tier {tier} and in {state.replace('-', '_').replace('_', ' ')}"
        )


def test_priority_follows_from_what_was_said_else_from_what_is_proposed(
    make_repository: MakeRepository,
) -> None:
    archive = records(make_repository, routing="rules: [{impact: high, urgency: medium}]\n")
    assert propose(archive, ProposalCase(), NOW).priority == (
        Proposal("P2", Source.MATRIX, "impact high and urgency medium in the matrix"),
    )
    assert propose(archive, ProposalCase(urgency="high"), NOW).priority[0].value == "P1"
    assert propose(archive, ProposalCase(urgency="very"), NOW).priority == ()


def test_the_team_of_a_service_and_who_is_on_call(make_repository: MakeRepository) -> None:
    found = propose(records(make_repository), ProposalCase(services=("checkout", "nonsense")), NOW)
    assert found.team == (Proposal("payments", Source.SERVICE, "runs checkout"),)
    assert (found.owner[0].value, found.owner[0].source) == ("duty-one", Source.ON_CALL)
    assert found.owner[0].reason.startswith(
        "on call for payments until Mon 2026-11-23 09:00 (weekly turn); has least in hand of payments"
    )


def test_a_team_that_was_said_is_whose_people_are_proposed(make_repository: MakeRepository) -> None:
    found = propose(records(make_repository), ProposalCase(services=("search",), team="payments"), NOW)
    assert found.team == ()
    assert found.owner[0].value == "duty-one"


def test_least_loaded_comes_first_where_the_settings_say_so(make_repository: MakeRepository) -> None:
    busy = incident("Till is stuck", status="in_progress", owner="duty-one")
    archive = records(make_repository, busy, routing="assignee: least_loaded\n")
    found = propose(archive, ProposalCase(team="payments"), NOW).owner
    assert [(one.value, one.source) for one in found] == [
        ("duty-two", Source.LEAST_LOADED),
        ("duty-one", Source.ON_CALL),
    ]


OPEN = {"status": "in_progress"}


def test_open_incidents_count_by_their_priority(make_repository: MakeRepository) -> None:
    archive = records(
        make_repository,
        incident("a", owner="duty-one", impact="high", urgency="high", **OPEN),
        incident("b", owner="duty-two", impact="low", urgency="low", **OPEN),
        incident("c", owner="duty-two", impact="low", urgency="low", **OPEN),
        incident("d", owner="duty-three", impact="high", urgency="medium", **OPEN),
        incident("e", owner="duty-two"),
    )
    assert least_loaded(archive, "payments", NOW, NOW) == Proposal(
        "duty-two",
        Source.LEAST_LOADED,
        "has least in hand of payments: 2 open incidents (P4, P4); duty-three has 1 open incident (P2); "
        "duty-one has 1 open incident (P1)",
    )


def test_of_two_with_as_much_it_is_whoever_got_one_longest_ago(make_repository: MakeRepository) -> None:
    archive = records(
        make_repository,
        incident("a", owner="duty-one", opened="2026-11-19T10:00+00:00", **OPEN),
        incident("b", owner="duty-two", opened="2026-11-18T10:00+00:00", **OPEN),
        incident("c", owner="duty-three", opened="2026-11-19T11:00+00:00", **OPEN),
    )
    found = least_loaded(archive, "payments", NOW, NOW)
    assert found is not None
    assert found.value == "duty-two"


@pytest.mark.parametrize(
    ("people", "teams", "expected"),
    [
        ({"handle: duty-one,": "handle: duty-one, valid_until: 2026-11-01,"}, {}, "duty-two"),
        ({"handle: duty-one,": "handle: duty-one, valid_from: 2026-12-01,"}, {}, "duty-two"),
        ({"handle: duty-one,": "handle: duty-one, bot: true,"}, {}, "duty-two"),
        (
            {},
            {
                "duty-two]}": "duty-two], overrides: [{from: 2026-11-20T00:00Z, to: 2026-11-21T00:00Z, "
                "who: duty-two}]}"
            },
            "duty-two",
        ),
        ({}, {"members: [duty-one, duty-two, duty-three, deploy-bot]": "members: [deploy-bot]"}, None),
        ({}, {}, "duty-one"),
    ],
)
def test_who_is_absent_is_left_out(
    make_repository: MakeRepository, people: dict[str, str], teams: dict[str, str], expected: str | None
) -> None:
    texts = {"people": SCHEMA["schema/people.yml"], "teams": TEAMS}
    for name, changes in (("people", people), ("teams", teams)):
        for old, new in changes.items():
            assert old in texts[name]
            texts[name] = texts[name].replace(old, new)
    found = least_loaded(records(make_repository, **texts), "payments", NOW, NOW)
    assert (found.value if found else None) == expected


def test_who_is_on_call_and_has_left_is_not_proposed(make_repository: MakeRepository) -> None:
    people = SCHEMA["schema/people.yml"].replace(
        "handle: duty-one,", "handle: duty-one, valid_until: 2026-11-01,"
    )
    found = propose(records(make_repository, people=people), ProposalCase(team="payments"), NOW)
    assert [one.source for one in found.owner] == [Source.LEAST_LOADED]


def test_a_vote_counts_by_likeness() -> None:
    cast = tally([("a", 0.9, "x"), ("b", 0.2, "y"), ("c", 0.3, "y"), ("d", 0.8, None)])
    assert [(vote.value, vote.count, vote.of, vote.example) for vote in cast] == [
        ("x", 1, 3, "a"),
        ("y", 2, 3, "c"),
    ]
    assert math.isclose(cast[0].share, 0.9 / 1.4)
    assert tally([]) == ()


def test_lines_for_a_person(make_repository: MakeRepository) -> None:
    rules = 'rules: [{category: security, reason: "Look \\e[31m at it"}]\n'
    lines = proposal_lines(
        propose(records(make_repository, *PAST, routing=rules), ProposalCase(title="Coupons"), NOW)
    )
    assert lines[0] == "category  security: rule 1 (matches everything): Look \\u001b[31m at it"
    assert lines[1].startswith("          application/")


def test_it_runs_over_the_samples_of_this_repository() -> None:
    archive = open_repository(Path(__file__).parents[3])
    now = archive.taxonomy.settings.now
    assert now is not None
    case = ProposalCase(
        title="Gate controller does not open", services=("harbour-gates",), channel="phone", opened=now
    )
    found = propose(archive, case, now, archive.cache)
    assert found.category[0].value == "hardware/device"
    assert found.team[0].value == "marina"
