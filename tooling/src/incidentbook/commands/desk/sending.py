"""How far a deed goes beyond the files: the commit, the push, the pull request."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

import click

from incidentbook.commands.desk.meeting import Met, Seen, met, reworded
from incidentbook.commands.desk.saying import NotSentError, commit_command, visible_line
from incidentbook.commands.desk.way import Way, has_gh
from incidentbook.commands.session import Session
from incidentbook.diagnostics import IncidentbookError

if TYPE_CHECKING:
    from incidentbook.commands.desk.acting import Deed, Hand
    from incidentbook.gitrepo.landing import Landed


class TakenMeanwhileError(IncidentbookError):
    """Somebody else has pushed a branch of the name that a new record's was to have."""

    def __init__(self, id_: str, branch: str, remote: str) -> None:
        super().__init__(
            f"{remote} has a branch `{branch}` of somebody else, which was not there a moment ago, so that "
            f"yours is not pushed. If it has another record under this number: `git fetch {remote}`, "
            f"`git branch -m {branch}-2`, `incidentbook renumber {id_}`, commit, and push"
        )


class NoRequestError(IncidentbookError):
    """There is no `gh`, so that somebody opens the pull request by hand."""

    def __init__(self, root: Path, branch: str, remote: str) -> None:
        from incidentbook.gitrepo.addresses import web_address  # noqa: PLC0415

        address = web_address(root, remote)
        where = f": {address}/compare/{quote(branch)}?expand=1" if address else ""
        super().__init__(f"gh is not here, so that the pull request is to be opened by hand{where}")


