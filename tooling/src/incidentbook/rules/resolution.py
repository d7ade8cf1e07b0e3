"""Resolutions that leave the cause where it was."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from incidentbook.diagnostics import Severity
from incidentbook.records import ActionState, Incident
from incidentbook.records.incident import Permanence
from incidentbook.rules.cases import ArchiveCase, RecordCase
from incidentbook.rules.registry import Finding, archive_rule


def _is_temporary(case: RecordCase[Incident]) -> Any:
    incident = case.record
    if incident.resolution is None or incident.resolution.permanence is not Permanence.TEMPORARY:
        return None
    links = incident.links
    return None if links is not None and (links.problem or links.known_error) else True


@archive_rule(Severity.ERROR, facts=_is_temporary, having=("resolution",))
def temporary_without_follow_up(case: ArchiveCase[Incident]) -> Iterator[Finding]:
    """A temporary resolution has neither a problem nor an action behind it.

    ## What it does

    Finds incidents whose resolution is marked `temporary`, that link neither a problem nor a known
    error, and that no review covers which has an action with owner and due day. An incident that follows
    a larger one (`links.parent`, without `links.apart`) has the larger one's problem and actions.

    ## Why it matters

    The effect is gone and the cause is not. If nobody has promised to look for it, the next incident
    is only a question of time.

    ## Example

    ```yaml
    resolution:
      code: restarted
      summary: The workers were restarted.
      permanence: temporary  # <- here
    # no links
    ```

    ## Use instead

    ```yaml
    resolution:
      code: restarted
      summary: The workers were restarted.
      permanence: temporary
    links: {problem: PRB-2026-0001}
    ```
    """
    larger = case.archive.followed_by(case.entry.id)
    links = (one.record.links for one in larger)
    if any(one is not None and (one.problem or one.known_error) for one in links):
        return
    for id_ in (case.entry.id, *(one.id for one in larger)):
        for review in case.relations.reviews_of(id_):
            for action in review.record.actions:
                if action.state is not ActionState.DROPPED and action.owner and (action.due or action.done):
                    return
    yield Finding(
        case.span("resolution", "permanence"),
        "the resolution is temporary, but no problem and no action follows it up",
        "link a problem (`links: {problem: PRB-...}`), or add an action with owner and due day to the review",
    )
