"""`incidentbook update`: tell readers something."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from incidentbook.commands.desk.acting import Hand, acting
from incidentbook.commands.session import Session

if TYPE_CHECKING:
    from collections.abc import Iterator

    from incidentbook.archive.entry import Entry
    from incidentbook.desk.change import Change
    from incidentbook.records import Incident


@click.command(
    "update", epilog="Example: incidentbook update 42 -m 'A fix is going in.' --status identified --public"
)
@click.argument("id_", metavar="ID")
@click.option("-m", "--message", metavar="TEXT", help="What they are told, in Markdown; `-` reads it.")
@click.option(
    "--status",
    type=click.Choice(["investigating", "identified", "monitoring", "resolved"]),
    help="How far the work is; as the last update said, if not said.",
)
@click.option("--public", is_flag=True, help="For every reader; for internal ones if not said.")
@click.option("--corrects", metavar="UPDATE-ID", help="The update that was wrong; it stays as it is.")
@click.option(
    "--service",
    "services",
    metavar="KEY=STATE",
    multiple=True,
    help="A service is in another state from now on; repeatable.",
)
@acting
@click.pass_obj
def command(session: Session, /, id_: str, message: str | None, hand: Hand, **said: Any) -> int:
    """Tell readers how an incident stands; without -m an editor opens at a terminal.

    An update of an incident holds for those that follow it, too. Exits with 1 where the record would have
    errors, with 2 where it is closed or nothing is said; nothing is written.
    """
    return run(session, id_, hand, message, **said)


def run(
    session: Session,
    id_: str,
    hand: Hand,
    message: str | None,
    *,
    status: str | None = None,
    public: bool = False,
    corrects: str | None = None,
    services: tuple[str, ...] = (),
) -> int:
    """Add an update; 1 where the record would have errors."""
    from incidentbook.commands.desk.moving import carry_change, looked_at_again  # noqa: PLC0415
    from incidentbook.desk.finding import editable, find_record  # noqa: PLC0415
    from incidentbook.desk.life_updates import Message, told  # noqa: PLC0415
    from incidentbook.records import UpdateStatus  # noqa: PLC0415

    entry, who = editable(find_record(session.archive, id_, ("incident",))), hand.who_if_known(session)

    def change(text: str) -> Change:
        said = Message(
            text=text,
            status=UpdateStatus(status) if status else None,
            public=public,
            corrects=corrects,
            services=services,
        )
        return told(entry.id, entry.record, said, who, hand.time(session), session.archive.taxonomy)

    change("?")  # refused before anybody is asked for a text
    text = _text(session, entry, message, is_last=status == "resolved")
    session = looked_at_again(session, message)
    entry = editable(find_record(session.archive, entry.id, ("incident",)))
    made = change(text)
    return carry_change(session, entry, made, hand, details=tuple(_details(session, entry, public=public)))


def _text(session: Session, entry: Entry[Incident], message: str | None, *, is_last: bool) -> str:
    from incidentbook.commands.desk.acting import is_terminal  # noqa: PLC0415
    from incidentbook.commands.desk.moving import text_of  # noqa: PLC0415

    draft = _draft(session, entry, is_last=is_last) if message is None and is_terminal() else ""
    return text_of(message, "the update", draft)


def _draft(session: Session, entry: Entry[Incident], *, is_last: bool) -> str:
    """What can be said already, each gap a question; nothing of what no reader may know."""
    from incidentbook.desk.drafts import NothingToTellError, draft_resolution, draft_update  # noqa: PLC0415

    try:
        if is_last or entry.record.status == "resolved":
            return draft_resolution(session.archive, entry.id, session.now)
        return draft_update(session.archive, entry.id, session.now)
    except NothingToTellError:
        return ""


def _details(session: Session, entry: Entry[Incident], *, public: bool) -> Iterator[str]:
    """Who reads it, beyond what one sees at once."""
    from incidentbook.records import Audience  # noqa: PLC0415

    if public and entry.record.visibility is not Audience.PUBLIC:
        yield f"  {entry.id} itself is {entry.record.visibility}, so that no public page shows the update yet"
    from incidentbook.commands.desk.moving import with_all_read  # noqa: PLC0415

    following = [
        one.id for one in with_all_read(session).followers_of(entry.id) if one.record.status != "closed"
    ]
    if following:
        yield f"  It holds for what follows {entry.id}, too: {', '.join(following)}"
