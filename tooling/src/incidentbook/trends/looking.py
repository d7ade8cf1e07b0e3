"""One look at the records: what rises, what is likely to be missed, and how good the guess is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from incidentbook.archive import Records
from incidentbook.publication import Published
from incidentbook.records import Audience
from incidentbook.trends.breaches import Outlook, outlook_of
from incidentbook.trends.cases import cases_of
from incidentbook.trends.rising import WEEKS, Rising, rising
from incidentbook.trends.scores import TooFew, Trial, trial
from incidentbook.trends.windows import By


@dataclass(frozen=True, slots=True)
class Trends:
    """What one look found, with all that is needed to look again.

    `outlook` and `trial` are None for the public, which sees no service levels. `audience` is None
    where every record was looked at; where `dirty`, not all of it is in `revision`. `is_empty` says that
    there is no incident to look at.
    """

    rising: Rising
    outlook: Outlook | None
    trial: Trial | TooFew | None
    audience: Audience | None
    revision: str | None
    dirty: bool
    now: datetime
    is_empty: bool


def look(
    records: Records[Any],
    now: datetime,
    *,
    weeks: int = WEEKS,
    by: Sequence[By] = (By.SERVICE, By.CATEGORY),
) -> Trends:
    """Look at the records of an audience; categories and service levels are not for the public."""
    audience = records.audience if isinstance(records, Published) else None
    is_public = audience is Audience.PUBLIC
    kinds = tuple(one for one in by if one is By.SERVICE) if is_public else tuple(dict.fromkeys(by))
    cases = None if is_public else cases_of(records, now)
    return Trends(
        rising=rising(records, now, weeks=weeks, by=kinds),
        outlook=outlook_of(cases) if cases else None,
        trial=trial(cases.past) if cases else None,
        audience=audience,
        revision=records.revision,
        dirty=records.dirty,
        now=now,
        is_empty=not (records.incidents or records.unreadable_incidents),
    )
