"""`incidentbook intake`: what comes in from outside becomes records."""

from __future__ import annotations

import click

from incidentbook.commands import intake_alert, intake_answer, intake_confirmations, intake_form, intake_mail


@click.group("intake", epilog="Example: incidentbook intake alert payload.json")
def command() -> None:
    """Take in alerts, reports and answers from outside.

    Without options a record is written into the files here, as `new` does. With --commit it goes to a
    branch of its own, past the files; --push and --pr send it on. Each step is done once: a second run
    finds what the first left.
    """


for module in (intake_alert, intake_form, intake_mail, intake_answer, intake_confirmations):
    command.add_command(module.command)
