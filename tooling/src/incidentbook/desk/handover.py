"""What one shift leaves to the next: the note, who takes over, and the acknowledgement."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from incidentbook.archive import Records
from incidentbook.archive.entry import Entry
from incidentbook.clocks import on_call
from incidentbook.clocks.shifts import assignment_of
from incidentbook.desk.board import OpenIncident
from incidentbook.desk.change import Change, RefusedError
from incidentbook.desk.life_assigning import assigned
from incidentbook.records import Handover, HandoverStatus
from incidentbook.taxonomy import Taxonomy

SOON = timedelta(hours=12)
"""A turn that begins within this time is the one that is handed over to."""


@dataclass(frozen=True, kw_only=True)
class Shift:
    """What the outgoing person says; `next_steps` and `updates_due` are by the incidents' IDs."""

    team: str | None
    outgoing: str
    incoming: str
    at: datetime
    next_steps: Mapping[str, str] = field(default_factory=dict)
    updates_due: Mapping[str, datetime] = field(default_factory=dict)


def incoming_of(taxonomy: Taxonomy, team: str | None, outgoing: str, at: datetime) -> str:
    """Tell by the rotation who takes over: who is on call now, or next where that is the outgoing person.

    Raises RefusedError where no rotation says it.
    """
    if team is None:
        raise RefusedError(
            "no team is named, whose rotation would say who takes over", ("handover --to WHO",)
        )
    duty = on_call(taxonomy, team, at)
    if duty is not None and duty.who == outgoing and duty.until <= at + SOON:
        duty = on_call(taxonomy, team, duty.until)
    if duty is None:
        reason = f"the team {team} has no rotation that says who takes over"
        raise RefusedError(reason, (f"handover --team {team} --to WHO",))
    if duty.who == outgoing:
        until = duty.until.astimezone(taxonomy.zone)
        reason = f"{outgoing} is on call for {team} until {until:%Y-%m-%d %H:%M}"
        raise RefusedError(reason, (f"handover --team {team} --to WHO",))
    return duty.who


def note_of(shift: Shift, incidents: Sequence[OpenIncident], takers: Mapping[str, str]) -> dict[str, Any]:
    """The fields of a new handover: what was said, and nothing that the incidents say themselves.

    Raises RefusedError where something was said of an incident that is not handed over, or where what
    readers were promised is over already.
    """
    if shift.incoming == shift.outgoing:
        raise RefusedError(f"{shift.incoming} cannot take over from {shift.outgoing}", ("handover --to WHO",))
    handed = {one.entry.id for one in incidents}
    for id_ in (*shift.next_steps, *shift.updates_due):
        if id_ not in handed:
            whose = f" of the team {shift.team}" if shift.team else ""
            raise RefusedError(f"{id_} is not among the open incidents{whose}")
    _require_ahead(shift)
    return {
        "status": HandoverStatus.WRITTEN.value,
        "team": shift.team,
        "at": shift.at,
        "outgoing": shift.outgoing,
        "incoming": shift.incoming,
        "items": [_item(one.entry.id, takers[one.entry.id], shift) for one in incidents],
    }


def _require_ahead(shift: Shift) -> None:
    for id_, due in shift.updates_due.items():
        if due <= shift.at:
            reason = (
                f"an update of {id_} is promised by {due.isoformat(timespec='minutes')}, "
                f"which is not after the note, {shift.at.isoformat(timespec='minutes')}"
            )
            raise RefusedError(reason, (f"update {id_} -m TEXT",))


def _item(id_: str, taker: str, shift: Shift) -> dict[str, Any]:
    said = {
        "incident": id_,
        "owner": taker if taker != shift.incoming else None,
        "next_step": shift.next_steps.get(id_),
        "next_update_due": shift.updates_due.get(id_),
    }
    return {key: value for key, value in said.items() if value is not None}


def takers_of(shift: Shift, incidents: Iterable[OpenIncident], taxonomy: Taxonomy) -> dict[str, str]:
    """Who has each incident from now on.

    Whoever has it keeps it, but for the outgoing person and for whoever is not on shift. Those go to the
    incoming person; where all teams are handed over, to who is on call for the incident's own team.
    """
    return {one.entry.id: _taker(shift, one, taxonomy) for one in incidents}


def _taker(shift: Shift, one: OpenIncident, taxonomy: Taxonomy) -> str:
    if one.owner is not None and one.owner != shift.outgoing and not one.off_shift:
        return one.owner
    duty = on_call(taxonomy, one.team, shift.at) if one.team and shift.team is None else None
    return duty.who if duty is not None and duty.who != shift.outgoing else shift.incoming


def transfers(
    incidents: Iterable[OpenIncident], takers: Mapping[str, str], at: datetime, taxonomy: Taxonomy
) -> Mapping[str, Change]:
    """The assignments by which those who take an incident own it, where they do not own it yet.

    Whoever got it later than `at` keeps it.
    """
    found = {
        one.entry.id: assigned(one.entry.id, one.entry.record, at, one.team, takers[one.entry.id], taxonomy)
        for one in incidents
        if takers.get(one.entry.id, one.owner) != one.owner and not _was_given_later(one, at)
    }
    return {id_: change for id_, change in found.items() if not change.is_empty}


def _was_given_later(one: OpenIncident, at: datetime) -> bool:
    last = assignment_of(one.entry.record)
    return last is not None and last.at > at


def waiting_for(records: Records[Any], who: str) -> Any:
    """The handover that somebody should acknowledge: the last written for them, or the only one there is.

    Raises RefusedError where there is none, or where several are for others.
    """
    written = [one for one in records.handovers if one.record.status is HandoverStatus.WRITTEN]
    mine = [one for one in written if one.record.incoming == who] or written
    if not mine:
        raise RefusedError("no handover waits for somebody to take over", ("handover",))
    if len(mine) > 1 and mine is written:
        ids = [one.id for one in written]
        raise RefusedError(f"{len(ids)} handovers wait, and none for {who}", [_verb(id_) for id_ in ids])
    return max(mine, key=lambda one: (one.record.at is not None, one.record.at, one.name.sort_key()))


def _verb(id_: str) -> str:
    return f"handover acknowledge {id_}"


def taken_over(entry: Entry[Handover], who: str, at: datetime, taxonomy: Taxonomy) -> Change:
    """Somebody takes over: the incoming person, or somebody who is on call for the team now.

    Raises RefusedError for anybody else, for the one who hands over, and where it is done already.
    """
    note = entry.record
    if note.status is HandoverStatus.ACKNOWLEDGED:
        raise RefusedError(f"{entry.id} was acknowledged by {note.acknowledged_by or 'somebody'}")
    if who == note.outgoing:
        raise RefusedError(f"{entry.id} is {who}'s own note; whoever takes over acknowledges it")
    if who != note.incoming and not _is_on_call(who, note.team, at, taxonomy):
        whose = f"on call for {note.team}" if note.team else "on call for any team"
        raise RefusedError(
            f"{entry.id} was written for {note.incoming or 'nobody'}; {who} is neither that nor {whose}",
            (f"{_verb(entry.id)} --by {note.incoming}",) if note.incoming else (),
        )
    return Change(
        said=f"taken over by {who}",
        values={
            "status": HandoverStatus.ACKNOWLEDGED.value,
            "acknowledged": at,
            "acknowledged_by": who,
        },
    )


def _is_on_call(who: str, team: str | None, at: datetime, taxonomy: Taxonomy) -> bool:
    teams = [team] if team else [one.id for one in taxonomy.teams]
    return any((duty := on_call(taxonomy, key, at)) is not None and duty.who == who for key in teams)
