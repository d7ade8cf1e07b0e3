"""What a rule is shown: one record, one record among the others, or the whole repository."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any, Generic, Protocol, TypeVar, cast

from incidentbook.archive import Archive, Entry
from incidentbook.clocks import ReviewDuty
from incidentbook.diagnostics import Span
from incidentbook.records import Record
from incidentbook.rules.credentials import Credential, find_credentials
from incidentbook.rules.relations import Relations
from incidentbook.source import Document, LinkError, read_document, read_yaml
from incidentbook.taxonomy import Taxonomy

if TYPE_CHECKING:
    from incidentbook.markdown.outline import Section

R = TypeVar("R", bound=Record)

MAX_FILE = 5_000_000
"""Bytes up to which a file beside the records is searched."""


def text_span(path: str, text: str, start: int, end: int) -> Span:
    """Place of a stretch of a text, given by offsets."""
    return Document(path, text, None, "", len(text), 0, 0).span_of(start, end)


class RecordCase(Generic[R]):
    """One record before a rule that needs nothing but its file and the taxonomy."""

    def __init__(self, entry: Entry[Any], taxonomy: Taxonomy) -> None:
        self.entry = entry
        self.taxonomy = taxonomy

    @cached_property
    def record(self) -> R:
        """The record; a rule is asked only where there is one, unless it said otherwise."""
        return cast("R", self.entry.record)

    @cached_property
    def document(self) -> Document:
        """The file as values with places."""
        return self.entry.document

    @property
    def text(self) -> str:
        """The whole file, without a byte order mark; empty where it is no text."""
        return self.document.text

    def span(self, *keys: str | int) -> Span:
        """Place of the value at a path of keys."""
        return self.document.span(*keys)

    def key_span(self, *keys: str | int) -> Span:
        """Place of a key itself."""
        return self.document.key_span(*keys)

    def text_span(self, start: int, end: int) -> Span:
        """Place of a stretch of `text`."""
        return text_span(self.entry.path, self.text, start, end)

    @cached_property
    def outline(self) -> tuple[Section, ...]:
        """The headings of the body."""
        from incidentbook.markdown.outline import outline  # noqa: PLC0415

        return outline(self.document.body)

    @cached_property
    def credentials(self) -> list[Credential]:
        """What in `text` is, or looks like, a credential."""
        return find_credentials(self.text)

    def lacks(self, *keys: str) -> bool:
        """Whether nobody wrote a value there.

        What was written but not understood is reported as such, and not as missing besides.
        """
        if not self.entry.diagnostics:
            return True
        value: Any = self.document.values
        for key in keys:
            value = value.get(key) if isinstance(value, dict) else None
        return value is None


class Run(Protocol):
    """What all records of one check share; `relations` is made when somebody asks."""

    now: datetime

    @property
    def relations(self) -> Relations:
        """How the records hang together."""


class ArchiveCase(RecordCase[R]):
    """One record before a rule that also needs the other records, or the clock.

    `fact` is what the rule's `facts` function found out from the record alone.
    """

    def __init__(self, entry: Entry[Any], archive: Archive, run: Run, fact: Any) -> None:
        super().__init__(entry, archive.taxonomy)
        self.archive = archive
        self.now = run.now
        self.fact = fact
        self._run = run

    @property
    def relations(self) -> Relations:
        """How the records hang together."""
        return self._run.relations


class RepositoryCase:
    """The whole repository before a rule that is asked once.

    `selected` tells which paths the user asked about; expensive rules look at no others.
    `duties` are the reviews that those incidents owe; `searched` the files that are read through.
    """

    def __init__(
        self,
        archive: Archive,
        now: datetime,
        selected: Callable[[str], bool],
        duties: Callable[[], Iterable[ReviewDuty]],
        searched: Callable[[str], bool] | None = None,
    ) -> None:
        self.archive = archive
        self.now = now
        self.selected = selected
        self._searched = searched or selected
        self._duties = duties

    @cached_property
    def duties(self) -> tuple[ReviewDuty, ...]:
        """The reviews that are owed and not published."""
        return tuple(self._duties())

    @cached_property
    def file_credentials(self) -> tuple[tuple[str, str, Credential], ...]:
        """What in selected files that are no records looks like a credential: path, text, place."""
        records = {entry.path for entry in self.archive.entries}
        return tuple(
            (path, text, found)
            for path in self.archive.tree.paths()
            if path not in records and self._searched(path) and (text := self._text(path)) is not None
            for found in find_credentials(text)
        )

    def _text(self, path: str) -> str | None:
        """The text of a file; None where it is binary, very large or not to be had."""
        try:
            data = self.archive.tree.read(path)
        except (OSError, LinkError):
            return None
        if len(data) > MAX_FILE or b"\0" in data[:8000]:
            return None
        return data.decode("utf-8", errors="replace")

    def span(self, path: str, *keys: str | int) -> Span:
        """Place of a value of a record or of a file of schema/."""
        return self._document(path).span(*keys)

    def key_span(self, path: str, *keys: str | int) -> Span:
        """Place of a key of a record or of a file of schema/."""
        return self._document(path).key_span(*keys)

    def _document(self, path: str) -> Document:
        data = self.archive.tree.read(path)
        return read_document(path, data) if path.endswith(".md") else read_yaml(path, data)
