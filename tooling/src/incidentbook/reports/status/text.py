"""The status board as text, for a terminal of any width or a pipe."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import timedelta

from rich.console import Group as Stack
from rich.console import RenderableType
from rich.text import Text

from incidentbook.archive import RecordEntry
from incidentbook.clocks import Clock, Duty, ReviewDuty
from incidentbook.desk.board import Board, DueAction, OpenIncident
from incidentbook.publication.standing import window_of
from incidentbook.records import Handover, Maintenance
from incidentbook.reports.sla.words import minute, roughly
from incidentbook.reports.stats.words import percent, plural, printable
from incidentbook.reports.status.layout import STYLES, Layout
from incidentbook.taxonomy import Taxonomy

LISTED = 5
"""How many lines of a list are shown; how many more there are is said."""

_COUNTED = (
    ("major", "major"),
    ("breached", "breached"),
    ("at_risk", "at risk"),
    ("on_hold", "on hold"),
    ("off_shift", "with nobody on shift"),
)


def status_as_text(
    board: Board,
    taxonomy: Taxonomy,
    *,
    columns: int,
    ascii_only: bool = False,
    caveats: Iterable[str] = (),
) -> RenderableType:
    """Lay the board out, open incidents first, each list with the most pressing on top.

    `caveats` say what keeps records from it, where nothing else tells the reader.
    """
    layout = Layout(columns, ascii_only, taxonomy.zone, board.now)
    duties = {duty.team: duty for duty in board.on_call}
    parts = [*_heading(board, taxonomy, layout, caveats)]
    for one in board.incidents:
        parts += [Text(), *_incident(one, duties, taxonomy, layout)]
    parts += _section(
        "On call", [_duty(duty, taxonomy, layout) for duty in board.on_call], layout, len(duties)
    )
    parts += _section("Handovers to acknowledge", [_handover(one, layout) for one in board.waiting], layout)
    parts += _section("Reviews due", [_review(duty, layout) for duty in board.reviews], layout)
    parts += _section("Actions due", [_action(one, layout) for one in board.actions], layout)
    parts += _section("Maintenance now", [_work(one, layout) for one in board.running], layout)
    parts += _section("Maintenance next", [_work(one, layout) for one in board.coming], layout)
    return Stack(*parts)


def _heading(board: Board, taxonomy: Taxonomy, layout: Layout, caveats: Iterable[str]) -> Iterator[Text]:
    name = f"{taxonomy.settings.name}, {minute(board.now, taxonomy.zone)}"
    yield layout.line(name, "bold", indent="")
    if board.incidents:
        counts = board.counts
        told = [f"{counts[key]} {words}" for key, words in _COUNTED if counts[key]]
        total = plural(len(board.incidents), "open incident")
        yield layout.line(f"{total}: {', '.join(told)}" if told else total, indent="")
    else:
        yield Text("No incident is open.", "green")
    for words in caveats:
        yield layout.line(words, "red", indent="")


def _incident(
    one: OpenIncident, duties: dict[str, Duty], taxonomy: Taxonomy, layout: Layout
) -> Iterator[Text]:
    incident = one.entry.record
    mark, style = _mark(one)
    words = [one.entry.id, one.case.priority or "", "major" if incident.major else ""]
    head = "  ".join(filter(None, (*words, incident.status.replace("_", " "))))
    yield layout.line(head, f"bold {style}".strip(), indent=f"{mark} ")
    yield layout.line(incident.title)
    yield _whose(one, duties, taxonomy, layout)
    for clock in one.clocks:
        yield _clock(clock, layout)
    if one.hold is not None:
        reason = taxonomy.hold_reason(one.hold.reason)
        note = f": {one.hold.note}" if one.hold.note else ""
        name = reason.name if reason else one.hold.reason
        yield layout.line(f"on hold since {layout.time(one.hold.from_)}, {name}{note}", "magenta")
    if one.next_update is not None:
        late = one.next_update < layout.now
        length = roughly(abs(one.next_update - layout.now))
        when = f"{length} late" if late else f"in {length}"
        yield layout.line(f"next update {when} ({layout.time(one.next_update)})", "red" if late else "")


def _mark(one: OpenIncident) -> tuple[str, str]:
    """A sign and a colour: never the colour alone."""
    if one.is_breached:
        return "!", "red"
    if one.is_at_risk:
        return "?", "yellow"
    return ("=", "magenta") if one.hold is not None else ("-", "")


def _whose(one: OpenIncident, duties: dict[str, Duty], taxonomy: Taxonomy, layout: Layout) -> Text:
    team = taxonomy.team(one.team) if one.team else None
    whose = ", ".join(filter(None, (one.owner or "nobody", team.name if team else one.team)))
    if not one.off_shift:
        return layout.line(whose, "" if one.owner else "dim")
    duty = duties.get(one.team or "")
    why = f"not on shift; {duty.who} is on call" if duty and one.owner else "nobody owns it"
    call = f"; {duty.who} is on call" if duty and not one.owner else ""
    return layout.line(f"{whose}: {why}{call}", "red")


def _clock(clock: Clock, layout: Layout) -> Text:
    used = clock.elapsed / clock.target if clock.target > timedelta(0) else None
    text = Text(f"  {clock.name:<11}")
    text.append(layout.bar(clock), STYLES[clock.state])
    text.append(f" {percent(used, 0):>5}  " if used is not None else "  ")
    text.append(clock.state.replace("_", " "), f"bold {STYLES[clock.state]}".strip())
    if clock.is_breached:
        text.append(f" {roughly(layout.now - clock.due)} ago")
    elif not clock.paused:
        text.append(f", due in {roughly(max(clock.due - layout.now, timedelta(0)))}")
    text.truncate(layout.width)
    return text


def _section(title: str, lines: Sequence[Text], layout: Layout, shown: int = LISTED) -> Iterable[Text]:
    if not lines:
        return ()
    more = len(lines) - shown
    rest = [layout.line(f"and {more} more", "dim")] if more > 0 else []
    return (Text(), Text(title, "bold"), *lines[:shown], *rest)


def _duty(duty: Duty, taxonomy: Taxonomy, layout: Layout) -> Text:
    team = taxonomy.team(duty.team)
    return layout.line(f"{team.name if team else duty.team}: {duty.who} until {layout.time(duty.until)}")


def _handover(entry: RecordEntry[Handover], layout: Layout) -> Text:
    note = entry.record
    since = f", written {roughly(layout.now - note.at)} ago" if note.at else ""
    whose = f" of {note.team}" if note.team else ""
    return layout.line(f"{entry.id}{whose} for {note.incoming or 'nobody'}{since}", "yellow")


def _review(duty: ReviewDuty, layout: Layout) -> Text:
    day = duty.due_day.isoformat() if duty.due_day else "some day"
    who = ", ".join(duty.owners) or (f"team {duty.team}" if duty.team else "nobody")
    late = "overdue since" if duty.overdue else "by"
    state = str(duty.status).replace("_", " ")
    return layout.line(f"{duty.incident.id}  {late} {day}, {state}, {who}", "red" if duty.overdue else "")


def _action(one: DueAction, layout: Layout) -> Text:
    late = "overdue since" if one.overdue else "by"
    who = one.action.owner or "nobody"
    words = f"{one.entry.id} #{one.number}  {late} {one.due}, {who}: {one.action.title}"
    return layout.line(words, "red" if one.overdue else "")


def _work(entry: RecordEntry[Maintenance], layout: Layout) -> Text:
    begin, end = window_of(entry.record)
    times = [layout.time(begin) if begin else "?", layout.time(end) if end else "?"]
    return layout.line(f"{entry.id}  {' to '.join(times)}  {printable(entry.record.title)}")
