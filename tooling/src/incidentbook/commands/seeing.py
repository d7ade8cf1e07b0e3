"""What the verbs that show records have in common: for whom, and from when to when."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta, tzinfo
from typing import TYPE_CHECKING, Any, TypeVar

import click

from incidentbook.commands.caveats import print_caveats
from incidentbook.commands.session import Session, parse_now

if TYPE_CHECKING:
    from incidentbook.archive import Records

F = TypeVar("F", bound=Callable[..., Any])


def audience_option(function: F) -> F:
    """Let a verb show what an audience may read; everything unless said, as who runs it has the files."""
    option = click.option(
        "--audience",
        type=click.Choice(["public", "internal", "all"]),
        default="all",
        help="Show what this audience may read; everything unless said.",
    )
    return option(function)


def inner_audience_option(why: str) -> Callable[[F], F]:
    """Let a verb that is for colleagues leave out what is restricted: "for output that others can read"."""
    return click.option(
        "--audience",
        type=click.Choice(["internal", "all"]),
        default="all",
        help=f"`internal` leaves out restricted records, {why}.",
    )


def text_or_json_option(function: F) -> F:
    """Let a verb print text for people or JSON for programs."""
    option = click.option(
        "--format", "format_", type=click.Choice(["text", "json"]), default="text", help="Text unless said."
    )
    return option(function)


def seen_by(session: Session, audience: str) -> Records[Any]:
    """Every record that an audience may read, loaded; `all` are those of the repository."""
    from incidentbook.archive import load_entries  # noqa: PLC0415
    from incidentbook.publication import publish  # noqa: PLC0415
    from incidentbook.records import Audience  # noqa: PLC0415

    load_entries(session.archive)
    print_caveats(session.archive, audience)
    return session.archive if audience == "all" else publish(session.archive, Audience(audience))


def moment(text: str | None, option: str, zone: tzinfo, *, end: bool = False) -> datetime | None:
    """Read a time, or a day: its beginning in the repository's zone, or its end. Raises NotATimeError."""
    if text is None:
        return None
    from pydantic_core import PydanticCustomError  # noqa: PLC0415

    from incidentbook.records.fields import parse_day  # noqa: PLC0415

    try:
        day = parse_day(text)
    except PydanticCustomError:
        return parse_now(text, option)
    return datetime.combine(day + timedelta(days=end), time(), zone).astimezone(UTC)
