"""What keeps something that came in from being taken in."""

from __future__ import annotations

from incidentbook.diagnostics import IncidentbookError


class IntakeError(IncidentbookError):
    """What came in cannot be understood; the message is one line that says what was looked for."""
