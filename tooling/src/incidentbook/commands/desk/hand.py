"""Who acts, when, and how far what they write is to go."""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import datetime
from difflib import get_close_matches

from incidentbook.commands.session import Session
from incidentbook.diagnostics import IncidentbookError


class UnknownActorError(IncidentbookError):
    """It cannot be told who acts, and what is written says who."""

    def __init__(self, reason: str) -> None:
        super().__init__(f"{reason}; say it with --by HANDLE, or in INCIDENTBOOK_BY")


class FutureDeedError(IncidentbookError):
    """A deed is said to have been done at a time that is still to come."""

    def __init__(self, at: datetime, now: datetime) -> None:
        super().__init__(f"--at is {at.isoformat()}, which is still to come; it is {now.isoformat()}")


@dataclass(frozen=True, kw_only=True)
class Hand:
    """Who acts, when, and how far what they write is to go; as the options of the verb say."""

    by: str | None = None
    at: datetime | None = None
    dry_run: bool = False
    commit: bool = False
    push: bool = False
    pr: bool = False
    branch: str | None = None

    @property
    def commits(self) -> bool:
        """Whether a commit is made: to push means to commit, and to ask for a pull request to push."""
        return self.commit or self.pushes

    @property
    def pushes(self) -> bool:
        """Whether the branch is sent to the remote."""
        return self.push or self.pr

    def time(self, session: Session) -> datetime:
        """When it was done: what `--at` says, else now. Raises FutureDeedError."""
        if self.at is not None and self.at > session.now:
            raise FutureDeedError(self.at, session.now)
        return self.at or session.now

    def who(self, session: Session) -> str:
        """The handle of who acts. Raises UnknownActorError."""
        said = self.by or os.environ.get("INCIDENTBOOK_BY")
        taxonomy = session.archive.taxonomy
        if said:
            if taxonomy.person(said) is None:
                handles = [person.handle for person in taxonomy.people]
                close = get_close_matches(said, handles, n=1)
                advice = f", did you mean `{close[0]}`?" if close else ""
                raise UnknownActorError(f"schema/people.yml has no `{said}`{advice}")
            return self._here(session, said)
        return self._here(session, _git_person(session))

    def _here(self, session: Session, handle: str) -> str:
        """A handle that could act at the time. Raises NotHereError."""
        from incidentbook.desk.words import require_here  # noqa: PLC0415

        require_here(session.archive.taxonomy, handle, self.time(session))
        return handle

    def who_if_known(self, session: Session) -> str | None:
        """The handle of who acts, where it can be told."""
        try:
            return self.who(session)
        except UnknownActorError:
            if self.by:
                raise
            return None


def _git_person(session: Session) -> str:
    from incidentbook.gitrepo import GitError, configured  # noqa: PLC0415

    try:
        email = (configured(session.root, "user.email") or "").strip()
    except GitError:
        email = ""
    if not email:
        raise UnknownActorError("it cannot be told who acts: Git knows no user.email here")
    for person in session.archive.taxonomy.people:
        if email.casefold() in (one.casefold() for one in person.emails):
            return person.handle
    raise UnknownActorError(f"nobody in schema/people.yml has Git's user.email, {email}")
