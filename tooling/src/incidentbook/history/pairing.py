"""Which thing that a version of a record says is one that an earlier version said in other words."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence

from incidentbook.history.happening import Happening, Key

Facts = Mapping[Key, Happening]


def continued(after: Facts, *before: Facts) -> dict[Key, Key]:
    """For what a version says anew: under which key an earlier one said it, where it is the same thing.

    A time that was corrected, a text that was edited and an ID that a merge gave are no news. What has an
    earlier version's key is not asked for; what no earlier version is like is missing from the answer.
    """
    found: dict[Key, Key] = {}
    if all(facts.keys() <= after.keys() for facts in before):
        return found  # most versions only say more
    new = {key: fact for key, fact in after.items() if not any(key in facts for facts in before)}
    for facts in before if new else ():
        gone = {key: fact for key, fact in facts.items() if key not in after}
        found.update(_pairs(_left(new, found), _left(gone, {old: old for old in found.values()})))
    if len(before) == 1 and len(found) < len(new):
        found.update(_in_place(after, before[0], found))
    return found


def _left(facts: Facts, done: Mapping[Key, Key]) -> Facts:
    return {key: fact for key, fact in facts.items() if key not in done}


def _pairs(new: Facts, gone: Facts) -> Iterator[tuple[Key, Key]]:
    """First what has the same ID, then what says the same of another time, then what it says of this one."""
    new, gone = dict(new), dict(gone)
    for likeness in (_entry, _content, _time):
        ours, theirs = _single(new, likeness), _single(gone, likeness)
        for mark, key in ours.items():
            earlier = theirs.get(mark)
            if earlier is not None and not _are_named_apart(new[key], gone[earlier]):
                del new[key], gone[earlier]
                yield key, earlier


def _single(facts: Facts, likeness: Callable[[Happening], Hashable | None]) -> dict[Hashable, Key]:
    """What a likeness tells from everything else: where two have it, nobody knows which is which."""
    found: dict[Hashable, list[Key]] = {}
    for key, fact in facts.items():
        mark = likeness(fact)
        if mark is not None:
            found.setdefault((key[0], mark), []).append(key)
    return {mark: keys[0] for mark, keys in found.items() if len(keys) == 1}


def _entry(fact: Happening) -> Hashable | None:
    return fact.entry


def _content(fact: Happening) -> Hashable | None:
    return tuple(sorted(fact.detail.items()))


def _time(fact: Happening) -> Hashable | None:
    return fact.at


def _are_named_apart(one: Happening, other: Happening) -> bool:
    return None not in (one.entry, other.entry) and one.entry != other.entry


def _in_place(after: Facts, before: Facts, found: Mapping[Key, Key]) -> Iterator[tuple[Key, Key]]:
    """What stands between the same neighbours as something that is gone was written over it."""
    known = {key: found.get(key, key) for key in after}
    kept = set(known.values())
    places = {(key[0], left, right): key for key, left, right in _neighbours(list(before)) if key not in kept}
    for key, left, right in _neighbours(list(after)):
        if known[key] not in before:
            earlier = places.get((key[0], left and known[left], right and known[right]))
            if earlier is not None and not _are_named_apart(after[key], before[earlier]):
                yield key, earlier


def _neighbours(keys: Sequence[Key]) -> Iterator[tuple[Key, Key | None, Key | None]]:
    """Each key with those of its type before and after it."""
    of_type: dict[str, list[Key]] = {}
    for key in keys:
        of_type.setdefault(key[0], []).append(key)
    for row in of_type.values():
        yield from zip(row, [None, *row[:-1]], [*row[1:], None], strict=True)
