"""`sla`: shows the clocks of open incidents, or of those named, and why they stand where they stand."""

from __future__ import annotations

import re
from collections.abc import Sequence
from difflib import get_close_matches
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

import click

from incidentbook.commands.caveats import print_caveats
from incidentbook.commands.seeing import inner_audience_option, text_or_json_option
from incidentbook.commands.session import Session
from incidentbook.diagnostics import IncidentbookError

if TYPE_CHECKING:
    from incidentbook.archive import RecordEntry, Records
    from incidentbook.clocks import SlaCase
    from incidentbook.records import Audience, Incident

_ID = re.compile(r"inc-(\d{4})-(\d{1,9})", re.IGNORECASE | re.ASCII)


class UnknownIncidentError(IncidentbookError):
    """Clocks were asked for of what is no incident."""

    def __init__(self, name: str, known: Sequence[str]) -> None:
        number = _ID.fullmatch(name)
        padded = f"INC-{number[1]}-{int(number[2]):04}" if number else name.upper()
        close = [padded] if padded in known else get_close_matches(padded, known, n=1)
        advice = f"; did you mean {close[0]}?" if close else ""
        super().__init__(f"there is no incident `{name}`{advice}")


class UnreadableIncidentError(IncidentbookError):
    """Clocks were asked for of an incident whose file holds no record."""

    def __init__(self, path: str) -> None:
        super().__init__(f"{path} holds no record; `incidentbook check {path}` says why")


@click.command(epilog="Example: incidentbook sla INC-2026-0042")
@click.argument("ids", nargs=-1, metavar="[ID]...")
@text_or_json_option
@inner_audience_option("for output that others can read")
@click.pass_obj
def command(session: Session, ids: tuple[str, ...], format_: str, audience: str) -> int:
    """Show the SLA clocks of open incidents, or of those named, with the reasoning.

    Open incidents come with the soonest breach first; those without a clock that still moves
    come last. Named ones come in the order in which they are named.
    """
    from incidentbook.records import Audience  # noqa: PLC0415

    whom = None if audience == "all" else Audience(audience)
    return run(session, ids, format_=format_, audience=whom)


def run(
    session: Session, ids: Sequence[str] = (), *, format_: str = "text", audience: Audience | None = None
) -> int:
    """Print the clocks of the incidents that are open, or named."""
    from incidentbook.archive import load_entries  # noqa: PLC0415
    from incidentbook.clocks import sla_case  # noqa: PLC0415
    from incidentbook.publication import publish  # noqa: PLC0415

    archive, now = session.archive, session.now
    if not ids or audience:
        load_entries(archive)
    records: Records[Any] = publish(archive, audience) if audience else archive
    if ids:
        cases = [sla_case(_named(name, records), records, now) for name in dict.fromkeys(ids)]
    else:
        cases = sorted((sla_case(entry, records, now) for entry in _open(records)), key=_urgency)
    print_caveats(archive, audience)
    taxonomy = records.taxonomy
    if format_ == "json":
        from incidentbook.reports.sla.json import sla_as_json  # noqa: PLC0415

        click.echo(sla_as_json(cases, taxonomy=taxonomy, now=now, origin=archive.tree, audience=audience))
    else:
        from incidentbook.reports.sla.text import sla_as_text  # noqa: PLC0415

        session.console.print(sla_as_text(cases, taxonomy=taxonomy, now=now, only_open=not ids))
    return 0


def _named(name: str, records: Records[Any]) -> RecordEntry[Incident]:
    """Find an incident by its ID or by the path of its file."""
    id_ = PurePath(name).name.removesuffix(".md")
    entry = records.get(id_)
    if entry is None or entry.kind != "incident":
        raise UnknownIncidentError(name, [entry.id for entry in records.incidents])
    if not entry.readable:
        raise UnreadableIncidentError(entry.path)
    found: RecordEntry[Incident] = entry
    return found


def _open(records: Records[Any]) -> Sequence[RecordEntry[Incident]]:
    from incidentbook.clocks import is_done, left_out_of_measures  # noqa: PLC0415

    return [
        entry
        for entry in records.incidents
        if not is_done(entry.record) and left_out_of_measures(entry.record) is None
    ]


def _urgency(case: SlaCase) -> tuple[bool, float, tuple[str, int, int, str]]:
    due = case.next_due
    return (due is None, due.timestamp() if due else 0.0, case.entry.name.sort_key())
