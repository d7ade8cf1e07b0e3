"""The tables of what incidents and reviews are made of: updates, holds, actions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from itertools import chain
from typing import Any

from incidentbook.archive import RecordEntry
from incidentbook.clocks import assess, resolution_of
from incidentbook.metrics import Ledger
from incidentbook.records import Action, ActionState, Incident
from incidentbook.records.incident import Hold
from incidentbook.records.parts import Update
from incidentbook.reports.export.columns import Column, Kind, Table, public


@dataclass(frozen=True, slots=True)
class UpdateRow:
    """One message to readers, and its place in its record from 1 on."""

    incident: str
    number: int
    update: Update


@dataclass(frozen=True, slots=True)
class HoldRow:
    """One hold; `pauses` is None where no policy says."""

    incident: str
    number: int
    hold: Hold
    wall_s: float | None
    pauses: bool | None


@dataclass(frozen=True, slots=True)
class ActionRow:
    """One action of a review or a problem."""

    entry: RecordEntry[Any]
    number: int
    action: Action
    today: date

    @property
    def is_overdue(self) -> bool:
        """Whether it is open past its day."""
        due = self.action.due
        return self.action.state is ActionState.OPEN and due is not None and due < self.today


def update_rows(ledger: Ledger) -> list[UpdateRow]:
    """Gather the updates that the reader may see."""
    return [
        UpdateRow(entry.id, number, update)
        for entry in ledger.records.incidents
        for number, update in enumerate(entry.record.updates, 1)
    ]


def hold_rows(ledger: Ledger) -> list[HoldRow]:
    """Gather every hold."""
    return [
        _hold_row(entry, number, hold, ledger)
        for entry in ledger.records.incidents
        for number, hold in enumerate(entry.record.holds, 1)
    ]


def _hold_row(entry: RecordEntry[Incident], number: int, hold: Hold, ledger: Ledger) -> HoldRow:
    assessment = assess(entry.record, ledger.taxonomy, ledger.now)
    end = hold.to or resolution_of(entry.record) or ledger.now
    wall_s = (end - hold.from_).total_seconds() if end >= hold.from_ else None
    policy = assessment.policy
    pauses = hold.reason in policy.pausing if policy else None
    return HoldRow(entry.id, number, hold, wall_s, pauses)


def action_rows(ledger: Ledger) -> list[ActionRow]:
    """Gather the actions of reviews and problems."""
    today = ledger.taxonomy.day_of(ledger.now)
    sources = chain[RecordEntry[Any]](ledger.records.reviews, ledger.records.problems)
    return [
        ActionRow(entry, number, action, today)
        for entry in sources
        for number, action in enumerate(entry.record.actions, 1)
    ]


UPDATES: Table[UpdateRow] = Table(
    "updates",
    "One message to the readers of an incident.",
    (
        public("incident", Kind.TEXT, "ID of the incident.", lambda row: row.incident),
        public("number", Kind.COUNT, "Its place in the record, from 1.", lambda row: row.number),
        public("id", Kind.TEXT, "Its own name in the record.", lambda row: row.update.id),
        public("at", Kind.TIME, "When it was said.", lambda row: row.update.at),
        public(
            "status", Kind.TEXT, "investigating, identified, monitoring, resolved.",
            lambda row: row.update.status,
        ),
        Column("by", Kind.TEXT, "Handle of who said it.", lambda row: row.update.by),
        public("visibility", Kind.TEXT, "Who may read it.", lambda row: row.update.visibility),
        public("corrects", Kind.TEXT, "`id` of the update it corrects.", lambda row: row.update.corrects),
        public("text", Kind.TEXT, "What was said, in Markdown.", lambda row: row.update.text),
    ),
)  # fmt: skip

HOLDS: Table[HoldRow] = Table(
    "holds",
    "One time in which an incident was on hold; not for the public.",
    (
        Column("incident", Kind.TEXT, "ID of the incident.", lambda row: row.incident),
        Column("number", Kind.COUNT, "Its place in the record, from 1.", lambda row: row.number),
        Column("from", Kind.TIME, "When it began.", lambda row: row.hold.from_),
        Column("to", Kind.TIME, "When it ended; empty while it lasts.", lambda row: row.hold.to),
        Column("reason", Kind.TEXT, "Key of the reason.", lambda row: row.hold.reason),
        Column("note", Kind.TEXT, "What was waited for.", lambda row: row.hold.note),
        Column(
            "wall_s", Kind.SECONDS,
            "Its length on the wall clock, to its end, the resolution or now; empty where it ends too early.",
            lambda row: row.wall_s,
        ),
        Column(
            "pauses", Kind.FLAG, "Whether the policy lets its reason pause the clock; empty without one.",
            lambda row: row.pauses,
        ),
    ),
)  # fmt: skip

ACTIONS: Table[ActionRow] = Table(
    "actions",
    "One action that a review or a problem promised.",
    (
        public("record", Kind.TEXT, "ID of the review or problem.", lambda row: row.entry.id),
        public("kind", Kind.TEXT, "review or problem.", lambda row: row.entry.kind),
        public(
            "incident", Kind.TEXT, "ID of the review's lead incident.",
            lambda row: row.entry.name.lead_incident,
        ),
        public("number", Kind.COUNT, "Its place in the record, from 1.", lambda row: row.number),
        Column("id", Kind.TEXT, "Its own name in the record.", lambda row: row.action.id),
        public("title", Kind.TEXT, "What will be done.", lambda row: row.action.title),
        public("type", Kind.TEXT, "prevent, detect, mitigate or process.", lambda row: row.action.type),
        public("state", Kind.TEXT, "open, done or dropped.", lambda row: row.action.state),
        Column("owner", Kind.TEXT, "Handle of who answers for it.", lambda row: row.action.owner),
        Column("due", Kind.DAY, "By which day.", lambda row: row.action.due),
        Column("done", Kind.DAY, "The day it was done.", lambda row: row.action.done),
        Column("overdue", Kind.FLAG, "Whether it is open past its day.", lambda row: row.is_overdue),
        Column("evidence", Kind.TEXT, "Where one can see that it is done.", lambda row: row.action.evidence),
        Column("reason", Kind.TEXT, "Why it was dropped.", lambda row: row.action.reason),
    ),
)  # fmt: skip
