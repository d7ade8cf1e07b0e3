"""`incidentbook escalate`: call somebody to an incident, or those whom a path of schema/ calls by now."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import click

from incidentbook.commands.desk.acting import Deed, Hand, acting, carry_out, changing
from incidentbook.commands.session import Session


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
    help="With --due: `internal` names no restricted incident, for output that others read; --apply "
    "writes its steps all the same.",
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
    notify` tells who wants to know. A step that calls nobody of schema/ is left out, and named.

    Exits with 1 where a record would have errors, and nothing is written, or where a step calls nobody; with
    2 where the incident is over, or what schema/ says of steps and clocks cannot be read.
    """
    wish = Wish(**wished)
    if due:
        if id_ is not None or wish != Wish():
            raise click.UsageError(
                "--due is for all incidents, and takes whom to call from schema/escalation.yml."
            )
        from incidentbook.commands.desk.escalating import run_due  # noqa: PLC0415
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
