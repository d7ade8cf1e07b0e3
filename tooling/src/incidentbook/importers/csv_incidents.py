"""The rows of an incident made into the fields of its record, as the mapping says."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from incidentbook.importers.csv_cells import Cells, Word
from incidentbook.importers.csv_columns import MissingColumnError, Place
from incidentbook.importers.csv_history import Event, History, history_of, not_before
from incidentbook.importers.csv_mapping import CsvMapping
from incidentbook.importers.csv_rows import TIMES, Sorted
from incidentbook.importers.csv_table import BadRow, CsvRow, Progress
from incidentbook.importers.csv_times import Moment
from incidentbook.importers.foreign import Log, quote
from incidentbook.importers.vocabulary import Vocabulary
from incidentbook.records import IncidentStatus, ServiceState

_OPEN = frozenset(
    {IncidentStatus.NEW, IncidentStatus.ASSIGNED, IncidentStatus.IN_PROGRESS, IncidentStatus.ON_HOLD}
)
_ON_HOLD = IncidentStatus.ON_HOLD.value
_TELL_EVERY = 500
_MILDEST = ServiceState.DEGRADED_PERFORMANCE.value

_SINCE_OPENING = "incidents have one row: who has them stands there as having had them since the opening"
_NO_STATE = f"incidents have services as {_MILDEST}: the file does not say how bad it was"
_TIMES_OF_OPEN = "times of an end are given of incidents that are still open; left out"
_UNCOUNTED = "incidents leave a resolved state where the file counts no reopening; not counted as one"
_UNTIMED = "incidents were reopened more often than the file has times for; see x-recorded-reopenings"


@dataclass(slots=True)
class Draft:
    """One incident to be written. `values` are plain, as a file has them, and in no order.

    `words` are those that it needs and `schema/` lacks; `priority` is the one that the source gives.
    """

    line: int
    id: str
    filed: Moment
    values: dict[str, Any]
    url: str | None = None
    body: str = ""
    priority: str | None = None
    words: tuple[Word, ...] = ()


class _Opened(NamedTuple):
    """The rows of an incident, and when it was opened."""

    id: str
    rows: Sequence[CsvRow]
    at: Moment


def draft_incidents(
    rows: Sorted, mapping: CsvMapping, vocabulary: Vocabulary, log: Log, progress: Progress = lambda _: None
) -> list[Draft]:
    """Draft every incident that has a time of opening, oldest first; the log says what stays behind.

    Rows of an incident without that time join the bad ones. Raises MissingColumnError.
    """
    cells = Cells(rows, mapping, vocabulary, log)
    drafting = _Drafting(rows, mapping, cells, vocabulary, log)
    opened = sorted(_opened(rows, mapping, cells), key=lambda one: (one.at.at, one.id))
    drafts: list[Draft] = []
    for number, one in enumerate(opened):
        if number % _TELL_EVERY == 0:
            progress(number / len(opened))
        drafts.append(drafting.draft(one))
    cells.report()
    rows.bad.sort(key=lambda row: row.line)
    return drafts


def _opened(rows: Sorted, mapping: CsvMapping, cells: Cells) -> Iterator[_Opened]:
    """The incidents with their times of opening: from their own column, else from the log's first row."""
    written = rows.columns.find(mapping.rows.time) if rows.is_log else None
    place = cells.places.get("opened") or written
    if place is None:
        column = mapping.fields.opened or mapping.rows.id
        raise MissingColumnError(rows.times.source, "the time of opening", column, rows.columns.header)
    for id_, group in rows.incidents.items():
        row = group[-1] if "opened" in cells.places else group[0]
        moment = rows.moment(row.cells, place)
        if isinstance(moment, Moment):
            yield _Opened(id_, group, moment)
            continue
        problem = f"is {quote(rows.words[row.cells[place.index]])}: {moment}" if moment else "is empty"
        rows.bad += [BadRow(line, row, f"`{place.name}` {problem}") for line, row in group]


