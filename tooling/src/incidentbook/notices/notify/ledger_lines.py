"""What the ledger says of one message to one channel: lines that only ever add to each other.

A line names a key, a channel, a run and what became of it: `intent` before the send, `sent` or `failed`
after it. An intent without an outcome is a send that was interrupted: nobody knows whether it arrived.
Lines hold hashes, keys of channels and times, and nothing that a record says.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum


class Standing(StrEnum):
    """What is known of one message to one channel."""

    NEW = "new"
    SENT = "sent"
    FAILED = "failed"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, order=True)
class Line:
    """One line of the ledger; `at` is ISO 8601 in UTC, `state` intent, sent or failed."""

    key: str
    channel: str
    at: str
    run: str
    state: str


INTENT, SENT, FAILED = "intent", "sent", "failed"
_STATES = {INTENT, SENT, FAILED}
_FIELDS = ("key", "channel", "at", "run", "state")


def read_lines(data: bytes) -> tuple[Line, ...]:
    """Read a file of the ledger; what is no line of ours is passed over."""
    found = []
    for text in data.decode("utf-8", "replace").splitlines():
        try:
            values = json.loads(text)
        except ValueError:
            continue
        if isinstance(values, dict) and values.get("state") in _STATES:
            found.append(Line(*(str(values.get(name, "")) for name in _FIELDS)))
    return tuple(found)


def write_lines(lines: Iterable[Line]) -> bytes:
    """Write a file of the ledger: each line once, in an order that no run decides."""
    rows = (
        json.dumps({name: getattr(line, name) for name in _FIELDS}, separators=(",", ":"))
        for line in sorted(set(lines))
    )
    return "".join(f"{row}\n" for row in rows).encode()


def compact(lines: Iterable[Line]) -> tuple[Line, ...]:
    """Leave out what changes no standing: attempts before the last that failed, all beside one that arrived.

    A channel that is broken for a day would else fill the ledger.
    """
    groups: dict[tuple[str, str], list[Line]] = {}
    for line in sorted(set(lines)):
        groups.setdefault((line.key, line.channel), []).append(line)
    return tuple(line for group in groups.values() for line in _kept(group))


def _kept(group: Sequence[Line]) -> list[Line]:
    sent = [line for line in group if line.state == SENT]
    if sent:
        return sent[:1]
    failed = [line.run for line in group if line.state == FAILED]
    over = set(failed) - set(failed[-1:])
    return [line for line in group if line.run not in over]


def standings(lines: Iterable[Line]) -> Mapping[tuple[str, str], Standing]:
    """What the lines together say, by key and channel."""
    states: dict[tuple[str, str], dict[str, set[str]]] = {}
    for line in lines:
        states.setdefault((line.key, line.channel), {}).setdefault(line.run, set()).add(line.state)
    return {place: _standing(runs) for place, runs in states.items()}


def _standing(runs: Mapping[str, set[str]]) -> Standing:
    if any(SENT in states for states in runs.values()):
        return Standing.SENT
    if any(FAILED not in states for states in runs.values()):
        return Standing.UNKNOWN
    return Standing.FAILED
