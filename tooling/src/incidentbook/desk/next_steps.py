"""What comes next for a record: the verbs that its state allows, and what it lacks for its next state."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from types import MappingProxyType
from typing import Any

from incidentbook.archive import Archive, Entry
from incidentbook.cache import Cache
from incidentbook.clocks.reviews import review_duty
from incidentbook.diagnostics import Diagnostic, Severity
from incidentbook.edits import with_values
from incidentbook.records import Incident, IncidentStatus
from incidentbook.rules.engine import check
from incidentbook.rules.requirements import REQUIREMENTS
from incidentbook.source import Overlay

NEXT: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        "incident": {
            "new": "in_progress",
            "assigned": "in_progress",
            "in_progress": "resolved",
            "on_hold": "resolved",
            "resolved": "closed",
        },
        "review": {"draft": "in_review", "in_review": "published"},
        "maintenance": {"scheduled": "in_progress", "in_progress": "completed"},
        "problem": {"open": "known_error", "known_error": "resolved", "resolved": "closed"},
        "article": {"draft": "published"},
        "handover": {"written": "acknowledged"},
    }
)
"""By kind of record: the state that most often follows each; the last states have none."""

_WRITTEN: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "in_progress": frozenset({"missing-acknowledged", "missing-owner", "missing-assignment"}),
        "resolved": frozenset(
            {
                *("missing-resolved", "missing-resolution", "missing-resolver"),
                *("missing-acknowledged", "missing-owner", "missing-assignment", "unfinished-hold"),
                "missing-summary",
            }
        ),
        "closed": frozenset({"missing-closed", "missing-closer"}),
    }
)
"""By state of an incident: what the verb that leads there writes itself."""

_VERBS: Mapping[str, str] = MappingProxyType(
    {
        "missing-confirmation": "what the user says: `incidentbook confirm {id}`, "
        "or `incidentbook close {id} --unconfirmed` if nobody answered",
    }
)
"""By code of a rule: the verb that does what it wants."""

_AFTER = frozenset({IncidentStatus.RESOLVED, IncidentStatus.CLOSED})
"""Where a review can be written."""

_UPDATE = "update {id} -m 'What readers should know'"
_RESOLVE = "resolve {id} -m 'What was done' --code KEY --permanent"
_TOLD = " --summary 'What happened, and whom it hurt'"


@dataclass(frozen=True)
class Lacking:
    """What keeps a record from a state: what the check would find there and does not find now."""

    status: str
    found: tuple[Diagnostic, ...]


@dataclass(frozen=True)
class NextSteps:
    """Commands that come next, without `incidentbook`, and what no verb can know for the next state."""

    commands: tuple[str, ...]
    lacking: Lacking | None


def next_steps(
    archive: Archive, entry: Entry[Any], now: datetime, present: Iterable[Diagnostic] | None = None
) -> NextSteps:
    """Tell what somebody can do about an incident as it stands.

    `present` is what the check finds of it, where that is known.
    """
    known = (
        check(archive, now=now, paths=[entry.path]).diagnostics
        if present is None
        else tuple(one for one in present if one.path == entry.path)
    )
    lack = lacking(archive, entry, known, now)
    codes = {found.code for found in (*known, *(lack.found if lack else ()))}
    if lack is not None and entry.kind == "incident":
        own = _WRITTEN.get(lack.status, frozenset())
        lack = Lacking(
            lack.status, tuple(_by_verb(found, entry.id) for found in lack.found if found.code not in own)
        )
    is_barred = lack is not None and any(found.severity is Severity.ERROR for found in lack.found)
    owes_review = _owes_review(archive, entry, now)
    commands = _commands(entry.record, codes, is_barred=is_barred, owes_review=owes_review)
    return NextSteps(tuple(one.format(id=entry.id) for one in commands), lack)


def _by_verb(found: Diagnostic, id_: str) -> Diagnostic:
    """What is found, with the verb that helps where there is one."""
    verb = _VERBS.get(found.code)
    return replace(found, help=verb.format(id=id_)) if verb else found


def _owes_review(archive: Archive, entry: Entry[Any], now: datetime) -> bool:
    """Whether a review is wanted of it, and none is begun."""
    if entry.kind != "incident" or entry.record.status not in _AFTER:
        return False
    duty = review_duty(entry, archive, now)
    return duty is not None and duty.review is None


def advice(found: Diagnostic) -> str:
    """What to add; of rules that require no field the help is for who went too far already."""
    return found.help if found.help and found.code in _REQUIRED else found.message


_REQUIRED = frozenset(requirement.code for requirement in REQUIREMENTS)


def _commands(incident: Incident, codes: set[str], *, is_barred: bool, owes_review: bool) -> tuple[str, ...]:
    """The verbs of a state, the likeliest first; `is_barred` says that the next one would be refused."""
    review = ("review start {id}",) if owes_review else ()
    resolve = _RESOLVE + (_TOLD if "missing-summary" in codes else "")
    match incident.status:
        case IncidentStatus.NEW | IncidentStatus.ASSIGNED:
            return ("ack {id}", "assign {id} --team KEY", "cancel {id} -m WHY")
        case IncidentStatus.IN_PROGRESS:
            contained = () if incident.mitigated else ("mitigate {id}",)
            return (_UPDATE, *contained, "hold {id} --reason KEY", resolve)
        case IncidentStatus.ON_HOLD:
            return ("resume {id}", _UPDATE, resolve)
        case IncidentStatus.RESOLVED:
            asked = () if incident.confirmation else ("confirm {id}",)
            close = () if is_barred else ("close {id}",)
            return (*review, *asked, *close, "reopen {id} -m WHY")
        case IncidentStatus.CLOSED:
            return (*review, "new --earlier {id}")
    return ()


def lacking(
    archive: Archive, entry: Entry[Any], present: Iterable[Diagnostic], now: datetime
) -> Lacking | None:
    """Tell what a record lacks for its next state; None where no state follows.

    The check is asked as if it were there already. `present` is what it finds of it as it stands.
    """
    status = NEXT[entry.kind].get(entry.record.status)
    if status is None or archive.at(entry.path) is not entry:
        return None
    text = with_values(entry.document, {"status": status})
    known = {found.code for found in present}
    diagnostics = check(_with_file(archive, entry, text.encode()), now=now, paths=[entry.path]).diagnostics
    return Lacking(
        status,
        tuple(
            found
            for found in diagnostics
            if found.path == entry.path and found.severity is not Severity.NOTE and found.code not in known
        ),
    )


def _with_file(archive: Archive, entry: Entry[Any], data: bytes) -> Archive:
    """The archive as it would be if one file said something else; nothing of it is kept."""
    cache = Cache.open(None)
    tree = Overlay(archive.tree, {entry.path: data})
    changed: Entry[Any] = Entry(entry.name, entry.path, tree, cache, "")
    entries = tuple(changed if one is entry else one for one in archive.entries)
    return Archive(tree, entries, archive.taxonomy, archive.configuration, cache)
