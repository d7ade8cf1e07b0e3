"""Figures with all that is needed to compute them again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from incidentbook.metrics.dimensions import Keys
from incidentbook.metrics.figures import Figures
from incidentbook.metrics.goals import Goal
from incidentbook.records import Audience


@dataclass(frozen=True, slots=True)
class Group:
    """The figures of one group; `key` has one part a dimension, None where incidents say nothing.

    Only groups by service have goals.
    """

    key: Keys
    figures: Figures
    goals: tuple[Goal, ...] = ()


@dataclass(frozen=True, slots=True)
class Load:
    """What one person has, or had, in hand: for evening out, not for comparing people.

    `incidents` of the period were theirs last, `open` ones of whatever age are theirs at its end.
    """

    handle: str
    name: str
    incidents: int
    open: int


@dataclass(frozen=True, slots=True)
class ArticleUse:
    """How many resolved incidents of the period used an article."""

    id: str
    title: str
    incidents: int


@dataclass(frozen=True, slots=True)
class Statistics:
    """The figures of a period, whole and by group; where `dirty`, not all of it is in `revision`.

    Incidents count where they opened in the half-open period `from_` to `to` (None is open).
    `left_out` counts incidents that no figure counts, by reason: cancelled, duplicate, drill,
    unreadable, no_time (it cannot be told whether they fall into the period). `audience` is None
    where every record was counted. `load` is by name, and empty for the public; `articles` are
    those that were used most first.
    """

    overall: Figures
    groups: tuple[Group, ...]
    by: tuple[str, ...]
    left_out: Mapping[str, int]
    audience: Audience | None
    revision: str | None
    dirty: bool
    now: datetime
    from_: datetime | None
    to: datetime | None
    goals: tuple[Goal, ...] = ()
    load: tuple[Load, ...] = ()
    articles: tuple[ArticleUse, ...] = ()
