"""How a record that may help is said: its state, how it ended, what to do; one wording for every format."""

from __future__ import annotations

from incidentbook.records import Article, Incident, Problem
from incidentbook.reports.diagnostics.text import visible
from incidentbook.similarity import Hit, Known
from incidentbook.taxonomy import Taxonomy

LONGEST = 240
"""Of a longer text the beginning is told; the record has the rest."""

_A_FEW = 2


def short(text: str, most: int = LONGEST) -> str:
    """Say a text of a record on one line in which nothing can act on a terminal."""
    line = " ".join(text.split())
    return visible(line if len(line) <= most else line[: most - 1].rstrip() + "…")


def how_resolved(incident: Incident, taxonomy: Taxonomy | None = None) -> str:
    """Say how an incident ended: by which code, for good or not, and what was done; empty if unknown."""
    resolution = incident.resolution
    if resolution is None:
        return ""
    code = taxonomy.resolution_code(resolution.code) if taxonomy and resolution.code else None
    sort = ", ".join(
        visible(part) for part in (code.name if code else resolution.code, resolution.permanence) if part
    )
    done = short(resolution.summary) if resolution.summary else ""
    return ": ".join(part for part in (sort, done) if part)


def what_to_do(record: object) -> str:
    """Say what a problem's workaround is, or what an article says first; empty where it says nothing."""
    if isinstance(record, Problem):
        return f"workaround: {short(record.workaround)}" if record.workaround else ""
    if isinstance(record, Article) and record.do_first:
        return f"first: {short(record.do_first)}"
    return short(record.summary) if isinstance(record, Article) and record.summary else ""


def known_lines(known: Known) -> list[str]:
    """Say the little of it that a responder needs at 03:00, a line a record; none where nothing is known."""
    lines = [f"May be the same: {_named(hit)} ({_state(hit)})" for hit in known.open[:_A_FEW]]
    lines += (
        _with(f"{_sort(hit)}: {_named(hit)}", what_to_do(hit.entry.record))
        for hit in (*known.known_errors[:_A_FEW], *known.articles[:_A_FEW])
    )
    lines += (_with(f"Before: {_named(hit)}", how_resolved(hit.entry.record)) for hit in known.past[:_A_FEW])
    return lines


def _sort(hit: Hit) -> str:
    if hit.entry.kind == "article":
        return "Try"
    return "Known error" if hit.entry.record.status == "known_error" else "Open problem"


def _named(hit: Hit) -> str:
    return f"{visible(hit.entry.id)} {short(hit.entry.record.title, 100)}"


def _state(hit: Hit) -> str:
    return str(hit.entry.record.status).replace("_", " ")


def _with(line: str, said: str) -> str:
    return f"{line}; {said}" if said else line
