"""`export`: writes one flat table of the records, for spreadsheets, databases and notebooks."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from incidentbook.commands.caveats import print_caveats
from incidentbook.commands.session import Session

if TYPE_CHECKING:
    from incidentbook.records import Audience

TABLES = ("incidents", "updates", "holds", "actions")
"""The tables there are; spelled out here so that `--help` need not import the measures."""


@click.command(epilog="Example: incidentbook export --format parquet --output incidents.parquet")
@click.option(
    "--format",
    "format_",
    type=click.Choice(["csv", "json", "parquet"]),
    default="csv",
    help="CSV unless said; Parquet needs pyarrow.",
)
@click.option("--table", type=click.Choice(TABLES), default="incidents", help="Incidents unless said.")
@click.option(
    "--output",
    type=click.Path(path_type=Path, dir_okay=False),
    help="The file to write to; standard output unless said.",
)
@click.option(
    "--audience",
    type=click.Choice(["public", "internal", "all"]),
    default="internal",
    help="What this audience may read; `all` takes in restricted records. Internal unless said.",
)
@click.pass_obj
def command(session: Session, format_: str, table: str, output: Path | None, audience: str) -> int:
    """Write one flat table of the records. Each column is documented in the reference.

    Times are UTC, lengths are seconds. In CSV, text that a spreadsheet would take for a formula
    has an apostrophe before it.
    """
    from incidentbook.records import Audience  # noqa: PLC0415

    if format_ == "parquet" and output is None and sys.stdout.isatty():
        raise click.UsageError("Parquet is not for a terminal; name a file with --output")
    whom = None if audience == "all" else Audience(audience)
    return run(session, format_=format_, table=table, output=output, audience=whom)


def run(
    session: Session,
    *,
    format_: str = "csv",
    table: str = "incidents",
    output: Path | None = None,
    audience: Audience | None = None,
) -> int:
    """Write the table, and to standard error what it was made from."""
    from incidentbook.archive import load_entries  # noqa: PLC0415
    from incidentbook.metrics import Ledger  # noqa: PLC0415
    from incidentbook.reports.export.formats import FORMATS  # noqa: PLC0415
    from incidentbook.reports.export.tables import export  # noqa: PLC0415
    from incidentbook.reports.stats.words import commit, plural  # noqa: PLC0415
    from incidentbook.source import write_bytes  # noqa: PLC0415

    load_entries(session.archive)
    print_caveats(session.archive, audience)
    exported = export(Ledger(session.archive, session.now, audience), table)
    data = FORMATS[format_](exported)
    if output is None:
        sys.stdout.buffer.write(data)
    else:
        write_bytes(output, data)
    about = exported.about
    origin = commit(about["revision"] or None, dirty=about["dirty"] == "true") or "no commit"
    made_from = f"{origin}, clock {about['clock']}, audience {about['audience']}"
    click.echo(f"{plural(len(exported.rows), 'row')} of {table}; {made_from}", err=True)
    return 0
