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
@click.option(
    "--base",
    metavar="REV",
    help="Check a change: the files on disk against the commit where this left REV, such as origin/main.",
)
@click.option(
    "--only",
    type=click.Choice(["answers", "updates"]),
    help="With --base: also fail where the change does more than add updates to open incidents, or than "
    "write a reporter's answer, or their silence, into resolved and closed ones.",
)
@click.pass_obj
def command(
    session: Session,
    *,
    paths: tuple[str, ...],
    strict: bool,
    format_: str,
    base: str | None,
    only: str | None,
) -> int:
    """Check every record, or those below each PATH.

    Every file is checked to the end: one that cannot be read never hides another. `incidentbook
    explain CODE` says what a rule is for. Whether an incident is a recurrence only other records show:
    with a PATH that is left to the whole check. With --base, the records that the change touches are
    checked, also against what they said before, and of the others only what the change broke. Exits with
    0 where there is no error, with 1 where there is one, and with 2 where the tool could not go on.
    """
    if only is not None and base is None:
        raise click.UsageError("--only asks about a change: say with --base what to compare with")
    return run(session, paths=paths, strict=strict, format_=format_, base=base, only=only)


def run(
    session: Session,
    *,
    paths: Sequence[str] = (),
    strict: bool = False,
    format_: str = "text",
    base: str | None = None,
    only: str | None = None,
) -> int:
    """Print what is wrong; 1 where there are errors (or, if strict, warnings).

    Raises what `merge_base` raises where there is nothing to compare with.
    """
    # what a change deleted is no longer there to be named
    chosen = [_inside(session.root, path, may_be_gone=base is not None) for path in paths] or None
    archive = session.archive
    if base is None:
        from incidentbook.rules.engine import check  # noqa: PLC0415

        result = check(archive, now=session.now, paths=chosen)
    else:
        from incidentbook.rules.history.comparing import check_change  # noqa: PLC0415

        result = check_change(archive, base, now=session.now_by, paths=chosen, only=only)
    for line in RENDERERS[format_](Checked(result, archive, strict)):
        click.echo(line)
    return 1 if result.fails(strict=strict) else 0


def _inside(root: Path, path: str, *, may_be_gone: bool = False) -> str:
    """Make a path relative to the repository: one from here, or else one from its root."""
    # links are not followed: one that leads out of the repository is a finding, not another path
    candidates = [Path(os.path.abspath(path)), Path(os.path.abspath(root / path))]  # noqa: PTH100
    existing = [candidate for candidate in candidates if os.path.lexists(candidate)]
    if not existing and may_be_gone:
        existing = candidates
    if not existing:
        raise NoSuchPathError(path)
    for candidate in existing:
        for place in (candidate, candidate.parent.resolve() / candidate.name):
            if place.is_relative_to(root):
                relative = place.relative_to(root).as_posix()
                return "" if relative == "." else relative
    raise OutsidePathError(path, root)
