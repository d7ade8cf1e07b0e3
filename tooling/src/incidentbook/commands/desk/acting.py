"""What every verb that writes has in common: who acts and when, the check before, the commit after."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, TypeVar

import click

from incidentbook.commands.desk.effect import difference, say_findings
from incidentbook.commands.desk.hand import FutureDeedError, Hand, UnknownActorError
from incidentbook.commands.desk.saying import (
    NotSentError,
    commit_command,
    forget_typed,
    is_terminal,
    keeping_typed,
    say_next,
    visible_line,
)
from incidentbook.commands.session import Session, parse_now
from incidentbook.diagnostics import IncidentbookError

if TYPE_CHECKING:
    from incidentbook.archive.entry import Entry
    from incidentbook.desk.change import Change
    from incidentbook.desk.judging import Judgement

__all__ = [
    "ChangedMeanwhileError",
    "Deed",
    "FutureDeedError",
    "Hand",
    "NotSentError",
    "UnknownActorError",
    "acting",
    "acting_anyway",
    "carry_out",
    "carry_record",
    "changing",
    "difference",
    "is_terminal",
    "say_findings",
    "visible_line",
]

F = TypeVar("F", bound=Callable[..., Any])


class ChangedMeanwhileError(IncidentbookError):
    """Somebody saved the file while we looked at it."""

    def __init__(self, path: str) -> None:
        super().__init__(f"{path} was changed meanwhile by somebody else; nothing was written, try again")


@dataclass(frozen=True, kw_only=True)
class Deed:
    """What is to be written, all of it or nothing, and what is said of it.

    `contents` are whole files by their paths. `about` is the record that it is about, which names a new
    branch; `said` tells the deed in a few words, for the terminal and the commit: "acknowledged by
    duty-shop". `details` are more lines for the terminal, `next` commands that come next, without
    `incidentbook`; of an incident they follow from its state where none are given. `advice` is what helps
    against an error, by the rule's code, where a verb does; `title` is what a pull request is called.
    `accepted` says that somebody saw the errors that it brings, and wants it written all the same.
    `unnamed` are paths that neither the terminal nor a pull request may show, for others read them.
    """

    about: str
    said: str
    contents: Mapping[str, bytes]
    details: tuple[str, ...] = ()
    next: tuple[str, ...] = ()
    advice: Mapping[str, str] = field(default_factory=dict)
    title: str = ""
    accepted: bool = False
    unnamed: frozenset[str] = frozenset()

    @property
    def named(self) -> tuple[str, ...]:
        """The paths that may be shown."""
        return tuple(path for path in self.contents if path not in self.unnamed)

    @property
    def message(self) -> str:
        """The commit's first line."""
        return " ".join(f"{self.about}: {self.said}".split())[:200]


def acting(function: F) -> F:
    """Give a verb the options of whoever acts; it is called with them as `hand`.

    What stands in the way of a commit or a push is said before the verb begins, so that nobody types a text
    in vain; what was typed and not written in the end is kept in a file.
    """
    return _with_hand(function, asks_before=True)


def acting_anyway(function: F) -> F:
    """Give a verb the options of whoever acts; it is called also where it can not be sent."""
    return _with_hand(function, asks_before=False)


def _with_hand(function: F, *, asks_before: bool) -> F:
    @functools.wraps(function)
    def wrapped(*arguments: Any, **options: Any) -> Any:
        at = options.pop("at_text")
        hand = Hand(
            by=options.pop("by"),
            at=parse_now(at, "--at") if at else None,
            **{name: options.pop(name) for name in ("dry_run", "commit", "push", "pr", "branch")},
        )
        session = click.get_current_context().find_object(Session)
        if asks_before and hand.commits and not hand.dry_run and session is not None:
            from incidentbook.commands.desk.way import require_way  # noqa: PLC0415

            require_way(session, hand, options.get("id_"))
        with keeping_typed():
            return function(*arguments, hand=hand, **options)

    decorated: Any = wrapped
    for option in reversed(_OPTIONS):
        decorated = option(decorated)
    return decorated  # type: ignore[no-any-return]


_OPTIONS = (
    click.option(
        "--by", metavar="HANDLE", help="Who acts; else INCIDENTBOOK_BY, else whoever has Git's user.email."
    ),
    click.option("--at", "at_text", metavar="TIME", help="When it was done; now if not said."),
    click.option("--dry-run", is_flag=True, help="Show the change, and write nothing."),
    click.option("--commit", is_flag=True, help="Commit what is written, and nothing else that is changed."),
    click.option(
        "--push", is_flag=True, help="Commit and push; from the main branch on a branch of its own."
    ),
    click.option("--pr", is_flag=True, help="Commit, push and open a pull request, by gh."),
    click.option(
        "--branch", metavar="NAME", help="Commit to this branch: the one checked out, or a new one."
    ),
)


def changing(session: Session, entry: Entry[Any], change: Change) -> Mapping[str, bytes]:
    """The file of a record with a change made, as a deed takes it. Raises ChangedMeanwhileError."""
    from incidentbook.cache import content_hash  # noqa: PLC0415
    from incidentbook.desk.change import changed_text  # noqa: PLC0415
    from incidentbook.desk.finding import editable  # noqa: PLC0415

    document = editable(entry).document
    text = changed_text(document, entry.kind, change)
    data = session.archive.tree.read(entry.path)
    if content_hash(data) != entry.content_hash:
        raise ChangedMeanwhileError(entry.path)
    mark = data[:3] if data.startswith(b"\xef\xbb\xbf") else b""
    return {entry.path: mark + text.encode()}


