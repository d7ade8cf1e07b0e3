"""`incidentbook new`: log a new incident."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import click

from incidentbook.commands.desk.acting import Hand, acting_anyway
from incidentbook.commands.session import Session

if TYPE_CHECKING:
    from incidentbook.intake.report import Report


@dataclass(frozen=True, kw_only=True)
class Logging:
    """What is to be logged beyond the report itself, and how."""

    body: str = ""
    earlier: tuple[str, ...] = ()
    parent: str | None = None
    problem: str | None = None
    accept: bool = False
    asks: bool = False


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
@click.option("--reporter", metavar="WHO", help="Who reported it: a handle, or a name; --by if not said.")
@click.option("--opened", metavar="TIME", help="When it is logged; --at, or now, if not said.")
@click.option("--started", metavar="TIME", help="When service began to suffer.")
@click.option("--detected", metavar="TIME", help="When somebody or something noticed.")
@click.option("--summary", help="What happened, in two sentences, for every reader.")
@click.option("--symptom", "symptoms", multiple=True, help="What one sees; may be repeated.")
@click.option("--location", help="Site, region or office.")
@click.option("--visibility", metavar="WHO", help="Who may read it: public, internal or restricted.")
@click.option("--team", metavar="KEY", help="The team that gets it; it is assigned then.")
@click.option("--owner", metavar="HANDLE", help="The person who gets it; nobody has acknowledged it yet.")
@click.option("--earlier", metavar="ID", multiple=True, help="An earlier occurrence; may be repeated.")
@click.option("--parent", metavar="ID", help="The larger incident that it belongs to, and follows.")
@click.option("--problem", metavar="ID", help="The problem behind it.")
@click.option("--major", is_flag=True, help="The major incident process runs.")
@click.option("--drill", is_flag=True, help="An exercise: left out of every figure.")
@click.option("-m", "--body", default="", help="What is known, in Markdown; `-` reads standard input.")
@click.option(
    "--accept",
    is_flag=True,
    help="Take what is proposed for what is not said, also the team; only a title is wanted then.",
)
@click.option("--no-input", is_flag=True, help="Ask nothing, also at a terminal.")
@acting_anyway
@click.pass_obj
def command(
    session: Session,
    /,
    body: str,
    earlier: tuple[str, ...],
    parent: str | None,
    problem: str | None,
    *,
    accept: bool,
    no_input: bool,
    hand: Hand,
    **said: Any,
) -> int:
    """Log a new incident; at a terminal it asks for what is not said.

    Writes the record under the next free ID, over the files here and every local and remote-tracking
    branch, and checks it. Category, impact, urgency and team are proposed, each with its reason, and what
    is known of the like is shown. With --accept a title is enough: what nothing is known of is taken high,
    or as not yet known, and mended later. Times are ISO 8601 with an offset: 2026-11-21T14:05+00:00.

    Exits with 1 where the check finds an error: the record is written, and neither committed nor pushed.
    Exits with 2 where nothing was written, or it was and could not be committed or pushed, which is said.
    """
    from incidentbook.commands.desk.acting import is_terminal  # noqa: PLC0415
    from incidentbook.intake.report import Report  # noqa: PLC0415

    text = sys.stdin.read() if body == "-" else body
    asks = is_terminal() and not no_input and body != "-"
    logging = Logging(body=text, earlier=earlier, parent=parent, problem=problem, accept=accept, asks=asks)
    return run(session, Report(**said), logging, hand)


def run(session: Session, report: Report, logging: Logging, hand: Hand) -> int:
    """Write the record, check it, send it as far as is wanted, and say what comes next."""
    from incidentbook.commands.desk.logging import Desk  # noqa: PLC0415

    return Desk(session, hand, logging).take(report)
