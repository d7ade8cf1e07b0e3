"""A small repository in which every kind of record is complete and clean, to be changed by tests."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from incidentbook.diagnostics import Diagnostic
from incidentbook.rules.engine import CheckResult

NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)

SCHEMA: dict[str, str] = {
    "schema/incidentbook.yml": "format: 1\nname: Rules\n",
    "schema/services.yml": """\
services:
  - {id: checkout, name: Checkout, team: shop}
  - {id: payments, name: Payments, team: shop}
  - {id: old-shop, name: Old shop, valid_until: 2025-06-01}
""",
    "schema/categories.yml": """\
categories:
  - id: application
    name: Application
    subcategories:
      - {id: deployment, name: Deployment}
  - {id: telephone, name: Telephone, valid_until: 2025-01-01}
  - {id: security, name: Security, security: true}
resolution_codes:
  - {id: rolled-back, name: Rolled back}
  - {id: restarted, name: Restarted}
channels:
  - {id: alert, name: Alert}
""",
    "schema/teams.yml": "teams:\n  - {id: shop, name: Shop}\n",
    "schema/people.yml": "people:\n"
    + "".join(
        f"  - {{handle: {handle}, emails: [{email}@example.invalid]}}\n"
        for handle, email in (
            ("first-responder", "one"),
            ("second-reader", "two"),
            ("front-desk", "three"),
            ("response-lead", "lead"),
            ("review-host", "host"),
        )
    ),
    "schema/priority.yml": """\
priorities:
  - {id: P1, name: Critical, definition: All hands}
  - {id: P4, name: Low, definition: When there is time}
matrices:
  - valid_from: 2025-01-01
    cells:
      high: {high: P1}
      low: {low: P4}
""",
    "schema/sla.yml": """\
policies:
  - {id: standard, name: Standard, response: 1h, resolution: 4h, pausing: [waiting-vendor]}
hold_reasons:
  - {id: waiting-vendor, name: Waiting for the vendor}
  - {id: waiting-user, name: Waiting for the user}
""",
    "schema/calendars.yml": "calendars: []\n",
    "schema/reviews.yml": """\
policies:
  - required_when: [major, recurrence]
    before_closing: [major]
    headings: [Summary, Actions]
""",
}

INCIDENT = """\
---
title: Checkout answers 502 for one request in five
status: closed
summary: One order in five failed for 85 minutes after a roll-out.
services:
  - {service: checkout, state: partial_outage, from: 2026-03-02T08:05+00:00}
category: application/deployment
impact: low
urgency: low
started: 2026-03-02T08:05+00:00
detected: 2026-03-02T08:15+00:00
opened: 2026-03-02T08:20+00:00
acknowledged: 2026-03-02T08:25+00:00
mitigated: 2026-03-02T09:00+00:00
restored: 2026-03-02T09:30+00:00
resolved: 2026-03-02T09:30+00:00
closed: 2026-03-04T10:00+00:00
reporter: {channel: alert}
assignments:
  - {at: 2026-03-02T08:25+00:00, team: shop, owner: first-responder}
roles: {incident_manager: response-lead}
resolved_by: first-responder
closed_by: front-desk
resolution: {code: rolled-back, summary: The roll-out was undone., permanence: permanent}
confirmation: {confirmed: true, at: 2026-03-03T12:00+00:00}
---
Errors began with the 08:00 roll-out; carts survived.
"""

REVIEW = """\
---
status: published
facilitator: review-host
authors: [first-responder]
approvers: [second-reader]
started: 2026-03-03T09:00+00:00
published: 2026-03-06T15:00+00:00
contributing_factors: [The roll-out skipped the canary.]
actions:
  - title: Alert on the pool
    type: detect
    owner: first-responder
    due: 2026-04-01
    state: done
    done: 2026-03-28
    evidence: Rule pool-free-connections.
---
## Summary

One order in five failed for 85 minutes.

## Actions

