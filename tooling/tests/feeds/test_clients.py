"""Clients of Statuspage that others wrote, pointed at the built site and asked what they see."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import whadup
from prometheus_client.parser import text_string_to_metric_families

from browserbed import Sites, node, node_package
from incidentbook.archive import open_repository
from incidentbook.commands.import_ import run
from incidentbook.commands.session import Session
from testbed import SCHEMA, write_files

NO_PROXY = {"NO_PROXY": "127.0.0.1", "no_proxy": "127.0.0.1"}

STATUSPAGE_JS = """\
const { Statuspage, StatuspageUpdates } = require(process.argv[2]);
const page = new Statuspage("sample");
page.axios.defaults.baseURL = process.argv[3];
(async () => {
  const seen = {
    summary: await page.summary(),
    status: await page.status(),
    components: await page.components(),
    allIncidents: await page.allIncidents(),
    unresolvedIncidents: await page.unresolvedIncidents(),
    allMaintenances: await page[Object.getOwnPropertyNames(Object.getPrototypeOf(page))
      .find(name => /^(all)?.*maint.*/i.test(name))](),
  };
  // its watcher looks into the newest update of the newest incident, then and now
  const watcher = Object.create(StatuspageUpdates.prototype);
  watcher.emitted = [];
  const told = [];
  watcher.on("incident_update", incident => told.push(incident.name));
  watcher.curr = seen.allIncidents;
  watcher.prev = { incidents: [{ incident_updates: [{ id: "other", updated_at: new Date(0) }] }] };
  watcher.checkUpdate();
  const dates = seen.allIncidents.incidents.every(one => one.created_at instanceof Date);
  console.log(JSON.stringify({ seen, told, dates }));
})().catch(error => { console.error(error); process.exit(1); });
"""


@pytest.fixture
def answers(sites: Sites) -> dict[str, Any]:
    """The files as they lie in the site."""
    folder = sites["public"].folder / "api" / "v2"
    return {
        path.relative_to(folder).as_posix().removesuffix(".json"): json.loads(path.read_text("utf-8"))
        for path in folder.rglob("*.json")
    }


def test_statuspage_prometheus_exporter(address: str, answers: dict[str, Any], tmp_path: Path) -> None:
    services = tmp_path / "services.json"
    services.write_text(
        json.dumps({"ours": {"url": f"{address}api/v2/summary.json", "name": "Ours"}}), "utf-8"
    )
    metrics = tmp_path / "metrics.prom"
    done = subprocess.run(
        [sys.executable, "-c", "from statuspage_prometheus_exporter.status_monitoring import main; main()"],
        cwd=tmp_path,
        env={
            **os.environ,
            **NO_PROXY,
            "RUN_MODE": "once",
            "SERVICES_JSON_PATH": str(services),
            "METRICS_TEXTFILE_PATH": str(metrics),
        },
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert " - ERROR - " not in done.stderr
    families = text_string_to_metric_families(metrics.read_text("utf-8"))
    samples: dict[str, list[tuple[dict[str, str], float]]] = {}
    for family in families:
        for sample in family.samples:
            samples.setdefault(sample.name, []).append((sample.labels, sample.value))
    summary = answers["summary"]
    assert [value for _, value in samples["statuspage_probe_check"]] == [1]
    assert [value for _, value in samples["statuspage_service_status"]] == [0]
    seen = {labels["component_name"]: value for labels, value in samples["statuspage_component_status"]}
    assert seen == {one["name"]: float(one["status"] == "operational") for one in summary["components"]}
    told = {
        labels["incident_id"]: (labels["incident_name"], labels["impact"], labels["shortlink"])
        for labels, _ in samples["statuspage_incident_info"]
    }
    assert told == {one["id"]: (one["name"], one["impact"], one["shortlink"]) for one in summary["incidents"]}
    planned = {labels["maintenance_id"] for labels, _ in samples["statuspage_maintenance_info"]}
    assert planned == {one["id"] for one in summary["scheduled_maintenances"]}


def test_whadup(address: str, answers: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(whadup, "API_BASE_URL", f"{address}api/")
    for name, value in NO_PROXY.items():
        monkeypatch.setenv(name, value)
    client = whadup.GithubStatus()
    assert {
        "summary": client.summary(),
        "status": client.status(),
        "components": client.components(),
        "incidents": client.Incidents(),
        "incidents/unresolved": client.Incidents.unresolved(),
        "scheduled-maintenances": client.Maintenances(),
        "scheduled-maintenances/upcoming": client.Maintenances.upcoming(),
        "scheduled-maintenances/active": client.Maintenances.active(),
    } == answers


def test_statuspage_js(address: str, answers: dict[str, Any], tmp_path: Path) -> None:
    package = node_package("statuspage.js")
    script = tmp_path / "read.js"
    script.write_text(STATUSPAGE_JS, "utf-8")
    done = node(script, package, f"{address}api/v2", env=NO_PROXY)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert found["seen"]["status"]["status"] == answers["status"]["status"]
    assert [one["id"] for one in found["seen"]["components"]["components"]] == [
        one["id"] for one in answers["components"]["components"]
    ]
    incidents = answers["incidents"]["incidents"]
    assert [one["name"] for one in found["seen"]["allIncidents"]["incidents"]] == [
        one["name"] for one in incidents
    ]
    # every time of ours is one of its
    assert found["dates"]
    assert found["told"] == [incidents[0]["name"]]


def test_our_own_importer(sites: Sites, answers: dict[str, Any], tmp_path: Path) -> None:
    """What one installation publishes, another can take in."""
    write_files(tmp_path, {**SCHEMA, "schema/services.yml": "services: []\n"})
    for name in ("incidents", "scheduled-maintenances"):
        file = sites["public"].folder / "api" / "v2" / f"{name}.json"
        assert run(Session(tmp_path), str(file)) == 0
    archive = open_repository(tmp_path)
    told = answers["incidents"]["incidents"]
    assert sorted(one.record.title for one in archive.incidents) == sorted(one["name"] for one in told)
    ended = {one["name"]: one["resolved_at"] for one in told}
    for one in archive.incidents:
        at = ended[one.record.title]
        assert one.record.resolved == (datetime.fromisoformat(at) if at else None)
    planned = {
        one["name"]: (one["scheduled_for"], one["scheduled_until"])
        for one in answers["scheduled-maintenances"]["scheduled_maintenances"]
    }
    found = {one.record.title: one.record.planned for one in archive.maintenance}
    assert {title: (window.from_, window.to) for title, window in found.items() if window} == {
        title: tuple(map(datetime.fromisoformat, times)) for title, times in planned.items()
    }
