"""The branches of one thing that came in, one after the other, with the pull requests that each had."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from incidentbook.forge import Forge, ForgeError, PullRequest
from incidentbook.gitrepo.branches import branches
from incidentbook.intake.alerts.alert import hashed

FOLDER = "intake/"
"""What the names of our branches begin with."""


def branch_name(system: str, id_: str) -> str:
    """The first branch of something that came in: the same in every clone, and nothing of what it says."""
    slug = re.sub(r"[^a-z0-9]+", "-", system.lower()).strip("-")[:40] or "origin"
    return f"{FOLDER}{slug}-{hashed(system, id_)}"


@dataclass(frozen=True)
class Pulls:
    """What became of a branch; all is empty where the forge is not asked."""

    all: tuple[PullRequest, ...]

    @property
    def is_refused(self) -> bool:
        """Whether people closed what was asked for last, and nothing is open."""
        return bool(self.all) and not any(one.is_open for one in self.all) and self.all[0].is_refused

    def has_merged(self, tip: str) -> bool:
        """Whether all that is on the branch has been merged."""
        return any(one.merged_at is not None and one.tip == tip for one in self.all)


class Numbered:
    """Branches by the name of the first: `NAME`, `NAME-2` and so on, also those that are gone by now.

    Forges delete branches after merging, and remember their pull requests. Without a forge only the
    branches that there are count.
    """

    def __init__(self, root: Path, remote: str, forge: Forge | None) -> None:
        self._root = root
        self._remote = remote
        self._forge = forge
        self._asked: dict[str, Pulls] = {}

    def there(self, name: str) -> list[tuple[str, str]]:
        """The branches that there are, with their commits, in the order in which they were made."""
        pattern = re.compile(re.escape(name) + r"(-[0-9]{1,6})?")
        known = branches(self._root, name, self._remote)
        found = [(key, tip) for key, tip in known.items() if pattern.fullmatch(key)]
        return sorted(found, key=lambda pair: _number(pair[0], name))

    def pulls(self, branch: str) -> Pulls:
        """The pull requests of a branch."""
        if branch not in self._asked:
            self._asked[branch] = Pulls(self._ask(branch))
        return self._asked[branch]

    def _ask(self, branch: str) -> tuple[PullRequest, ...]:
        try:
            return self._forge.pull_requests(branch) if self._forge else ()
        except ForgeError:
            return ()  # what came in is written all the same; asking for it will say why it cannot

    def used(self, name: str) -> list[str]:
        """Every branch that is there or had a pull request."""
        there = self.there(name)
        last = _number(there[-1][0], name) if there else 0
        return list(self._used(name, last))

    def free(self, name: str) -> str:
        """The first name after all that were used."""
        return _nth(name, len(self.used(name)) + 1)

    def _used(self, name: str, last: int) -> Iterator[str]:
        for number in count(1):
            branch = _nth(name, number)
            if number > last and not self.pulls(branch).all:
                return
            yield branch


def _nth(name: str, number: int) -> str:
    return name if number == 1 else f"{name}-{number}"


def _number(branch: str, name: str) -> int:
    return int(branch.removeprefix(name).removeprefix("-") or "1")
