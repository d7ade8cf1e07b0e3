"""`incidentbook intake confirmations`: reporters are asked, and their answer or silence has an end."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import click

from incidentbook.commands.intake_delivery import Outward, tell
from incidentbook.commands.intake_desk import Desk, Incoming
from incidentbook.commands.session import Session

if TYPE_CHECKING:
    from incidentbook.diagnostics import Diagnostic
    from incidentbook.intake.known import Known
    from incidentbook.intake.opening import Response


@click.command("confirmations", epilog="Example: incidentbook intake confirmations --apply")
@click.option("--apply", "apply_", is_flag=True, help="Ask and close; without it nothing is done but said.")
@click.pass_obj
def command(session: Session, *, apply_: bool) -> int:
    """Ask the reporters of resolved incidents whether it works again, and close after their answer.

    Looks at resolved incidents that the form brought. Each reporter is asked once for each resolution,
    by a comment on their issue. What they have confirmed is closed; and after the days of
    schema/intake.yml without an answer the rest with `confirmation: {confirmed: false}`. Each closing is
    a branch and a pull request, where nothing else stands against it: a review that must be published
    first does. An issue is closed once the record on the default branch is.
    """
    return run(session, apply_=apply_)


def run(session: Session, *, apply_: bool) -> int:
    """Look at every incident of the form that is resolved, and at the issues of those that are over."""
    from incidentbook.intake.form import GITHUB  # noqa: PLC0415
    from incidentbook.intake.known import OVER  # noqa: PLC0415
    from incidentbook.records import IncidentStatus  # noqa: PLC0415

    desk = Desk(session, Outward(pr=apply_))
    origins = [
        (entry.record.origin.id, entry.record.status)
        for entry in desk.place.archive.incidents
        if entry.record.origin and entry.record.origin.system == GITHUB and entry.record.origin.id.isdecimal()
    ]
    waiting = [number for number, status in origins if status is IncidentStatus.RESOLVED]
    for number in dict.fromkeys(waiting):
        _look_at(desk, int(number), apply_=apply_)
    if any(status in OVER for _, status in origins):
        _close_issues(desk, apply_=apply_)
    if not waiting:
        tell("No resolved incident waits for its reporter.")
    return 0


def _look_at(desk: Desk, number: int, *, apply_: bool) -> None:
    from incidentbook.intake.form import GITHUB  # noqa: PLC0415
    from incidentbook.records import IncidentStatus  # noqa: PLC0415

    known = desk.place.find(GITHUB, str(number))
    if known is None:
        return
    said, branch = known.record.confirmation, desk.place.branch_of(known)
    if known.record.status is not IncidentStatus.RESOLVED and branch is None:
        return  # a newer record of this issue
    if _is_answered(desk, known):
        # its pull request is seen to as well, where an earlier run came no further than the branch
        _propose(desk, number, "", desk.session.now)
    elif said is None:
        _ask_or_close(desk, known, number, apply_=apply_)
    elif said.confirmed:
        _close(desk, known, number, "as confirmed", said.at or desk.session.now, apply_=apply_)


def _is_answered(desk: Desk, known: Known) -> bool:
    """Whether an answer, or a closing, waits for its pull request to be merged."""
    from incidentbook.records import IncidentStatus  # noqa: PLC0415

    record = known.record
    is_new = record.status is not IncidentStatus.RESOLVED or record.confirmation is not None
    return is_new and desk.place.branch_of(known) is not None


def _ask_or_close(desk: Desk, known: Known, number: int, *, apply_: bool) -> None:
    from incidentbook.intake.talk import question, when_asked  # noqa: PLC0415

    session, taxonomy = desk.session, desk.place.archive.taxonomy
    policy = taxonomy.intake.confirmations
    author = desk.forge.issue(number).author
    asked = when_asked(known, desk.forge.comments(number), author, policy.account)
    if asked is None:
        tell(f"{known.id}: {'asked' if apply_ else 'to be asked'} on issue {number}")
        if apply_:
            desk.forge.comment(number, question(known, taxonomy, session.now))
        return
    until = asked.at + timedelta(days=policy.days)
    if asked.has_written:
        tell(
            f"{known.id}: the reporter has written since they were asked; somebody should read issue {number}"
        )
    elif session.now < until:
        tell(f"{known.id}: asked, and closes without an answer from {until:%Y-%m-%d %H:%M} UTC on")
    else:
        _close(desk, known, number, "as unconfirmed", until, apply_=apply_)


def _close(desk: Desk, known: Known, number: int, how: str, since: datetime, *, apply_: bool) -> None:
    bot = desk.place.archive.taxonomy.intake.bot
    if bot is None:
        tell(f"{known.id}: cannot be closed: `bot` in schema/intake.yml says who closes it")
        return
    against = _errors_of(desk, known, known.with_changes(_closing(known, bot, desk.session.now)))
    if against:
        tell(f"{known.id}: cannot be closed: {against[0].message} ({against[0].code})")
    elif apply_:
        _propose(desk, number, how, since)
    else:
        tell(f"{known.id}: to be closed {how}, by a pull request")


def _closing(known: Known, bot: str, now: datetime) -> dict[str, Any]:
    silence = {"confirmation": {"confirmed": False, "at": now}} if known.record.confirmation is None else {}
    return {"status": "closed", "closed": now, "closed_by": bot, **silence}


def _propose(desk: Desk, number: int, how: str, since: datetime) -> None:
    """Write the closing to a branch, unless something waits on one; `since` is when it could be."""
    from incidentbook.intake.form import GITHUB  # noqa: PLC0415
    from incidentbook.intake.opening import Amendment, Silence  # noqa: PLC0415

    def respond(known: Known | None) -> Response:
        if known is None or _is_answered(desk, known):
            where = desk.place.branch_of(known) if known else None
            return Silence(
                f"{known.id} waits on branch {where}" if known else f"issue {number} has no record"
            )
        changes = _closing(known, desk.place.archive.taxonomy.intake.bot or "", desk.session.now)
        return Amendment(changes=changes, summary=f"to be closed {how}")

    desk.take_in(
        Incoming(
            system=GITHUB,
            id=str(number),
            said="The reporter was asked.",
            find=lambda place: place.find(GITHUB, str(number)),
            respond=respond,
            is_over=lambda refused, known: since <= refused,  # noqa: ARG005
            amending=lambda summary: f"{{id}}: close {summary.removeprefix('to be closed ')}\n",
        )
    )


def _close_issues(desk: Desk, *, apply_: bool) -> None:
    """Close the issues whose records are over; one that somebody opened again since is left so."""
    from incidentbook.intake.form import GITHUB  # noqa: PLC0415
    from incidentbook.intake.known import OVER  # noqa: PLC0415
    from incidentbook.intake.places import newest_of  # noqa: PLC0415
    from incidentbook.intake.talk import closed, closed_mark, is_ours  # noqa: PLC0415

    archive = desk.place.archive
    policy = archive.taxonomy.intake
    for issue in desk.forge.issues(policy.form.label, state="open"):
        known = newest_of(archive, GITHUB, str(issue.number))
        if known is None or known.record.status not in OVER:
            continue
        said = desk.forge.comments(issue.number)
        if any(closed_mark(known) in one.body and is_ours(one, policy.confirmations.account) for one in said):
            continue
        tell(f"{known.id}: {'closed' if apply_ else 'to be closed'} issue {issue.number}")
        if apply_:
            desk.forge.close_issue(issue.number)
            desk.forge.comment(issue.number, closed(known))


def _errors_of(desk: Desk, known: Known, text: str) -> list[Diagnostic]:
    """The errors that a record would have with another text."""
    from incidentbook.archive import load_archive  # noqa: PLC0415
    from incidentbook.diagnostics import Severity  # noqa: PLC0415
    from incidentbook.intake.altered import Altered  # noqa: PLC0415
    from incidentbook.rules.engine import check  # noqa: PLC0415

    archive = desk.place.archive
    altered = load_archive(Altered(archive.tree, known.path, text.encode()), cache=archive.cache)
    result = check(altered, now=desk.session.now, paths=[known.path])
    return [found for found in result.diagnostics if found.severity is Severity.ERROR]
