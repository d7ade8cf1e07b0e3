"""`incidentbook intake alert`: what monitoring sends becomes records."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from incidentbook.commands.intake_delivery import Outward, outward_options, read_input, tell
from incidentbook.commands.intake_desk import Desk, Incoming
from incidentbook.commands.session import Session

if TYPE_CHECKING:
    from datetime import datetime

    from incidentbook.intake.alerts.alert import Alert
    from incidentbook.intake.known import Known
    from incidentbook.intake.opening import Response


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
    from incidentbook.intake.alerts.groups import grouped  # noqa: PLC0415
    from incidentbook.intake.alerts.systems import TITLES, read_alerts  # noqa: PLC0415
    from incidentbook.intake.opening import Opening  # noqa: PLC0415

    found = read_alerts(*read_input(file))
    desk = Desk(session, outward, margin="  ")
    taxonomy = desk.place.archive.taxonomy
    opened = 0
    for one in grouped(found, taxonomy):
        if isinstance(one, Unmoved):
            tell(f"Nothing to do: {one.reason}")
        else:
            tell(f"{TITLES[one.system]}, {one.state}: {one.title}")
            taken = desk.take_in(_incoming(desk, one, may_open=opened < taxonomy.intake.alerts.most))
            opened += isinstance(taken.response, Opening)
    return desk.code


def _incoming(desk: Desk, alert: Alert, *, may_open: bool) -> Incoming:
    from incidentbook.intake.alerts.course import respond  # noqa: PLC0415
    from incidentbook.intake.alerts.systems import TITLES  # noqa: PLC0415

    title = TITLES[alert.system]
    return Incoming(
        system=alert.system,
        id=alert.id,
        said=f"{title} told it.",
        find=lambda place: place.find(alert.system, alert.id),
        respond=lambda known: _bounded(
            respond(alert, known, desk.place.archive.taxonomy, desk.session.now), may_open=may_open
        ),
        is_over=lambda refused, known: _is_over(alert, refused, known),
        opening=f"Log {{id}}, as {title} told\n",
        amending=lambda summary: f"{{id}}: the alert {summary}\n",
    )


def _bounded(response: Response, *, may_open: bool) -> Response:
    """What becomes of an alert, but where it would open one more than a message may."""
    from incidentbook.intake.opening import Opening, Silence  # noqa: PLC0415

    if may_open or not isinstance(response, Opening):
        return response
    return Silence("the message has opened as many as `alerts.most` of schema/intake.yml lets it")


def _is_over(alert: Alert, refused: datetime, known: Known | None) -> bool:
    """Whether people who refused its record meant this: what began before, or somebody's taking it."""
    from incidentbook.intake.alerts.alert import AlertState  # noqa: PLC0415

    if known is None and alert.state is not AlertState.FIRING:
        return True
    return alert.at is not None and alert.at <= refused
