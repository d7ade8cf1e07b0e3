"""`incidentbook on-call`: who is called now, for every team."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from incidentbook.commands.session import Session, parse_now
from incidentbook.diagnostics import IncidentbookError

if TYPE_CHECKING:
    from datetime import datetime

    from incidentbook.taxonomy import Taxonomy
    from incidentbook.taxonomy.settings import Team


class UnknownTeamError(IncidentbookError):
    """No team has the key that was asked for."""

    def __init__(self, key: str, known: list[str]) -> None:
        from difflib import get_close_matches  # noqa: PLC0415

        close = get_close_matches(key, known, n=1)
        advice = f"did you mean `{close[0]}`?" if close else f"expected one of {', '.join(known)}"
        super().__init__(f"there is no team `{key}`; {advice if known else 'schema/teams.yml lists none'}")


@click.command("on-call", epilog="Example: incidentbook on-call --team platform --weeks 4")
@click.option("--team", metavar="KEY", help="Only this team of schema/teams.yml.")
@click.option("--at", metavar="TIME", help="At this time instead of now: 2026-11-21T14:05+00:00.")
@click.option(
    "--weeks",
    type=click.IntRange(0, 104),
    default=0,
    help="Also the rota for so many weeks from then on, of teams that have a rotation.",
)
@click.option(
    "--format", "format_", type=click.Choice(["text", "json"]), default="text", help="For a program."
)
@click.pass_obj
def command(session: Session, /, team: str | None, at: str | None, weeks: int, format_: str) -> int:
    """Say who is on call.

    For every team who is called now, until when, who is next, and in words how they are reached, as
    schema/teams.yml says: turns, holidays and overrides of its rotations. Times are those of the
    repository's zone.
    """
    moment = parse_now(at, "--at") if at else None
    return run(session, team=team, at=moment, weeks=weeks, format_=format_)


def run(
    session: Session,
    *,
    team: str | None = None,
    at: datetime | None = None,
    weeks: int = 0,
    format_: str = "text",
) -> int:
    """Print who is on call; 0."""
    from incidentbook.reports.on_call.gathering import gather_on_call  # noqa: PLC0415

    archive = session.archive
    taxonomy, moment = archive.taxonomy, at or session.now
    found = gather_on_call(taxonomy, _teams(taxonomy, team, moment), moment, weeks)
    if format_ == "json":
        from incidentbook.reports.on_call.json import on_call_as_json  # noqa: PLC0415

        click.echo(on_call_as_json(found, taxonomy, moment, archive.tree))
    else:
        from incidentbook.reports.on_call.text import on_call_as_text  # noqa: PLC0415

        session.console.print(on_call_as_text(found, taxonomy, moment))
    return 0


def _teams(taxonomy: Taxonomy, key: str | None, at: datetime) -> tuple[Team, ...]:
    from incidentbook.reports.on_call.gathering import teams_at  # noqa: PLC0415

    if key is None:
        return teams_at(taxonomy, at)
    found = taxonomy.team(key, at)
    if found is None:
        raise UnknownTeamError(key, sorted({one.id for one in teams_at(taxonomy, at)}))
    return (found,)
