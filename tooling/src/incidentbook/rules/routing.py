"""Rules of schema/routing.yml that propose nothing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from incidentbook.diagnostics import Severity
from incidentbook.rules.cases import RepositoryCase
from incidentbook.rules.registry import Finding, repository_rule
from incidentbook.taxonomy import Taxonomy, in_force
from incidentbook.taxonomy.routing import can_match, says
from incidentbook.taxonomy.settings import RoutingRule

ROUTING = "schema/routing.yml"
_SAYS = ("category", "impact", "urgency", "team")
_ODD_ENDING = "\u0298\u0298"
"""Letters with which nobody's words end, unless by `*`."""


@repository_rule(Severity.WARNING)
def routing_rule_says_nothing(case: RepositoryCase) -> Iterator[Finding]:
    """A rule of schema/routing.yml proposes nothing.

    ## What it does

    Finds rules without `category`, `impact`, `urgency` and `team`.

    ## Why it matters

    Whoever wrote it believes that such reports find their way.

    ## Example

    ```yaml schema/routing.yml
    rules:
      - {services: [checkout], reason: Look at the dashboard first.}  # <- here
    ```

    ## Use instead

    ```yaml schema/routing.yml
    rules:
      - {services: [checkout], team: shop, reason: They run it.}
    ```
    """
    for index, rule in _rules(case):
        if not any(_said(rule)):
            yield Finding(
                case.span(ROUTING, "rules", index),
                f"rule {index + 1} proposes nothing",
                f"add one of {', '.join(f'`{name}`' for name in _SAYS)}, or take the rule out",
                ROUTING,
            )


@repository_rule(Severity.WARNING)
def routing_rule_never_counts(case: RepositoryCase) -> Iterator[Finding]:
    """A rule of schema/routing.yml never counts.

    ## What it does

    Finds rules of which no word can match, because it is only `*`; rules for services that have all been
    retired; and rules below others that match whatever they match and say what they say.

    ## Why it matters

    For each field the first rule that matches counts. What never counts is often what was meant most.

    ## Example

    ```yaml schema/routing.yml
    rules:
      - {services: [checkout, payments], team: shop}
      - {services: [payments], words: [refund*], team: shop}  # <- here
    ```

    ## Use instead

    ```yaml schema/routing.yml
    rules:
      - {services: [payments], words: [refund*], category: application, team: shop}
      - {services: [checkout, payments], team: shop}
    ```
    """
    taxonomy = case.archive.taxonomy
    earlier: list[tuple[int, RoutingRule]] = []
    for index, rule in _rules(case):
        why = _why_no_report(rule, taxonomy, case) or _why_too_late(rule, earlier)
        if why:
            yield Finding(
                case.span(ROUTING, "rules", index),
                f"rule {index + 1} never counts: {why}",
                "put rules for fewer reports above those for more; what is left empty matches everything",
                ROUTING,
            )
        else:
            earlier.append((index + 1, rule))


def _rules(case: RepositoryCase) -> Iterator[tuple[int, RoutingRule]]:
    if case.selected(ROUTING):
        yield from enumerate(case.archive.taxonomy.routing.rules)


def _said(rule: RoutingRule) -> tuple[bool, ...]:
    return tuple(getattr(rule, name) is not None for name in _SAYS)


def _why_no_report(rule: RoutingRule, taxonomy: Taxonomy, case: RepositoryCase) -> str:
    """Why no report ever matches; empty where one may, and where a key is told as unknown."""
    if rule.words and not any(map(can_match, rule.words)):
        return "`*` stands for the ending of a word, and none of its words has a beginning"
    day = taxonomy.day_of(case.now)
    known = [service for key in rule.services if (service := taxonomy.service(key)) is not None]
    if known and len(known) == len(rule.services) and not any(in_force(one, day) for one in known):
        return f"{', '.join(rule.services)} {'is' if len(known) == 1 else 'are'} retired"
    return ""


def _why_too_late(rule: RoutingRule, earlier: Sequence[tuple[int, RoutingRule]]) -> str:
    """Which rules above it say all that it says, to every report that it matches."""
    above = [(number, one) for number, one in earlier if _takes_all_of(one, rule)]
    taken = [
        next((number for number, one in above if getattr(one, name) is not None), None)
        for name, says_it in zip(_SAYS, _said(rule), strict=True)
        if says_it
    ]
    if not taken or None in taken:
        return ""
    numbers = sorted({number for number in taken if number is not None})
    rules = f"rule {numbers[0]}" if len(numbers) == 1 else f"rules {' and '.join(map(str, numbers))}"
    return f"{rules} above it {'takes' if len(numbers) == 1 else 'take'} every report that it is for"


def _takes_all_of(above: RoutingRule, below: RoutingRule) -> bool:
    """Tell whether whatever matches `below` matches `above` too; what is left empty matches everything."""
    return (
        (not above.services or (bool(below.services) and set(below.services) <= set(above.services)))
        and (not above.channels or (bool(below.channels) and set(below.channels) <= set(above.channels)))
        and (
            not above.words or (bool(below.words) and all(_is_said(one, above.words) for one in below.words))
        )
    )


def _is_said(words: str, wider: Sequence[str]) -> bool:
    """Whether whoever says these words, with whatever ending, says one of the wider ones."""
    endings = ("", _ODD_ENDING) if "*" in words else ("",)
    return any(all(says(words.replace("*", ending), one) for ending in endings) for one in wider)
