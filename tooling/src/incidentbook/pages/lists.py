"""A long list: what its columns are, what stands in its rows, and the page that shows it.

The page itself holds the first rows as a table, which needs no script. The whole list is one more
file (`list_data`), which the page asks for only where its reader filters, sorts or turns to another page.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cached_property
from typing import Any, NamedTuple

from incidentbook.pages.page import Page
from incidentbook.publication import Output

SHOWN = 100
"""How many rows the page itself holds, and each page of the list."""

NAMED = 60
"""How many values of a facet the page itself names, the commonest; the others come with the list."""

DATA = "list.json"
"""The name of the file with the whole list, beside its page."""

NOTHING = "-"
"""In an address: what has no value. No key begins like this."""


class Kind(StrEnum):
    """What the values of a column are, and so how they are shown, sorted and sent."""

    RECORD = "record"
    CHOICE = "choice"
    CHOICES = "choices"
    INSTANT = "instant"
    DAY = "day"
    DURATION = "duration"
    NUMBER = "number"
    TEXT = "text"


class Place(StrEnum):
    """Where a column stands: in a cell of its own, with the record's title, or only among the filters."""

    CELL = "cell"
    TAG = "tag"
    NOTE = "note"
    UNSEEN = "unseen"


class Facet(StrEnum):
    """Whether one may filter by a column: always in sight, or among the further filters."""

    NONE = ""
    FIRST = "first"
    FURTHER = "further"


class Record(NamedTuple):
    """What a row is about: the address of its page in `folder`, the words for it, its ID if it has one."""

    name: str
    title: str


class Choice(NamedTuple):
    """One of few values: its key in addresses, its words; shown as a chip by its tone, or as a link."""

    key: str
    label: str
    tone: str = ""
    path: str = ""


@dataclass(frozen=True)
class Column:
    """One column.

    `key` names it in addresses. `order` sorts the values of a choice (by default by their words, without
    which they sort as they are given here); `missing` is what a filter calls rows that have none. Of a
    record, `folder` and `suffix` stand around its name in the address of its page, and `named` says that
    the name is shown. `code` says that words between backticks are code.
    """

    key: str
    title: str
    kind: Kind
    place: Place = Place.CELL
    facet: Facet = Facet.NONE
    order: Sequence[str] = ()
    descending: bool = False
    missing: str = ""
    folder: str = ""
    suffix: str = "/"
    named: bool = True
    code: bool = False
    filter_title: str = ""

    @property
    def asks(self) -> str:
        """What its filter is called."""
        return self.filter_title or self.title

    @property
    def css(self) -> str:
        """The class of its cells."""
        return _CSS.get(self.kind, "")

    @property
    def sorts_down(self) -> bool:
        """Whether one wants the largest first."""
        return self.kind in {Kind.INSTANT, Kind.DURATION, Kind.NUMBER}


_CSS = {
    Kind.RECORD: "ib-cell-title",
    Kind.CHOICES: "ib-cell-services",
    Kind.INSTANT: "ib-cell-time",
    Kind.DAY: "ib-cell-time",
    Kind.DURATION: "ib-number",
    Kind.NUMBER: "ib-number",
}

Row = tuple[Any, ...]
"""The values of one row, one a column; None, or no choices, where there is none."""


SERVICES = Column(
    *("service", "Services", Kind.CHOICES),
    facet=Facet.FIRST,
    missing="No service",
    filter_title="Service",
)
"""The same in each list whose records are about services."""


@dataclass(frozen=True, slots=True)
class Option:
    """One value to filter by, and how many rows have it."""

    key: str
    label: str
    count: int


@dataclass(frozen=True)
class Question:
    """One filter: what it is called in addresses and to readers, and the values that it offers."""

    key: str
    title: str
    options: tuple[Option, ...]
    further: bool


