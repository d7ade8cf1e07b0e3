"""`setup-git`: lets Git merge records in this clone by what they mean."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path

import click

from incidentbook.commands.session import Session
from incidentbook.diagnostics import IncidentbookError

_DRIVER = "incidentbook"
_NAME = f"merge.{_DRIVER}.name"
_COMMAND = f"merge.{_DRIVER}.driver"
ATTRIBUTES = """\
# Git merges records by what they mean where `incidentbook setup-git` has been run, elsewhere line by line.
incidents/**/*.md merge=incidentbook
knowledge/**/*.md merge=incidentbook
handovers/**/*.md merge=incidentbook
"""
"""What .gitattributes says of records, in any folder in which they lie."""

_EXAMPLES = (
    "incidents/2026/INC-2026-0001.md",
    "knowledge/problems/PRB-2026-0001.md",
    "handovers/2026/HND-2026-0001.md",
)


class NothingToRemoveError(IncidentbookError):
    """The clone has no merge driver of ours."""

    def __init__(self) -> None:
        super().__init__("this clone has no merge driver of incidentbook; nothing was removed")


@click.command("setup-git", epilog="Example: incidentbook setup-git --check")
@click.option("--check", is_flag=True, help="Write nothing; exit with 1 where something is missing.")
@click.option("--remove", is_flag=True, help="Take the merge driver out of this clone's configuration.")
@click.pass_obj
def command(session: Session, *, check: bool, remove: bool) -> int:
    """Let Git merge records in this clone by what they mean.

    Two things are needed: the repository's .gitattributes says which files, and the clone's own
    configuration says by which command. Git takes no command from a repository that it has cloned, so each
    clone needs this once; all working trees of a clone share it. Without it Git merges line by line.
    """
    if check and remove:
        raise click.UsageError("--check and --remove are two different wishes")
    return run(session, check=check, remove=remove)


def run(session: Session, *, check: bool = False, remove: bool = False) -> int:
    """Configure the clone, or say what is missing; 1 where `check` finds something."""
    if remove:
        return _remove(session.root)
    missing = _missing(session.root)
    if check:
        for words in missing.values():
            click.echo(f"{words}; `incidentbook setup-git` sets it up")
    else:
        _set_up(session.root, missing)
    if not missing:
        click.echo("Git merges the records of this clone by what they mean.")
    return 1 if check and missing else 0


def driver_command(python: str) -> str:
    """The command that Git runs, with Git's own merge behind it where ours cannot be run or cannot go on.

    Git holds every failure for a conflict, and leaves our version alone in the file: without the second
    half a Python that has gone would lose the other side. A failure with markers in the file is a conflict.
    """
    # by its full name, for no virtual environment is active where Git runs; -P, for the files of the
    # working tree, in which Git runs it, must not be imported as modules
    ours = f"{shlex.quote(python.replace('%', '%%'))} -P -m incidentbook merge-driver %O %A %B %P"
    textual = "git merge-file -q -L ours -L base -L theirs %A %O %B"
    return f"{ours} || {{ grep -q '^<<<<<<< ' %A && exit 1; {textual}; }}"


def _missing(root: Path) -> dict[str, str]:
    """What is not as it should be, in words, by what has to be written."""
    from incidentbook.gitrepo import attribute, configured  # noqa: PLC0415

    missing = {}
    found = configured(root, _COMMAND)
    if found is None:
        missing["driver"] = "this clone has no merge driver for records"
    elif found != driver_command(sys.executable):
        missing["driver"] = "this clone's merge driver is that of another installation or version"
    if any(attribute(root, "merge", path) != _DRIVER for path in _EXAMPLES):
        missing["attributes"] = ".gitattributes does not say that records are merged by it"
    return missing


def _set_up(root: Path, missing: dict[str, str]) -> None:
    from incidentbook.edits import writing  # noqa: PLC0415
    from incidentbook.gitrepo import configure  # noqa: PLC0415
    from incidentbook.source import write_text  # noqa: PLC0415

    if "driver" in missing:
        name = "Incidentbook: records by what they mean"
        # in this order: with a name and no command Git merges nothing at all
        configure(root, {_COMMAND: driver_command(sys.executable), _NAME: name})
        click.echo(f"Wrote {_COMMAND} into the configuration of this clone")
    if "attributes" in missing:
        path = root / ".gitattributes"
        present = path.read_text(encoding="utf-8") if path.exists() else ""
        gap = "" if not present or present.endswith("\n") else "\n"
        with writing():
            write_text(path, present + gap + ATTRIBUTES)
        click.echo("Wrote .gitattributes")
        click.echo("Next:\n  git add .gitattributes && git commit -m 'Merge records by what they mean'")


def _remove(root: Path) -> int:
    from incidentbook.gitrepo import GitError, configured, forget_section  # noqa: PLC0415

    if configured(root, _COMMAND) is None:
        raise NothingToRemoveError
    try:
        forget_section(root, f"merge.{_DRIVER}")
    except GitError:
        raise NothingToRemoveError from None
    click.echo(
        f"Removed merge.{_DRIVER} from the configuration of this clone; Git merges line by line again."
    )
    return 0