See above.
"""

PROBLEM = """\
---
title: Workers keep connections when they die
status: closed
services: [checkout]
category: application/deployment
owner: second-reader
team: shop
opened: 2026-03-05T09:00+00:00
known_error: 2026-03-09T16:00+00:00
resolved: 2026-04-01T10:00+00:00
closed: 2026-04-20T10:00+00:00
root_cause: A worker that dies keeps its connection.
workaround: Restart the workers.
permanent_fix: The pool takes connections back.
---
"""

ARTICLE = """\
---
title: Restart the queue
status: published
type: runbook
services: [checkout]
owner: first-responder
team: shop
reviewed: 2026-05-01
review_by: 2027-05-01
---
Drain it, then restart the workers one after the other.
"""

MAINTENANCE = """\
---
title: New disks for the order database
status: completed
announced: 2026-03-01T10:00+00:00
planned: {from: 2026-03-10T22:00+00:00, to: 2026-03-11T00:00+00:00}
actual: {from: 2026-03-10T22:05+00:00, to: 2026-03-10T23:10+00:00}
services:
  - {service: checkout, state: degraded_performance}
team: shop
---
"""

HANDOVER = """\
---
status: acknowledged
team: shop
at: 2026-11-20T06:00+00:00
outgoing: first-responder
incoming: second-reader
items:
  - {incident: INC-2026-0002, next_step: Watch the error rate until noon.}
acknowledged: 2026-11-20T06:10+00:00
acknowledged_by: second-reader
---
A quiet night.
"""

SUBJECTS: dict[str, tuple[str, str]] = {
    "incident": ("incidents/2026/INC-2026-0001.md", INCIDENT),
    "review": ("incidents/2026/INC-2026-0001.review.md", REVIEW),
    "maintenance": ("incidents/2026/MNT-2026-0001.md", MAINTENANCE),
    "problem": ("knowledge/problems/PRB-2026-0003.md", PROBLEM),
    "article": ("knowledge/articles/drain-the-pool.md", ARTICLE),
    "handover": ("handovers/2026/HND-2026-0001.md", HANDOVER),
}
"""One complete record of each kind, which examples change."""

OTHERS: dict[str, str] = {
    "incidents/2026/INC-2026-0001.md": INCIDENT,
    "incidents/2026/INC-2026-0002.md": INCIDENT,
    "knowledge/problems/PRB-2026-0001.md": PROBLEM.replace("status: closed", "status: known_error")
    .replace("resolved: 2026-04-01T10:00+00:00\n", "")
    .replace("closed: 2026-04-20T10:00+00:00\n", ""),
    "knowledge/problems/PRB-2026-0002.md": PROBLEM.replace("status: closed", "status: open")
    .replace("known_error: 2026-03-09T16:00+00:00\n", "")
    .replace("resolved: 2026-04-01T10:00+00:00\n", "")
    .replace("closed: 2026-04-20T10:00+00:00\n", ""),
    "knowledge/articles/restart-the-queue.md": ARTICLE,
    "knowledge/articles/drain-the-queue.md": ARTICLE.replace("status: published", "status: draft"),
}
"""Records that examples may name."""

CheckFiles = Callable[..., CheckResult]
CheckChange = Callable[..., CheckResult]


def change(record: str, fields: str) -> str:
    """Replace fields of a record by others, and take out those that a comment `# no KEY` names."""
    front, body = record.removeprefix("---\n").split("\n---\n", 1)
    blocks = _blocks(front)
    for key, block in _blocks(fields.strip("\n")).items():
        if key.startswith("# no "):
            blocks.pop(key.removeprefix("# no "), None)
        else:
            blocks[key] = block
    return "---\n" + "\n".join(blocks.values()) + "\n---\n" + body


def _blocks(text: str) -> dict[str, str]:
    """Top-level fields with the lines below them; a key that stands twice stays twice."""
    blocks: dict[str, str] = {}
    last = ""
    for line in text.split("\n"):
        if line.startswith((" ", "-")):
            blocks[last] += "\n" + line
            continue
        last = line if line.startswith("#") else line.partition(":")[0]
        blocks[last] = f"{blocks[last]}\n{line}" if last in blocks else line
    return blocks


def found(result: CheckResult, code: str) -> list[Diagnostic]:
    """The diagnostics of one code."""
    return [diagnostic for diagnostic in result.diagnostics if diagnostic.code == code]


def codes(result: CheckResult) -> list[str]:
    """Every code that was found, in order of output."""
    return [diagnostic.code for diagnostic in result.diagnostics]
