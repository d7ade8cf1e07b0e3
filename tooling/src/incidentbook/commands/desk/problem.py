"""`incidentbook problem`: the causes behind incidents."""

from __future__ import annotations

import importlib
import importlib.util
from typing import TYPE_CHECKING, Any

import click

from incidentbook.commands.desk.acting import Deed, Hand, acting, carry_out, carry_record, changing
from incidentbook.commands.desk.making import free_name, new_file
from incidentbook.commands.session import Session

if TYPE_CHECKING:
    from collections.abc import Sequence

    from incidentbook.archive.entry import Entry
    from incidentbook.desk.causes import NewProblem
    from incidentbook.records import Incident, Problem

_LAZY = {"suggest": "incidentbook.commands.desk.problem_suggest"}


class _Verbs(click.Group):
    """Imports what looks at every record only where it is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The verbs of this file, and those of files of their own."""
        return sorted((*super().list_commands(ctx), *_LAZY))

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """A verb by its name."""
        if cmd_name in _LAZY:
            found: click.Command = importlib.import_module(_LAZY[cmd_name]).command
            return found
        return super().get_command(ctx, cmd_name)


@click.group(
    "problem",
    cls=_Verbs,
    epilog="Example: incidentbook problem new -m 'Checkout leaks connections' --from INC-2026-0001",
)
def command() -> None:
    """Log the cause behind incidents; say that it is understood, fixed, closed."""


@command.command(
    "new", epilog="Example: incidentbook problem new -m 'Checkout leaks connections' --from INC-2026-0042"
)
@click.option("-m", "--title", required=True, help="What is wrong underneath.")
@click.option(
    "--from", "sources", multiple=True, metavar="ID", help="An incident that it is behind; may be repeated."
)
@click.option("--owner", metavar="HANDLE", help="Who answers for it; who acts if not said.")
@click.option("--team", metavar="KEY", help="Key of the team; that of the incidents if not said.")
@click.option("--service", "services", multiple=True, metavar="KEY", help="A service that suffers from it.")
@click.option("--category", metavar="PATH", help="Category and subcategory: application/deployment.")
@click.option("--summary", help="What is known, in two sentences.")
@click.option("--symptom", "symptoms", multiple=True, help="How one recognises it; may be repeated.")
@click.option("--workaround", help="What to do until it is fixed.")
@acting
@click.pass_obj
def new(session: Session, /, sources: tuple[str, ...], owner: str | None, hand: Hand, **said: Any) -> int:
    """Log a problem under the next free ID, and let its incidents name it.

    Services, category, symptoms and team are those of the incidents, where they are not said.
    """
    from incidentbook.desk.causes import NewProblem  # noqa: PLC0415
    from incidentbook.desk.finding import find_record  # noqa: PLC0415
    from incidentbook.desk.words import known_person  # noqa: PLC0415

    if owner:
        known_person(session.archive.taxonomy, owner, hand.time(session))
    found = [find_record(session.archive, source, ("incident",)) for source in sources]
    incidents = list({entry.id: entry for entry in found}.values())
    return _log(session, NewProblem(owner=owner or hand.who(session), **said), incidents, hand)


def _log(session: Session, said: NewProblem, incidents: Sequence[Entry[Incident]], hand: Hand) -> int:
    from incidentbook.desk.causes import linked, logged  # noqa: PLC0415

    at = hand.time(session)
    name = free_name(session, "problem", at)
    contents = new_file(name, logged(said, incidents, at))
    for entry in incidents:
        contents |= changing(session, entry, linked(entry.id, entry.record, name.id))
    behind = f", behind {', '.join(entry.id for entry in incidents)}" if incidents else ""
    deed = Deed(
        about=name.id,
        said=f"logged{behind}",
        contents=contents,
        next=(f"problem known-error {name.id} --root-cause WHY --workaround WHAT", f"edit {name.id}"),
        title=said.title,
    )
    return carry_out(session, deed, hand)


@command.command(
    "known-error",
    epilog="Example: incidentbook problem known-error 7 --root-cause 'A leak in the driver' "
    "--workaround 'Restart nightly'",
)
@click.argument("id_", metavar="ID")
@click.option("-m", "--root-cause", help="The cause, as far as it is known.")
@click.option("--workaround", help="What to do until it is fixed.")
@acting
@click.pass_obj
def known_error(
    session: Session, /, id_: str, root_cause: str | None, workaround: str | None, hand: Hand
) -> int:
    """Say that cause and workaround are known.

    Exits with 1 where the record says neither and no option does; nothing is written.
    """
    from incidentbook.desk.causes import understood  # noqa: PLC0415

    entry = _problem(session, id_)
    change = understood(entry.id, entry.record, hand.time(session), root_cause, workaround)
    return carry_record(session, entry, change, hand, f"problem resolve {entry.id} --permanent-fix WHAT")


@command.command(
    "resolve", epilog="Example: incidentbook problem resolve 7 --permanent-fix 'Driver 4.2 is in'"
)
@click.argument("id_", metavar="ID")
@click.option("-m", "--permanent-fix", help="What removed the cause, or why it is accepted.")
@acting
@click.pass_obj
def resolve(session: Session, /, id_: str, permanent_fix: str | None, hand: Hand) -> int:
    """Say that the cause is gone, and what removed it."""
    from incidentbook.desk.causes import fixed  # noqa: PLC0415

    entry = _problem(session, id_)
    change = fixed(entry.id, entry.record, hand.time(session), permanent_fix)
    return carry_record(session, entry, change, hand, f"problem close {entry.id}")


@command.command("close", epilog="Example: incidentbook problem close 7")
@click.argument("id_", metavar="ID")
@acting
@click.pass_obj
def close(session: Session, /, id_: str, hand: Hand) -> int:
    """Close a resolved problem: nothing is left to do."""
    from incidentbook.desk.causes import closed  # noqa: PLC0415

    entry = _problem(session, id_)
    return carry_record(session, entry, closed(entry.id, entry.record, hand.time(session)), hand)


def _problem(session: Session, said: str) -> Entry[Problem]:
    from incidentbook.desk.finding import find_record  # noqa: PLC0415

    return find_record(session.archive, said, ("problem",))
