"""What the files of `schema/` say that cannot all be true, such as references to what nobody defines."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from difflib import get_close_matches
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from incidentbook.diagnostics import Diagnostic, Severity
from incidentbook.records import KINDS
from incidentbook.source import Document
from incidentbook.taxonomy.calendars import calendar_faults
from incidentbook.taxonomy.settings import PolicyMatch, Rotation
from incidentbook.taxonomy.settings.escalation import VENDOR
from incidentbook.taxonomy.taxonomy import Taxonomy
from incidentbook.taxonomy.unreachable import unreachable_policies
from incidentbook.taxonomy.versions import Keys, version_faults

_DEFINED_IN = {
    "service": "services",
    "group": "services",
    "category": "categories",
    "team": "teams",
    "person": "people",
    "priority": "priority",
    "hold reason": "sla",
    "calendar": "calendars",
    "channel": "categories",
    "resolution code": "categories",
    "notification channel": "notifications",
    "kind of record": "notifications",
    "team or person": "teams",
}


def incoherences(
    taxonomy: Taxonomy, documents: Mapping[str, Document], faulty: Collection[str]
) -> Iterator[Diagnostic]:
    """Find what each file says rightly and all together cannot: references that lead nowhere, and such.

    Of a file in `faulty` something is missing: that its keys are not found is no news.
    """
    for file, keys, value, kind, known in _references(taxonomy):
        if value not in known and _DEFINED_IN[kind] not in faulty:
            close = get_close_matches(value, sorted(known), n=1)
            yield _error(
                documents[file],
                keys,
                "unknown-reference",
                f"there is no {kind} `{value}`",
                f"did you mean `{close[0]}`?" if close else None,
            )
    faults = [*version_faults(taxonomy)]
    if "sla" not in faulty:
        faults += unreachable_policies(taxonomy)
    if "calendars" not in faulty:
        faults += calendar_faults(taxonomy)
    for fault in faults:
        document = documents[fault.file]
        span = document.span(*fault.keys)
        yield Diagnostic(fault.code, fault.severity, fault.message, document.path, span, fault.help)
    yield from _dependency_cycles(taxonomy, documents)
    yield from _unknown_zones(taxonomy, documents)


_Reference = tuple[str, Keys, str, str, set[str]]
"""File, place, value, what it should be the key of, and the keys there are."""


def _references(taxonomy: Taxonomy) -> Iterator[_Reference]:
    yield from _of_services(taxonomy)
    yield from _of_policies(taxonomy)
    yield from _of_intake(taxonomy)
    yield from _of_notifications(taxonomy)
    yield from _of_routing(taxonomy)
    yield from _of_major(taxonomy)
    yield from _of_escalations(taxonomy)
    people = {person.handle for person in taxonomy.people}
    priorities = {priority.id for priority in taxonomy.priorities}
    calendars = _ids(taxonomy.calendars)
    for index, team in enumerate(taxonomy.teams):
        for place, member in enumerate(team.members):
            yield "teams", ("teams", index, "members", place), member, "person", people
        if team.rotation is not None:
            yield from _of_rotation(team.rotation, ("teams", index, "rotation"), people, calendars)
    for index, matrix in enumerate(taxonomy.matrices):
        for impact, row in matrix.cells.items():
            for urgency, value in row.items():
                keys: Keys = ("matrices", index, "cells", impact.value, urgency.value)
                yield "priority", keys, value, "priority", priorities
    for index, review in enumerate(taxonomy.review_policies):
        yield "reviews", ("policies", index, "calendar"), review.calendar, "calendar", calendars
    for index, goals in enumerate(taxonomy.measures.goals.services):
        at: Keys = ("goals", "services", index, "service")
        yield "measures", at, goals.service, "service", _ids(taxonomy.services)


def _of_rotation(
    rotation: Rotation, base: Keys, people: set[str], calendars: set[str]
) -> Iterator[_Reference]:
    for place, handle in enumerate(rotation.order):
        yield "teams", (*base, "order", place), handle, "person", people
    for place, override in enumerate(rotation.overrides):
        yield "teams", (*base, "overrides", place, "who"), override.who, "person", people
    if rotation.holidays is not None:
        yield "teams", (*base, "holidays", "who"), rotation.holidays.who, "person", people
        yield "teams", (*base, "holidays", "calendar"), rotation.holidays.calendar, "calendar", calendars


def _of_routing(taxonomy: Taxonomy) -> Iterator[_Reference]:
    known = {
        "service": _ids(taxonomy.services),
        "channel": _ids(taxonomy.channels),
        "category": _category_paths(taxonomy),
        "team": _ids(taxonomy.teams),
    }
    for index, rule in enumerate(taxonomy.routing.rules):
        base: Keys = ("rules", index)
        for name, values, kind in (
            ("services", rule.services, "service"),
            ("channels", rule.channels, "channel"),
        ):
            for place, value in enumerate(values):
                yield "routing", (*base, name, place), value, kind, known[kind]
        for kind, said in (("category", rule.category), ("team", rule.team)):
            if said is not None:
                yield "routing", (*base, kind), said, kind, known[kind]


def _of_services(taxonomy: Taxonomy) -> Iterator[_Reference]:
    services = _ids(taxonomy.services)
    people = {person.handle for person in taxonomy.people}
    for index, service in enumerate(taxonomy.services):
        single = (
            ("group", service.group, "group", _ids(taxonomy.groups)),
            ("team", service.team, "team", _ids(taxonomy.teams)),
            ("technical_owner", service.technical_owner, "person", people),
            ("business_owner", service.business_owner, "person", people),
            ("support_hours", service.support_hours, "calendar", _ids(taxonomy.calendars)),
        )
        for key, value, kind, known in single:
            if value is not None:
                yield "services", ("services", index, key), value, kind, known
        for place, needed in enumerate(service.depends_on):
            yield "services", ("services", index, "depends_on", place), needed, "service", services


def _of_match(taxonomy: Taxonomy, file: str, base: Keys, match: PolicyMatch) -> Iterator[_Reference]:
    for name, values, kind, known in (
        ("service", match.service, "service", _ids(taxonomy.services)),
        ("category", match.category, "category", _category_paths(taxonomy)),
        ("priority", match.priority, "priority", {priority.id for priority in taxonomy.priorities}),
    ):
        for place, value in enumerate(values):
            yield file, (*base, name, place), value, kind, known


def _of_policies(taxonomy: Taxonomy) -> Iterator[_Reference]:
    for index, policy in enumerate(taxonomy.policies):
        base: Keys = ("policies", index)
        yield "sla", (*base, "calendar"), policy.calendar, "calendar", _ids(taxonomy.calendars)
        yield from _of_match(taxonomy, "sla", (*base, "match"), policy.match)
        for place, reason in enumerate(policy.pausing):
            yield "sla", (*base, "pausing", place), reason, "hold reason", _ids(taxonomy.hold_reasons)


def _of_intake(taxonomy: Taxonomy) -> Iterator[_Reference]:
    intake, alerts = taxonomy.intake, taxonomy.intake.alerts
    categories = _category_paths(taxonomy)
    channels = _ids(taxonomy.channels)
    people = {person.handle for person in taxonomy.people}
    single: list[tuple[Keys, str | None, str, set[str]]] = [
        (("bot",), intake.bot, "person", people),
        (("alerts", "category"), alerts.category, "category", categories),
        (("alerts", "team"), alerts.team, "team", _ids(taxonomy.teams)),
        (
            ("alerts", "resolution_code"),
            alerts.resolution_code,
            "resolution code",
            _ids(taxonomy.resolution_codes),
        ),
        (("form", "category"), intake.form.category, "category", categories),
        (("form", "channel"), intake.form.channel, "channel", channels),
        (("mail", "category"), intake.mail.category, "category", categories),
        (("mail", "channel"), intake.mail.channel, "channel", channels),
    ]
    for index, rule in enumerate(alerts.rules):
        single.append((("alerts", "rules", index, "category"), rule.category, "category", categories))
        for place, service in enumerate(rule.services):
            keys: Keys = ("alerts", "rules", index, "services", place)
            single.append((keys, service, "service", _ids(taxonomy.services)))
    for keys, value, kind, known in single:
        if value is not None:
            yield "intake", keys, value, kind, known


def _of_major(taxonomy: Taxonomy) -> Iterator[_Reference]:
    major, people, teams = taxonomy.major, {one.handle for one in taxonomy.people}, _ids(taxonomy.teams)
    for index, when in enumerate(major.when):
        yield from _of_match(taxonomy, "major", ("when", index), when)
    for name, values, kind, known in (
        ("declare", major.declare, "person", people),
        ("declare_teams", major.declare_teams, "team", teams),
        ("team", major.team, "person", people),
    ):
        for place, value in enumerate(values):
            yield "major", (name, place), value, kind, known
    if major.managers is not None:
        yield "major", ("managers",), major.managers, "team", teams
    if major.communications is not None:
        yield "major", ("communications",), major.communications, "person", people
    for index, stakeholder in enumerate(major.stakeholders):
        for place, service in enumerate(stakeholder.services):
            keys: Keys = ("stakeholders", index, "services", place)
            yield "major", keys, service, "service", _ids(taxonomy.services)


def _of_escalations(taxonomy: Taxonomy) -> Iterator[_Reference]:
    known = _ids(taxonomy.teams) | {one.handle for one in taxonomy.people}
    for index, path in enumerate(taxonomy.escalations.paths):
        yield from _of_match(taxonomy, "escalation", ("paths", index, "match"), path.match)
        for place, step in enumerate(path.steps):
            # a vendor stands in no file of ours
            if not step.to.startswith(VENDOR):
                keys: Keys = ("paths", index, "steps", place, "to")
                yield "escalation", keys, step.to, "team or person", known


def _of_notifications(taxonomy: Taxonomy) -> Iterator[_Reference]:
    channels, people = _ids(taxonomy.notifications.channels), {one.handle for one in taxonomy.people}
    for index, one in enumerate(taxonomy.notifications.subscriptions):
        base: Keys = ("subscriptions", index)
        if one.team is not None:
            yield "notifications", (*base, "team"), one.team, "team", _ids(taxonomy.teams)
        for name, values, kind, known in (
            ("channels", one.channels, "notification channel", channels),
            ("services", one.services, "service", _ids(taxonomy.services)),
            ("groups", one.groups, "group", _ids(taxonomy.groups)),
            ("priorities", one.priorities, "priority", _ids(taxonomy.priorities)),
            ("kinds", one.kinds, "kind of record", set(KINDS)),
            ("called", one.called, "team or person", _ids(taxonomy.teams) | people),
        ):
            for place, value in enumerate(values):
                yield "notifications", (*base, name, place), value, kind, known


def _category_paths(taxonomy: Taxonomy) -> set[str]:
    return {
        path
        for category in taxonomy.categories
        for path in (category.id, *(f"{category.id}/{below.id}" for below in category.subcategories))
    }


def _ids(entries: Iterable[object]) -> set[str]:
    return {str(getattr(entry, "id", "")) for entry in entries}


def _dependency_cycles(taxonomy: Taxonomy, documents: Mapping[str, Document]) -> Iterator[Diagnostic]:
    needs: dict[str, list[str]] = {}
    for service in taxonomy.services:
        needs.setdefault(service.id, []).extend(service.depends_on)
    for index, service in enumerate(taxonomy.services):
        for place, needed in enumerate(service.depends_on):
            way = _way(needs, needed, service.id)
            # each circle is told once, at the service whose key sorts first
            if way is not None and service.id == min(way):
                yield _error(
                    documents["services"],
                    ("services", index, "depends_on", place),
                    "dependency-cycle",
                    f"services depend on each other in a circle: {' > '.join((service.id, *way))}",
                    "leave out the one that works, if badly, without the next",
                )


def _way(needs: Mapping[str, list[str]], start: str, goal: str) -> list[str] | None:
    """The shortest way along `needs`, both ends included."""
    ways = {start: [start]}
    pending = [start]
    for key in pending:
        if key == goal:
            return ways[key]
        for needed in needs.get(key, ()):
            if needed not in ways:
                ways[needed] = [*ways[key], needed]
                pending.append(needed)
    return None


def _unknown_zones(taxonomy: Taxonomy, documents: Mapping[str, Document]) -> Iterator[Diagnostic]:
    places: list[tuple[str, Keys, str | None]] = [("incidentbook", ("zone",), taxonomy.settings.zone)]
    for index, calendar in enumerate(taxonomy.calendars_file.calendars):
        places.append(("calendars", ("calendars", index, "zone"), calendar.zone))
    for index, team in enumerate(taxonomy.teams):
        if team.rotation is not None:
            places.append(("teams", ("teams", index, "rotation", "zone"), team.rotation.zone))
    for file, keys, zone in places:
        if zone is not None and not _is_zone(zone):
            yield _error(
                documents[file],
                keys,
                "unknown-zone",
                f"there is no time zone `{zone}`",
                "use an IANA name such as Europe/Berlin or UTC",
            )


def _is_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True


def _error(document: Document, keys: Keys, code: str, message: str, help_: str | None) -> Diagnostic:
    return Diagnostic(code, Severity.ERROR, message, document.path, document.span(*keys), help_)
