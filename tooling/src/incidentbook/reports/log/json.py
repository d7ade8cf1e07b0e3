"""The event stream as JSON, for programs."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from incidentbook.gitrepo import Commit, Signature
from incidentbook.history import Event
from incidentbook.history.story import lag
from incidentbook.records import Audience


def log_as_json(
    events: Sequence[Event], *, base: str | None, head: str | None, shallow: bool, audience: Audience | None
) -> str:
    """Render events in the order given; `shallow` tells that the clone's history begins late.

    Keys may be added later; none is renamed, removed or given another meaning.
    """
    document = {
        "events": [_event(event) for event in events],
        "summary": {"events": len(events), "records": len({event.known_as.id for event in events})},
        "base": base,
        "head": head,
        "shallow": shallow,
        "audience": audience or "all",
    }
    return json.dumps(document, indent=2, ensure_ascii=False)


def _event(event: Event) -> dict[str, Any]:
    happening = event.happening
    behind = lag(event)
    return {
        "type": happening.type,
        "kind": event.known_as.kind,
        "record": event.known_as.id,
        "recorded_as": event.record.id,
        "key": list(happening.key),
        "at": happening.at.isoformat() if happening.at else None,
        "at_is_date": happening.at is not None and not isinstance(happening.at, datetime),
        "detail": dict(happening.detail),
        "commit": _commit(event.commit) if event.commit else None,
        "lag_seconds": int(behind.total_seconds()) if behind is not None else None,
    }


def _commit(commit: Commit) -> dict[str, Any]:
    return {
        "hash": commit.hash,
        "subject": commit.subject,
        "author": _person(commit.author),
        "authored": commit.authored.isoformat(),
        "committer": _person(commit.committer),
        "committed": commit.committed.isoformat(),
        "co_authors": [_person(one) for one in commit.co_authors],
    }


def _person(signature: Signature) -> dict[str, str]:
    return {"name": signature.name, "email": signature.email}
