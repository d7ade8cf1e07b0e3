"""Messages of monitoring in the documented shapes, and a repository with a remote to send them to."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from incidentbook.archive import load_archive, open_repository
from incidentbook.gitrepo import open_revision
from incidentbook.records import Incident
from incidentbook.rules.engine import check
from testbed import GIT_ENVIRONMENT, SCHEMA, git, write_files

FIRST = "INC-2026-0001"
"""The record that is written first."""

HOSTILE = (
    'It\'s "quoted" $(touch /tmp/owned) `id`; ${IFS} <script>alert(1)</script> [x](javascript:alert(1)) '
    "\x1b[31mred\x1b]0;title\x07 @everyone Fixes #1 GH-2 \ud800 \u202eevil --- *x* {a: b} | cell"
    "\n---\nstatus: closed"
)
"""A title that tries the shell, YAML, Markdown, HTML, the terminal, the forge and the encoding."""


def alertmanager(
    *, status: str = "firing", starts: str = "2026-11-20T11:50:00.432911368Z",
    ends: str = "0001-01-01T00:00:00Z",
    summary: str = "Checkout answers 502", severity: str = "critical", fingerprint: str = "a1bc48475b20e73d",
    group: str | None = None,
    **labels: str,
) -> dict[str, Any]:  # fmt: skip
    return {
        "receiver": "incidents",
        "status": status,
        "version": "4",
        **({"groupKey": group} if group else {}),
        "truncatedAlerts": 0,
        "groupLabels": {},
        "commonLabels": {"alertname": "CheckoutErrors", "severity": severity},
        "commonAnnotations": {},
        "externalURL": "http://alerts.harbourline.example:9093",
        "alerts": [
            {
                "status": status,
                "labels": {
                    "alertname": "CheckoutErrors",
                    "severity": severity,
                    "service": "checkout",
                    **labels,
                },
                "annotations": {"summary": summary, "description": "One request in five fails."},
                "startsAt": starts,
                "endsAt": ends,
                "generatorURL": "http://metrics.harbourline.example/graph?g0.expr=up",
                "fingerprint": fingerprint,
            }
        ],
    }


def grafana(*, status: str = "firing") -> dict[str, Any]:
    alert = {
        "status": status,
        "labels": {"alertname": "High memory", "app": "checkout"},
        "annotations": {"summary": "Memory is short", "description": "Nine tenths are used."},
        "startsAt": "2026-11-20T12:30:00.157076+02:00",
        "endsAt": "2026-11-20T11:40:00Z" if status == "resolved" else "0001-01-01T00:00:00Z",
        "generatorURL": "https://boards.harbourline.example/alerting/1/edit",
        "fingerprint": "c6eadffa33fcdf37",
        "silenceURL": "https://boards.harbourline.example/alerting/silence/new",
        "values": {"B": 44.2, "C": 1},
    }
    return {
        "receiver": "incidents",
        "status": status,
        "orgId": 1,
        "alerts": [alert],
        "groupLabels": {},
        "commonLabels": {},
        "commonAnnotations": {},
        "externalURL": "https://boards.harbourline.example/",
        "version": "1",
        "groupKey": "{}:{}",
        "title": "[FIRING:1] High memory",
        "state": "alerting",
        "message": "**Firing**",
    }


def grafana_legacy(*, state: str = "alerting") -> dict[str, Any]:
    return {
        "dashboardId": 1,
        "evalMatches": [{"value": 97.5, "metric": "user", "tags": {"job": "checkout"}}],
        "message": "It is hot.",
        "orgId": 1,
        "ruleId": 7,
        "ruleName": "CPU",
        "ruleUrl": "https://boards.harbourline.example/d/1",
        "state": state,
        "tags": {},
        "title": f"[{state.title()}] CPU of the checkout",
    }


def pagerduty(
    *,
    status: str = "triggered",
    event: str | None = None,
    priority: str | None = None,
    at: str = "2026-11-20T11:55:29.781Z",
) -> dict[str, Any]:
    return {
        "event": {
            "id": "01BZYIL05THJDFF2Y08X9SVMTU",
            "event_type": event or f"incident.{status}",
            "resource_type": "incident",
            "occurred_at": at,
            "agent": {"summary": "Shop duty engineer", "type": "user_reference"},
            "data": {
                "id": "PFQZPSY",
                "type": "incident",
                "html_url": "https://harbourline.pagerduty.example/incidents/PFQZPSY",
                "number": 9,
                "status": status,
                "title": "Checkout is slow",
                "service": {"id": "PA2P440", "summary": "Checkout", "type": "service_reference"},
                "teams": [],
                "priority": {"summary": priority} if priority else None,
                "urgency": "high",
            },
        }
    }


def opsgenie(*, action: str = "Create", priority: Any = "P2", alias: str = "queue-full") -> dict[str, Any]:
    return {
        "action": action,
        "alert": {
            "alertId": "ec03dad6-62c8-4c94-b38b-d88f398e900f",
            "message": "Queue is full",
            "alias": alias,
            "tags": ["checkout"],
            "tinyId": "2",
            "entity": "",
            "createdAt": 1795175400288,
            "updatedAt": 1795175500288000110,
            "username": "desk-late",
            "priority": priority,
            "details": {"region": "eu"},
        },
        "source": {"name": "web", "type": "API"},
        "integrationName": "Webhook",
    }


def pingdom(*, state: str = "DOWN") -> dict[str, Any]:
    return {
        "check_id": 803318,
        "check_name": "Checkout",
        "check_type": "HTTP",
        "check_params": {
            "full_url": "https://shop.harbourline.example/",
            "hostname": "shop.harbourline.example",
        },
        "tags": [],
        "previous_state": "UP",
        "current_state": state,
        "importance_level": "HIGH",
        "state_changed_timestamp": 1795175400,
        "state_changed_utc_time": "2026-11-20T11:50:00",
        "description": "HTTP Error 503",
        "long_description": "HTTP Server Error 503 Service Unavailable",
        "version": 1,
    }


def cloudwatch_message(*, state: str = "ALARM", name: str = "checkout-errors") -> dict[str, Any]:
    return {
        "AlarmName": name,
        "AlarmDescription": "Too many errors",
        "AWSAccountId": "123456789012",
        "NewStateValue": state,
        "NewStateReason": "Threshold Crossed: 1 datapoint [5.0] was greater than 1.0.",
        "StateChangeTime": "2026-11-20T11:50:45.093+0000",
        "Region": "EU (Ireland)",
        "OldStateValue": "OK",
        "Trigger": {"MetricName": "Errors", "Dimensions": [{"name": "service", "value": "checkout"}]},
    }


def cloudwatch(*, state: str = "ALARM") -> dict[str, Any]:
    return {
        "Type": "Notification",
        "MessageId": "e288882d-4281-5be4-8fde-dccc11c8cb01",
        "TopicArn": "arn:aws:sns:eu-west-1:123456789012:alarms",
        "Subject": 'ALARM: "checkout-errors" in EU (Ireland)',
        "Message": json.dumps(cloudwatch_message(state=state)),
        "Timestamp": "2026-11-20T11:50:45.134Z",
    }


def eventbridge(*, state: str = "ALARM") -> dict[str, Any]:
    return {
        "version": "0",
        "id": "c4c1c1c9-6542-e61b-6ef0-8c4d36933a92",
        "detail-type": "CloudWatch Alarm State Change",
        "source": "aws.cloudwatch",
        "account": "123456789012",
        "time": "2026-11-20T11:50:46Z",
        "region": "eu-west-1",
        "resources": ["arn:aws:cloudwatch:eu-west-1:123456789012:alarm:checkout-errors"],
        "detail": {
            "alarmName": "checkout-errors",
            "configuration": {
                "description": "Too many errors",
                "metrics": [
                    {"metricStat": {"metric": {"dimensions": {"service": "checkout"}, "name": "Errors"}}}
                ],
            },
            "state": {"value": state, "reason": "Threshold", "timestamp": "2026-11-20T11:50:45.093+0000"},
            "previousState": {"value": "OK"},
        },
    }


def statuspage(*, status: str = "investigating") -> dict[str, Any]:
    return {
        "meta": {"generated_at": "2026-11-20T11:52:00Z"},
        "page": {"id": "jb7j80lkgqvb", "status_indicator": "major"},
        "incident": {
            "id": "z3lct0r596n4",
            "name": "Cards are refused",
            "status": status,
            "impact": "major",
            "created_at": "2026-11-20T11:40:00.507Z",
            "resolved_at": "2026-11-20T11:58:00Z" if status == "resolved" else None,
            "shortlink": "https://stspg.example/646947c1e",
            "incident_updates": [
                {"status": status, "body": "We are looking into it.", "created_at": "2026-11-20T11:41:00Z"}
            ],
            "components": [{"name": "Checkout", "status": "partial_outage"}],
        },
    }


FIRING: dict[str, dict[str, Any]] = {
    "alertmanager": alertmanager(group="{}:{}"),
    "grafana": grafana(),
    "grafana-legacy": grafana_legacy(),
    "pagerduty": pagerduty(),
    "opsgenie": opsgenie(),
    "pingdom": pingdom(),
    "cloudwatch": cloudwatch(),
    "cloudwatch-raw": cloudwatch_message(),
    "cloudwatch-eventbridge": eventbridge(),
    "statuspage": statuspage(),
}
"""One message of each documented shape that says that something is wrong with the checkout."""

RESOLVED: dict[str, dict[str, Any]] = {
    "alertmanager": alertmanager(group="{}:{}", status="resolved", ends="2026-11-20T11:58:00Z"),
    "grafana": grafana(status="resolved"),
    "grafana-legacy": grafana_legacy(state="ok"),
    "pagerduty": pagerduty(status="resolved"),
    "opsgenie": opsgenie(action="Close"),
    "pingdom": pingdom(state="UP"),
    "cloudwatch": cloudwatch(state="OK"),
    "cloudwatch-raw": cloudwatch_message(state="OK"),
    "cloudwatch-eventbridge": eventbridge(state="OK"),
    "statuspage": statuspage(status="resolved"),
}
"""The same things when they are over."""


def dispatched(payload: Any) -> dict[str, Any]:
    """A payload as GitHub's `repository_dispatch` event hands it on."""
    return {"action": "alert", "client_payload": payload, "repository": {"full_name": "harbourline/records"}}


