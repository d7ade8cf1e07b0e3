"""Why a draft cannot be made."""

from __future__ import annotations

from incidentbook.diagnostics import IncidentbookError


class BrokenTemplateError(IncidentbookError):
    """A template of the repository cannot be read, or cannot be filled."""

    def __init__(self, name: str, line: int | None, reason: str) -> None:
        place = f"{name}:{line}" if line else name
        super().__init__(
            f"{place}: {' '.join(reason.split())[:300]}; mend the template, or remove it for ours"
        )


class NothingToTellError(IncidentbookError):
    """There is nothing to tell, or nobody to tell it to."""

    def __init__(self, id_: str, reason: str) -> None:
        super().__init__(f"{id_} {reason}")
