"""Alerts of one group as one: whoever grouped them said that they belong together."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from incidentbook.intake.alerts.alert import Alert, AlertState, Unmoved
from incidentbook.intake.alerts.opening import is_ignored
from incidentbook.intake.texts import one_line
from incidentbook.taxonomy import Taxonomy

_LISTED = 50
"""So many alerts of a group are named; the rest is counted."""


def grouped(found: Iterable[Alert | Unmoved], taxonomy: Taxonomy) -> tuple[Alert | Unmoved, ...]:
    """Put the alerts of each group into one, unless schema/intake.yml wants each by itself.

    What it says to ignore stays outside: a Watchdog that fires for ever would never let its group clear.
    """
    whole: dict[str, list[Alert]] = {}
    places: list[Alert | Unmoved | list[Alert]] = []
    for one in found:
        if isinstance(one, Unmoved) or not _belongs(one, taxonomy):
            places.append(one)
        elif one.group in whole:
            whole[one.group].append(one)
        else:
            whole[one.group] = [one]
            places.append(whole[one.group])
    return tuple(_as_one(one) if isinstance(one, list) else one for one in places)


def _belongs(alert: Alert, taxonomy: Taxonomy) -> bool:
    return taxonomy.intake.alerts.group and bool(alert.group) and not is_ignored(alert, taxonomy)


def _as_one(members: Sequence[Alert]) -> Alert | Unmoved:
    firing = tuple(one for one in members if one.state is not AlertState.RESOLVED)
    if not firing and not all(one.is_all for one in members):
        return Unmoved("all alerts of the group that were sent have cleared, but others were left out")
    shown = firing or tuple(members)
    first = shown[0]
    return Alert(
        system=first.system,
        id=f"group-{first.group}",
        state=first.state,
        title=_title(shown),
        text=first.text if len(shown) == 1 else _listing(shown),
        at=_earliest(firing) if firing else _latest(one.at for one in members),
        told=_latest(one.news for one in members),
        severity=first.severity,
        services=tuple(dict.fromkeys(word for one in shown for word in one.services)),
        url=first.url,
        labels=dict(_common(shown)),
        group=first.group,
        members=shown,
    )


def _title(shown: Sequence[Alert]) -> str:
    titles = list(dict.fromkeys(one.title for one in shown))
    return titles[0] if len(titles) == 1 else f"{one_line(titles[0], 140)}, and {len(titles) - 1} more"


def _listing(shown: Sequence[Alert]) -> str:
    """A line for each alert, with the labels that tell it from the others; in the same order each time."""
    common = _common(shown)
    lines = sorted(_line(one, dict(one.labels.items() - common)) for one in shown)
    more = [f"and {len(lines) - _LISTED} more"] if len(lines) > _LISTED else []
    return "\n".join([*lines[:_LISTED], *more])


def _line(alert: Alert, own: dict[str, str]) -> str:
    labels = ", ".join(f"{key}: {text}" for key, text in sorted(own.items()))
    return f"{alert.title} ({labels})" if labels else alert.title


def _common(shown: Sequence[Alert]) -> set[tuple[str, str]]:
    return set.intersection(*(set(one.labels.items()) for one in shown))


def _earliest(alerts: Iterable[Alert]) -> datetime | None:
    return min((one.at for one in alerts if one.at is not None), default=None)


def _latest(times: Iterable[datetime | None]) -> datetime | None:
    return max((one for one in times if one is not None), default=None)
