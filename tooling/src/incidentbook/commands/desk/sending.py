"""How far a deed goes beyond the files: the commit, the push, the pull request."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

import click

from incidentbook.commands.session import Session
from incidentbook.diagnostics import IncidentbookError

if TYPE_CHECKING:
    from incidentbook.commands.desk.acting import Deed, Hand
    from incidentbook.forge import Forge


class TakenMeanwhileError(IncidentbookError):
    """Somebody else has pushed a branch of the name that a new record's was to have."""

    def __init__(self, id_: str, branch: str, remote: str) -> None:
        super().__init__(
            f"{remote} has a branch `{branch}` of somebody else, which was not there a moment ago, so that "
            f"yours is not pushed. If it has another record under this number: `git fetch {remote}`, "
            f"`git branch -m {branch}-2`, `incidentbook renumber {id_}`, commit, and push"
        )


@dataclass(frozen=True)
class Sending:
    """A deed on its way. `branch` is where the commit goes; `is_new` says that it is still to be made.

    `is_first` says that the record is new, too: then a branch of its name on the remote is another's, and
    ours must not go on top of it.
    """

    session: Session
    deed: Deed
    hand: Hand
    branch: str
    is_new: bool
    remote: str | None
    forge: Forge | None
    is_first: bool = False

    @classmethod
    def prepared(cls, session: Session, deed: Deed, hand: Hand) -> Sending:
        """Ask all that can be asked before anything is written. Raises what stands in the way."""
        from incidentbook.forge import Forge  # noqa: PLC0415
        from incidentbook.gitrepo import remote_of, saving  # noqa: PLC0415

        root = session.root
        current = saving.current_branch(root)
        saving.require_quiet(root)
        remote = remote_of(root) if hand.pushes else None
        if hand.pushes and remote is None:
            raise saving.NoRemoteError
        branch = hand.branch or current
        if branch is None:
            raise saving.DetachedHeadError
        if hand.branch is None and hand.pushes and saving.is_default_branch(root, branch):
            branch = saving.free_branch(root, deed.about.lower().replace(".", "-"))
        forge = Forge(root) if hand.pr else None
        return cls(session, deed, hand, branch, branch != current, remote, forge)

    def send(self) -> None:
        """Commit, push and ask, as far as is wanted; say each. Raises NotSentError with what was done."""
        from incidentbook.commands.desk.acting import NotSentError  # noqa: PLC0415

        done = f"{', '.join(self.deed.named) or 'it'} is written"
        try:
            commit = self._commit()
            done = f"committed as {commit[:10]} on {self.branch}"
            click.echo(f"Committed {commit[:10]} on {self.branch}: {self.deed.message}")
            if self.remote is not None:
                self._push(self.remote)
                done = f"pushed to {self.branch} of {self.remote}"
            if self.forge is not None:
                click.echo(f"Pull request: {self._ask(self.forge)}")
        except IncidentbookError as error:
            raise NotSentError(done, str(error)) from None

    def _commit(self) -> str:
        from incidentbook.gitrepo import saving  # noqa: PLC0415

        if self.is_new:
            saving.switch_to_new_branch(self.session.root, self.branch)
        return saving.commit_paths(self.session.root, tuple(self.deed.contents), f"{self.deed.message}\n")

    def _push(self, remote: str) -> None:
        from incidentbook.commands.setup_git import driver_command  # noqa: PLC0415
        from incidentbook.gitrepo import saving  # noqa: PLC0415
        from incidentbook.gitrepo.committing import PushRejectedError  # noqa: PLC0415

        if self.is_first and self.is_new:
            try:
                saving.push_new_branch(self.session.root, self.branch, remote)
            except PushRejectedError:
                raise TakenMeanwhileError(self.deed.about, self.branch, remote) from None
            click.echo(f"Pushed {self.branch} to {remote}")
            return
        driver = {
            "merge.incidentbook.name": "Incidentbook",
            "merge.incidentbook.driver": driver_command(sys.executable),
        }
        rebased = saving.push_branch_onto(self.session.root, self.branch, remote, driver)
        after = ", on top of what others had pushed" if rebased else ""
        click.echo(f"Pushed {self.branch} to {remote}{after}")

    def _ask(self, forge: Forge) -> str:
        """The address of the branch's pull request: the one that is open, else a new one."""
        for pull in forge.pull_requests(self.branch):
            if pull.is_open:
                return f"{pull.url} (is open already)"
        title, body = self._words()
        return forge.create_pull_request(self.branch, title, body, forge.default_branch()).url

    def _is_sealed(self, path: str) -> bool:
        """Whether a file is of a restricted record, such as a child of the one that the deed is about."""
        return any(
            entry.path == path and entry.readable and entry.record.visibility == "restricted"
            for entry in self.session.archive.entries
        )

    def _words(self) -> tuple[str, str]:
        """Title and body; of a restricted record nothing but its ID."""
        from incidentbook.markdown.literal import code, literal, plain_title  # noqa: PLC0415
        from incidentbook.records import Audience  # noqa: PLC0415

        deed = self.deed
        entry = self.session.archive.get(deed.about)
        sealed = entry is not None and entry.readable and entry.record.visibility is Audience.RESTRICTED
        if sealed:
            return deed.about, "This record is restricted: read it on the branch.\n"
        title = plain_title(f"{deed.about}: {deed.title or deed.said}", 180)
        paths = [path for path in deed.named if not self._is_sealed(path)]
        files = "\n".join(f"- {code(path)}" for path in paths)
        if len(paths) < len(deed.contents):
            files += f"\n- {len(deed.contents) - len(paths)} of restricted records, not named here"
        return title, f"{literal(deed.said)}\n\n{files}\n\n`incidentbook check` looks at it here.\n"