def payload_file(folder: Path, payload: Any, name: str = "payload.json") -> Path:
    path = folder / name
    path.write_text(json.dumps(payload), encoding="utf-8")
    return path


def repository_with_remote(folder: Path) -> Path:
    """A records repository with one commit on main, pushed to a bare remote beside it."""
    root, remote = folder / "records", folder / "remote.git"
    root.mkdir()
    write_files(root, {**SCHEMA, ".gitignore": ".cache/\n"})
    git(folder, "init", "--quiet", "--bare", "--initial-branch=main", str(remote))
    git(root, "init", "--quiet", "--initial-branch=main")
    for key, value in (
        ("user.name", GIT_ENVIRONMENT["GIT_AUTHOR_NAME"]),
        ("user.email", "one@example.invalid"),
    ):
        git(root, "config", key, value)
    git(root, "add", "--all")
    git(root, "commit", "--quiet", "--message", "Begin")
    git(root, "remote", "add", "origin", str(remote))
    git(root, "push", "--quiet", "-u", "origin", "main")
    return root


def incident(root: Path, id_: str = FIRST, *, revision: str | None = None) -> Incident:
    """A record that was taken in, on disk or on a branch; what is no sound record is no success."""
    archive = load_archive(open_revision(root, revision)) if revision else open_repository(root)
    entry = archive.get(id_)
    assert entry is not None and entry.diagnostics == (), entry
    record = entry.record
    assert isinstance(record, Incident)
    return record


def findings(root: Path, *, strict: bool = False) -> list[str]:
    """What the check finds: errors, or all there is."""
    archive = open_repository(root)
    now = archive.taxonomy.settings.now
    assert now is not None
    return [
        f"{one.code}: {one.message}"
        for one in check(archive, now=now).diagnostics
        if strict or one.severity == "error"
    ]
