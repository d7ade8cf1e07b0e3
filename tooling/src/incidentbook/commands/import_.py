"""`incidentbook import`: take in records from another system."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from incidentbook.commands import import_csv
from incidentbook.commands.session import Session
from incidentbook.diagnostics import IncidentbookError, Severity

if TYPE_CHECKING:
    from incidentbook.importers.plan import Plan


class UnreadableFileError(IncidentbookError):
    """The file to be imported cannot be opened."""

    def __init__(self, name: str, reason: str) -> None:
        super().__init__(f"{name} cannot be read: {reason}")


@click.group("import", epilog="Example: incidentbook import statuspage incidents.json --dry-run")
def command() -> None:
    """Take in records from another system.

    Every import can be run again: a record remembers where it came from.
    """


command.add_command(import_csv.command)


@command.command(
    "statuspage",
    epilog="Example: curl -s https://status.example/api/v2/incidents.json | incidentbook import statuspage -",
)
@click.argument("file")
@click.option("--dry-run", is_flag=True, help="Say what would be written, and write nothing.")
@click.pass_obj
def statuspage(session: Session, file: str, *, dry_run: bool) -> int:
    """Take in incidents and maintenance of a Statuspage page.

    FILE is the page's /api/v2/incidents.json or scheduled-maintenances.json, a bare list of incidents,
    or JSON lines with one incident each; the content tells which. `-` reads standard input.

    New incidents become public records, and services that are not in schema/services.yml are added
    to it. Run again, it brings what is new: while nobody has changed the imported fields of a record,
    they follow the source; once somebody has, the source only adds to them, and what differs is
    reported. Fields that the import does not fill are never touched.

    Exits with 1 where a row did not come in, and with 2 where nothing could be read.
    """
    return run(session, file, dry_run=dry_run)


def run(session: Session, file: str, *, dry_run: bool = False) -> int:
    """Import a file; 1 where any row did not come in."""
    from incidentbook.importers.foreign import Log  # noqa: PLC0415
    from incidentbook.importers.json_rows import read_rows  # noqa: PLC0415
    from incidentbook.importers.plan import plan_import  # noqa: PLC0415
    from incidentbook.importers.statuspage import map_rows  # noqa: PLC0415
    from incidentbook.reports.imports.statuspage import problem_lines, summary_lines  # noqa: PLC0415

    archive = session.archive
    name = "standard input" if file == "-" else file
    log = Log(name)
    plan = plan_import(map_rows(read_rows(_read(file, name), name), log), archive, log)
    ids = write(session, plan, dry_run=dry_run)
    for line in problem_lines(log.diagnostics):
        click.echo(line, err=True)
    for line in summary_lines(plan, ids, log.diagnostics, log.counts, dry_run=dry_run):
        click.echo(line)
    return int(any(found.severity is Severity.ERROR for found in log.diagnostics))


def _read(file: str, name: str) -> bytes:
    try:
        return sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
    except OSError as error:
        raise UnreadableFileError(name, error.strerror or str(error)) from None


def write(session: Session, plan: Plan, *, dry_run: bool) -> list[str]:
    """Write what was planned, the catalogue first, so that no record names a service that is not there.

    Returns the IDs that the new records have, or would have.
    """
    from incidentbook.edits import Numbers, create_record, names_in_use, writing  # noqa: PLC0415
    from incidentbook.importers.plan import SERVICES  # noqa: PLC0415
    from incidentbook.source import write_text  # noqa: PLC0415

    numbers = Numbers(names_in_use(session.archive))
    if dry_run:
        return [numbers.next(creation.kind, creation.year).id for creation in plan.creations]
    with writing():
        if plan.services_text is not None:
            write_text(session.root / SERVICES, plan.services_text)
        for revision in plan.revisions:
            write_text(session.root / revision.path, revision.text)
        return [
            create_record(session.root, creation.kind, creation.year, creation.text, numbers)[0].id
            for creation in plan.creations
        ]
