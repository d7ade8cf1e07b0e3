"""What `check` prints, in each of its formats."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

from incidentbook.commands.checkout import prefix_in_checkout
from incidentbook.diagnostics import IncidentbookError

if TYPE_CHECKING:
    from incidentbook.archive import Archive
    from incidentbook.rules.engine import CheckResult


@dataclass(frozen=True)
class Checked:
    """What a check found, in which records, and whether its warnings fail it."""

    result: CheckResult
    archive: Archive
    strict: bool

    @property
    def prefix(self) -> str:
        """The way from the root of the checkout to the records."""
        return prefix_in_checkout(self.archive.tree.root)

    def source(self, path: str) -> str | None:
        """The text of a file, with every credential in it written over."""
        from incidentbook.rules.credentials import hide  # noqa: PLC0415

        try:
            data = self.archive.tree.read(path)
        except (OSError, IncidentbookError):
            return None
        try:
            return hide(data.decode("utf-8").removeprefix("\ufeff"))
        except UnicodeDecodeError:
            return None


def _text(checked: Checked) -> Iterator[str]:
    from incidentbook.reports.diagnostics import text as diagnostics_text  # noqa: PLC0415

    colour = sys.stdout.isatty() and not os.environ.get("NO_COLOR")
    result = checked.result
    yield from diagnostics_text.render(result.diagnostics, result.records, checked.source, colour=colour)
    if result.against is not None:
        yield diagnostics_text.visible(result.against)


def _json(checked: Checked) -> Iterator[str]:
    from incidentbook.reports.diagnostics import json as diagnostics_json  # noqa: PLC0415

    yield diagnostics_json.render(checked.result.diagnostics, checked.result.records)


def _github(checked: Checked) -> Iterator[str]:
    from incidentbook.reports.diagnostics import github as diagnostics_github  # noqa: PLC0415

    yield from diagnostics_github.render(checked.result.diagnostics, prefix=checked.prefix)


def _sarif(checked: Checked) -> Iterator[str]:
    from incidentbook import __version__  # noqa: PLC0415
    from incidentbook.reports.diagnostics import sarif as diagnostics_sarif  # noqa: PLC0415

    yield diagnostics_sarif.render(
        checked.result.diagnostics, checked.source, version=__version__, url=_home(), prefix=checked.prefix
    )


def _junit(checked: Checked) -> Iterator[str]:
    from incidentbook.reports.diagnostics import junit as diagnostics_junit  # noqa: PLC0415

    result = checked.result
    yield from diagnostics_junit.render(
        result.diagnostics, result.paths, strict=checked.strict, prefix=checked.prefix
    )


def _gitlab(checked: Checked) -> Iterator[str]:
    from incidentbook.reports.diagnostics import gitlab as diagnostics_gitlab  # noqa: PLC0415

    yield diagnostics_gitlab.render(checked.result.diagnostics, checked.source, prefix=checked.prefix)


RENDERERS: Mapping[str, Callable[[Checked], Iterator[str]]] = MappingProxyType(
    {
        "text": _text,
        "json": _json,
        "github": _github,
        "sarif": _sarif,
        "junit": _junit,
        "gitlab": _gitlab,
    }
)
"""Each format by its name."""


def _home() -> str | None:
    """Where this installation of the tool says that it is at home: the first address of its metadata."""
    from importlib.metadata import PackageNotFoundError, metadata  # noqa: PLC0415

    try:
        named = metadata("incidentbook").get_all("Project-URL") or []
    except PackageNotFoundError:
        return None
    return next((address.strip() for _, _, address in (line.partition(",") for line in named)), None)
