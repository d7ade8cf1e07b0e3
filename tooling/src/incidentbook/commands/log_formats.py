"""What `log` prints, in each of its formats."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from datetime import tzinfo

    from incidentbook.archive import Records
    from incidentbook.commands.session import Session
    from incidentbook.history import Event
    from incidentbook.records import Audience


@dataclass(frozen=True)
class Asked:
    """What somebody wants told: of one record or all, and between which revisions.

    `head` is None where the files on disk count too.
    """

    id: str | None = None
    base: str | None = None
    head: str | None = None


@dataclass(frozen=True)
class Story:
    """Events in their order, for whom they are, and what was asked; `records` only where a format needs them.

    `audience` is None where everything is told; `shallow` says that this clone does not know the beginning.
    """

    events: tuple[Event, ...]
    asked: Asked
    zone: tzinfo
    audience: Audience | None
    shallow: bool
    records: Records[Any] | None


def _text(session: Session, story: Story) -> None:
    from incidentbook.records import Audience  # noqa: PLC0415
    from incidentbook.reports.log.text import log_as_text  # noqa: PLC0415
    from incidentbook.reports.sla.text import WIDTH  # noqa: PLC0415

    lines = log_as_text(
        story.events,
        zone=story.zone,
        name=story.asked.id,
        with_commits=story.audience is not Audience.PUBLIC,
        shallow=story.shallow,
        # what a program reads, such as grep, wants an event on one line
        width=WIDTH if session.console.is_terminal else None,
    )
    session.console.print(lines)


def _json(_: Session, story: Story) -> None:
    from incidentbook.reports.log.json import log_as_json  # noqa: PLC0415

    asked = story.asked
    click.echo(
        log_as_json(
            story.events, base=asked.base, head=asked.head, shallow=story.shallow, audience=story.audience
        )
    )


def _cdevents(_: Session, story: Story) -> None:
    from incidentbook.reports.log.cdevents import log_as_cdevents  # noqa: PLC0415

    assert story.records is not None  # noqa: S101  by the set below
    click.echo(log_as_cdevents(story.events, story.records))


RENDERERS: Mapping[str, Callable[[Session, Story], None]] = MappingProxyType(
    {"text": _text, "json": _json, "cdevents": _cdevents}
)
"""Each format by its name."""

NEED_RECORDS = frozenset({"cdevents"})
"""The formats that ask what records say today; for the others they are not listed."""
