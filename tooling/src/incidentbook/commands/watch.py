"""`watch`: says what wants attention now, and keeps one issue a record about it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import click

from incidentbook.commands.caveats import print_caveats
from incidentbook.commands.session import Session

if TYPE_CHECKING:
    from incidentbook.archive import Records
    from incidentbook.forge import Forge
    from incidentbook.notices import Attention, Plan, Step
    from incidentbook.notices.issue_text import IssueText
    from incidentbook.records import Audience


@click.command(epilog="Example: incidentbook watch --apply")
@click.option("--apply", "applied", is_flag=True, help="Open, update and close issues, through `gh`.")
@click.option("--dry-run", is_flag=True, help="Read the issues, and print what --apply would do.")
@click.option(
    "--format",
    "format_",
    type=click.Choice(["text", "json", "markdown"]),
    default="text",
    help="Text unless said; markdown is for a job summary or a mail.",
)
@click.option(
    "--audience",
    type=click.Choice(["internal", "all"]),
    default="internal",
    help="`all` takes restricted records in; else no issue and no output names them.",
)
@click.pass_obj
def command(session: Session, *, applied: bool, dry_run: bool, format_: str, audience: str) -> int:
    """Say what wants attention now: who must do what, and by when.

    These are clocks of open incidents at risk or breached, overdue updates of major ones, escalation steps
    that nobody took, handovers that nobody acknowledged, overdue reviews and improvement actions, articles
    past their review day, and maintenance that should have begun or ended. With --apply each record has one
    issue with the label `incidentbook`: opened, updated when something changes, commented on when something
    gets worse, and closed when nothing is left.

    Exits with 0, whatever wants attention, and with 2 where the tool, or the forge, could not go on. An
    issue that the forge refuses keeps no other from being written.
    """
    from incidentbook.records import Audience  # noqa: PLC0415

    whom = None if audience == "all" else Audience(audience)
    return run(session, applied=applied, dry_run=dry_run, format_=format_, audience=whom)


def run(
    session: Session,
    *,
    applied: bool = False,
    dry_run: bool = False,
    format_: str = "text",
    audience: Audience | None = None,
) -> int:
    """Print what wants attention, and do what follows from it; 2 where the forge refused any of that."""
    from incidentbook.archive import load_entries  # noqa: PLC0415
    from incidentbook.forge import Forge  # noqa: PLC0415
    from incidentbook.notices import LABEL, plan, wanting_attention  # noqa: PLC0415
    from incidentbook.notices.issue_text import IssueText  # noqa: PLC0415
    from incidentbook.publication import publish  # noqa: PLC0415

    archive = session.archive
    load_entries(archive)
    print_caveats(archive, audience)
    records: Records[Any] = publish(archive, audience) if audience else archive
    text = IssueText(records.taxonomy, _addresses(session))
    wanting = wanting_attention(records, session.now)
    planned, failed = None, 0
    if applied or dry_run:
        forge = Forge(session.root)
        planned = plan(wanting, forge.issues(LABEL), forge.account, text)
        failed = 0 if dry_run else _apply(planned, forge)
    click.echo(_rendered(format_, wanting, planned, text, session, audience))
    return 2 if failed else 0


def _addresses(session: Session) -> Callable[[str], str | None]:
    from incidentbook.commands.addresses import file_addresses  # noqa: PLC0415

    return file_addresses(session.root, "HEAD")


def _apply(planned: Plan, forge: Forge) -> int:
    """Do each step, and count those that the forge refused."""
    from incidentbook.notices import LABEL, StepKind, duplicates  # noqa: PLC0415

    failed = sum(not _did(step, forge) for step in planned.steps)
    if any(step.kind is StepKind.OPEN for step in planned.steps):
        # another run may have opened the same issue since the list was read
        failed += sum(not _did(step, forge) for step in duplicates(forge.issues(LABEL), forge.account))
    return failed


def _did(step: Step, forge: Forge) -> bool:
    from incidentbook.forge import ForgeError  # noqa: PLC0415

    try:
        _do(step, forge)
    except ForgeError as error:
        number = f" (issue {step.number})" if step.number else ""
        click.echo(f"incidentbook: {step.kind} for {step.record}{number} failed: {error}", err=True)
        return False
    return True


def _do(step: Step, forge: Forge) -> None:
    """Take one step; what calls people comes before what notes that they were called."""
    from incidentbook.notices import LABEL, StepKind  # noqa: PLC0415

    if step.number is None:
        forge.create_issue(step.title or step.record, step.body or "", [LABEL])
        return
    if step.kind is StepKind.REOPEN:
        forge.reopen_issue(step.number)
    if step.comment is not None:
        forge.comment(step.number, step.comment)
    if step.body is not None:
        forge.edit_issue(step.number, body=step.body)
    if step.kind in (StepKind.CLOSE, StepKind.CLOSE_DUPLICATE):
        forge.close_issue(step.number)


def _rendered(
    format_: str,
    wanting: Sequence[Attention],
    planned: Plan | None,
    text: IssueText,
    session: Session,
    audience: Audience | None,
) -> str:
    if format_ == "json":
        from incidentbook.reports.watch.json import watch_as_json  # noqa: PLC0415

        return watch_as_json(wanting, planned, now=session.now, audience=audience)
    if format_ == "markdown":
        from incidentbook.reports.watch.markdown import watch_as_markdown  # noqa: PLC0415

        return watch_as_markdown(wanting, planned, text, now=session.now)
    from incidentbook.reports.watch.text import watch_as_text  # noqa: PLC0415

    return watch_as_text(wanting, planned, text, now=session.now)