def carry_record(
    session: Session,
    entry: Entry[Any],
    change: Change,
    hand: Hand,
    *then: str,
    advice: Mapping[str, str] | None = None,
) -> int:
    """Check, write and send the change of one record; `then` are the commands that come next."""
    deed = Deed(
        about=entry.id,
        said=change.said,
        contents=changing(session, entry, change),
        next=then,
        advice=advice or {},
        title=entry.record.title or "",
    )
    return carry_out(session, deed, hand)


def carry_out(session: Session, deed: Deed, hand: Hand) -> int:
    """Check a deed, then write, commit and send it as far as is wanted, and say what was done.

    Returns 1, with nothing written, where the records would have errors that they do not have now.
    Raises what stands in the way; nothing is written before all that can be asked beforehand was asked.
    """
    before = {path: _present(session, path) for path in deed.contents}
    if all(before[path] == data for path, data in deed.contents.items()):
        click.echo(f"{deed.about} is so already; nothing was written.")
        return 0
    judgement = _judged(session, deed)
    if judgement.errors and not deed.accepted:
        _refuse(deed, judgement)
        return 1
    judgement = _named_alone(deed, judgement)
    if hand.dry_run:
        click.echo(difference(before, {path: deed.contents[path] for path in deed.named}), nl=False)
        say_findings(judgement)
        return 0
    from incidentbook.commands.desk.sending import Sending  # noqa: PLC0415

    sending = Sending.prepared(session, deed, hand) if hand.commits else None
    _write(session, deed, before)
    forget_typed()
    click.echo(visible_line(f"{deed.about}: {deed.said}"))
    for line in deed.details:
        click.echo(visible_line(line))
    say_findings(judgement)
    met = sending.send() if sending is not None else None
    lines = _next_lines(session, deed, met.judgement if met else judgement)
    say_next([*_commit_lines(session, deed, hand), *lines])
    return 1 if met is not None and met.wrong else 0


def _present(session: Session, path: str) -> bytes | None:
    try:
        return (session.root / path).read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        return None


def _judged(session: Session, deed: Deed) -> Judgement:
    from incidentbook.desk.judging import judge  # noqa: PLC0415

    return judge(session.archive, deed.contents, session.now)


def _named_alone(deed: Deed, judgement: Judgement) -> Judgement:
    """What is found in files that may be shown."""
    if not deed.unnamed:
        return judgement
    new, old = (
        tuple(found for found in each if found.path not in deed.unnamed)
        for each in (judgement.new, judgement.old)
    )
    return replace(judgement, new=new, old=old)


def _refuse(deed: Deed, judgement: Judgement) -> None:
    from incidentbook.reports.diagnostics.text import visible  # noqa: PLC0415

    click.echo(f"{deed.about}: not written, for it would have errors:", err=True)
    told = _named_alone(deed, judgement).errors
    if len(told) < len(judgement.errors):
        click.echo(f"  {len(judgement.errors) - len(told)} in restricted records", err=True)
    for found in told:
        where = f"{found.path}: " if len(deed.contents) > 1 else ""
        click.echo(visible(f"  {where}{found.code}: {found.message}"), err=True)
        advice = deed.advice.get(found.code) or found.help
        if advice:
            click.echo(f"    {visible(advice)}", err=True)


def _write(session: Session, deed: Deed, before: Mapping[str, bytes | None]) -> None:
    from incidentbook.edits.changing import change_files  # noqa: PLC0415

    for path, data in before.items():
        known = session.archive.tree.read(path) if path in session.archive.files else None
        if _present(session, path) != data or (known is not None and known != data):
            raise ChangedMeanwhileError(path if path in deed.named else "a restricted record")
    change_files(session.root, contents=dict(deed.contents))


def _commit_lines(session: Session, deed: Deed, hand: Hand) -> Sequence[str]:
    """How to commit what was written and is not committed."""
    from incidentbook.gitrepo import is_repository  # noqa: PLC0415

    if hand.commits or not is_repository(session.root):
        return ()
    if deed.unnamed:
        return ("commit what `git status` names",)
    return (commit_command(session.root, tuple(deed.contents), deed.message),)


def _next_lines(session: Session, deed: Deed, judgement: Judgement) -> Sequence[str]:
    """The commands that come next, and what the next state still wants."""
    commands: Sequence[str] = deed.next
    lines: list[str] = []
    entry = judgement.after.get(deed.about)
    if not commands and entry is not None and entry.kind == "incident" and entry.readable:
        from incidentbook.desk.next_steps import advice, next_steps  # noqa: PLC0415

        steps = next_steps(judgement.after, entry, session.now, (*judgement.new, *judgement.old))
        commands = steps.commands
        for found in steps.lacking.found if steps.lacking else ():
            state = steps.lacking.status if steps.lacking else ""
            lines.append(f"for `{state}` it still lacks: {advice(found)} ({found.code})")
    return [*(f"incidentbook {command}" for command in commands), *lines]
