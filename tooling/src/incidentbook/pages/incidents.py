"""The list of incidents that filters and sorts."""

from __future__ import annotations

from functools import partial

from incidentbook.pages.months import by_month, month_of, row_of
from incidentbook.pages.page import Content, Page, TocItem
from incidentbook.pages.site import Site
from incidentbook.publication import urls
from incidentbook.publication.standing import IncidentEntry, start_of

NEWEST = 1000
"""More rows than this make the index slow on a phone; older ones are on the pages of their months."""


def index(site: Site) -> Page:
    """Plan the index."""
    months = by_month(site)
    newest = [entry for entries in months.values() for entry in entries]
    return Page(
        path=urls.INCIDENTS,
        kind="incidents",
        title="Incidents",
        description=f"Every incident of {site.name}, newest first.",
        make=partial(_index_content, newest, tuple(months), site),
        single=True,
    )


def _index_content(newest: list[IncidentEntry], months: tuple[str, ...], site: Site) -> Content:
    rows = [row_of(entry, site) for entry in newest[:NEWEST]]
    years: dict[str, list[str]] = {}
    for month in months:
        years.setdefault(month[:4], []).append(month)
    return site.fill(
        "incidents.html",
        urls.INCIDENTS,
        [TocItem("list", "Incidents"), *([TocItem("months", "By month")] if rows else [])],
        rows=rows,
        total=len(newest),
        years=years,
        states=sorted({row.incident.status for row in rows}, key=list(type(rows[0].incident.status)).index)
        if rows
        else [],
        services=sorted(
            {service for row in rows for service in row.services}, key=lambda pair: pair[1].casefold()
        ),
        priorities=sorted({row.priority for row in rows if row.priority}),
        row_years=sorted({month_of(row.entry, site)[:4] for row in rows}, reverse=True),
        month_of=lambda entry: month_of(entry, site),
        start_of=start_of,
    )
