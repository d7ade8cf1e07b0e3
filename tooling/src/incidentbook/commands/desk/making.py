"""What the verbs that begin a record have in common: the next free ID, and the file."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from incidentbook.commands.session import Session
from incidentbook.diagnostics import IncidentbookError

if TYPE_CHECKING:
    from incidentbook.records import RecordName


class NotADayError(IncidentbookError):
    """What was to be a day is none."""

    def __init__(self, text: str, reason: str, option: str) -> None:
        super().__init__(f"{option} is `{text}`: {reason}")


def free_name(session: Session, kind: str, at: datetime) -> RecordName:
    """The next free ID of a kind, over the files here and every local and remote-tracking branch."""
    from datetime import UTC  # noqa: PLC0415

    from incidentbook.edits import Numbers, names_in_use  # noqa: PLC0415

    return Numbers(names_in_use(session.archive)).next(kind, at.astimezone(UTC).year)


def new_file(name: RecordName, values: Mapping[str, Any], body: str = "") -> dict[str, bytes]:
    """The file of a new record, as a deed takes it."""
    from incidentbook.edits import record_text  # noqa: PLC0415
    from incidentbook.records.kinds import home_of  # noqa: PLC0415

    return {home_of(name): record_text(name.kind, values, body).encode()}


def parse_day_option(text: str | None, option: str) -> date | None:
    """Read the day that an option gives. Raises NotADayError."""
    from pydantic_core import PydanticCustomError  # noqa: PLC0415

    from incidentbook.records.fields import parse_day  # noqa: PLC0415

    try:
        return None if text is None else parse_day(text)
    except PydanticCustomError as error:
        raise NotADayError(text or "", error.message(), option) from None
