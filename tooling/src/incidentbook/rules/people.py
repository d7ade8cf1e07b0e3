"""Who wrote a commit, as schema/people.yml knows them."""

from __future__ import annotations

from collections.abc import Iterable

from incidentbook.gitrepo import Commit, Signature
from incidentbook.taxonomy.settings import Person


class Handles:
    """The people of a repository by the addresses that they commit with; case does not count."""

    def __init__(self, people: Iterable[Person]) -> None:
        self._by_email: dict[str, Person] = {}
        for person in people:
            for email in person.emails:
                self._by_email.setdefault(_plain(email), person)

    def __bool__(self) -> bool:
        return bool(self._by_email)

    def of(self, signature: Signature) -> Person | None:
        """Whom a signature names; None where nobody is known by its address."""
        return self.at(signature.email)

    def at(self, email: str) -> Person | None:
        """Who has an address."""
        return self._by_email.get(_plain(email))

    def listed(self) -> Iterable[tuple[str, Person]]:
        """Every address with whose it is."""
        return self._by_email.items()

    def authors(self, commit: Commit) -> frozenset[str]:
        """The handles of everybody who wrote a commit.

        A bot writes for others: its commit counts for its co-authors, and for nobody without any.
        """
        found = (self.of(signature) for signature in commit.people)
        return frozenset(person.handle for person in found if person is not None and not person.bot)

    def unknown(self, commit: Commit) -> tuple[Signature, ...]:
        """Who wrote a commit and is not known."""
        return tuple(signature for signature in commit.people if self.of(signature) is None)


def _plain(email: str) -> str:
    return email.strip().strip("<>").casefold()
