"""What a reporter answers: whether it works again, and how good the help was."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from incidentbook.intake.errors import IntakeError
from incidentbook.intake.known import Known, not_before, reopened
from incidentbook.intake.opening import Amendment, Response, Silence
from incidentbook.intake.payload import mapping, part, read_json
from incidentbook.intake.texts import clean, one_line, verbatim
from incidentbook.intake.times import foreign_time
from incidentbook.intake.verdict import Answer
from incidentbook.records import IncidentStatus
from incidentbook.taxonomy import Taxonomy

_REASON_LENGTH = 300


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


def respond_to_answer(
    answer: Answer,
    author: str,
    known: Known,
    taxonomy: Taxonomy,
    at: datetime,
    now: datetime,
    *,
    by: str | None = None,
) -> Response:
    """Say what an answer changes: a closed record takes a rating and nothing else.

    `by` is who writes it down; automation if nobody.
    """
    by = by or taxonomy.intake.bot
    record = known.record
    if known.is_broken:
        return Silence(f"{known.id} has errors in its YAML; left alone until they are mended")
    if record.status not in (IncidentStatus.RESOLVED, IncidentStatus.CLOSED):
        return Silence(f"{known.id} is {record.status}; an answer counts once it is resolved")
    changes = _rating(answer, known)
    summary = ["rated"] if changes else []
    if record.status is IncidentStatus.RESOLVED and answer.confirmed is not None:
        when = not_before(at, record.resolved)
        verdict, what = _verdict(answer, author, known, taxonomy, when, now, by)
        changes |= verdict
        summary += [what] if verdict else []
        if verdict:
            changes |= _words(answer, known, verdict, now, by)
    if not changes:
        final = record.status is IncidentStatus.CLOSED and answer.confirmed is not None
        said = f"{known.id} is closed, and stays as it is" if final else f"{known.id} knows it already"
        return Silence(said, is_done=not final)
    return Amendment(changes=changes, summary=" and ".join(summary))


def _verdict(
    answer: Answer,
    author: str,
    known: Known,
    taxonomy: Taxonomy,
    at: datetime,
    now: datetime,
    by: str | None,
) -> tuple[dict[str, Any], str]:
    before, policy = known.record.confirmation, taxonomy.intake.confirmations
    if answer.confirmed:
        if before is not None and before.confirmed:
            return {}, ""
        return {"confirmation": {"confirmed": True, "at": at, "by": author}}, "confirmed"
    said = f": {one_line(answer.comment, _REASON_LENGTH)}" if answer.comment else ""
    reason = f"The reporter says that it is not solved{said}"
    if policy.reopens:
        return reopened(known, at, now, reason, by), "reopened"
    if any(step.text == reason for step in known.record.steps):
        return {}, ""
    return {"steps": known.step(now, reason, by)}, "said not to be solved"


def _words(
    answer: Answer, known: Known, verdict: dict[str, Any], now: datetime, by: str | None
) -> dict[str, Any]:
    """A step with what the reporter wrote, where nothing else in the record has all of it."""
    is_short = one_line(answer.comment, _REASON_LENGTH) == answer.comment
    if not answer.comment or answer.score is not None or (is_short and not answer.confirmed):
        return {}
    steps = verdict.get("steps", known.values.get("steps") or [])
    text = f"The reporter writes:\n\n{verbatim(answer.comment)}"
    return {"steps": [*steps, {"at": now, **({"by": by} if by else {}), "text": text}]}


def _rating(answer: Answer, known: Known) -> dict[str, Any]:
    before = known.record.satisfaction
    if answer.score is None or (
        before and (before.score, before.comment or "") == (answer.score, answer.comment)
    ):
        return {}
    rating = {"score": answer.score, "comment": answer.comment}
    return {"satisfaction": {key: value for key, value in rating.items() if value}}
