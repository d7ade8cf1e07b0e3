"""A new incident on disk: written under the next free ID, checked, and sent as far as is wanted."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

import click

from incidentbook.commands.desk.acting import Deed, Hand
from incidentbook.commands.desk.saying import (
    NotSentError,
    commit_command,
    forget_typed,
    is_terminal,
    remember_typed,
    say_next,
    visible_line,
)
from incidentbook.commands.desk.way import learn
from incidentbook.commands.session import Session
from incidentbook.diagnostics import IncidentbookError

if TYPE_CHECKING:
    from incidentbook.similarity import Known


def record(session: Session, hand: Hand, values: Mapping[str, Any], body: str, known: Known | None) -> int:
    """Write a new incident, check it, send it, and say what comes next; 1 where it has errors.

    Logging is never blocked: one with errors is written all the same, and neither committed nor pushed.
    """
    from incidentbook.commands import check  # noqa: PLC0415
    from incidentbook.edits import Numbers, create_record, names_in_use, record_text, writing  # noqa: PLC0415
    from incidentbook.records.kinds import home_of  # noqa: PLC0415

    text = record_text("incident", values, body)
    if not hand.dry_run:
        learn(session, hand)
    names, year = names_in_use(session.archive), _year(values)
    if hand.dry_run:
        return _foreseen(session, home_of(Numbers(names).next("incident", year)), text)
    if is_terminal():
        remember_typed(text)
    with writing():
        name, path = create_record(session.root, "incident", year, text, Numbers(names))
    forget_typed()
    place = path.relative_to(session.root).as_posix()
    again = Session(session.root, session.now)
    click.echo(f"Wrote {place}")
    _say(_standing(again, name.id))
    _say_known(session, known)
    # looked at as a pull request will be: a credential in the body is best found before it is committed
    code = check.run(again, paths=[str(path)])
    deed = _deed(name.id, values, {place: text.encode()})
    if hand.commits and code == 0:
        return _sent(again, hand, deed)
    if hand.commits:
        click.echo("Not committed, for it has errors; mend them, then commit it.", err=True)
    _say_next(again, deed, is_committed=False)
    return code


def _sent(session: Session, hand: Hand, deed: Deed) -> int:
    """Commit it and send it; what stands in the way is said, and the record is written all the same."""
    from incidentbook.commands.desk.sending import Sending  # noqa: PLC0415

    try:
        beside = Sending.prepared(session, deed, hand, is_first=True).send()
    except NotSentError as error:
        click.echo(f"incidentbook: {error}", err=True)
        _say_next(session, deed, is_committed=True)
        return 2
    except IncidentbookError as error:
        click.echo(visible_line(f"incidentbook: {deed.about} is written, not committed; {error}"), err=True)
        _say_next(session, deed, is_committed=False)
        return 2
    _say_next(session, deed, is_committed=True)
    return 1 if beside is not None and beside.wrong else 0


def _foreseen(session: Session, path: str, text: str) -> int:
    """Show what would be written, and what the check would find in it; 1 where that is an error."""
    from incidentbook.commands.desk.acting import difference, say_findings  # noqa: PLC0415
    from incidentbook.desk.judging import judge  # noqa: PLC0415

    contents = {path: text.encode()}
    judgement = judge(session.archive, contents, session.now)
    click.echo(difference({path: None}, contents), nl=False)
    say_findings(judgement)
    return 1 if judgement.errors else 0


def _year(values: Mapping[str, Any]) -> int:
    from datetime import UTC, datetime  # noqa: PLC0415

    opened: datetime = values["opened"]
    return opened.astimezone(UTC).year


def _deed(id_: str, values: Mapping[str, Any], contents: Mapping[str, bytes]) -> Deed:
    title = str(values["title"])
    return Deed(about=id_, said=title, contents=contents, title=title)


def _say(lines: Iterable[str]) -> None:
    for line in lines:
        click.echo(visible_line(line))


def _standing(session: Session, id_: str) -> Iterator[str]:
    """The priority of the new incident, and by when it wants what."""
    from incidentbook.clocks import clocks_of  # noqa: PLC0415

    entry, taxonomy = session.archive.get(id_), session.archive.taxonomy
    if entry is None or not entry.readable:
        yield id_
        return
    priority = taxonomy.priority_of(entry.record)
    named = next((one.name for one in taxonomy.priorities if one.id == priority), None)
    yield f"{id_}, {f'{priority} ({named})' if named else priority or 'without a priority'}"
    for clock in clocks_of(entry.record, taxonomy, session.now):
        due = clock.due.astimezone(taxonomy.zone)
        yield f"  {clock.name} due {due:%Y-%m-%d %H:%M %Z} ({clock.policy})"


def _say_known(session: Session, known: Known | None) -> None:
    if known is None or known.is_empty:
        return
    from incidentbook.reports.similar.text import known_as_text  # noqa: PLC0415

    taxonomy, width = session.archive.taxonomy, session.console.width
    session.console.print(known_as_text(known, id_=None, taxonomy=taxonomy, now=session.now, width=width))


def _say_next(session: Session, deed: Deed, *, is_committed: bool) -> None:
    from incidentbook.desk.next_steps import next_steps  # noqa: PLC0415
    from incidentbook.gitrepo import is_repository  # noqa: PLC0415

    lines: list[str] = []
    if not is_committed and is_repository(session.root):
        lines.append(commit_command(session.root, tuple(deed.contents), deed.message))
    entry = session.archive.get(deed.about)
    if entry is not None and entry.readable:
        commands = next_steps(session.archive, entry, session.now).commands
        lines += (f"incidentbook {one}" for one in commands)
    say_next(lines)
