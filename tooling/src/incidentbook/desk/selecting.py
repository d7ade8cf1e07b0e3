"""Which records somebody wants to see: by kind, state, service, team, time and words."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from incidentbook.archive import Records
from incidentbook.desk.facets import UnknownWishError, require_known, states_of
from incidentbook.desk.filed import Filed, filed
from incidentbook.desk.searching import Query, found_in
from incidentbook.records import KINDS
from incidentbook.taxonomy import Taxonomy


@dataclass(frozen=True, kw_only=True)
class Wish:
    """What somebody wants to see; several values of one sort mean any of them, several sorts all of them."""

    kinds: tuple[str, ...] = ()
    states: tuple[str, ...] = ()
    services: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    priorities: tuple[str, ...] = ()
    teams: tuple[str, ...] = ()
    owners: tuple[str, ...] = ()
    only_open: bool = False
    only_major: bool = False
    since: datetime | None = None
    until: datetime | None = None
    text: str = ""


def select(records: Records[Any], wish: Wish) -> tuple[Filed, ...]:
    """Return what is wanted, by kind and then the newest first. Raises UnknownWishError."""
    kinds = wish.kinds or tuple(KINDS)
    wish = _known(wish, kinds, records.taxonomy)
    query = Query.parsed(wish.text)
    require_known(query, records)
    found: list[Filed] = []
    for kind in kinds:
        rows = [
            row
            for entry in records.of_kind(kind)
            if _fits(row := filed(entry, records), wish)
            and (not wish.text or found_in(entry, query, records) is not None)
        ]
        found += sorted(rows, key=_newest_first)
    return tuple(found)


def _newest_first(row: Filed) -> tuple[bool, float, tuple[int, int, str]]:
    name = row.entry.name
    return (
        row.at is None,
        -row.at.timestamp() if row.at else 0.0,
        (-(name.year or 0), -(name.number or 0), name.id),
    )


def _known(wish: Wish, kinds: Iterable[str], taxonomy: Taxonomy) -> Wish:
    """The wish in the words of schema/. Raises UnknownWishError."""
    from dataclasses import replace  # noqa: PLC0415

    states = states_of(kinds)
    return replace(
        wish,
        states=tuple(_one("--state", said.replace("-", "_"), states) for said in wish.states),
        services=tuple(_service(said, taxonomy) for said in wish.services),
        categories=tuple(_category(said, taxonomy) for said in wish.categories),
        priorities=tuple(
            _one("--priority", said.upper(), [one.id for one in taxonomy.priorities])
            for said in wish.priorities
        ),
        teams=tuple(_one("--team", said, sorted(one.id for one in taxonomy.teams)) for said in wish.teams),
        owners=tuple(
            _one("--owner", said, sorted(one.handle for one in taxonomy.people)) for said in wish.owners
        ),
    )


def _one(option: str, said: str, known: Collection[str]) -> str:
    if said not in known:
        raise UnknownWishError(option, said, known)
    return said


def _service(said: str, taxonomy: Taxonomy) -> str:
    service = taxonomy.service(said)
    if service is None:
        raise UnknownWishError("--service", said, sorted(one.id for one in taxonomy.services))
    return service.id


def _category(said: str, taxonomy: Taxonomy) -> str:
    if taxonomy.category(said) is None:
        raise UnknownWishError("--category", said, sorted(one.id for one in taxonomy.categories))
    return said


def _fits(row: Filed, wish: Wish) -> bool:
    return (
        (not wish.states or row.state in wish.states)
        and (not wish.services or not set(wish.services).isdisjoint(row.services))
        and (not wish.categories or _is_in(row.category, wish.categories))
        and (not wish.priorities or row.priority in wish.priorities)
        and (not wish.teams or row.team in wish.teams)
        and (not wish.owners or row.owner in wish.owners)
        and (row.is_open or not wish.only_open)
        and (row.is_major or not wish.only_major)
        and (wish.since is None or (row.at is not None and row.at >= wish.since))
        and (wish.until is None or (row.at is not None and row.at < wish.until))
    )


def _is_in(category: str | None, wanted: Collection[str]) -> bool:
    return category is not None and any(category == one or category.startswith(f"{one}/") for one in wanted)
