"""`incidentbook status`: the terminal's status page, once or kept fresh."""

from __future__ import annotations

import signal
import sys
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import click

from incidentbook.commands.seeing import inner_audience_option, text_or_json_option
from incidentbook.commands.session import Session
from incidentbook.diagnostics import IncidentbookError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.console import RenderableType

    from incidentbook.archive import Records
    from incidentbook.desk.board import Board
    from incidentbook.records import Audience

PAUSE = 5
"""Seconds between two looks, where nobody says how many."""


class NoTerminalError(IncidentbookError):
    """A board cannot be kept fresh where nobody can see it."""

    def __init__(self) -> None:
        super().__init__(
            "--watch keeps a terminal fresh, and this is none; `incidentbook status` prints once"
        )


@click.command("status", epilog="Example: incidentbook status --watch")
@click.option(
    "--watch",
    "pause",
    type=click.IntRange(1, 3600),
    is_flag=False,
    flag_value=PAUSE,
    metavar="[SECONDS]",
    help=f"Keep it fresh, every {PAUSE} seconds unless said; Ctrl-C ends it.",
)
@text_or_json_option
@inner_audience_option("for a screen that others can see")
@click.pass_obj
def command(session: Session, *, pause: int | None, format_: str, audience: str) -> int:
    """Show what is open now.

    Open incidents by soonest breach, with their clocks, owners, holds and the next update due; who is on
    call; handovers to acknowledge; reviews and improvement actions that are due; maintenance now and next.

    Exits with 0, whatever is open.
    """
    from incidentbook.records import Audience  # noqa: PLC0415

    if pause is not None and format_ == "json":
        raise click.UsageError("--watch is for a terminal, and --format json for a program; take one")
    whom = None if audience == "all" else Audience(audience)
    if pause is not None:
        return watch(session, pause, audience=whom)
    return run(session, format_=format_, audience=whom)


def run(session: Session, *, format_: str = "text", audience: Audience | None = None) -> int:
    """Print the board once."""
    from incidentbook.commands.caveats import print_caveats  # noqa: PLC0415

    found, records = _gathered(session, audience)
    print_caveats(session.archive, audience)
    if format_ == "json":
        from incidentbook.reports.status.json import status_as_json  # noqa: PLC0415

        click.echo(status_as_json(found, origin=session.archive.tree, audience=audience))
    else:
        session.console.print(_drawn(session, found, records))
    return 0


def watch(session: Session, pause: int, *, audience: Audience | None = None) -> int:
    """Draw the board again and again, until somebody ends it. Raises NoTerminalError."""
    import gc  # noqa: PLC0415

    from rich.live import Live  # noqa: PLC0415

    console = session.console
    if not (sys.stdout.isatty() and console.is_terminal):
        raise NoTerminalError
    first = _fresh(session, audience)  # what is wrong from the start ends it, as without --watch
    with _ended_politely(), Live(first, console=console, screen=True, auto_refresh=False) as live:
        live.refresh()
        while True:
            time.sleep(pause)
            gc.collect()  # the command line looks for no garbage, since it is short; this run is not
            live.update(_again(session, audience), refresh=True)
    return 0


@contextmanager
def _ended_politely() -> Iterator[None]:
    """Let Ctrl-C, and a plain `kill`, end the board with the terminal as it was before."""

    def end(*_: Any) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, end)
    try:
        yield
    except KeyboardInterrupt:
        pass
    finally:
        signal.signal(signal.SIGTERM, before)


def _fresh(session: Session, audience: Audience | None) -> RenderableType:
    """The board of the files as they are now, by the clock as it is now."""
    from incidentbook.commands.caveats import caveats  # noqa: PLC0415

    again = Session(session.repo, session.pinned_now)
    found, records = _gathered(again, audience)
    return _drawn(session, found, records, tuple(caveats(again.archive)))


def _again(session: Session, audience: Audience | None) -> RenderableType:
    """The same; a file that is half saved is no reason to stop watching."""
    from rich.text import Text  # noqa: PLC0415

    from incidentbook.reports.stats.words import printable  # noqa: PLC0415

    try:
        return _fresh(session, audience)
    except (IncidentbookError, OSError) as error:
        return Text(printable(f"The records cannot be read now: {error}"), "red")


def _gathered(session: Session, audience: Audience | None) -> tuple[Board, Records[Any]]:
    from incidentbook.archive import load_entries  # noqa: PLC0415
    from incidentbook.desk.board import board  # noqa: PLC0415
    from incidentbook.publication import publish  # noqa: PLC0415

    archive = session.archive
    load_entries(archive)
    records: Records[Any] = publish(archive, audience) if audience else archive
    return board(records, session.now), records


def _drawn(
    session: Session, found: Board, records: Records[Any], caveats: tuple[str, ...] = ()
) -> RenderableType:
    from incidentbook.reports.status.text import status_as_text  # noqa: PLC0415

    console = session.console
    return status_as_text(
        found,
        records.taxonomy,
        columns=console.width,
        ascii_only=not console.encoding.lower().startswith("utf"),
        caveats=caveats,
    )
