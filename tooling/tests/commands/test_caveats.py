"""What is broken is told by every verb that shows figures, not by `check` alone."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from incidentbook.archive import open_repository
from incidentbook.commands.caveats import caveats
from incidentbook.metrics import measure
from incidentbook.publication import publish
from incidentbook.records import Audience
from testbed import NEW_INCIDENT, SCHEMA, CommitAll, MakeRepository, RunCli

INCIDENT = "incidents/2026/INC-2026-0001.md"
BROKEN = "incidents/2026/INC-2026-0002.md"
VERBS = (("stats",), ("reviews",), ("sla",), ("export",), ("report", "2026-11"))
SLA = "incidentbook: schema/sla.yml has errors, so that not all of it counts; `incidentbook check` says why\n"
RECORD = f"incidentbook: {BROKEN} cannot be read and is left out; `incidentbook check` says why\n"
COUNTED = "incidentbook: 1 record cannot be read and is left out; `incidentbook check` says why\n"


@pytest.mark.parametrize("verb", VERBS, ids=lambda verb: verb[0])
def test_what_is_broken_is_told_beside_the_figures(
    verb: tuple[str, ...], make_repository: MakeRepository, run_cli: RunCli
) -> None:
    root = make_repository({INCIDENT: NEW_INCIDENT})
    sound = run_cli(*verb, repo=root)
    assert "check` says why" not in sound.err
    (root / "schema/sla.yml").write_text(SCHEMA["schema/sla.yml"] + " x: [\n")
    (root / BROKEN).write_text("garbage")
    outcome = run_cli(*verb, repo=root)
    assert outcome.code == 0
    assert outcome.err.startswith(SLA + (COUNTED if verb[0] in ("export", "report") else RECORD))
    assert "says why" not in outcome.out


@pytest.mark.parametrize(
    "verb",
    [
        *(("stats",), ("reviews",), ("sla",), ("export",), ("report", "2026-11"), ("status",), ("watch",)),
        *(("trends",), ("log",), ("list",), ("search", "x"), ("show", "INC-2026-0001")),
        *(("similar", "x"), ("escalate", "--due"), ("problem", "suggest")),
    ],
    ids=lambda verb: verb[0],
)
def test_for_an_audience_no_record_is_named_of_which_nobody_knows_for_whom_it_is(
    verb: tuple[str, ...], make_repository: MakeRepository, run_cli: RunCli, commit_all: CommitAll
) -> None:
    root = make_repository({INCIDENT: NEW_INCIDENT, BROKEN: "---\nvisibility: restricted\ntitle: [\n---\n"})
    commit_all(root)
    outcome = run_cli(*verb, "--audience", "internal", repo=root)
    assert "INC-2026-0002" not in outcome.out + outcome.err
    assert COUNTED in outcome.err


@pytest.mark.parametrize("verb", ["stats", "reviews", "sla"])
def test_programs_get_json_all_the_same(verb: str, make_repository: MakeRepository, run_cli: RunCli) -> None:
    root = make_repository({INCIDENT: NEW_INCIDENT, BROKEN: "garbage"})
    outcome = run_cli(verb, "--format", "json", repo=root)
    assert json.loads(outcome.out)["dirty"] is False
    assert outcome.err == RECORD


def test_a_policy_that_is_missing_is_told(make_repository: MakeRepository, run_cli: RunCli) -> None:
    root = make_repository()
    (root / "schema/reviews.yml").unlink()
    assert "schema/reviews.yml has errors" in run_cli("reviews", "--overdue", repo=root).err


def test_warnings_of_the_schema_are_left_to_the_check(
    make_repository: MakeRepository, run_cli: RunCli
) -> None:
    root = make_repository()
    (root / "schema/calendars.yml").unlink()
    assert run_cli("reviews", repo=root).err == ""


def test_many_records_are_one_line(make_repository: MakeRepository, run_cli: RunCli) -> None:
    broken = {f"incidents/2026/INC-2026-{number:04d}.md": "" for number in range(1, 4)}
    outcome = run_cli("stats", repo=make_repository(broken))
    assert outcome.err == (
        f"incidentbook: 3 records cannot be read and are left out, {INCIDENT} first; "
        "`incidentbook check` says why\n"
    )


def test_for_one_incident_nobody_reads_the_others(make_repository: MakeRepository, run_cli: RunCli) -> None:
    root = make_repository({INCIDENT: NEW_INCIDENT, BROKEN: "garbage"})
    assert list(caveats(open_repository(root))) == []
    outcome = run_cli("sla", Path(INCIDENT).stem, repo=root)
    assert outcome.code == 0


@pytest.mark.parametrize("audience", [Audience.PUBLIC, Audience.INTERNAL])
def test_a_site_knows_how_many_incidents_its_figures_leave_out(
    make_repository: MakeRepository, audience: Audience
) -> None:
    archive = open_repository(make_repository({INCIDENT: NEW_INCIDENT, BROKEN: "garbage"}))
    now = archive.taxonomy.settings.now
    assert now is not None
    assert measure(publish(archive, audience), now=now).left_out == {"unreadable": 1}
