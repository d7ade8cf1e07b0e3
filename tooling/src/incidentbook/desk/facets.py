"""Whether what somebody narrows a list or a search down to is there at all."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from difflib import get_close_matches
from typing import Any

from incidentbook.archive import Records
from incidentbook.desk.filed import filed
from incidentbook.desk.searching import Query, facet_key, filed_under
from incidentbook.diagnostics import IncidentbookError
from incidentbook.records import KINDS
from incidentbook.taxonomy import Taxonomy

_LISTED = 30


class UnknownWishError(IncidentbookError):
    """Records are wanted by a value that nothing has; `known` are in the order in which they are listed."""

    def __init__(self, option: str, said: str, known: Collection[str]) -> None:
        names = list(known)
        close = get_close_matches(said, names, n=1)
        listed = ", ".join(names[:_LISTED]) + (", ..." if len(names) > _LISTED else "")
        advice = f"did you mean `{close[0]}`?" if close else f"there is {listed}"
        super().__init__(f"{option}: there is no `{said}`" + (f"; {advice}" if names else ""))


def states_of(kinds: Iterable[str]) -> list[str]:
    """The states of kinds, in the order of their lives."""
    return list(dict.fromkeys(state.value for kind in kinds for state in KINDS[kind].states))


def require_known(query: Query, records: Records[Any]) -> None:
    """Refuse a facet with which neither a word of schema/ begins nor what a record is filed under.

    Raises UnknownWishError.
    """
    for facet, value in query.facets:
        if facet == "year" and value.isdigit():
            continue  # of a year one may ask, and nothing is an answer
        names = list(dict.fromkeys(_known(facet, records.taxonomy)))
        if not any(facet_key(one).startswith(value) for one in names) and not _has(facet, value, records):
            raise UnknownWishError(facet, value, names)


def _has(facet: str, value: str, records: Records[Any]) -> bool:
    """Whether a record is filed so: an old one may name what schema/ has forgotten."""
    return any(
        facet_key(one).startswith(value)
        for entry in records.entries
        if entry.readable
        for one in filed_under(facet, filed(entry, records), records)
    )


def _known(facet: str, taxonomy: Taxonomy) -> Iterable[str]:
    match facet:
        case "kind":
            return KINDS
        case "state":
            return (*states_of(KINDS), "open")
        case "service":
            return (*(one.id for one in taxonomy.services), *(one.name for one in taxonomy.services))
        case "priority":
            return (one.id for one in taxonomy.priorities)
        case "team":
            return (one.id for one in taxonomy.teams)
        case "owner":
            return (one.handle for one in taxonomy.people)
        case "category":
            return (
                path
                for one in taxonomy.categories
                for path in (one.id, *(f"{one.id}/{below.id}" for below in one.subcategories))
            )
    return ()
