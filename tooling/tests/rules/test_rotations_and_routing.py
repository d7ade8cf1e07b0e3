"""Rotations and routing rules beyond the examples of their pages."""

from __future__ import annotations

import pytest
from rules.material import CheckFiles, codes

OURS = ("on-call", "override", "overlapping-overrides", "since-", "routing-")
TEAM = """\
teams:
  - id: shop
    name: Shop
    members: [first-responder, second-reader]
    rotation:
      since: 2026-01-05
      order: [first-responder, second-reader]
"""


def ours(check_files: CheckFiles, **files: str) -> list[str]:
    result = check_files({f"schema/{name}.yml": text for name, text in files.items()})
    assert "rule-failed" not in codes(result)
    return [one.message for one in result.diagnostics if one.code.startswith(OURS)]


def overrides(*entries: str) -> str:
    return TEAM + "      overrides:\n" + "".join(f"        - {{{entry}}}\n" for entry in entries)


@pytest.mark.parametrize(
    ("entries", "found"),
    [
        (["from: 2026-12-01T00:00Z, to: 2026-12-01T00:00Z, who: second-reader"], "it ends 2026-12-01T00:00"),
        (
            ["from: 2026-01-01T00:00Z, to: 2026-01-02T00:00Z, who: second-reader"],
            "it ends before the rotation begins, 2026-01-05T09:00",
        ),
        (
            [
                "from: 2026-01-11T00:00Z, to: 2026-01-12T00:00Z, who: second-reader",
                "from: 2026-01-11T12:00Z, to: 2026-01-13T00:00Z, who: first-responder",
                "from: 2026-01-10T00:00Z, to: 2026-01-11T12:00Z, who: first-responder",
            ],
            "those below it cover it",
        ),
    ],
)
def test_an_override_that_never_counts(check_files: CheckFiles, entries: list[str], found: str) -> None:
    told = ours(check_files, teams=overrides(*entries))
    assert len(told) == 1
    assert found in told[0]


def test_an_override_that_is_over_is_nobodys_trouble(check_files: CheckFiles) -> None:
    past = overrides(
        "from: 2026-02-01T00:00Z, to: 2026-02-03T00:00Z, who: front-desk",
        "from: 2026-02-02T00:00Z, to: 2026-02-04T00:00Z, who: second-reader",
    )
    assert ours(check_files, teams=past) == []


def test_a_rotation_that_is_over_is_nobodys_trouble(check_files: CheckFiles) -> None:
    over = TEAM.replace("    name: Shop\n", "    name: Shop\n    valid_until: 2026-06-01\n")
    assert ours(check_files, teams=over.replace("second-reader]\n    rot", "]\n    rot")) == []


def test_whoever_leaves_before_an_override_ends(check_files: CheckFiles) -> None:
    text = overrides("from: 2026-12-01T00:00Z, to: 2026-12-20T00:00Z, who: second-reader")
    people = "people:\n  - {handle: first-responder}\n  - {handle: second-reader, valid_until: 2026-12-10}\n"
    told = ours(check_files, teams=text, people=people)
    assert told == ["`second-reader` is on call for `shop` to 2026-12-20, and goes on 2026-12-10"]


def test_unknown_keys_of_a_rotation_and_of_routing_are_told_once(check_files: CheckFiles) -> None:
    teams = TEAM.replace("order: [first", "zone: Europe/Hamburg\n      order: [nobody, first")
    teams += "      holidays: {calendar: offise, who: front-desc}\n"
    routing = "rules:\n  - {services: [chekout], channels: [fax], category: aplication, team: shp}\n"
    result = check_files({"schema/teams.yml": teams, "schema/routing.yml": routing})
    told = {one.message for one in result.diagnostics if one.code in {"unknown-reference", "unknown-zone"}}
    assert told == {
        "there is no person `nobody`",
        "there is no person `front-desc`",
        "there is no calendar `offise`",
        "there is no time zone `Europe/Hamburg`",
        "there is no service `chekout`",
        "there is no channel `fax`",
        "there is no category `aplication`",
        "there is no team `shp`",
    }
    assert not [one for one in result.diagnostics if one.code.startswith(OURS)]


@pytest.mark.parametrize(
    ("rules", "numbers"),
    [
        (["{team: shop}", "{services: [checkout], team: shop}"], [2]),
        (["{team: shop}", "{services: [checkout], team: shop, category: application}"], []),
        (["{services: [checkout], team: shop}", "{team: shop}"], []),
        (["{words: [refund*], team: shop}", "{words: [refund, refunds], team: shop}"], [2]),
        (["{words: [refund], team: shop}", "{words: [refund*], team: shop}"], []),
        (["{words: [refund], team: shop}", "{words: [card refund], team: shop}"], [2]),
        (["{words: ['*'], team: shop}"], [1]),
        (["{words: ['*', a], team: shop}"], []),
        (["{services: [old-shop], team: shop}"], [1]),
        (["{services: [old-shop, checkout], team: shop}"], []),
        (["{channels: [alert], team: shop}", "{team: shop}", "{channels: [alert], impact: low}"], []),
        (["{team: shop}", "{impact: low}", "{services: [checkout], team: shop, impact: low}"], [3]),
    ],
)
def test_a_routing_rule_that_never_counts(
    check_files: CheckFiles, rules: list[str], numbers: list[int]
) -> None:
    text = "rules:\n" + "".join(f"  - {rule}\n" for rule in rules)
    told = ours(check_files, routing=text)
    assert [int(message.split()[1]) for message in told] == numbers
