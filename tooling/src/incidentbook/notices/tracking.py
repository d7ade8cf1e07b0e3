"""What becomes of the issues that follow records: one a record, and none where nothing is left to do."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from incidentbook.forge import Issue
from incidentbook.notices.issue_text import IssueText, levels_in, notes_in, record_in
from incidentbook.notices.want import Attention

LABEL = "incidentbook"
"""By which our issues are found again; whoever takes it off takes the issue from us."""

MOST_OPENED = 30
"""New issues of one run: an import can bring thousands, and forges refuse who writes too fast."""


class StepKind(StrEnum):
    """What is done about one issue."""

    OPEN = "open"
    UPDATE = "update"
    WARN = "warn"
    REOPEN = "reopen"
    CLOSE = "close"
    CLOSE_DUPLICATE = "close duplicate"


@dataclass(frozen=True, slots=True)
class Step:
    """One change to the tracker; texts that stay as they are, are None."""

    kind: StepKind
    record: str
    number: int | None = None
    title: str | None = None
    body: str | None = None
    comment: str | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be done now, and how many issues must wait for the next run to be opened."""

    steps: tuple[Step, ...]
    postponed: int = 0


def plan(wanting: Sequence[Attention], issues: Iterable[Issue], account: str, text: IssueText) -> Plan:
    """Compare what wants attention with the issues that there are.

    Only issues that `account` opened itself are looked at: anybody can write a marker, and where an issue
    form sets the label anybody can have that too. Of several for one record the first stays. An issue
    that a person closed stays closed until something gets worse; titles are left to people.
    """
    mine = tracked(issues, account)
    steps: list[Step] = []
    opening: list[Step] = []
    for attention in wanting:
        known = mine.get(attention.record, [])
        if not known:
            body, title = text.body(attention), text.title(attention)
            opening.append(Step(StepKind.OPEN, attention.record, title=title, body=body))
        else:
            steps += _followed(attention, known[0], text)
    open_records = {attention.record for attention in wanting}
    for record in sorted(mine.keys() - open_records):
        steps += _over(record, mine[record][0], text)
    steps += _doubles(mine)
    return Plan((*opening[:MOST_OPENED], *steps), len(opening[MOST_OPENED:]))


def duplicates(issues: Iterable[Issue], account: str) -> tuple[Step, ...]:
    """Close all but the first open issue of each record: two runs at once may both have opened one."""
    return tuple(_doubles(tracked(issues, account)))


def tracked(issues: Iterable[Issue], account: str) -> Mapping[str, list[Issue]]:
    """Our own issues by the record that they follow, the oldest first."""
    found: dict[str, list[Issue]] = {}
    for issue in sorted(issues, key=lambda issue: issue.number):
        record = record_in(issue.body)
        if record is not None and issue.author.casefold() == account.casefold():
            found.setdefault(record, []).append(issue)
    return found


def _followed(attention: Attention, issue: Issue, text: IssueText) -> Iterator[Step]:
    before = levels_in(issue.body)
    worse = [want for want in attention.wants if want.level > before.get(want.key, 0)]
    body = text.body(attention) + notes_in(issue.body)
    changed = None if _same(body, issue.body) else body
    if worse:
        kind, comment = StepKind.WARN if issue.is_open else StepKind.REOPEN, text.warning(worse)
        yield Step(kind, attention.record, issue.number, body=changed, comment=comment)
    elif changed is not None:
        yield Step(StepKind.UPDATE, attention.record, issue.number, body=changed)


def _over(record: str, issue: Issue, text: IssueText) -> Iterator[Step]:
    body = text.over(record) + notes_in(issue.body)
    changed = None if _same(body, issue.body) else body
    if issue.is_open:
        comment = text.farewell() if changed is not None else None
        yield Step(StepKind.CLOSE, record, issue.number, body=changed, comment=comment)
    elif changed is not None:
        # a person closed it before it was over: from now on it may come back
        yield Step(StepKind.UPDATE, record, issue.number, body=changed)


def _doubles(mine: Mapping[str, list[Issue]]) -> Iterator[Step]:
    for record, known in sorted(mine.items()):
        for double in known[1:]:
            if double.is_open:
                comment = f"#{known[0].number} follows this record already."
                yield Step(StepKind.CLOSE_DUPLICATE, record, double.number, comment=comment)


def _same(one: str, other: str) -> bool:
    """Whether two texts are one, whatever a forge made of line ends."""
    return one.replace("\r\n", "\n").strip() == other.replace("\r\n", "\n").strip()
