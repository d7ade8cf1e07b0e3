"""`python -m incidentbook` is `incidentbook`."""

from incidentbook.cli import run

run()
