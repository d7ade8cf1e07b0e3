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


SERVICES = """\
groups:
  - {id: shop, name: Shop}
services:
  - {id: checkout, name: Checkout, group: shop, cost_per_hour: {amount: 1200, currency: EUR}}
  - id: search
    name: Search
    group: shop
    valid_from: 2026-09-10
    aliases: [find]
    cost_per_hour: {amount: 99.5, currency: EUR}
  - {id: database, name: Database, visibility: internal, cost_per_hour: {amount: 10, currency: CHF}}
"""
REVIEWS = """\
policies:
  - {valid_until: 2026-03-01, required_when: [major, security], due_working_days: 3, calendar: desk}
  - {valid_from: 2026-03-01, due_working_days: 5, recurrence_count: 3, recurrence_window: 60d}
"""
MEASURES = """\
weights: {degraded_performance: 0.1, partial_outage: 0.5}
maintenance: %s
goals: {availability: 90, time_to_restore: 10h}
"""
DIMENSIONS = (
    "month",
    "quarter",
    "weekday",
    "service",
    "group",
    "category",
    "priority",
    "team",
    "location",
    "channel",
)
MAINTENANCE = """\
---
title: Upgrade
status: completed
planned: {from: 2026-09-01T08:00+00:00, to: 2026-09-01T12:00+00:00}
actual: {from: 2026-09-01T09:00+00:00, to: 2026-09-02T01:00+00:00}
services: [{service: find, state: major_outage}, {service: checkout, state: partial_outage}]
---
"""
PROBLEM = """\
---
title: Something underneath
status: open
opened: 2026-05-01T08:00+00:00
actions:
  - {title: One, owner: duty-one, due: 2026-11-01}
  - {title: Two, owner: duty-one, due: 2026-12-01}
  - {title: Three, owner: duty-two, due: 2026-07-01, state: done, done: 2026-07-01}
---
"""


def assert_same(found: dict[str, Any], expected: dict[str, Any], where: str = "") -> None:
    for key, value in expected.items():
        if isinstance(value, dict):
            assert_same(found[key], value, f"{where} {key}")
        else:
            assert found[key] == (pytest.approx(value) if isinstance(value, float) else value), (where, key)


def document(run_cli: RunCli, root: Path, now: str, *arguments: str) -> dict[str, Any]:
    outcome = run_cli("--now", now, "stats", "--format", "json", *arguments, repo=root)
    assert outcome.code == 0
    found = json.loads(outcome.out)
    assert isinstance(found, dict)
    return found


def assert_reproduced(
    run_cli: RunCli, root: Path, now: str, dimensions: tuple[str, ...] = DIMENSIONS
) -> dict[str, Any]:
    oracle = Oracle(root, now)

    def services_of(dimension: str, key: str | None) -> list[str] | None:
        """The services whose failures and deployments a group counts; None for all."""
        if dimension == "service":
            return [str(key)]
        if dimension == "group":
            known = {id_ for id_, row in oracle.catalogue.items() if row.get("group") == key}
            unknown = set(oracle.unknown_services()) if key is None else set()
            return sorted(known | unknown)
        return None

    overall: dict[str, Any] = {}
    dimensions = (
        "month",
        "quarter",
        "weekday",
        "service",
        "group",
        "category",
        "priority",
        "team",
        "location",
    )
    for dimension in (*dimensions, "channel"):
        found = document(run_cli, root, now, "--by", dimension)
        overall = found["overall"]
        assert_same(overall, oracle.figures())
        groups = {group["key"]: group for group in found["groups"]}
        expected = oracle.by(dimension)
        assert {key for key, group in groups.items() if group["incidents"]} == set(expected)
        for key, incidents in expected.items():
            figures = oracle.figures(incidents, services_of(dimension, key))
            if dimension not in {"service", "group"}:
                del figures["change_failure"]["deployments"], figures["change_failure"]["rate"]
            assert_same(groups[key], figures, f"{dimension} {key}")
            backlog = groups[key]["backlog"]
            every = oracle.incidents if dimension in {"month", "quarter"} else incidents
            assert_same(backlog, oracle.backlog(datetime.fromisoformat(backlog["at"]), every), str(key))
        left_out = {reason: count for reason, count in oracle.left_out.items() if count}
        assert found["left_out"] == left_out
        assert_same(overall["backlog"], oracle.backlog(oracle.now))
        assert_same(overall["actions"], oracle.actions())
        assert {one["owner"]: (one["incidents"], one["open"]) for one in found["load"]} == oracle.load(
            oracle.now
        )
        assert {one["id"]: one["incidents"] for one in found["articles"] if one["incidents"]} == oracle.uses()
        assert_same_availability(found["availability"], oracle)
    return overall


