"""`codeowners`: writes who must approve a change of which file, or checks that it is up to date."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

import click

from incidentbook.commands.session import Session
from incidentbook.diagnostics import IncidentbookError


class UnreadableCodeownersError(IncidentbookError):
    """There is a file that is no text: it cannot be kept and added to."""

    def __init__(self, path: str) -> None:
        super().__init__(f"{path} is no UTF-8 text, so that nothing can be added to it")


@click.command(epilog="Example: incidentbook codeowners --check")
@click.option("--check", is_flag=True, help="Write nothing; exit with 1 where the file is stale.")
@click.pass_obj
def command(session: Session, *, check: bool) -> int:
    """Write .github/CODEOWNERS: who must approve a change of the policy and of knowledge.

    What a team owns says `owns` in schema/teams.yml; articles and problems belong to the teams and owners
    of their services. Accounts are those of `forge` in schema/teams.yml and schema/people.yml; without
    any there is nothing to write. Nobody owns incidents. Lines of your own, outside the two marks, stay.
    """
    return run(session, check=check)


def run(session: Session, *, check: bool) -> int:
    """Write the file where it differs, or say so under `check`."""
    from incidentbook.source import write_text  # noqa: PLC0415

    wanted = wanted_files(session)
    stale = {path: text for path, text in wanted.items() if _text(session.root, path) != text}
    for path, text in stale.items():
        if check:
            click.echo(f"{path} is stale; `incidentbook codeowners` writes it again")
        else:
            write_text(session.root / path, text)
            click.echo(f"wrote {path}")
    if not wanted:
        click.echo("Nothing to write: no `forge` in schema/teams.yml or schema/people.yml names an account.")
    elif not stale:
        click.echo(f"{next(iter(wanted))} is up to date.")
    return 1 if check and stale else 0


def wanted_files(session: Session) -> Mapping[str, str]:
    """What should stand in CODEOWNERS, by its path from the records; nothing where nobody is to be named.

    The file lies at the top of the Git repository, where the forges look for it.
    """
    from incidentbook.gitrepo import GitError, prefix_in_repository  # noqa: PLC0415
    from incidentbook.scaffold.codeowners import PLACES, owners_block, with_block  # noqa: PLC0415

    try:
        prefix = prefix_in_repository(session.root)
    except GitError:
        prefix = ""
    up = "../" * prefix.count("/")
    path = up + next((place for place in PLACES if os.path.lexists(session.root / up / place)), PLACES[0])
    text = with_block(_text(session.root, path), owners_block(session.archive, prefix), path=path)
    return {} if text is None else {path: text}


def _text(root: Path, path: str) -> str | None:
    try:
        return (root / path).read_bytes().decode("utf-8")
    except FileNotFoundError:
        return None
    except UnicodeDecodeError:
        raise UnreadableCodeownersError(path) from None
