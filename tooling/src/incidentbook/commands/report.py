"""`report`: writes the management report of a month, a quarter or a year."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from incidentbook.commands.caveats import print_caveats
from incidentbook.commands.session import Session

if TYPE_CHECKING:
    from incidentbook.records import Audience


@click.command(epilog="Example: incidentbook report 2026-10 --output reports")
@click.argument("period")
@click.option(
    "--output",
    type=click.Path(path_type=Path, file_okay=False),
    help="The folder to write to; reports/ of the records repository unless said.",
)
@click.option(
    "--audience",
    type=click.Choice(["public", "internal"]),
    default="internal",
    help="For whom the report is; internal unless said.",
)
@click.pass_obj
def command(session: Session, period: str, output: Path | None, audience: str) -> int:
    """Write the management report of a PERIOD: a month (2026-10), a quarter (2026-Q4) or a year (2026).

    Two files are written, named after the period: Markdown, and HTML that stands alone and prints.
    The same revision and clock give the same bytes.
    """
    from incidentbook.records import Audience  # noqa: PLC0415

    return run(session, period, output=output, audience=Audience(audience))


def run(session: Session, period: str, *, output: Path | None, audience: Audience) -> int:
    """Write both files, and print where they are."""
    from incidentbook.archive import load_entries  # noqa: PLC0415
    from incidentbook.metrics import Ledger  # noqa: PLC0415
    from incidentbook.reports.management.gathering import management_report  # noqa: PLC0415
    from incidentbook.reports.management.html import management_as_html  # noqa: PLC0415
    from incidentbook.reports.management.markdown import management_as_markdown  # noqa: PLC0415
    from incidentbook.source import write_text  # noqa: PLC0415

    load_entries(session.archive)
    print_caveats(session.archive, audience)
    report = management_report(Ledger(session.archive, session.now, audience), period)
    folder = session.root / "reports" if output is None else output
    folder.mkdir(parents=True, exist_ok=True)
    # a report for the public never lies where an internal one is looked for
    stem = period if audience == "internal" else f"{period}-{audience}"
    for path, text in (
        (folder / f"{stem}.md", management_as_markdown(report)),
        (folder / f"{stem}.html", management_as_html(report)),
    ):
        write_text(path, text)
        click.echo(path)
    return 0
