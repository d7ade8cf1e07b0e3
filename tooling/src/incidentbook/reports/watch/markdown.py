"""What wants attention, as Markdown for a job summary or a mail."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from incidentbook.markdown.literal import literal
from incidentbook.notices import Attention, Plan
from incidentbook.notices.issue_text import IssueText
from incidentbook.reports.sla.words import minute
from incidentbook.reports.watch.text import headline, steps

_LONGEST = 180


def watch_as_markdown(
    wanting: Sequence[Attention], planned: Plan | None, text: IssueText, *, now: datetime
) -> str:
    """Say it in the words of the issues; what records say is text, and neither markup nor a mention."""
    return "\n".join(_lines(wanting, planned, text, now))


def _lines(
    wanting: Sequence[Attention], planned: Plan | None, text: IssueText, now: datetime
) -> Iterator[str]:
    yield f"### {headline(wanting)}"
    for attention in wanting:
        yield ""
        standing = literal(attention.standing)
        yield f"**{attention.record}** {literal(attention.title, _LONGEST)} ({standing})"
        yield ""
        yield text.warning(attention.wants)
    if planned is not None:
        yield ""
        yield from (f"- {literal(line)}" for line in steps(planned))
    yield ""
    yield f"<sub>As of {minute(now, text.taxonomy.zone)}.</sub>"
