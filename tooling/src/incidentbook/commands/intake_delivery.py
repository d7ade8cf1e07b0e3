"""What every kind of intake shares: the options, where it is written, how it goes out, what is said."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import click

from incidentbook.commands.session import Session
from incidentbook.diagnostics import IncidentbookError

if TYPE_CHECKING:
    from incidentbook.forge import Forge
    from incidentbook.gitrepo import Signature
    from incidentbook.intake.delivery import Asked
    from incidentbook.intake.known import Known
    from incidentbook.intake.places import Place

F = TypeVar("F", bound=Callable[..., object])


class UnreadableInputError(IncidentbookError):
    """What is to be taken in cannot be opened."""

    def __init__(self, name: str, reason: str) -> None:
        super().__init__(f"{name} cannot be read: {reason}")


class NoRemoteError(IncidentbookError):
    """There is nowhere to push to."""

    def __init__(self) -> None:
        super().__init__("there is no Git remote to push to; `git remote add origin URL` names one")


@dataclass(frozen=True)
class Outward:
    """How far what came in is to go: into the files, a branch, the remote, a pull request."""

    commit: bool = False
    push: bool = False
    pr: bool = False

    @property
    def commits(self) -> bool:
        """Whether it goes to a branch; each further step implies the ones before."""
        return self.commit or self.push or self.pr

    @property
    def pushes(self) -> bool:
        """Whether the branch goes to the remote."""
        return self.push or self.pr


def outward_options(function: F) -> F:
    """Add the options that say how far it is to go."""
    for option in (
        click.option("--pr", is_flag=True, help="And open a pull request through `gh`; implies --push."),
        click.option("--push", is_flag=True, help="And push the branch; implies --commit."),
        click.option(
            "--commit", is_flag=True, help="Write to a branch `intake/...`, not into the files here."
        ),
    ):
        function = option(function)
    return function


def read_input(file: str) -> tuple[bytes, str]:
    """The bytes of a file, or of standard input for `-`, and what to call it."""
    name = "standard input" if file == "-" else file
    try:
        return (sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()), name
    except OSError as error:
        raise UnreadableInputError(name, error.strerror or str(error)) from None


def tell(line: str) -> None:
    """Print one line, in which nothing that came from outside can steer a terminal."""
    from incidentbook.intake.texts import one_line  # noqa: PLC0415

    margin = line[: len(line) - len(line.lstrip(" "))]
    click.echo(margin + one_line(line, 2_000))


class Desk:
    """One run of intake: where it writes, and how it sends out what it wrote."""

    def __init__(self, session: Session, outward: Outward) -> None:
        self.session = session
        self.outward = outward
        self._codes: list[int] = []

    @cached_property
    def forge(self) -> Forge:
        """The forge of the repository."""
        from incidentbook.forge import Forge  # noqa: PLC0415

        return Forge(self.session.root)

    @cached_property
    def remote(self) -> str:
        """The remote to push to. Raises NoRemoteError."""
        from incidentbook.gitrepo import remote_of  # noqa: PLC0415

        name = remote_of(self.session.root)
        if name is None:
            raise NoRemoteError
        return name

    @cached_property
    def place(self) -> Place:
        """The files here, or branches; before it pushes, it looks at what waits on the remote."""
        from incidentbook.archive import load_archive  # noqa: PLC0415
        from incidentbook.gitrepo import open_revision, remote_of  # noqa: PLC0415
        from incidentbook.gitrepo.branches import fetch_branches  # noqa: PLC0415
        from incidentbook.intake.places import FOLDER, OnBranches, OnDisk  # noqa: PLC0415

        session = self.session
        if not self.outward.commits:
            return OnDisk(session.root, session.archive)
        base = load_archive(open_revision(session.root, "HEAD"), cache=session.archive.cache)
        if self.outward.pushes:
            fetch_branches(session.root, FOLDER, self.remote)
        remote = self.remote if self.outward.pushes else remote_of(session.root) or "origin"
        return OnBranches(session.root, _author(session), remote, base)

    def wrote(self, known: Known, how: str) -> None:
        """Say where a record was written, and in the files check it."""
        from incidentbook.commands import check  # noqa: PLC0415

        branch = self.place.branch_of(known)
        tell(f"{known.id}: {how}; {f'branch {branch}' if branch else known.path}")
        if branch is None:
            fresh = Session(self.session.root, self.session.now)
            self._codes.append(check.run(fresh, paths=[str(self.session.root / known.path)]))

    def send(self, known: Known, said: str, notes: tuple[str, ...] = ()) -> Asked | None:
        """Push the branch that a record waits on, and see to its pull request, as far as was asked."""
        from incidentbook.intake.delivery import ask_for, send  # noqa: PLC0415

        branch = self.place.branch_of(known)
        if branch is None or not self.outward.pushes:
            return None
        if send(self.session.root, branch, self.remote):
            tell(f"  pushed to {self.remote}")
        if not self.outward.pr:
            return None
        asked = ask_for(self.forge, branch, known, said, notes)
        state = (
            "was closed by somebody, and is left so"
            if asked.is_closed
            else "opened"
            if asked.is_new
            else "is open"
        )
        tell(f"  pull request {asked.url} {state}")
        return asked

    @property
    def code(self) -> int:
        """1 where the check of a file found an error."""
        return max(self._codes, default=0)


def _author(session: Session) -> Signature | None:
    """Whom the commits name: the bot of schema/intake.yml, where people.yml has an address of it."""
    from incidentbook.gitrepo import Signature  # noqa: PLC0415

    taxonomy = session.archive.taxonomy
    person = taxonomy.person(taxonomy.intake.bot) if taxonomy.intake.bot else None
    if person is None or not person.emails:
        return None
    return Signature(person.name or person.handle, person.emails[0])
