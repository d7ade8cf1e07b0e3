"""What wants attention, as text for a terminal or a pipe."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from incidentbook.notices import Attention, Level, Plan, Step
from incidentbook.notices.issue_text import IssueText
from incidentbook.reports.sla.words import minute
from incidentbook.reports.stats.words import plural, printable


def watch_as_text(
    wanting: Sequence[Attention], planned: Plan | None, text: IssueText, *, now: datetime
) -> str:
    """Say what each record wants, by when, of whom, and how; then what becomes of the issues."""
    return "\n".join(_lines(wanting, planned, text, now))


def _lines(
    wanting: Sequence[Attention], planned: Plan | None, text: IssueText, now: datetime
) -> Iterator[str]:
    yield headline(wanting)
    yield f"as of {minute(now, text.taxonomy.zone)}"
    for attention in wanting:
        yield ""
        yield f"{attention.record}  {printable(attention.standing)}"
        yield printable(" ".join(attention.title.split()))
        for want in attention.wants:
            subject = f": {printable(' '.join(want.subject.split()))}" if want.subject else ""
            yield f"  {want.what}{subject}"
            yield f"    due   {text.due(want.due)}, {who(want.who, want.team)}"
            yield f"    do    {want.do}"
            yield f"    file  {printable(want.path)}"
    if planned is not None:
        yield ""
        yield from steps(planned)


def headline(wanting: Sequence[Attention]) -> str:
    """Count it in one line."""
    if not wanting:
        return "Nothing wants attention."
    late = sum(attention.level is Level.LATE for attention in wanting)
    verb = "wants" if len(wanting) == 1 else "want"
    return f"{plural(len(wanting), 'record')} {verb} attention, {late} of them late."


def steps(planned: Plan) -> Iterator[str]:
    """Say what becomes of the issues, one line each."""
    if not planned.steps:
        yield "Issues: nothing to change."
    for step in planned.steps:
        yield f"Issues: {said(step)}"
    if planned.postponed:
        yield f"Issues: {planned.postponed} more are opened by the next runs, so that no run opens too many"


def said(step: Step) -> str:
    """One step in words."""
    number = f" #{step.number}" if step.number else ""
    return f"{step.kind}{number} for {step.record}"


def who(handles: Sequence[str], team: str | None) -> str:
    """Who must act."""
    return ", ".join([*handles, *([f"team {team}"] if team else [])]) or "nobody yet"
