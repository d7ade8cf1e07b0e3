"""How everything that may be found is filed: the facets to choose from, and a column for each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from incidentbook.mkdocs_plugin.search.blocks import Filed

FACETS = {"kind": "Kind", "service": "Service", "state": "State", "priority": "Priority", "year": "Year"}
"""What entries are filed under, and what the reader reads, in the order of the dialog."""

_NEWEST_FIRST = {"year"}
_FIRST = {"open"}
"""Values that stand before the others of their facet."""


@dataclass(frozen=True)
class Facet:
    """One thing by which a reader may narrow: its values, in words, with how many entries have each."""

    name: str
    values: tuple[tuple[str, str, int], ...]

    @cached_property
    def numbers(self) -> dict[str, int]:
        """The number by which a column names each value."""
        return {value: number for number, (value, _, _) in enumerate(self.values)}

    def shown(self) -> dict[str, Any]:
        """The facet as the manifest has it."""
        return {"name": self.name, "title": FACETS[self.name], "values": self.values}


def facets_of(filed: Iterable[Filed]) -> list[Facet]:
    """The facets in which there is anything to choose."""
    counts: dict[str, Counter[str]] = {name: Counter() for name in FACETS}
    labels: dict[tuple[str, str], str] = {}
    for one in filed:
        for name, value, label in one.filters:
            counts[name][value] += 1
            labels[name, value] = min(label, labels.get((name, value), label))
    return [_facet(name, found, labels) for name, found in counts.items() if found]


def _facet(name: str, counts: Counter[str], labels: dict[tuple[str, str], str]) -> Facet:
    ordered = sorted(
        counts,
        key=lambda value: (value not in _FIRST, labels[name, value].casefold(), value),
        reverse=name in _NEWEST_FIRST,
    )
    return Facet(name, tuple((value, labels[name, value], counts[value]) for value in ordered))


def columns_of(filed: Sequence[Filed], facets: Iterable[Facet]) -> dict[str, list[Any]]:
    """For each entry its day, as the step from the one before; and by facet the number of its value.

    Values are -1 for none, a number for one, a list for more.
    """
    days = [one.day for one in filed]
    columns: dict[str, list[Any]] = {
        "day": [day - before for day, before in zip(days, [0, *days], strict=False)]
    }
    for facet in facets:
        columns[facet.name] = [_cell(one, facet) for one in filed]
    return columns


def _cell(filed: Filed, facet: Facet) -> int | list[int]:
    numbers = sorted({facet.numbers[value] for name, value, _ in filed.filters if name == facet.name})
    if len(numbers) == 1:
        return numbers[0]
    return numbers or -1
