"""Which versions are those of one record, whatever it was called and on whichever branch it was changed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from incidentbook.gitrepo import Commit
from incidentbook.history.happening import Happening, Key
from incidentbook.history.pairing import Facts, continued
from incidentbook.history.reading import Reading
from incidentbook.records import RecordName


@dataclass(eq=False, slots=True)
class Told:
    """One thing that happened, by whatever keys versions of its record know it, the newest first.

    What was said before the story began has no happening.
    """

    happening: Happening | None
    commit: Commit | None
    life: Life
    keys: list[Key]


@dataclass(eq=False, slots=True)
class Life:
    """One record through all its versions: what it is called, and what it has told so far.

    `is_gone` says that it was deleted and has not come back. `has_renamed` that something in it is known
    by more than one key.
    """

    name: RecordName
    reading: Reading | None = None
    told: dict[Key, Told] = field(default_factory=dict)
    is_gone: bool = False
    has_renamed: bool = False

    def know(self, told: Told, key: Key) -> None:
        """Note that something is known by a key from now on, and nothing else is."""
        former = self.told.get(key)
        if former is not told:
            if former is not None:
                former.keys.remove(key)
            self.told[key] = told
            if key not in told.keys:
                told.keys.insert(0, key)
                self.has_renamed = self.has_renamed or len(told.keys) > 1


def recognised(life: Life, facts: Facts, earlier: Sequence[Facts]) -> dict[Key, Told]:
    """What a version says that was told already, by its keys in this version; no two are one thing.

    What a version before it says is that; then comes what any version said, as where a commit was picked,
    and what a version before said in other words.
    """
    continuing = continued(facts, *earlier)
    if not continuing and not life.has_renamed:  # each key is a thing of its own
        return {key: told for key in facts if (told := life.told.get(key)) is not None}
    inherited = [key for key in facts if any(key in one for one in earlier)]
    found: dict[Key, Told] = {}
    taken: set[int] = set()
    for key in dict.fromkeys((*inherited, *facts)):
        told = life.told.get(key) or life.told.get(continuing.get(key, key))
        if told is not None and id(told) not in taken:
            taken.add(id(told))
            found[key] = told
    return found


class Lives:
    """The records of a history, each known by the versions that it had.

    An ID alone does not tell: two branches may both have taken it, until one of the records is
    renumbered; and then the other still has it.
    """

    def __init__(self) -> None:
        self._by_version: dict[tuple[str, str], Life] = {}
        self._by_name: dict[str, Life] = {}
        self._all: list[Life] = []

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
                self._all.append(life)
        self.adopt(life, name, blob, reading)
        return life

    def adopt(self, life: Life, name: RecordName, blob: str, reading: Reading | None) -> None:
        """Note that a version is one of a record's, which is called so from now on."""
        if life.name.id != name.id:
            self._leave(life)
        life.name = name
        life.reading = reading or life.reading
        self._by_version[name.id, blob] = life
        self._by_name[name.id] = life

    def _leave(self, life: Life) -> None:
        """Give an ID to the other record that took it, if one did."""
        if self._by_name.get(life.name.id) is life:
            del self._by_name[life.name.id]
            for other in self._all:
                if other is not life and other.name.id == life.name.id:
                    self._by_name[life.name.id] = other

    def displaced(self, name: RecordName, reading: Reading | None) -> Life | None:
        """The record that a merge calls so, because another one has the ID that both had taken.

        Git cannot tell: the old name is still there. The record began when this version says it did.
        """
        if reading is None or reading.birth is None:
            return None
        shared = Counter(life.name.id for life in self._all if not life.is_gone)
        found = [
            life
            for life in self._all
            if shared[life.name.id] > 1 and life.name.kind == name.kind and _is_of(life, reading)
        ]
        found = [life for life in found if _title(life.reading) == _title(reading)] or found
        return found[0] if len(found) == 1 else None


def _is_of(life: Life, reading: Reading) -> bool:
    return life.reading is not None and life.reading.birth == reading.birth


def _title(reading: Reading | None) -> str | None:
    return reading.beginning.detail.get("title") if reading is not None else None


def _may_be_one(one: Reading | None, other: Reading | None) -> bool:
    if one is None or other is None or one.birth is None or other.birth is None:
        return True
    return one.birth == other.birth
