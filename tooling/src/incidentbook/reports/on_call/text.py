"""Who is on call as text, for a terminal or a pipe."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from rich.text import Text

from incidentbook.reports.on_call.gathering import OnCall, fault_of, who_of
from incidentbook.reports.stats.words import printable
from incidentbook.taxonomy import Taxonomy

_WHEN = "%a %Y-%m-%d %H:%M"


def on_call_as_text(found: Sequence[OnCall], taxonomy: Taxonomy, at: datetime) -> Text:
    """Say for each team who is called now, until when, who is next, and how they are reached."""
    if not found:
        return Text("There is no team; describe them in schema/teams.yml.")
    local = at.astimezone(taxonomy.zone)
    text = Text(f"On call at {local:{_WHEN} %Z}\n", "bold")
    for one in found:
        text.append("\n")
        text.append_text(_team(one, taxonomy, at))
    text.rstrip()
    return text


def _team(one: OnCall, taxonomy: Taxonomy, at: datetime) -> Text:
    text = Text(f"{printable(one.team.name)} ({one.team.id})\n", "bold")
    if one.duty is not None:
        text.append(f"  {printable(who_of(taxonomy, one.duty))}", "green")
        text.append(f" until {_when(one.duty.until, taxonomy)} ({printable(one.duty.why)})")
        if one.next is not None:
            text.append(f", then {one.next.who}")
        text.append("\n")
        fault = fault_of(taxonomy, one.duty, at)
        if fault:
            text.append(f"  {fault}\n", "red")
    elif one.team.rotation is not None:
        text.append(f"  nobody: its rotation begins after {_when(at, taxonomy)}\n", "red")
    else:
        text.append("  no rotation\n", "dim")
    for line in _ways(one):
        text.append(f"  {line}\n", "dim")
    for duty in one.rota:
        text.append(f"  {_when(duty.from_, taxonomy)}  {_when(duty.until, taxonomy)}  ")
        text.append(f"{duty.who}  {printable(duty.why)}\n")
    return text


def _ways(one: OnCall) -> Iterator[str]:
    if one.team.on_call:
        yield printable(" ".join(one.team.on_call.split()))
    if one.team.email:
        yield printable(one.team.email)
    if not one.team.on_call and not one.team.email and one.duty is None:
        yield "nothing is written about how it is reached; `on_call` in schema/teams.yml says it"


def _when(at: datetime, taxonomy: Taxonomy) -> str:
    return f"{at.astimezone(taxonomy.zone):{_WHEN}}"
