"""What tests of every room share: a small schema, and real Git with a fixed author and dates."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import NamedTuple

REPOSITORY_ROOT = Path(__file__).parents[2]

SCHEMA: dict[str, str] = {
    "schema/incidentbook.yml": "format: 1\nname: Testbed\nzone: UTC\nnow: 2026-11-20T12:00+00:00\n",
    "schema/services.yml": """\
groups:
  - {id: shop, name: Shop}
services:
  - {id: checkout, name: Checkout, group: shop, team: payments, depends_on: [database]}
  - {id: search, name: Search, group: shop, aliases: [find]}
  - {id: database, name: Database, visibility: internal}
""",
    "schema/categories.yml": """\
categories:
  - id: application
    name: Application
    subcategories:
      - {id: deployment, name: Deployment}
      - {id: defect, name: Defect}
  - {id: security, name: Security, security: true}
  - {id: data, name: Data, data_loss: true}
resolution_codes:
  - {id: fixed, name: Fixed}
  - {id: rolled_back, name: Rolled back}
channels:
  - {id: alert, name: Alert}
  - {id: phone, name: Phone}
""",
    "schema/teams.yml": """\
teams:
  - {id: payments, name: Payments, line: 2, members: [duty-one]}
  - {id: desk, name: Service desk, line: 1, members: [duty-two]}
""",
    "schema/people.yml": """\
people:
  - {handle: duty-one, name: First duty engineer, emails: [one@example.invalid]}
  - {handle: duty-two, name: Second duty engineer, emails: [two@example.invalid]}
  - {handle: duty-three, name: Third duty engineer, emails: [three@example.invalid]}
  - {handle: deploy-bot, name: Deployment bot, bot: true}
""",
    "schema/priority.yml": """\
priorities:
  - {id: P1, name: Critical, definition: All hands}
  - {id: P2, name: High, definition: Today}
  - {id: P3, name: Medium, definition: This week}
  - {id: P4, name: Low, definition: When there is time}
matrices:
  - cells:
      high: {high: P1, medium: P2, low: P3}
      medium: {high: P2, medium: P3, low: P4}
      low: {high: P3, medium: P4, low: P4}
""",
    "schema/sla.yml": """\
policies:
  - {id: critical, name: Critical, match: {priority: [P1]}, response: 15m, resolution: 4h}
  - id: standard
    name: Standard
    response: 1h
    resolution: 1d
    pausing: [vendor]
hold_reasons:
  - {id: vendor, name: Waiting for a vendor}
  - {id: user, name: Waiting for the user}
""",
    "schema/calendars.yml": """\
calendars:
  - id: office
    name: Office hours
    zone: Europe/Berlin
    hours:
      mon: ["09:00-17:00"]
      tue: ["09:00-17:00"]
      wed: ["09:00-17:00"]
      thu: ["09:00-17:00"]
      fri: ["09:00-17:00"]
""",
    "schema/reviews.yml": "policies:\n  - {due_working_days: 5}\n",
    "schema/measures.yml": "weights: {partial_outage: 0.3}\n",
    "schema/intake.yml": "confirmations: {days: 10}\n",
    "schema/routing.yml": "rules: []\n",
    "schema/escalation.yml": "paths: []\n",
    "schema/major.yml": "when: []\n",
    "schema/notifications.yml": "# nobody is told\n",
}
"""A small valid schema/, to be overlaid by a test's own files."""

NEW_INCIDENT = """\
---
title: Checkout answers 502 for one request in five
status: new
services:
  - {service: checkout, state: partial_outage, from: 2026-11-19T13:58+00:00}
category: application/deployment
impact: high
urgency: high
reporter: {channel: alert}
opened: 2026-11-19T14:05+00:00
---
Errors began with the 13:55 roll-out; carts survive.
"""
"""The least that somebody writes at 03:00."""

GIT_ENVIRONMENT = {
    "GIT_AUTHOR_NAME": "First duty engineer",
    "GIT_AUTHOR_EMAIL": "one@example.invalid",
    "GIT_AUTHOR_DATE": "2026-11-20T10:00:00+00:00",
    "GIT_COMMITTER_NAME": "First duty engineer",
    "GIT_COMMITTER_EMAIL": "one@example.invalid",
    "GIT_COMMITTER_DATE": "2026-11-20T10:00:00+00:00",
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_NOSYSTEM": "1",
}

MakeRepository = Callable[..., Path]
RunCli = Callable[..., "Outcome"]
CommitAll = Callable[..., str]
Corpus = Callable[[str], Path]


class Outcome(NamedTuple):
    """What a run of the command line gave."""

    code: int
    out: str
    err: str


def write_files(root: Path, files: Mapping[str, str | bytes]) -> None:
    for path, content in files.items():
        target = root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content.encode() if isinstance(content, str) else content)


def git(root: Path, *arguments: str) -> str:
    # a hook that runs the tests names its own repository in GIT_DIR and GIT_INDEX_FILE
    inherited = {key: value for key, value in os.environ.items() if not key.startswith("GIT_")}
    environment = {**inherited, **GIT_ENVIRONMENT}
    return subprocess.run(
        ["git", *arguments], cwd=root, env=environment, check=True, capture_output=True, text=True
    ).stdout


def corpora() -> Path | None:
    """The folder of real data, where this machine has one: INCIDENTBOOK_CORPORA, or ../shared/corpora."""
    named = os.environ.get("INCIDENTBOOK_CORPORA")
    candidates = [Path(named)] if named else [REPOSITORY_ROOT.parent / "shared" / "corpora"]
    return next((folder for folder in candidates if folder.is_dir()), None)