def assert_same_availability(found: dict[str, Any], oracle: Oracle) -> None:
    window = (datetime.fromisoformat(found["from"]), datetime.fromisoformat(found["to"]))
    expected = oracle.availability(*window)
    assert found["page"] == pytest.approx(expected["page"])
    assert {*oracle.catalogue} & {*expected["services"]} <= {*found["services"]} <= {*expected["services"]}
    for service, share in found["services"].items():
        assert share == pytest.approx(expected["services"][service]), service
    assert found["downtime_cost"] == pytest.approx(expected["cost"], abs=0.02)
    for detail in (found["page_detail"], *found["service_details"].values()):
        if detail["goal"] is not None:
            total = (window[1] - window[0]).total_seconds()
            left = total * (detail["availability"] - detail["goal"])
            assert detail["budget_left_s"] == pytest.approx(left, abs=1e-3)


def test_the_sample_records(run_cli: RunCli) -> None:
    if not any(REPOSITORY_ROOT.glob("incidents/*/INC-*.md")):
        pytest.skip("this checkout holds no records")
    assert assert_reproduced(run_cli, REPOSITORY_ROOT, "2026-11-20T09:00+00:00")["incidents"]


@pytest.mark.parametrize(("seed", "maintenance"), [(1, "false"), (2, "true")])
def test_a_random_set(run_cli: RunCli, make_repository: MakeRepository, seed: int, maintenance: str) -> None:
    source = random.Random(seed)
    files = {f"incidents/2026/INC-2026-{n:04}.md": random_incident(source, n) for n in range(1, 181)}
    files |= {
        f"incidents/2026/INC-2026-{n:04}.review.md": random_review(source)
        for n in source.sample(range(1, 181), 110)
    }
    files |= {
        "incidents/2026/MNT-2026-0001.md": MAINTENANCE,
        "knowledge/problems/PRB-2026-0001.md": PROBLEM,
        "schema/sla.yml": SLA,
        "schema/calendars.yml": CALENDARS,
        "schema/incidentbook.yml": SETTINGS,
        "schema/services.yml": SERVICES,
        "schema/reviews.yml": REVIEWS,
        "schema/measures.yml": MEASURES % maintenance,
        "schema/deployments.csv": "day,service,deployments\n2026-04-01,checkout,40\n2026-06-01,find,30\n"
        "2026-06-01,,9\n2027-01-01,checkout,1000\n",
    }
    overall = assert_reproduced(run_cli, make_repository(files), NOW, DIMENSIONS[:7])
    # a set that lacks some outcome could not find a fault in it
    assert overall["time_to_restore"]["n"] > 80
    assert overall["time_between_failures"]["n"] > 80
    for clock in overall["sla"].values():
        assert min(clock["met"], clock["breached"], clock["running"]) >= 1
    for name, rate in overall["rates"].items():
        assert 0 < rate["count"] < rate["of"], name
    reviews = overall["reviews"]
    assert min(reviews["on_time"], reviews["late"], reviews["overdue"], reviews["pending"]) >= 1
    assert min(overall["actions"][name] for name in ("done", "open", "overdue", "dropped", "done_late")) >= 1
    assert overall["change_failure"]["rate"] is not None


def random_incident(source: random.Random, number: int) -> str:
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
    front |= random_people(source, moment)
    front["links"] = front.get("links", {}) | random_links(source, number)
    for name, share, value in (
        ("major", 0.1, True),
        ("satisfaction", 0.3, {"score": source.randint(1, 5)}),
        ("location", 0.5, source.choice(["Quay", "Warehouse"])),
        ("reporter", 0.5, {"channel": source.choice(["alert", "phone"])}),
        ("resolved_by", 0.7, source.choice(["duty-one", "deploy-bot", "somebody"])),
        ("closed", 0.2, moment(50, 500)),
        ("confirmation", 0.7, {"confirmed": source.random() < 0.5}),
    ):
        if source.random() < share:
            front[name] = value
    return f"---\n{yaml.safe_dump(front)}---\nBody.\n"


