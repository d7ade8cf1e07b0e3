"""schema/notifications.yml: who is told what, through which channel."""

from __future__ import annotations

from incidentbook.records.fields import model


@model
class Notifications:
    """schema/notifications.yml: who is told what, through which channel."""
