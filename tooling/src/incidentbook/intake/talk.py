"""What reporters are told on their issue, each thing once: a mark that nobody sees tells what was said."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from incidentbook.forge import Comment
from incidentbook.intake.delivery import Asked as Delivered
from incidentbook.intake.delivery import is_sealed
from incidentbook.intake.known import Known
from incidentbook.records import IncidentStatus
from incidentbook.records.fields import parse_instant
from incidentbook.source import format_instant
from incidentbook.taxonomy import Taxonomy

RECEIVED = "<!-- incidentbook:received -->"
_ASKED = re.compile(r"<!-- incidentbook:asked (?P<id>INC-[0-9-]+) (?P<resolved>\S+) at (?P<at>\S+) -->")


def received(known: Known, taxonomy: Taxonomy, pull_request: str | None) -> str:
    """What is said when a report has come in."""
    priority = None if is_sealed(known) else taxonomy.priority_of(known.record)
    urgent = f", priority {priority}" if priority else ""
    where = f" It is looked at in {pull_request}." if pull_request else ""
    return (
        f"{RECEIVED}\nThank you. This is logged as **{known.id}**{urgent}.{where}\n\n"
        "What happens next: somebody takes it and works on it. When it is resolved you are asked here "
        "whether it works again. Until then, what you add here is read by people."
    )


def question(known: Known, taxonomy: Taxonomy, now: datetime) -> str:
    """What is asked when an incident has been resolved."""
    days = taxonomy.intake.confirmations.days
    resolved = format_instant(known.record.resolved or now)
    return (
        f"<!-- incidentbook:asked {known.id} {resolved} at {format_instant(now)} -->\n"
        f"**{known.id}** is resolved. Does it work again for you?\n\n{_HOW} Without an answer within "
        f"{days} days it counts as unconfirmed, and may be closed."
    )


_HOW = (
    "Answer with a comment whose first line is `confirmed` or `not solved` and nothing else, but if you like "
    "a number from 1 (poor) to 5 (excellent) for the help you got: `confirmed 5`. What you write below that "
    "line is kept as your comment."
)


def unclear_mark(known: Known) -> str:
    """The mark of the one time that a reporter is told that they were not understood."""
    resolved = format_instant(known.record.resolved) if known.record.resolved else "-"
    return f"<!-- incidentbook:unclear {known.id} {resolved} -->"


def unclear(known: Known) -> str:
    """What is said where a comment after the resolution is no answer that can be read for certain."""
    return (
        f"{unclear_mark(known)}\nThank you. This is read by people; whether **{known.id}** is solved for you "
        f"I did not understand. {_HOW}"
    )


def answered_mark(comment_id: int) -> str:
    """The mark of a reply to one comment."""
    return f"<!-- incidentbook:answered {comment_id} -->"


def answered(comment_id: int, known: Known, asked: Delivered) -> str:
    """What is said to an answer: that it is asked for, and no more than that."""
    said = (
        f"What you answered about **{known.id}** is proposed in {asked.url}, and counts once that is merged."
        if asked.is_under_review
        else f"What you answered about **{known.id}** is noted."
    )
    again = known.record.status not in (IncidentStatus.RESOLVED, IncidentStatus.CLOSED)
    more = " It says that people go on working on it." if again and asked.is_under_review else ""
    return f"{answered_mark(comment_id)}\nThank you. {said}{more}"


def closed_mark(known: Known) -> str:
    """The mark of the word that an incident is over."""
    return f"<!-- incidentbook:closed {known.id} -->"


def closed(known: Known) -> str:
    """What is said when the record says that it is over."""
    said = known.record.confirmation
    how = (
        "was found to be no incident of its own"
        if known.record.status is IncidentStatus.CANCELLED
        else "is closed, as you confirmed"
        if said is not None and said.confirmed
        else "is closed as unconfirmed"
        if said is not None
        else "is closed"
    )
    return f"{closed_mark(known)}\n**{known.id}** {how}. If it comes back, please report it anew."


@dataclass(frozen=True)
class Asked:
    """When a reporter was asked, and whether they have written since."""

    at: datetime
    has_written: bool


def when_asked(known: Known, comments: Iterable[Comment], author: str, account: str | None) -> Asked | None:
    """When the reporter was asked about this resolution; None where nobody did.

    Only what the account of automation wrote counts: anybody can write our mark on a public issue.
    """
    found: Asked | None = None
    for comment in comments:
        match = _ASKED.search(comment.body) if is_ours(comment, account) else None
        if match and match["id"] == known.id and _same(match["resolved"], known.record.resolved):
            at = _instant(match["at"])
            found = Asked(at, has_written=False) if at else found
        elif found is not None and comment.author == author:
            found = Asked(found.at, has_written=True)
    return found


def is_ours(comment: Comment, account: str | None) -> bool:
    """Whether automation wrote a comment; brackets are in no name that a person can take."""
    return comment.author == account if account else comment.author.endswith("[bot]")


def _instant(text: str) -> datetime | None:
    try:
        return parse_instant(text)
    except ValueError:
        return None


def _same(text: str, resolved: datetime | None) -> bool:
    return resolved is not None and _instant(text) == resolved
