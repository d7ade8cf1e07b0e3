"""The rules of schema/routing.yml before a report."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from incidentbook.gitrepo import open_working_tree
from incidentbook.taxonomy import load_taxonomy
from incidentbook.taxonomy.routing import Routing, Told, can_match, route, says
from testbed import MakeRepository

AT = datetime(2026, 11, 20, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "words", "is_said"),
    [
        ("The REFUND is missing", "refund", True),
        ("Two refunds are missing", "refund", False),
        ("Two refunds are missing", "refund*", True),
        ("prerefund", "refund*", False),
        ("Card  was\ndeclined", "card was declin*", True),
        ("Cardwas declined", "card was declined", False),
        ("Sign-in fails", "sign-in", True),
        ("Sign-ins fail", "sign-in", False),
        ("C++ crashes", "c++", True),
        ("50% of all", "50%", True),
        ("GROSSE STRASSE", "große straße", True),
        ("anything", "*", False),
        ("anything", " ", False),
        ("a.c", "a?c", False),
    ],
)
def test_words_are_whole_and_a_star_is_any_ending(text: str, words: str, is_said: bool) -> None:
    assert says(text, words) is is_said


def test_a_star_alone_is_no_word() -> None:
    assert not can_match("*")
    assert not can_match("lost *")
    assert can_match("lost* *x")


def test_a_long_text_is_searched_in_little_time() -> None:
    assert not says("a" * 200_000 + " b" * 50_000, "a* c")


def routed(make_repository: MakeRepository, rules: str, told: Told) -> Routing:
    root = make_repository({"schema/routing.yml": "rules:\n" + rules})
    taxonomy, found = load_taxonomy(open_working_tree(root))
    assert found == ()
    return route(taxonomy, told)


RULES = """\
  - {services: [search], words: [index*], category: application/defect, reason: The index lags.}
  - {words: [phish*], channels: [phone], category: security, urgency: high}
  - {services: [search, checkout], team: payments, impact: low}
  - {team: desk, urgency: low}
"""


def test_for_each_field_the_first_rule_that_says_it_counts(make_repository: MakeRepository) -> None:
    told = Told(texts=("Nothing is found", "Indexes are old"), services=("find",), channel="phone", at=AT)
    found = routed(make_repository, RULES, told)
    assert found.category is not None
    assert found.category.value == "application/defect"
    assert found.category.by.reason == 'rule 1 (service search; it says "index*"): The index lags'
    assert found.team is not None
    assert (found.team.value, found.team.by.reason) == ("payments", "rule 3 (service search)")
    assert found.impact is not None
    assert found.impact.value == "low"
    assert found.urgency is not None
    assert (found.urgency.value, found.urgency.by.reason) == ("low", "rule 4 (matches everything)")


@pytest.mark.parametrize(("channel", "category"), [("phone", "security"), ("alert", None), (None, None)])
def test_every_condition_of_a_rule_has_to_match(
    make_repository: MakeRepository, channel: str | None, category: str | None
) -> None:
    found = routed(make_repository, RULES, Told(texts=("Phishing",), channel=channel, at=AT))
    assert (found.category.value if found.category else None) == category


def test_no_phrase_goes_from_one_text_to_the_next(make_repository: MakeRepository) -> None:
    rules = "  - {words: [card declined], team: payments}\n"
    assert routed(make_repository, rules, Told(texts=("The card", "declined"), at=AT)).team is None


def test_what_is_not_in_force_is_passed_over(make_repository: MakeRepository) -> None:
    root = make_repository(
        {
            "schema/teams.yml": "teams:\n  - {id: old, name: Old, valid_until: 2026-01-01}\n"
            "  - {id: payments, name: New, aliases: [till]}\n",
            "schema/routing.yml": "rules:\n  - {team: old}\n  - {team: payments}\n",
        }
    )
    taxonomy, _ = load_taxonomy(open_working_tree(root))
    found = route(taxonomy, Told(texts=(), at=AT))
    assert found.team is not None
    assert (found.team.value, found.team.by.number) == ("payments", 2)
