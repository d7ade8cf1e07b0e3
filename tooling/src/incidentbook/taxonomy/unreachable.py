"""Policies that no incident ever comes to, because those above them take every one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from incidentbook.diagnostics import Severity
from incidentbook.taxonomy.settings import Policy, PolicyMatch
from incidentbook.taxonomy.taxonomy import Taxonomy, within
from incidentbook.taxonomy.versions import Fault, time_of


def unreachable_policies(taxonomy: Taxonomy) -> Iterator[Fault]:
    """Find policies that are never used, though they are in force: the first that matches counts."""
    for index, policy in enumerate(taxonomy.policies):
        start, end = time_of(policy)
        # of two that share a key, that is the fault to tell
        above = [
            one
            for one in taxonomy.policies[:index]
            if one.id != policy.id and _takes_all_of(one.match, policy.match)
        ]
        if start < end and _covers(above, start, end):
            names = ", ".join(dict.fromkeys(f"`{one.id}`" for one in above))
            yield Fault(
                "sla",
                ("policies", index, "id"),
                "unreachable-policy",
                f"no incident ever comes to `{policy.id}`: {names} above it "
                f"{'takes' if len(above) == 1 else 'take'} every one that it is for",
                "put the policy for fewer incidents above, or end the one above with `valid_until`",
                Severity.WARNING,
            )


def _takes_all_of(above: PolicyMatch, below: PolicyMatch) -> bool:
    """Tell whether whatever matches `below` matches `above` too; what is left empty matches everything."""
    return (
        (not above.service or (bool(below.service) and set(below.service) <= set(above.service)))
        and (not above.priority or (bool(below.priority) and set(below.priority) <= set(above.priority)))
        and (
            not above.category
            or (
                bool(below.category)
                and all(any(within(path, whole) for whole in above.category) for path in below.category)
            )
        )
    )


def _covers(policies: Sequence[Policy], start: date, end: date) -> bool:
    """Tell whether at every moment from start to end one of the policies is in force."""
    for first, last in sorted(map(time_of, policies)):
        if first <= start < last:
            start = last
    return start >= end
