"""A page that MkDocs rendered once, taken apart so that many others can be made of it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from hashlib import blake2b

from markupsafe import escape

from incidentbook.diagnostics import IncidentbookError

TITLE = "incidentbook-shell-title"
DESCRIPTION = "incidentbook-shell-description"
CANONICAL = "incidentbook-shell-canonical"
EDIT = "incidentbook-shell-edit"
HISTORY = "incidentbook-shell-history"
SKIP = "incidentbook-shell-skip"
CONTENT = "<h1>incidentbook-shell-content</h1>"
"""The h1 keeps Material from adding one of its own."""

_TOC = "incidentbook-shell-toc"
_PLACES = (TITLE, DESCRIPTION, CANONICAL, EDIT, HISTORY, SKIP, CONTENT, _TOC)


class BrokenShellError(IncidentbookError):
    """The theme did not show what every page must show."""

    def __init__(self, kind: str, missing: Iterable[str]) -> None:
        words = " and ".join(place.rsplit("-", 1)[-1].removesuffix("</h1>") for place in missing)
        super().__init__(f"the theme's page for `{kind}` shows no {words}; is a template overridden?")


@dataclass(frozen=True)
class Fillings:
    """What goes into a shell. `content` and `toc` are safe HTML; all else is text and is escaped here."""

    title: str
    description: str
    canonical: str
    edit: str
    history: str
    skip: str
    content: str
    toc: str


@dataclass(frozen=True)
class Shell:
    """A rendered page as alternating fixed stretches and places to fill."""

    pieces: tuple[str, ...]

    @classmethod
    def learn(cls, kind: str, html: str, toc: str, *, shared: bool = True) -> Shell:
        """Take a page apart; `toc` is the table of contents as it stands in it. Raises BrokenShellError.

        One that is not `shared` by several pages bears the title of its page already.

        Splitting once, instead of replacing for each page, also means that a text which happens to
        hold one of the marks is never taken for a place.
        """
        if toc:
            html = html.replace(toc, _TOC)
        missing = [place for place in ((TITLE, CONTENT) if shared else (CONTENT,)) if place not in html]
        if missing:
            raise BrokenShellError(kind, missing)
        return cls(tuple(re.split("(" + "|".join(re.escape(place) for place in _PLACES) + ")", html)))

    @cached_property
    def digest(self) -> bytes:
        """What tells it from the shell of another theme, navigation or configuration."""
        return blake2b("\0".join(self.pieces).encode(), digest_size=16).digest()

    def stamp(self, *values: str) -> str:
        """Name the page that comes of these values."""
        digest = blake2b(self.digest, digest_size=16)
        digest.update("\0".join(values).encode())
        return digest.hexdigest()

    def fill(self, fillings: Fillings) -> str:
        """Make the page."""
        values = {
            TITLE: escape(fillings.title),
            DESCRIPTION: escape(fillings.description),
            CANONICAL: escape(fillings.canonical),
            EDIT: escape(fillings.edit),
            HISTORY: escape(fillings.history),
            SKIP: escape(fillings.skip),
            CONTENT: fillings.content,
            _TOC: fillings.toc,
        }
        return "".join(values[piece] if index % 2 else piece for index, piece in enumerate(self.pieces))
