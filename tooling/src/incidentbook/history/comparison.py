"""What happened between versions of one record."""

from __future__ import annotations

from collections.abc import Iterator

from incidentbook.history.facts import facts_of
from incidentbook.history.happening import EventType, Happening, Version
from incidentbook.history.recorded import said
from incidentbook.records import Incident
from incidentbook.taxonomy import Taxonomy


def happenings(after: Version, *before: Version) -> tuple[Happening, ...]:
    """What a version of a record says happened that none of those before it said.

    Without one before, everything. A merge has several before it: what one side had said already is
    nothing new. Times that were rewritten and texts that were edited are no happenings; history rules
    look at those.
    """
    told = [facts_of(version) for version in before]
    new = [fact for key, fact in facts_of(after).items() if not any(key in facts for facts in told)]
    return (*new, *_turns(after, before))


def deletion(version: Version) -> Happening:
    """The happening of a record that is no longer there."""
    return said(version, EventType.DELETED, None)


def renumbering(after: Version, before: Version) -> Happening:
    """The happening of a record that got another ID: it goes on under the new one."""
    return said(after, EventType.RENUMBERED, None, before.name.id, from_=before.name.id, to=after.name.id)


def _turns(after: Version, before: tuple[Version, ...]) -> Iterator[Happening]:
    """What shows only beside the version before: a priority or a declaration that turned."""
    incident = after.record
    earlier = [version.record for version in before if isinstance(version.record, Incident)]
    if not isinstance(incident, Incident) or not earlier:
        return
    if all(one.major != incident.major for one in earlier):
        yield said(after, EventType.MAJOR_DECLARED if incident.major else EventType.MAJOR_STOOD_DOWN, None)
    # by one taxonomy: that the matrix was changed is no event of a record
    priority = after.taxonomy.priority_of(incident)
    priorities = [after.taxonomy.priority_of(one) for one in earlier]
    if priority is None or any(one is None or one == priority for one in priorities):
        return
    was = priorities[0] or ""
    raised = _rank(after.taxonomy, priority) < _rank(after.taxonomy, was)
    reason = incident.priority.reason if incident.priority else None
    yield said(
        after, EventType.PRIORITY_RAISED if raised else EventType.PRIORITY_LOWERED, None, was, priority,
        from_=was, to=priority, reason=reason,
    )  # fmt: skip


def _rank(taxonomy: Taxonomy, priority: str) -> int:
    """The place among the priorities, highest first; unknown ones come last."""
    known = [entry.id for entry in taxonomy.priorities]
    return known.index(priority) if priority in known else len(known)