@dataclass(frozen=True)
class Sending:
    """A deed on its way. `is_first` says that its record is new, too.

    Then a branch of its name on the remote is another's, and ours must not go on top of it.
    """

    session: Session
    deed: Deed
    hand: Hand
    way: Way
    is_first: bool = False
    seen: Seen | None = None

    @classmethod
    def prepared(cls, session: Session, deed: Deed, hand: Hand, *, is_first: bool = False) -> Sending:
        """Ask all that can be asked before anything is written. Raises what stands in the way."""
        way = Way.found(session, hand, deed.about, is_first=is_first)
        return cls(session, deed, hand, way, is_first, Seen.now(session, deed))

    def send(self) -> Met | None:
        """Commit, push and ask, as far as is wanted; say each.

        Returns how it stands beside what others had pushed, where it went on top of that. Raises NotSentError
        with what was done, also where somebody interrupts it.
        """
        from incidentbook.gitrepo import current_revision  # noqa: PLC0415
        from incidentbook.gitrepo.landing import NotRebasedError  # noqa: PLC0415

        head, root = current_revision(self.session.root), self.session.root
        stage, branch = self._not_committed, self.way.branch
        try:
            commit = self._commit()
            stage = partial(self._not_pushed, commit)
            click.echo(visible_line(f"Committed {commit[:10]} on {branch}: {self.deed.message}"))
            beside = self._push(self.way.remote) if self.way.remote is not None else None
            stage = partial(str, f"pushed to {branch} of {self.way.remote}")
            if self.hand.pr:
                self._open()
        except KeyboardInterrupt:
            now = current_revision(root)
            if stage == self._not_committed and now is not None and now != head and self._has(now):
                stage = partial(self._not_pushed, now)
            raise NotSentError(stage(), "it was interrupted") from None
        except NotRebasedError as error:
            raise NotSentError(f"committed on {branch}", str(error)) from None
        except IncidentbookError as error:
            raise NotSentError(stage(), _all_words(error)) from None
        return beside

    def _not_committed(self) -> str:
        """What to do where the files are written, and Git did not take them."""
        from incidentbook.gitrepo import saving  # noqa: PLC0415

        named, root = self.deed.named, self.session.root
        command = commit_command(root, named, self.deed.message) if named else "commit it"
        try:
            elsewhere = saving.current_branch(root) != self.way.branch
        except IncidentbookError:
            return f"{', '.join(named) or 'it'} is written, not committed"
        switch = f"git switch -c {shlex.quote(self.way.branch)} && " if elsewhere else ""
        return visible_line(
            f"{', '.join(named) or 'it'} is written, not committed; do not repeat the command, but commit it "
            f"when what stands below is mended: `{switch}{command}`"
        )

    def _not_pushed(self, commit: str) -> str:
        done = f"committed as {commit[:10]} on {self.way.branch}"
        if self.way.remote is None:
            return done
        push = f"git push -u {shlex.quote(self.way.remote)} {shlex.quote(self.way.branch)}"
        return visible_line(f"{done}, not pushed; do not repeat the command, but `{push}` later")

    def _has(self, commit: str) -> bool:
        """Whether a commit has the files as they were written."""
        from incidentbook.gitrepo import open_revision  # noqa: PLC0415

        tree = open_revision(self.session.root, commit)
        there = frozenset(tree.paths())
        return all(path in there and tree.read(path) == data for path, data in self.deed.contents.items())

    def _commit(self) -> str:
        from incidentbook.gitrepo import saving  # noqa: PLC0415

        if self.way.is_new:
            saving.switch_to_new_branch(self.session.root, self.way.branch, self.way.base)
        return saving.commit_paths(self.session.root, tuple(self.deed.contents), f"{self.deed.message}\n")

    def _push(self, remote: str) -> Met | None:
        from incidentbook.commands.setup_git import driver_command  # noqa: PLC0415
        from incidentbook.gitrepo import landing  # noqa: PLC0415
        from incidentbook.gitrepo.committing import PushRejectedError  # noqa: PLC0415

        root, branch = self.session.root, self.way.branch
        if self.is_first and self.way.is_new:
            try:
                landing.push_new_branch(root, branch, remote)
            except PushRejectedError:
                raise TakenMeanwhileError(self.deed.about, branch, remote) from None
            click.echo(f"Pushed {branch} to {remote}")
            return None
        driver = {
            "merge.incidentbook.name": "Incidentbook",
            "merge.incidentbook.driver": driver_command(sys.executable),
        }
        reword = partial(reworded, self.session, self.deed, self.seen)
        landed = landing.push_branch_onto(root, branch, remote, driver, reword)
        return self._landed(landed, remote)

    def _landed(self, landed: Landed, remote: str) -> Met | None:
        """Say how the push ended, and what is other than it was thought here."""
        branch = self.way.branch
        if landed.onto is None:
            click.echo(f"Pushed {branch} to {remote}")
            return None
        click.echo(f"Pushed {branch} to {remote}, on top of what others had pushed")
        if (message := reworded(self.session, self.deed, self.seen, landed.commit)) is not None:
            click.echo(visible_line(f"  it is now {landed.commit[:10]}: {message.strip()}"))
        if landed.left is not None:
            _say_left(branch, remote, landed.left)
        beside = met(self.session, self.deed, self.seen, landed)
        for line in beside.lines if beside else ():
            click.echo(visible_line(f"  {line}"))
        for line in beside.wrong if beside else ():
            click.echo(visible_line(f"  {line}"), err=True)
        return beside

    def _open(self) -> None:
        """Open the pull request, or say where to."""
        if not has_gh():
            raise NoRequestError(self.session.root, self.way.branch, self.way.remote or "origin")
        click.echo(visible_line(f"Pull request: {self._ask()}"))

    def _ask(self) -> str:
        """The address of the branch's pull request: the one that is open, else a new one."""
        from incidentbook.forge import Forge  # noqa: PLC0415

        forge, branch = Forge(self.session.root), self.way.branch
        for pull in forge.pull_requests(branch):
            if pull.is_open:
                return f"{pull.url} (is open already)"
        title, body = self._words()
        return forge.create_pull_request(branch, title, body, forge.default_branch()).url

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


def _all_words(error: IncidentbookError) -> str:
    """All that Git said, such as the words of a hook; line by line, where there are several."""
    from incidentbook.gitrepo import GitError  # noqa: PLC0415

    if not isinstance(error, GitError) or "\n" not in error.words:
        return str(error)
    return "Git says:" + "".join(f"\n  {visible_line(line)}" for line in error.words.splitlines())


def _say_left(branch: str, remote: str, files: Sequence[str]) -> None:
    there = shlex.quote(f"{remote}/{branch}")
    click.echo(
        visible_line(
            f"  {branch} here stays behind, for others changed what is changed here and not committed"
            f"{': ' if files else ''}{', '.join(files)}"
        )
    )
    again = "git pull --rebase --autostash"
    if files:  # everything committed here is pushed, so that nothing is lost
        again = f"git stash --include-untracked && git reset --keep {there} && git stash pop"
    click.echo(visible_line(f"  `{again}` brings both together"))