class _Drafting:
    """Makes drafts of incidents, one after the other."""

    def __init__(
        self, rows: Sorted, mapping: CsvMapping, cells: Cells, vocabulary: Vocabulary, log: Log
    ) -> None:
        self._rows = rows
        self._cells = cells
        self._vocabulary = vocabulary
        self._log = log
        self._own = _found(rows, mapping)
        self._first = mapping.rows.first
        self._written = rows.columns.find(mapping.rows.time) if rows.is_log else None
        self._sequence = rows.columns.find(mapping.rows.sequence)
        self._times = [name for name in TIMES if name in cells.places and name != "opened"]

    def draft(self, opened: _Opened) -> Draft:
        """Draft one incident."""
        read = self._cells
        read.needed.clear()
        row = opened.rows[-1]
        events = self._events(opened)
        first = opened.rows[0].cells
        from_creation = (
            self._sequence is not None and self._rows.words[first[self._sequence.index]] == self._first
        )
        history = history_of(events, from_creation=from_creation) if events else History()
        status = self._status(row)
        values = {
            "status": status,
            "opened": opened.at.text,
            **self._moments(row, history, status),
            **self._texts(row, opened.id),
            **self._classes(row),
            **self._people(row),
            **self._assignments(row, opened, history),
            **self._course(row, history),
            **self._resolution(row),
            **self._recorded(row, history),
        }
        for key, place in self._own:
            if text := self._rows.words[row.cells[place.index]]:
                values[key] = text
        url = read.text("url", row.cells)
        return Draft(
            line=row.line,
            id=opened.id,
            filed=opened.at,
            values=values,
            url=url if url.startswith(("https://", "http://")) else None,
            body=read.prose("description", row.cells),
            priority=read.meaning("priority", row),
            words=tuple(read.needed),
        )

    def _events(self, opened: _Opened) -> list[Event]:
        """What the rows of a log say; nothing where there is only one."""
        if self._written is None or len(opened.rows) == 1:
            return []
        words, places = self._rows.words, self._cells.places
        team, owner = places.get("team"), places.get("owner")
        events = []
        for _, cells in opened.rows:
            moment = self._rows.moment(cells, self._written)
            assert isinstance(moment, Moment)  # noqa: S101  others were set aside
            state = self._cells.state(cells) if "status" in places else ""
            events.append(
                Event(
                    not_before(moment, opened.at),
                    state,
                    words[cells[team.index]] if team else "",
                    words[cells[owner.index]] if owner else "",
                    self._hold_reason(cells) if state == _ON_HOLD else "",
                )
            )
        return events

    def _hold_reason(self, cells: Sequence[str]) -> str:
        """Why an incident waits, in their words: of the reason's own column, else of the state."""
        if said := self._cells.text("hold_reason", cells):
            return said
        state = self._cells.text("status", cells)
        # the number of a state is not the number of a reason
        return "On hold" if state.isdigit() else state

    def _status(self, row: CsvRow) -> str:
        """The state of the last row; without a column for it, the one that the times speak of."""
        read = self._cells
        if "status" in read.places:
            return read.state(row.cells)
        for name, status in (("closed", IncidentStatus.CLOSED), ("resolved", IncidentStatus.RESOLVED)):
            if read.text(name, row.cells):
                return status.value
        return (IncidentStatus.ASSIGNED if read.text("team", row.cells) else IncidentStatus.NEW).value

    def _moments(self, row: CsvRow, history: History, status: str) -> dict[str, Any]:
        """The times: from their columns, and where the file has none for them, from the log."""
        found = {
            name: moment.text for name in self._times if (moment := self._cells.moment(name, row)) is not None
        }
        for name in ("acknowledged", "resolved", "closed", "cancelled"):
            told: Moment | None = getattr(history, name)
            if name not in self._cells.places and told is not None:
                found[name] = told.text
        if status in _OPEN:
            for name in ("restored", "resolved", "closed", "cancelled"):
                if found.pop(name, None):
                    self._log.count(_TIMES_OF_OPEN)
        return found

    def _texts(self, row: CsvRow, id_: str) -> dict[str, Any]:
        read, cells = self._cells, row.cells
        found: dict[str, Any] = {"title": read.text("title", cells) or f"Incident {id_}"}
        for name in ("summary", "location", "cancel_reason"):
            if text := read.text(name, cells):
                found[name] = text
        for name in ("symptoms", "assets"):
            if texts := read.texts(name, cells):
                found[name] = texts
        return found

    def _classes(self, row: CsvRow) -> dict[str, Any]:
        read, words, cells = self._cells, self._vocabulary, row.cells
        found: dict[str, Any] = {
            name: level for name in ("impact", "urgency") if (level := read.meaning(name, row))
        }
        if read.says("major", cells):
            found["major"] = True
        if category := read.text("category", cells):
            path = key = read.key("category", category, words.categories, "categories")
            if below := read.text("subcategory", cells):
                path = f"{key}/{read.key('subcategory', below, words.below(key), f'categories/{key}')}"
            found["category"] = path
        if services := read.texts("services", cells):
            state = read.meaning("service_state", row)
            if state is None:
                self._log.count(_NO_STATE)
            found["services"] = [
                {
                    "service": read.key("services", name, words.services, "services"),
                    "state": state or _MILDEST,
                }
                for name in services
            ]
        return found

    def _people(self, row: CsvRow) -> dict[str, Any]:
        read, words, cells = self._cells, self._vocabulary, row.cells
        reporter: dict[str, Any] = {}
        if channel := read.text("channel", cells):
            reporter["channel"] = read.key("channel", channel, words.channels, "channels")
        if name := read.text("reporter", cells):
            # users who report do not become people of this repository
            handle = words.people.find(name)
            known = handle is not None and handle not in words.people.added
            reporter["handle" if known else "name"] = handle if known else name
        affected: dict[str, Any] = {}
        if (count := read.number("affected_count", row)) is not None:
            affected["count"] = count
        if who := read.text("affected_who", cells):
            affected["who"] = who
        parts = {"reporter": reporter, "affected": affected}
        for name in ("resolved_by", "closed_by"):
            if person := read.text(name, cells):
                parts[name] = read.person(person)  # type: ignore[assignment]
        return {name: part for name, part in parts.items() if part}

    def _assignments(self, row: CsvRow, opened: _Opened, history: History) -> dict[str, Any]:
        read, words = self._cells, self._vocabulary
        who: list[tuple[Moment, str, str]] = [*history.assignments]
        if len(opened.rows) == 1:
            team, owner = read.text("team", row.cells), read.text("owner", row.cells)
            if team or owner:
                who = [(opened.at, team, owner)]
                self._log.count(_SINCE_OPENING)
        if not who:
            return {}
        return {
            "assignments": [
                {"at": at.text}
                | ({"team": read.key("team", team, words.teams, "teams")} if team else {})
                | ({"owner": read.person(owner)} if owner else {})
                for at, team, owner in who
            ]
        }

    def _course(self, row: CsvRow, history: History) -> dict[str, Any]:
        read, words = self._cells, self._vocabulary
        found: dict[str, Any] = {}
        if history.holds:
            found["holds"] = [
                {"from": held.since.text}
                | ({"to": held.until.text} if held.until else {})
                | {"reason": read.key("hold_reason", held.reason, words.hold_reasons, "hold_reasons")}
                for held in history.holds
            ]
        if history.reopenings and read.text("reopenings", row.cells) == "0":
            # such as rows of one minute that stand in the wrong order
            self._log.count(_UNCOUNTED)
        elif history.reopenings:
            found["reopenings"] = [
                {"resolved": one.resolved.text, "reopened": one.reopened.text} for one in history.reopenings
            ]
        return found

    def _resolution(self, row: CsvRow) -> dict[str, Any]:
        read, cells = self._cells, row.cells
        resolution: dict[str, Any] = {}
        if code := read.text("resolution_code", cells):
            codes = self._vocabulary.resolution_codes
            resolution["code"] = read.key("resolution_code", code, codes, "resolution_codes")
        for name, key in (("resolution_summary", "summary"), ("workaround", "workaround")):
            if text := read.prose(name, cells):
                resolution[key] = text
        links = {
            name: text for name in ("caused_by_change", "fixed_by_change") if (text := read.text(name, cells))
        }
        return {key: part for key, part in (("resolution", resolution), ("links", links)) if part}

    def _recorded(self, row: CsvRow, history: History) -> dict[str, Any]:
        """What the other system says of an incident, and a record would work out from its course."""
        read = self._cells
        found: dict[str, Any] = {}
        if sla := read.meaning("sla", row):
            found["x-recorded-sla"] = sla
        reopened = read.number("reopenings", row) or 0
        if reopened > len(history.reopenings):
            found["x-recorded-reopenings"] = reopened
            self._log.count(_UNTIMED)
        moved = read.number("reassignments", row) or 0
        if moved > max(len(history.assignments) - 1, 0):
            found["x-recorded-reassignments"] = moved
        score = read.number("satisfaction", row)
        if score is not None and 1 <= score <= 5:
            found["satisfaction"] = {"score": score}
        elif score is not None:
            read.complain("satisfaction", str(score), "expected a score from 1 to 5", row)
        return found


def _found(rows: Sorted, mapping: CsvMapping) -> list[tuple[str, Place]]:
    """Keys of the user's own whose columns the file has."""
    return [(key, place) for key, column in mapping.own.items() if (place := rows.columns.find(column))]
