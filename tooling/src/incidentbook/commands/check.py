"""`check`: holds records against every rule."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

import click

from incidentbook.commands.check_formats import RENDERERS, Checked
from incidentbook.commands.session import Session
from incidentbook.diagnostics import IncidentbookError


class NoSuchPathError(IncidentbookError):
    """A PATH names nothing."""

    def __init__(self, path: str) -> None:
        super().__init__(f"there is no file or folder {path}")


class OutsidePathError(IncidentbookError):
    """A PATH lies outside the records repository."""

    def __init__(self, path: str, root: Path) -> None:
        super().__init__(f"{path} lies outside the records repository {root}")


@click.command(epilog="Example: incidentbook check incidents/2026/INC-2026-0042.md --strict")
@click.argument("paths", nargs=-1, metavar="[PATH]...")
@click.option("--strict", is_flag=True, help="Exit with 1 for warnings, too.")
@click.option(
    "--format",
    "format_",
    type=click.Choice(list(RENDERERS)),
    default="text",
    help="Text unless said; github gives workflow annotations, gitlab a Code Quality report.",
)
@click.pass_obj
def command(session: Session, *, paths: tuple[str, ...], strict: bool, format_: str) -> int:
    """Check every record, or those below each PATH.

    Every file is checked to the end: one that cannot be read never hides another. `incidentbook
    explain CODE` says what a rule is for. Whether an incident is a recurrence only other records show:
    with a PATH that is left to the whole check. Exits with 0 where there is no error, with 1 where there
    is one, and with 2 where the tool could not go on.
    """
    return run(session, paths=paths, strict=strict, format_=format_)


def run(session: Session, *, paths: Sequence[str] = (), strict: bool = False, format_: str = "text") -> int:
    """Print what is wrong; 1 where there are errors (or, if strict, warnings)."""
    from incidentbook.rules.engine import check  # noqa: PLC0415

    chosen = [_inside(session.root, path) for path in paths] or None
    archive = session.archive
    result = check(archive, now=session.now, paths=chosen)
    for line in RENDERERS[format_](Checked(result, archive, strict)):
        click.echo(line)
    return 1 if result.fails(strict=strict) else 0


def _inside(root: Path, path: str) -> str:
    """Make a path relative to the repository: one from here, or else one from its root."""
    # links are not followed: one that leads out of the repository is a finding, not another path
    candidates = [Path(os.path.abspath(path)), Path(os.path.abspath(root / path))]  # noqa: PTH100
    existing = [candidate for candidate in candidates if os.path.lexists(candidate)]
    if not existing:
        raise NoSuchPathError(path)
    for candidate in existing:
        for place in (candidate, candidate.parent.resolve() / candidate.name):
            if place.is_relative_to(root):
                relative = place.relative_to(root).as_posix()
                return "" if relative == "." else relative
    raise OutsidePathError(path, root)
