"""A new incident, made of what somebody says at 03:00."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from difflib import get_close_matches
from enum import StrEnum
from typing import Any, TypeVar

from pydantic_core import PydanticCustomError

from incidentbook.diagnostics import IncidentbookError
from incidentbook.records import Audience, IncidentStatus, Level, ServiceState
from incidentbook.records.fields import parse_instant
from incidentbook.taxonomy import Taxonomy

W = TypeVar("W", bound=StrEnum)

_LISTED = 12


@dataclass(frozen=True)
class Report:
    """What was said of a new incident, word for word; what was not said is None or empty."""

    title: str | None = None
    services: Sequence[str] = ()
    impact: str | None = None
    urgency: str | None = None
    category: str | None = None
    channel: str | None = None
    reporter: str | None = None
    opened: str | None = None
    started: str | None = None
    detected: str | None = None
    summary: str | None = None
    symptoms: Sequence[str] = ()
    location: str | None = None
    visibility: str | None = None
    major: bool = False
    drill: bool = False
    team: str | None = None
    owner: str | None = None


class UnfitReportError(IncidentbookError):
    """Something is missing, or is none of the words that `schema/` knows; each thing is named."""

    def __init__(self, missing: Sequence[str], wrong: Sequence[str]) -> None:
        self.lines = lines = [*(f"missing: {flag}" for flag in missing), *wrong]
        head = "nothing was written" if len(lines) == 1 else f"nothing was written, for {len(lines)} reasons"
        super().__init__("\n  ".join([f"{head}:", *lines]))


@dataclass
class _Reader:
    """Takes words one by one, and remembers what is wrong with them."""

    taxonomy: Taxonomy
    proposed: Mapping[str, str] = field(default_factory=dict)
    missing: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)

    def required(self, flag: str, value: str | None, meaning: str) -> str | None:
        text = " ".join((value or "").split())
        if not text:
            known = self.proposed.get(flag)
            self.missing.append(f"{flag}  {meaning}" + (f"; proposed: {known}" if known else ""))
        return text or None

    def word(self, flag: str, value: str, words: Iterable[W]) -> W | None:
        known = {word.value: word for word in words}
        found = known.get(value.strip().lower().replace("-", "_"))
        if found is None:
            self.refuse(flag, value, known)
        return found

    def instant(self, flag: str, value: str | None) -> datetime | None:
        if value is None:
            return None
        try:
            return parse_instant(value.strip())
        except PydanticCustomError as error:
            fix = (error.context or {}).get("fix")
            advice = f"; write {fix} if it is UTC" if fix else ""
            self.wrong.append(f"{flag} is `{value}`: {error.message()}{advice}")
            return None

    def refuse(
        self, flag: str, value: str, known: Iterable[str], spoken: Mapping[str, str] | None = None
    ) -> None:
        """Say that a word is unknown, and which one was probably meant, or which there are."""
        words, names = list(known), dict(spoken or {})
        close = get_close_matches(value.lower(), [*words, *names], n=1)
        if close:
            advice = f"did you mean `{names.get(close[0], close[0])}`?"
        elif not words:
            advice = "there are none yet"
        else:
            more = ", ..." if len(words) > _LISTED else ""
            advice = f"expected one of {', '.join(words[:_LISTED])}{more}"
        self.wrong.append(f"{flag} is `{value}`; {advice}")


def compose(
    report: Report, body: str, taxonomy: Taxonomy, now: datetime, proposed: Mapping[str, str] | None = None
) -> dict[str, Any]:
    """Return the fields of a new incident. Raises UnfitReportError, which names all that does not fit.

    `proposed` says by flag what somebody might say who has not: it is named beside what is missing.
    """
    reader = _Reader(taxonomy, proposed or {})
    said = {**asdict(report), "body": body}
    # bytes of the command line that are no UTF-8 come in as lone surrogates, which no file can hold
    reader.wrong += [f"--{flag} is not UTF-8 text" for flag, value in said.items() if not _is_text(value)]
    if reader.wrong:
        raise UnfitReportError((), reader.wrong)
    opened = reader.instant("--opened", report.opened) or now
    title = reader.required("--title", report.title, "what is wrong, as a user would say it")
    levels = {
        flag: _level(reader, f"--{flag}", value, meaning)
        for flag, value, meaning in (
            ("impact", report.impact, "how wide: high, medium or low"),
            ("urgency", report.urgency, "how pressing: high, medium or low"),
        )
    }
    assignment = _assignment(reader, report, opened)
    values = {
        "title": title,
        "status": IncidentStatus.ASSIGNED if assignment else IncidentStatus.NEW,
        "summary": report.summary,
        "symptoms": [symptom for symptom in report.symptoms if symptom.strip()],
        "visibility": _visibility(reader, report.visibility),
        "major": report.major or None,
        "drill": report.drill or None,
        "services": _services(reader, report.services, opened, report.started),
        "category": _category(reader, report.category, opened),
        **levels,
        "started": reader.instant("--started", report.started),
        "detected": reader.instant("--detected", report.detected),
        "opened": opened,
        "reporter": _reporter(reader, report),
        "location": report.location,
        "assignments": [{"at": opened, **assignment}] if assignment else [],
    }
    for flag in ("opened", "started", "detected"):
        time = values[flag]
        if isinstance(time, datetime) and time > now:
            reader.wrong.append(f"--{flag} is {time.isoformat()}, which is still to come")
    if reader.missing or reader.wrong:
        raise UnfitReportError(reader.missing, reader.wrong)
    return values


def _is_text(value: Any) -> bool:
    return not any("\ud800" <= letter <= "\udfff" for letter in str(value))


def _level(reader: _Reader, flag: str, value: str | None, meaning: str) -> Level | None:
    given = reader.required(flag, value, meaning)
    return reader.word(flag, given, Level) if given else None


def _visibility(reader: _Reader, value: str | None) -> Audience | None:
    """Who may read it; not written where it is what a record without it means."""
    chosen = (
        reader.word("--visibility", value, Audience)
        if value
        else reader.taxonomy.settings.defaults.visibility
    )
    return None if chosen is Audience.INTERNAL else chosen


def _services(
    reader: _Reader, given: Sequence[str], opened: datetime, started: str | None
) -> list[dict[str, Any]]:
    """Each KEY or KEY=STATE; a service named without a state works, but not as it should."""
    taxonomy = reader.taxonomy
    in_force = [entry for entry in taxonomy.services if taxonomy.service(entry.id, opened) == entry]
    names = {service.name.casefold(): service.id for service in in_force}
    found = []
    for text in given:
        key, equals, word = (part.strip() for part in text.partition("="))
        service = taxonomy.service(key, opened) or taxonomy.service(names.get(key.casefold(), ""), opened)
        state = reader.word("--service", word, ServiceState) if equals else ServiceState.DEGRADED_PERFORMANCE
        if service is None:
            reader.refuse("--service", key, [entry.id for entry in in_force], names)
        elif state is not None:
            since = {"from": reader.instant("--started", started)} if started else {}
            found.append({"service": service.id, "state": state, **since})
    return found


def _category(reader: _Reader, value: str | None, opened: datetime) -> str | None:
    paths = category_paths(reader.taxonomy, opened)
    examples = ", ".join(path for path in paths if "/" in path) or ", ".join(paths)
    if not paths and value is None:
        return None
    given = reader.required("--category", value, f"what sort of thing: {_start_of(examples)}")
    if given is None:
        return None
    found = reader.taxonomy.category(given, opened)
    if found is not None:
        category, below = found
        return f"{category.id}/{below.id}" if below else category.id
    reader.refuse("--category", given, paths, {path.rpartition("/")[2]: path for path in paths})
    return None


def _assignment(reader: _Reader, report: Report, opened: datetime) -> dict[str, str]:
    """Who is to have it; nobody has acknowledged it by that."""
    taxonomy, found = reader.taxonomy, dict[str, str]()
    if report.team:
        in_force = [team for team in taxonomy.teams if taxonomy.team(team.id, opened) == team]
        names = {team.name.casefold(): team.id for team in in_force}
        team = taxonomy.team(report.team, opened) or taxonomy.team(names.get(report.team.casefold(), ""))
        if team is None:
            reader.refuse("--team", report.team, [one.id for one in in_force], names)
        else:
            found["team"] = team.id
    if report.owner:
        if taxonomy.person(report.owner) is None:
            reader.refuse("--owner", report.owner, [person.handle for person in taxonomy.people])
        else:
            found["owner"] = report.owner
    return found


def instant_of(said: str | None) -> datetime | None:
    """The time that somebody says, where it is one."""
    try:
        return parse_instant(said.strip()) if said else None
    except PydanticCustomError:
        return None


def fault_of(report: Report, flag: str, taxonomy: Taxonomy, now: datetime) -> str | None:
    """What is wrong with one thing of a report, named by its flag; None where nothing is."""
    try:
        compose(report, "", taxonomy, now)
    except UnfitReportError as error:
        return next((line for line in error.lines if line.startswith(f"{flag} is ")), None)
    return None


def category_paths(taxonomy: Taxonomy, at: datetime) -> list[str]:
    """The categories in force, each with those below it."""
    paths = [
        path
        for category in taxonomy.categories
        for path in (category.id, *(f"{category.id}/{below.id}" for below in category.subcategories))
    ]
    return [path for path in dict.fromkeys(paths) if taxonomy.category(path, at)]


def _start_of(text: str) -> str:
    words = text.split(", ")
    return ", ".join(words[:_LISTED]) + (", ..." if len(words) > _LISTED else "")


def _reporter(reader: _Reader, report: Report) -> dict[str, str] | None:
    """How it came in, and from whom: a handle of people.yml, else a name."""
    taxonomy = reader.taxonomy
    channels = [channel.id for channel in taxonomy.channels]
    channel = report.channel or taxonomy.settings.defaults.channel
    who = " ".join((report.reporter or "").split())
    found: dict[str, str] = {}
    if channel:
        entry = taxonomy.channel(channel)
        if entry is None:
            names = {entry.name.casefold(): entry.id for entry in taxonomy.channels}
            reader.refuse("--channel", channel, channels, names)
        else:
            found["channel"] = entry.id
    elif channels:
        reader.required("--channel", None, f"how it came in: {', '.join(channels)}")
    if who:
        found["handle" if taxonomy.person(who) else "name"] = who
    return found or None
