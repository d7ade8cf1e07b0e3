"""A branch for each thing that came in, made past the working tree; what waits there counts as here."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC
from functools import cached_property
from pathlib import Path
from typing import Any

from incidentbook.archive import Archive, load_archive
from incidentbook.edits import Numbers, names_in_use, record_text
from incidentbook.forge import Forge
from incidentbook.gitrepo import Signature, commit_to_branch, open_revision, resolve_revision
from incidentbook.gitrepo.branches import (
    branches,
    fetch_branches,
    has_been,
    has_file,
    is_ancestor,
    local_tip,
    put_back,
)
from incidentbook.gitrepo.committing import branch_tip
from incidentbook.intake.branches import FOLDER, Numbered, branch_name
from incidentbook.intake.known import Known
from incidentbook.intake.opening import Opening
from incidentbook.intake.places import Refusal, known_as, newest_of
from incidentbook.records.kinds import home_of


class OnBranches:
    """Branches of the remote, and of this clone. With a forge, what people refused there is over."""

    def __init__(
        self, root: Path, author: Signature | None, remote: str, base: Archive, forge: Forge | None = None
    ) -> None:
        self.archive = base
        self._root = root
        self._author = author
        self._remote = remote
        self._forge = forge
        self._head = resolve_revision(root, "HEAD")
        self._branches: dict[str, str] = {}
        self._before: dict[str, str | None] = {}
        self._numbered = Numbered(root, remote, forge)

    @cached_property
    def _numbers(self) -> Numbers:
        return Numbers(names_in_use(self.archive))

    def find(self, system: str, id_: str) -> Known | None:
        """The newest record of an origin: one that waits on its branch before what is merged."""
        for branch, tip in reversed(self._numbered.there(branch_name(system, id_))):
            if is_ancestor(self._root, tip, self._head):
                continue
            there = load_archive(open_revision(self._root, tip), cache=self.archive.cache)
            known = newest_of(there, system, id_)
            if known is None or self._is_over(known, there, branch, tip):
                continue
            self._branches[known.id] = branch
            return known
        return newest_of(self.archive, system, id_)

    def _is_over(self, known: Known, there: Archive, branch: str, tip: str) -> bool:
        """Whether what a branch says of a record was merged, or refused."""
        entry, here = there.get(known.id), self.archive.get(known.id)
        if entry is not None and here is not None:
            same = entry.content_hash == here.content_hash
            if same or has_been(self._root, known.path, entry.content_hash, self._head):
                return True
        pulls = self._numbered.pulls(branch)
        # what was merged a moment ago may not be here yet: then it is waiting still
        return pulls.is_refused or (here is not None and pulls.has_merged(tip))

    def refusal(self, system: str, id_: str) -> Refusal | None:
        """The last pull request of an origin which people closed without merging it."""
        found = [
            Refusal(pull.url, pull.closed_at)
            for branch in self._numbered.used(branch_name(system, id_))
            for pull in self._numbered.pulls(branch).all
            if pull.is_refused and pull.closed_at is not None
        ]
        return max(found, key=lambda one: (one.at, one.url), default=None)

    def open(self, opening: Opening, message: str) -> Known:
        """Commit a new record to a branch of its own."""
        text = record_text("incident", opening.values, opening.body)
        name = self._numbers.next("incident", opening.values["opened"].astimezone(UTC).year)
        return self._commit(known_as(name.id, home_of(name), text), {home_of(name): text}, message)

    def amend(self, known: Known, changes: Mapping[str, Any], message: str) -> Known:
        """Commit a changed record to the branch that it waits on, else to a new one."""
        text = known.with_changes(changes)
        return self._commit(known_as(known.id, known.path, text), {known.path: text}, message)

    def branch_of(self, known: Known) -> str | None:
        """The branch that a record waits on."""
        return self._branches.get(known.id)

    def _commit(self, known: Known, files: Mapping[str, str | None], message: str) -> Known:
        branch = self._branches.get(known.id) or self._free(known)
        self._before.setdefault(branch, local_tip(self._root, branch))
        commit_to_branch(
            self._root,
            branch,
            {path: None if text is None else text.encode() for path, text in files.items()},
            message.replace("{id}", known.id),
            base=self._head,
            author=self._author,
            remote=self._remote,
        )
        self._branches[known.id] = branch
        return known

    def _free(self, known: Known) -> str:
        """A branch that an origin has not had yet."""
        origin = known.record.origin
        first = branch_name(origin.system, origin.id) if origin else f"{FOLDER}{known.id.lower()}"
        return self._numbered.free(first)

    def tip(self, branch: str) -> str:
        """The commit that a branch has."""
        return branch_tip(self._root, branch, self._remote) or ""

    def sent(self, branch: str) -> None:
        """Take note that a branch is where others see it, so that nothing of it is taken back."""
        self._before.pop(branch, None)

    def look_again(self) -> None:
        """Take back what was committed and not sent, and see what others have sent meanwhile."""
        for branch, commit in self._before.items():
            put_back(self._root, branch, commit)
        self._before.clear()
        self._branches.clear()
        self._refresh()

    def _refresh(self) -> None:
        fetch_branches(self._root, FOLDER, self._remote)
        self._numbered = Numbered(self._root, self._remote, self._forge)
        self.__dict__.pop("_numbers", None)

    def moved_on(self, known: Known) -> Known | None:
        """Give a new record another number where a branch of the same moment has the same; else None.

        Each side sees the other after it has sent: the branch whose name is later in the alphabet
        yields, and each yields to one that has its pull request already.
        """
        own = self._branches[known.id]
        if self.archive.get(known.id) is not None:
            return None
        self._refresh()
        if not any(self._yields(own, branch, tip, known.path) for branch, tip in self._others(own)):
            return None
        name = self._numbers.next("incident", int(known.id.split("-")[1]))
        text = known.document.text
        self._branches[name.id] = own
        moved = known_as(name.id, home_of(name), text)
        message = f"Call it {{id}}, since another one of the same moment is {known.id}\n"
        return self._commit(moved, {known.path: None, home_of(name): text}, message)

    def _others(self, own: str) -> list[tuple[str, str]]:
        return [pair for pair in branches(self._root, FOLDER, self._remote).items() if pair[0] != own]

    def _yields(self, own: str, branch: str, tip: str, path: str) -> bool:
        if is_ancestor(self._root, tip, self._head) or not has_file(self._root, path, tip):
            return False
        pulls = self._numbered.pulls(branch)
        return not pulls.is_refused and (branch < own or bool(pulls.all))
