"""Reviews that are owed, and reviews that say too little."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from incidentbook.clocks import ReviewDuty
from incidentbook.diagnostics import Severity
from incidentbook.records import ActionState, Incident, Problem, Review
from incidentbook.rules.cases import ArchiveCase, RecordCase, RepositoryCase
from incidentbook.rules.registry import Finding, archive_rule, record_rule, repository_rule
from incidentbook.rules.relations import incident_of

_DONE = ("resolved", "closed")


@repository_rule(Severity.WARNING)
def review_missing(case: RepositoryCase) -> Iterator[Finding]:
    """A review is required, and nobody has begun to write it.

    ## What it does

    Finds incidents that are resolved, that the review policy asks a review of, and that no review
    covers. `incidentbook reviews` lists all that are owed. Once it is due, `review-overdue` says so
    instead.

    ## Why it matters

    What is not written down while people remember it is not learned.

    ## Example

    ```yaml
    status: resolved
    major: true
    resolved: 2026-11-19T09:30+00:00  # <- here
    # no closed
    # no closed_by
    ```

    ## Use instead

    ```yaml
    status: resolved
    major: true
    resolved: 2026-11-19T09:30+00:00
    # no closed
    # no closed_by
    overrides:
      review_required: {value: false, reason: A rehearsal that was declared late.}
    ```
    """
    for duty in case.duties:
        if duty.review is None and not duty.overdue:
            path = duty.incident.path
            yield Finding(
                case.span(path, "resolved"),
                f"a review is required ({_why(duty)}) and not begun; it is due by {duty.due_day}",
                f"write {path.removesuffix('.md')}.review.md, "
                "or set `overrides.review_required` with a reason",
                path,
            )


@repository_rule(Severity.WARNING)
def review_overdue(case: RepositoryCase) -> Iterator[Finding]:
    """A required review is not published though its time is over.

    ## What it does

    Finds incidents whose review is required and was due before now. It is a warning here, so that
    an old debt never keeps anybody from logging a new outage; `incidentbook reviews --overdue` is
    the gate for it.

    ## Why it matters

    After two weeks nobody remembers why a decision was taken.

    ## Example

    ```yaml
    major: true
    resolved: 2026-03-02T09:30+00:00  # <- here
    ```

    ## Use instead

    ```yaml
    major: true
    resolved: 2026-03-02T09:30+00:00
    overrides:
      review_due: {value: 2026-12-18T16:00+00:00, reason: The vendor's report arrives in December.}
    ```
    """
    for duty in case.duties:
        if duty.overdue:
            state = "not begun" if duty.review is None else f"`{duty.status}`"
            path = duty.incident.path
            yield Finding(
                case.span(path, "resolved"),
                f"the review ({_why(duty)}) was due by {duty.due_day} and is {state}",
                f"finish and publish {duty.review.path if duty.review else 'it'}; "
                "`overrides.review_due` with a reason moves the day",
                path,
            )


@repository_rule(Severity.ERROR)
def closed_without_review(case: RepositoryCase) -> Iterator[Finding]:
    """An incident was closed before its review was published.

    ## What it does

    Finds closed incidents that pull a trigger of the policy's `before_closing` (major incidents,
    unless it says otherwise) and have no published review.

    ## Why it matters

    Closing says that nothing is left to do.

    ## Example

    ```yaml
    status: closed  # <- here
    major: true
    ```

    ## Use instead

    ```yaml
    status: resolved
    major: true
    # no closed
    # no closed_by
    ```
    """
    for duty in case.duties:
        if duty.before_closing and duty.incident.record.status == "closed":
            path = duty.incident.path
            yield Finding(
                case.span(path, "status"),
                "the incident is closed, but the review that must be published before is not",
                "set the status back to `resolved` until the review is published",
                path,
            )


def _why(duty: ReviewDuty) -> str:
    reasons = (trigger.value.replace("_", " ") for trigger in duty.required_because)
    return ", ".join(reasons) or "the record asks for it"


@record_rule(Severity.ERROR, kinds=("review",), draft=Severity.NOTE)
def missing_heading(case: RecordCase[Review]) -> Iterator[Finding]:
    """A review leaves out a heading that every review has.

    ## What it does

    Compares the headings of the text with those that schema/reviews.yml requires. Case, a number
    before and punctuation after a heading do not matter, nor do level and order; more headings are
    welcome. In a draft it is a note.

    ## Why it matters

    The headings are the questions that have to be asked each time, above all when nobody thinks
    of them.

    ## Example

    ```markdown
    ## Summary

    One order in five failed for 85 minutes.
    ```

    ## Use instead

    ```markdown
    ## Summary

    One order in five failed for 85 minutes.

    ## Actions

    See above.
    ```
    """
    from incidentbook.markdown.outline import heading_key  # noqa: PLC0415

    policy = _policy(case)
    required = policy.headings if policy is not None else ()
    present = {section.key for section in case.outline}
    missing = [heading for heading in required if heading_key(heading) not in present]
    for heading in missing:
        yield Finding(
            case.span("status"),
            f"the review has no heading `{heading}`",
            f"add `## {heading}`; if there is nothing to say, say why",
        )


@record_rule(Severity.ERROR, kinds=("review",), draft=Severity.NOTE)
def empty_heading(case: RecordCase[Review]) -> Iterator[Finding]:
    """Below a required heading stands nothing.

    ## What it does

    Finds required headings with nothing below them but blank lines, comments, or a placeholder such
    as TODO, TBD or `...`. In a draft it is a note.

    ## Why it matters

    An empty heading looks as if the question had been asked. "None" is an answer; nothing is not.

    ## Example

    ```markdown
    ## Summary

    TODO

    ## Actions

    None.
    ```

    ## Use instead

    ```markdown
    ## Summary

    One order in five failed for 85 minutes.

    ## Actions

    None.
    ```
    """
    from incidentbook.markdown.outline import heading_key  # noqa: PLC0415

    policy = _policy(case)
    required = {heading_key(heading) for heading in (policy.headings if policy is not None else ())}
    sections = [section for section in case.outline if section.key in required]
    told = {section.key for section in sections if not section.is_blank}
    for section in sections:
        if section.key not in told:
            yield Finding(
                case.document.body_span(section.start, section.end),
                f"below `{section.title}` stands nothing yet",
                "answer it; if there is nothing to say, say why",
            )


def _policy(case: RecordCase[Any]) -> Any:
    """The policy in force: by the start of the review, because the incident is another record."""
    return case.taxonomy.review_policy(case.record.published or case.record.started)


@record_rule(Severity.ERROR, kinds=("review", "problem"), draft=Severity.WARNING, having=("actions",))
def action_without_owner(case: RecordCase[Review | Problem]) -> Iterator[Finding]:
    """An action belongs to nobody.

    ## What it does

    Finds open and finished actions of reviews and problems without an `owner`. In a draft it is a
    warning.

    ## Why it matters

    What everybody should do, nobody does.

    ## Example

    ```yaml
    actions:
      - {title: Alert on the pool's free connections, type: detect, due: 2026-04-01}  # <- here
    ```

    ## Use instead

    ```yaml
    actions:
      - {title: Alert on the pool's free connections, type: detect, due: 2026-04-01, owner: first-responder}
    ```
    """
    for index, action in enumerate(case.record.actions):
        if action.state is not ActionState.DROPPED and action.owner is None:
            yield Finding(
                case.span("actions", index),
                f"nobody owns the action `{_short(action.title)}`",
                "add `owner:`",
            )


@record_rule(Severity.ERROR, kinds=("review", "problem"), draft=Severity.WARNING, having=("actions",))
def action_without_due(case: RecordCase[Review | Problem]) -> Iterator[Finding]:
    """An action has no date.

    ## What it does

    Finds open actions of reviews and problems without a `due` day. In a draft it is a warning.

    ## Why it matters

    An action without a date is never late.

    ## Example

    ```yaml
    actions:
      - {title: Alert on the pool's free connections, type: detect, owner: first-responder}  # <- here
    ```

    ## Use instead

    ```yaml
    actions:
      - {title: Alert on the pool's free connections, type: detect, owner: first-responder, due: 2026-12-01}
    ```
    """
    for index, action in enumerate(case.record.actions):
        if action.state is ActionState.OPEN and action.due is None:
            yield Finding(
                case.span("actions", index),
                f"the action `{_short(action.title)}` has no `due` day",
                "add `due:`",
            )


@record_rule(Severity.ERROR, kinds=("review", "problem"), having=("actions",))
def action_without_evidence(case: RecordCase[Review | Problem]) -> Iterator[Finding]:
    """An action is said to be done, and nothing shows it.

    ## What it does

    Finds actions in the state `done` without `evidence` or without the day (`done`).

    ## Why it matters

    Actions that are ticked off, not done, are why the same incident happens twice.

    ## Example

    ```yaml
    actions:
      - {title: Watch the pool, type: detect, owner: first-responder, due: 2026-04-01, state: done}  # <- here
    ```

    ## Use instead

    ```yaml
    actions:
      - title: Watch the pool
        type: detect
        owner: first-responder
        due: 2026-04-01
        state: done
        done: 2026-03-28
        evidence: Rule pool-free-connections, first fired in the test of 28 March.
    ```
    """
    for index, action in enumerate(case.record.actions):
        if action.state is not ActionState.DONE:
            continue
        lacking = [name for name in ("evidence", "done") if getattr(action, name) is None]
        if lacking:
            yield Finding(
                case.span("actions", index),
                f"the action `{_short(action.title)}` is done, but has no `{'` and no `'.join(lacking)}`",
                "say where one can see it (a change, a test, a dashboard) and on which day it was done",
            )


@record_rule(Severity.WARNING, kinds=("review", "problem"), having=("actions",))
def action_dropped_without_reason(case: RecordCase[Review | Problem]) -> Iterator[Finding]:
    """An action was dropped, and nothing says why.

    ## What it does

    Finds actions in the state `dropped` without a `reason`.

    ## Why it matters

    After the next incident somebody will ask why it was not done.

    ## Example

    ```yaml
    actions:
      - {title: Alert on the pool, type: detect, owner: first-responder, state: dropped}  # <- here
    ```

    ## Use instead

    ```yaml
    actions:
      - {title: Watch the pool, type: detect, owner: first-responder, state: dropped, reason: It is gone.}
    ```
    """
    for index, action in enumerate(case.record.actions):
        if action.state is ActionState.DROPPED and action.reason is None:
            yield Finding(
                case.span("actions", index),
                f"the action `{_short(action.title)}` was dropped without a reason",
                "add `reason:`",
            )


def _first_due(case: RecordCase[Review | Problem]) -> Any:
    days = [
        a.due.toordinal() for a in case.record.actions if a.state is ActionState.OPEN and a.due is not None
    ]
    return min(days, default=None)


@archive_rule(Severity.WARNING, kinds=("review", "problem"), facts=_first_due, having=("actions",))
def action_overdue(case: ArchiveCase[Review | Problem]) -> Iterator[Finding]:
    """An action was to be done by now.

    ## What it does

    Finds open actions of reviews and problems whose `due` day is over.

    ## Why it matters

    Until it is done, the incident can happen again.

    ## Example

    ```yaml
    actions:
      - {title: Alert on the pool, type: detect, owner: first-responder, due: 2026-04-01}  # <- here
    ```

    ## Use instead

    ```yaml
    actions:
      - {title: Alert on the pool, type: detect, owner: first-responder, due: 2026-12-01}
    ```
    """
    today = case.taxonomy.day_of(case.now)
    if date.fromordinal(case.fact) >= today:
        return
    for index, action in enumerate(case.record.actions):
        if action.state is ActionState.OPEN and action.due is not None and action.due < today:
            yield Finding(
                case.span("actions", index, "due"),
                f"the action `{_short(action.title)}` was due on {action.due}; today is {today}",
                "do it, set `state: done` with evidence, move the day, or drop it with a reason",
            )


@record_rule(Severity.ERROR, kinds=("review",), having=("authors", "approvers"))
def approver_is_author(case: RecordCase[Review]) -> Iterator[Finding]:
    """A review was approved by one of its authors.

    ## What it does

    Finds handles that stand both in `authors` and in `approvers`.

    ## Why it matters

    Approval means that somebody else has read it and asks what the authors did not.

    ## Example

    ```yaml
    authors: [first-responder]
    approvers: [first-responder]  # <- here
    ```

    ## Use instead

    ```yaml
    authors: [first-responder]
    approvers: [second-reader]
    ```
    """
    for index, handle in enumerate(case.record.approvers):
        if handle in case.record.authors:
            yield Finding(
                case.span("approvers", index),
                f"`{handle}` approved the own review",
                "let somebody else approve it",
            )


@record_rule(Severity.WARNING, kinds=("review",))
def missing_contributing_factors(case: RecordCase[Review]) -> Iterator[Finding]:
    """A published review names nothing that contributed.

    ## What it does

    Finds published reviews without `contributing_factors`.

    ## Why it matters

    An incident rarely has one cause. The list is what can be compared between incidents.

    ## Example

    ```yaml
    status: published  # <- here
    contributing_factors: []
    ```

    ## Use instead

    ```yaml
    status: published
    contributing_factors:
      - The roll-out skipped the canary, because it was marked urgent.
    ```
    """
    review = case.record
    if (
        review.status == "published"
        and not review.contributing_factors
        and case.lacks("contributing_factors")
    ):
        yield Finding(
            case.span("status"),
            "the review is published, but names no contributing factor",
            "add `contributing_factors:`, what made it possible or worse",
        )


@archive_rule(Severity.WARNING, kinds=("review",))
def facilitator_led_response(case: ArchiveCase[Review]) -> Iterator[Finding]:
    """A review is led by whoever led the response.

    ## What it does

    Compares the `facilitator` with the incident manager of the lead incident.

    ## Why it matters

    Whoever took the decisions can hardly ask without bias why they were taken.

    ## Example

    ```yaml
    facilitator: response-lead  # <- here
    ```

    ## Use instead

    ```yaml
    facilitator: review-host
    ```
    """
    facilitator = case.record.facilitator
    incident = _incident(case)
    if facilitator is None or incident is None or incident.roles is None:
        return
    if incident.roles.incident_manager == facilitator:
        yield Finding(
            case.span("facilitator"),
            f"`{facilitator}` led the response to {case.entry.name.lead_incident}, too",
            "let somebody lead the review who did not lead the response",
        )


@archive_rule(Severity.WARNING, kinds=("review",))
def published_before_resolved(case: ArchiveCase[Review]) -> Iterator[Finding]:
    """A review was published while its incident was not over.

    ## What it does

    Finds published reviews whose lead incident is still open, or was resolved later.

    ## Why it matters

    The most important part, how it ended, is not in it.

    ## Example

    ```yaml
    published: 2026-03-02T08:30+00:00  # <- here
    # no started
    ```

    ## Use instead

    ```yaml
    published: 2026-03-06T15:00+00:00
    ```
    """
    published = case.record.published
    incident = _incident(case)
    if case.record.status != "published" or published is None or incident is None:
        return
    if incident.status not in (*_DONE, "cancelled"):
        yield Finding(
            case.span("published"),
            f"the review is published, but {case.entry.name.lead_incident} is `{incident.status}`",
            "resolve the incident, or set the review back to `in_review`",
        )
    elif incident.resolved is not None and published < incident.resolved:
        yield Finding(
            case.span("published"),
            f"the review was published before {case.entry.name.lead_incident} was resolved",
            "correct `published`",
        )


def _incident(case: ArchiveCase[Review]) -> Incident | None:
    lead = case.entry.name.lead_incident
    return incident_of(case.archive.get(lead)) if lead else None


def _short(title: str) -> str:
    return title if len(title) <= 60 else title[:57] + "..."
