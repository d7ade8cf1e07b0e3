"""One record file, read only as far as somebody asks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache, cached_property
from typing import Any, Generic, TypeVar, cast

import msgspec

from incidentbook.cache import Cache, content_hash
from incidentbook.diagnostics import Diagnostic, IncidentbookError, Severity, Span
from incidentbook.records import KINDS, Record, RecordName
from incidentbook.source import Document, LinkError, Tree, read_body, read_document, read_shape

R = TypeVar("R", bound=Record)

SPACE = "record"
"""The cache's space for loaded records."""


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
        self._hash: str | None = None
        self._encoded: bytes | None = None
        self._open_document: Document | None = None

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

    @property
    def content_hash(self) -> str:
        """The blob name of the file's bytes; empty where it cannot be read."""
        if self._hash is None:
            known = self._tree.content_hash(self.path)
            self._hash = known if known is not None else self._data[1]
        return self._hash

    @property
    def is_hashed(self) -> bool:
        """Whether the content hash is known already."""
        return self._hash is not None

    def recall_hash(self, known: str) -> None:
        """Take over a content hash that was computed before."""
        self._hash = known

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
        decoder = _decoder(model)
        try:
            return cast("R", decoder.decode(self._loaded.record))
        except msgspec.DecodeError:  # a damaged cache
            self._renew()
            return cast("R", decoder.decode(self._loaded.record))

    @property
    def diagnostics(self) -> tuple[Diagnostic, ...]:
        """What is wrong with the file's shape."""
        return self._loaded.diagnostics

    @property
    def document(self) -> Document:
        """The file as text with places, read again: it is asked for only where something is shown."""
        if self._open_document is not None:
            return self._open_document
        data, _, problem = self._data
        return self._parse(data, problem)

    @contextmanager
    def opened(self) -> Iterator[None]:
        """Read and parse the file once for all that is asked inside, and know it by what was then read.

        What is computed inside may be kept under `cache_key`: a file that somebody saves meanwhile
        cannot leave what it says now under the hash of what it said before.
        """
        if self._open_document is not None:
            yield
            return
        data, read_hash, problem = self._data
        self._hash = self._tree.content_hash(self.path) or read_hash
        self._open_document = self._parse(data, problem)
        try:
            yield
        finally:
            self._open_document = None

    def _parse(self, data: bytes, problem: Diagnostic | None) -> Document:
        if problem is not None:
            return Document(self.path, "", None, "", 0, 0, 0, (problem,))
        return read_document(self.path, data)

    @property
    def raw(self) -> bytes:
        """The bytes of the file, read again each time; empty where it cannot be read."""
        return self._data[0]

    @property
    def body(self) -> str:
        """The Markdown below the front matter, read again each time: bodies are most of an archive."""
        return self._open_document.body if self._open_document else read_body(self._data[0])

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
            self._encoded = self._cache.get(SPACE, self.cache_key) or self._read()
        return self._encoded

    def read(self) -> bytes:
        """Read the file, past the cache, into its loaded form."""
        if self._encoded is None:
            self._encoded = self._read()
        return self._encoded

    @property
    def is_loaded(self) -> bool:
        """Whether the file has been read, or taken from the cache."""
        return self._encoded is not None

    def prime(self, encoded: bytes) -> None:
        """Take over what the cache or another process has read."""
        self._encoded = encoded

    def forget(self) -> None:
        """Give back the memory of what was read; it is read again where somebody asks."""
        self._encoded = None
        self.__dict__.pop("record", None)
        self.__dict__.pop("_loaded", None)

    @cached_property
    def _loaded(self) -> Loaded:
        try:
            return _LOADED.decode(self.encoded)
        except msgspec.DecodeError:  # a damaged cache
            self._renew()
            return self._loaded

    def _renew(self) -> None:
        self._encoded = self._read()
        self._loaded = _LOADED.decode(self._encoded)

    @property
    def _data(self) -> tuple[bytes, str, Diagnostic | None]:
        """The bytes, their hash, and what kept them from being read."""
        try:
            data = self._tree.read(self.path)
        except LinkError as error:
            return b"", "", self._problem("symlinked-record", f"the file is {error.reason}")
        except OSError as error:
            message = f"the file cannot be read: {error.strerror or error}"
            return b"", "", self._problem("unreadable-file", message)
        return data, content_hash(data), None

    def _problem(self, code: str, message: str) -> Diagnostic:
        return Diagnostic(code, Severity.ERROR, message, self.path, None, "put the file itself here")

    def _read(self) -> bytes:
        record, diagnostics = self.read_shape()
        if record is not None:
            self.record = cast("R", record)
        return msgspec.json.encode(
            Loaded(msgspec.Raw(msgspec.json.encode(record)), diagnostics), order="deterministic"
        )

    def read_shape(self) -> tuple[Record | None, tuple[Diagnostic, ...]]:
        """Parse and validate the file, past every cache."""
        return read_record(self.document, self.kind)


def read_record(document: Document, kind: str) -> tuple[Record | None, tuple[Diagnostic, ...]]:
    """Make a record of a file that was read, with what is wrong with it; None where it holds none."""
    if document.values is None:
        return None, document.diagnostics
    values, own = _own_keys(document.values)
    unknown = tuple(
        Diagnostic(
            "unknown-key",
            Severity.ERROR,
            "`extra` is not a field here",
            document.path,
            document.key_span("extra"),
            "keys of your own begin with `x-`",
        )
        for key in values
        if key == "extra"
    )
    values.pop("extra", None)
    if own:
        values["extra"] = own
    record, found = read_shape(document, KINDS[kind].model, values)
    return record, (*document.diagnostics, *unknown, *found)


def _own_keys(values: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Part fields from the user's own `x-` keys."""
    fields = {key: value for key, value in values.items() if not key.startswith("x-")}
    return fields, {key: value for key, value in values.items() if key.startswith("x-")}
