"""A whole list as one compact file: a column is an array, and what repeats is sent once."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

from incidentbook.pages.lists import Choice, Column, Kind, Listing, Record, ordered

FORMAT = 1
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_SECOND = timedelta(seconds=1)
_FIRST_DAY = date(1970, 1, 1).toordinal()


def encode(listing: Listing) -> bytes:
    """Write a list for the script that filters and sorts it (`static/js/lists/`).

    Numbers are sent as the differences to the one before, which are small where rows are in order, and
    null where there is none. Choices are sent as places in `choices`, whose order is the order in which
    they sort; several at once as places in `sets`.
    """
    columns = [
        _column(column, [row[at] for row in listing.rows]) for at, column in enumerate(listing.columns)
    ]
    whole = {"format": FORMAT, "rows": len(listing.rows), "columns": columns}
    return json.dumps(whole, ensure_ascii=False, separators=(",", ":")).encode()


def _column(column: Column, values: Sequence[Any]) -> dict[str, Any]:
    head: dict[str, Any] = {"key": column.key, "kind": column.kind, "place": column.place}
    if column.missing:
        head["missing"] = column.missing
    if column.code:
        head["code"] = True
    return {**head, **_WRITE[column.kind](column, values)}


def _records(column: Column, values: Sequence[Record]) -> dict[str, Any]:
    names, titles = zip(*values, strict=True) if values else ((), ())
    return {
        "folder": column.folder,
        "suffix": column.suffix,
        "named": column.named,
        "names": _texts(names),
        "titles": _texts(titles),
    }


def _texts(values: Sequence[str | None]) -> dict[str, Any]:
    """Texts as they are where most differ, else each once and where it stands."""
    once = dict.fromkeys(value for value in values if value is not None)
    if len(once) * 4 > len(values) * 3:
        return {"texts": values}
    places = {value: place for place, value in enumerate(once)}
    return {"once": list(once), "at": [None if value is None else places[value] for value in values]}


def _choice(column: Column, values: Sequence[Choice | None]) -> dict[str, Any]:
    every = ordered({value for value in values if value is not None}, column)
    places: dict[Choice | None, int | None] = {choice: place for place, choice in enumerate(every)}
    places[None] = None
    return {"choices": _trimmed(every), "at": [places[value] for value in values]}


def _several(column: Column, values: Sequence[tuple[Choice, ...]]) -> dict[str, Any]:
    different = set(values)
    every = ordered({choice for value in different for choice in value}, column)
    places = {choice: place for place, choice in enumerate(every)}
    sets = sorted([places[choice] for choice in value] for value in different)
    numbers = {tuple(members): number for number, members in enumerate(sets)}
    at = {value: numbers[tuple(places[choice] for choice in value)] for value in different}
    return {"choices": _trimmed(every), "sets": sets, "at": [at[value] for value in values]}


def _trimmed(choices: Iterable[Choice]) -> list[list[str]]:
    """Without the empty ends: most choices are a key and a word."""
    return [list(choice[: 4 if choice.path else 3 if choice.tone else 2]) for choice in choices]


def _numbers(of: Callable[[Any], int], unit: int = 1) -> Callable[[Column, Sequence[Any]], dict[str, Any]]:
    def write(_: Column, values: Sequence[Any]) -> dict[str, Any]:
        plain = [None if value is None else of(value) for value in values]
        by = 1 if unit == 1 or any(value is not None and value % unit for value in plain) else unit
        steps: list[int | None] = []
        last = 0
        for value in plain:
            if value is None:
                steps.append(None)
                continue
            now = value // by
            steps.append(now - last)
            last = now
        return {"unit": by, "steps": steps}

    return write


_WRITE: dict[Kind, Callable[[Column, Sequence[Any]], dict[str, Any]]] = {
    Kind.RECORD: _records,
    Kind.CHOICE: _choice,
    Kind.CHOICES: _several,
    Kind.INSTANT: _numbers(lambda instant: (instant - _EPOCH) // _SECOND, 60),
    Kind.DAY: _numbers(lambda day: day.toordinal() - _FIRST_DAY),
    Kind.DURATION: _numbers(lambda length: length // _SECOND, 60),
    Kind.NUMBER: _numbers(int),
    Kind.TEXT: lambda _, values: _texts(values),
}
