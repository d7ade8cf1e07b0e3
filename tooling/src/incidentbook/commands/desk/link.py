"""`incidentbook link`: say what else one should read beside an incident."""

from __future__ import annotations

from typing import Any

import click

from incidentbook.commands.desk.acting import Hand, acting
from incidentbook.commands.session import Session


@click.command("link", epilog="Example: incidentbook link 42 --problem 7 --article restart-the-queue")
@click.argument("id_", metavar="ID")
@click.option("--problem", metavar="ID", help="The problem behind it.")
@click.option("--known-error", metavar="ID", help="The known error whose workaround was used.")
@click.option(
    "--article", "articles", metavar="SLUG", multiple=True, help="An article that was used; repeatable."
)
@click.option("--parent", metavar="ID", help="The larger incident that it belongs to, and follows.")
@click.option("--apart", metavar="REASON", help="It belongs to its parent, and goes on by itself: why.")
@click.option("--duplicate-of", metavar="ID", help="The incident that it repeats.")
@click.option("--earlier", metavar="ID", multiple=True, help="An earlier occurrence; repeatable.")
@click.option("--caused-by", "caused_by_change", metavar="TEXT", help="The change that caused it.")
@click.option("--fixed-by", "fixed_by_change", metavar="TEXT", help="The change that fixed it.")
@click.option(
    "--outside",
    metavar="TYPE=URL",
    multiple=True,
    help="A ticket, chat, dashboard or vendor case; repeatable.",
)
@acting
@click.pass_obj
def command(session: Session, /, id_: str, hand: Hand, **said: Any) -> int:
    """Link an incident, in any state; lists are added to, other links replaced.

    A new parent takes out why it went on apart from the one before. Exits with 1 where the record would have
    errors, with 2 where a link leads nowhere, or an earlier occurrence came later; nothing is written.
    """
    return run(session, id_, hand, **said)


def run(session: Session, id_: str, hand: Hand, **said: Any) -> int:
    """Link an incident; 1 where the record would have errors."""
    from incidentbook.commands.desk.moving import carry_change  # noqa: PLC0415
    from incidentbook.desk.finding import editable, find_record  # noqa: PLC0415
    from incidentbook.desk.life_links import Ties, linked  # noqa: PLC0415

    entry = editable(find_record(session.archive, id_, ("incident",)))
    present = (entry.document.values or {}).get("links") or {}
    change = linked(entry.id, present, Ties(**said), session.archive)
    parent = change.nested.get(("links",), {}).get("parent")
    return carry_change(session, entry, change, hand, details=_details(session, parent))


def _details(session: Session, parent: str | None) -> list[str]:
    """That a new parent is over, so that there is little to follow."""
    from incidentbook.records import KINDS  # noqa: PLC0415

    entry = session.archive.get(parent) if parent is not None else None
    if entry is None or not entry.readable or entry.record.status in KINDS["incident"].open_states:
        return []
    return [f"  {entry.id} is {entry.record.status}: what comes after that is not resolved with it"]
