"""Proposals for a new incident as lines of text, each with its reason."""

from __future__ import annotations

from collections.abc import Sequence

from incidentbook.desk.proposal import Proposal
from incidentbook.desk.proposals import Proposals
from incidentbook.reports.stats.words import printable

_FIELDS = ("category", "impact", "urgency", "priority", "team", "owner")


def proposal_lines(proposals: Proposals, most: int = 3) -> list[str]:
    """Say for each field what is proposed, the best first, at most so many; nothing where nothing is."""
    lines = []
    for field in _FIELDS:
        found: Sequence[Proposal] = getattr(proposals, field)
        for number, one in enumerate(found[:most]):
            name = field if number == 0 else ""
            lines.append(f"{name:<8}  {printable(one.value)}: {printable(one.reason)}")
    return lines
