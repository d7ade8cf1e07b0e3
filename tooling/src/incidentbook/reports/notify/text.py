"""What was told to whom, as text for a terminal or a log."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from incidentbook.notices.notify.telling import Report, Row, State, by_channel
from incidentbook.reports.stats.words import plural, printable

_ORDER = (State.WOULD_SEND, State.SENT, State.FAILED, State.NOT_TRIED, State.UNKNOWN, State.TAKEN)


def notify_as_text(report: Report, *, dry_run: bool) -> str:
    """Say what became of each message; where nothing was sent, what would be and in which words."""
    return "\n".join(_lines(report, dry_run=dry_run))


def _lines(report: Report, *, dry_run: bool) -> Iterator[str]:
    yield _headline(report)
    for channel, rows in by_channel(report.rows).items():
        yield ""
        name = report.names.get(channel)
        yield printable(f"{channel} ({name})" if name else channel)
        for row in rows:
            yield from _row(row, dry_run=dry_run)
    for channel, count in sorted(report.gathered.items()):
        yield f"{printable(channel)}: {count} for the next digest (`notify --digest`)"


def _headline(report: Report) -> str:
    counts = Counter(row.state for row in report.rows)
    said = [f"{counts[state]} {_word(state)}" for state in _ORDER if counts[state]]
    already = sum(report.already.values())
    if already:
        said.append(f"{already} sent before")
    if not said:
        return "Nobody is to be told of anything."
    return f"{plural(len(report.rows), 'message')}: {', '.join(said)}." if report.rows else f"{said[0]}."


def _word(state: State) -> str:
    return {State.WOULD_SEND: "to send", State.TAKEN: "sent by another run"}.get(state, state.value)


def _row(row: Row, *, dry_run: bool) -> Iterator[str]:
    reason = f" ({row.reason})" if row.reason else ""
    yield f"  {row.state.value:<10}  {printable(row.subject)}{reason}"
    if dry_run and row.message is not None:
        # a forge takes a line that begins with `::` for a command, whatever stands before it but spaces
        yield from (f"    | {printable(line)}".rstrip() for line in row.message.body.splitlines())
