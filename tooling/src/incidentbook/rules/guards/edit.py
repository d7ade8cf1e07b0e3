"""One incident before and after a change that a guard of an automatic merge looks at."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from incidentbook.diagnostics import Span
from incidentbook.source import Document
from incidentbook.taxonomy.settings import Intake

Fault = tuple[str, Span | None]
"""What a change does that it may not, and where."""


@dataclass(frozen=True)
class Edit:
    """The fields of an incident before and after, as they are written, and what intake may do here."""

    old: Mapping[str, Any]
    new: Mapping[str, Any]
    before: Document
    after: Document
    intake: Intake

    def touched(self, key: str) -> Iterator[Fault]:
        """Refuse whatever the change does to a field."""
        yield f"the change touches `{key}`", self.span(key)

    def span(self, key: str) -> Span | None:
        """Where a field stands now, if it does."""
        return self.after.key_span(key) if key in self.new else None


def exactly(value: Any) -> str:
    """A value so that 1, 1.0 and true are three, and the order of keys is none."""
    return json.dumps(value, sort_keys=True, default=repr)
