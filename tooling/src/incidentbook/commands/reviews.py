"""`reviews`: lists what must be reviewed, by when, by whom, and how far it is."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import click

from incidentbook.commands.caveats import print_caveats
from incidentbook.commands.checkout import prefix_in_checkout
from incidentbook.commands.session import Session

if TYPE_CHECKING:
    from incidentbook.clocks import ReviewDuty
    from incidentbook.records import Audience


@click.command(epilog="Example: incidentbook reviews --base origin/main")
@click.option("--overdue", is_flag=True, help="Only those overdue; exit with 1 where there is one.")
@click.option("--open", "only_open", is_flag=True, help="Leave out those that are published.")
@click.option(
    "--base",
    metavar="REV",
    help="The gate: only overdue reviews of services that a change since REV touches.",
)
@click.option(
    "--format",
    "format_",
    type=click.Choice(["text", "json", "github"]),
    default="text",
    help="Text unless said; github gives workflow annotations of what is overdue.",
)
@click.option(
    "--audience",
    type=click.Choice(["internal", "all"]),
    default="all",
    help="`internal` leaves out restricted incidents, for output that others can read.",
)
@click.pass_obj
def command(
    session: Session, *, overdue: bool, only_open: bool, base: str | None, format_: str, audience: str
) -> int:
    """List what must be reviewed, by when, by whom, and how far it is.

    Which incidents need a review, and by when, says schema/reviews.yml. The most pressing come
    first: overdue, then by due day, then those of open incidents, then what is published.

    With --base it is the gate of a pull request: it warns, or fails, as `gate` in schema/reviews.yml of
    REV says, where the change touches a service with an overdue review. Logging an outage touches none.
    """
    from incidentbook.records import Audience  # noqa: PLC0415

    whom = None if audience == "all" else Audience(audience)
    if base is None:
        return run(session, overdue=overdue, only_open=only_open, format_=format_, audience=whom)
    if overdue or only_open:
        raise click.UsageError("--base shows overdue reviews alone; leave out --overdue and --open")
    from incidentbook.commands import review_gate  # noqa: PLC0415

    return review_gate.run(session, base, format_=format_, audience=whom)


def run(
    session: Session,
    *,
    overdue: bool = False,
    only_open: bool = False,
    format_: str = "text",
    audience: Audience | None = None,
) -> int:
    """Print the required reviews; 1 where `overdue` is asked for and one is."""
    from incidentbook.archive import Records, load_entries  # noqa: PLC0415
    from incidentbook.clocks import review_duties  # noqa: PLC0415
    from incidentbook.publication import publish  # noqa: PLC0415

    archive, now = session.archive, session.now
    load_entries(archive)
    print_caveats(archive, audience)
    records: Records[Any] = publish(archive, audience) if audience else archive
    duties = _by_urgency(
        duty
        for duty in review_duties(records, now)
        if (duty.overdue or not overdue) and not (only_open and duty.is_done)
    )
    if format_ == "json":
        from incidentbook.reports.reviews.json import reviews_as_json  # noqa: PLC0415

        click.echo(reviews_as_json(duties, now=now, origin=archive.tree))
    elif format_ == "github":
        from incidentbook.reports.reviews.gate import overdue_as_annotations  # noqa: PLC0415

        prefix = prefix_in_checkout(session.root)
        for line in overdue_as_annotations(duties, prefix=prefix, fails=overdue):
            click.echo(line)
    else:
        from incidentbook.reports.reviews.text import reviews_as_text  # noqa: PLC0415

        session.console.print(reviews_as_text(duties, now=now, only_overdue=overdue))
    return 1 if overdue and duties else 0


def _by_urgency(duties: Iterable[ReviewDuty]) -> list[ReviewDuty]:
    def urgency(duty: ReviewDuty) -> tuple[bool, bool, float, tuple[str, int, int, str]]:
        due = duty.due.timestamp() if duty.due else 0.0
        return (duty.is_done, duty.due is None, -due if duty.is_done else due, duty.incident.name.sort_key())

    return sorted(duties, key=urgency)
