"""The columns of the flat tables that are exported: what each holds, in which unit, and who may see it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Generic, TypeVar

Value = str | int | float | bool | datetime | date | None

R = TypeVar("R")


class Kind(StrEnum):
    """What the values of a column are; any of them may be missing."""

    TEXT = "text"
    COUNT = "integer"
    SECONDS = "seconds"
    FLAG = "true or false"
    TIME = "time, UTC"
    DAY = "date"


@dataclass(frozen=True, slots=True)
class Column(Generic[R]):
    """One column. What the public may not see has no column in what is exported for the public."""

    name: str
    kind: Kind
    description: str
    value: Callable[[R], Value]
    is_public: bool = False


@dataclass(frozen=True)
class Table(Generic[R]):
    """One flat table: what a row is, and its columns."""

    name: str
    row: str
    columns: tuple[Column[R], ...]

    def shown(self, *, is_public: bool) -> tuple[Column[R], ...]:
        """The columns that a reader sees."""
        return tuple(column for column in self.columns if column.is_public or not is_public)


@dataclass(frozen=True)
class Exported:
    """A table with its values: one tuple a row, in the order of the columns."""

    table: str
    columns: tuple[Column[Any], ...]
    rows: Sequence[tuple[Value, ...]]
    about: Mapping[str, str]
    """Revision, clock and audience: what the rows were computed from."""


def public(name: str, kind: Kind, description: str, value: Callable[[R], Value]) -> Column[R]:
    """Make a column that everybody may see."""
    return Column(name, kind, description, value, is_public=True)


def joined(values: Sequence[object]) -> str | None:
    """Put several keys into one cell; None where there are none."""
    return ";".join(map(str, dict.fromkeys(values))) or None
