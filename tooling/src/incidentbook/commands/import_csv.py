"""`incidentbook import csv`: take in incidents from an ITSM tool's CSV export."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from incidentbook.commands.session import Session
from incidentbook.diagnostics import IncidentbookError

if TYPE_CHECKING:
    from incidentbook.importers.csv_mapping import CsvMapping
    from incidentbook.importers.csv_plan import CsvPlan, Texts
    from incidentbook.importers.csv_table import BadRow, Progress, Stage, Table


@dataclass(frozen=True)
class Request:
    """What somebody asked to import, and how."""

    file: str
    preset: str | None = None
    mapping: str | None = None
    timezone: str | None = None
    date_order: str | None = None
    encoding: str | None = None
    rejects: str | None = None
    dry_run: bool = False

    @property
    def source(self) -> str:
        """The file's name in messages."""
        return "standard input" if self.file == "-" else self.file


class UnreadableCsvError(IncidentbookError):
    """A file cannot be opened."""

    def __init__(self, name: str, reason: str) -> None:
        super().__init__(f"{name} cannot be read: {reason}")


def _show_preset(context: click.Context, _: click.Parameter, name: str | None) -> None:
    if name is not None:
        from incidentbook.importers.csv_mapping import preset_text  # noqa: PLC0415

        click.echo(preset_text(name), nl=False)
        context.exit()


@click.command(
    "csv",
    epilog="Example: incidentbook import csv incident.csv --preset servicenow --timezone Europe/Berlin",
)
@click.argument("file")
@click.option(
    "--preset", metavar="NAME", help="servicenow, jira, freshservice, servicedesk-plus, bmc-helix, infraon."
)
@click.option("--mapping", metavar="FILE", help="Your own mapping; --show-preset gives one to begin with.")
@click.option("--timezone", metavar="ZONE", help="IANA zone of times that do not say their own.")
@click.option(
    "--date-order",
    type=click.Choice(["day-first", "month-first", "year-first"]),
    help="How dates of numbers are written; found out from the whole file where it tells.",
)
@click.option(
    "--encoding", metavar="NAME", help="Of the file; found out where it is UTF-8, UTF-16 or Windows-1252."
)
@click.option(
    "--rejects", metavar="PATH", help="Where to set aside rows that do not come in: FILE.rejects.csv."
)
@click.option("--dry-run", is_flag=True, help="Say what would be written, and write nothing.")
@click.option(
    "--show-preset", metavar="NAME", is_eager=True, expose_value=False, callback=_show_preset,
    help="Print a preset, and do nothing else.",
)  # fmt: skip
@click.pass_obj
def command(session: Session, /, **options: str | bool | None) -> int:
    """Take in incidents that an ITSM tool exported as CSV.

    FILE has one row an incident, or many: then they are its log, and become its assignments, holds and
    reopenings. It may lie in a ZIP archive; `-` reads standard input. A preset or a mapping says which
    columns become which fields, and what their words mean.

    Services, categories, teams and people that schema/ does not know are added to it. Into a repository
    without incidents comes the matrix of impact and urgency too, if the file follows one. Rows that
    cannot be used are reported with their line and set aside with the reason. Run again, it changes only
    what changed at the source; fields that people have changed here stay.

    Exits with 1 where a row did not come in, and with 2 where nothing could be read.
    """
    return run(session, Request(**options))  # type: ignore[arg-type]


def run(session: Session, request: Request) -> int:
    """Import a file; 1 where any row did not come in."""
    from incidentbook.importers.csv_plan import Texts, plan_csv  # noqa: PLC0415
    from incidentbook.importers.csv_rows import sort_rows  # noqa: PLC0415
    from incidentbook.importers.csv_times import DateOrder, TimeReader, zone_of  # noqa: PLC0415
    from incidentbook.importers.foreign import Log  # noqa: PLC0415
    from incidentbook.reports.imports.csv import bad_row_lines, csv_summary_lines  # noqa: PLC0415
    from incidentbook.reports.imports.statuspage import problem_lines  # noqa: PLC0415

    mapping = _mapping(request)
    archive = session.archive
    times = TimeReader(
        request.source,
        zone_of(request.timezone) if request.timezone else None,
        DateOrder(request.date_order) if request.date_order else None,
    )
    log = Log(request.source)
    with _bar() as stage:
        table = _table(request, mapping, stage("Reading"))
        rows = sort_rows(table, mapping, times)
        plan = plan_csv(rows, mapping, archive, log, stage)
        ids = _write(session, plan, Texts(mapping), stage("Writing"), dry_run=request.dry_run)
    for line in (*bad_row_lines(request.source, rows.bad), *problem_lines(log.diagnostics)):
        click.echo(line, err=True)
    for line in csv_summary_lines(
        plan, ids, log.diagnostics, log.counts + rows.counts, dry_run=request.dry_run
    ):
        click.echo(line)
    for line in (*times.remarks(), *table.remarks):
        click.echo(f"{line[:1].upper()}{line[1:]}.")
    unplaced = rows.columns.unplaced()
    if unplaced:
        click.echo(f"Columns without a place in a record: {', '.join(unplaced)}.")
    _set_aside(request, table, rows.bad)
    return int(bool(rows.bad))


