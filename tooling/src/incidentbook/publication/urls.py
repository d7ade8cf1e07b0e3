"""Where each record lies on the site."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import quote, unquote, urlsplit

from incidentbook.publication.published import Published
from incidentbook.records import RecordName

STATUS, INCIDENTS, SERVICES, KNOWLEDGE = "", "incidents/", "services/", "knowledge/"
REVIEWS, MAINTENANCE, IMPROVEMENTS, STATISTICS = "reviews/", "maintenance/", "improvements/", "statistics/"
HELP, TEAMS, CATEGORIES, HANDOVERS = "help/", "teams/", "categories/", "handovers/"
ARTICLES, PROBLEMS = KNOWLEDGE + "articles/", KNOWLEDGE + "problems/"

_FOLDERS = {
    "incident": INCIDENTS,
    "review": REVIEWS,
    "maintenance": MAINTENANCE,
    "problem": PROBLEMS,
    "article": ARTICLES,
    "handover": HANDOVERS,
}


def path_of(name: RecordName) -> str:
    """The path of a record's page, from its name alone: it never moves while the record lives."""
    return f"{_FOLDERS[name.kind]}{name.lead_incident or name.id}/"


def service_path(key: str) -> str:
    """The path of a service's page."""
    return f"{SERVICES}{key}/"


def team_path(key: str) -> str:
    """The path of a team's page."""
    return f"{TEAMS}{key}/"


def category_path(category: str) -> str:
    """The path of the page of a category (`application`) or of a subcategory (`application/deployment`)."""
    return f"{CATEGORIES}{category}/"


def month_path(month: str) -> str:
    """The path of a month's incidents; `month` is such as 2026-03."""
    return f"{INCIDENTS}{month}/"


def up(path: str) -> str:
    """What leads from a page to the site's root, to put before any other path."""
    return "../" * path.count("/")


@dataclass(frozen=True)
class Urls:
    """The addresses of what is published, by ID and by repository path."""

    by_id: dict[str, str]
    by_source: dict[str, str]

    @classmethod
    def of(cls, published: Published, attachments: Iterable[tuple[str, str]] = ()) -> Urls:
        """Index everything that is published; `attachments` are (repository path, site path)."""
        by_id = {entry.id: path_of(entry.name) for entry in published.entries}
        by_source = {entry.path: by_id[entry.id] for entry in published.entries}
        by_source.update(attachments)
        return cls(by_id, by_source)

    def answer(self, source: str, address: str) -> str | None:
        """Where a link leads: `address` is relative to the file `source`, or an ID where that is empty."""
        return self.resolve(address, source) if source else self.by_id.get(address)

    def resolve(self, address: str, source: str) -> str | None:
        """The site path of a relative link written in the file `source`; None where nothing lies there.

        A link that begins with a slash counts from the repository's root, as on the forge.
        """
        parts = urlsplit(address)
        if parts.scheme or parts.netloc or not parts.path:
            return None
        target = unquote(parts.path)
        folder = "" if target.startswith("/") else posixpath.dirname(source)
        path = self.by_source.get(posixpath.normpath(posixpath.join(folder, target.lstrip("/"))))
        if path is None:
            return None
        return quote(path) + (f"#{parts.fragment}" if parts.fragment else "")
