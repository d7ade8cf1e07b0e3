"""`incidentbook escalate`: call somebody to an incident, or those whom a path of schema/ calls by now."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

import click

from incidentbook.commands.desk.acting import Deed, Hand, acting, carry_out, changing, visible_line
from incidentbook.commands.session import Session

if TYPE_CHECKING:
    from incidentbook.clocks import DueStep
    from incidentbook.records import Audience
    from incidentbook.taxonomy import Taxonomy


@dataclass(frozen=True, kw_only=True)
class Wish:
    """Whom somebody wants to call, as the options say."""

    to: str | None = None
    kind: str | None = None
    reason: str | None = None
    assign: bool = False


@click.command(
    "escalate", epilog="Example: incidentbook escalate INC-2026-0042 --to platform --kind functional --assign"
)
@click.argument("id_", metavar="[ID]", required=False)
@click.option("--to", metavar="WHOM", help="Key of a team, handle of a person, or `vendor: NAME`.")
@click.option(
    "--kind",
    type=click.Choice(["functional", "hierarchical"]),
    help="functional asks for more skill, hierarchical for a decision.",
)
@click.option("-m", "--message", "reason", metavar="REASON", help="Why.")
@click.option("--assign", is_flag=True, help="The team that is called has the incident from now on.")
@click.option("--due", is_flag=True, help="Instead: the steps of schema/escalation.yml that are due, of all.")
@click.option("--apply", "applied", is_flag=True, help="With --due: write them into the records, once each.")
@click.option(
    "--format",
    "format_",
    type=click.Choice(["text", "json"]),
    default="text",
    help="How --due lists the steps; text unless said.",
)
@click.option(
    "--audience",
    type=click.Choice(["internal", "all"]),
    default="all",
    help="With --due: `internal` leaves restricted incidents out, for output that others can read.",
)
@acting
@click.pass_obj
def command(
    session: Session,
    /,
    id_: str | None,
    *,
    due: bool,
    applied: bool,
    format_: str,
    audience: str,
    hand: Hand,
    **wished: Any,
) -> int:
    """Call somebody to an incident: with more skill (functional) or with more authority (hierarchical).

    With --due nobody is named: it lists the steps of the escalation paths that are due by now, and with
    --apply it writes them into the records, each once for an opening. It calls nobody itself: `incidentbook
    notify` tells who wants to know. Exits with 1 where a record would have errors, with 2 where the incident
    is over; nothing is written then.
    """
    wish = Wish(**wished)
    if due:
        if id_ is not None or wish != Wish():
            raise click.UsageError(
                "--due is for all incidents, and takes whom to call from schema/escalation.yml."
            )
        from incidentbook.records import Audience  # noqa: PLC0415

        whom = None if audience == "all" else Audience(audience)
        return run_due(session, hand, applied=applied, format_=format_, audience=whom)
    if id_ is None or wish.to is None or wish.kind is None:
        raise click.UsageError("Name the incident, and say --to WHOM and --kind; or --due.")
    if applied or format_ != "text" or audience != "all":
        raise click.UsageError("--apply, --format and --audience go with --due.")
    return run(session, id_, hand, wish)


def run(session: Session, id_: str, hand: Hand, wish: Wish) -> int:
    """Call somebody to one incident; 1 where the record would have errors."""
    from incidentbook.clocks import on_call  # noqa: PLC0415
    from incidentbook.desk.escalation import Call, escalated  # noqa: PLC0415
    from incidentbook.desk.finding import find_record  # noqa: PLC0415
    from incidentbook.records.incident import EscalationKind  # noqa: PLC0415

    entry, taxonomy = find_record(session.archive, id_, ("incident",)), session.archive.taxonomy
    who, at = hand.who(session), hand.time(session)
    call = Call(
        to=wish.to or "",
        kind=EscalationKind(wish.kind or "functional"),
        reason=wish.reason,
        assign=wish.assign,
    )
    change = escalated(entry.id, entry.record, who, at, call, taxonomy)
    duty = on_call(taxonomy, call.to, at)
    deed = Deed(
        about=entry.id,
        said=change.said,
        contents=changing(session, entry, change),
        details=(f"  On call for {duty.team}: {duty.who}",) if duty is not None else (),
        next=(f"show {entry.id}",),
        title=entry.record.title,
    )
    return carry_out(session, deed, hand)


def run_due(
    session: Session,
    hand: Hand,
    *,
    applied: bool = False,
    format_: str = "text",
    audience: Audience | None = None,
) -> int:
    """List the steps that are due, and write them down with `applied`."""
    from incidentbook.archive import load_entries  # noqa: PLC0415
    from incidentbook.clocks import due_steps  # noqa: PLC0415
    from incidentbook.commands.caveats import print_caveats  # noqa: PLC0415
    from incidentbook.publication import publish  # noqa: PLC0415

    at, archive = hand.time(session), session.archive
    load_entries(archive)
    print_caveats(archive)
    due = due_steps(publish(archive, audience) if audience else archive, at)
    if format_ == "json":
        click.echo(_as_json(due, at, audience))
    else:
        click.echo(_as_text(due, at, archive.taxonomy))
    return _apply(session, hand, due, at, quiet=format_ == "json") if applied and due else 0


def _apply(session: Session, hand: Hand, due: Sequence[DueStep], at: datetime, *, quiet: bool) -> int:
    """Write every step into its record, all of them or none."""
    from contextlib import nullcontext, redirect_stdout  # noqa: PLC0415
    from sys import stderr  # noqa: PLC0415

    from incidentbook.desk.escalation import steps_taken  # noqa: PLC0415

    contents: dict[str, bytes] = {}
    taken = steps_taken(due, at, hand.who_if_known(session))
    for found, change in taken:
        entry = session.archive.get(found.id)
        if entry is not None:
            contents.update(changing(session, entry, change))
    (first, change), *more = taken
    deed = Deed(
        about="escalations" if more else first.id,
        said=f"{len(due)} steps that are due, of {len(taken)} incidents" if more else change.said,
        contents=contents,
        title="" if more else first.record.title,
    )
    # what a program reads is the list alone
    with redirect_stdout(stderr) if quiet else nullcontext():
        return carry_out(session, deed, hand)


def _as_text(due: Sequence[DueStep], at: datetime, taxonomy: Taxonomy) -> str:
    from incidentbook.clocks import on_call  # noqa: PLC0415

    if not due:
        return "No step is due."
    lines = [f"{len(due)} {'step is' if len(due) == 1 else 'steps are'} due:"]
    for one in due:
        since = f"{one.due.astimezone(taxonomy.zone):%Y-%m-%d %H:%M %Z}"
        duty = on_call(taxonomy, one.step.to, at)
        now = f" (on call: {duty.who})" if duty is not None else ""
        lines.append(f"  {one.entry.id}  {one.name}: {one.step.kind.value} to {one.step.to}{now}")
        lines.append(f"    since {since}: {one.why}")
    return "\n".join(visible_line(line) for line in lines)


def _as_json(due: Sequence[DueStep], at: datetime, audience: Audience | None) -> str:
    document: dict[str, Any] = {
        "due": [
            {
                "id": one.entry.id,
                "path": one.entry.path,
                "step": one.name,
                "kind": one.step.kind.value,
                "to": one.step.to,
                "due": one.due.isoformat(),
                "why": one.why,
            }
            for one in due
        ],
        "now": at.isoformat(),
        "audience": audience or "all",
    }
    return json.dumps(document, indent=2, ensure_ascii=False, allow_nan=False)
