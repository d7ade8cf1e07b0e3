"""Where every kind of intake is dealt with: found, decided, written, sent and asked for, each once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING

from incidentbook.commands.intake_delivery import Outward, tell
from incidentbook.commands.session import Session
from incidentbook.diagnostics import IncidentbookError

if TYPE_CHECKING:
    from incidentbook.forge import Forge
    from incidentbook.gitrepo import Signature
    from incidentbook.intake.delivery import Asked
    from incidentbook.intake.known import Known
    from incidentbook.intake.on_branches import OnBranches
    from incidentbook.intake.opening import Opening, Response
    from incidentbook.intake.places import Place

_ATTEMPTS = 3
"""How often a delivery is dealt with anew after another of the same moment was quicker."""


class NoRemoteError(IncidentbookError):
    """There is nowhere to push to."""

    def __init__(self) -> None:
        super().__init__("there is no Git remote to push to; `git remote add origin URL` names one")


@dataclass(frozen=True, kw_only=True)
class Incoming:
    """One thing that came in: how its record is found, what it does to that, and what is said of it.

    `is_over` tells whether people who refused a pull request at a time have refused this, too.
    """

    system: str
    id: str
    said: str
    find: Callable[[Place], Known | None]
    respond: Callable[[Known | None], Response]
    is_over: Callable[[datetime, Known | None], bool]
    opening: str = ""
    amending: Callable[[str], str] = "{{id}}: {}\n".format


@dataclass(frozen=True)
class Taken:
    """What became of it: the record, if there is one, what was done, and the pull request, if asked for."""

    known: Known | None
    response: Response
    asked: Asked | None


class Desk:
    """One run of intake: where it writes, and how it sends out what it wrote."""

    def __init__(self, session: Session, outward: Outward, margin: str = "") -> None:
        self.session = session
        self.outward = outward
        self._margin = margin
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
        """The files here, or branches."""
        from incidentbook.intake.places import OnDisk  # noqa: PLC0415

        session = self.session
        return self._branches or OnDisk(session.root, session.archive)

    @cached_property
    def _branches(self) -> OnBranches | None:
        """The branches, if it is to go there; before it pushes, it looks at what waits on the remote."""
        from incidentbook.archive import load_archive  # noqa: PLC0415
        from incidentbook.gitrepo import open_revision, remote_of  # noqa: PLC0415
        from incidentbook.gitrepo.branches import fetch_branches  # noqa: PLC0415
        from incidentbook.intake.branches import FOLDER  # noqa: PLC0415
        from incidentbook.intake.on_branches import OnBranches  # noqa: PLC0415

        session = self.session
        if not self.outward.commits:
            return None
        base = load_archive(open_revision(session.root, "HEAD"), cache=session.archive.cache)
        if self.outward.pushes:
            fetch_branches(session.root, FOLDER, self.remote)
        remote = self.remote if self.outward.pushes else remote_of(session.root) or "origin"
        forge = self.forge if self.outward.pr else None
        return OnBranches(session.root, _author(session), remote, base, forge)

    def take_in(self, thing: Incoming) -> Taken:
        """Deal with one thing, anew where others were quicker. Raises PushRejectedError in the end."""
        from incidentbook.gitrepo.committing import PushRejectedError  # noqa: PLC0415

        for attempt in range(1, _ATTEMPTS + 1):
            try:
                return self._take_in(thing)
            except PushRejectedError:
                if self._branches is None or attempt == _ATTEMPTS:
                    raise
                tell(f"{self._margin}another delivery of the same moment was quicker: looking again")
                self._branches.look_again()
        raise AssertionError  # the last attempt returns or raises

    def _take_in(self, thing: Incoming) -> Taken:
        from incidentbook.intake.opening import Opening, Silence  # noqa: PLC0415

        known = thing.find(self.place)
        response = self._unless_refused(thing, known, self._decide(thing, known))
        notes: tuple[str, ...] = ()
        if isinstance(response, Silence):
            tell(f"{self._margin}nothing to do: {response.reason}")
        elif isinstance(response, Opening):
            known, notes = self._open(response, thing), response.notes
        elif known is not None:
            known = self.place.amend(known, response.changes, thing.amending(response.summary))
            self._wrote(known, response.summary)
        if known is None:
            return Taken(None, response, None)
        known, asked = self._send(known, thing.said, notes)
        return Taken(known, response, asked)

    def _decide(self, thing: Incoming, known: Known | None) -> Response:
        from incidentbook.intake.opening import Silence  # noqa: PLC0415
        from incidentbook.intake.places import unreadable_with  # noqa: PLC0415

        broken = None if known else unreadable_with(self.place.archive, thing.id)
        if broken:
            return Silence(f"{broken} cannot be read and seems to be of this; mend it first")
        return thing.respond(known)

    def _unless_refused(self, thing: Incoming, known: Known | None, response: Response) -> Response:
        from incidentbook.intake.opening import Silence  # noqa: PLC0415

        refusal = None if isinstance(response, Silence) else self.place.refusal(thing.system, thing.id)
        if refusal is None or not thing.is_over(refusal.at, known):
            return response
        return Silence(f"pull request {refusal.url} was closed by somebody, and is left so")

    def _open(self, opening: Opening, thing: Incoming) -> Known:
        from incidentbook.intake.opening import seen_by_default  # noqa: PLC0415

        known = self.place.open(seen_by_default(opening, self.place.archive.taxonomy), thing.opening)
        self._wrote(known, "opened")
        for note in opening.notes:
            tell(f"  {note}")
        return known

    def _wrote(self, known: Known, how: str) -> None:
        """Say where a record was written, and in the files check it."""
        from incidentbook.commands import check  # noqa: PLC0415

        branch = self.place.branch_of(known)
        tell(f"{known.id}: {how}; {f'branch {branch}' if branch else known.path}")
        if branch is None:
            fresh = Session(self.session.root, self.session.now)
            self._codes.append(check.run(fresh, paths=[str(self.session.root / known.path)]))

    def _send(self, known: Known, said: str, notes: tuple[str, ...]) -> tuple[Known, Asked | None]:
        """Push the branch that a record waits on, and see to its pull request, as far as was asked."""
        from incidentbook.intake.delivery import ask_for  # noqa: PLC0415

        place, branch = self._branches, self.place.branch_of(known)
        if place is None or branch is None or not self.outward.pushes:
            return known, None
        pushed = self._push(place, branch)
        for _ in range(_ATTEMPTS):
            is_asked = self.outward.pr and self.forge.pull_requests(branch)
            moved = None if is_asked or not (pushed or self.outward.pr) else place.moved_on(known)
            if moved is None:
                break
            tell(f"  {known.id} is now {moved.id}: another one of the same moment has that number")
            known = moved
            self._push(place, branch)
        if not self.outward.pr:
            return known, None
        asked = ask_for(self.forge, branch, place.tip(branch), known, said, notes)
        tell(f"  pull request {asked.url} {asked.how}")
        return known, asked

    def _push(self, place: OnBranches, branch: str) -> bool:
        from incidentbook.intake.delivery import send  # noqa: PLC0415

        pushed = send(self.session.root, branch, self.remote)
        place.sent(branch)
        if pushed:
            tell(f"  pushed to {self.remote}")
        return pushed

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
