"""The way that a commit is to go, and all that can stand in it: asked before anything is typed or written."""

from __future__ import annotations

import shlex
import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import click

from incidentbook.commands.desk.saying import visible_line
from incidentbook.commands.session import Session
from incidentbook.diagnostics import IncidentbookError

if TYPE_CHECKING:
    from incidentbook.commands.desk.acting import Hand


class GoesOnElsewhereError(IncidentbookError):
    """The record is worked on where whoever acts does not look."""

    def __init__(self, id_: str, branch: str) -> None:
        super().__init__(
            f"{id_} goes on on the branch `{branch}`, which is not merged: "
            f"`git switch {shlex.quote(branch)}` and try again there, or begin another by --branch NAME"
        )


class BehindError(IncidentbookError):
    """Others have changed the record, and it is not here yet."""

    def __init__(self, id_: str, branch: str, remote: str) -> None:
        super().__init__(
            f"{remote} has a newer {id_} on `{branch}`: `git pull --rebase --autostash`, then try again"
        )


@dataclass(frozen=True)
class Way:
    """Where a commit goes: the branch, whether it is still to be made and at which commit, the remote."""

    branch: str
    is_new: bool
    base: str
    remote: str | None

    @classmethod
    def found(cls, session: Session, hand: Hand, about: str | None, *, is_first: bool = False) -> Way:
        """Ask Git all that can be asked beforehand. Raises what stands in the way.

        `about` is the record, where it is known already, by which a new branch is named; `is_first` says that
        it is to be a new one, which shall not go where another one is worked on.
        """
        from incidentbook.gitrepo import remote_of, saving  # noqa: PLC0415

        root = session.root
        current = saving.current_branch(root)
        saving.require_quiet(root)
        saving.require_identity(root)
        remote = remote_of(root) if hand.pushes else None
        if hand.pushes and remote is None:
            raise saving.NoRemoteError
        if hand.branch is not None and hand.branch != current:
            saving.require_new_branch(root, hand.branch, remote)
        branch = hand.branch or current
        if branch is None:
            raise saving.DetachedHeadError
        if remote is None or hand.branch is not None:
            return cls(branch, branch != current, "HEAD", remote)
        return cls._to_its_own(session, branch, remote, about, is_first=is_first)

    @classmethod
    def _to_its_own(
        cls, session: Session, current: str, remote: str, about: str | None, *, is_first: bool
    ) -> Way:
        """From the main branch to one named for the record; so does a new record from any branch."""
        from incidentbook.gitrepo import default_branch, saving  # noqa: PLC0415

        root, main = session.root, default_branch(session.root)
        on_main = saving.is_default_branch(root, current)
        if not on_main and not (is_first and main):
            return cls(current, is_new=False, base="HEAD", remote=remote)
        name = (about or "record").lower().replace(".", "-")
        if about and not is_first:
            _require_here(session, about, name, current, remote)
        base = "HEAD" if on_main else f"refs/remotes/{main}"
        return cls(saving.free_branch(root, name), is_new=True, base=base, remote=remote)


def _require_here(session: Session, about: str, name: str, current: str, remote: str) -> None:
    """Refuse where somebody has changed the record, and it is not here."""
    from incidentbook.gitrepo.elsewhere import goes_on_at, is_newer_at  # noqa: PLC0415

    entry: Any = session.archive.get(about)
    if entry is None:
        return
    there = f"refs/remotes/{remote}/{current}"
    if goes_on_at(session.root, name, remote, entry.path, there):
        raise GoesOnElsewhereError(about, name)
    if is_newer_at(session.root, there, entry.path):
        raise BehindError(about, current, remote)


def require_way(session: Session, hand: Hand, said: str | None) -> None:
    """Refuse what cannot be sent before anybody types a text. `said` names the record, if one is named."""
    from incidentbook.desk.finding import UnknownRecordError, find_file  # noqa: PLC0415

    learn(session, hand)
    about = None
    if said is not None:
        try:
            about = find_file(session.archive, said).id
        except UnknownRecordError:
            return  # the verb says it better
    Way.found(session, hand, about)
    if hand.pr and not has_gh():
        click.echo("gh is not here: the branch is pushed, and its pull request is yours to open.", err=True)


def has_gh() -> bool:
    """Whether there is what opens pull requests."""
    return shutil.which("gh") is not None


def learn(session: Session, hand: Hand) -> None:
    """Ask the remote what others have pushed: numbers that are taken, and branches where a record goes on."""
    from incidentbook.gitrepo import GitError, remote_of, saving  # noqa: PLC0415

    if not hand.pushes:
        return
    try:
        remote = remote_of(session.root)
    except GitError:
        return  # said in its place
    try:
        if remote is not None:
            saving.fetch_branches(session.root, remote)
    except GitError as error:
        said = f"{remote} does not answer, so that others may have pushed what is not known here: {error}"
        click.echo(visible_line(said), err=True)
