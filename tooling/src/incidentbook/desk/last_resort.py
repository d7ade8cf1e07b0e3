"""What is taken of a new incident where nothing speaks for anything: logging waits for no answer."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from incidentbook.desk.proposal import Proposal, ProposalCase, Source
from incidentbook.desk.proposals import Proposals, by_matrix
from incidentbook.intake.report import category_paths
from incidentbook.records import Level
from incidentbook.taxonomy import Taxonomy

_GENERIC = ("unknown", "other", "general")
"""Names of a category that says that nobody can tell yet."""

# the guide to priorities: one that is lowered harms nobody, one that is raised after two hours did
_LEVEL = (Proposal(Level.HIGH.value, Source.DEFAULT, "nothing is known; taken high, lower it later"),)


def with_last_resorts(
    proposals: Proposals, case: ProposalCase, taxonomy: Taxonomy, now: datetime
) -> Proposals:
    """Fill what is proposed of category, impact, urgency and channel where nothing is."""
    at = case.opened or now
    impact, urgency = proposals.impact or _LEVEL, proposals.urgency or _LEVEL
    levels = case.impact or impact[0].value, case.urgency or urgency[0].value
    return replace(
        proposals,
        category=proposals.category or _category(taxonomy, at),
        impact=impact,
        urgency=urgency,
        channel=_channel(taxonomy),
        priority=proposals.priority or tuple(by_matrix(*levels, taxonomy, at)),
    )


def _category(taxonomy: Taxonomy, at: datetime) -> tuple[Proposal, ...]:
    paths = category_paths(taxonomy, at)
    generic = next((name for name in _GENERIC if name in paths), None)
    if generic:
        return (Proposal(generic, Source.DEFAULT, "nothing is known; say more when somebody can"),)
    first = next(iter(paths), None)
    reason = "nothing is known; the first there is, mend it later"
    return (Proposal(first, Source.DEFAULT, reason),) if first else ()


def _channel(taxonomy: Taxonomy) -> tuple[Proposal, ...]:
    wanted = taxonomy.settings.defaults.channel
    if wanted and taxonomy.channel(wanted):
        return (Proposal(wanted, Source.DEFAULT, "the default of schema/incidentbook.yml"),)
    first = next((one.id for one in taxonomy.channels), None)
    reason = "the first there is; `defaults.channel` in schema/incidentbook.yml says a better one"
    return (Proposal(first, Source.DEFAULT, reason),) if first else ()
