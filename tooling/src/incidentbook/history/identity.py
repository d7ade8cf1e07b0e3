"""Which versions are those of one record, whatever it was called and on whichever branch it was changed."""

from __future__ import annotations

from dataclasses import dataclass, field

from incidentbook.history.happening import Key
from incidentbook.history.reading import Reading
from incidentbook.records import RecordName


@dataclass(eq=False, slots=True)
class Life:
    """One record through all its versions: what it is called, and what it has told so far."""

    name: RecordName
    reading: Reading | None = None
    told: set[Key] = field(default_factory=set)


class Lives:
    """The records of a history, each known by the versions that it had.

    An ID alone does not tell: two branches may both have taken it, until one of the records is
    renumbered; and then the other still has it.
    """

    def __init__(self) -> None:
        self._by_version: dict[tuple[str, str], Life] = {}
        self._by_name: dict[str, Life] = {}

    def known(self, name: RecordName, blob: str) -> Life | None:
        """The record that had this version under this name."""
        return self._by_version.get((name.id, blob))

    def find(self, name: RecordName, blob: str, reading: Reading | None) -> Life:
        """The record to which a version belongs whose predecessor is not known.

        It is the one that had this very version, as after a revert, or that has the ID and began at the
        same time, as where a commit was picked onto another branch; else another one, with a life of
        its own.
        """
        life = self.known(name, blob)
        if life is None:
            life = self._by_name.get(name.id)
            if life is None or not _may_be_one(life.reading, reading):
                life = Life(name)
        self.adopt(life, name, blob, reading)
        return life

    def adopt(self, life: Life, name: RecordName, blob: str, reading: Reading | None) -> None:
        """Note that a version is one of a record's, which is called so from now on."""
        if life.name.id != name.id and self._by_name.get(life.name.id) is life:
            del self._by_name[life.name.id]
        life.name = name
        life.reading = reading or life.reading
        self._by_version[name.id, blob] = life
        self._by_name[name.id] = life


def _may_be_one(one: Reading | None, other: Reading | None) -> bool:
    if one is None or other is None or one.birth is None or other.birth is None:
        return True
    return one.birth == other.birth
