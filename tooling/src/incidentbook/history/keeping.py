"""What versions of records said, kept in the repository's cache so that Git need not give them again."""

from __future__ import annotations

from datetime import date, datetime

import msgspec

from incidentbook.cache import Cache, code_fingerprint
from incidentbook.history.happening import EventType, Happening
from incidentbook.history.reading import Reading
from incidentbook.records import Incident, IncidentStatus, Level, RecordName
from incidentbook.records.parts import StoredText

_SPACE = "facts"
_TIMES_TOO_MANY = 2
"""So many times what is used may be kept before the rest is forgotten: branches come and go."""


class _Fact(msgspec.Struct, frozen=True, array_like=True):
    """A happening; `at` and `day` are two, for in JSON both would be texts."""

    type: EventType
    key: tuple[str, ...]
    at: datetime | None
    day: date | None
    detail: dict[str, str]
    entry: str | None


class _Turning(msgspec.Struct, frozen=True, array_like=True):
    """What of an incident shows only beside another version: what a priority comes from."""

    status: IncidentStatus
    major: bool
    impact: Level | None
    urgency: Level | None
    priority: StoredText | None
    opened: datetime | None
    declared: datetime | None


class _Version(msgspec.Struct, frozen=True, array_like=True):
    facts: tuple[_Fact, ...]
    turning: _Turning | None


_ENCODER = msgspec.json.Encoder()
_DECODER = msgspec.json.Decoder(_Version)
_NOTHING = b""
"""What is kept of a version that cannot be read."""


class Keeping:
    """Readings by version. What is damaged, or was read by other code, is as good as absent.

    A taxonomy is no part of them: what a record says happened does not depend on it.
    """

    def __init__(self, cache: Cache) -> None:
        self._cache = cache
        self._code = f"{code_fingerprint()}/"
        self._stored = cache.get_all(_SPACE)
        self._new: dict[str, bytes] = {}
        self._used: set[str] = set()

    def has(self, name: RecordName, blob: str) -> bool:
        """Whether a version is here."""
        return self._key(name, blob) in self._stored

    def get(self, name: RecordName, blob: str) -> Reading | None:
        """What a version said, None where it could not be read. Raises KeyError where it is not here."""
        key = self._key(name, blob)
        data = self._stored[key]
        self._used.add(key)
        try:
            return None if data == _NOTHING else _reading(name, _DECODER.decode(data))
        except msgspec.DecodeError as error:
            raise KeyError(key) from error

    def put(self, name: RecordName, blob: str, reading: Reading | None) -> None:
        """Keep what a version said."""
        self._new[self._key(name, blob)] = _NOTHING if reading is None else _ENCODER.encode(_kept(reading))

    def save(self) -> None:
        """Write what is new; forget what nobody asked for, once there is more of it than of the rest."""
        self._cache.put_many(_SPACE, self._new)
        used = self._used | self._new.keys()
        if len(self._stored | self._new) > _TIMES_TOO_MANY * len(used):
            self._cache.forget(_SPACE, self._stored.keys() - used)

    def _key(self, name: RecordName, blob: str) -> str:
        return f"{self._code}{name.kind}/{name.id}/{blob}"


def _kept(reading: Reading) -> _Version:
    return _Version(tuple(map(_fact, reading.facts.values())), _turning(reading))


def _fact(fact: Happening) -> _Fact:
    at = fact.at
    if isinstance(at, datetime):
        return _Fact(fact.type, fact.key, at, None, dict(fact.detail), fact.entry)
    return _Fact(fact.type, fact.key, None, at, dict(fact.detail), fact.entry)


def _turning(reading: Reading) -> _Turning | None:
    one = reading.record
    if not isinstance(one, Incident):
        return None
    return _Turning(one.status, one.major, one.impact, one.urgency, one.priority, one.opened, one.declared)


def _reading(name: RecordName, version: _Version) -> Reading:
    facts = {
        fact.key: Happening(fact.type, name, fact.key, fact.at or fact.day, fact.detail, fact.entry)
        for fact in version.facts
    }
    return Reading(name, _incident(version.turning) if version.turning else None, facts, None, None)


def _incident(turning: _Turning) -> Incident:
    return Incident(
        title="", status=turning.status, major=turning.major, impact=turning.impact,
        urgency=turning.urgency, priority=turning.priority, opened=turning.opened,
        declared=turning.declared,
    )  # fmt: skip
