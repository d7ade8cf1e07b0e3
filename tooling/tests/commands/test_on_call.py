"""`incidentbook on-call`."""

from __future__ import annotations

import json

from testbed import SCHEMA, MakeRepository, RunCli

TEAMS = """\
teams:
  - id: payments
    name: Payments
    on_call: Call the number on the wall.
    email: payments@example.invalid
    members: [duty-one, duty-two]
    rotation:
      at: "10:00"
      zone: Europe/Berlin
      since: 2026-11-02
      order: [duty-one, duty-two]
      overrides:
        - {from: 2026-11-20T11:00+00:00, to: 2026-11-20T18:00+00:00, who: duty-two, reason: Dentist}
  - {id: desk, name: Service desk, members: [duty-two]}
"""


def test_who_is_on_call_for_every_team(make_repository: MakeRepository, run_cli: RunCli) -> None:
    outcome = run_cli("on-call", repo=make_repository({"schema/teams.yml": TEAMS}))
    assert outcome.code == 0
    assert outcome.out.splitlines() == [
        "On call at Fri 2026-11-20 12:00 UTC",
        "",
        "Payments (payments)",
        "  Second duty engineer (duty-two) until Fri 2026-11-20 18:00 (override: Dentist), then duty-one",
        "  Call the number on the wall.",
        "  payments@example.invalid",
        "",
        "Service desk (desk)",
        "  no rotation",
        "  nothing is written about how it is reached; `on_call` in schema/teams.yml says it",
    ]


def test_at_another_time_and_some_weeks_ahead(make_repository: MakeRepository, run_cli: RunCli) -> None:
    root = make_repository({"schema/teams.yml": TEAMS})
    outcome = run_cli("on-call", "--team=payments", "--at=2026-11-20T10:59+00:00", "--weeks", "1", repo=root)
    assert outcome.out.splitlines()[6:] == [
        "  Mon 2026-11-16 09:00  Fri 2026-11-20 11:00  duty-one  weekly turn",
        "  Fri 2026-11-20 11:00  Fri 2026-11-20 18:00  duty-two  override: Dentist",
        "  Fri 2026-11-20 18:00  Mon 2026-11-23 09:00  duty-one  weekly turn",
        "  Mon 2026-11-23 09:00  Mon 2026-11-30 09:00  duty-two  weekly turn",
    ]


def test_as_json(make_repository: MakeRepository, run_cli: RunCli) -> None:
    root = make_repository({"schema/teams.yml": TEAMS})
    found = json.loads(run_cli("on-call", "--format=json", "--weeks=1", repo=root).out)
    payments, desk = found["teams"]
    assert (payments["on_call"]["who"], payments["on_call"]["kind"]) == ("duty-two", "override")
    assert payments["next"]["from"] == "2026-11-20T18:00:00+00:00"
    assert [duty["who"] for duty in payments["rota"]] == ["duty-two", "duty-one", "duty-two"]
    assert (desk["on_call"], desk["next"], desk["rota"]) == (None, None, [])


def test_whoever_has_left_is_told_as_gone(make_repository: MakeRepository, run_cli: RunCli) -> None:
    people = SCHEMA["schema/people.yml"].replace("two@example.invalid]", "x@x.x], valid_until: 2026-01-01")
    root = make_repository({"schema/teams.yml": TEAMS, "schema/people.yml": people})
    assert "has left: not there since 2026-01-01" in run_cli("on-call", "--team=payments", repo=root).out


def test_before_the_rotation_begins(make_repository: MakeRepository, run_cli: RunCli) -> None:
    root = make_repository({"schema/teams.yml": TEAMS})
    out = run_cli("on-call", "--team=payments", "--at=2026-11-01T00:00+00:00", repo=root).out
    assert "nobody: its rotation begins after Sun 2026-11-01 00:00" in out


def test_a_team_that_there_is_not(make_repository: MakeRepository, run_cli: RunCli) -> None:
    outcome = run_cli("on-call", "--team=payment", repo=make_repository())
    assert outcome.code == 2
    assert outcome.err == "incidentbook: there is no team `payment`; did you mean `payments`?\n"


def test_a_time_that_is_none(make_repository: MakeRepository, run_cli: RunCli) -> None:
    outcome = run_cli("on-call", "--at=2026-11-20T12:00", repo=make_repository())
    assert outcome.code == 2
    assert outcome.err.startswith("incidentbook: --at is `2026-11-20T12:00`")


def test_hostile_words_do_nothing_to_the_terminal(make_repository: MakeRepository, run_cli: RunCli) -> None:
    hostile = TEAMS.replace("Call the number on the wall.", '"\\e[31mred [bold]"').replace(
        "Dentist", '"\\e]0;x\\a"'
    )
    out = run_cli("on-call", repo=make_repository({"schema/teams.yml": hostile})).out
    assert "\x1b" not in out
    assert "[bold]" in out
