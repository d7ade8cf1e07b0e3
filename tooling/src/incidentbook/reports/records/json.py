"""One record as JSON: its fields as its file has them, and what follows from them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec

from incidentbook.archive import RecordEntry, Records
from incidentbook.archive.references import references
from incidentbook.desk.filed import filed
from incidentbook.diagnostics import Diagnostic
from incidentbook.feeds.shapes import record_shape
from incidentbook.publication.redaction import may_read
from incidentbook.records import KINDS, Audience


def record_as_json(
    entry: RecordEntry[Any],
    records: Records[Any],
    now: datetime,
    *,
    audience: Audience | None,
    findings: Sequence[Diagnostic] = (),
    commands: Sequence[str] = (),
) -> str:
    """Write a record for an audience; None stands for whoever has the files."""
    row = filed(entry, records)
    reader = audience or Audience.INTERNAL
    shape = record_shape(entry.kind, reader)
    document: dict[str, Any] = {
        "id": entry.id,
        "kind": entry.kind,
        "path": entry.path,
        "title": row.title,
        "open": row.is_open,
        "priority": row.priority,
        "team": row.team,
        "owner": row.owner,
        "record": msgspec.to_builtins(msgspec.convert(entry.record, shape, from_attributes=True)),
        "links": [{"relation": one.relation, "id": one.target} for one in references(entry.record)],
        "named_by": [{"relation": relation, "id": one.id} for relation, one in records.backlinks(entry.id)],
        "findings": [
            {"code": one.code, "severity": one.severity.value, "message": one.message} for one in findings
        ],
        "next": [f"incidentbook {command}" for command in commands],
        "now": now.isoformat(),
        "revision": records.revision,
        "audience": audience.value if audience else "all",
    }
    if audience is None or may_read(audience, KINDS[entry.kind].body):
        document["body"] = entry.body
    return json.dumps(document, indent=2, ensure_ascii=False, allow_nan=False)
