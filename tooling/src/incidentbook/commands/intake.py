"""`incidentbook intake`: what comes in from outside becomes records."""

from __future__ import annotations

import click

from incidentbook.commands import intake_alert


@click.group("intake", epilog="Example: incidentbook intake alert payload.json")
def command() -> None:
    """Take in alerts, reports and answers from outside.

    Without options a record is written into the files here, as `new` does. With --commit it goes to a
    branch of its own, past the files; --push and --pr send it on. Each step is done once: a second run
    finds what the first left.
    """


command.add_command(intake_alert.command)
