"""After the resolution: whether it holds, and the end of the record."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from incidentbook.archive.entry import Entry
from incidentbook.desk.change import Change, RefusedError, Values
from incidentbook.desk.life import noted, require, spelled
from incidentbook.desk.words import plain_text
from incidentbook.diagnostics import Severity
from incidentbook.intake.answer import respond_to_answer
from incidentbook.intake.known import Known, reopened
from incidentbook.intake.opening import Amendment, Silence
from incidentbook.intake.verdict import Answer
from incidentbook.records import Incident, IncidentStatus
from incidentbook.taxonomy import Taxonomy

_BY_RESOLVER = "closed-by-resolver"


def confirmed(
    entry: Entry[Any], answer: Answer, user: str, who: str | None, at: datetime, taxonomy: Taxonomy
) -> Change:
    """Put down what the user says: a verdict, a rating, words; `who` writes it down.

    Whether "not solved" reopens it stands in schema/intake.yml. Raises RefusedError where it is too early
    or too late for a verdict; a rating is taken also of a closed incident.
    """
    known = Known.of(entry)
    rates = answer.score is not None and answer.confirmed is None
    allowed = {IncidentStatus.RESOLVED, *({IncidentStatus.CLOSED} if rates else ())}
    require(entry.id, known.record, allowed, "confirmed")
    _require_after(entry.id, known.record, at, "confirmed")
    response = respond_to_answer(answer, user, known, taxonomy, at, at, by=who)
    if isinstance(response, Amendment):
        return _change(known, response.changes, at, f"{response.summary} by {user}")
    if isinstance(response, Silence) and response.is_done:
        return Change(said="confirmed")
    raise RefusedError(response.reason if isinstance(response, Silence) else f"{entry.id} stays as it is")


def closed(
    id_: str,
    incident: Incident,
    who: str,
    at: datetime,
    taxonomy: Taxonomy,
    *,
    unconfirmed: bool,
    step: str | None = None,
) -> Change:
    """Close it; `unconfirmed` says that nobody answered.

    Raises RefusedError where it is not resolved, or four eyes are a rule and two are wanting.
    """
    require(id_, incident, {IncidentStatus.RESOLVED}, "closed")
    if closes_own_work(incident, who, taxonomy) and _is_forbidden(taxonomy):
        raise RefusedError(
            f"{who} resolved {id_}, and nobody else has confirmed that it works ({_BY_RESOLVER})",
            (f"confirm {id_} --user WHO", f"close {id_} --by HANDLE"),
        )
    silence = unconfirmed and incident.confirmation is None
    return Change(
        said=f"closed by {who}" + (", unconfirmed" if silence else ""),
        values={
            "status": IncidentStatus.CLOSED.value,
            "closed": at,
            "closed_by": who,
            **({"confirmation": {"confirmed": False, "at": at}} if silence else {}),
        },
        added=noted(who, at, step),
    )


def closes_own_work(incident: Incident, who: str, taxonomy: Taxonomy) -> bool:
    """Whether somebody would close what they resolved, and nobody else confirmed."""
    person, said = taxonomy.person(who), incident.confirmation
    is_bot = person is not None and person.bot
    by_other = said is not None and said.confirmed and said.by != incident.resolved_by
    return who == incident.resolved_by and not is_bot and not by_other


def _is_forbidden(taxonomy: Taxonomy) -> bool:
    return str(taxonomy.settings.rules.get(_BY_RESOLVER, "")) == Severity.ERROR.name.lower()


def worked_on_again(entry: Entry[Any], who: str | None, at: datetime, reason: str) -> Change:
    """The resolution did not hold: it is taken back, and listed.

    Raises RefusedError where there is none, or was none at that time.
    """
    known = Known.of(entry)
    require(entry.id, known.record, {IncidentStatus.RESOLVED}, "reopened")
    _require_after(entry.id, known.record, at, "reopened")
    changes = reopened(known, at, at, plain_text(reason, "-m"), who)
    return _change(known, changes, at, "reopened" + (f" by {who}" if who else ""))


def _require_after(id_: str, incident: Incident, at: datetime, wish: str) -> None:
    """Refuse an answer to a resolution that was not there yet. Raises RefusedError."""
    if incident.resolved is not None and at < incident.resolved:
        raise RefusedError(
            f"{id_} was resolved at {spelled(incident.resolved)}, and cannot be {wish} at {spelled(at)}, "
            "before that",
            (f"show {id_}",),
        )


def _change(known: Known, changes: Mapping[str, Any], at: datetime, said: str) -> Change:
    """Fields of a record as a change; what is new at the end of a list is added to it.

    Intake moves a step behind the last one, for clocks of two systems differ; who acts here says when.
    """
    values: dict[str, Any] = {}
    added: dict[str, list[Values]] = {}
    for key, value in changes.items():
        before = known.values.get(key) or []
        if isinstance(value, list) and isinstance(before, list) and value[: len(before)] == before:
            new = value[len(before) :]
            added[key] = [{**item, "at": at} for item in new] if key == "steps" else new
        else:
            values[key] = value
    return Change(said=said, values=values, added=added)
