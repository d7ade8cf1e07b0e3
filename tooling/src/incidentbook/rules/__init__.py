"""Every rule by its code, and the check that applies them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType, ModuleType

from incidentbook.rules import (
    chronology,
    configuration,
    content,
    drafts,
    escalation,
    families,
    gate,
    handover,
    knowledge,
    lifecycle,
    links,
    major,
    notifications,
    priority,
    references,
    resolution,
    review,
    rotations,
    routing,
    shape,
    vocabulary,
)
from incidentbook.rules.history import (
    claims,
    declarations,
    entries,
    identity,
    limits,
    moves,
    people,
    promises,
    reviews,
    targets,
    times,
    updates,
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
    major,
    families,
    escalation,
    rotations,
    routing,
    notifications,
    content,
    drafts,
    knowledge,
    handover,
    moves,
    identity,
    times,
    entries,
    updates,
    promises,
    claims,
    people,
    declarations,
    reviews,
    targets,
    limits,
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
