"""One function applied to many things, by several processes where that is faster."""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Callable, Iterator, Sequence
from typing import Any, TypeVar

from incidentbook.archive import PARALLEL_FROM, can_fork
from incidentbook.importers.csv_table import Progress

T = TypeVar("T")
R = TypeVar("R")

_CHUNK = 250
_work: list[Any] = []
"""What a forked process does, and with what: they come to it with its memory, not through a pipe."""


def map_in_parallel(items: Sequence[T], work: Callable[[T], R], progress: Progress) -> Iterator[R]:
    """Yield what `work` gives for each item, in their order."""
    if len(items) < PARALLEL_FROM or not can_fork():
        for number, item in enumerate(items):
            if number % _CHUNK == 0:
                progress(number / len(items))
            yield work(item)
        return
    chunks = [range(start, min(start + _CHUNK, len(items))) for start in range(0, len(items), _CHUNK)]
    context = multiprocessing.get_context("fork")
    with context.Pool(os.cpu_count() or 1, _adopt, (items, work)) as pool:
        for number, results in enumerate(pool.imap(_apply, chunks)):
            progress(number / len(chunks))
            yield from results


def _adopt(items: Sequence[Any], work: Callable[[Any], Any]) -> None:
    _work[:] = [items, work]


def _apply(chunk: range) -> list[Any]:
    items, work = _work
    return [work(items[index]) for index in chunk]