@dataclass(frozen=True)
class Listing:
    """A whole list in its first order: columns that no row fills are left out.

    `one` and `many` name what its rows are. `sorted_by` is the column that the first order is by, with a
    minus where the largest is first; empty where the order is its own. `everywhere` says that the table
    is the whole of it, whatever its length: there is no file to ask for more.
    """

    one: str
    many: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    sorted_by: str = ""
    everywhere: bool = False

    @classmethod
    def of(
        cls, nouns: tuple[str, str], columns: Sequence[Column], rows: Iterable[Row], sorted_by: str = ""
    ) -> Listing:
        """Make a list of rows, and drop the columns that none of them fills."""
        every = tuple(rows)
        filled = [
            at
            for at, column in enumerate(columns)
            if column.kind is Kind.RECORD or any(row[at] not in (None, ()) for row in every)
        ]
        if len(filled) < len(columns):
            columns = [columns[at] for at in filled]
            every = tuple(tuple(row[at] for at in filled) for row in every)
        return cls(*nouns, tuple(columns), every, sorted_by)

    @property
    def shown(self) -> tuple[Row, ...]:
        """The rows that stand in the page."""
        return self.rows if self.everywhere else self.rows[:SHOWN]

    @property
    def noun(self) -> str:
        """What the rows are, all of them."""
        return self.one if len(self.rows) == 1 else self.many

    @cached_property
    def cells(self) -> tuple[tuple[int, Column], ...]:
        """The columns that have cells, with their places in a row."""
        return self._at(Place.CELL)

    @cached_property
    def tags(self) -> tuple[tuple[int, Column], ...]:
        """The columns that stand beside the title."""
        return self._at(Place.TAG)

    @cached_property
    def notes(self) -> tuple[tuple[int, Column], ...]:
        """The columns that stand below the title."""
        return self._at(Place.NOTE)

    def _at(self, place: Place) -> tuple[tuple[int, Column], ...]:
        return tuple((at, column) for at, column in enumerate(self.columns) if column.place is place)

    @cached_property
    def questions(self) -> tuple[Question, ...]:
        """The filters, the further ones last; one that has nothing to choose between is left out."""
        asked = (self._question(at, column) for at, column in enumerate(self.columns) if column.facet)
        useful = (question for question in asked if len(question.options) > 1)
        return tuple(sorted(useful, key=lambda question: question.further))

    def _question(self, at: int, column: Column) -> Question:
        counts, missing = self._counts(at, column)
        named = set(sorted(counts, key=lambda choice: -counts[choice])[:NAMED])
        options = [
            Option(choice.key, choice.label, counts[choice])
            for choice in ordered(counts, column)
            if choice in named
        ]
        if missing and column.missing:
            options.append(Option(NOTHING, column.missing, missing))
        return Question(column.key, column.asks, tuple(options), column.facet is Facet.FURTHER)

    def _counts(self, at: int, column: Column) -> tuple[dict[Choice, int], int]:
        """How many rows have each value, and how many have none."""
        values = Counter(row[at] for row in self.rows)
        if column.kind is Kind.CHOICE:
            return {value: count for value, count in values.items() if value is not None}, values[None]
        counts: Counter[Choice] = Counter()
        for choices, count in values.items():
            for choice in dict.fromkeys(choices):
                counts[choice] += count
        return dict(counts), values[()]

    def count(self, column: str, key: str) -> int:
        """How many rows have a value in a column; none where the list lacks either."""
        at = next((at for at, one in enumerate(self.columns) if one.key == column), None)
        if at is None:
            return 0
        counts, _ = self._counts(at, self.columns[at])
        return sum(count for choice, count in counts.items() if choice.key == key)

    @property
    def sorts(self) -> tuple[tuple[str, str], ...]:
        """The orders that one may ask for: (as it stands in an address, in words)."""
        found: list[tuple[str, str]] = []
        for _, column in self.cells:
            ways = _WAYS.get(column.kind, ("", ", from the end"))
            pairs = [(column.key, column.title + ways[0]), (f"-{column.key}", column.title + ways[1])]
            found.extend(reversed(pairs) if column.sorts_down else pairs)
        return tuple(found)

    def sort_of(self, column: Column) -> str:
        """What `aria-sort` says of a column in the first order."""
        if self.sorted_by.lstrip("-") != column.key:
            return ""
        return "descending" if self.sorted_by.startswith("-") else "ascending"

    def whole(self) -> Listing:
        """The same list as a table that holds every row."""
        return replace(self, everywhere=True)


_WAYS = {
    Kind.INSTANT: (", oldest first", ", newest first"),
    Kind.DAY: (", earliest first", ", latest first"),
    Kind.DURATION: (", shortest first", ", longest first"),
    Kind.NUMBER: (", fewest first", ", most first"),
}


def ordered(choices: Iterable[Choice], column: Column) -> list[Choice]:
    """The values of a column in the order in which they are offered and sorted."""
    ranks = {key: rank for rank, key in enumerate(column.order)}
    return sorted(
        choices,
        key=lambda choice: (ranks.get(choice.key, len(ranks)), choice.label.casefold(), choice.key),
        reverse=column.descending,
    )


@dataclass(frozen=True)
class Figure:
    """A number above a list; `query` leads to the rows that it counts, or is empty."""

    value: str
    words: str
    query: str = ""
    tone: str = ""
    note: str = ""


def state_figures(listing: Listing, counted: Iterable[tuple[str, str]]) -> tuple[Figure, ...]:
    """Count the rows in each of these states, (state, words); a number leads to its rows, if any."""
    counts = ((state, listing.count("state", state), words) for state, words in counted)
    return tuple(Figure(f"{n:,}", words, f"?state={state}" if n else "") for state, n, words in counts)


@dataclass(frozen=True)
class PlannedList:
    """The pages of a list and the files that belong to them."""

    pages: tuple[Page, ...]
    outputs: tuple[Output, ...] = ()