def _mapping(request: Request) -> CsvMapping:
    from incidentbook.importers.csv_mapping import load_mapping, load_preset, preset_names  # noqa: PLC0415

    if (request.preset is None) == (request.mapping is None):
        known = ", ".join(preset_names())
        raise click.UsageError(f"Say either --preset ({known}) or --mapping FILE.")
    if request.preset is not None:
        return load_preset(request.preset)
    assert request.mapping is not None  # noqa: S101
    try:
        return load_mapping(Path(request.mapping))
    except OSError as error:
        raise UnreadableCsvError(request.mapping, error.strerror or str(error)) from None


def _table(request: Request, mapping: CsvMapping, progress: Progress) -> Table:
    from incidentbook.importers.csv_mapping import columns_of  # noqa: PLC0415
    from incidentbook.importers.csv_table import folded, read_table  # noqa: PLC0415

    known = frozenset(folded(name) for column in columns_of(mapping) for name in column.columns)
    try:
        data = sys.stdin.buffer.read() if request.file == "-" else Path(request.file).read_bytes()
    except OSError as error:
        raise UnreadableCsvError(request.source, error.strerror or str(error)) from None
    return read_table(data, request.source, known=known, encoding=request.encoding, progress=progress)


def _write(session: Session, plan: CsvPlan, texts: Texts, progress: Progress, *, dry_run: bool) -> list[str]:
    """Write what was planned, `schema/` first, so that no record names what is not there."""
    from incidentbook.edits import Numbers, names_in_use, writing  # noqa: PLC0415
    from incidentbook.importers.csv_writing import numbered, write_drafts  # noqa: PLC0415
    from incidentbook.source import write_text  # noqa: PLC0415

    if not plan.drafts and not plan.revisions:
        return []
    numbers = Numbers(names_in_use(session.archive))
    if dry_run:
        return [name.id for name in numbered(plan.drafts, numbers)]
    with writing():
        for path, text in sorted(plan.schema_texts.items()):
            write_text(session.root / path, text)
        for revision in plan.revisions:
            write_text(session.root / revision.path, revision.text)
        return write_drafts(session.root, plan.drafts, texts, numbers, progress)


def _set_aside(request: Request, table: Table, bad: list[BadRow]) -> None:
    """Write the rows that did not come in where their owner finds them."""
    from incidentbook.edits import writing  # noqa: PLC0415
    from incidentbook.importers.rejects import rejects_text  # noqa: PLC0415
    from incidentbook.source import write_text  # noqa: PLC0415

    place = request.rejects or (f"{request.file}.rejects.csv" if request.file != "-" else None)
    if not bad:
        if place and Path(place).exists() and not request.dry_run:
            click.echo(f"No row was set aside; {place} is of an earlier import.")
        return
    rows = f"{len(bad):,} row{'s' if len(bad) != 1 else ''}"
    if place is None:
        click.echo(f"{rows} did not come in; --rejects PATH would set them aside.")
    elif request.dry_run:
        click.echo(f"{rows} would not come in; would set them aside in {place}.")
    else:
        with writing():
            write_text(Path(place), rejects_text(table.header, bad))
        click.echo(f"{rows} did not come in; set aside in {place}, each with the reason.")


@contextmanager
def _bar() -> Iterator[Stage]:
    """Show how far the work is, where somebody watches."""
    if not sys.stderr.isatty():
        yield lambda _: lambda _: None
        return
    from rich.console import Console  # noqa: PLC0415
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn  # noqa: PLC0415

    # nothing refreshes it from a thread: where there are threads, no process can be forked
    with Progress(
        TextColumn("{task.description:<10}"), BarColumn(), TaskProgressColumn(), TimeRemainingColumn(),
        console=Console(file=sys.stderr), auto_refresh=False, transient=True,
    ) as bar:  # fmt: skip

        def begin(name: str) -> Callable[[float], None]:
            for task in bar.tasks:
                bar.update(task.id, completed=1, visible=False)
            task_id = bar.add_task(name, total=1)

            def tell(share: float) -> None:
                bar.update(task_id, completed=share)
                bar.refresh()

            return tell

        yield begin
