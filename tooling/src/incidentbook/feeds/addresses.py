"""Addresses that hold outside the site, and names that never change."""

from __future__ import annotations

from base64 import b32encode
from dataclasses import dataclass
from hashlib import blake2b
from urllib.parse import quote
from uuid import UUID, uuid5

from incidentbook.publication.urls import service_path, up

ATOM, JSON_FEED, CALENDAR, BADGE = "feed.atom", "feed.json", "maintenance.ics", "badge.svg"
"""The files of the whole site, at its root; those of a service lie beside its page."""


_NAMESPACE = UUID("95436c4e-7866-4172-a34f-f5c597e32cc5")
"""Drawn once; with another one every reader would take every item for a new one."""


def of_service(key: str, name: str) -> str:
    """The path of a service's own feed, calendar or badge."""
    return service_path(key) + name


@dataclass(frozen=True)
class Addresses:
    """Where the site is published; `base` ends with a slash, and is empty where nobody has said."""

    base: str
    name: str

    @classmethod
    def of(cls, url: str | None, name: str) -> Addresses:
        """Take the address of a site as people write it."""
        return cls(f"{url.rstrip('/')}/" if url else "", name)

    def of_page(self, path: str, place: str) -> str:
        """The address of a page or file for whoever reads the file at `place`.

        Absolute where the site's address is known, else relative to that file, which holds in any folder.
        """
        return (self.base or up(place)) + quote(path)

    def root(self, place: str) -> str:
        """Where the site itself is."""
        return self.of_page("", place) or "./"

    @property
    def page_id(self) -> str:
        """The ID of the page in Statuspage's words: it tells sites apart, and nobody keeps anything by it."""
        return self.code("page", self.name)

    def feed_id(self, place: str) -> str:
        """The ID of a feed; readers find it by its address, so that it may change with the site's name."""
        return self.urn("feed", self.name, place)

    @staticmethod
    def urn(*parts: str) -> str:
        """A name for readers of feeds, made of what it names alone: a record by its ID.

        Neither the site's address nor its name is in it. Either may be set or changed later, and readers
        would then show everything once more as new. So an ID is unique within one repository; feeds,
        calendars and Statuspage's answers are all read by their own address, and their items kept below it.
        """
        return f"urn:uuid:{_uuid(parts)}"

    @staticmethod
    def uid(*parts: str) -> str:
        """The same for calendars, which want no scheme."""
        return _uuid(parts)

    @staticmethod
    def code(*parts: str) -> str:
        """The same as Statuspage has it: twelve lower-case letters and digits."""
        digest = blake2b("\0".join(parts).encode(), digest_size=8).digest()
        return b32encode(digest).decode().lower()[:12]


def _uuid(parts: tuple[str, ...]) -> str:
    return str(uuid5(_NAMESPACE, "\0".join(parts)))
