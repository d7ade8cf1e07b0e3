"""`incidentbook import statuspage`, from a file to records and back."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from incidentbook.archive import open_repository
from incidentbook.records import Incident, Maintenance
from incidentbook.source.document import MAX_BYTES
from testbed import Corpus, MakeRepository, Outcome, RunCli

Import = Callable[..., Outcome]


def incident(id_: str = "a1", **changes: Any) -> dict[str, Any]:
    return {
        "id": id_,
        "name": "Search finds nothing",
        "status": "resolved",
        "impact": "minor",
        "created_at": "2026-03-01T10:00:00.000Z",
        "started_at": "2026-03-01T10:00:00.000Z",
        "resolved_at": "2026-03-01T12:00:00.000Z",
        "shortlink": f"https://stspg.example/{id_}",
        "components": [{"id": "c1", "name": "Find", "status": "operational"}],
        "incident_updates": [
            {
                "id": f"{id_}-2",
                "status": "resolved",
                "body": "It finds again.",
                "display_at": "2026-03-01T12:00:00.000Z",
            },
            {
                "id": f"{id_}-1",
                "status": "investigating",
                "body": "We are looking.",
                "display_at": "2026-03-01T10:00:00.000Z",
            },
        ],
    } | changes


def open_incident(id_: str = "a1", **changes: Any) -> dict[str, Any]:
    row = incident(id_, status="investigating", resolved_at=None)
    row["incident_updates"] = row["incident_updates"][1:]
    return row | changes


def maintenance(id_: str = "m1", **changes: Any) -> dict[str, Any]:
    return {
        "id": id_,
        "name": "New disks",
        "status": "scheduled",
        "impact": "maintenance",
        "created_at": "2026-02-27T10:00:00.000Z",
        "scheduled_for": "2026-03-05T22:00:00.000Z",
        "scheduled_until": "2026-03-06T02:00:00.000Z",
        "components": [{"id": "c2", "name": "Berth booking", "status": "operational"}],
        "incident_updates": [],
    } | changes


@pytest.fixture
def root(make_repository: MakeRepository) -> Path:
    return make_repository()


@pytest.fixture
def import_(root: Path, tmp_path: Path, run_cli: RunCli) -> Import:
    def run(content: object, *flags: str) -> Outcome:
        file = tmp_path / "feed.json"
        file.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
        return run_cli("import", "statuspage", *flags, str(file), repo=root)

    return run


def record(root: Path, id_: str) -> Any:
    entry = open_repository(root).get(id_)
    assert entry is not None and entry.diagnostics == ()
    return entry.record


def snapshot(root: Path) -> dict[str, tuple[bytes, int]]:
    return {
        str(path.relative_to(root)): (path.read_bytes(), path.stat().st_mtime_ns)
        for path in sorted(root.rglob("*"))
        if path.is_file() and ".cache" not in path.parts
    }


def test_incidents_and_maintenance_come_in(root: Path, import_: Import) -> None:
    outcome = import_({"incidents": [incident()], "scheduled_maintenances": [maintenance()]})
    assert outcome.code == 0, outcome.err
    assert "Wrote 1 incident and 1 maintenance window: INC-2026-0001, MNT-2026-0001." in outcome.out
    found = record(root, "INC-2026-0001")
    assert isinstance(found, Incident)
    assert (found.title, found.status, found.visibility) == ("Search finds nothing", "resolved", "public")
    assert [impact.service for impact in found.services] == ["search"]  # found by its alias
    assert [update.id for update in found.updates] == ["a1-1", "a1-2"]
    assert found.origin is not None and (found.origin.system, found.origin.id) == ("statuspage", "a1")
    window = record(root, "MNT-2026-0001")
    assert isinstance(window, Maintenance) and window.planned is not None
    assert window.planned.from_ is not None and window.planned.from_.day == 5


def test_new_services_are_added_and_the_catalogue_keeps_its_comments(root: Path, import_: Import) -> None:
    services = root / "schema/services.yml"
    services.write_text("# ours\n" + services.read_text() + "# the end\n")
    outcome = import_([maintenance()])
    assert "Added 1 service to schema/services.yml: berth-booking." in outcome.out
    text = services.read_text()
    assert text.startswith("# ours\n")
    assert text.endswith("  - {id: berth-booking, name: Berth booking}\n# the end\n")
    assert open_repository(root).taxonomy.service("berth-booking") is not None


def test_run_twice_it_changes_nothing(root: Path, import_: Import) -> None:
    rows = [incident("a1"), incident("a2", name="Other"), maintenance()]
    import_(rows)
    before = snapshot(root)
    outcome = import_(rows)
    assert outcome.code == 0
    assert outcome.out == "3 records stayed as they were.\n"
    assert snapshot(root) == before


def test_a_dry_run_writes_nothing_and_says_what_it_would(root: Path, import_: Import) -> None:
    before = snapshot(root)
    outcome = import_([incident(), maintenance()], "--dry-run")
    assert outcome.code == 0
    assert "Would write 1 incident and 1 maintenance window: INC-2026-0001, MNT-2026-0001." in outcome.out
    assert "Would add 1 service" in outcome.out
    assert snapshot(root) == before


def test_a_bad_row_is_reported_with_its_line_and_the_rest_goes_in(root: Path, import_: Import) -> None:
    lines = [json.dumps(incident("a1")), "{broken", json.dumps({"id": "x"}), json.dumps(incident("a2"))]
    outcome = import_("\n".join(lines))
    assert outcome.code == 1
    assert "feed.json:2: error: not JSON" in outcome.err
    assert "feed.json:3: error: the incident `x` has no `title` or `name`" in outcome.err
    assert "2 rows did not come in" in outcome.out
    assert len(open_repository(root).incidents) == 2


def test_ids_go_on_behind_those_in_use_by_the_year_in_which_they_were_opened(
    make_repository: MakeRepository, run_cli: RunCli, tmp_path: Path
) -> None:
    root = make_repository({"incidents/2026/INC-2026-0041.md": "---\ntitle: Ours\nstatus: new\n---\n"})
    feed = tmp_path / "feed.json"
    rows = [
        incident("c", created_at="2026-05-01T00:00:00Z"),
        incident("b", created_at="2026-04-01T00:00:00Z"),
        incident("a", created_at="2025-12-31T23:30:00-01:00"),
    ]
    feed.write_text(json.dumps(rows))
    run_cli("import", "statuspage", feed, repo=root)
    origins = {
        entry.id: entry.record.origin.id for entry in open_repository(root).incidents if entry.record.origin
    }
    assert origins == {"INC-2026-0042": "a", "INC-2026-0043": "b", "INC-2026-0044": "c"}


def test_a_record_follows_its_source_and_keeps_what_people_added(root: Path, import_: Import) -> None:
    import_([open_incident()])
    path = root / "incidents/2026/INC-2026-0001.md"
    text = path.read_text().replace(
        "impact: medium\n", "category: application/defect  # ours\nimpact: medium\n"
    )
    path.write_text(text + "What we know.\n")
    outcome = import_([incident(impact="major")])
    assert outcome.code == 0
    assert "Updated 1 record: INC-2026-0001;" in outcome.out
    found = record(root, "INC-2026-0001")
    assert (found.status, found.impact, len(found.updates)) == ("resolved", "high", 2)
    assert found.category == "application/defect"
    after = path.read_text()
    assert "category: application/defect  # ours\n" in after
    assert after.endswith("---\nWhat we know.\n")
    assert import_([incident(impact="major")]).out == "1 record stayed as it was.\n"


def test_a_field_changed_here_is_kept_and_reported(root: Path, import_: Import) -> None:
    import_([open_incident()])
    path = root / "incidents/2026/INC-2026-0001.md"
    path.write_text(path.read_text().replace("title: Search finds nothing", "title: Search is down"))
    outcome = import_([incident()])
    assert "note: INC-2026-0001: `title` was changed here and differs from the source; kept" in outcome.err
    found = record(root, "INC-2026-0001")
    assert (found.title, found.status, len(found.updates)) == ("Search is down", "resolved", 2)
    before = snapshot(root)
    assert import_([incident()]).code == 0
    assert snapshot(root) == before


def test_a_record_that_cannot_be_read_is_not_imported_again(root: Path, import_: Import) -> None:
    import_([incident()])
    path = root / "incidents/2026/INC-2026-0001.md"
    path.write_text(path.read_text().replace("title: ", "title: [", 1))
    before = snapshot(root)
    outcome = import_([incident()])
    assert "cannot be read, and seems to be this incident; kept" in outcome.err
    assert snapshot(root) == before


def test_a_record_with_a_duplicate_key_is_left_to_people(root: Path, import_: Import) -> None:
    import_([open_incident()])
    path = root / "incidents/2026/INC-2026-0001.md"
    path.write_text(path.read_text().replace("status: ", "status: new\nstatus: ", 1))
    before = snapshot(root)
    assert "INC-2026-0001 has errors in its YAML; kept until they are mended" in import_([incident()]).err
    assert snapshot(root) == before


def test_another_export_of_the_same_page_brings_nothing_twice(root: Path, import_: Import) -> None:
    archived = {
        "id": "9001",
        "title": "Search finds nothing",
        "url": "https://status.example/incidents/a1",
        "impact": "minor",
        "started_at": "2026-03-01T10:00:00Z",
        "updates": [],
    }
    import_([archived])
    outcome = import_([incident("a1")])
    assert "1 x came with another export of the page before, under another ID" in outcome.out
    assert len(open_repository(root).incidents) == 1


def test_a_service_taken_out_of_the_catalogue_by_hand_does_not_come_back(root: Path, import_: Import) -> None:
    import_([maintenance()])
    services = root / "schema/services.yml"
    services.write_text(services.read_text().replace("  - {id: berth-booking, name: Berth booking}\n", ""))
    window = root / "incidents/2026/MNT-2026-0001.md"
    window.write_text(window.read_text().replace("berth-booking", "search"))
    before = snapshot(root)
    import_([maintenance()])
    assert snapshot(root) == before


def test_a_catalogue_that_cannot_be_read_stops_everything(root: Path, import_: Import) -> None:
    (root / "schema/services.yml").write_text("services: [\n")
    before = snapshot(root)
    outcome = import_([incident()])
    assert outcome.code == 2
    assert "schema/services.yml:" in outcome.err and "mend it first" in outcome.err
    assert snapshot(root) == before


def test_a_catalogue_that_is_missing_is_made(root: Path, import_: Import) -> None:
    (root / "schema/services.yml").unlink()
    assert import_([incident()]).code == 0
    assert (root / "schema/services.yml").read_text() == (
        "# yaml-language-server: $schema=json/services.schema.json\nservices:\n  - {id: find, name: Find}\n"
    )


@pytest.mark.parametrize("content", ["", "hello", '[{"id": "1"}', "{}", "17", '{"page": {"id": "x"}}'])
def test_what_is_no_import_is_one_line_and_exit_2(root: Path, import_: Import, content: str) -> None:
    before = snapshot(root)
    outcome = import_(content)
    assert outcome.code == 2
    assert outcome.err.startswith("incidentbook: ") and outcome.err.count("\n") == 1
    assert snapshot(root) == before


@pytest.mark.parametrize("name", ["missing.json", "."])
def test_a_file_that_cannot_be_opened_is_one_line_and_exit_2(root: Path, run_cli: RunCli, name: str) -> None:
    outcome = run_cli("import", "statuspage", root / name, repo=root)
    assert outcome.code == 2
    assert "cannot be read" in outcome.err and outcome.err.count("\n") == 1


def test_a_folder_that_is_a_file_is_one_line_and_exit_2(root: Path, import_: Import) -> None:
    (root / "incidents").mkdir()
    (root / "incidents/2026").write_text("a file")
    outcome = import_([incident()])
    assert outcome.code == 2
    assert "cannot be written: Not a directory" in outcome.err and outcome.err.count("\n") == 1


def test_an_empty_list_is_no_error(import_: Import) -> None:
    outcome = import_({"incidents": []})
    assert (outcome.code, outcome.out) == (0, "There was nothing to import.\n")


def test_a_pipe_will_do(root: Path, tmp_path: Path, run_cli: RunCli) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    writer = threading.Thread(target=lambda: pipe.write_text(json.dumps([incident()])))
    writer.start()
    outcome = run_cli("import", "statuspage", pipe, repo=root)
    writer.join()
    assert outcome.code == 0
    assert len(open_repository(root).incidents) == 1


def test_standard_input_will_do(root: Path) -> None:
    command = [sys.executable, "-m", "incidentbook", "--repo", str(root), "import", "statuspage", "-"]
    outcome = subprocess.run(
        command, input="{broken\n" + json.dumps(incident()), capture_output=True, text=True, check=False
    )
    assert outcome.returncode == 1
    assert outcome.stderr.startswith("standard input:1: error: not JSON")
    assert len(open_repository(root).incidents) == 1


def test_an_incident_longer_than_a_record_may_be_is_a_bad_row(root: Path, import_: Import) -> None:
    row = incident()
    row["incident_updates"][0]["body"] = "word " * (MAX_BYTES // 5)
    outcome = import_([row, incident("a2")])
    assert outcome.code == 1
    assert "bytes of text; a record holds 990,000" in outcome.err
    assert len(open_repository(root).incidents) == 1


def test_a_broken_end_comes_in_as_it_is(root: Path, import_: Import) -> None:
    assert import_([incident(resolved_at="2026-02-28T12:00:00Z")]).code == 0
    found = record(root, "INC-2026-0001")
    assert found.resolved < found.opened


def test_it_works_where_nothing_is_committed(root: Path, import_: Import) -> None:
    subprocess.run(["git", "init", "--quiet"], cwd=root, check=True)
    assert import_([incident()]).code == 0


@pytest.mark.parametrize("arguments", [["--help"], ["statuspage", "--help"]])
def test_help(run_cli: RunCli, arguments: list[str]) -> None:
    outcome = run_cli("import", *arguments)
    assert outcome.code == 0
    assert "Example: " in outcome.out


def test_real_history_comes_in_whole_and_once(root: Path, run_cli: RunCli, corpus: Corpus) -> None:
    feed = corpus("github-status/incidents.jsonl")
    outcome = run_cli("import", "statuspage", feed, repo=root)
    assert (outcome.code, outcome.err) == (0, "")
    assert "Wrote 801 incidents and 18 maintenance windows" in outcome.out
    assert "2,860 x updates say only `Update` and keep the status before them" in outcome.out
    archive = open_repository(root)
    incidents: list[Any] = [entry.record for entry in archive.incidents]
    windows: list[Any] = [entry.record for entry in archive.maintenance]
    assert (len(incidents), len(windows)) == (801, 18)
    assert list(archive.diagnostics) == []
    assert sum(not found.services for found in (*incidents, *windows)) == 158
    assert all(window.actual and window.actual.from_ > window.announced for window in windows)
    minutes = sorted((found.restored - found.started).total_seconds() / 60 for found in incidents)
    assert round(sum(minutes) / len(minutes), 1) == 141.3
    assert minutes[400] == 73
    before = snapshot(root)
    assert run_cli("import", "statuspage", feed, repo=root).code == 0
    assert snapshot(root) == before


def test_real_history_that_was_imported_early_ends_as_if_it_had_been_imported_late(
    make_repository: MakeRepository, run_cli: RunCli, corpus: Corpus
) -> None:
    early = corpus("github-status/snapshots/2026-03-28-d4e1d222/incidents.jsonl")
    late = corpus("github-status/incidents.jsonl")
    grown, fresh = make_repository(name="grown"), make_repository(name="fresh")
    run_cli("import", "statuspage", early, repo=grown)
    assert run_cli("import", "statuspage", late, repo=grown).err == ""
    run_cli("import", "statuspage", late, repo=fresh)
    texts = [
        {entry.record.origin.id: entry.document.text for entry in open_repository(root).entries}
        for root in (grown, fresh)
    ]
    assert texts[0] == texts[1]


def test_a_recorded_webhook_comes_in(root: Path, run_cli: RunCli, corpus: Corpus) -> None:
    outcome = run_cli("import", "statuspage", corpus("webhooks/statuspage-incident_update.json"), repo=root)
    assert outcome.code == 0, outcome.err
    found = record(root, "INC-2017-0001")
    assert [update.status for update in found.updates] == ["identified", "resolved"]
