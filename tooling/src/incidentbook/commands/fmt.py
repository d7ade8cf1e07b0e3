"""`incidentbook fmt`: front matter in the house form."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from incidentbook.commands.session import Session

if TYPE_CHECKING:
    from incidentbook.archive.entry import Entry
    from incidentbook.desk.formatting import Form


@click.command("fmt", epilog="Example: incidentbook fmt --check")
@click.argument("names", nargs=-1, metavar="[ID|PATH]...")
@click.option(
    "--check", "only_check", is_flag=True, help="Write nothing; exit with 1 where something would change."
)
@click.option("--dry-run", is_flag=True, help="Show the change, and write nothing.")
@click.pass_obj
def command(session: Session, names: tuple[str, ...], *, only_check: bool, dry_run: bool) -> int:
    """Put front matter into the house form: every record, or those named; a folder names all in it.

    Keys stand in the order of the reference, keys of one's own (`x-`) last; times have one spelling; small
    mappings of a list stand on one line; one blank line at most. Comments stay with the key below them.
    No value and nothing of the text below changes.

    A file whose comments or values could not all be kept is left as it is, and named.
    """
    return run(session, names, only_check=only_check, dry_run=dry_run)


def run(
    session: Session, names: Sequence[str] = (), *, only_check: bool = False, dry_run: bool = False
) -> int:
    """Write the house form, show it, or say what is not in it; 1 where `only_check` finds something."""
    from incidentbook.desk.formatting import house_form  # noqa: PLC0415

    entries = _entries(session, names)
    changed: dict[str, bytes] = {}
    forms: dict[str, Form] = {}
    for entry in entries:
        document = entry.document
        form = house_form(document, entry.kind)
        if form.why is not None:
            _say(f"{entry.path} is left as it is: {form.why}", err=True)
        elif form.text != document.text:
            forms[entry.path] = form
            changed[entry.path] = _bytes(session, entry, form)
    if only_check:
        return _listed(changed, len(entries))
    if dry_run:
        _show(session, changed)
        return 0
    _write(session, changed)
    for path in changed:
        _say(f"Formatted {path}")
    click.echo(f"{len(changed)} of {_records(len(entries))} put into the house form.")
    return 0


def _entries(session: Session, names: Sequence[str]) -> list[Entry[Any]]:
    """The records that are named, by ID, by path or by the folder they lie in; else every one."""
    from incidentbook.desk.finding import find_record  # noqa: PLC0415

    archive = session.archive
    if not names:
        return list(archive.entries)
    found: dict[str, Entry[Any]] = {}
    for name in names:
        path = _inside(session, name)
        entry = archive.at(path) if path else None
        below = [one for one in archive.entries if path and one.path.startswith(f"{path}/")]
        for one in (entry,) if entry else below or (archive.get(name) or find_record(archive, name),):
            found[one.path] = one
    return list(found.values())


def _inside(session: Session, name: str) -> str | None:
    """A path as the repository has it: said from where one stands, or from the repository's root."""
    for base in (Path.cwd(), session.root):
        place = (base / name).absolute()
        if place.exists() and place.is_relative_to(session.root):
            return place.relative_to(session.root).as_posix()
    return None


def _bytes(session: Session, entry: Entry[Any], form: Form) -> bytes:
    mark = b"\xef\xbb\xbf"
    start = session.archive.tree.read(entry.path)[:3]
    return (mark if start == mark else b"") + form.text.encode()


def _listed(changed: Mapping[str, bytes], count: int) -> int:
    for path in changed:
        _say(f"Would format {path}")
    click.echo(f"{len(changed)} of {_records(count)} not in the house form.")
    return 1 if changed else 0


def _show(session: Session, changed: Mapping[str, bytes]) -> None:
    from incidentbook.commands.desk.acting import difference  # noqa: PLC0415

    before = {path: session.archive.tree.read(path) for path in changed}
    click.echo(difference(before, changed), nl=False)


def _write(session: Session, changed: Mapping[str, bytes]) -> None:
    from incidentbook.commands.desk.acting import ChangedMeanwhileError  # noqa: PLC0415
    from incidentbook.edits.changing import change_files  # noqa: PLC0415

    for path in changed:
        if (session.root / path).read_bytes() != session.archive.tree.read(path):
            raise ChangedMeanwhileError(path)
    change_files(session.root, contents=changed)


def _records(count: int) -> str:
    return f"{count} record{'' if count == 1 else 's'}"


def _say(line: str, *, err: bool = False) -> None:
    from incidentbook.reports.diagnostics.text import visible  # noqa: PLC0415

    click.echo(visible(line), err=err)
