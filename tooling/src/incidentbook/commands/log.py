"""`log`: tells what happened to records, from the history in Git."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import click

from incidentbook.commands.caveats import print_caveats
from incidentbook.commands.log_formats import NEED_RECORDS, RENDERERS, Asked, Story
from incidentbook.commands.session import Session
from incidentbook.diagnostics import IncidentbookError

if TYPE_CHECKING:
    from incidentbook.archive import Records
    from incidentbook.cache import Cache
    from incidentbook.history import Event
    from incidentbook.publication import Published
    from incidentbook.records import Audience
    from incidentbook.taxonomy import Taxonomy

_ID = re.compile(
    r"(?P<prefix>inc|mnt|prb)-(?P<year>\d{4})-(?P<number>\d{1,9})(?P<review>\.review)?", re.I | re.A
)


class UnknownRecordError(IncidentbookError):
    """The story was asked for of what is no record, now or ever."""

    def __init__(self, name: str, known: Iterable[str]) -> None:
        from difflib import get_close_matches  # noqa: PLC0415

        close = get_close_matches(name, sorted(set(known)), n=1)
        advice = f"; did you mean {close[0]}?" if close else ""
        super().__init__(f"there is no record and no revision `{name}` here{advice}")


class SaidTwiceError(IncidentbookError):
    """Two arguments say the same thing."""

    def __init__(self, one: str, other: str, what: str) -> None:
        super().__init__(f"`{one}` and `{other}` both name {what}; give one ID and one range (BASE..HEAD)")


@click.command(
    epilog="""\b
Examples:
  incidentbook log INC-2026-0042
  incidentbook log main..HEAD --format json
  incidentbook log v1.0.. --audience public"""
)
@click.argument("words", nargs=-1, metavar="[ID] [BASE..HEAD]")
@click.option(
    "--format", "format_", type=click.Choice(list(RENDERERS)), default="text", help="Text unless said."
)
@click.option(
    "--audience",
    type=click.Choice(["public", "internal", "all"]),
    default="all",
    help="Tell what this audience may read; everything unless said.",
)
@click.pass_obj
def command(session: Session, words: tuple[str, ...], format_: str, audience: str) -> int:
    """Tell what happened to every record, or to one, in its order.

    Each event has the time that the record claims, and the commit that first said so. BASE..HEAD tells
    what HEAD says and BASE did not; BASE...HEAD counts from where the two parted, and a single REV up to
    there. Without a HEAD what is written and not committed comes last. A record that was renumbered keeps
    its story, and that of an incident has its review in it.
    """
    from incidentbook.records import Audience  # noqa: PLC0415

    return run(session, words, format_=format_, audience=None if audience == "all" else Audience(audience))


def run(
    session: Session, words: Sequence[str] = (), *, format_: str = "text", audience: Audience | None = None
) -> int:
    """Print the events."""
    from incidentbook.gitrepo import is_shallow  # noqa: PLC0415
    from incidentbook.history import events, in_order  # noqa: PLC0415
    from incidentbook.publication import publish_events  # noqa: PLC0415

    asked = _asked(session, words)
    found = events(session.root, asked.base, asked.head, _cache(session))
    shallow = is_shallow(session.root)
    if shallow:
        _say(
            "the clone is shallow, and the story begins where it does; "
            "`git fetch --unshallow` brings the rest"
        )
    records: Records[Any] | None = session.archive if format_ in NEED_RECORDS else None
    if audience is not None:
        records = published = _published(session, audience)
        found = publish_events(found, published)
    if asked.id is not None:
        found = _of_record(session, asked.id, found, records)
    taxonomy = records.taxonomy if records is not None else _taxonomy(session)
    story = Story(in_order(found, taxonomy.zone), asked, taxonomy.zone, audience, shallow, records)
    RENDERERS[format_](session, story)
    return 0


def _say(line: str) -> None:
    """To standard error: what a program reads from standard output stays as it is."""
    click.echo(f"incidentbook: {line}", err=True)


def _asked(session: Session, words: Sequence[str]) -> Asked:
    asked = Asked()
    said: dict[str, str] = {}
    for word in words:
        what, found = _one(session, word)
        if what in said:
            raise SaidTwiceError(said[what], word, what)
        said[what] = word
        asked = replace(asked, **found)
    return asked


def _one(session: Session, word: str) -> tuple[str, dict[str, str | None]]:
    """What a word of the command line names: a record, or where the story begins and ends."""
    from incidentbook.gitrepo import UnknownRevisionError, merge_base, resolve_revision  # noqa: PLC0415

    start, dots, end = word.partition("...") if "..." in word else word.partition("..")
    if dots:
        start = start or "HEAD"
        base = merge_base(session.root, start, end or "HEAD") if dots == "..." else start
        return "a range", {"base": base, "head": end or None}
    id_ = _id(word)
    if id_ is not None or (session.root / "knowledge" / "articles" / f"{word}.md").is_file():
        return "a record", {"id": id_ or word}
    try:
        return "a range", {"head": resolve_revision(session.root, word)}
    except UnknownRevisionError:
        return "a record", {"id": word}


def _id(word: str) -> str | None:
    """An ID as it is written in full, of one that somebody typed."""
    match = _ID.fullmatch(word)
    if match is None:
        return None
    number = f"{match['prefix'].upper()}-{match['year']}-{int(match['number']):04}"
    return number + (match["review"] or "").lower()


def _of_record(
    session: Session, id_: str, found: tuple[Event, ...], records: Records[Any] | None
) -> tuple[Event, ...]:
    """The events of one record; where it is not among those that may be shown, it is unknown."""
    from incidentbook.history import of_record  # noqa: PLC0415

    mine = of_record(found, id_)
    if not mine:
        entries = (records or session.archive).entries
        known = {entry.id for entry in entries}
        if id_ not in known:
            raise UnknownRecordError(id_, known | {event.known_as.id for event in found})
    elif all(id_ not in (event.known_as.id, event.known_as.lead_incident) for event in mine):
        _say(f"{id_} is {mine[0].known_as.lead_incident or mine[0].known_as.id} now")
    return mine


def _published(session: Session, audience: Audience) -> Published:
    from incidentbook.archive import load_entries  # noqa: PLC0415
    from incidentbook.publication import publish  # noqa: PLC0415

    load_entries(session.archive)
    print_caveats(session.archive, audience)
    return publish(session.archive, audience)


def _taxonomy(session: Session) -> Taxonomy:
    """The settings alone: listing ten thousand records would take longer than the rest of a short story."""
    from incidentbook.gitrepo import open_working_tree  # noqa: PLC0415
    from incidentbook.taxonomy import load_taxonomy  # noqa: PLC0415

    return load_taxonomy(open_working_tree(session.root, ("schema",)), cache=_cache(session))[0]


def _cache(session: Session) -> Cache:
    from incidentbook.archive.archive import CACHE_FOLDER  # noqa: PLC0415
    from incidentbook.cache import Cache  # noqa: PLC0415

    return Cache.open(session.root / CACHE_FOLDER)
