"""Every measure, computed a second time by other means, on the samples and on a random set."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
import yaml
from metrics.oracle import Oracle

from testbed import REPOSITORY_ROOT, MakeRepository, RunCli

NOW = "2026-11-20T12:00+00:00"
SLA = """\
policies:
  - {id: first, name: P1, match: {priority: [P1]}, response: 15m, resolution: 4h, valid_until: 2026-06-01}
  - {id: first, name: P1, match: {priority: [P1]}, response: 10m, resolution: 2h, valid_from: 2026-06-01}
  - {id: finding, name: Search, match: {service: [search]}, resolution: 1d 12h, pausing: [user]}
  - {id: security, name: Security, match: {category: [security]}, response: 1h}
  - id: low
    name: Low
    match: {priority: [P4]}
    response: 2h
    resolution: 16h
    calendar: desk
    pausing: [user, vendor]
  - {id: rest, name: Rest, match: {priority: [P2, P3]}, response: 1h, resolution: 1d, pausing: [vendor]}
hold_reasons:
  - {id: vendor, name: Waiting for a vendor}
  - {id: user, name: Waiting for the user}
"""
CALENDARS = """\
calendars:
  - id: desk
    name: Desk hours
    zone: Pacific/Auckland
    hours:
      mon: ["08:00-12:00", "13:00-17:30"]
      tue: ["08:00-17:30"]
      wed: ["08:00-17:30"]
      thu: ["08:00-17:30"]
      sat: ["09:00-23:00"]
    holidays: {country: NZ, days: [2026-04-07]}
"""
SETTINGS = "format: 1\nname: Testbed\nzone: Pacific/Auckland\n"


def assert_same(found: dict[str, Any], expected: dict[str, Any]) -> None:
    for key, value in expected.items():
        if isinstance(value, dict):
            assert_same(found[key], value)
        else:
            assert found[key] == (pytest.approx(value) if isinstance(value, float) else value), key


def assert_reproduced(run_cli: RunCli, root: Path, now: str) -> dict[str, Any]:
    oracle = Oracle(root, now)
    overall: dict[str, Any] = {}
    for dimension in ("month", "service", "priority"):
        outcome = run_cli("--now", now, "stats", "--format", "json", "--by", dimension, repo=root)
        assert outcome.code == 0
        document = json.loads(outcome.out)
        overall = document["overall"]
        assert_same(overall, oracle.figures())
        groups = {group["key"]: group for group in document["groups"]}
        expected = oracle.by(dimension)
        assert {key for key, group in groups.items() if group["incidents"]} == set(expected)
        for key, incidents in expected.items():
            assert_same(groups[key], oracle.figures(incidents))
        left_out = {reason: count for reason, count in oracle.left_out.items() if count}
        assert document["left_out"] == left_out
    return overall


def test_the_sample_records(run_cli: RunCli) -> None:
    if not any(REPOSITORY_ROOT.glob("incidents/*/INC-*.md")):
        pytest.skip("this checkout holds no records")
    assert assert_reproduced(run_cli, REPOSITORY_ROOT, "2026-11-20T09:00+00:00")["incidents"]


@pytest.mark.parametrize("seed", [1, 2])
def test_a_random_set(run_cli: RunCli, make_repository: MakeRepository, seed: int) -> None:
    source = random.Random(seed)
    files = {f"incidents/2026/INC-2026-{n:04}.md": random_incident(source) for n in range(1, 251)}
    schema = {
        "schema/sla.yml": SLA,
        "schema/calendars.yml": CALENDARS,
        "schema/incidentbook.yml": SETTINGS,
    }
    overall = assert_reproduced(run_cli, make_repository({**files, **schema}), NOW)
    # a set that lacks some outcome could not find a fault in it
    assert overall["time_to_restore"]["n"] > 100
    for clock in overall["sla"].values():
        assert min(clock["met"], clock["breached"], clock["running"]) >= 1


def random_incident(source: random.Random) -> str:
    """An incident with anything missing, in any order, in several zones."""
    ago = source.choice([1, 1, 40, 7000, 7000]) * 3600
    opened = datetime.fromisoformat(NOW) - timedelta(seconds=source.randrange(ago))

    def moment(low: float, high: float) -> str:
        zone = timezone(timedelta(minutes=source.choice([0, 60, -210, 345, 780])))
        at = opened + timedelta(seconds=source.randint(int(low * 3600), int(high * 3600)))
        return at.astimezone(zone).isoformat()

    front: dict[str, Any] = {"title": "Something broke", "opened": moment(0, 0)}
    front["status"] = source.choices(
        ["resolved", "closed", "in_progress", "on_hold", "new", "cancelled"], [40, 30, 10, 8, 8, 4]
    )[0]
    for name, share, low, high in (
        ("started", 0.6, -3, 0.5),
        ("detected", 0.5, -3, 0.5),
        ("acknowledged", 0.8, -0.1, 2.5),
        ("mitigated", 0.4, 0, 20),
        ("restored", 0.5, -1, 40),
    ):
        if source.random() < share:
            front[name] = moment(low, high)
    if front["status"] in ("resolved", "closed") and source.random() < 0.95:
        front["resolved"] = moment(-1, source.choice([3, 20, 100, 400]))
    for name in ("impact", "urgency"):
        if source.random() < 0.9:
            front[name] = source.choice(["high", "medium", "low"])
    if source.random() < 0.1:
        front["priority"] = {"value": source.choice(["P1", "P3"]), "reason": "agreed"}
    if source.random() < 0.6:
        front["category"] = source.choice(["application/defect", "security", "data"])
    front |= random_course(source, moment)
    return f"---\n{yaml.safe_dump(front)}---\nBody.\n"


def random_course(source: random.Random, moment: Callable[[float, float], str]) -> dict[str, Any]:
    """What touches the clocks and the groups: services, holds, reopenings, overrides, what leaves it out."""
    front: dict[str, Any] = {}
    named = source.choices(["checkout", "find", "search", "database", "unheard-of"], k=source.randint(0, 3))
    front["services"] = [{"service": name, "state": "partial_outage"} for name in named]
    if source.random() < 0.4:
        front["holds"] = [
            {"from": moment(-1, 30), "reason": source.choice(["user", "vendor"])}
            | ({"to": moment(0, 60)} if source.random() < 0.8 else {})
            for _ in range(source.randint(1, 3))
        ]
    if source.random() < 0.2:
        resolved = source.uniform(0, 20)
        front["reopenings"] = [{"resolved": moment(resolved, resolved), "reopened": moment(resolved, 60)}]
    if source.random() < 0.1:
        due = {"value": moment(1, 30), "reason": "agreed"}
        front["overrides"] = {source.choice(["response_due", "resolution_due"]): due}
    if source.random() < 0.05:
        front["drill"] = True
    if source.random() < 0.05:
        front["links"] = {"duplicate_of": "INC-2026-0001"}
    return front
