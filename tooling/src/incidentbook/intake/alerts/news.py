"""What an alert that is not over tells anew: it is acknowledged, fires again, says something else."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from incidentbook.intake.alerts.alert import Alert, AlertState
from incidentbook.intake.known import Known, not_before
from incidentbook.intake.texts import verbatim
from incidentbook.markdown.literal import code, literal


@dataclass(frozen=True)
class News:
    """One thing: how a step says it, in few words what it is, and the fields that it changes."""

    said: str
    summary: str
    changes: Mapping[str, Any] = field(default_factory=dict)


def news_of(alert: Alert, known: Known, now: datetime) -> Iterator[News]:
    """Everything that a record does not know yet; words come last, since a fence ends them."""
    yield from _acknowledged(alert, known, now)
    yield from _again(alert, known)
    yield from _words(alert, known)


def _acknowledged(alert: Alert, known: Known, now: datetime) -> Iterator[News]:
    record = known.record
    if alert.state is AlertState.ACKNOWLEDGED and record.acknowledged is None:
        taken = not_before(min(alert.at or now, now), record.started, record.detected)
        who = f" by {literal(alert.by)}" if alert.by else ""
        yield News(f"acknowledged{who}", "is acknowledged", {"acknowledged": taken})


def _again(alert: Alert, known: Known) -> Iterator[News]:
    if alert.state is AlertState.FIRING and known.record.restored is not None:
        yield News("fires again", "fires again", {"restored": None})


def _words(alert: Alert, known: Known) -> Iterator[News]:
    before = known.record.origin.digest if known.record.origin else None
    if before is None or before == alert.digest:
        return
    if alert.severity_digest not in before:
        severity = f"severity is now {code(alert.severity)}" if alert.severity else "it tells no severity now"
        yield News(severity, "has another severity")
    if alert.words_digest not in before:
        title = alert.title if alert.title != known.record.title else ""
        said = "\n\n".join(text for text in (title, alert.text) if text)
        # what went back to the title that the record has leaves nothing to show
        shown = f"it says now:\n\n{verbatim(said)}" if said else "it says no more than its title now"
        yield News(shown, "says more")
