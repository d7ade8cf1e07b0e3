"""The versions of records that a history needs, each read once, and while Git is still listing."""

from __future__ import annotations

from collections import OrderedDict, deque
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from incidentbook.gitrepo import Commit, CommitChanges, read_blobs
from incidentbook.history.keeping import Keeping
from incidentbook.history.reading import Reading, read_version
from incidentbook.history.steps import Step, steps_of
from incidentbook.records import RecordName

_KEPT = 4_000
"""So many versions are kept for the commits that come after them; others are read again."""

Place = tuple[str, str]
"""A version by the ID under which it is read, and its blob."""


@dataclass(frozen=True, slots=True)
class _Planned:
    """A commit whose versions are on their way, and those that nobody is expected to need after it."""

    commit: Commit
    steps: tuple[Step, ...]
    forgotten: tuple[Place, ...]


class Versions:
    """Reads the commits of a walk together with the versions of records that they speak of.

    What is asked of Git is planned while commits are listed, so that one process answers all of it.
    """

    def __init__(self, root: Path, keeping: Keeping | None = None) -> None:
        self._root = root
        self._keeping = keeping
        self._kept: OrderedDict[Place, None] = OrderedDict()
        self._queue: deque[Place | _Planned] = deque()
        self._data: dict[Place, bytes] = {}
        self._readings: dict[Place, Reading | None] = {}

    def commits(self, walked: Iterable[CommitChanges]) -> Iterator[tuple[Commit, tuple[Step, ...]]]:
        """Yield commits with what they did to records, each as soon as its versions are there."""
        for data in read_blobs(self._root, self._plan(walked)):
            yield from self._ready()
            place = self._queue.popleft()
            assert isinstance(place, tuple)  # noqa: S101  what is not ready waits for its data
            self._data[place] = data
        yield from self._ready()

    def _ready(self) -> Iterator[tuple[Commit, tuple[Step, ...]]]:
        while self._queue and isinstance(planned := self._queue[0], _Planned):
            self._queue.popleft()
            yield planned.commit, planned.steps
            for place in planned.forgotten:
                self._data.pop(place, None)
                self._readings.pop(place, None)

    def _plan(self, walked: Iterable[CommitChanges]) -> Iterator[str]:
        for found in walked:
            steps = steps_of(found.changes)
            if not steps:
                continue
            for name, blob in (version for step in steps for version in step.versions):
                place = (name.id, blob)
                if place in self._kept:
                    self._kept.move_to_end(place)
                else:
                    self._kept[place] = None
                    if self._keeping is None or not self._keeping.has(name, blob):
                        self._queue.append(place)
                        yield blob
            surplus = max(len(self._kept) - _KEPT, 0)
            forgotten = tuple(self._kept.popitem(last=False)[0] for _ in range(surplus))
            self._queue.append(_Planned(found.commit, steps, forgotten))

    def missing(self, versions: Iterable[tuple[RecordName, str]]) -> list[tuple[RecordName, str]]:
        """Those of some versions that nobody has read yet, or that were forgotten."""
        here = self._data.keys() | self._readings.keys()
        return [(name, blob) for name, blob in dict.fromkeys(versions) if (name.id, blob) not in here]

    def give(self, name: RecordName, blob: str, data: bytes) -> None:
        """Hand in a version that did not come with a commit."""
        self._data[name.id, blob] = data
        self._kept[name.id, blob] = None

    def fetch(self, versions: Iterable[tuple[RecordName, str]]) -> None:
        """Ask Git for versions that did not come with a commit."""
        wanted = self.missing(versions)
        for (name, blob), data in zip(
            wanted, read_blobs(self._root, (blob for _, blob in wanted)), strict=True
        ):
            self.give(name, blob, data)

    def read(self, name: RecordName, blob: str, earlier: Reading | None = None) -> Reading | None:
        """What a version says; where it cannot be read, what the one before it said."""
        place = (name.id, blob)
        if place not in self._readings:
            self._readings[place] = self._kept_or_read(name, blob, earlier) or earlier
        return self._readings[place]

    def _kept_or_read(self, name: RecordName, blob: str, earlier: Reading | None) -> Reading | None:
        place = (name.id, blob)
        if self._keeping is not None and place not in self._data:
            with suppress(KeyError):
                return self._keeping.get(name, blob)
            self.fetch([(name, blob)])
        reading = read_version(name, self._data.pop(place), earlier)
        if self._keeping is not None:
            self._keeping.put(name, blob, reading)
        return reading
