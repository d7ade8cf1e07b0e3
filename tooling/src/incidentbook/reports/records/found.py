"""What a search found: for the terminal, and as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence

from rich.console import Group as Stack
from rich.console import RenderableType
from rich.text import Text

from incidentbook.desk.searching import Hit, Query, snippet
from incidentbook.reports.diagnostics.text import visible
from incidentbook.reports.records.listing import count_line

_LONGEST = 200


def found_as_text(hits: Sequence[Hit], total: int, query: Query, *, complete: bool) -> RenderableType:
    """Lay out what was found, each with the words around the first that was looked for."""
    parts: list[RenderableType] = []
    if hits and not complete:
        words = len(query.words)
        parts += [Text(f"No record has all {words} words; these have {hits[0].matched}.", "yellow"), Text()]
    for hit in hits:
        parts += _lines(hit, query)
    parts.append(Text(count_line(len(hits), total, " found"), "dim"))
    return Stack(*parts)


def _lines(hit: Hit, query: Query) -> Iterator[Text]:
    state = str(hit.entry.record.status).replace("_", " ")
    yield Text.assemble(
        (hit.entry.id, "bold"), "  ", (visible(state), "dim"), "  ", visible(hit.title[:_LONGEST])
    )
    words = snippet(hit, query)
    if words:
        yield Text(f"    {visible(words)}", "dim")


def found_as_json(hits: Sequence[Hit], total: int, query: Query, *, complete: bool, audience: str) -> str:
    """Write what was found, the best first."""
    document = {
        "total": total,
        "complete": complete,
        "audience": audience,
        "results": [
            {
                "id": hit.entry.id,
                "kind": hit.entry.kind,
                "state": str(hit.entry.record.status),
                "title": hit.title,
                "score": round(hit.score, 3),
                "snippet": snippet(hit, query),
                "path": hit.entry.path,
            }
            for hit in hits
        ],
    }
    return json.dumps(document, indent=2, ensure_ascii=False, allow_nan=False)
