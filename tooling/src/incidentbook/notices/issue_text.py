"""The words of an issue that follows a record, and what is read back from them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from incidentbook.markdown.literal import code, literal, literal_with_code, plain_title
from incidentbook.notices.want import Attention, Level, Want
from incidentbook.taxonomy import Taxonomy

_MARKER = re.compile(r"\A<!-- incidentbook:watch (?P<record>[A-Za-z0-9._-]+) -->\s*")
_STATE = re.compile(r"<!-- incidentbook:state(?P<pairs>(?: [a-z0-9-]+=[a-z_]+)*) -->")
_END = "<!-- incidentbook:end -->"
_LONGEST_TITLE = 180
_LONGEST = 300
_MOST = 40
"""So many lines of what is to be done; the rest is counted."""


def record_in(body: str) -> str | None:
    """The ID of the record that an issue follows; None where it is none of ours."""
    found = _MARKER.match(body)
    return found["record"] if found else None


def levels_in(body: str) -> Mapping[str, int]:
    """What an issue last said, by key; empty where it said that it is over."""
    found = _STATE.search(body)
    pairs = (pair.partition("=") for pair in found["pairs"].split()) if found else ()
    known = {level.name.lower(): level for level in Level}
    return {key: known[level] for key, _, level in pairs if level in known}


def notes_in(body: str) -> str:
    """What people wrote below our words."""
    _, end, notes = body.partition(_END)
    return notes.rstrip() if end else ""


@dataclass(frozen=True)
class IssueText:
    """How issues are worded; `address` gives the web address of a file, where it has one."""

    taxonomy: Taxonomy
    address: Callable[[str], str | None] = lambda _path: None

    def title(self, attention: Attention) -> str:
        """What the issue is called: it says nothing that time makes wrong."""
        return plain_title(f"{attention.record}: {attention.title}", _LONGEST_TITLE)

    def body(self, attention: Attention) -> str:
        """What the issue says of a record that wants attention."""
        state = "".join(f" {want.key}={want.level.name.lower()}" for want in attention.wants)
        head = f"**{literal(attention.title, _LONGEST_TITLE)}**  \n"
        head += f"{attention.record}, {literal(attention.standing)}, {self._file(attention.path)}"
        lines = "\n".join(self._lines(attention.wants))
        return self._framed(attention.record, state, f"{head}\n\n{lines}")

    def over(self, record: str) -> str:
        """What the issue says once nothing is left to do."""
        return self._framed(record, "", "Nothing of this record wants attention now.")

    def warning(self, worse: Iterable[Want]) -> str:
        """What is said to those who follow the issue when something got worse."""
        return "\n".join(self._lines(tuple(worse)))

    def farewell(self) -> str:
        """What is said to them when it is over."""
        return "Nothing of this record wants attention any more."

    def _framed(self, record: str, state: str, said: str) -> str:
        foot = (
            "Kept by `incidentbook watch`: updated when something changes, closed when nothing is left. "
            "What you write at the end stays."
        )
        return (
            f"<!-- incidentbook:watch {record} -->\n<!-- incidentbook:state{state} -->\n"
            f"{said}\n\n<sub>{foot}</sub>\n{_END}"
        )

    def _lines(self, wants: tuple[Want, ...]) -> Iterator[str]:
        for want in wants[:_MOST]:
            subject = f": {literal(want.subject, _LONGEST)}" if want.subject else ""
            yield (
                f"- **{want.what}**{subject}. Due {self.due(want.due)}, {self.who(want)}. "
                f"In {self._file(want.path)}: {literal_with_code(want.do)}."
            )
        if len(wants) > _MOST:
            yield f"- and {len(wants) - _MOST} more: `incidentbook watch` lists them all"

    def due(self, due: datetime | date) -> str:
        """A time to the minute in the repository's zone, or a day."""
        if isinstance(due, datetime):
            return f"{due.astimezone(self.taxonomy.zone):%Y-%m-%d %H:%M %Z}"
        return due.isoformat()

    def who(self, want: Want) -> str:
        """Who must act: handles, else the team, else nobody."""
        team = self.taxonomy.team(want.team) if want.team else None
        name = literal(team.name if team else want.team or "", _LONGEST)
        people = ", ".join(code(handle) for handle in want.who)
        return f"by {', '.join(filter(None, (people, name)))}" if people or name else "by nobody yet"

    def _file(self, path: str) -> str:
        address = self.address(path)
        return f"[{code(path)}]({address})" if address else code(path)
