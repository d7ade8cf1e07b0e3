"""Rotations of teams that name who cannot be called, or say what never counts."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import NamedTuple

from incidentbook.clocks.rotations import Plan, first_hand_over, plan_of
from incidentbook.diagnostics import Severity
from incidentbook.rules.cases import RepositoryCase
from incidentbook.rules.registry import Finding, repository_rule
from incidentbook.rules.spelling import spell
from incidentbook.taxonomy.settings import Rotation, Team
from incidentbook.taxonomy.settings.rotation import RotationOverride, Turn

TEAMS = "schema/teams.yml"

_Keys = tuple[str | int, ...]


class _Listed(NamedTuple):
    """A team that has a rotation which is not over, and where that stands."""

    team: Team
    rotation: Rotation
    plan: Plan
    keys: _Keys


class _Named(NamedTuple):
    """Whom a rotation names, where, and on which day last; None where it never ends."""

    who: str
    keys: _Keys
    last: date | None = None


def _rotations(case: RepositoryCase) -> Iterator[_Listed]:
    if not case.selected(TEAMS):
        return
    taxonomy = case.archive.taxonomy
    for index, team in enumerate(taxonomy.teams):
        plan = plan_of(team, taxonomy)
        if team.rotation is not None and plan is not None and case.now < plan.until:
            yield _Listed(team, team.rotation, plan, ("teams", index, "rotation"))


def _named(case: RepositoryCase, listed: _Listed) -> Iterator[_Named]:
    """Whom a rotation names for now or later."""
    rotation, keys = listed.rotation, listed.keys
    for place, handle in enumerate(rotation.order):
        yield _Named(handle, (*keys, "order", place))
    for place, override in enumerate(rotation.overrides):
        if override.to > case.now:
            last = case.archive.taxonomy.day_of(override.to)
            yield _Named(override.who, (*keys, "overrides", place, "who"), last)
    if rotation.holidays is not None:
        yield _Named(rotation.holidays.who, (*keys, "holidays", "who"))


@repository_rule(Severity.WARNING)
def on_call_stranger(case: RepositoryCase) -> Iterator[Finding]:
    """A rotation names somebody who is not a member of the team.

    ## What it does

    Compares the `order` of every rotation, its holidays and its overrides that are not over with the
    `members` of the team.

    ## Why it matters

    Somebody is called who does not work on this, or the list of members is out of date.

    ## Example

    ```yaml schema/teams.yml
    teams:
      - id: shop
        name: Shop
        members: [first-responder]
        rotation:
          since: 2026-01-05
          order: [first-responder, front-desk]  # <- here
    ```

    ## Use instead

    ```yaml schema/teams.yml
    teams:
      - id: shop
        name: Shop
        members: [first-responder, second-reader]
        rotation:
          since: 2026-01-05
          order: [first-responder, second-reader]
    ```
    """
    for listed in _rotations(case):
        members = listed.team.members
        for named in _named(case, listed):
            # whoever is unknown is told as such
            if named.who not in members and case.archive.taxonomy.person(named.who) is not None:
                yield Finding(
                    case.span(TEAMS, *named.keys),
                    f"`{named.who}` is on call for `{listed.team.id}` and is none of its members",
                    "add the handle to `members`, or name somebody of the team",
                    TEAMS,
                )


@repository_rule(Severity.ERROR)
def on_call_has_left(case: RepositoryCase) -> Iterator[Finding]:
    """A rotation names somebody who has left.

    ## What it does

    Looks up whom rotations name, in their `order`, holidays and overrides that are not over, and finds
    whoever is gone by `valid_until`: today, or before the override ends.

    ## Why it matters

    Nobody answers. A rotation skips nobody by itself, because the turns of all others would shift.

    ## Example

    ```yaml schema/people.yml
    people:
      - {handle: first-responder}
      - {handle: second-reader, valid_until: 2026-06-01}
    ```

    ```yaml schema/teams.yml
    teams:
      - id: shop
        name: Shop
        members: [first-responder, second-reader]
        rotation:
          since: 2026-01-05
          order: [first-responder, second-reader]  # <- here
    ```

    ## Use instead

    ```yaml schema/people.yml
    people:
      - {handle: first-responder}
      - {handle: second-reader, valid_until: 2026-06-01}
    ```

    ```yaml schema/teams.yml
    teams:
      - id: shop
        name: Shop
        members: [first-responder, second-reader]
        valid_until: 2026-06-01
        rotation:
          since: 2026-01-05
          order: [first-responder, second-reader]
      - id: shop
        name: Shop
        members: [first-responder]
        valid_from: 2026-06-01
        rotation:
          since: 2026-06-01
          order: [first-responder]
    ```
    """
    taxonomy = case.archive.taxonomy
    today = taxonomy.day_of(case.now)
    for listed in _rotations(case):
        for named in _named(case, listed):
            person = taxonomy.person(named.who)
            gone = person.valid_until if person is not None else None
            if gone is not None and gone <= (named.last or today):
                when = (
                    f"and is gone since {gone}" if gone <= today else f"to {named.last}, and goes on {gone}"
                )
                yield Finding(
                    case.span(TEAMS, *named.keys),
                    f"`{named.who}` is on call for `{listed.team.id}` {when}",
                    "name somebody else; where the order changes, end this entry of the team with "
                    "`valid_until`, so that the past stays as it was",
                    TEAMS,
                )


@repository_rule(Severity.WARNING)
def override_never_counts(case: RepositoryCase) -> Iterator[Finding]:
    """An override of a rotation puts nobody on call.

    ## What it does

    Finds overrides that end when or before they begin, that lie outside the time of the rotation, and that
    later ones cover whole.

    ## Why it matters

    Two people agreed to swap, and the one who is called is the one who is away.

    ## Example

    ```yaml schema/teams.yml
    teams:
      - id: shop
        name: Shop
        members: [first-responder, second-reader]
        rotation:
          since: 2026-01-05
          order: [first-responder, second-reader]
          overrides:
            - {from: 2026-12-02T09:00+00:00, to: 2026-12-01T09:00+00:00, who: second-reader}  # <- here
    ```

    ## Use instead

    ```yaml schema/teams.yml
    teams:
      - id: shop
        name: Shop
        members: [first-responder, second-reader]
        rotation:
          since: 2026-01-05
          order: [first-responder, second-reader]
          overrides:
            - {from: 2026-12-01T09:00+00:00, to: 2026-12-02T09:00+00:00, who: second-reader}
    ```
    """
    for listed in _rotations(case):
        overrides = listed.rotation.overrides
        for place, override in enumerate(overrides):
            why = _why_never(override, overrides[place + 1 :], listed.plan)
            if why:
                yield Finding(
                    case.span(TEAMS, *listed.keys, "overrides", place, "from"),
                    f"this override puts nobody on call: {why}",
                    "the last override that fits counts, from the first hand-over on",
                    TEAMS,
                )


def _why_never(override: RotationOverride, later: tuple[RotationOverride, ...], plan: Plan) -> str:
    start, end = override.from_, override.to
    if end <= start:
        return f"it ends {spell(end)}, and begins {spell(start)}"
    if end <= plan.from_:
        return f"it ends before the rotation begins, {spell(plan.from_)}"
    if start >= plan.until:
        return f"it begins after the rotation ends, {spell(plan.until)}"
    return "those below it cover it" if _covered(start, end, later) else ""


def _covered(start: datetime, end: datetime, others: tuple[RotationOverride, ...]) -> bool:
    """Whether at every moment from start to end one of the others counts."""
    for other in sorted(others, key=lambda one: one.from_):
        if other.from_ <= start < other.to:
            start = other.to
    return start >= end


@repository_rule(Severity.WARNING)
def overlapping_overrides(case: RepositoryCase) -> Iterator[Finding]:
    """Two overrides of a rotation are for the same time.

    ## What it does

    Finds overrides that are not over and begin before another one of the same rotation has ended.

    ## Why it matters

    Two people think that they are on call, or each thinks that the other is. The last override counts.

    ## Example

    ```yaml schema/teams.yml
    teams:
      - id: shop
        name: Shop
        members: [first-responder, second-reader]
        rotation:
          since: 2026-01-05
          order: [first-responder, second-reader]
          overrides:
            - {from: 2026-12-01T09:00+00:00, to: 2026-12-03T09:00+00:00, who: second-reader}
            - {from: 2026-12-02T09:00+00:00, to: 2026-12-04T09:00+00:00, who: first-responder}  # <- here
    ```

    ## Use instead

    ```yaml schema/teams.yml
    teams:
      - id: shop
        name: Shop
        members: [first-responder, second-reader]
        rotation:
          since: 2026-01-05
          order: [first-responder, second-reader]
          overrides:
            - {from: 2026-12-01T09:00+00:00, to: 2026-12-02T09:00+00:00, who: second-reader}
            - {from: 2026-12-02T09:00+00:00, to: 2026-12-04T09:00+00:00, who: first-responder}
    ```
    """
    for listed in _rotations(case):
        overrides = listed.rotation.overrides
        for place, override in enumerate(overrides):
            for other in overrides[:place]:
                start, end = max(override.from_, other.from_), min(override.to, other.to)
                if start < end and end > case.now:
                    yield Finding(
                        case.span(TEAMS, *listed.keys, "overrides", place, "from"),
                        f"from {spell(start)} to {spell(end)} `{other.who}` has taken over already",
                        f"`{override.who}` counts, because the last override does; end the other one before",
                        TEAMS,
                    )


@repository_rule(Severity.WARNING)
def since_not_on_hand_over_day(case: RepositoryCase) -> Iterator[Finding]:
    """A rotation says that it begins on another day of the week than that of its hand-over.

    ## What it does

    Compares `since` with `day`, of rotations with turns of a week.

    ## Why it matters

    Until the next such day nobody is on call, and the turns are perhaps not counted from where you think.

    ## Example

    ```yaml schema/teams.yml
    teams:
      - id: shop
        name: Shop
        members: [first-responder]
        rotation:
          day: monday
          since: 2026-01-01  # <- here
          order: [first-responder]
    ```

    ## Use instead

    ```yaml schema/teams.yml
    teams:
      - id: shop
        name: Shop
        members: [first-responder]
        rotation:
          day: monday
          since: 2026-01-05
          order: [first-responder]
    ```
    """
    for listed in _rotations(case):
        rotation = listed.rotation
        first = first_hand_over(rotation)
        if rotation.turn is Turn.WEEK and first != rotation.since:
            yield Finding(
                case.span(TEAMS, *listed.keys, "since"),
                f"{rotation.since} is a {rotation.since:%A}, and the hand-over is on {rotation.day.title()}",
                f"write {first}: before that day nobody is on call",
                TEAMS,
            )
