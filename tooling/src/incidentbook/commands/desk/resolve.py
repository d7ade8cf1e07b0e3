"""`incidentbook resolve`: service is back, and the work is done."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

import click

from incidentbook.commands.desk.acting import Hand, acting, changing
from incidentbook.commands.session import Session, parse_now

if TYPE_CHECKING:
    from incidentbook.archive import RecordEntry
    from incidentbook.archive.entry import Entry
    from incidentbook.desk.change import Change, Values
    from incidentbook.records import Incident


@dataclass(frozen=True, kw_only=True)
class Wish:
    """What the options say of the resolution."""

    message: str | None = None
    code: str | None = None
    permanence: str | None = None
    workaround: str | None = None
    summary: str | None = None
    articles: tuple[str, ...] = ()
    problem: str | None = None
    restored: str | None = None
    apart: tuple[str, ...] = ()


@click.command(
    "resolve",
    epilog="Example: incidentbook resolve 42 -m 'Release rolled back.' --code rolled-back --permanent",
)
@click.argument("id_", metavar="ID")
@click.option("-m", "--message", metavar="TEXT", help="What was done; `-` reads it.")
@click.option("--code", metavar="KEY", help="How it ended: a resolution code of schema/categories.yml.")
@click.option("--permanent", is_flag=True, help="The cause is gone.")
@click.option("--temporary", is_flag=True, help="The effect is gone, the cause is not.")
@click.option("--workaround", metavar="TEXT", help="What users or responders can do meanwhile.")
@click.option(
    "--summary",
    metavar="TEXT",
    help="What happened, in two sentences for every reader, where it is not said.",
)
@click.option(
    "--article", "articles", metavar="SLUG", multiple=True, help="An article that helped; repeatable."
)
@click.option("--problem", metavar="ID", help="The problem behind it.")
@click.option("--restored", metavar="TIME", help="When service was back; when it is resolved if not said.")
@click.option(
    "--apart", metavar="CHILD-ID", multiple=True, help="An incident that follows it, and goes on; repeatable."
)
@acting
@click.pass_obj
def command(
    session: Session, /, id_: str, hand: Hand, *, permanent: bool, temporary: bool, **said: Any
) -> int:
    """Resolve an incident, and those that follow it with it.

    A hold ends, services that suffer do so no longer, and whoever resolves it has taken it. A temporary
    resolution needs a problem behind it. Exits with 1 where the record would have errors, with 2 where it is
    over or something is not said; nothing is written.
    """
    if permanent and temporary:
        raise click.UsageError("--permanent and --temporary exclude each other: is the cause gone, or not?")
    permanence = "permanent" if permanent else "temporary" if temporary else None
    return run(session, id_, hand, Wish(permanence=permanence, **said))


def run(session: Session, id_: str, hand: Hand, wish: Wish) -> int:
    """Resolve an incident; 1 where a record would have errors."""
    from incidentbook.commands.desk.moving import carry_change, looked_at_again, text_of, with_all_read  # noqa: PLC0415
    from incidentbook.desk.families import children_following  # noqa: PLC0415
    from incidentbook.desk.finding import editable, find_record  # noqa: PLC0415

    entry = editable(find_record(session.archive, id_, ("incident",)))
    who, at = hand.who(session), hand.time(session)
    # refused before anybody is asked for a text
    _change(session, entry, replace(wish, message=wish.message or "?"), who, at)
    said = replace(wish, message=text_of(wish.message, "what was done"))
    session = looked_at_again(session, wish.message)
    entry = editable(find_record(session.archive, entry.id, ("incident",)))
    change = _change(session, entry, said, who, at)
    children = children_following(with_all_read(session), entry.id)
    apart = _apart(session, entry, children, said.apart)
    following = [one for one in children if one.path not in apart]
    with_it = _following(session, entry, change, following, at, who)
    details = [
        f"  {one.id}: {'goes on apart' if one.path in apart else 'resolved with it'}" for one in children
    ]
    return carry_change(session, entry, change, hand, details=details, also={**with_it, **apart})


def _change(session: Session, entry: Entry[Incident], wish: Wish, who: str, at: datetime) -> Change:
    from incidentbook.desk.life_links import Ties, link_values  # noqa: PLC0415
    from incidentbook.desk.life_resolving import Outcome, resolved  # noqa: PLC0415
    from incidentbook.records.incident import Permanence  # noqa: PLC0415

    outcome = Outcome(
        summary=wish.message or "",
        code=wish.code,
        permanence=Permanence(wish.permanence) if wish.permanence else None,
        workaround=wish.workaround,
        restored=parse_now(wish.restored, "--restored") if wish.restored else None,
        told=wish.summary,
    )
    present = (entry.document.values or {}).get("links") or {}
    ties = Ties(problem=wish.problem, articles=wish.articles)
    links: Values = link_values(entry.id, present, ties, session.archive)
    return resolved(entry.id, entry.record, who, at, outcome, links, session.archive.taxonomy)


def _apart(
    session: Session,
    entry: Entry[Incident],
    children: tuple[RecordEntry[Incident], ...],
    said: tuple[str, ...],
) -> Mapping[str, Any]:
    """The files of the children that go on by themselves. Raises RefusedError where one follows not."""
    from incidentbook.desk.change import Change, RefusedError  # noqa: PLC0415
    from incidentbook.desk.finding import find_record  # noqa: PLC0415

    found: dict[str, Any] = {}
    known = {one.id for one in children}
    for one in said:
        child = find_record(session.archive, one, ("incident",))
        if child.id not in known:
            raise RefusedError(f"{child.id} is no open incident that follows {entry.id}")
        reason = f"Not over with {entry.id}."
        found |= changing(session, child, Change(said="apart", nested={("links",): {"apart": reason}}))
    return found


def _following(
    session: Session,
    entry: Entry[Incident],
    change: Change,
    children: list[RecordEntry[Incident]],
    at: datetime,
    who: str,
) -> Mapping[str, bytes]:
    """The files of the children that are resolved with it."""
    if not children:
        return {}
    from incidentbook.desk.change import changed_record  # noqa: PLC0415
    from incidentbook.desk.families import with_parent  # noqa: PLC0415
    from incidentbook.desk.finding import find_record  # noqa: PLC0415

    parent = changed_record(entry.document, entry.kind, change)
    found: dict[str, bytes] = {}
    for one in children:
        child = find_record(session.archive, one.id, ("incident",))
        found |= changing(session, child, with_parent(one.record, entry.id, parent, at, who))
    return found
