"""Which reviews are still owed: asked of `clocks`, but only about the incidents that can owe one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Any

from incidentbook.archive import Archive, Entry, Records
from incidentbook.clocks import ClockName, ReviewDuty, clocks_of, left_out_of_measures, review_duty
from incidentbook.records import Incident
from incidentbook.rules.cases import RecordCase
from incidentbook.rules.relations import Relations
from incidentbook.taxonomy.settings import Category, ReviewPolicy, ReviewTrigger

_DONE = ("resolved", "closed")


def owes_by_itself(case: RecordCase[Incident]) -> bool:
    """Tell whether something in the record itself asks for a review.

    Only for incidents that are over: until then no review is due. What their clocks say no longer
    depends on the time.
    """
    incident = case.record
    policy = policy_of(incident, case)
    if policy is None:
        return False
    stored = incident.overrides.review_required if incident.overrides else None
    if stored is not None:
        return stored.value
    found = case.taxonomy.category(incident.category, incident.opened) if incident.category else None
    category = found[0] if found else None
    return any(_pulls(incident, category, case, trigger) for trigger in policy.required_when)


def policy_of(incident: Incident, case: RecordCase[Any]) -> ReviewPolicy | None:
    """The review policy that an incident which is over falls under."""
    if incident.status not in _DONE or incident.resolved is None or left_out_of_measures(incident):
        return None
    opening = incident.opened or incident.detected or incident.started
    return case.taxonomy.review_policy(opening) if opening else None


def _pulls(
    incident: Incident, category: Category | None, case: RecordCase[Incident], trigger: ReviewTrigger
) -> bool:
    match trigger:
        case ReviewTrigger.MAJOR:
            return incident.major
        case ReviewTrigger.PRIORITY_1:
            return case.taxonomy.priority_of(incident) == "P1"
        case ReviewTrigger.SECURITY:
            return category is not None and category.security
        case ReviewTrigger.DATA_LOSS:
            return category is not None and category.data_loss
        case ReviewTrigger.RESOLUTION_BREACHED:
            return _breached(incident, case)
        case ReviewTrigger.RECURRENCE:
            return False


def _breached(incident: Incident, case: RecordCase[Incident]) -> bool:
    resolved, opened = incident.resolved, incident.opened
    if resolved is None or opened is None:
        return False
    stored = incident.overrides is not None and incident.overrides.resolution_due is not None
    policy = case.taxonomy.policy_for(incident)
    if policy is None and not stored:
        return False
    target = policy.resolution if policy else None
    if not stored and (target is None or resolved - opened <= target):
        return False  # no calendar and no hold makes it longer than it was by the clock on the wall
    clocks = clocks_of(incident, case.taxonomy, resolved)
    return any(clock.name is ClockName.RESOLUTION and clock.is_breached for clock in clocks)


def open_duties(
    archive: Archive, relations: Relations, own: Iterable[str], candidates: Iterable[str], now: datetime
) -> Iterator[ReviewDuty]:
    """Yield the reviews that are owed and not published.

    `own` are the IDs of incidents that ask for a review by themselves; `candidates` those that
    might be recurrences.
    """
    before = {id_: found for id_ in candidates if (found := _recurring(archive, relations, id_))}
    for id_ in dict.fromkeys((*own, *before)):
        entry = archive.get(id_)
        reviews = relations.reviews_of(id_)
        if entry is None or any(review.record.status == "published" for review in reviews):
            continue
        # a small world for `clocks`: in the whole one it would decode every record for its back-links
        near = before.get(id_, ())
        duty = review_duty(entry, _world(archive, [entry, *reviews], near), now)
        if duty is None and near:
            # two of a kind may hang together only by a third that is older
            duty = review_duty(entry, _world(archive, [entry, *reviews], relations.kin(id_)), now)
        if duty is not None and not duty.is_done and duty.due is not None:
            yield duty


def _world(archive: Archive, entries: Iterable[Entry[Any]], ids: Iterable[str]) -> Records[Any]:
    others = (archive.get(id_) for id_ in ids)
    every = dict.fromkeys([*entries, *(other for other in others if other is not None)])
    return Records(tuple(every), archive.taxonomy, archive.tree)


def _recurring(archive: Archive, relations: Relations, id_: str) -> tuple[str, ...]:
    """Return the incidents of its kind that make this one a recurrence; none where it is none."""
    opened = relations.opened(id_)
    if opened is None or len(relations.kin(id_)) < 2:
        return ()
    policy = archive.taxonomy.review_policy(datetime.fromtimestamp(opened, UTC))
    if policy is None or ReviewTrigger.RECURRENCE not in policy.required_when:
        return ()
    since = opened - policy.recurrence_window.total_seconds()
    found = relations.opened_between(id_, since, opened)
    return found[-policy.recurrence_count :] if len(found) >= policy.recurrence_count else ()
