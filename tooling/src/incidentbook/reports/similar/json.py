"""What is known of a trouble as JSON."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from incidentbook.records import Article, Incident, Problem
from incidentbook.similarity import Hit, Known
from incidentbook.source import Origin
from incidentbook.taxonomy import Taxonomy


def known_as_json(
    known: Known,
    *,
    id_: str | None,
    text: str | None,
    taxonomy: Taxonomy,
    now: datetime,
    origin: Origin,
    audience: str | None,
) -> str:
    """Render what may help, of each sort the likeliest first."""
    document = {
        "asked": {"id": id_, "text": text},
        "open": _hits(known.open, taxonomy),
        "known_errors": _hits(known.known_errors, taxonomy),
        "articles": _hits(known.articles, taxonomy),
        "past": _hits(known.past, taxonomy),
        "now": now.isoformat(),
        "revision": origin.revision,
        "dirty": origin.dirty,
        "audience": audience or "all",
    }
    return json.dumps(document, indent=2, ensure_ascii=False, allow_nan=False)


def _hits(hits: Sequence[Hit], taxonomy: Taxonomy) -> list[dict[str, Any]]:
    return [
        {
            "id": hit.entry.id,
            "kind": hit.entry.kind,
            "path": hit.entry.path,
            "title": hit.entry.record.title,
            "status": str(hit.entry.record.status),
            **_about(hit.entry.record),
            "score": round(hit.score, 4),
            "reason": hit.reason(taxonomy),
            "words": list(hit.words),
            "services": list(hit.services),
            "same_category": hit.same_category,
            "named": hit.named,
            "helped": list(hit.helped),
        }
        for hit in hits
    ]


def _about(record: object) -> dict[str, Any]:
    match record:
        case Incident():
            ended = record.resolution
            return {
                "opened": record.opened.isoformat() if record.opened else None,
                "resolved": record.resolved.isoformat() if record.resolved else None,
                "resolution": {
                    "code": ended.code,
                    "summary": ended.summary,
                    "workaround": ended.workaround,
                    "permanence": str(ended.permanence) if ended.permanence else None,
                }
                if ended
                else None,
            }
        case Problem():
            return {"root_cause": record.root_cause, "workaround": record.workaround}
        case Article():
            return {"type": str(record.type), "do_first": record.do_first}
    return {}
