"""Sending messages: every channel by itself, within bounds, so that none holds up another."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from queue import Empty, SimpleQueue

from incidentbook.notices.notify.messages import Message
from incidentbook.notices.notify.senders import NotSentError, Sender, UncertainError

_FAILURES = 3
"""So many refusals in a row, and a channel is left alone until the next run."""

_PAUSE = 1.0
"""Seconds for what is no waiting for the other side: looking up a name, encrypting, starting a thread."""


class Outcome(StrEnum):
    """What became of a message."""

    SENT = "sent"
    FAILED = "failed"
    UNKNOWN = "unknown"
    NOT_TRIED = "not_tried"


@dataclass(frozen=True, slots=True)
class Result:
    """What became of one message, and why; the reason holds no secret and nothing that a record says."""

    message: Message
    outcome: Outcome
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Batch:
    """What is sent one after the other, and how: `senders` are by channel, and share what they speak to."""

    senders: Mapping[str, Sender]
    messages: tuple[Message, ...]


def send_all(
    batches: Sequence[Batch], timeout: float, clock: Callable[[], float] = time.monotonic
) -> Iterator[Result]:
    """Send everything, each batch in a thread of its own; yield what became of each as it is known.

    A channel that does not answer within its time is given up: of the message that it has nobody knows,
    and the rest is not tried. Nothing is waited for longer than that.
    """
    results: SimpleQueue[Result] = SimpleQueue()
    lines = [_Line(batch, timeout, clock, results) for batch in batches if batch.messages]
    for line in lines:
        # a thread that hangs must not keep the program from ending
        threading.Thread(target=line.run, daemon=True).start()
    while any(line.is_busy for line in lines) or not results.empty():
        try:
            yield results.get(timeout=0.05)
        except Empty:
            for line in lines:
                line.give_up_if_late()


class _Line:
    """One channel at work. Whoever holds the lock says what became of a message, and nobody after him."""

    def __init__(
        self, batch: Batch, timeout: float, clock: Callable[[], float], results: SimpleQueue[Result]
    ) -> None:
        self._batch = batch
        self._limit = 2 * timeout + max(one.pause for one in batch.senders.values()) + _PAUSE
        self._clock = clock
        self._results = results
        self._lock = threading.Lock()
        self._next = 0
        self._began = clock()
        self._failures = 0

    @property
    def is_busy(self) -> bool:
        return self._next < len(self._batch.messages)

    def run(self) -> None:
        """Send one after the other, until one hangs or the channel is of no use."""
        while True:
            with self._lock:
                if not self.is_busy:
                    return
                place, self._began = self._next, self._clock()
            result, hopeless = self._send(self._batch.messages[place])
            with self._lock:
                if self._next != place:
                    return  # given up meanwhile
                self._tell(result)
                if hopeless:
                    self._leave("the channel was given up")

    def give_up_if_late(self) -> None:
        """Leave a channel that takes too long; its thread ends by itself, or with the program."""
        with self._lock:
            if self.is_busy and self._clock() - self._began > self._limit:
                message = self._batch.messages[self._next]
                self._tell(Result(message, Outcome.UNKNOWN, "no answer in time"))
                self._leave("the channel was given up")

    def _send(self, message: Message) -> tuple[Result, bool]:
        try:
            note = self._batch.senders[message.channel].send(message)
        except NotSentError as error:
            self._failures += not error.is_readers
            hopeless = error.hopeless or self._failures >= _FAILURES
            return Result(message, Outcome.FAILED, str(error)), hopeless
        except UncertainError as error:
            return Result(message, Outcome.UNKNOWN, str(error)), True
        except Exception as error:
            return Result(message, Outcome.UNKNOWN, f"it broke down: {type(error).__name__}"), True
        self._failures = 0
        return Result(message, Outcome.SENT, note), False

    def _tell(self, result: Result) -> None:
        self._results.put(result)
        self._next += 1

    def _leave(self, reason: str) -> None:
        while self.is_busy:
            self._tell(Result(self._batch.messages[self._next], Outcome.NOT_TRIED, reason))
