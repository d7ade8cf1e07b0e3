"""`incidentbook new`: log a new incident."""

from __future__ import annotations

import shlex
import sys
from typing import TYPE_CHECKING, Any

import click

from incidentbook.commands.session import Session

if TYPE_CHECKING:
    from incidentbook.intake.report import Report


@click.command(
    "new",
    epilog="Example: incidentbook new --title 'Checkout answers 502' --service checkout=partial_outage "
    "--category application/deployment --impact high --urgency high --channel alert",
)
@click.option("--title", help="What is wrong, as a user would say it.")
@click.option(
    "--service",
    "services",
    multiple=True,
    metavar="KEY[=STATE]",
    help="A service and its state (degraded_performance if not said); may be repeated.",
)
@click.option("--category", metavar="PATH", help="Category and subcategory: application/deployment.")
@click.option("--impact", metavar="LEVEL", help="How wide: high, medium or low.")
@click.option("--urgency", metavar="LEVEL", help="How pressing: high, medium or low.")
@click.option("--channel", help="How it came in; the default of schema/incidentbook.yml if not said.")
@click.option("--reporter", metavar="WHO", help="Who reported it: a handle of schema/people.yml, or a name.")
@click.option("--opened", metavar="TIME", help="When it is logged; now if not said.")
@click.option("--started", metavar="TIME", help="When service began to suffer.")
@click.option("--detected", metavar="TIME", help="When somebody or something noticed.")
@click.option("--summary", help="What happened, in two sentences, for every reader.")
@click.option("--symptom", "symptoms", multiple=True, help="What one sees; may be repeated.")
@click.option("--location", help="Site, region or office.")
@click.option("--visibility", metavar="WHO", help="Who may read it: public, internal or restricted.")
@click.option("--major", is_flag=True, help="The major incident process runs.")
@click.option("--drill", is_flag=True, help="An exercise: left out of every figure.")
@click.option("-m", "--body", default="", help="What is known, in Markdown; `-` reads standard input.")
@click.option("--dry-run", is_flag=True, help="Print the record, and write nothing.")
@click.pass_obj
def command(session: Session, /, body: str, *, dry_run: bool, **said: Any) -> int:
    """Log a new incident.

    Writes the record under the next free ID, over the files here and every local and remote-tracking
    branch, and checks it. Times are ISO 8601 with an offset: 2026-11-21T14:05+00:00.

    Exits with 1 where the check finds an error, and with 2 where nothing was written.
    """
    from incidentbook.intake.report import Report  # noqa: PLC0415

    return run(session, Report(**said), sys.stdin.read() if body == "-" else body, dry_run=dry_run)


def run(session: Session, report: Report, body: str, *, dry_run: bool = False) -> int:
    """Write the record, check it, and say what comes next; 1 where the check finds an error."""
    from datetime import UTC  # noqa: PLC0415

    from incidentbook.commands import check  # noqa: PLC0415
    from incidentbook.edits import Numbers, create_record, names_in_use, record_text, writing  # noqa: PLC0415
    from incidentbook.intake.report import compose  # noqa: PLC0415

    archive = session.archive
    values = compose(report, body, archive.taxonomy, session.now)
    text = record_text("incident", values, body)
    year = values["opened"].astimezone(UTC).year
    numbers = Numbers(names_in_use(archive))
    if dry_run:
        click.echo(text, nl=False)
        return 0
    with writing():
        name, path = create_record(session.root, "incident", year, text, numbers)
    place = path.relative_to(session.root).as_posix()
    click.echo(f"Wrote {place}")
    for line in _standing(session, name.id, text):
        click.echo(line)
    # looked at as a pull request will be: a credential in the body is best found before it is committed
    code = check.run(Session(session.root, session.now), paths=[str(path)])
    message = shlex.quote(f"{name.id}: {values['title']}")
    click.echo("Next:")
    click.echo(f"  git add {place} && git commit -m {message}")
    click.echo("  `acknowledged:` and `status: in_progress` as soon as somebody works on it")
    return code


def _standing(session: Session, id_: str, text: str) -> list[str]:
    """The priority of the new incident, and by when it wants what."""
    from incidentbook.clocks import clocks_of  # noqa: PLC0415
    from incidentbook.records import Incident  # noqa: PLC0415
    from incidentbook.source import read_document, read_shape  # noqa: PLC0415

    document = read_document(id_, text.encode())
    incident, _ = read_shape(document, Incident, document.values or {})
    taxonomy = session.archive.taxonomy
    if incident is None:
        return [id_]
    priority = taxonomy.priority_of(incident)
    named = next((entry.name for entry in taxonomy.priorities if entry.id == priority), None)
    lines = [f"{id_}, {f'{priority} ({named})' if named else priority or 'without a priority'}"]
    for clock in clocks_of(incident, taxonomy, session.now):
        due = clock.due.astimezone(taxonomy.zone)
        lines.append(f"  {clock.name} due {due:%Y-%m-%d %H:%M %Z} ({clock.policy})")
    return lines
