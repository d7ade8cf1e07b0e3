"""The days on which nobody works: public holidays and a company's own."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class ClosedDays:
    """Public holidays of a country (ISO 3166), or of one region of it, and own days."""

    country: str | None = None
    region: str | None = None
    days: frozenset[date] = frozenset()

    def in_years(self, years: Iterable[int]) -> frozenset[date]:
        """Return the closed days of these years; an unknown country or region has none."""
        wanted = frozenset(years)
        own = frozenset(day for day in self.days if day.year in wanted)
        if self.country is None or not is_known_region(self.country, self.region):
            return own
        import holidays  # noqa: PLC0415 - takes 0.1 s, and most repositories name no country

        public = holidays.country_holidays(self.country, subdiv=self.region, years=wanted)
        return own | frozenset(day for day in public if day.year in wanted)


def is_known_region(country: str, region: str | None = None) -> bool:
    """Tell whether public holidays are known for this country and, where one is named, this region."""
    regions = known_regions()
    return country in regions and (region is None or region in regions[country])


def known_regions() -> Mapping[str, Sequence[str]]:
    """Return every country whose public holidays are known, with those of its regions that have own ones."""
    import holidays  # noqa: PLC0415

    return holidays.list_supported_countries(include_aliases=True)
