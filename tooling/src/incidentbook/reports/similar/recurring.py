"""Recurring incidents without a problem record: as text, and as JSON."""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from rich.console import Console, RenderableType
from rich.console import Group as Stack
from rich.text import Text

from incidentbook.reports.diagnostics.text import visible
from incidentbook.reports.similar.words import short
from incidentbook.reports.stats.words import duration, plural
from incidentbook.similarity.plain import plain
from incidentbook.similarity.recurring import Group
from incidentbook.source import Origin
from incidentbook.taxonomy import Taxonomy

WIDTH = 100
_NAMED = 6
"""How many incidents of a group are named; the command names all."""


def command_for(group: Group) -> str:
    """The command that makes the problem record, with every incident of the group."""
    title = short(f"Recurring: {plain(group.middle.record.title)}", 120)
    named = " ".join(f"--from {entry.id}" for entry in group.incidents)
    return f"incidentbook problem new -m {shlex.quote(title)} {named}"


def recurring_as_text(
    groups: Sequence[Group], *, taxonomy: Taxonomy, days: int, width: int = WIDTH
) -> RenderableType:
    """Lay groups out, each with what speaks for it and the command that would record it."""
    if not groups:
        return Text(f"Nothing recurred in the last {plural(days, 'day')} that has no problem record.")
    lines: list[Text] = []
    for group in groups:
        lines += _group(group, taxonomy, max(40, min(width, WIDTH)))
    lines.append(Text(f"{plural(len(groups), 'group')} in the last {plural(days, 'day')}.", "bold"))
    return Stack(*lines)


def _group(group: Group, taxonomy: Taxonomy, width: int) -> Iterator[Text]:
    head = f"{len(group.incidents)} times: {short(group.middle.record.title, 200)}"
    yield from _broken(Text(head, "bold"), width)
    for line in evidence(group, taxonomy):
        yield from _broken(Text(f"  {visible(line)}"), width)
    for entry in group.incidents[:_NAMED]:
        day = f"{entry.record.opened:%Y-%m-%d}" if entry.record.opened else "          "
        yield from _broken(Text(f"  {day}  {visible(entry.id)}  {short(entry.record.title, 200)}"), width)
    if len(group.incidents) > _NAMED:
        yield Text(f"  and {len(group.incidents) - _NAMED} more")
    if group.problem is not None:
        ids = group.incidents[-1].id
        yield from _broken(
            Text(
                f"  {visible(group.problem.id)} may be it already: {short(group.problem.record.title, 200)}; "
                f"incidentbook link {ids} --problem {visible(group.problem.id)}"
            ),
            width,
        )
    # not broken: it is to be copied
    yield Text(f"  {command_for(group)}", "dim", no_wrap=True, overflow="ignore")
    yield Text()


def evidence(group: Group, taxonomy: Taxonomy) -> Iterator[str]:
    """Say why they look like one trouble, and what it cost."""
    first, last = group.incidents[0].record.opened, group.incidents[-1].record.opened
    if first and last:
        yield f"from {first:%Y-%m-%d} to {last:%Y-%m-%d}, {duration(group.lost.total_seconds())} in all"
    if group.words:
        yield "most say " + ", ".join(f'"{word}"' for word in group.words)
    if group.services:
        names = (taxonomy.service(key) for key in group.services)
        told = (one.name if one else key for one, key in zip(names, group.services, strict=True))
        yield f"most touch {', '.join(told)}"
    if group.category:
        yield f"most are filed under {group.category}"


def _broken(text: Text, width: int) -> Iterator[Text]:
    for number, line in enumerate(text.wrap(Console(width=width), width - 4, overflow="fold")):
        line.rstrip()
        yield line if number == 0 else Text.assemble("    ", line)


def recurring_as_json(
    groups: Sequence[Group],
    *,
    taxonomy: Taxonomy,
    days: int,
    now: datetime,
    origin: Origin,
    audience: str | None,
) -> str:
    """Render groups, the most frequent first."""
    document = {
        "groups": [_value(group, taxonomy) for group in groups],
        "days": days,
        "now": now.isoformat(),
        "revision": origin.revision,
        "dirty": origin.dirty,
        "audience": audience or "all",
    }
    return json.dumps(document, indent=2, ensure_ascii=False, allow_nan=False)


def _value(group: Group, taxonomy: Taxonomy) -> dict[str, Any]:
    return {
        "title": group.middle.record.title,
        "incidents": [
            {
                "id": entry.id,
                "title": entry.record.title,
                "opened": entry.record.opened.isoformat() if entry.record.opened else None,
            }
            for entry in group.incidents
        ],
        "likeness": round(group.likeness, 4),
        "words": list(group.words),
        "services": list(group.services),
        "category": group.category,
        "lost_seconds": round(group.lost.total_seconds()),
        "evidence": list(evidence(group, taxonomy)),
        "problem": group.problem.id if group.problem else None,
        "command": command_for(group),
    }
