"""Who had a part in an incident; for people of the organisation alone."""

from __future__ import annotations

from collections.abc import Iterator

from incidentbook.pages.hypertext import Html, fact, facts, text
from incidentbook.pages.site import Site
from incidentbook.records import Incident
from incidentbook.records.incident import Assignment, Reporter, Roles


def people_of(incident: Incident, site: Site) -> Html:
    """Name everybody with what they did; nothing, where nobody is named."""
    if not site.internal:
        return Html("")
    return facts(list(_people(incident, site)))


def _people(incident: Incident, site: Site) -> Iterator[Html]:
    if incident.reporter:
        yield _reporter(incident.reporter, site)
    if incident.assignments:
        yield _assigned(incident.assignments[-1], site)
    if incident.roles:
        yield from _roles(incident.roles, site)
    if incident.resolved_by:
        yield fact("Resolved by", text(site.person(incident.resolved_by)))
    if incident.closed_by:
        yield fact("Closed by", text(site.person(incident.closed_by)))


def _reporter(reporter: Reporter, site: Site) -> Html:
    who = site.person(reporter.handle) if reporter.handle else reporter.name
    found = site.taxonomy.channel(reporter.channel) if reporter.channel else None
    channel = found.name if found else reporter.channel
    if who and channel:
        return fact("Reported by", text(who), Html(f"through {text(channel)}"))
    return fact("Reported by", text(who or channel or "somebody"))


def _assigned(assignment: Assignment, site: Site) -> Html:
    team = site.team(assignment.team) if assignment.team else ""
    if assignment.owner:
        return fact("Assigned to", text(site.person(assignment.owner)), text(team))
    return fact("Assigned to", text(team or "nobody"))


def _roles(roles: Roles, site: Site) -> Iterator[Html]:
    for name, handle in (
        ("Incident manager", roles.incident_manager),
        ("Communications", roles.communications_lead),
        ("Scribe", roles.scribe),
    ):
        if handle:
            yield fact(name, text(site.person(handle)))
    if roles.team:
        yield fact("Major incident team", text(", ".join([site.person(handle) for handle in roles.team])))
