"""`incidentbook handover`: the note of one shift to the next, and that it was taken over."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import click
from click.core import ParameterSource

from incidentbook.commands.desk.acting import (
    Deed,
    Hand,
    acting,
    carry_out,
    changing,
    is_terminal,
    visible_line,
)
from incidentbook.commands.session import Session, parse_now
from incidentbook.diagnostics import IncidentbookError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from datetime import datetime

    from incidentbook.desk.board import OpenIncident
    from incidentbook.desk.change import Change
    from incidentbook.desk.handover import Shift


class NotAPairError(IncidentbookError):
    """What was to be said of an incident does not name one."""

    def __init__(self, option: str, text: str) -> None:
        super().__init__(f"{option} is `{text[:60]}`; expected an incident, `=` and what is said of it")


class NobodyToAskError(IncidentbookError):
    """Questions need a terminal."""

    def __init__(self) -> None:
        super().__init__("--interactive asks at a terminal, and this is none; say --next ID=STEP instead")


@dataclass(frozen=True, kw_only=True)
class Wish:
    """What the options of the verb say, as they were typed."""

    team: str | None = None
    to: str | None = None
    steps: Sequence[str] = ()
    promises: Sequence[str] = ()
    note: str | None = None
    take_over: bool = False
    interactive: bool = False


@click.group(
    "handover",
    invoke_without_command=True,
    epilog="Example: incidentbook handover --team platform --next 42='Watch the error rate until noon'",
)
@click.option("--team", metavar="KEY", help="Hand over the incidents of this team; of all teams if not said.")
@click.option("--to", metavar="HANDLE", help="Who takes over; who is on call for the team if not said.")
@click.option(
    "--next", "steps", multiple=True, metavar="ID=TEXT", help="What an incident needs next; may be repeated."
)
@click.option(
    "--next-update",
    "promises",
    multiple=True,
    metavar="ID=TIME",
    help="By when readers were promised to hear more; may be repeated.",
)
@click.option("--note", metavar="TEXT", help="What else the incoming person must know.")
@click.option("--take-over", is_flag=True, help="Assign each incident now to who takes it.")
@click.option("--interactive", "-i", is_flag=True, help="Ask what each open incident needs next.")
@acting
@click.pass_context
def command(context: click.Context, /, hand: Hand, **said: Any) -> int:
    """Write the shift note: open incidents, what comes next, and who takes over.

    Stored is only what is said here; priority, clocks and the next update due are the incidents' own.
    """
    if context.invoked_subcommand is None:
        return run(context.obj, hand, Wish(**said))
    if any(context.get_parameter_source(name) is ParameterSource.COMMANDLINE for name in context.params):
        raise click.UsageError(f"Options of `{context.invoked_subcommand}` stand behind it.")
    return 0


def run(session: Session, hand: Hand, wish: Wish) -> int:
    """Write a handover; 1 where a record would have errors."""
    from incidentbook.archive import load_entries  # noqa: PLC0415
    from incidentbook.desk.board import open_incidents  # noqa: PLC0415

    if wish.interactive and not is_terminal():
        raise NobodyToAskError
    load_entries(session.archive)
    shift = _shift(session, hand, wish)
    incidents = open_incidents(session.archive, shift.at, shift.team)
    if wish.interactive:
        asked = _asked(incidents, shift.next_steps)
        shift = replace(shift, next_steps={**shift.next_steps, **asked})
    return carry_out(session, _deed(session, shift, incidents, wish), hand)


def _shift(session: Session, hand: Hand, wish: Wish) -> Shift:
    """What is said of the shift. Raises what `incoming_of` raises, and what names nobody or nothing."""
    from incidentbook.desk.handover import Shift, incoming_of  # noqa: PLC0415
    from incidentbook.desk.words import known_person, known_team  # noqa: PLC0415

    taxonomy, at, outgoing = session.archive.taxonomy, hand.time(session), hand.who(session)
    team = known_team(taxonomy, wish.team, at) if wish.team else None
    return Shift(
        team=team,
        outgoing=outgoing,
        incoming=(
            known_person(taxonomy, wish.to, at) if wish.to else incoming_of(taxonomy, team, outgoing, at)
        ),
        at=at,
        next_steps=_said_of(session, "--next", wish.steps, str),
        updates_due=_said_of(
            session, "--next-update", wish.promises, lambda text: parse_now(text, "--next-update")
        ),
    )


def _deed(session: Session, shift: Shift, incidents: Sequence[OpenIncident], wish: Wish) -> Deed:
    from incidentbook.commands.desk.making import free_name, new_file  # noqa: PLC0415
    from incidentbook.desk.handover import note_of, takers_of, transfers  # noqa: PLC0415

    taxonomy = session.archive.taxonomy
    takers = takers_of(shift, incidents, taxonomy)
    values = note_of(shift, incidents, takers)
    moved = transfers(incidents, takers, shift.at, taxonomy) if wish.take_over else {}
    name, note = free_name(session, "handover", shift.at), (wish.note or "").strip()
    return Deed(
        about=name.id,
        said=f"handed over from {shift.outgoing} to {shift.incoming}",
        contents={**new_file(name, values, f"{note}\n" if note else ""), **_moved(session, moved)},
        details=(*_lines(session, incidents, values, moved), *([f"  note: {note}"] if note else [])),
        next=(f"handover acknowledge {name.id} --by {shift.incoming}",),
        title=f"Shift handed over to {shift.incoming}",
    )


@command.command(
    "acknowledge", epilog="Example: incidentbook handover acknowledge HND-2026-0003 --by duty-shop"
)
@click.argument("id_", metavar="[ID]", required=False)
@click.option("--take-over", is_flag=True, help="Own the incidents from now on, each as the note says.")
@acting
@click.pass_obj
def acknowledge(session: Session, /, id_: str | None, *, take_over: bool, hand: Hand) -> int:
    """Take over: the note is read, and the shift is yours.

    Without an ID it is the last note that was written for you. Only the incoming person, or somebody who is
    on call for the team now, can acknowledge; nobody acknowledges a note of their own.
    """
    from incidentbook.desk.finding import find_record  # noqa: PLC0415
    from incidentbook.desk.handover import taken_over, waiting_for  # noqa: PLC0415

    archive, at, who = session.archive, hand.time(session), hand.who(session)
    entry: Any = find_record(archive, id_, ("handover",)) if id_ else waiting_for(archive, who)
    change = taken_over(entry, who, at, archive.taxonomy)
    moved = _taken(session, entry.record, who, at) if take_over else {}
    deed = Deed(
        about=entry.id,
        said=change.said,
        contents={**changing(session, entry, change), **_moved(session, moved)},
        details=tuple(f"  {id_}: {one.said}" for id_, one in moved.items()),
        next=("status",),
        title=f"Shift taken over by {who}",
    )
    return carry_out(session, deed, hand)


def _said_of(
    session: Session, option: str, pairs: Iterable[str], read: Callable[[str], Any]
) -> dict[str, Any]:
    """What was said of incidents, by their IDs."""
    from incidentbook.desk.finding import find_record  # noqa: PLC0415

    found = {}
    for pair in pairs:
        id_, equals, text = pair.partition("=")
        if not (id_.strip() and equals and text.strip()):
            raise NotAPairError(option, pair)
        found[find_record(session.archive, id_, ("incident",)).id] = read(text.strip())
    return found


def _asked(incidents: Iterable[OpenIncident], known: Mapping[str, str]) -> dict[str, str]:
    """Ask what each incident needs next; an empty answer says nothing. Ctrl-C ends it, nothing written."""
    from incidentbook.reports.status.note import heading  # noqa: PLC0415

    answers = {}
    for one in incidents:
        if one.entry.id in known:
            continue
        click.echo(visible_line(heading(one)))
        answer = click.prompt("  Next step", default="", show_default=False).strip()
        if answer:
            answers[one.entry.id] = answer
    return answers


def _taken(session: Session, note: Any, who: str, at: datetime) -> Mapping[str, Change]:
    """The assignments by which what a note hands over is owned then; what is over by now is left alone."""
    from incidentbook.desk.board import open_incidents  # noqa: PLC0415
    from incidentbook.desk.handover import transfers  # noqa: PLC0415

    # who stands in for the incoming person gets what was meant for them
    takers = {
        item.incident: who if note.owner_of(item) in (None, note.incoming) else note.owner_of(item)
        for item in note.items
    }
    return transfers(open_incidents(session.archive, at), takers, at, session.archive.taxonomy)


def _moved(session: Session, moved: Mapping[str, Change]) -> dict[str, bytes]:
    contents: dict[str, bytes] = {}
    for id_, change in moved.items():
        entry = session.archive.get(id_)
        if entry is not None:
            contents |= changing(session, entry, change)
    return contents


def _lines(
    session: Session,
    incidents: Sequence[OpenIncident],
    values: Mapping[str, Any],
    moved: Mapping[str, Change],
) -> tuple[str, ...]:
    from incidentbook.reports.status.note import note_lines  # noqa: PLC0415

    items = {item["incident"]: item for item in values["items"]}
    zone = session.archive.taxonomy.zone
    lines = note_lines(incidents, items, values["incoming"], now=values["at"], zone=zone)
    return (*lines, *(f"  {id_}: {one.said}" for id_, one in moved.items()))