def random_course(source: random.Random, moment: Callable[[float, float], str]) -> dict[str, Any]:
    """What touches the clocks and the groups: services, holds, reopenings, overrides, what leaves it out."""
    front: dict[str, Any] = {}
    named = source.choices(["checkout", "find", "search", "database", "unheard-of"], k=source.randint(0, 3))
    states = ["operational", "degraded_performance", "partial_outage", "major_outage"]
    front["services"] = [
        {"service": name, "state": source.choice(states)}
        | ({"from": moment(-2, 1)} if source.random() < 0.4 else {})
        | ({"to": moment(1, 30)} if source.random() < 0.4 else {})
        for name in named
    ]
    if source.random() < 0.4:
        front["holds"] = [
            {"from": moment(-1, 30), "reason": source.choice(["user", "vendor"])}
            | ({"to": moment(0, 60)} if source.random() < 0.8 else {})
            for _ in range(source.randint(1, 3))
        ]
    if source.random() < 0.2:
        resolved = source.uniform(0, 20)
        front["reopenings"] = [{"resolved": moment(resolved, resolved), "reopened": moment(resolved, 60)}]
    if source.random() < 0.05:
        front["overrides"] = {"review_required": {"value": source.random() < 0.5, "reason": "agreed"}}
    elif source.random() < 0.1:
        due = {"value": moment(1, 30), "reason": "agreed"}
        front["overrides"] = {source.choice(["response_due", "resolution_due"]): due}
    if source.random() < 0.05:
        front["drill"] = True
    if source.random() < 0.05:
        front["links"] = {"duplicate_of": "INC-2026-0001"}
    return front


def random_people(source: random.Random, moment: Callable[[float, float], str]) -> dict[str, Any]:
    """Who had it, and who was called."""
    front: dict[str, Any] = {}
    if source.random() < 0.8:
        front["assignments"] = [
            {"at": moment(0, 5)}
            | (
                {"team": source.choice(["desk", "desk", "payments", "nobody"])}
                if source.random() < 0.8
                else {}
            )
            | (
                {"owner": source.choice(["duty-one", "duty-two", "somebody"])}
                if source.random() < 0.7
                else {}
            )
            for _ in range(source.randint(1, 3))
        ]
    if source.random() < 0.2:
        front["escalations"] = [
            {"at": moment(0, 3), "kind": source.choice(["functional", "hierarchical"]), "to": "somebody"}
        ]
    return front


def maybe(source: random.Random, share: float, **values: Any) -> dict[str, Any]:
    return values if source.random() < share else {}


def random_links(source: random.Random, number: int) -> dict[str, Any]:
    """What it belongs to, some of which is not there."""
    others = [f"INC-2026-{other:04}" for other in source.sample(range(1, 191), 3) if other != number]
    found = {
        "problem": source.choice(["PRB-2026-0001", "PRB-2026-0002"]),
        "known_error": source.choice(["PRB-2026-0003", "PRB-2026-0001"]),
        "earlier": others[:1],
        "parent": others[1],
        "articles": source.sample(["one", "two", "three"], 2),
        "caused_by_change": f"CHG-{source.randint(1, 30)}",
    }
    shares = (0.05, 0.03, 0.04, 0.15, 0.3, 0.15)
    return {
        name: value
        for (name, value), share in zip(found.items(), shares, strict=True)
        if source.random() < share
    }


def random_review(source: random.Random) -> str:
    """A review of any state, with promises of any."""
    day = (datetime.fromisoformat(NOW) - timedelta(days=source.randint(0, 250))).date()
    front: dict[str, Any] = {"status": source.choice(["draft", "in_review", "published", "published"])}
    if front["status"] == "published":
        front["published"] = f"{day}T12:00+00:00"
    front["actions"] = [
        {"title": "Do it", "due": day + timedelta(days=source.randint(-30, 60)), "state": state}
        | ({"done": day + timedelta(days=source.randint(-30, 60))} if state == "done" else {})
        for state in source.choices(["open", "done", "dropped"], k=source.randint(0, 3))
    ]
    return f"---\n{yaml.safe_dump(front)}---\n## Summary\nBad.\n"
