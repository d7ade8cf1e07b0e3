"""What a change does, for whoever makes it: the lines that differ, and what the rules find of it."""

from __future__ import annotations

import difflib
from collections import Counter
from collections.abc import Mapping
from typing import TYPE_CHECKING

import click

from incidentbook.commands.desk.saying import visible_line
from incidentbook.diagnostics import Diagnostic

if TYPE_CHECKING:
    from incidentbook.desk.judging import Judgement

_SAID_OF_ONE_CODE = 3
"""The draft of a review lacks every heading: what is found many times is not said many times."""


def say_findings(judgement: Judgement) -> None:
    """What the change brings that is no error, and how much was wrong before."""
    from incidentbook.reports.diagnostics.text import visible  # noqa: PLC0415

    counts: Counter[str] = Counter()
    for found in judgement.new:
        counts[found.code] += 1
        if counts[found.code] <= _SAID_OF_ONE_CODE:
            advice = f"; {found.help}" if found.help else ""
            click.echo(visible(f"  {found.severity.name.lower()} {found.code}: {found.message}{advice}"))
    for code, count in counts.items():
        if count > _SAID_OF_ONE_CODE:
            click.echo(f"  {code}: {count - _SAID_OF_ONE_CODE} more, as `incidentbook check` shows them")
    wrong = [found for found in judgement.old if _is_error(found)]
    if wrong:
        paths = " ".join(sorted({found.path for found in wrong}))
        several = "1 error was" if len(wrong) == 1 else f"{len(wrong)} errors were"
        click.echo(visible(f"  {several} there before: incidentbook check {paths}"))


def _is_error(found: Diagnostic) -> bool:
    return found.severity.name == "ERROR"


def difference(before: Mapping[str, bytes | None], after: Mapping[str, bytes]) -> str:
    """What would change, as a unified diff in which nothing can act on a terminal."""
    lines: list[str] = []
    for path, data in after.items():
        old = _lines(before[path] or b"")
        from_ = "/dev/null" if before[path] is None else f"a/{path}"
        lines += difflib.unified_diff(old, _lines(data), from_, f"b/{path}", lineterm="")
    return "".join(f"{visible_line(line)}\n" for line in lines)


def _lines(data: bytes) -> list[str]:
    if not data:
        return []  # a new file has no empty line before it
    return data.decode("utf-8", "replace").split("\n")[: -1 if data.endswith(b"\n") else None]
