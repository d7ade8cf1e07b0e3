"""`incidentbook intake alert`: what monitoring sends becomes records."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from incidentbook.commands.intake_delivery import Desk, Outward, outward_options, read_input, tell
from incidentbook.commands.session import Session

if TYPE_CHECKING:
    from incidentbook.intake.alerts.alert import Alert


@click.command(
    "alert", epilog="Example: curl -s https://hooks.example/last.json | incidentbook intake alert - --pr"
)
@click.argument("file")
@outward_options
@click.pass_obj
def command(session: Session, *, file: str, commit: bool, push: bool, pr: bool) -> int:
    """Open, update or restore incidents from a message of monitoring.

    FILE is what Alertmanager, PagerDuty, Opsgenie, Grafana, Pingdom, CloudWatch or Statuspage sends,
    bare or inside a GitHub `repository_dispatch` event; `-` reads standard input. The content tells
    which. schema/intake.yml says what severities mean and what is known of some alerts.

    The same alert is never taken in twice: a second delivery finds the record, also on the branch where
    it waits. One that clears sets `restored` and leaves the resolution to people; one that fires again
    reopens a resolved incident, and after closing opens a new one that names the earlier.

    Exits with 1 where the check of a written file finds an error, and with 2 where nothing was
    understood.
    """
    return run(session, file, Outward(commit=commit, push=push, pr=pr))


def run(session: Session, file: str, outward: Outward) -> int:
    """Take in every alert of a message."""
    from incidentbook.intake.alerts.alert import Unmoved  # noqa: PLC0415
    from incidentbook.intake.alerts.systems import TITLES, read_alerts  # noqa: PLC0415

    found = read_alerts(*read_input(file))
    desk = Desk(session, outward)
    for one in found:
        if isinstance(one, Unmoved):
            tell(f"Nothing to do: {one.reason}")
        else:
            tell(f"{TITLES[one.system]}, {one.state}: {one.title}")
            _take_in(desk, one)
    return desk.code


def _take_in(desk: Desk, alert: Alert) -> None:
    from incidentbook.intake.alerts.course import respond  # noqa: PLC0415
    from incidentbook.intake.alerts.systems import TITLES  # noqa: PLC0415
    from incidentbook.intake.opening import Opening, Silence  # noqa: PLC0415
    from incidentbook.intake.places import unreadable_with  # noqa: PLC0415

    title = TITLES[alert.system]
    known = desk.place.find(alert.system, alert.id)
    broken = None if known else unreadable_with(desk.place.archive, alert.id)
    if broken:
        tell(f"  nothing to do: {broken} cannot be read and seems to be of this alert; mend it first")
        return
    response = respond(alert, known, desk.place.archive.taxonomy, desk.session.now)
    notes: tuple[str, ...] = ()
    if isinstance(response, Silence):
        tell(f"  nothing to do: {response.reason}")
        if known is None:
            return
    elif isinstance(response, Opening):
        notes = response.notes
        known = desk.place.open(response, f"Log {{id}}, as {title} told\n")
        desk.wrote(known, "opened")
        for note in notes:
            tell(f"  {note}")
    elif known is not None:
        known = desk.place.amend(known, response.changes, f"{{id}}: the alert {response.summary}\n")
        desk.wrote(known, response.summary)
    if known is not None:
        desk.send(known, f"{title} told it.", notes)
