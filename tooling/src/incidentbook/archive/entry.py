"""One record file, read only as far as somebody asks."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache, cached_property
from typing import Any, Generic, TypeVar, cast

import msgspec

from incidentbook.cache import Cache, content_hash
from incidentbook.diagnostics import Diagnostic, IncidentbookError, Severity, Span
from incidentbook.records import KINDS, Record, RecordName
from incidentbook.source import Document, OutsideRepositoryError, Tree, read_document, read_shape

R = TypeVar("R", bound=Record)


class UnreadableRecordError(IncidentbookError):
    """A file that is named as a record holds none; its diagnostics say why."""

    def __init__(self, path: str) -> None:
        super().__init__(f"{path} cannot be read as a record; `incidentbook check {path}` says why")


class Loaded(msgspec.Struct, frozen=True, array_like=True):
    """What is kept of a file: the record as JSON (null where there is none) and what was wrong with it."""

    record: msgspec.Raw
    diagnostics: tuple[Diagnostic, ...]


_LOADED = msgspec.json.Decoder(Loaded)
_NOTHING = b"null"


@cache
def _decoder(model: Any) -> msgspec.json.Decoder[Any]:
    return msgspec.json.Decoder(model)


class Entry(Generic[R]):
    """One record file: its name and place at once, its content when asked.

    What was read is kept as compact JSON and decoded when the record is asked for; the cache, where
    there is one, holds the same bytes under the file's content hash.
    """

    def __init__(self, name: RecordName, path: str, tree: Tree, cache: Cache, fingerprint: str) -> None:
        self.name = name
        self.path = path
        self._tree = tree
        self._cache = cache
        self._fingerprint = fingerprint
        self._encoded: bytes | None = None

    def __repr__(self) -> str:
        return f"Entry({self.path!r})"

    @property
    def kind(self) -> str:
        """Name of its row in KINDS."""
        return self.name.kind

    @property
    def id(self) -> str:
        """Its ID: the file name and nothing else."""
        return self.name.id

    @cached_property
    def content_hash(self) -> str:
        """The blob name of the file's bytes; empty where it cannot be read."""
        known = self._tree.content_hash(self.path)
        return known if known is not None else self._data[1]

    @property
    def readable(self) -> bool:
        """Whether there is a record to be had at all."""
        return bytes(self._loaded.record) != _NOTHING

    @cached_property
    def record(self) -> R:
        """The record. Raises UnreadableRecordError where the file holds none."""
        if not self.readable:
            raise UnreadableRecordError(self.path)
        model: Any = KINDS[self.kind].model
        return cast("R", _decoder(model).decode(self._loaded.record))

    @property
    def diagnostics(self) -> tuple[Diagnostic, ...]:
        """What is wrong with the file's shape."""
        return self._loaded.diagnostics

    @property
    def document(self) -> Document:
        """The file as text with places, read again: it is asked for only where something is shown."""
        data, _, problem = self._data
        if problem is not None:
            return Document(self.path, "", None, "", 0, 0, 0, (problem,))
        return read_document(self.path, data)

    @property
    def body(self) -> str:
        """The Markdown below the front matter."""
        return self.document.body

    def span(self, *keys: str | int) -> Span:
        """Place of a value of the front matter."""
        return self.document.span(*keys)

    def key_span(self, *keys: str | int) -> Span:
        """Place of a key of the front matter."""
        return self.document.key_span(*keys)

    @property
    def cache_key(self) -> str:
        """What the loaded form depends on: code, kind, path (diagnostics name it) and content."""
        return f"{self._fingerprint}:{self.path}:{self.content_hash}"

    @property
    def encoded(self) -> bytes:
        """The loaded form as bytes, for the cache and for other processes."""
        if self._encoded is None:
            self._encoded = self._cache.get("record", self.cache_key) or self._read()
        return self._encoded

    @property
    def is_loaded(self) -> bool:
        """Whether the file has been read, or taken from the cache."""
        return self._encoded is not None

    def prime(self, encoded: bytes) -> None:
        """Take over what the cache or another process has read."""
        self._encoded = encoded

    @cached_property
    def _loaded(self) -> Loaded:
        return _LOADED.decode(self.encoded)

    @property
    def _data(self) -> tuple[bytes, str, Diagnostic | None]:
        """The bytes, their hash, and what kept them from being read."""
        try:
            data = self._tree.read(self.path)
        except OutsideRepositoryError:
            return (
                b"",
                "",
                self._problem("symlink-outside", "a link that leads out of the repository is not read"),
            )
        except OSError as error:
            return (
                b"",
                "",
                self._problem("unreadable-file", f"the file cannot be read: {error.strerror or error}"),
            )
        return data, content_hash(data), None

    def _problem(self, code: str, message: str) -> Diagnostic:
        return Diagnostic(code, Severity.ERROR, message, self.path, None, "put the file itself here")

    def _read(self) -> bytes:
        record, diagnostics = self.read_shape()
        return msgspec.json.encode(
            Loaded(msgspec.Raw(msgspec.json.encode(record)), diagnostics), order="deterministic"
        )

    def read_shape(self) -> tuple[Record | None, tuple[Diagnostic, ...]]:
        """Parse and validate the file, past every cache."""
        document = self.document
        if document.values is None:
            return None, document.diagnostics
        values, own = _own_keys(document.values)
        unknown = tuple(
            Diagnostic(
                "unknown-key",
                Severity.ERROR,
                "`extra` is not a field here",
                self.path,
                document.key_span("extra"),
                "keys of your own begin with `x-`",
            )
            for key in values
            if key == "extra"
        )
        values.pop("extra", None)
        if own:
            values["extra"] = own
        record, found = read_shape(document, KINDS[self.kind].model, values)
        return record, (*document.diagnostics, *unknown, *found)


def _own_keys(values: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Part fields from the user's own `x-` keys. A key without a value counts as absent."""
    fields = {key: value for key, value in values.items() if value is not None and not key.startswith("x-")}
    return fields, {key: value for key, value in values.items() if key.startswith("x-")}
