"""How records hang together, told from what is kept of each, without decoding them all."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from operator import itemgetter
from typing import Any, cast

from incidentbook.archive import Archive, Entry
from incidentbook.records import Incident, Review

_KIN = frozenset({"earlier", "problem", "known_error"})


class Relations:
    """The links of all records, or of those that were examined.

    `references` says whom each examined record names, and as what; `opened` when an incident was, in
    seconds since 1970, if it counts in any measure. Where only some records are known, `kin` follows
    those; `reviews_of` is always complete.
    """

    def __init__(
        self,
        archive: Archive,
        references: Mapping[str, Sequence[tuple[str, str]]],
        opened: Mapping[str, float],
    ) -> None:
        self._archive = archive
        self._references = references
        self._opened = opened
        self._by_opening: dict[frozenset[str], list[tuple[float, str]]] = {}

    def opened(self, id_: str) -> float | None:
        """When an incident was opened, if it counts."""
        return self._opened.get(id_)

    def kin(self, id_: str) -> frozenset[str]:
        """The incidents of one kind with this one, itself among them.

        As in `clocks`: those that name the same problem or known error, and earlier occurrences,
        in whatever chain.
        """
        return self._clans.get(id_, frozenset({id_}))

    def opened_between(self, id_: str, after: float, until: float) -> tuple[str, ...]:
        """Those of its kin that were opened after one time and not after another, in that order."""
        clan = self.kin(id_)
        ordered = self._by_opening.get(clan)
        if ordered is None:
            times = ((opened, other) for other in clan if (opened := self.opened(other)) is not None)
            ordered = self._by_opening[clan] = sorted(times)
        first = bisect_right(ordered, after, key=itemgetter(0))
        last = bisect_right(ordered, until, key=itemgetter(0))
        return tuple(other for _, other in ordered[first:last])

    def reviews_of(self, id_: str) -> tuple[Entry[Review], ...]:
        """The reviews that cover an incident: its own first, then those that list it."""
        own = self._archive.get(f"{id_}.review")
        ids = dict.fromkeys([own.id] if own is not None else [])
        ids.update(dict.fromkeys(self._covering.get(id_, ())))
        found = (self._archive.get(review) for review in ids)
        return tuple(cast("Entry[Review]", entry) for entry in found if entry is not None and entry.readable)

    @cached_property
    def _covering(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for entry in self._archive.entries:
            if entry.kind == "review":
                for incident in self._covered(entry):
                    found.setdefault(incident, []).append(entry.id)
        return found

    def _covered(self, entry: Entry[Any]) -> Iterable[str]:
        known = self._references.get(entry.id)
        if known is not None:
            return [target for target, relation in known if relation == "review"]
        return entry.record.incidents if entry.readable else ()

    @cached_property
    def _clans(self) -> dict[str, frozenset[str]]:
        near: dict[str, set[str]] = {}
        for id_, references in self._references.items():
            if id_.startswith("INC-"):
                for target, relation in references:
                    if relation in _KIN:
                        near.setdefault(id_, set()).add(target)
                        near.setdefault(target, set()).add(id_)
        clans: dict[str, frozenset[str]] = {}
        for id_ in near:
            if id_ not in clans:
                members = _reachable(id_, near)
                clan = frozenset(member for member in members if member.startswith("INC-"))
                clans.update(dict.fromkeys(members, clan))
        return clans


def _reachable(start: str, near: Mapping[str, Iterable[str]]) -> set[str]:
    found = {start}
    waiting = [start]
    while waiting:
        for other in near.get(waiting.pop(), ()):
            if other not in found:
                found.add(other)
                waiting.append(other)
    return found


def incident_of(entry: Entry[Any] | None) -> Incident | None:
    """The incident of an entry; None where there is none to be had."""
    if entry is None or not entry.readable:
        return None
    record = entry.record
    return record if isinstance(record, Incident) else None
