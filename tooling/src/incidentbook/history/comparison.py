"""What happened between versions of one record."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from incidentbook.history.facts import facts_of
from incidentbook.history.happening import EventType, Happening, Version
from incidentbook.history.pairing import continued
from incidentbook.history.recorded import said
from incidentbook.records import Incident, RecordName
from incidentbook.taxonomy import Taxonomy


def happenings(after: Version, *before: Version) -> tuple[Happening, ...]:
    """What a version of a record says happened that none of those before it said.

    Without one before, everything. A merge has several before it: what one side had said already is
    nothing new. Times that were rewritten and texts that were edited are no happenings; history rules
    look at those.
    """
    told = [facts_of(version) for version in before]
    facts = facts_of(after)
    known = continued(facts, *told)
    new = [
        fact
        for key, fact in facts.items()
        if key not in known and not any(key in earlier for earlier in told)
    ]
    return (*new, *turns(after, *before))


def deletion(name: RecordName) -> Happening:
    """The happening of a record that is no longer there."""
    return Happening(EventType.DELETED, name, (EventType.DELETED.value,))


def undeletion(name: RecordName) -> Happening:
    """The happening of a record that is there again."""
    return Happening(EventType.UNDELETED, name, (EventType.UNDELETED.value,))


def renumbering(name: RecordName, before: RecordName) -> Happening:
    """The happening of a record that got another ID: it goes on under the new one."""
    key = (EventType.RENUMBERED.value, before.id)
    return Happening(EventType.RENUMBERED, name, key, None, {"from": before.id, "to": name.id})


def turns(after: Version, *before: Version) -> Iterator[Happening]:
    """What shows only beside the version before: a priority or a declaration that turned."""
    incident = after.record
    earlier = [version.record for version in before if isinstance(version.record, Incident)]
    if not isinstance(incident, Incident) or not earlier:
        return
    if all(one.major != incident.major for one in earlier):
        if incident.major:
            # written by hand, a second declaration may have left the time of the first
            is_new = all(one.declared != incident.declared for one in earlier)
            yield said(after, EventType.MAJOR_DECLARED, incident.declared if is_new else None)
        else:
            yield said(after, EventType.MAJOR_STOOD_DOWN, None)
    weight = _weight(incident)
    if not any(_weight(one) == weight for one in earlier):
        yield from _priority_turn(after, incident, earlier)


def _weight(incident: Incident) -> tuple[object, ...]:
    """All that a priority depends on in the record itself."""
    stored = incident.priority.value if incident.priority else None
    return (stored, incident.impact, incident.urgency, None if stored else incident.opened)


def _priority_turn(after: Version, incident: Incident, earlier: Sequence[Incident]) -> Iterator[Happening]:
    # by one taxonomy: that the matrix was changed is no event of a record
    taxonomy = after.taxonomy
    priority = taxonomy.priority_of(incident)
    priorities = [taxonomy.priority_of(one) for one in earlier]
    if priority is None or any(one is None or one == priority for one in priorities):
        return
    was = priorities[0] or ""
    raised = _rank(taxonomy, priority) < _rank(taxonomy, was)
    reason = incident.priority.reason if incident.priority else None
    yield said(
        after, EventType.PRIORITY_RAISED if raised else EventType.PRIORITY_LOWERED, None, was, priority,
        from_=was, to=priority, reason=reason,
    )  # fmt: skip


def _rank(taxonomy: Taxonomy, priority: str) -> int:
    """The place among the priorities, highest first; unknown ones come last."""
    known = [entry.id for entry in taxonomy.priorities]
    return known.index(priority) if priority in known else len(known)
