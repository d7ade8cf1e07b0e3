"""What somebody wants a record to be called, and whether it may be."""

from __future__ import annotations

import re
from dataclasses import dataclass

from incidentbook.archive import Archive
from incidentbook.diagnostics import IncidentbookError
from incidentbook.edits.numbers import Numbers, names_in_use
from incidentbook.edits.renumbering_plan import Race, known_as
from incidentbook.records import KINDS

_ID = re.compile(r"(?P<prefix>[A-Za-z]{3})-(?P<year>\d{4})-(?P<number>\d{1,9})", re.ASCII)


class NoSuchRecordError(IncidentbookError):
    """There is no record of this ID."""

    def __init__(self, id_: str) -> None:
        super().__init__(f"there is no record `{id_}`; name an incident, maintenance, problem or article")


class BadNewNameError(IncidentbookError):
    """What the record is to be called does not fit it."""

    def __init__(self, new: str, expected: str) -> None:
        super().__init__(f"the new ID is `{new}`; expected {expected}")


class NameTakenError(IncidentbookError):
    """Another record has the new ID, here or on a branch."""

    def __init__(self, new: str) -> None:
        super().__init__(
            f"{new} is taken, here or on a branch that this clone knows; leave the new ID out to get a free "
            "one, or add --references where the record has moved there already"
        )


class NeedsNewNameError(IncidentbookError):
    """The new ID cannot be found out."""

    def __init__(self, reason: str) -> None:
        super().__init__(f"say the new ID too: {reason}")


@dataclass(frozen=True)
class Wish:
    """What the user said."""

    kind: str
    old: str
    new: str | None
    base: str | None
    side: str | None


def wish_of(id_: str, new: str | None, base: str | None, side: str | None) -> Wish:
    """Read what the user typed. Raises NoSuchRecordError or BadNewNameError."""
    old, wanted = _spelt_out(id_), None if new is None else _spelt_out(new)
    kind = next((row for row in KINDS.values() if row.name_pattern.fullmatch(old)), None)
    if kind is None or kind.name == "review":
        raise NoSuchRecordError(id_)
    if wanted is not None:
        _refuse_unfitting(old, wanted, kind.prefix)
        if not kind.name_pattern.fullmatch(wanted):
            raise BadNewNameError(wanted, f"a name such as `{old}`")
    return Wish(kind.name, old, wanted, base, side)


def _refuse_unfitting(old: str, new: str, prefix: str) -> None:
    year = old.split("-")[1] if prefix else ""
    if prefix and not new.startswith(f"{prefix}-{year}-"):
        raise BadNewNameError(new, f"one that begins with {prefix}-{year}-: kind and year of a record stay")
    if new == old:
        raise BadNewNameError(new, "another one than it has")


def _spelt_out(id_: str) -> str:
    """An ID with its zeros, which people leave out."""
    match = _ID.fullmatch(id_)
    return f"{match['prefix'].upper()}-{match['year']}-{int(match['number']):04}" if match else id_


def new_name(archive: Archive, wish: Wish, race: Race | None) -> str:
    """The name to move to: the one that was said, else the next free ID over all branches here.

    In a race it is the one that the loser has got already, where it has. Raises NameTakenError or
    NeedsNewNameError.
    """
    known = known_as(race, wish.kind, wish.old) if race is not None else None
    if known is not None and wish.new in (None, known.id):
        return known.id
    names = names_in_use(archive)
    if wish.new is not None:
        if any(name == wish.new or name.startswith(f"{wish.new}.") for name in names):
            raise NameTakenError(wish.new)
        return wish.new
    if not KINDS[wish.kind].prefix:
        raise NeedsNewNameError("an article has a name and no number")
    # the branch that is being merged may be one of no remote here
    trees = (race.winner, race.loser) if race else ()
    names |= {path.rpartition("/")[2] for tree in trees for path in tree.paths()}
    return Numbers([*names, wish.old]).next(wish.kind, int(wish.old.split("-")[1])).id
