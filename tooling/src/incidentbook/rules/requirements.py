"""What each state of a record requires, as a table."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from incidentbook.diagnostics import Severity
from incidentbook.records import Handover, Incident, Maintenance
from incidentbook.rules.cases import RecordCase
from incidentbook.rules.documentation import page

_INCIDENT_STAGE: Mapping[str, int] = MappingProxyType(
    {"new": 0, "assigned": 1, "in_progress": 2, "on_hold": 2, "resolved": 3, "closed": 4, "cancelled": 0}
)
"""How far an incident in each state is; a state needs what every earlier stage needs."""

_NEW, _ASSIGNED, _WORKED_ON, _RESOLVED, _CLOSED = range(5)

Lacking = Callable[[RecordCase[Any]], bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class Requirement:
    """Something that a record must have from a stage of its life on.

    Either a `field`, or what the function `lacking` looks for. `message` and `help` are for the
    reader; `{status}` stands for the record's state.
    """

    code: str
    kind: str
    states: frozenset[str]
    field: str | None = None
    lacking: Lacking | None = None
    message: str
    help: str
    documentation: str
    severity: Severity = Severity.ERROR

    def is_unmet(self, case: RecordCase[Any]) -> bool:
        """Whether the record lacks it and nobody tried to write it; for records in one of the states."""
        if self.lacking is not None:
            return self.lacking(case)
        return self.field is not None and not getattr(case.record, self.field) and case.lacks(self.field)


def _from(stage: int) -> frozenset[str]:
    return frozenset(
        state for state, reached in _INCIDENT_STAGE.items() if reached >= stage and state != "cancelled"
    )


_EVERY_INCIDENT = frozenset(_INCIDENT_STAGE)
CANCELLED = frozenset({"cancelled"})


def _no_levels(case: RecordCase[Incident]) -> bool:
    incident = case.record
    return (incident.impact is None and case.lacks("impact")) or (
        incident.urgency is None and case.lacks("urgency")
    )


def _no_reporter(case: RecordCase[Incident]) -> bool:
    reporter = case.record.reporter
    said = reporter is not None and (reporter.channel or reporter.handle or reporter.name)
    return not said and case.lacks("reporter")


def _no_team(case: RecordCase[Incident]) -> bool:
    return not any(a.team for a in case.record.assignments) and case.lacks("assignments")


def _no_owner(case: RecordCase[Incident]) -> bool:
    return not any(a.owner for a in case.record.assignments) and case.lacks("assignments")


def _not_acknowledged(case: RecordCase[Incident]) -> bool:
    incident = case.record
    if incident.acknowledged is not None or not case.lacks("acknowledged"):
        return False
    # Logged after it was over: nobody waited for an answer, and there is no response clock.
    return not (incident.opened and incident.resolved and incident.opened >= incident.resolved)


def _no_open_hold(case: RecordCase[Incident]) -> bool:
    return all(hold.to is not None for hold in case.record.holds) and case.lacks("holds")


def _no_resolution(case: RecordCase[Incident]) -> bool:
    resolution = case.record.resolution
    complete = resolution is not None and resolution.code and resolution.summary and resolution.permanence
    return not complete and (resolution is not None or case.lacks("resolution"))


def _no_manager(case: RecordCase[Incident]) -> bool:
    roles = case.record.roles
    return case.record.major and not (roles and roles.incident_manager) and case.lacks("roles")


def _no_communications(case: RecordCase[Incident]) -> bool:
    roles = case.record.roles
    return case.record.major and not (roles and roles.communications_lead) and case.lacks("roles")


def _no_start(case: RecordCase[Maintenance]) -> bool:
    return not (case.record.actual and case.record.actual.from_) and case.lacks("actual", "from")


def _no_end(case: RecordCase[Maintenance]) -> bool:
    return not (case.record.actual and case.record.actual.to) and case.lacks("actual", "to")


def _no_window(case: RecordCase[Maintenance]) -> bool:
    planned = case.record.planned
    return not (planned and planned.from_ and planned.to) and (planned is not None or case.lacks("planned"))


def _not_taken_over(case: RecordCase[Handover]) -> bool:
    return (not case.record.acknowledged and case.lacks("acknowledged")) or (
        not case.record.acknowledged_by and case.lacks("acknowledged_by")
    )


def _no_cancellation(case: RecordCase[Maintenance]) -> bool:
    return (not case.record.cancelled and case.lacks("cancelled")) or (
        not case.record.cancel_reason and case.lacks("cancel_reason")
    )


_INCIDENT = (
    Requirement(
        code="missing-opened",
        kind="incident",
        states=_EVERY_INCIDENT,
        field="opened",
        message="the incident has no `opened`",
        help="add the time at which it was logged, such as `opened: 2026-03-02T08:20+00:00`",
        documentation=page(
            what="Every incident says when it was logged.",
            why="`opened` starts both SLA clocks, chooses the policy, matrix and services that were in "
            "force, and gives the year of the ID.",
            example="status: new  # <- here\n# no opened",
            instead="status: new\nopened: 2026-03-02T08:20+00:00",
        ),
    ),
    Requirement(
        code="missing-services",
        kind="incident",
        states=_EVERY_INCIDENT,
        field="services",
        message="the incident names no service",
        help="add the services that suffered, each with its state, or waive this rule where there is none",
        severity=Severity.WARNING,
        documentation=page(
            what="Every incident names at least one service.",
            why="Without it, no service page shows the incident and no availability counts it. It is a "
            "warning: logs from elsewhere often lack services, and some incidents concern none.",
            example="status: new  # <- here\nservices: []",
            instead="status: new\nservices:\n"
            "  - {service: checkout, state: partial_outage, from: 2026-03-02T08:05+00:00}",
        ),
    ),
    Requirement(
        code="missing-category",
        kind="incident",
        states=_EVERY_INCIDENT,
        field="category",
        message="the incident has no `category`",
        help="add the nearest category of schema/categories.yml; it may be corrected later",
        documentation=page(
            what="Every incident has a category.",
            why="Categories route incidents, choose service levels, and tell security incidents and data "
            "loss, which need a review, from the rest.",
            example="status: new  # <- here\n# no category",
            instead="status: new\ncategory: application/deployment",
        ),
    ),
    Requirement(
        code="missing-impact-or-urgency",
        kind="incident",
        states=_EVERY_INCIDENT,
        lacking=_no_levels,
        message="the incident has no `impact` or no `urgency`",
        help="add both (high, medium or low): together they give the priority",
        documentation=page(
            what="Every incident says how wide it is (impact) and how pressing (urgency).",
            why="The priority is derived from the two, and the service level from the priority.",
            example="status: new  # <- here\nimpact: high\n# no urgency",
            instead="status: new\nimpact: high\nurgency: high",
        ),
    ),
    Requirement(
        code="missing-reporter",
        kind="incident",
        states=_EVERY_INCIDENT,
        lacking=_no_reporter,
        message="nothing says who or what reported the incident",
        help="add `reporter: {channel: alert}`, or a handle or name",
        documentation=page(
            what="Every incident says how it came in: a channel, a handle or a name.",
            why="Somebody may have to be asked or answered, and how many incidents monitoring finds before "
            "users do is a figure worth knowing.",
            example="status: new  # <- here\n# no reporter",
            instead="status: new\nreporter: {channel: alert}",
        ),
    ),
    Requirement(
        code="missing-assignment",
        kind="incident",
        states=_from(_ASSIGNED),
        lacking=_no_team,
        message="the incident is `{status}`, but was never assigned to a team",
        help="add `assignments: [{at: ..., team: ...}]`; `incidentbook assign` does",
        documentation=page(
            what="From `assigned` on, an incident names the team that has it.",
            why="An incident that nobody has is worked on by nobody, and who handed it to whom is counted "
            "from this list.",
            example="status: assigned  # <- here\nassignments: []",
            instead="status: assigned\nassignments:\n  - {at: 2026-03-02T08:25+00:00, team: shop}",
        ),
    ),
    Requirement(
        code="missing-owner",
        kind="incident",
        states=_from(_WORKED_ON),
        lacking=_no_owner,
        message="the incident is `{status}`, but no assignment has an owner",
        help="add `owner:` to the assignment: a person, or the bot that did it; `incidentbook ack` does",
        documentation=page(
            what="From `in_progress` on, an assignment names the person who works on the incident.",
            why="A team does not answer the telephone; a person does.",
            example="status: in_progress  # <- here\nassignments:\n"
            "  - {at: 2026-03-02T08:25+00:00, team: shop}",
            instead="status: in_progress\nassignments:\n"
            "  - {at: 2026-03-02T08:25+00:00, team: shop, owner: first-responder}",
        ),
    ),
    Requirement(
        code="missing-acknowledged",
        kind="incident",
        states=_from(_WORKED_ON),
        lacking=_not_acknowledged,
        message="the incident is `{status}`, but has no `acknowledged`",
        help="add the time at which somebody took it; `incidentbook ack` does",
        documentation=page(
            what="From `in_progress` on, an incident says when somebody took it. One that was logged after "
            "it was over needs no such time.",
            why="`acknowledged` stops the response clock; without it no target can have been met.",
            example="status: in_progress  # <- here\n# no acknowledged",
            instead="status: in_progress\nacknowledged: 2026-03-02T08:25+00:00",
        ),
    ),
    Requirement(
        code="missing-hold",
        kind="incident",
        states=frozenset({"on_hold"}),
        lacking=_no_open_hold,
        message="the incident is `on_hold`, but no hold is open",
        help="add `holds: [{from: ..., reason: ...}]` without `to` (`incidentbook hold` does), "
        "or change the status",
        documentation=page(
            what="An incident on hold has a hold that has not ended.",
            why="Holds, not the status, pause the resolution clock, and only for the reasons that the policy "
            "names.",
            example="status: on_hold  # <- here\nholds: []",
            instead="status: on_hold\nholds:\n  - {from: 2026-03-02T08:40+00:00, reason: waiting-vendor}",
        ),
    ),
    Requirement(
        code="missing-resolved",
        kind="incident",
        states=_from(_RESOLVED),
        field="resolved",
        message="the incident is `{status}`, but has no `resolved`",
        help="add the time at which the work was done; `incidentbook resolve` does",
        documentation=page(
            what="A resolved or closed incident says when it was resolved.",
            why="`resolved` stops the resolution clock. Every figure leaves out an incident that lacks it.",
            example="status: resolved  # <- here\n# no resolved",
            instead="status: resolved\nresolved: 2026-03-02T09:30+00:00",
        ),
    ),
    Requirement(
        code="missing-resolution",
        kind="incident",
        states=_from(_RESOLVED),
        lacking=_no_resolution,
        message="the incident is `{status}`, but its resolution lacks a code, a summary or its permanence",
        help="add `resolution: {code: ..., summary: ..., permanence: temporary}` or `permanent`; "
        "`incidentbook resolve` does",
        documentation=page(
            what="A resolved or closed incident says how it ended: a code, what was done, and whether that "
            "is temporary or permanent.",
            why="The next person with the same symptoms looks for exactly this.",
            example="status: resolved  # <- here\nresolution: {code: rolled-back}",
            instead="status: resolved\nresolution:\n  code: rolled-back\n"
            "  summary: The 08:00 roll-out was undone.\n  permanence: permanent",
        ),
    ),
    Requirement(
        code="missing-resolver",
        kind="incident",
        states=_from(_RESOLVED),
        field="resolved_by",
        message="the incident is `{status}`, but has no `resolved_by`",
        help="add the handle of who resolved it; a bot where automation did; `incidentbook resolve` does",
        documentation=page(
            what="A resolved or closed incident says who resolved it.",
            why="It is whom one asks, and how many incidents the first line resolves is counted from it.",
            example="status: resolved  # <- here\n# no resolved_by",
            instead="status: resolved\nresolved_by: first-responder",
        ),
    ),
    Requirement(
        code="missing-summary",
        kind="incident",
        states=_from(_RESOLVED),
        field="summary",
        message="the incident is `{status}`, but has no `summary`",
        help="say in two sentences what happened and whom it hurt; `incidentbook resolve --summary` does",
        documentation=page(
            what="A resolved or closed incident has a summary.",
            why="It is what lists, feeds, search results and the status page show.",
            example="status: resolved  # <- here\n# no summary",
            instead="status: resolved\nsummary: One order in five failed for 85 minutes after a roll-out.",
        ),
    ),
    Requirement(
        code="missing-closed",
        kind="incident",
        states=_from(_CLOSED),
        field="closed",
        message="the incident is `closed`, but has no `closed`",
        help="add the time at which it was closed; `incidentbook close` does",
        documentation=page(
            what="A closed incident says when it was closed.",
            why="From then on the record hardly changes, and a recurrence is a new incident.",
            example="status: closed  # <- here\n# no closed",
            instead="status: closed\nclosed: 2026-03-04T10:00+00:00",
        ),
    ),
    Requirement(
        code="missing-closer",
        kind="incident",
        states=_from(_CLOSED),
        field="closed_by",
        message="the incident is `closed`, but has no `closed_by`",
        help="add the handle of who closed it; a bot where automation did; `incidentbook close` does",
        documentation=page(
            what="A closed incident says who closed it.",
            why="Closing says that nothing is left to do; somebody says so.",
            example="status: closed  # <- here\n# no closed_by",
            instead="status: closed\nclosed_by: front-desk",
        ),
    ),
    Requirement(
        code="missing-confirmation",
        kind="incident",
        states=_from(_CLOSED),
        field="confirmation",
        message="the incident is `closed`, but nothing says whether the user agreed",
        help="add `confirmation: {confirmed: true}`, or `false` where nobody answered; "
        "`incidentbook confirm` does",
        documentation=page(
            what="A closed incident says whether the user confirmed the resolution, or was asked in vain.",
            why="Service is restored when the user can work again, not when the ticket says so.",
            example="status: closed  # <- here\n# no confirmation",
            instead="status: closed\nconfirmation: {confirmed: true, at: 2026-03-03T12:00+00:00}",
        ),
    ),
    Requirement(
        code="missing-cancelled",
        kind="incident",
        states=CANCELLED,
        field="cancelled",
        message="the incident is `cancelled`, but has no `cancelled`",
        help="add the time at which it was found to be no incident; `incidentbook cancel` does",
        documentation=page(
            what="A cancelled incident says when it was cancelled.",
            why="Its clocks end there.",
            example="status: cancelled  # <- here\n# no cancelled",
            instead="status: cancelled\ncancelled: 2026-03-02T08:50+00:00",
        ),
    ),
    Requirement(
        code="missing-cancel-reason",
        kind="incident",
        states=CANCELLED,
        field="cancel_reason",
        message="the incident is `cancelled`, but has no `cancel_reason`",
        help="say why it is no incident; `incidentbook cancel -m` does",
        documentation=page(
            what="A cancelled incident says why it is none.",
            why="Cancelled incidents are left out of every figure; the reason is what makes that honest.",
            example="status: cancelled  # <- here\n# no cancel_reason",
            instead="status: cancelled\ncancel_reason: The alert came from the rehearsal of that morning.",
        ),
    ),
    Requirement(
        code="missing-incident-manager",
        kind="incident",
        states=_from(_WORKED_ON),
        lacking=_no_manager,
        message="the incident is major, but has no incident manager",
        help="add `roles: {incident_manager: ...}`",
        severity=Severity.WARNING,
        documentation=page(
            what="A major incident that is being worked on, or was, names its incident manager.",
            why="In a major incident one person leads and others repair; where nobody is named, nobody led.",
            example="status: in_progress  # <- here\nmajor: true\n# no roles",
            instead="status: in_progress\nmajor: true\nroles: {incident_manager: response-lead}",
        ),
    ),
    Requirement(
        code="missing-communications-lead",
        kind="incident",
        states=frozenset({"in_progress", "on_hold"}),
        lacking=_no_communications,
        message="the incident is major and being worked on, but nobody is to write to readers",
        help="add `communications_lead:` to `roles`",
        severity=Severity.WARNING,
        documentation=page(
            what="A major incident that is being worked on names its communications lead.",
            why="Whoever repairs has no hand free to write, and whoever leads is asked by everybody; the "
            "updates that readers wait for need one person who thinks of nothing else.",
            example="status: in_progress  # <- here\nmajor: true\nroles: {incident_manager: response-lead}",
            instead="status: in_progress\nmajor: true\n"
            "roles: {incident_manager: response-lead, communications_lead: front-desk}",
        ),
    ),
)

_REVIEW = (
    Requirement(
        code="missing-author",
        kind="review",
        states=frozenset({"in_review", "published"}),
        field="authors",
        message="the review is `{status}`, but names no author",
        help="add `authors: [...]`",
        documentation=page(
            what="A review that others are to read names who wrote it.",
            why="Readers have questions, and an author may not approve the own work.",
            example="status: in_review  # <- here\nauthors: []",
            instead="status: in_review\nauthors: [first-responder]",
        ),
    ),
    Requirement(
        code="missing-facilitator",
        kind="review",
        states=frozenset({"in_review", "published"}),
        field="facilitator",
        message="the review is `{status}`, but names no facilitator",
        help="add `facilitator:`: somebody who did not lead the response; "
        "`incidentbook review submit --facilitator` does",
        severity=Severity.WARNING,
        documentation=page(
            what="A review that others are to read names who leads it.",
            why="Somebody has to ask the questions that those who were there no longer see.",
            example="status: in_review  # <- here\n# no facilitator",
            instead="status: in_review\nfacilitator: review-host",
        ),
    ),
    Requirement(
        code="missing-approver",
        kind="review",
        states=frozenset({"published"}),
        field="approvers",
        message="the review is published, but nobody approved it",
        help="add `approvers: [...]`: people who are none of its authors; "
        "`incidentbook review publish --approver` does",
        severity=Severity.WARNING,
        documentation=page(
            what="A published review names who approved it.",
            why="What is published speaks for the company; a second pair of eyes has read it.",
            example="status: published  # <- here\napprovers: []",
            instead="status: published\napprovers: [second-reader]",
        ),
    ),
    Requirement(
        code="missing-published",
        kind="review",
        states=frozenset({"published"}),
        field="published",
        message="the review is `published`, but has no `published`",
        help="add the time at which it was published; `incidentbook review publish` does",
        documentation=page(
            what="A published review says when it was published.",
            why="Whether reviews are on time is measured from it.",
            example="status: published  # <- here\n# no published",
            instead="status: published\npublished: 2026-03-06T15:00+00:00",
        ),
    ),
)

_PROBLEM_STATES = frozenset({"open", "known_error", "resolved", "closed"})

_PROBLEM = (
    Requirement(
        code="missing-problem-opened",
        kind="problem",
        states=_PROBLEM_STATES,
        field="opened",
        message="the problem has no `opened`",
        help="add the time at which it was logged",
        documentation=page(
            what="Every problem says when it was logged.",
            why="How long causes stay unknown is measured from it.",
            example="status: open  # <- here\n# no opened",
            instead="status: open\nopened: 2026-03-05T09:00+00:00",
        ),
    ),
    Requirement(
        code="missing-problem-owner",
        kind="problem",
        states=_PROBLEM_STATES - {"closed"},
        field="owner",
        message="the problem is `{status}`, but nobody owns it",
        help="add `owner:`",
        severity=Severity.WARNING,
        documentation=page(
            what="A problem that is not closed names who answers for it.",
            why="Problems have no outage to remind people of them; without an owner they are forgotten.",
            example="status: open  # <- here\n# no owner",
            instead="status: open\nowner: second-reader",
        ),
    ),
    Requirement(
        code="missing-known-error-time",
        kind="problem",
        states=frozenset({"known_error"}),
        field="known_error",
        message="the problem is a known error, but has no `known_error`",
        help="add the time at which cause and workaround were known; `incidentbook problem known-error` does",
        documentation=page(
            what="A known error says when it became one.",
            why="How long analysis takes is measured from `opened` to here.",
            example="status: known_error  # <- here\n# no known_error",
            instead="status: known_error\nknown_error: 2026-03-09T16:00+00:00",
        ),
    ),
    Requirement(
        code="missing-problem-resolved",
        kind="problem",
        states=frozenset({"resolved", "closed"}),
        field="resolved",
        message="the problem is `{status}`, but has no `resolved`",
        help="add the time at which the permanent fix was in; `incidentbook problem resolve` does",
        documentation=page(
            what="A resolved or closed problem says when the fix was in.",
            why="Incidents that follow it show that the fix did not hold.",
            example="status: resolved  # <- here\n# no resolved",
            instead="status: resolved\nresolved: 2026-04-01T10:00+00:00",
        ),
    ),
    Requirement(
        code="missing-permanent-fix",
        kind="problem",
        states=frozenset({"resolved", "closed"}),
        field="permanent_fix",
        message="the problem is `{status}`, but has no `permanent_fix`",
        help="say what removed the cause, or why the cause is accepted; `incidentbook problem resolve` does",
        documentation=page(
            what="A resolved or closed problem says what removed its cause.",
            why="Without it, nobody can tell whether the same cause may come back.",
            example="status: resolved  # <- here\n# no permanent_fix",
            instead="status: resolved\npermanent_fix: The pool is sized from the number of workers.",
        ),
    ),
    Requirement(
        code="missing-problem-closed",
        kind="problem",
        states=frozenset({"closed"}),
        field="closed",
        message="the problem is `closed`, but has no `closed`",
        help="add the time at which it was closed; `incidentbook problem close` does",
        documentation=page(
            what="A closed problem says when it was closed.",
            why="An incident that names it later shows that it was closed too soon.",
            example="status: closed  # <- here\n# no closed",
            instead="status: closed\nclosed: 2026-04-20T10:00+00:00",
        ),
    ),
)

_MAINTENANCE_STATES = frozenset({"scheduled", "in_progress", "completed", "cancelled"})

_MAINTENANCE = (
    Requirement(
        code="missing-window",
        kind="maintenance",
        states=frozenset({"scheduled", "in_progress"}),
        lacking=_no_window,
        message="the maintenance is `{status}`, but its planned window lacks a start or an end",
        help="add `planned: {from: ..., to: ...}`",
        documentation=page(
            what="A maintenance that is to come or under way has a planned window with start and end.",
            why="Users plan around it, and the site shows the services in maintenance for exactly that time.",
            example="status: scheduled  # <- here\nplanned: {from: 2026-12-01T22:00+00:00}",
            instead="status: scheduled\nplanned: {from: 2026-12-01T22:00+00:00, to: 2026-12-02T01:00+00:00}",
        ),
    ),
    Requirement(
        code="missing-maintenance-services",
        kind="maintenance",
        states=_MAINTENANCE_STATES,
        field="services",
        message="the maintenance names no service",
        help="add the services that users will notice it on",
        severity=Severity.WARNING,
        documentation=page(
            what="A maintenance names the services it is done on.",
            why="Without them no service page announces it, and availability cannot leave it out.",
            example="status: scheduled  # <- here\nservices: []",
            instead="status: scheduled\nservices:\n  - {service: checkout, state: degraded_performance}",
        ),
    ),
    Requirement(
        code="missing-actual-start",
        kind="maintenance",
        states=frozenset({"in_progress", "completed"}),
        lacking=_no_start,
        message="the maintenance is `{status}`, but has no `actual.from`",
        help="add the time at which work began; `incidentbook maintenance start` does",
        documentation=page(
            what="A maintenance that has begun says when.",
            why="The plan is a promise; what users felt is measured from the actual window.",
            example="status: completed  # <- here\nactual: {to: 2026-03-10T23:10+00:00}",
            instead="status: completed\nactual: {from: 2026-03-10T22:05+00:00, to: 2026-03-10T23:10+00:00}",
        ),
    ),
    Requirement(
        code="missing-actual-end",
        kind="maintenance",
        states=frozenset({"completed"}),
        lacking=_no_end,
        message="the maintenance is `completed`, but has no `actual.to`",
        help="add the time at which work ended; `incidentbook maintenance complete` does",
        documentation=page(
            what="A completed maintenance says when it ended.",
            why="Without an end it would seem to go on for ever.",
            example="status: completed  # <- here\nactual: {from: 2026-03-10T22:05+00:00}",
            instead="status: completed\nactual: {from: 2026-03-10T22:05+00:00, to: 2026-03-10T23:10+00:00}",
        ),
    ),
    Requirement(
        code="missing-maintenance-cancelled",
        kind="maintenance",
        states=CANCELLED,
        lacking=_no_cancellation,
        message="the maintenance is `cancelled`, but does not say when or why",
        help="add `cancelled:` and `cancel_reason:`; `incidentbook maintenance cancel` does",
        documentation=page(
            what="A cancelled maintenance says when it was called off and why.",
            why="Users who planned around it want to know.",
            example="status: cancelled  # <- here\ncancelled: 2026-03-09T12:00+00:00\n# no cancel_reason",
            instead="status: cancelled\ncancelled: 2026-03-09T12:00+00:00\n"
            "cancel_reason: The replacement disks did not arrive.",
        ),
    ),
)

_HANDOVER_STATES = frozenset({"written", "acknowledged"})

_HANDOVER = (
    Requirement(
        code="missing-handover-time",
        kind="handover",
        states=_HANDOVER_STATES,
        field="at",
        message="the handover does not say when it was written",
        help="add `at:`",
        documentation=page(
            what="A handover says when it was written.",
            why="The last handover of a team is the one that counts; without a time it is the first.",
            example="status: written  # <- here\n# no at\n# no acknowledged\n# no acknowledged_by",
            instead="status: written\nat: 2026-03-02T13:55+00:00\n# no acknowledged\n# no acknowledged_by",
        ),
    ),
    Requirement(
        code="missing-incoming",
        kind="handover",
        states=_HANDOVER_STATES,
        field="incoming",
        message="the handover does not say who takes over",
        help="add `incoming:`, a handle of schema/people.yml",
        documentation=page(
            what="A handover names the person who takes over.",
            why="A note that is for everybody is read by nobody.",
            example="status: written  # <- here\n# no incoming\n# no acknowledged\n# no acknowledged_by",
            instead="status: written\nincoming: second-reader\n# no acknowledged\n# no acknowledged_by",
        ),
    ),
    Requirement(
        code="missing-acknowledgement",
        kind="handover",
        states=frozenset({"acknowledged"}),
        lacking=_not_taken_over,
        message="the handover is `{status}`, but does not say when or by whom",
        help="add `acknowledged:` and `acknowledged_by:`; `incidentbook handover acknowledge` writes both",
        documentation=page(
            what="An acknowledged handover says when it was taken over, and by whom.",
            why="From that minute on the incidents are somebody else's; that is worth a time and a name.",
            example="status: acknowledged  # <- here\n# no acknowledged_by",
            instead="status: acknowledged\nacknowledged_by: second-reader",
        ),
    ),
)

REQUIREMENTS = (*_INCIDENT, *_REVIEW, *_PROBLEM, *_MAINTENANCE, *_HANDOVER)
"""Everything that a state requires: a new requirement is a new row."""
