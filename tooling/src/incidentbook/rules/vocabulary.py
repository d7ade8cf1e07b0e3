"""Words of records that nobody defined."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from incidentbook.diagnostics import Severity
from incidentbook.records import Article, Handover, Incident, Maintenance, Problem
from incidentbook.rules.cases import RecordCase
from incidentbook.rules.registry import EVERY_KIND, Finding, record_rule
from incidentbook.rules.spelling import did_you_mean
from incidentbook.taxonomy.settings import Entry

Keys = tuple[str | int, ...]


def _nearest(word: str, known: Iterable[str], file: str) -> str:
    return did_you_mean(word, known) or f"define it in schema/{file}.yml, or use one from there"


def _keys(entries: Iterable[Entry]) -> list[str]:
    return [key for entry in entries for key in (entry.id, *entry.aliases)]


def _services(case: RecordCase[Any]) -> Iterator[tuple[Keys, str]]:
    for index, service in enumerate(case.record.services):
        if isinstance(service, str):
            yield ("services", index), service
        else:
            yield ("services", index, "service"), service.service


def _opening(record: Any) -> datetime | None:
    """The time by whose vocabulary a record is judged; articles are judged by today's."""
    if isinstance(record, Maintenance):
        window = record.planned or record.actual
        return window.from_ if window else record.announced
    if isinstance(record, Incident):
        return record.opened or record.started
    return None


@record_rule(Severity.ERROR, kinds=("incident", "problem", "article", "maintenance"), having=("services",))
def unknown_service(case: RecordCase[Incident | Problem | Article | Maintenance]) -> Iterator[Finding]:
    """A record names a service that is not in the catalogue.

    ## What it does

    Looks up every service by key and alias in schema/services.yml.

    ## Why it matters

    A service that nobody defined has no page, no owner and no availability; mostly it is a slip of
    the pen, and the real service then looks better than it was.

    ## Example

    ```yaml
    services:
      - {service: chekout, state: partial_outage, from: 2026-03-02T08:05+00:00}  # <- here
    ```

    ## Use instead

    ```yaml
    services:
      - {service: checkout, state: partial_outage, from: 2026-03-02T08:05+00:00}
    ```
    """
    for keys, key in _services(case):
        if case.taxonomy.service(key) is None:
            yield Finding(
                case.span(*keys),
                f"there is no service `{key}`",
                _nearest(key, _keys(case.taxonomy.services), "services"),
            )


@record_rule(Severity.WARNING, kinds=("incident", "maintenance"), having=("services",))
def service_not_in_force(case: RecordCase[Incident | Maintenance]) -> Iterator[Finding]:
    """A record names a service that did not exist at the time.

    ## What it does

    Finds services that are in the catalogue, but whose `valid_from` and `valid_until` leave out the
    day on which the incident opened or the maintenance was planned for.

    ## Why it matters

    A retired service cannot fail. Old records stay as they are: retiring a service today says
    nothing about last year.

    ## Example

    ```yaml
    opened: 2026-03-02T08:20+00:00
    services:
      - {service: old-shop, state: partial_outage, from: 2026-03-02T08:05+00:00}  # <- here
    ```

    ## Use instead

    ```yaml
    opened: 2026-03-02T08:20+00:00
    services:
      - {service: checkout, state: partial_outage, from: 2026-03-02T08:05+00:00}
    ```
    """
    at = _opening(case.record)
    if at is None:
        return
    for keys, key in _services(case):
        if case.taxonomy.service(key, at) is None and case.taxonomy.service(key) is not None:
            yield Finding(
                case.span(*keys),
                f"the service `{key}` was not in force on {case.taxonomy.day_of(at)}",
                "name the service that took its place, or correct its validity in schema/services.yml",
            )


