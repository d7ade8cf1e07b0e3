"""Who is on call: for a team at an instant, and one after the other over a span of time."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from enum import StrEnum

from incidentbook.clocks.rotations import DAY, Plan, plans_of
from incidentbook.taxonomy import Taxonomy
from incidentbook.taxonomy.settings.rotation import Turn

_TURNS = {Turn.DAY: "daily", Turn.WEEK: "weekly"}


class DutyKind(StrEnum):
    """By what somebody is on call."""

    TURN = "turn"
    HOLIDAY = "holiday"
    OVERRIDE = "override"


@dataclass(frozen=True, slots=True)
class Duty:
    """One person on call for a team, from one hand-over until another (half-open, in UTC).

    `why` says in words by what: the turn, a holiday, an override with its reason.
    """

    team: str
    who: str
    from_: datetime
    until: datetime
    why: str
    kind: DutyKind


def on_call(taxonomy: Taxonomy, team_key: str, at: datetime) -> Duty | None:
    """Return who is on call for a team at an instant; None without a rotation, and before it begins.

    Whoever the rotation names is told, also where they are unknown or have left: the check says so, and
    silence would hide that nobody answers.
    """
    plan = _plan_at(taxonomy, team_key, at)
    return None if plan is None else _duty(plan, at.astimezone(UTC))


def usual_turn(taxonomy: Taxonomy, team_key: str, at: datetime) -> str | None:
    """Return whose turn it is at an instant, whoever has taken it over."""
    plan = _plan_at(taxonomy, team_key, at)
    return None if plan is None else plan.turn_at(at.astimezone(UTC))[0]


def rota(taxonomy: Taxonomy, team_key: str, from_: datetime, to: datetime) -> tuple[Duty, ...]:
    """Return who is on call one after the other from `from_` to `to`, each duty in its whole length.

    So the first may begin before the span, and the last end after it. There is no gap but where no
    rotation is in force.
    """
    found = []
    at, end = from_.astimezone(UTC), to.astimezone(UTC)
    while at < end:
        duty = on_call(taxonomy, team_key, at)
        if duty is not None:
            found.append(duty)
            at = duty.until
        else:
            starts = (plan.from_ for plan in plans_of(taxonomy, team_key) if at < plan.from_ < plan.until)
            at = min(starts, default=end)
    return tuple(found)


def _plan_at(taxonomy: Taxonomy, key: str, at: datetime) -> Plan | None:
    return next((plan for plan in plans_of(taxonomy, key) if plan.from_ <= at < plan.until), None)


def _duty(plan: Plan, at: datetime) -> Duty:
    """Lay holidays over the turn, and the overrides over both: what lies above cuts what lies below."""
    duty = _on_holidays(plan, at) if plan.is_holiday(plan.day_of(at)) else _turn(plan, at)
    for override in plan.rotation.overrides:
        start, end = override.from_.astimezone(UTC), override.to.astimezone(UTC)
        if start <= at < end:
            why = f"override: {override.reason}" if override.reason else "override"
            duty = Duty(plan.team, override.who, start, end, why, DutyKind.OVERRIDE)
        elif start < end <= at:
            duty = replace(duty, from_=max(duty.from_, end))
        elif at < start < end:
            duty = replace(duty, until=min(duty.until, start))
    return replace(duty, from_=max(duty.from_, plan.from_), until=min(duty.until, plan.until))


def _turn(plan: Plan, at: datetime) -> Duty:
    """The turn, as far as no holiday interrupts it."""
    who, start, end = plan.turn_at(at)
    day = plan.day_of(at)
    before, after = day - DAY, day + DAY
    while plan.hand_over(before) >= start and not plan.is_holiday(before):
        before -= DAY
    while plan.hand_over(after) < end and not plan.is_holiday(after):
        after += DAY
    start, end = max(start, plan.hand_over(before + DAY)), min(end, plan.hand_over(after))
    return Duty(plan.team, who, start, end, f"{_TURNS[plan.rotation.turn]} turn", DutyKind.TURN)


def _on_holidays(plan: Plan, at: datetime) -> Duty:
    """The duty of a holiday: from the hand-over on its day to that of the next; several in a row are one."""
    duty = plan.rotation.holidays
    assert duty is not None  # noqa: S101 -- there is no holiday without
    first = last = plan.day_of(at)
    while plan.is_holiday(first - DAY):
        first -= DAY
    while plan.is_holiday(last + DAY):
        last += DAY
    why = f"holiday of {duty.calendar}"
    start, end = plan.hand_over(first), plan.hand_over(last + DAY)
    return Duty(plan.team, duty.who, start, end, why, DutyKind.HOLIDAY)
