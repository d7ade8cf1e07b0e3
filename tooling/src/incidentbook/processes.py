"""One function applied to many things, by several processes where that is faster."""

from __future__ import annotations

import multiprocessing
import os
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Generic, TypeVar

T = TypeVar("T")
R = TypeVar("R")

PARALLEL_FROM = 400
"""Fewer things than this are done faster by one process than several are started."""

_CHUNK = 200
_work: list[Any] = []
"""What a forked process does, and with what: they come to it with its memory, not through a pipe."""


def map_in_parallel(
    items: Sequence[T], work: Callable[[T], R], progress: Callable[[float], None] = lambda _: None
) -> Iterator[R]:
    """Yield what `work` gives for each item, in their order; `progress` is told the share that is done."""
    if len(items) < PARALLEL_FROM or not can_fork():
        for number, item in enumerate(items):
            if number % _CHUNK == 0:
                progress(number / len(items))
            yield work(item)
        return
    chunks = [range(start, min(start + _CHUNK, len(items))) for start in range(0, len(items), _CHUNK)]
    context = multiprocessing.get_context("fork")
    with context.Pool(cores(), _adopt, (items, work)) as pool:
        for number, results in enumerate(pool.imap(_apply, chunks)):
            progress(number / len(chunks))
            yield from results


class Started(Generic[R]):
    """Work that other processes began when it was asked for, and whose results are fetched later.

    Where there is no forking, or `at_once` is false, each thing is done when its result is fetched.
    Iterating gives the results in the order of the items; `close` ends what is still being done.
    """

    def __init__(self, items: Sequence[T], work: Callable[[T], R], *, at_once: bool = True) -> None:
        self._pool = None
        self._results: Iterator[R] = map(work, items)
        if at_once and items and can_fork():
            context = multiprocessing.get_context("fork")
            self._pool = context.Pool(min(cores(), len(items)), _adopt, (items, work))
            self._results = self._pool.imap(_apply_one, range(len(items)))

    def __iter__(self) -> Iterator[R]:
        yield from self._results
        self.close()

    def close(self) -> None:
        """End the processes; nothing is left running, whatever was fetched."""
        if self._pool is not None:
            self._pool.terminate()
            self._pool.join()
            self._pool = None


def cores() -> int:
    """How many processor cores this process may use: a container or `taskset` may allow fewer than exist."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def can_fork() -> bool:
    """Forking is safe only while there is one thread, and only where the platform means it well."""
    return (
        sys.platform not in ("win32", "darwin")
        and threading.active_count() == 1
        and cores() > 1
        and not is_worker()
    )


def is_worker() -> bool:
    """Tell whether this process was started by another to share its work."""
    return multiprocessing.parent_process() is not None


def _adopt(items: Sequence[Any], work: Callable[[Any], Any]) -> None:
    _work[:] = [items, work]


def _apply_one(index: int) -> Any:
    items, work = _work
    return work(items[index])


def _apply(chunk: range) -> list[Any]:
    items, work = _work
    return [work(items[index]) for index in chunk]
