"""What was told to whom, as JSON."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from incidentbook.notices.notify.telling import Report, Row


def notify_as_json(report: Report, *, dry_run: bool, now: datetime) -> str:
    """Render a run: one entry a message, with its words where it was not sent."""
    document: dict[str, Any] = {
        "now": now.isoformat(),
        "dry_run": dry_run,
        "messages": [_row(row, dry_run=dry_run) for row in report.rows],
        "gathered": dict(sorted(report.gathered.items())),
        "sent_before": dict(sorted(report.already.items())),
        "faults": report.faults,
        "mailboxes": dict(sorted(report.names.items())),
    }
    return json.dumps(document, indent=2, ensure_ascii=False, allow_nan=False)


def _row(row: Row, *, dry_run: bool) -> dict[str, Any]:
    message = row.message
    told = {"id": message.id, "text": message.body} if message is not None and dry_run else {}
    return {
        "channel": row.channel,
        "state": row.state.value.replace(" ", "_"),
        "subject": row.subject,
        "records": list(row.records),
        "reason": row.reason or None,
        **told,
    }
