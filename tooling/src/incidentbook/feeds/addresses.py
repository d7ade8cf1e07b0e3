"""Addresses that hold outside the site, and names that never change."""

from __future__ import annotations

from base64 import b32encode
from dataclasses import dataclass
from hashlib import blake2b
from urllib.parse import quote
from uuid import NAMESPACE_URL, uuid5

from incidentbook.publication.urls import service_path, up

ATOM, JSON_FEED, CALENDAR, BADGE = "feed.atom", "feed.json", "maintenance.ics", "badge.svg"
"""The files of the whole site, at its root; those of a service lie beside its page."""


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

    def urn(self, *parts: str) -> str:
        """A name for readers of feeds and calendars: the same in each build, another one on another site."""
        return f"urn:uuid:{self._uuid(parts)}"

    def uid(self, *parts: str) -> str:
        """The same for calendars, which want no scheme."""
        return self._uuid(parts)

    def _uuid(self, parts: tuple[str, ...]) -> str:
        return str(uuid5(NAMESPACE_URL, "\0".join((self.base or self.name, *parts))))

    def code(self, *parts: str) -> str:
        """An ID as Statuspage gives them: twelve lower-case letters and digits."""
        digest = blake2b("\0".join((self.base or self.name, *parts)).encode(), digest_size=8).digest()
        return b32encode(digest).decode().lower()[:12]