@record_rule(Severity.ERROR, kinds=("incident", "problem"), having=("category",))
def unknown_category(case: RecordCase[Incident | Problem]) -> Iterator[Finding]:
    """A record names a category that nobody defined, or one that was not in force.

    ## What it does

    Looks up `category` in schema/categories.yml, as it stood when the incident opened.

    ## Why it matters

    Categories route incidents and choose service levels and reviews; an unknown one does neither.

    ## Example

    ```yaml
    category: application/deploiment  # <- here
    ```

    ## Use instead

    ```yaml
    category: application/deployment
    ```
    """
    path = case.record.category
    if path is None or case.taxonomy.category(path, _opening(case.record)) is not None:
        return
    if case.taxonomy.category(path) is not None:
        yield Finding(
            case.span("category"),
            f"the category `{path}` was not in force when the incident opened",
            "use the one that was, or correct its validity in schema/categories.yml",
        )
        return
    known = [
        path
        for category in case.taxonomy.categories
        for path in (category.id, *(f"{category.id}/{below.id}" for below in category.subcategories))
    ]
    yield Finding(
        case.span("category"), f"there is no category `{path}`", _nearest(path, known, "categories")
    )


@record_rule(Severity.ERROR, kinds=("incident", "problem", "article", "maintenance", "handover"))
def unknown_team(
    case: RecordCase[Incident | Problem | Article | Maintenance | Handover],
) -> Iterator[Finding]:
    """A record names a team that nobody defined.

    ## What it does

    Looks up the team of every assignment, and that of a problem, article, maintenance or handover, in
    schema/teams.yml.

    ## Why it matters

    Work that is given to a team that does not exist is given to nobody.

    ## Example

    ```yaml
    assignments:
      - {at: 2026-03-02T08:25+00:00, team: shopp, owner: first-responder}  # <- here
    ```

    ## Use instead

    ```yaml
    assignments:
      - {at: 2026-03-02T08:25+00:00, team: shop, owner: first-responder}
    ```
    """
    record = case.record
    named: list[tuple[Keys, str | None]] = (
        [(("assignments", index, "team"), a.team) for index, a in enumerate(record.assignments)]
        if isinstance(record, Incident)
        else [(("team",), record.team)]
    )
    for keys, team in named:
        if team is not None and case.taxonomy.team(team) is None:
            yield Finding(
                case.span(*keys),
                f"there is no team `{team}`",
                _nearest(team, _keys(case.taxonomy.teams), "teams"),
            )


_HANDLES = ("resolved_by", "closed_by", "facilitator", "owner", "outgoing", "incoming", "acknowledged_by")
_LISTS_OF_HANDLES = ("authors", "approvers")
_LISTS_WITH_HANDLES = (
    ("assignments", "owner"),
    ("actions", "owner"),
    ("escalations", "by"),
    ("steps", "by"),
    ("decisions", "by"),
    ("updates", "by"),
    ("waivers", "by"),
    ("items", "owner"),
)
_ROLES = ("incident_manager", "communications_lead", "scribe")


def _people(record: Any) -> Iterator[tuple[Keys, str]]:
    """Every handle that a record holds, with its place."""
    for name in _HANDLES:
        handle = getattr(record, name, None)
        if handle is not None:
            yield (name,), handle
    for name in _LISTS_OF_HANDLES:
        for index, handle in enumerate(getattr(record, name, ())):
            yield (name, index), handle
    for name, key in _LISTS_WITH_HANDLES:
        for index, entry in enumerate(getattr(record, name, ())):
            handle = getattr(entry, key)
            if handle is not None:
                yield (name, index, key), handle
    if isinstance(record, Incident):
        yield from _responders(record)


def _responders(incident: Incident) -> Iterator[tuple[Keys, str]]:
    if incident.reporter is not None and incident.reporter.handle is not None:
        yield ("reporter", "handle"), incident.reporter.handle
    if incident.roles is not None:
        for name in _ROLES:
            handle = getattr(incident.roles, name)
            if handle is not None:
                yield ("roles", name), handle
        for index, handle in enumerate(incident.roles.team):
            yield ("roles", "team", index), handle


@record_rule(Severity.WARNING, kinds=EVERY_KIND)
def unknown_person(case: RecordCase[Any]) -> Iterator[Finding]:
    """A record names somebody whom people.yml does not know.

    ## What it does

    Looks up every handle in schema/people.yml. It is a warning: people come and go faster than
    the file is kept.

    ## Why it matters

    Pages show the handle instead of a name, reminders reach nobody, and a slip of the pen counts
    as another person.

    ## Example

    ```yaml
    resolved_by: first-respnder  # <- here
    ```

    ## Use instead

    ```yaml
    resolved_by: first-responder
    ```
    """
    for keys, handle in _people(case.record):
        if case.taxonomy.person(handle) is None:
            yield Finding(
                case.span(*keys),
                f"there is nobody with the handle `{handle}`",
                _nearest(handle, (person.handle for person in case.taxonomy.people), "people"),
            )


