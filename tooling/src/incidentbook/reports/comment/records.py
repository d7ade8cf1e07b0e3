"""What a comment says of one record, in words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime
from typing import Any

from incidentbook.archive import RecordEntry
from incidentbook.clocks import Clock, clocks_of, update_due
from incidentbook.history import Happening
from incidentbook.markdown.literal import code, literal
from incidentbook.publication.standing import is_open
from incidentbook.records import Article, Incident, Problem, ServiceState
from incidentbook.reports.comment.gathering import Comment
from incidentbook.reports.comment.similar import Help, Similar
from incidentbook.reports.comment.touched import Touched
from incidentbook.reports.sla.words import minute
from incidentbook.reports.stats.words import plural
from incidentbook.taxonomy import stakeholders_of
from incidentbook.taxonomy.settings.major import Stakeholder

_TITLE, _TEXT = 160, 280
_MOST_LINES = 25
_MOST_SERVICES = 6
_MOST_KINDS = 6

_DETAILS = (
    ("team", "team {}"),
    ("owner", "{}"),
    ("to", "to {}"),
    ("status", "{}"),
    ("by", "by {}"),
    ("code", "{}"),
    ("answer", "{}"),
    ("score", "{} of 5"),
    ("due", "due {}"),
    ("title", "{}"),
    ("reason", "{}"),
    ("text", "{}"),
)
"""What is told of a happening, in this order; where it came from goes without saying."""


class Words:
    """The words of one comment: they know its two sides, its time and where files are shown."""

    def __init__(self, comment: Comment, address: Callable[[str], str | None]) -> None:
        self._comment = comment
        self._taxonomy = comment.head.taxonomy
        self._address = address

    def name(self, touched: Touched) -> str:
        """ID and title."""
        was = f" (was {touched.renumbered_from})" if touched.renumbered_from else ""
        title = self._title(touched.entry)
        return f"{touched.name.id}{was}{f': {title}' if title else ''}"

    def state(self, touched: Touched) -> str:
        """What became of the state."""
        before = touched.before.record.status if touched.before else None
        after = touched.after.record.status if touched.after else None
        if after is None:
            return f"**deleted**; it was `{before}`"
        if before is None:
            return f"new here, `{after}`"
        return f"`{before}` to **`{after}`**" if before != after else f"`{after}`, as before"

    def facts(self, touched: Touched) -> Iterator[str]:
        """The lines that everybody reads: state and priority, services, clocks, promises of a major one."""
        entry = touched.incident
        if entry is None:
            yield self.state(touched)
            return
        incident = entry.record
        yield f"{self.state(touched)}; {self._priority(incident)}"
        if incident.services:
            yield self._services(incident)
        for clock in clocks_of(incident, self._taxonomy, self._comment.now):
            yield self._clock(clock)
        if incident.major:
            yield from self._major(entry, touched)

    def _priority(self, incident: Incident) -> str:
        priority = self._taxonomy.priority_of(incident)
        if priority is None:
            return "no priority, for impact or urgency is missing"
        derived = self._taxonomy.derived_priority(incident)
        levels = f"impact {incident.impact} and urgency {incident.urgency}"
        if incident.priority is None:
            return f"**{literal(priority)}**, from {levels}"
        reason = f": {literal(incident.priority.reason, _TEXT)}" if incident.priority.reason else ""
        instead = f" instead of {literal(derived)}" if derived and derived != priority else ""
        return f"**{literal(priority)}**, set by the record{instead}{reason}"

    def _services(self, incident: Incident) -> str:
        states: dict[str, list[str]] = {}
        for impact in incident.services:
            service = self._taxonomy.service(impact.service, incident.opened)
            name = literal(service.name if service else impact.service, _TITLE)
            state = ServiceState(impact.state).replace("_", " ")
            if state not in states.setdefault(name, []):
                states[name].append(state)
        told = [f"{name}: {', then '.join(found)}" for name, found in states.items()]
        more = [f"{len(told) - _MOST_SERVICES} more"] if len(told) > _MOST_SERVICES else []
        return "; ".join([*told[:_MOST_SERVICES], *more])

    def _clock(self, clock: Clock) -> str:
        state = clock.state.replace("_", " ")
        bold = f"**{state}**" if state in ("breached", "at risk") else state
        policy = f"policy {code(clock.policy)}"
        due = f"due {self._minute(clock.due)}"
        if clock.stop is not None:
            return f"{clock.name.capitalize()} {bold}: {due}, stopped {self._minute(clock.stop)} ({policy})"
        return f"{clock.name.capitalize()} {bold}, {due} ({policy})"

    def _major(self, entry: RecordEntry[Incident], touched: Touched) -> Iterator[str]:
        """When readers must hear of it again, and who wants to know where it was declared just now."""
        due = update_due(entry, self._comment.head, self._comment.now)
        if due is not None:
            late = "**overdue**, was due" if due < self._comment.now else "due"
            yield f"Major incident; next update {late} {self._minute(due)}"
        before = touched.before.record if touched.before else None
        if is_open(entry.record) and (before is None or not before.major):
            told = [self._stakeholder(one) for one in stakeholders_of(entry.record, self._taxonomy)]
            more = [f"{len(told) - _MOST_SERVICES} more"] if len(told) > _MOST_SERVICES else []
            if told:
                yield f"To be told: {'; '.join([*told[:_MOST_SERVICES], *more])}"

    def _stakeholder(self, one: Stakeholder) -> str:
        # an address is for whoever writes to it, and a comment is read by many
        wants = f" ({literal(one.wants, _TITLE)})" if one.wants else ""
        return f"{literal(one.name, _TITLE)}{wants}"

    def in_short(self, happenings: Iterable[Happening]) -> str:
        """Count what happened, for the line that is read without a click."""
        counted = Counter(happening.type.replace("_", " ") for happening in happenings)
        told = [f"{name} {count} times" if count > 1 else name for name, count in counted.items()]
        more = [f"{len(told) - _MOST_KINDS} more"] if len(told) > _MOST_KINDS else []
        return ", ".join([*told[:_MOST_KINDS], *more])

    def happened(self, happenings: tuple[Happening, ...]) -> Iterator[str]:
        """What happened, by the time that the record claims."""
        told = sorted(enumerate(happenings), key=lambda pair: (self._instant(pair[1]), pair[0]))
        for _, happening in told[:_MOST_LINES]:
            yield f"- {self._happening(happening)}"
        if len(told) > _MOST_LINES:
            yield f"- and {len(told) - _MOST_LINES} more"

    def _happening(self, happening: Happening) -> str:
        at = f"{self._at(happening.at)} " if happening.at else ""
        details = [
            said.format(literal(text, _TEXT))
            for key, said in _DETAILS
            if (text := happening.detail.get(key)) and (key, happening.type) != ("title", "opened")
        ]
        told = f": {', '.join(details)}" if details else ""
        return f"{at}**{happening.type.replace('_', ' ')}**{told}"

    def help_in_short(self, found: Help) -> str:
        """Count what may help."""
        counts = (
            (len(found.similar), "similar incident", "similar incidents"),
            (sum(entry.kind == "problem" for entry in found.known), "known error", "known errors"),
            (sum(entry.kind == "article" for entry in found.known), "article", "articles"),
        )
        said = [plural(count, one, many) for count, one, many in counts if count]
        return f"May help: {', '.join(said)}"

    def help(self, found: Help) -> Iterator[str]:
        """What may help, with how it was resolved and why it is thought of."""
        for similar in found.similar:
            yield f"- {self._similar(similar)}"
        for entry in found.known:
            yield f"- {self._known(entry, linked=entry.id in found.linked)}"

    def _similar(self, similar: Similar) -> str:
        incident = similar.entry.record
        at = incident.started or incident.opened
        when = f", {self._day(at)}" if at else ""
        said = f"{self._link(similar.entry)} {self._title(similar.entry)} ({incident.status}{when})"
        fix = incident.resolution.summary if incident.resolution else None
        told = f"{said}. Resolved by: {literal(fix, _TEXT)}" if fix else said
        return f"{told}<br><sub>{self._because(similar)}</sub>"

    def _because(self, similar: Similar) -> str:
        names = []
        for key in similar.because.services:
            service = self._taxonomy.service(key)
            names.append(literal(service.name if service else key, _TITLE))
        parts = [f"same service {', '.join(names)}"] if names else []
        parts += ["same category"] if similar.because.same_category else []
        words = ", ".join(f"“{literal(word, 60)}”" for word in similar.because.words)
        parts += [f"both say {words}"] if words else []
        return "; ".join(parts)

    def _known(self, entry: RecordEntry[Any], *, linked: bool) -> str:
        record = entry.record
        what = "known error" if isinstance(record, Problem) else "article"
        mark = ", linked" if linked else ""
        said = f"{self._link(entry)} {self._title(entry)} ({what}{mark})"
        hint = record.workaround if isinstance(record, Problem) else None
        hint = record.do_first or record.summary if isinstance(record, Article) else hint
        return f"{said}: {literal(hint, _TEXT)}" if hint else said

    def _link(self, entry: RecordEntry[Any]) -> str:
        address = self._address(entry.path)
        return f"[{entry.id}]({address})" if address else f"**{entry.id}**"

    def _title(self, entry: RecordEntry[Any]) -> str:
        if entry.record.title:
            return literal(entry.record.title, _TITLE)
        lead = self._comment.head.get(entry.name.lead_incident or "")
        return literal(lead.record.title, _TITLE) if lead is not None and lead.readable else ""

    def _at(self, at: datetime | date) -> str:
        return self._minute(at) if isinstance(at, datetime) else at.isoformat()

    def _minute(self, at: datetime) -> str:
        return minute(at, self._taxonomy.zone)

    def _day(self, at: datetime) -> str:
        return self._taxonomy.day_of(at).isoformat()

    def _instant(self, happening: Happening) -> float:
        at = happening.at
        if at is None:
            return float("inf")
        if isinstance(at, datetime):
            return at.timestamp()
        return datetime(at.year, at.month, at.day, tzinfo=self._taxonomy.zone).timestamp()
