"""Every rule by its code, and the check that applies them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType, ModuleType

from incidentbook.rules import (
    chronology,
    configuration,
    content,
    gate,
    history_claims,
    history_entries,
    history_gate,
    history_identity,
    history_moves,
    history_people,
    history_promises,
    history_reviews,
    history_targets,
    history_times,
    history_updates,
    knowledge,
    lifecycle,
    links,
    priority,
    references,
    resolution,
    review,
    shape,
    vocabulary,
)
from incidentbook.rules.registry import Finding, Rule

FAMILIES = (
    shape,
    configuration,
    vocabulary,
    references,
    links,
    lifecycle,
    chronology,
    priority,
    review,
    gate,
    resolution,
    content,
    knowledge,
    history_moves,
    history_identity,
    history_times,
    history_entries,
    history_updates,
    history_promises,
    history_claims,
    history_people,
    history_reviews,
    history_targets,
    history_gate,
)
"""The families of rules, in the order in which they are documented."""


def _rules_of(module: ModuleType) -> Iterator[Rule]:
    for value in vars(module).values():
        for rule in value if isinstance(value, tuple) else (value,):
            if isinstance(rule, Rule):
                yield rule


RULES: Mapping[str, Rule] = MappingProxyType(
    {rule.code: rule for module in FAMILIES for rule in _rules_of(module)}
)
"""Every rule by its code, family by family."""

__all__ = ["FAMILIES", "RULES", "Finding", "Rule"]
