"""Makes the insides of planned pages: what the cache has is taken from it, the rest by several processes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from hashlib import blake2b
from importlib.metadata import version
from importlib.resources import files
from typing import Any, overload

import msgspec

from incidentbook.cache import Cache, code_fingerprint
from incidentbook.diagnostics import IncidentbookError
from incidentbook.pages.page import Asked, Content, Page
from incidentbook.processes import Started
from incidentbook.publication import Output, Published, Urls
from incidentbook.publication.urls import STATISTICS

_ROWS, _INSIDES = "page", "inside"
"""The cache's spaces: what tells whether a page still holds, and the much larger page itself."""

_BATCH = 100
_STORED_AT_ONCE = 500
SPEAKING = (
    *("comrak", "holidays", "Jinja2", "MarkupSafe", "msgspec"),
    *("nh3", "Pygments", "tzdata", "vl-convert-python"),
)
"""Libraries that decide about the bytes of a page: by what they write, count or know."""


class Row(msgspec.Struct, frozen=True, array_like=True):
    """What is known of a page without having it: what it was made of, and digests of what came of it."""

    key: str
    asked: tuple[Asked, ...]
    inside: str
    search: str


_ROW = msgspec.msgpack.Decoder(Row)
_CONTENT = msgspec.msgpack.Decoder(Content)
_ENCODER = msgspec.msgpack.Encoder()


class CannotMakeError(IncidentbookError):
    """A page or a file could not be made: a fault of this tool, or of a template, that names its place."""

    def __init__(self, one: Page | Output, error: Exception) -> None:
        source = f", made of {one.source}," if isinstance(one, Page) and one.source else ""
        super().__init__(f"`{one.path}`{source} cannot be made: {type(error).__name__}: {error}")

    def __reduce__(self) -> tuple[Any, ...]:
        return IncidentbookError, self.args  # comes from another process, with its words and no more


@dataclass(frozen=True, slots=True)
class _Task:
    """What one process makes in one go."""

    pages: Sequence[Page]
    outputs: Sequence[Output]


@dataclass(frozen=True, slots=True)
class _Done:
    """What came of a task: of each page its row and its inside, of each output its bytes."""

    pages: list[tuple[bytes, bytes]]
    files: list[bytes]


