"""What a change does to the records, gathered for whoever reviews it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from incidentbook.archive import Archive, RecordEntry, Records
from incidentbook.desk.next_steps import Lacking, lacking
from incidentbook.diagnostics import Diagnostic, Severity
from incidentbook.gitrepo import PathChange
from incidentbook.history import Change, changes
from incidentbook.history.exchanges import with_exchanges
from incidentbook.history.recovered import with_what_could_be_read
from incidentbook.publication import publish
from incidentbook.records import Audience, Incident, IncidentStatus
from incidentbook.reports.comment.figures import FigureMoves, figure_moves
from incidentbook.reports.comment.similar import Help, help_for
from incidentbook.reports.comment.touched import Touched, Touches, touches
from incidentbook.reports.comment.unnamed import unnamed, without_unnamed

MOST_TOLD = 8
"""Records of which more is said than their name and state: a bulk change is not read one by one."""

_OVER = (IncidentStatus.CLOSED, IncidentStatus.CANCELLED)


@dataclass(frozen=True)
class Told:
    """One record of which everything is said; `withheld` is how much it lacks that names unnamed records."""

    touched: Touched
    lacking: Lacking | None
    help: Help | None
    withheld: int = 0


@dataclass(frozen=True)
class Comment:
    """Everything that is said of a change; `rest` are touched records that are only named.

    `base` and `head` are the two sides as the audience reads them; None reads all records.
    """

    touches: Touches
    told: tuple[Told, ...]
    rest: tuple[Touched, ...]
    findings: Mapping[Severity, int]
    figures: FigureMoves
    base: Records[Any]
    head: Records[Any]
    now: datetime
    audience: Audience | None


def comment_on(
    base: Archive,
    head: Archive,
    paths: Sequence[PathChange],
    *,
    now: datetime,
    audience: Audience | None,
) -> Comment:
    """Gather what a change does, as an audience may read it; `paths` are the files that differ."""
    found_changes = with_exchanges(changes(base, head, paths))
    before: Records[Any] = publish(base, audience) if audience else base
    after: Records[Any] = publish(head, audience) if audience else head
    found = touches(found_changes, before, after)
    in_detail, rest = found.records[:MOST_TOLD], found.records[MOST_TOLD:]
    diagnostics = _findings(found.records, base, head, found_changes, paths, now)
    help_ = help_for(_helpable(in_detail), after)
    hidden = unnamed((base, before), (head, after)) if audience else None
    told = tuple(
        _told(one, _lacking(one, head, diagnostics, now, audience), help_.get(one.name.id), hidden)
        for one in in_detail
    )
    counts = {severity: sum(found.severity is severity for found in diagnostics) for severity in Severity}
    figures = figure_moves(found.records, before, after, now, audience)
    return Comment(found, told, rest, counts, figures, before, after, now, audience)


def _told(touched: Touched, lack: Lacking | None, help_: Help | None, hidden: re.Pattern[str] | None) -> Told:
    """What is said of one record, without what would name a record that is not for the audience."""
    if lack is None:
        return Told(touched, None, help_)
    found, withheld = without_unnamed(lack.found, hidden)
    return Told(touched, replace(lack, found=found), help_, withheld)


def _findings(
    records: Sequence[Touched],
    base: Archive,
    head: Archive,
    found: Sequence[Change],
    paths: Sequence[PathChange],
    now: datetime,
) -> tuple[Diagnostic, ...]:
    """What `check --base` finds in the records that may be named, and in the settings."""
    from incidentbook.rules import RULES  # noqa: PLC0415
    from incidentbook.rules.history.cases import Comparison  # noqa: PLC0415
    from incidentbook.rules.history.check import ChangeCheck  # noqa: PLC0415

    if not records:
        return ()
    named = {entry.path for one in records for entry in (one.before, one.after) if entry is not None}
    comparison = Comparison(base, head, with_what_could_be_read(found), paths, now, RULES)
    result = ChangeCheck(comparison, None).result("")
    return tuple(one for one in result.diagnostics if one.path in named or one.path.startswith("schema/"))


def _helpable(records: Iterable[Touched]) -> list[RecordEntry[Incident]]:
    """Incidents that somebody still works on, and those that are new: what is closed needs no help."""
    entries = ((one.incident, one.before) for one in records)
    return [
        entry
        for entry, before in entries
        if entry is not None and (entry.record.status not in _OVER or before is None)
    ]


def _lacking(
    touched: Touched,
    head: Archive,
    diagnostics: Iterable[Diagnostic],
    now: datetime,
    audience: Audience | None,
) -> Lacking | None:
    """What it lacks for its next state; messages name internal values, and the public writes no record."""
    entry = head.get(touched.name.id)
    if touched.after is None or entry is None or audience is Audience.PUBLIC:
        return None
    own = [found for found in diagnostics if found.path == entry.path]
    return lacking(head, entry, own, now)