@record_rule(Severity.ERROR, having=("resolution",))
def unknown_resolution_code(case: RecordCase[Incident]) -> Iterator[Finding]:
    """An incident ended in a way that nobody defined.

    ## What it does

    Looks up `resolution.code` in schema/categories.yml.

    ## Why it matters

    How incidents end is counted by these codes.

    ## Example

    ```yaml
    resolution: {code: roled-back, summary: The roll-out was undone., permanence: permanent}  # <- here
    ```

    ## Use instead

    ```yaml
    resolution: {code: rolled-back, summary: The roll-out was undone., permanence: permanent}
    ```
    """
    resolution = case.record.resolution
    if resolution is None or resolution.code is None:
        return
    if case.taxonomy.resolution_code(resolution.code) is None:
        yield Finding(
            case.span("resolution", "code"),
            f"there is no resolution code `{resolution.code}`",
            _nearest(resolution.code, _keys(case.taxonomy.resolution_codes), "categories"),
        )


@record_rule(Severity.ERROR, having=("reporter",))
def unknown_channel(case: RecordCase[Incident]) -> Iterator[Finding]:
    """An incident came in by a channel that nobody defined.

    ## What it does

    Looks up `reporter.channel` in schema/categories.yml.

    ## Why it matters

    How many incidents monitoring finds before users do is counted by channel.

    ## Example

    ```yaml
    reporter: {channel: alarm}  # <- here
    ```

    ## Use instead

    ```yaml
    reporter: {channel: alert}
    ```
    """
    reporter = case.record.reporter
    if reporter is None or reporter.channel is None:
        return
    if case.taxonomy.channel(reporter.channel) is None:
        yield Finding(
            case.span("reporter", "channel"),
            f"there is no channel `{reporter.channel}`",
            _nearest(reporter.channel, _keys(case.taxonomy.channels), "categories"),
        )


@record_rule(Severity.ERROR, having=("holds",))
def unknown_hold_reason(case: RecordCase[Incident]) -> Iterator[Finding]:
    """An incident is on hold for a reason that nobody defined.

    ## What it does

    Looks up the reason of every hold in schema/sla.yml.

    ## Why it matters

    A policy names the reasons that pause its clock; an unknown reason never pauses anything.

    ## Example

    ```yaml
    holds:
      - {from: 2026-03-02T08:40+00:00, to: 2026-03-02T08:55+00:00, reason: waiting-vendors}  # <- here
    ```

    ## Use instead

    ```yaml
    holds:
      - {from: 2026-03-02T08:40+00:00, to: 2026-03-02T08:55+00:00, reason: waiting-vendor}
    ```
    """
    for index, hold in enumerate(case.record.holds):
        if case.taxonomy.hold_reason(hold.reason) is None:
            yield Finding(
                case.span("holds", index, "reason"),
                f"there is no hold reason `{hold.reason}`",
                _nearest(hold.reason, _keys(case.taxonomy.hold_reasons), "sla"),
            )


@record_rule(Severity.ERROR, having=("priority",))
def unknown_priority(case: RecordCase[Incident]) -> Iterator[Finding]:
    """An incident stores a priority that nobody defined.

    ## What it does

    Looks up a stored `priority` in schema/priority.yml.

    ## Why it matters

    No service level matches it.

    ## Example

    ```yaml
    priority: {value: P0, reason: The whole site is down.}  # <- here
    ```

    ## Use instead

    ```yaml
    priority: {value: P1, reason: The whole site is down.}
    ```
    """
    stored = case.record.priority
    if stored is None or any(priority.id == stored.value for priority in case.taxonomy.priorities):
        return
    yield Finding(
        case.span("priority"),
        f"there is no priority `{stored.value}`",
        _nearest(stored.value, (priority.id for priority in case.taxonomy.priorities), "priority"),
    )
