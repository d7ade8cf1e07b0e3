"""Calendars of `schema/` that cannot be counted in, or hardly are what was meant."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches

from incidentbook.diagnostics import Severity
from incidentbook.taxonomy.settings import Holidays
from incidentbook.taxonomy.taxonomy import Taxonomy
from incidentbook.taxonomy.versions import Fault, Keys
from incidentbook.worktime import known_regions, week_faults

LONGEST_NIGHT = 12 * 60
"""Minutes: a span over midnight that is longer was rather written the wrong way round."""


def calendar_faults(taxonomy: Taxonomy) -> Iterator[Fault]:
    """Find hours that overlap or run backward, and holidays of places that nobody knows."""
    for index, calendar in enumerate(taxonomy.calendars_file.calendars):
        place: Keys = ("calendars", index)
        if calendar.hours:
            hours = {str(weekday): spans for weekday, spans in calendar.hours.items()}
            for fault in week_faults(hours):
                keys = (*place, "hours", fault.weekday, fault.position)
                yield Fault("calendars", keys, "impossible-hours", fault.fault, None)
            for weekday, spans in hours.items():
                for position, span in enumerate(spans):
                    yield from _backward(span, (*place, "hours", weekday, position))
        if calendar.holidays is not None:
            yield from _unknown_places(calendar.holidays, (*place, "holidays"))


def _backward(span: str, keys: Keys) -> Iterator[Fault]:
    start, end = span.split("-")
    night = _minutes(end) - _minutes(start) + 24 * 60
    if 0 < _minutes(end) < _minutes(start) and night > LONGEST_NIGHT:
        hours = f"{night // 60} h" + (f" {night % 60} min" if night % 60 else "")
        yield Fault(
            "calendars",
            keys,
            "backward-hours",
            f"`{span}` ends on the next day, and is open for {hours}",
            f"did you mean `{end}-{start}`? if not, end it with 24:00 and begin the next day with 00:00",
            Severity.WARNING,
        )


def _minutes(text: str) -> int:
    hour, minute = text.split(":")
    return int(hour) * 60 + int(minute)


def _unknown_places(holidays: Holidays, place: Keys) -> Iterator[Fault]:
    country, region = holidays.country, holidays.region
    if country is None:
        if region is not None:
            message = f"`{region}` is a region without a country"
            yield _unknown((*place, "region"), message, "name the country, such as DE, under `country`")
        return
    known = known_regions()
    if country not in known:
        message = f"no public holidays are known of a country `{country}`"
        yield _unknown((*place, "country"), message, "use its ISO 3166 code of two letters, such as DE")
    elif region is not None and region not in known[country]:
        close = get_close_matches(region, known[country], n=1)
        message = f"no public holidays are known of a region `{region}` of {country}"
        if close:
            help_ = f"did you mean `{close[0]}`?"
        elif known[country]:
            help_ = f"expected one of {', '.join(known[country])}"
        else:
            help_ = f"leave it out: every region of {country} has the same"
        yield _unknown((*place, "region"), message, help_)


def _unknown(keys: Keys, message: str, help_: str) -> Fault:
    return Fault("calendars", keys, "unknown-holidays", message, help_)
