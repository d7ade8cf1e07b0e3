"""Times that a record claims, held against the commits that first said them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from incidentbook.diagnostics import Severity, Span
from incidentbook.gitrepo import Commit
from incidentbook.history import EventType, Happening, Version, continued, facts_of
from incidentbook.rules.chronology import CLOCK_SKEW
from incidentbook.rules.history.cases import ChangeCase
from incidentbook.rules.origins import is_imported
from incidentbook.rules.registry import Finding, change_rule
from incidentbook.rules.spelling import spell

_PLACES: dict[EventType, tuple[str, ...]] = {
    EventType.OPENED: ("opened",),
    EventType.ACKNOWLEDGED: ("acknowledged",),
    EventType.ASSIGNED: ("assignments", "at"),
    EventType.REASSIGNED: ("assignments", "at"),
    EventType.HELD: ("holds", "from"),
    EventType.RESUMED: ("holds", "to"),
    EventType.ESCALATED: ("escalations", "at"),
    EventType.REOPENED: ("reopenings", "reopened"),
    EventType.CLOSED: ("closed",),
    EventType.CANCELLED: ("cancelled",),
    EventType.UPDATE_POSTED: ("updates", "at"),
    EventType.UPDATE_CORRECTED: ("updates", "at"),
    EventType.REVIEW_PUBLISHED: ("published",),
}
"""Deeds that are written down as they are done, and where. When an outage began or was over is found out."""


@change_rule(Severity.NOTE, kinds=("incident", "review", "maintenance"))
def backdated_time(case: ChangeCase[Any]) -> Iterator[Finding]:
    """A deed was committed long after the time at which it is said to have been done.

    ## What it does

    Looks for the commit that first said a deed: opened, acknowledged, assigned, held, resumed,
    escalated, reopened, closed, cancelled, an update posted, a review published. Where that commit was
    made later than `history.lag` allows (in schema/incidentbook.yml, one day unless said), the longest
    lag of the record is reported. That is when Git made the commit; where it claims to have been written
    longer before than that limit, the message says so, since `git commit --date` writes any time, and a
    rebase keeps the old one. What is not committed yet is held against the time of the check. Deeds
    of before the record was opened are left out, since the record says itself that it was written
    afterwards, and so are imported records, and repositories whose clock is pinned.

    ## Why it matters

    Git knows when a time was first claimed. A short lag is somebody who first helped and then wrote; a
    long one is memory, or worse.

    ## Example

    Before:

    ```yaml
    status: in_progress
    # no acknowledged
    ```

    After:

    ```yaml
    acknowledged: 2026-03-02T08:25+00:00  # <- here
    ```

    ## Use instead

    Before:

    ```yaml
    status: in_progress
    # no acknowledged
    ```

    After:

    ```yaml
    acknowledged: 2026-11-20T08:25+00:00
    ```
    """
    limit = case.comparison.settings.lag
    opened = getattr(case.after, "opened", None)
    late = [
        ((commit.committed if commit else case.now) - at, deed, at, commit)
        for deed, at, commit in _claims(case)
        if opened is None or at >= opened
    ]
    late = [one for one in late if one[0] > limit]
    if not late:
        return
    lag, deed, at, commit = max(late, key=lambda one: one[0])  # one finding a record: the rest is as late
    whose = _made(commit, limit) if commit else "nothing committed yet"
    others = f", and {len(late) - 1} more" if len(late) > 1 else ""
    yield Finding(
        _place(case, deed),
        f"{_words(deed)} at {spell(at)}, first said {_length(lag)} later ({whose}){others}",
        f"correct the time if it is wrong; a lag of up to {_length(limit)} is not reported",
    )


def _made(commit: Commit, limit: timedelta) -> str:
    """Which commit it is, and that it claims to have been written long before it was made."""
    made = f"commit {commit.hash[:7]} of {spell(commit.committed)}"
    is_dated = commit.committed - commit.authored > limit
    return f"{made}, which gives {spell(commit.authored)} as its date" if is_dated else made


@change_rule(Severity.WARNING, kinds=("incident", "review", "maintenance"))
def time_after_commit(case: ChangeCase[Any]) -> Iterator[Finding]:
    """A deed is said to have been done after the commit that says so.

    ## What it does

    Finds deeds (as `backdated-time` has them) whose time lies more than five minutes after the commit
    that first said it. Repositories whose clock is pinned are left out.

    ## Why it matters

    Nobody can know it: either the time is wrong, or the clock of whoever committed.

    ## Example

    Before:

    ```yaml
    status: in_progress
    # no acknowledged
    ```

    After:

    ```yaml
    acknowledged: 2026-11-20T11:40+00:00  # <- here
    ```

    ## Use instead

    Before:

    ```yaml
    status: in_progress
    # no acknowledged
    ```

    After:

    ```yaml
    acknowledged: 2026-11-20T08:40+00:00
    ```
    """
    for deed, at, commit in _claims(case):
        if commit is not None and at - commit.committed > CLOCK_SKEW:
            yield Finding(
                _place(case, deed),
                f"{_words(deed)} at {spell(at)}, {_length(at - commit.committed)} after commit "
                f"{commit.hash[:7]} says so ({spell(commit.committed)})",
                "look at the day and at the offset; or at the clock of the machine that committed",
            )


def _claims(case: ChangeCase[Any]) -> Iterator[tuple[Happening, datetime, Commit | None]]:
    """What this change was the first to say was done, when, and by which commit; None before any."""
    if case.comparison.clock_is_pinned or case.after is None or _was_imported(case):
        return
    told, deeds = _facts(case, before=True), _facts(case, before=False)
    same = continued(deeds, told)
    for key, deed in deeds.items():
        at = deed.at
        if deed.type not in _PLACES or not isinstance(at, datetime):
            continue
        earlier = told.get(same.get(key, key))
        if earlier is not None and earlier.at == at:
            continue  # somebody said it before, of another owner perhaps
        first = next(
            (one.commit for one in case.comparison.versions_of(case.id) if _says(one.facts.get(key), at)),
            None,
        )
        yield deed, at, first


def _facts(case: ChangeCase[Any], *, before: bool) -> dict[tuple[str, ...], Happening]:
    """What a side says happened, and when: by one taxonomy, since only deeds are asked for."""
    record = case.before if before else case.after
    if record is None:
        return {}
    return dict(facts_of(Version(case.change.name, record, case.comparison.head.taxonomy)))


def _says(fact: Happening | None, at: datetime) -> bool:
    return fact is not None and fact.at == at


def _was_imported(case: ChangeCase[Any]) -> bool:
    """Whether the record is an import, and no record that this change made look like one."""
    return (
        case.after is not None
        and is_imported(case.after)
        and (case.before is None or is_imported(case.before))
    )


def _place(case: ChangeCase[Any], deed: Happening) -> Span | None:
    field, *rest = _PLACES[deed.type]
    if not rest:
        return case.span(field)
    (time,) = rest
    # an entry of a list is known by what it says, and not by its place there
    times = [getattr(entry, "from_" if time == "from" else time) for entry in getattr(case.after, field)]
    return case.span(field, times.index(deed.at), time) if deed.at in times else case.span(field)


def _words(deed: Happening) -> str:
    return f"`{deed.type.value}`"


def _length(span: timedelta) -> str:
    """A length of time in its two largest units."""
    minutes = int(span.total_seconds() // 60)
    days, rest = divmod(minutes, 1440)
    parts = ((days, "d"), (rest // 60, "h"), (rest % 60, "min"))
    told = [f"{number} {unit}" for number, unit in parts if number]
    return " ".join(told[:2]) or "0 min"
