"""`similar`: shows what is known of a record or of words: the same trouble, known errors, what to try."""

from __future__ import annotations

import re
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import click

from incidentbook.commands.caveats import print_caveats
from incidentbook.commands.seeing import inner_audience_option, text_or_json_option
from incidentbook.commands.session import Session

if TYPE_CHECKING:
    from incidentbook.archive import Records
    from incidentbook.records import Audience

_LONGEST = 100_000
"""How many bytes of standard input are read: nobody describes a trouble in more."""

_KINDS = ("incident", "problem", "article")
_ID = re.compile(r"(?:inc|prb)-.*\d|\d{4}-\d{1,9}", re.IGNORECASE)
"""What cannot be meant as a word; a number alone can."""


@click.command(epilog='Example: incidentbook similar "checkout answers 502 after the roll-out"')
@click.argument("words", nargs=-1, required=True, metavar="ID|TEXT")
@text_or_json_option
@inner_audience_option("for output that others can read")
@click.pass_obj
def command(session: Session, words: tuple[str, ...], format_: str, audience: str) -> int:
    """Show what is known of a record, or of words; `-` reads them from standard input.

    That is: open incidents that may be the same, known errors with their workarounds, articles and
    runbooks, and past incidents with how each was resolved. Each comes with its likeness (0 to 1) and
    the reason. Everything is looked up here; nothing is sent anywhere.
    """
    from incidentbook.records import Audience  # noqa: PLC0415

    whom = None if audience == "all" else Audience(audience)
    return run(session, words, format_=format_, audience=whom)


def run(
    session: Session, words: Sequence[str], *, format_: str = "text", audience: Audience | None = None
) -> int:
    """Print what is known of the record or the words."""
    from incidentbook.archive import load_entries  # noqa: PLC0415
    from incidentbook.publication import publish  # noqa: PLC0415
    from incidentbook.similarity import known_for  # noqa: PLC0415

    archive, now = session.archive, session.now
    said = _read_input() if list(words) == ["-"] else " ".join(words).strip()
    if not said:
        raise click.UsageError("there are no words to look for; name a record, or say what is wrong")
    if audience:
        load_entries(archive)
    records: Records[Any] = publish(archive, audience) if audience else archive
    id_ = _id_of(said, records)
    text = None if id_ else said
    known = known_for(records, text=text, id=id_, cache=archive.cache, now=now)
    print_caveats(archive, audience)
    taxonomy = records.taxonomy
    if format_ == "json":
        from incidentbook.reports.similar.json import known_as_json  # noqa: PLC0415

        click.echo(
            known_as_json(
                known, id_=id_, text=text, taxonomy=taxonomy, now=now, origin=archive.tree, audience=audience
            )
        )
    else:
        from incidentbook.reports.similar.text import known_as_text  # noqa: PLC0415

        width = session.console.width
        entry = records.get(id_) if id_ else None
        is_linked = entry is None or entry.kind == "incident"
        session.console.print(
            known_as_text(known, id_=id_, taxonomy=taxonomy, now=now, width=width, is_linked=is_linked)
        )
    return 0


def _id_of(said: str, records: Records[Any]) -> str | None:
    """The record that is meant; None where words are. Raises UnknownRecordError, UnreadableError."""
    from incidentbook.desk.finding import UnknownRecordError, find_record  # noqa: PLC0415

    if len(said.split()) > 1:
        return None
    try:
        return str(find_record(records, said, _KINDS).id)
    except UnknownRecordError:
        if _ID.fullmatch(said):
            raise
        return None


def _read_input() -> str:
    return sys.stdin.buffer.read(_LONGEST).decode("utf-8", "replace").strip()
