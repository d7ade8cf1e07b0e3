"""What keeps records or rules out of everything that is shown, for those who did not ask `check`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from incidentbook.diagnostics import Severity

if TYPE_CHECKING:
    from incidentbook.archive import Archive

_WHY = "`incidentbook check` says why"
_MANY = "{:,} records cannot be read and are"


def caveats(archive: Archive, audience: str | None = None) -> Iterator[str]:
    """Yield a line for each file of schema/ with errors, and one for the records that cannot be read.

    Only records that are loaded are looked at: for one incident nobody reads all the others. For an audience
    they are counted and not named: of what cannot be read nobody knows for whom it is.
    """
    errors = (found for found in archive.configuration if found.severity is Severity.ERROR)
    for path in dict.fromkeys(found.path for found in errors):
        yield f"{path} has errors, so that not all of it counts; {_WHY}"
    unreadable = [entry.path for entry in archive.entries if entry.is_loaded and not entry.readable]
    if unreadable and audience not in (None, "all"):
        many = "1 record cannot be read and is" if len(unreadable) == 1 else _MANY.format(len(unreadable))
        yield f"{many} left out; {_WHY}"
    elif len(unreadable) == 1:
        yield f"{unreadable[0]} cannot be read and is left out; {_WHY}"
    elif unreadable:
        yield f"{_MANY.format(len(unreadable))} left out, {unreadable[0]} first; {_WHY}"


def print_caveats(archive: Archive, audience: str | None = None) -> None:
    """Write them to standard error: what a program reads from standard output stays as it is."""
    for line in caveats(archive, audience):
        click.echo(f"incidentbook: {line}", err=True)
