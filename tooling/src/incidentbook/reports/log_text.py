"""The event stream as text: the story in its order, for a terminal or a pipe."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta, tzinfo

from rich.console import Group as Stack
from rich.console import RenderableType
from rich.text import Text

from incidentbook.history import Event
from incidentbook.history.story import lag, moment
from incidentbook.reports.log_words import in_words
from incidentbook.reports.sla_words import minute, roughly
from incidentbook.reports.stats_words import plural, printable

_WORTH_SAYING = timedelta(hours=1)
"""A claim that was committed within this time of what it claims is not remarked upon."""

_UNKNOWN = "time not said"


def log_as_text(events: Sequence[Event], *, zone: tzinfo, name: str | None) -> RenderableType:
    """Lay events out, one below the other; `name` is that of the one record that they are of, if any."""
    if not events:
        return Text(f"Nothing is told of {printable(name)}." if name else "Nothing happened to any record.")
    width = max(len(_when(event, zone)) for event in events)
    lines = [line for event in events for line in _event(event, zone, width, with_name=name is None)]
    records = len({event.known_as.id for event in events})
    total = plural(len(events), "event") + ("" if name else f" of {plural(records, 'record')}")
    heading = [Text(printable(name), "bold")] if name else []
    return Stack(*heading, *lines, Text(), Text(f"{total}.", "bold"))


def _event(event: Event, zone: tzinfo, width: int, *, with_name: bool) -> Iterator[Text]:
    text = Text(f"{_when(event, zone):<{width}}  ", overflow="fold")
    if with_name:
        text.append(f"{printable(event.known_as.id)}  ", "bold")
    text.append(in_words(event))
    yield text
    if source := _source(event, zone):
        yield Text(f"{'':<{width}}  {source}", "dim", overflow="fold")


def _when(event: Event, zone: tzinfo) -> str:
    at = moment(event, zone)
    return _UNKNOWN if at is None else minute(at, zone)


def _source(event: Event, zone: tzinfo) -> str:
    """By which commit we know, of whom, and when, where that is long after (or before) what is claimed."""
    commit = event.commit
    if commit is None:
        return ""
    words = f"commit {commit.hash[:10]} by {printable(commit.author.name)}, {minute(commit.authored, zone)}"
    behind = lag(event)
    if behind is not None and abs(behind) >= _WORTH_SAYING:
        words += f", {roughly(abs(behind))} {'later' if behind > timedelta(0) else 'before the time claimed'}"
    return words
