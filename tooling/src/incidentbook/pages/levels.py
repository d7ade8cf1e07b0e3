"""Service levels of an incident: each clock, met or breached, and how it came to that."""

from __future__ import annotations

from incidentbook import charts
from incidentbook.clocks import REOPENED, Assessment, Clock, ClockName, NoClock, Pause
from incidentbook.pages.hypertext import Html, chip, items, joined, note, text
from incidentbook.pages.site import Site
from incidentbook.pages.times import duration_words, end_tag, time_tag
from incidentbook.pages.words import label, tone
from incidentbook.records import Incident

_WITHOUT = {
    NoClock.NO_TARGET: "the policy sets no target for it",
    NoClock.NEVER_ACKNOWLEDGED: "the record does not say when it was acknowledged",
    NoClock.LOGGED_AFTERWARDS: "the incident was logged after the fact",
    NoClock.NEVER_RESOLVED: "the record does not say when it was resolved",
}


def levels_of(incident: Incident, assessment: Assessment, site: Site) -> Html:
    """Show the clocks beside each other, and say why one is missing."""
    cards = [_card(clock, site) for clock in assessment.clocks]
    missing = [
        note(Html(f"No {name.value} clock: {_WITHOUT[why]}."))
        for name, why in assessment.without.items()
        if why in _WITHOUT
    ]
    clocks = f'<div class="ib-clocks">\n{"".join(cards)}</div>\n'
    return Html(f"{clocks}{_policy(incident, assessment, site)}{''.join(missing)}")


def _card(clock: Clock, site: Site) -> Html:
    # a target of nothing, by a due time before the opening, is used up at once
    share = clock.elapsed / clock.target if clock.target else 1.0
    pauses = items(_pause(pause, site) for pause in clock.pauses) if clock.pauses else ""
    due = time_tag(clock.due, site.zone)
    if clock.overridden is not None:
        why = f": {text(clock.overridden)}" if clock.overridden else ""
        said = f"Due {due}, set by hand{why}."
    elif clock.is_breached:
        said = f"Its target ran out {due}."
    else:
        said = f"Due {due}{', if it went on now' if clock.paused else ''}."
    return Html(
        f'<section class="ib-card ib-clock"><h3>{label(clock.name)} {chip(clock.state)}</h3>\n'
        f"{charts.meter(share, tone(clock.state))}<p>{text(explain(clock))}</p>\n"
        f'<p class="ib-note">{said}</p>{pauses}</section>\n'
    )


def _policy(incident: Incident, assessment: Assessment, site: Site) -> Html:
    policy = assessment.policy
    if policy is None:
        return Html("")
    calendar = site.taxonomy.calendar(policy.calendar, incident.opened)
    asked = []
    if policy.match.service:
        asked.append("its service")
    if policy.match.priority:
        asked.append(f"priority {text(site.taxonomy.priority_of(incident))}")
    if policy.match.category:
        asked.append("its category")
    why = f"the first that fits {' and '.join(asked)}" if asked else "it takes every incident"
    hours = text(calendar.name if calendar else policy.calendar)
    return note(Html(f"Policy: {text(policy.name)}, {why}. Hours: {hours}."))


def _pause(pause: Pause, site: Site) -> Html:
    reasons = joined((_reason(reason, site) for reason in pause.reasons), "; ")
    start = time_tag(pause.from_, site.zone, "plain")
    end = f"to {end_tag(pause.to, pause.from_, site.zone)}" if pause.to else "until now"
    return Html(f"Paused {start} {end}: {reasons}. {duration_words(pause.counted)} not counted.")


def _reason(reason: str, site: Site) -> Html:
    if reason == REOPENED:
        return Html("called resolved, until it was reopened")
    found = site.taxonomy.hold_reason(reason)
    return text(found.name if found else reason)


def explain(clock: Clock) -> str:
    """Say in one sentence why a clock stands as it does."""
    target, spent = duration_words(clock.target), duration_words(clock.elapsed)
    done = "Acknowledged" if clock.name is ClockName.RESPONSE else "Resolved"
    if clock.is_stopped and clock.is_breached:
        return f"{done} after {spent}, {duration_words(clock.remaining)} over the target of {target}."
    if clock.is_stopped:
        return f"{done} after {spent}, within the target of {target}."
    if clock.is_breached:
        return f"{spent} gone, {duration_words(clock.remaining)} over the target of {target}."
    left = duration_words(clock.remaining)
    if clock.paused:
        return f"Paused after {spent}; {left} of {target} left."
    return f"{spent} gone; {left} of {target} left."
