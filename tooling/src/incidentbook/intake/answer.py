"""What a reporter answers: whether it works again, and how good the help was."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from incidentbook.intake.errors import IntakeError
from incidentbook.intake.known import Known, not_before, reopened
from incidentbook.intake.opening import Amendment, Response, Silence
from incidentbook.intake.payload import mapping, part, read_json
from incidentbook.intake.texts import clean, one_line
from incidentbook.intake.times import foreign_time
from incidentbook.records import IncidentStatus
from incidentbook.taxonomy import Taxonomy

_COMMENT_LENGTH = 2_000
_NO = re.compile(
    r"no\b(?!\s+(?:problem|issue|worr|more|longer))|nope\b|not\s+(?:solved|fixed|resolved|confirmed|working|ok)\b"
    r"|unsolved\b|(?:it\s+)?(?:still|does(?:n'?t| not))\b.*\b(?:broken|fail\w*|not|down|same|work\w*)\b",
    re.IGNORECASE,
)
_YES = re.compile(
    r"(?:yes|yep|confirm(?:ed)?|solved|fixed|resolved|(?:it\s+)?works|ok)\b(?!\s*\?)", re.IGNORECASE
)
_RATED = re.compile(
    r"(?<![\d./,-])([1-5])\s*(?:/\s*5\b|out\s+of\s+5\b|stars?\b|points?\b)|\brat(?:e|ed|ing)\b[\s:=]{0,5}([1-5])(?![\d.,/])",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Answer:
    """What was understood of an answer; None is what it does not say."""

    confirmed: bool | None
    score: int | None
    comment: str


@dataclass(frozen=True, kw_only=True)
class Reply:
    """One comment on an issue."""

    number: int
    id: int
    body: str
    author: str
    is_reporters: bool
    at: datetime | None


def read_reply(data: bytes, name: str) -> Reply:
    """Read the event payload of a comment on an issue. Raises IntakeError."""
    event = read_json(data, name)
    issue, comment = mapping(part(event, "issue")), mapping(part(event, "comment"))
    number, identity = _number(issue.get("number")), _number(comment.get("id"))
    if number is None or identity is None or "pull_request" in issue:
        raise IntakeError(
            f"{name} is no comment on an issue; looked for `issue` and `comment` with their numbers"
        )
    deleted = part(event, "action") == "deleted"
    who, reporter = mapping(comment.get("user")), mapping(issue.get("user"))
    # names can be changed and taken by others, numbers cannot
    same = _number(who.get("id")) is not None and who.get("id") == reporter.get("id")
    return Reply(
        number=number,
        id=identity,
        body="" if deleted else clean(comment.get("body"), 20_000),
        author=one_line(who.get("login"), 80),
        is_reporters=same and who.get("type") != "Bot",
        at=foreign_time(comment.get("created_at")),
    )


def _number(value: Any) -> int | None:
    """The value where it is a number such as the forge gives out."""
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 < value < 10**15 else None


def parse_answer(body: str) -> Answer | None:
    """Understand a comment; None where it neither confirms, nor denies, nor rates."""
    text = re.sub(r"<!--.*?(?:-->|\Z)", "", clean(body, 20_000), flags=re.DOTALL)
    lines = [line.strip() for line in text.split("\n") if not line.lstrip().startswith(">")]
    said = [line for line in lines if line]
    if not said:
        return None
    first = re.sub(r"^(?:[-*+]\s+)?(?:\[[xX ]\]\s*)?|[*_`~\"']", "", said[0])
    confirmed = False if _NO.match(first) else True if _YES.match(first) else None
    score = _score(first, said, is_verdict=confirmed is not None)
    if confirmed is None and score is None:
        return None
    # a first line that is no more than the verdict is no comment
    rest = said[1:] if len(first.split()) <= 4 else said
    comment = "\n".join(line for line in rest if not re.fullmatch(r"[1-5]", line))
    return Answer(confirmed, score, clean(comment, _COMMENT_LENGTH))


def _score(first: str, said: list[str], *, is_verdict: bool) -> int | None:
    match = _RATED.search("\n".join(said))
    if match:
        return int(match[1] or match[2])
    words = [word.strip(",.;:!()") for word in first.split()]
    bare = [word for word in words if re.fullmatch(r"[1-5]", word)] if is_verdict and len(words) <= 4 else []
    bare += [line for line in said if re.fullmatch(r"[1-5]", line)]
    stars = re.search("[\u2605\u2b50]{1,5}", first)
    return int(bare[0]) if len(bare) == 1 else len(stars.group()) if stars and not bare else None


def respond_to_answer(
    answer: Answer, author: str, known: Known, taxonomy: Taxonomy, at: datetime, now: datetime
) -> Response:
    """Say what an answer changes: a closed record takes a rating and nothing else."""
    record = known.record
    if known.is_broken:
        return Silence(f"{known.id} has errors in its YAML; left alone until they are mended")
    if record.status not in (IncidentStatus.RESOLVED, IncidentStatus.CLOSED):
        return Silence(f"{known.id} is {record.status}; an answer counts once it is resolved")
    changes = _rating(answer, known)
    summary = ["rated"] if changes else []
    if record.status is IncidentStatus.RESOLVED and answer.confirmed is not None:
        verdict, what = _verdict(answer, author, known, taxonomy, not_before(at, record.resolved), now)
        changes |= verdict
        summary += [what] if verdict else []
    if not changes:
        final = record.status is IncidentStatus.CLOSED and answer.confirmed is not None
        return Silence(
            f"{known.id} is closed, and stays as it is" if final else f"{known.id} knows it already"
        )
    return Amendment(changes=changes, summary=" and ".join(summary))


def _verdict(
    answer: Answer, author: str, known: Known, taxonomy: Taxonomy, at: datetime, now: datetime
) -> tuple[dict[str, Any], str]:
    before, policy, bot = known.record.confirmation, taxonomy.intake.confirmations, taxonomy.intake.bot
    if answer.confirmed:
        if before is not None and before.confirmed:
            return {}, ""
        return {"confirmation": {"confirmed": True, "at": at, "by": author}}, "confirmed"
    said = f": {one_line(answer.comment, 300)}" if answer.comment else ""
    reason = f"The reporter says that it is not solved{said}"
    if policy.reopens:
        return reopened(known, at, now, reason, bot), "reopened"
    if any(step.text == reason for step in known.record.steps):
        return {}, ""
    return {"steps": known.step(now, reason, bot)}, "said not to be solved"


def _rating(answer: Answer, known: Known) -> dict[str, Any]:
    before = known.record.satisfaction
    if answer.score is None or (
        before and (before.score, before.comment or "") == (answer.score, answer.comment)
    ):
        return {}
    rating = {"score": answer.score, "comment": answer.comment}
    return {"satisfaction": {key: value for key, value in rating.items() if value}}
