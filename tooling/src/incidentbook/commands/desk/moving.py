"""A verb's change of one record, carried out as all verbs of an incident's life do it."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import click

from incidentbook.commands.desk.acting import Deed, Hand, carry_out, changing, is_terminal
from incidentbook.commands.desk.saying import remember_typed
from incidentbook.commands.session import Session
from incidentbook.diagnostics import IncidentbookError

if TYPE_CHECKING:
    from incidentbook.archive import Archive
    from incidentbook.archive.entry import Entry
    from incidentbook.desk.change import Change

_CUT = "<!-- What stands below this line is left out. -->"

_ADVICE: Mapping[str, str] = {
    "missing-acknowledged": "nobody has taken it yet: `incidentbook ack {id}`",
    "missing-owner": "nobody has it yet: `incidentbook ack {id}`, or `assign {id} --owner HANDLE`",
    "missing-assignment": "say the team: `incidentbook assign {id} --team KEY`",
    "missing-summary": "say with --summary what happened and whom it hurt, in two sentences for every reader",
    "temporary-without-follow-up": "say --problem PRB-..., which `incidentbook problem new --from {id}` "
    "makes; or --permanent, if the cause is gone",
    "missing-confirmation": "`incidentbook confirm {id}` if the user agreed; "
    "--unconfirmed if nobody answered",
    "closed-without-review": "`incidentbook review start {id}` begins it, and then it is published",
}
"""What helps against an error of a record, said as verbs."""


class NothingSaidError(IncidentbookError):
    """A text is wanted, and there is nobody to ask for it."""

    def __init__(self, what: str) -> None:
        super().__init__(f"{what} is missing: say it with -m TEXT, or -m - reads it from standard input")


class NotWrittenError(IncidentbookError):
    """Somebody left the editor without a text."""

    def __init__(self) -> None:
        super().__init__("the editor left no text; nothing was written")


def carry_change(
    session: Session,
    entry: Entry[Any],
    change: Change,
    hand: Hand,
    *,
    details: Sequence[str] = (),
    also: Mapping[str, bytes] | None = None,
) -> int:
    """Check, write and send the change of a record, and of `also` others with it."""
    deed = Deed(
        about=entry.id,
        said=change.said,
        contents={**changing(session, entry, change), **(also or {})},
        details=tuple(details),
        advice={code: words.format(id=entry.id) for code, words in _ADVICE.items()},
        title=entry.record.title,
    )
    return carry_out(session, deed, hand)


def with_all_read(session: Session) -> Archive:
    """The archive with every record read at once, for whoever asks who names whom: one by one takes long."""
    from incidentbook.archive import load_entries  # noqa: PLC0415

    load_entries(session.archive)
    return session.archive


def looked_at_again(session: Session, message: str | None) -> Session:
    """The session with the files as they are now, where somebody took their time to write a text."""
    return session if message not in (None, "-") else Session(session.root, session.now)


def text_of(message: str | None, what: str, draft: str = "") -> str:
    """What somebody says: the option, standard input where that is `-`, else an editor at a terminal.

    The editor gets the draft. Raises NothingSaidError or NotWrittenError, and what click raises where the
    editor cannot be run or fails.
    """
    if message == "-":
        text = sys.stdin.read()
        if sys.stdin.isatty():
            remember_typed(text)
        return text
    if message is not None:
        return message
    if not is_terminal():
        raise NothingSaidError(what)
    return edited(
        f"{draft}\n\n{_CUT}\n{what[0].upper()}{what[1:]}, in Markdown; nothing is written if it is empty.\n"
    )


def edited(draft: str) -> str:
    """A text after somebody had it in their editor (VISUAL, else EDITOR). Raises NotWrittenError.

    Where it is not written in the end, it is kept in a file.
    """
    after = click.edit(draft, extension=".md", require_save=True)
    text = (after or "").partition(_CUT)[0].strip()
    if not text or text == draft.partition(_CUT)[0].strip():
        raise NotWrittenError
    remember_typed(text)
    return text