class Maker:
    """Makes each page and each file of a plan once. Use as a context: it ends the processes it started.

    A page that has a key is taken from the cache while its key is the same and its links still lead
    where they led. All others are made, in other processes from the first moment on: what shares
    figures that are worked out once together, then the pages of records in batches. `is_there` tells
    of a file under a stamp whether it need not be made.
    """

    def __init__(
        self,
        pages: Sequence[Page],
        outputs: Sequence[Output],
        published: Published,
        urls: Urls,
        store: Cache,
        is_there: Callable[[str, str], bool],
    ) -> None:
        self._pages = pages
        self._urls = urls
        self._cache = store
        self._place = f"{published.audience.value}:"
        self._stamp = _stamp(published)
        self._fresh: dict[str, Row] = {}
        self._missing: list[Page] = []
        self._sort_out()
        self._outputs = outputs
        wanted = [one for one in outputs if not one.is_copy and not is_there(one.path, self.stamp_of(one))]
        self._tasks = _tasks(self._missing, wanted)
        pays = len(pages) > _STORED_AT_ONCE and bool(self._tasks)
        self._started = Started(self._tasks, self._do, at_once=pays)
        self._made: dict[str, bytes] = {}
        self._files: dict[str, bytes] = {}

    def __enter__(self) -> Maker:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End the processes, also in the middle of their work."""
        self._started.close()

    @property
    def missing(self) -> int:
        """How many pages had to be made."""
        return len(self._missing)

    def rows(self) -> Iterator[tuple[Page, Row]]:
        """Every page with what is known of it; those that had to be made come last, as they are made."""
        for page in self._pages:
            row = self._fresh.get(page.path)
            if row is not None:
                yield page, row
        unstored: dict[str, tuple[bytes, bytes]] = {}
        for task, done in zip(self._tasks, self._started, strict=True):
            self._files.update((one.path, data) for one, data in zip(task.outputs, done.files, strict=True))
            for page, (encoded_row, inside) in zip(task.pages, done.pages, strict=True):
                row = _ROW.decode(encoded_row)
                self._made = {page.path: inside}
                yield page, row
                if row.key:
                    unstored[self._place + page.path] = encoded_row, inside
            if len(unstored) >= _STORED_AT_ONCE:
                self._store(unstored)
                unstored = {}
        self._store(unstored)
        self._made = {}

    def files(self) -> Iterator[tuple[Output, bytes | None]]:
        """Every file that is no page, once the rows are through; None is one that is there already."""
        for output in self._outputs:
            yield output, _made(output) if output.is_copy else self._files.pop(output.path, None)

    def stamp_of(self, output: Output) -> str:
        """What a file is made of, in one word; empty where only its bytes tell."""
        return f"{self._stamp}:{output.key}" if output.key else ""

    def content(self, page: Page) -> Content:
        """The inside of a page whose row was just given."""
        inside = self._made.get(page.path) or self._cache.get(_INSIDES, self._place + page.path)
        return page.content if inside is None else _CONTENT.decode(inside)

    def _sort_out(self) -> None:
        known = {
            path.removeprefix(self._place): row
            for path, row in self._cache.get_all(_ROWS).items()
            if path.startswith(self._place)
        }
        answer = self._urls.answer
        for page in self._pages:
            encoded = known.pop(page.path, None)
            row = _ROW.decode(encoded) if encoded is not None and page.key else None
            if (
                row is not None
                and row.key == self._key(page)
                and all(answer(one.source, one.address) == one.answer for one in row.asked)
            ):
                self._fresh[page.path] = row
            else:
                self._missing.append(page)
        gone = [self._place + path for path in known]
        self._cache.forget(_ROWS, gone)
        self._cache.forget(_INSIDES, gone)

    def _key(self, page: Page) -> str:
        return f"{self._stamp}:{page.key}" if page.key else ""

    def _do(self, task: _Task) -> _Done:
        pages = [self._encoded(page, _made(page)) for page in task.pages]
        return _Done(pages, [_made(output) for output in task.outputs])

    def _encoded(self, page: Page, content: Content) -> tuple[bytes, bytes]:
        inside = _ENCODER.encode(content)
        search = _digest(_ENCODER.encode(content.search))
        return _ENCODER.encode(Row(self._key(page), content.asked, _digest(inside), search)), inside

    def _store(self, made: dict[str, tuple[bytes, bytes]]) -> None:
        self._cache.put_many(_INSIDES, {path: inside for path, (_, inside) in made.items()})
        # after the insides: a row promises that its inside is there
        self._cache.put_many(_ROWS, {path: row for path, (row, _) in made.items()})


@overload
def _made(one: Page) -> Content: ...
@overload
def _made(one: Output) -> bytes: ...
def _made(one: Page | Output) -> Content | bytes:
    try:
        return one.make()
    except Exception as error:
        raise CannotMakeError(one, error) from error


def _tasks(pages: Sequence[Page], outputs: Sequence[Output]) -> list[_Task]:
    # the page of figures and the API's figures are one count, which is the longest work of all
    figures = [page for page in pages if page.path == STATISTICS]
    overviews = [page for page in pages if page.source is None and page.path != STATISTICS]
    records = [page for page in pages if page.source is not None]
    chunks = [records[start : start + _BATCH] for start in range(0, len(records), _BATCH)]
    tasks = [_Task(figures, outputs), _Task(overviews, []), *(_Task(chunk, []) for chunk in chunks)]
    return [task for task in tasks if task.pages or task.outputs]


def _stamp(published: Published) -> str:
    parts = (_tool_stamp(), published.taxonomy.fingerprint, published.audience.value)
    return _digest("\0".join(parts).encode())


@cache
def _tool_stamp() -> str:
    """A hash of all that this tool brings to a page: its code, its templates, the libraries that write."""
    digest = blake2b(code_fingerprint().encode(), digest_size=16)
    for template in sorted((files("incidentbook.pages") / "templates").iterdir(), key=lambda one: one.name):
        digest.update(template.name.encode() + b"\0" + template.read_bytes())
    digest.update(" ".join(f"{name} {version(name)}" for name in SPEAKING).encode())
    return digest.hexdigest()


def _digest(data: bytes) -> str:
    return blake2b(data, digest_size=16).hexdigest()
