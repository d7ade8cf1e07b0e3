"""What a reporter's answer, or their silence, may do unseen to an incident: what `intake` writes of it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from incidentbook.records.fields import parse_instant
from incidentbook.rules.guards.edit import Edit, Fault


def confirms(edit: Edit, key: str) -> Iterator[Fault]:
    """Find a confirmation that is not a first yes to what is resolved."""
    if _closes(edit):
        return  # then it is judged with the closing
    if edit.new["status"] != "resolved":
        yield f"the change touches `{key}` of an incident that is `{edit.new['status']}`", edit.span(key)
        return
    old, new = edit.old.get(key), edit.new.get(key)
    is_first = old is None or (isinstance(old, dict) and old.get("confirmed") is False)
    if not is_first:
        yield f"the change touches a `{key}` that was there", edit.span(key)
    elif not (isinstance(new, dict) and new.keys() == {"confirmed", "at", "by"} and new["confirmed"] is True):
        yield (
            f"the change makes `{key}` something else than a yes, with its time and its author",
            edit.span(key),
        )


def rates(edit: Edit, key: str) -> Iterator[Fault]:
    """Find a rating that is taken back, or that says more than a score and a comment."""
    old, new = edit.old.get(key), edit.new.get(key)
    known = {"score", "comment"}
    if not isinstance(new, dict) or "score" not in new:
        yield f"the change takes the score out of `{key}`", edit.span(key)
    elif any(not isinstance(side, dict) or side.keys() - known for side in (old or {}, new)):
        yield f"the change touches more of `{key}` than score and comment", edit.span(key)


def closes_by_itself(edit: Edit, key: str) -> Iterator[Fault]:
    """Find a closing, or a part of one, that is not the bot's after a yes or after the days of silence.

    The state speaks for the others, so that each fault is told once.
    """
    if not _closes(edit):
        yield from edit.touched(key)
    elif key == "status":
        agreed = edit.old.get("confirmation")
        is_confirmed = isinstance(agreed, dict) and agreed.get("confirmed") is True
        for message in (
            *_unlike_the_bot(edit),
            *(_before_the_yes if is_confirmed else _unlike_silence)(edit),
        ):
            yield message, edit.span(key)


def _closes(edit: Edit) -> bool:
    return (edit.old["status"], edit.new["status"]) == ("resolved", "closed")


def _unlike_the_bot(edit: Edit) -> Iterator[str]:
    for key in ("closed", "closed_by"):
        if edit.old.get(key) is not None:
            yield f"the change closes an incident that had `{key}` before"
    if edit.intake.bot is None or edit.new.get("closed_by") != edit.intake.bot:
        yield "the change closes as somebody else than the `bot` of schema/intake.yml"


def _before_the_yes(edit: Edit) -> Iterator[str]:
    """Find a closing that is not of the yes that stands in the record, unaltered."""
    agreed, closed = edit.old["confirmation"], _instant(edit.new.get("closed"))
    if edit.new.get("confirmation") != agreed:
        yield "the change touches a `confirmation` that was there"
    said = _instant(agreed.get("at"))
    if said is None or closed is None or closed < said:
        yield "the change closes before the reporter said yes"


def _unlike_silence(edit: Edit) -> Iterator[str]:
    old, new, days = edit.old, edit.new, edit.intake.confirmations.days
    if old.get("confirmation") is not None:
        yield "the change closes an incident that had `confirmation` before"
    if not _is_silence(new.get("confirmation"), new.get("closed")):
        yield "the change closes without `confirmation: {confirmed: false}` of that time"
    resolved, closed = _instant(old.get("resolved")), _instant(new.get("closed"))
    if resolved is None or closed is None or closed - resolved < timedelta(days=days):
        yield f"the change closes before {days} days went by after the resolution"


def _is_silence(confirmation: Any, closed: Any) -> bool:
    return (
        isinstance(confirmation, dict)
        and confirmation.keys() == {"confirmed", "at"}
        and confirmation["confirmed"] is False
        and confirmation["at"] == closed
    )


def _instant(value: Any) -> datetime | None:
    try:
        return parse_instant(value)
    except ValueError:  # which pydantic's own errors are
        return None
