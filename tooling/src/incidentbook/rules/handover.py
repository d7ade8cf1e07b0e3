"""Shift notes that nobody took over, and open incidents that nobody on shift has."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from incidentbook.clocks.shifts import TAKEN_WITHIN, is_open, last_handover, off_shift
from incidentbook.diagnostics import Severity
from incidentbook.records import Audience, Handover, HandoverStatus, Incident
from incidentbook.rules.cases import ArchiveCase, RecordCase
from incidentbook.rules.origins import is_imported
from incidentbook.rules.registry import Finding, archive_rule, record_rule


@record_rule(Severity.ERROR, kinds=("handover",))
def handover_made_public(case: RecordCase[Handover]) -> Iterator[Finding]:
    """A handover is marked public.

    ## What it does

    Finds handovers whose `visibility` is `public`. No public page, feed or answer of the API shows one,
    whatever it says; `internal` and `restricted` are what a handover can be.

    ## Why it matters

    A shift note says who is on duty, and in plain words what is not under control. Whoever marks it
    public believes that readers see it, and they do not.

    ## Example

    ```yaml
    visibility: public  # <- here
    ```

    ## Use instead

    ```yaml
    visibility: internal
    ```
    """
    if case.record.visibility is Audience.PUBLIC:
        yield Finding(
            case.span("visibility"),
            "a handover is never public",
            "remove the line; what readers should know belongs into an update of the incident",
        )


@record_rule(Severity.WARNING, kinds=("handover",), having=("acknowledged_by", "outgoing"))
def handover_acknowledged_by_writer(case: RecordCase[Handover]) -> Iterator[Finding]:
    """Whoever handed over has acknowledged it, too.

    ## What it does

    Finds handovers whose `acknowledged_by` is their `outgoing` person.

    ## Why it matters

    An acknowledgement says that somebody else has read the note and has the incidents now. Nobody can
    say that to themselves.

    ## Example

    ```yaml
    status: acknowledged
    outgoing: first-responder
    acknowledged_by: first-responder  # <- here
    ```

    ## Use instead

    ```yaml
    status: acknowledged
    outgoing: first-responder
    acknowledged_by: second-reader
    ```
    """
    note = case.record
    if note.acknowledged_by == note.outgoing:
        yield Finding(
            case.span("acknowledged_by"),
            f"`{note.outgoing}` has handed over to themselves",
            "the incoming person acknowledges; if nobody else came, the shift was not handed over",
        )


def _written_at(case: RecordCase[Handover]) -> Any:
    note = case.record
    is_waiting = note.status is HandoverStatus.WRITTEN and note.at is not None
    return note.at.timestamp() if is_waiting and note.at else None


@archive_rule(Severity.WARNING, kinds=("handover",), having=("at",), facts=_written_at)
def handover_not_acknowledged(case: ArchiveCase[Handover]) -> Iterator[Finding]:
    """Nobody has acknowledged a handover.

    ## What it does

    Finds the last handover of a team, or of all teams, that is still `written` an hour after it was
    written. Once a later note stands, the earlier one is past mending and is left alone.

    ## Why it matters

    Between two shifts an incident is nobody's: the one believes it is handed over, the other has not
    seen the note.

    ## Example

    ```yaml
    status: written  # <- here
    at: 2026-11-20T06:00+00:00
    # no acknowledged
    # no acknowledged_by
    ```

    ## Use instead

    ```yaml
    status: acknowledged
    at: 2026-11-20T06:00+00:00
    acknowledged: 2026-11-20T06:10+00:00
    acknowledged_by: second-reader
    ```
    """
    waits = case.now.timestamp() - case.fact
    last = last_handover(case.archive, case.record.team, case.now)
    if waits <= TAKEN_WITHIN.total_seconds() or last is None or last.id != case.entry.id:
        return
    who = f"`{case.record.incoming}`" if case.record.incoming else "nobody"
    yield Finding(
        case.span("status"),
        f"the handover was written for {who} {_hours(waits)} ago and is not acknowledged",
        f"read it and take over: `incidentbook handover acknowledge {case.entry.id}`",
    )


def _hours(seconds: float) -> str:
    hours = int(seconds // 3600)
    return f"{hours} hour{'' if hours == 1 else 's'}"


def _is_open(case: RecordCase[Incident]) -> Any:
    return True if is_open(case.record) and not is_imported(case.record) else None


@archive_rule(Severity.WARNING, facts=_is_open)
def owner_off_shift(case: ArchiveCase[Incident]) -> Iterator[Finding]:
    """An open incident has no owner who is on shift.

    ## What it does

    Looks at each open incident: nobody has it, or somebody has it who is not on shift now. On shift is
    who is on call by the rotation of the incident's team (schema/teams.yml), to whom the last handover of
    this turn gave it, and who has a role in a major incident. Where the team has no rotation, any owner
    will do. An incident that nobody has acknowledged is left alone while its response clock has time:
    the clock watches it; and a `new` one is left alone where its team has no rotation. Imported records,
    drills and duplicates are left alone.

    ## Why it matters

    An incident in the hands of somebody who has gone home is worked on by nobody, and looks as if it were.

    ## Example

    ```yaml
    status: in_progress  # <- here
    assignments:
      - {at: 2026-03-02T08:25+00:00, team: shop}
    # no resolved
    # no restored
    # no resolved_by
    # no resolution
    # no closed
    # no closed_by
    # no confirmation
    ```

    ## Use instead

    ```yaml
    status: in_progress
    assignments:
      - {at: 2026-03-02T08:25+00:00, team: shop, owner: first-responder}
    # no resolved
    # no restored
    # no resolved_by
    # no resolution
    # no closed
    # no closed_by
    # no confirmation
    ```
    """
    found = off_shift(case.record, case.archive, case.now)
    if found is None:
        return
    id_ = case.entry.id
    if found.owner is None:
        whose = f"; team `{found.team}` has it" if found.team else ""
        to = f"--owner {found.duty.who}" if found.duty else "--owner HANDLE"
        yield Finding(
            case.span("status"),
            f"the incident is open and nobody owns it{whose}",
            f"`incidentbook assign {id_} {to}`",
        )
    elif found.duty is not None:
        yield Finding(
            case.span("assignments"),
            f"`{found.owner}` has the incident and is not on shift; "
            f"`{found.duty.who}` is on call for `{found.team}` until {_moment(found.duty.until, case)}",
            f"hand it over (`incidentbook handover --team {found.team} --take-over`), or "
            f"`incidentbook assign {id_} --owner {found.duty.who}`",
        )


def _moment(at: datetime, case: ArchiveCase[Incident]) -> str:
    return f"{at.astimezone(case.taxonomy.zone):%Y-%m-%d %H:%M}"
