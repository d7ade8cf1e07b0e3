"""`incidentbook escalate --due`: the steps of the paths that are due by now, listed and written down."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

import click

from incidentbook.commands.desk.acting import Deed, Hand, carry_out, changing, visible_line
from incidentbook.commands.session import Session
from incidentbook.diagnostics import IncidentbookError, Severity

if TYPE_CHECKING:
    from incidentbook.archive import Archive
    from incidentbook.clocks import DueStep
    from incidentbook.desk.change import Change
    from incidentbook.records import Audience
    from incidentbook.taxonomy import Taxonomy

_LIVES_BY = tuple(f"schema/{name}.yml" for name in ("escalation", "sla", "calendars", "priority"))
"""Without one of these a step that is due would look as if it were not."""


class BrokenPathsError(IncidentbookError):
    """A file that says what is due cannot be read as a whole."""

    def __init__(self, path: str) -> None:
        super().__init__(
            f"{path} has errors, so that nobody can tell what is due; `incidentbook check` says which"
        )


class SealedError(IncidentbookError):
    """A restricted incident stands in the way, and may not be named."""

    def __init__(self) -> None:
        super().__init__(
            "a restricted incident cannot be written; nothing was written. Without --audience it is named"
        )


@dataclass(frozen=True, kw_only=True)
class Round:
    """What is due at a time. `secret` are the incidents that whoever reads the output may not know of."""

    due: Sequence[DueStep]
    at: datetime
    taxonomy: Taxonomy
    audience: Audience | None
    secret: frozenset[str]

    @property
    def shown(self) -> Sequence[DueStep]:
        """The steps that may be named."""
        return [one for one in self.due if one.entry.id not in self.secret]

    def is_known(self, one: DueStep) -> bool:
        """Whether there is somebody whom a step calls."""
        from incidentbook.desk.escalation import is_goal  # noqa: PLC0415

        return is_goal(one.step.to, self.at, self.taxonomy)


def run_due(
    session: Session,
    hand: Hand,
    *,
    applied: bool = False,
    format_: str = "text",
    audience: Audience | None = None,
) -> int:
    """List the steps that are due, and write them down with `applied`; 1 where a step calls nobody.

    All are written; of incidents that the audience may not read, their number alone is printed.
    """
    from incidentbook.archive import load_entries  # noqa: PLC0415
    from incidentbook.commands.caveats import print_caveats  # noqa: PLC0415

    at, archive = hand.time(session), session.archive
    _refuse_broken(archive)
    load_entries(archive)
    print_caveats(archive, audience)
    found = _looked(archive, at, audience)
    click.echo(_as_json(found) if format_ == "json" else _as_text(found))
    for line in _nobody(found):
        click.echo(visible_line(f"incidentbook: {line}"), err=True)
    known = [one for one in found.due if found.is_known(one)]
    code = _apply(session, hand, found, known, quiet=format_ == "json") if applied and known else 0
    return code or int(len(known) < len(found.due))


def _refuse_broken(archive: Archive) -> None:
    """Raise BrokenPathsError; a key that leads nowhere harms its own step alone."""
    for error in archive.configuration:
        is_whole = error.severity is not Severity.ERROR or error.code == "unknown-reference"
        if error.path in _LIVES_BY and not is_whole:
            raise BrokenPathsError(error.path)


def _looked(archive: Archive, at: datetime, audience: Audience | None) -> Round:
    from incidentbook.clocks import due_steps  # noqa: PLC0415
    from incidentbook.publication import publish  # noqa: PLC0415

    # of all records: published, a child of a restricted parent would look as if it followed nobody
    due = due_steps(archive, at)
    secret: frozenset[str] = frozenset()
    if audience is not None:
        published = publish(archive, audience)
        secret = frozenset(one.entry.id for one in due if published.get(one.entry.id) is None)
    return Round(due=due, at=at, taxonomy=archive.taxonomy, audience=audience, secret=secret)


def _apply(session: Session, hand: Hand, found: Round, due: Sequence[DueStep], *, quiet: bool) -> int:
    """Write every step into its record, all of them or none."""
    from contextlib import nullcontext, redirect_stdout  # noqa: PLC0415
    from sys import stderr  # noqa: PLC0415

    from incidentbook.desk.escalation import steps_taken  # noqa: PLC0415

    taken = steps_taken(due, found.at, hand.who_if_known(session))
    (first, change), *more = taken
    alone = not more and first.record.visibility != "restricted"
    contents: dict[str, bytes] = {}
    for each, written in taken:
        contents.update(_contents(session, found, each.id, written))
    steps, incidents = _counted(len(due), "step"), _counted(len(taken), "incident")
    deed = Deed(
        about=first.id if alone else "escalations",
        said=change.said if alone else f"{steps} of {incidents}, as due",
        contents=contents,
        title=first.record.title if alone else "",
        unnamed=frozenset(each.path for each, _ in taken if each.id in found.secret),
    )
    # what a program reads is the list alone
    with redirect_stdout(stderr) if quiet else nullcontext():
        return carry_out(session, deed, hand)


def _contents(session: Session, found: Round, id_: str, change: Change) -> Mapping[str, bytes]:
    entry = session.archive.get(id_)
    if entry is None:
        return {}
    try:
        return changing(session, entry, change)
    except IncidentbookError:
        if id_ in found.secret:
            raise SealedError from None
        raise


def _counted(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"


def _nobody(found: Round) -> Iterator[str]:
    """A line for each step that calls somebody who is not there."""
    calling: dict[tuple[str, str], list[str]] = {}
    for one in found.due:
        if not found.is_known(one):
            calling.setdefault((one.name, one.step.to), []).append(one.entry.id)
    for (name, to), ids in calling.items():
        named = [id_ for id_ in ids if id_ not in found.secret]
        where = f" ({', '.join(named)})" if named else ""
        yield (
            f"the step `{name}` calls `{to}`, and there is no team, person or vendor of that name; it is "
            f"not written{where}: mend `to` in schema/escalation.yml"
        )


def _as_text(found: Round) -> str:
    if not found.due:
        return "No step is due."
    shown, hidden = found.shown, len(found.due) - len(found.shown)
    is_one = len(found.due) == 1
    lines = [f"{_counted(len(found.due), 'step')} {'is' if is_one else 'are'} due{':' if shown else ''}"]
    for one in shown:
        lines += _lines(found, one)
    if hidden:
        lines.append(f"  {'and ' if shown else ''}{hidden}{' more' if shown else ''} of restricted incidents")
    return "\n".join(visible_line(line) for line in lines)


def _lines(found: Round, one: DueStep) -> Iterator[str]:
    from incidentbook.clocks import on_call  # noqa: PLC0415

    since = f"{one.due.astimezone(found.taxonomy.zone):%Y-%m-%d %H:%M %Z}"
    duty = on_call(found.taxonomy, one.step.to, found.at)
    now = f" (on call: {duty.who})" if duty is not None else ""
    if not found.is_known(one):
        now = " (nobody has that name)"
    yield f"  {one.entry.id}  {one.name}: {one.step.kind.value} to {one.step.to}{now}"
    yield f"    since {since}: {one.why}"


def _as_json(found: Round) -> str:
    document: dict[str, Any] = {
        "due": [
            {
                "id": one.entry.id,
                "path": one.entry.path,
                "step": one.name,
                "kind": one.step.kind.value,
                "to": one.step.to,
                "known": found.is_known(one),
                "due": one.due.isoformat(),
                "why": one.why,
            }
            for one in found.shown
        ],
        "more": len(found.due) - len(found.shown),
        "now": found.at.isoformat(),
        "audience": found.audience or "all",
    }
    return json.dumps(document, indent=2, ensure_ascii=False, allow_nan=False)
