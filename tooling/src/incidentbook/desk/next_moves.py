"""What comes next for a record of any kind, and what it lacks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from types import MappingProxyType
from typing import Any

from incidentbook.archive import Archive, Entry
from incidentbook.desk.next_steps import Lacking, lacking, next_steps
from incidentbook.diagnostics import Diagnostic
from incidentbook.rules.engine import check

_COMMANDS: Mapping[str, Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "review": {
            "draft": ("edit {id}", "action add {id} -m TITLE --owner WHO --due DAY", "review submit {id}"),
            "in_review": ("edit {id}", "review publish {id} --approver WHO"),
            "published": ("action done {id} ACTION --evidence WHERE",),
        },
        "problem": {
            "open": ("problem known-error {id} --root-cause WHY --workaround WHAT",),
            "known_error": ("problem resolve {id} --permanent-fix WHAT",),
            "resolved": ("problem close {id}",),
        },
        "maintenance": {
            "scheduled": ("maintenance start {id}", "maintenance cancel {id} -m WHY"),
            "in_progress": ("maintenance complete {id}", "maintenance cancel {id} -m WHY"),
        },
        "article": {
            "draft": ("edit {id}", "article publish {id} --review-by DAY"),
            "published": ("edit {id}", "article retire {id}"),
        },
        "handover": {"written": ("handover acknowledge {id}",)},
    }
)


_WRITTEN = frozenset(
    {
        *("missing-known-error-time", "missing-problem-resolved", "missing-problem-closed"),
        *("missing-approver", "missing-published", "missing-actual-start", "missing-actual-end"),
        "missing-acknowledgement",
    }
)
"""What the verb that leads to the next state writes itself."""


@dataclass(frozen=True)
class Standing:
    """How a record stands: what the check finds, which commands come next, what the next state lacks."""

    findings: tuple[Diagnostic, ...]
    commands: tuple[str, ...]
    lacking: Lacking | None


def standing_of(archive: Archive, entry: Entry[Any], now: datetime) -> Standing:
    """Ask the rules about one record, as it is and as it would be in its next state."""
    found = tuple(
        one for one in check(archive, now=now, paths=(entry.path,)).diagnostics if one.path == entry.path
    )
    if entry.kind == "incident":
        steps = next_steps(archive, entry, now, found)
        return Standing(found, steps.commands, steps.lacking)
    lack = lacking(archive, entry, found, now)
    if lack is not None:
        lack = replace(lack, found=tuple(one for one in lack.found if one.code not in _WRITTEN))
    commands = _COMMANDS.get(entry.kind, {}).get(str(entry.record.status), ())
    return Standing(found, tuple(one.format(id=entry.id) for one in commands), lack)
