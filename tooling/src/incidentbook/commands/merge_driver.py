"""`merge-driver`: merges two versions of a record, for Git."""

from __future__ import annotations

from pathlib import Path

import click

from incidentbook.commands.session import Session

_CONFLICT = 1


@click.command(
    "merge-driver",
    epilog="Example: git config merge.incidentbook.driver 'incidentbook merge-driver %O %A %B %P'; "
    "`incidentbook setup-git` does that, and more.",
)
@click.argument("base", metavar="BASE", type=click.Path(path_type=Path, dir_okay=False))
@click.argument("ours", metavar="OURS", type=click.Path(path_type=Path, dir_okay=False))
@click.argument("theirs", metavar="THEIRS", type=click.Path(path_type=Path, dir_okay=False))
@click.argument("path", metavar="PATH")
@click.pass_obj
def command(session: Session, base: Path, ours: Path, theirs: Path, path: str) -> int:
    """Merge two versions of a record that Git could not merge, and write the outcome into OURS.

    Git calls it with its %O, %A, %B and %P. Two people who each add an update, a step or a hold to one
    incident get both; a field that both changed stands between markers, and so does nothing else.

    Exits with 0 where all is merged, with 1 where markers are left, and with 2 where OURS is untouched.
    """
    return run(session, base, ours, theirs, path)


def run(_: Session, base: Path, ours: Path, theirs: Path, path: str) -> int:
    """Write the merged record over our version; 1 where people have to decide something."""
    from incidentbook.edits import writing  # noqa: PLC0415
    from incidentbook.edits.merging import LABELS, LABELS_IN_REBASE, merge_records  # noqa: PLC0415
    from incidentbook.edits.merging_text import name_of  # noqa: PLC0415
    from incidentbook.gitrepo import is_rebasing  # noqa: PLC0415
    from incidentbook.source import write_bytes  # noqa: PLC0415

    # Git runs it at the top of the working tree that is merged
    labels = LABELS_IN_REBASE if is_rebasing(Path.cwd()) else LABELS
    merged = merge_records(path, base.read_bytes(), ours.read_bytes(), theirs.read_bytes(), labels)
    with writing():
        write_bytes(ours, merged.data)
    place = name_of([path])
    for note in merged.notes:
        click.echo(f"{place}: {note}", err=True)
    for conflict in merged.conflicts:
        click.echo(f"{place}: conflict in {conflict.about}: {conflict.reason}", err=True)
    return _CONFLICT if merged.conflicts else 0
