"""What is proposed of a new incident: a value, where it comes from, and why."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from incidentbook.records import ServiceState
from incidentbook.taxonomy import Taxonomy
from incidentbook.taxonomy.settings import Service


class Source(StrEnum):
    """Where a proposal comes from."""

    RULE = "rule"
    SERVICE = "service"
    MATRIX = "matrix"
    PAST = "past"
    ON_CALL = "on_call"
    LEAST_LOADED = "least_loaded"
    DEFAULT = "default"


@dataclass(frozen=True, slots=True)
class Proposal:
    """One value that is proposed, and in words why."""

    value: str
    source: Source
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposalCase:
    """What is known of an incident that is about to be logged.

    `services` are keys, or KEY=STATE; what is unknown among them is passed over. What somebody has said
    already of impact, urgency or team is not proposed again, but priority and owner follow from it.
    """

    title: str = ""
    summary: str = ""
    symptoms: Sequence[str] = ()
    body: str = ""
    services: Sequence[str] = ()
    channel: str | None = None
    opened: datetime | None = None
    impact: str | None = None
    urgency: str | None = None
    team: str | None = None

    @property
    def texts(self) -> tuple[str, ...]:
        """Everything that is said, what says most first."""
        return tuple(text for text in (self.title, self.summary, *self.symptoms, self.body) if text)


def services_of(case: ProposalCase, taxonomy: Taxonomy) -> list[tuple[Service, ServiceState | None]]:
    """The services that suffer, each once, with the state they are said to be in."""
    states = {state.value: state for state in ServiceState}
    found: dict[str, tuple[Service, ServiceState | None]] = {}
    for said in case.services:
        key, _, state = (part.strip() for part in said.partition("="))
        service = taxonomy.service(key, case.opened)
        if service is not None:
            found.setdefault(service.id, (service, states.get(state.lower().replace("-", "_"))))
    return list(found.values())


def each_once(proposals: Iterable[Proposal]) -> tuple[Proposal, ...]:
    """Each value once, where it was proposed first, with every reason for it."""
    found: dict[str, Proposal] = {}
    for one in proposals:
        before = found.get(one.value)
        found[one.value] = replace(before, reason=f"{before.reason}; {one.reason}") if before else one
    return tuple(found.values())
