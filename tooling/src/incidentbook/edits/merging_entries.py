"""Which entry of one list is which of another, and in what order those of two lists stand in one."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from incidentbook.edits.merging_shapes import Entries

Key = Callable[[Any], str | None]
"""A text by which entries are held for the same; None where an entry has none."""


class Positions(NamedTuple):
    """Where an entry stands in the list before, in ours and in theirs."""

    base: int | None
    ours: int | None
    theirs: int | None


def pair(
    entries: Entries | None,
    before: Sequence[Any],
    after: Sequence[Any],
    meant: Callable[[Any], str],
    *,
    edited: bool = True,
) -> dict[int, int]:
    """Tell which entry of a list before is which of the list after.

    What is equal is paired first, then what has the same ID, then the same time, who and what. Where
    the second list may be an edited first one, weaker likenesses follow, wherever only one pair has them.
    """
    found: dict[int, int] = {}
    for key in _keys(entries, meant, edited=edited):
        left = _by_key(before, key, set(found))
        right = _by_key(after, key, set(found.values()))
        for name, indexes in left.items():
            others = right.get(name, [])
            if key is meant:
                found.update(zip(indexes, others, strict=False))  # equal ones in their order
            elif len(indexes) == len(others) == 1 and not _are_named_apart(
                before[indexes[0]], after[others[0]], entries
            ):
                found[indexes[0]] = others[0]
    return found


def _keys(entries: Entries | None, meant: Callable[[Any], str], *, edited: bool) -> Iterator[Key]:
    yield meant
    if entries is None or entries.named:
        yield _of(("id",), meant)
    if entries is None:
        return
    if entries.whole:
        yield _of(entries.whole, meant, some=True)
    if edited:
        if entries.place:
            yield _of(entries.place, meant)
        if entries.timed and entries.time:
            yield _of((entries.time,), meant)
        if entries.words:
            yield _of(entries.words, meant)


def _of(keys: Sequence[str], meant: Callable[[Any], str], *, some: bool = False) -> Key:
    """A key made of some keys of an entry, of which all must be there, or some."""

    def key(entry: Any) -> str | None:
        if not isinstance(entry, Mapping):
            return None
        values = [entry.get(each) for each in keys]
        present = [value for value in values if value is not None]
        if not present or (len(present) < len(values) and not some):
            return None
        return meant(values)

    return key


def _by_key(entries: Sequence[Any], key: Key, done: set[int]) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    for index, entry in enumerate(entries):
        name = None if index in done else key(entry)
        if name is not None:
            found.setdefault(name, []).append(index)
    return found


def _are_named_apart(one: Any, other: Any, entries: Entries | None) -> bool:
    """Two entries with different IDs are two, however like they are."""
    if entries is None or not entries.named:
        return False
    names = [each.get("id") for each in (one, other) if isinstance(each, Mapping)]
    return len(names) == 2 and None not in names and names[0] != names[1]


def arrange(places: Sequence[Positions], written: Callable[[Positions], str]) -> list[Positions]:
    """Put the entries of two lists in one order, that of each side as far as the other allows.

    Entries that were there before stand as the side has them that moved any; new ones stand behind the
    one that they were written behind. `written` decides who comes first where both sides added
    something in one place, so that it makes no difference which side is which.
    """
    kept = _kept([place for place in places if place.base is not None])
    groups: dict[int, list[Positions]] = {}
    for place in places:
        if place.base is None:
            groups.setdefault(max(_behind(place, kept)), []).append(place)
    ordered = _group(groups.get(-1, []), written)
    for index, place in enumerate(kept):
        ordered += [place, *_group(groups.get(index, []), written)]
    return ordered


def _kept(known: list[Positions]) -> list[Positions]:
    last = len(known)
    ours = sorted(known, key=lambda place: last if place.ours is None else place.ours)
    theirs = sorted(known, key=lambda place: last if place.theirs is None else place.theirs)
    moved = [order for order in (ours, theirs) if order != known]
    return moved[0] if moved and all(order == moved[0] for order in moved) else known


def _behind(place: Positions, kept: Sequence[Positions]) -> Iterator[int]:
    """The rank of the entry that a new one stands behind, on each side that has it."""
    for at, ranks in (
        (place.ours, [(other.ours, rank) for rank, other in enumerate(kept)]),
        (place.theirs, [(other.theirs, rank) for rank, other in enumerate(kept)]),
    ):
        if at is not None:
            before = [(index, rank) for index, rank in ranks if index is not None and index < at]
            yield max(before)[1] if before else -1


def _group(places: Sequence[Positions], written: Callable[[Positions], str]) -> list[Positions]:
    """The order of new entries in one place: those of one side together, in its order."""
    ours = sorted((place.ours, place) for place in places if place.ours is not None)
    theirs = sorted((place.theirs, place) for place in places if place.theirs is not None)
    runs = [[place for _, place in ours], [place for _, place in theirs]]
    runs.sort(key=lambda run: (-len(run), [written(place) for place in run]))
    return list(dict.fromkeys(runs[0] + runs[1]))
