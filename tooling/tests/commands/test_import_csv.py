"""Importing from ITSM tools, on the command line."""

from __future__ import annotations

import csv
import io
import os
import sys
import zipfile
from pathlib import Path

import pytest

from incidentbook.archive import open_repository
from incidentbook.importers.csv_mapping import preset_text
from incidentbook.records import Incident, Level
from testbed import MakeRepository, Outcome, RunCli

COLUMNS = (
    "number,short_description,state,opened_at,resolved_at,closed_at,impact,urgency,priority,category,subcategory,"
    "assignment_group,assigned_to,contact_type,caller_id,cmdb_ci,location,close_code,reopen_count,made_sla"
)
FIRST = (
    "INC0010001,Tills freeze,Closed,21/11/2025 08:00,21/11/2025 10:30,24/11/2025 08:00,1 - High,1 - High,"
    "1 - Critical,Network,Wireless,Field crew,Ada Example,Phone,Bo Example,Till service,Pier 4,Replaced,0,"
    "true"
)
SECOND = (
    "INC0010002,Label printer jams,Resolved,22/11/2025 09:00,22/11/2025 09:45,?,3 - Low,3 - Low,4 - Low,"
    "Hardware,Printer,Service desk,?,Email,?,?,Pier 2,?,0,false"
)
LIST = f"{COLUMNS}\n{FIRST}\n{SECOND}\n"

LOG = """\
number,state,opened_at,sys_updated_at,sys_mod_count,assignment_group,assigned_to,hold_reason,reopen_count,resolved_at
INC7,New,2025-11-21 08:00,2025-11-21 08:00,0,Desk,?,?,0,2025-11-25 12:00
INC7,In Progress,2025-11-21 08:00,2025-11-21 08:20,1,Desk,Ada Example,?,0,2025-11-25 12:00
INC7,On Hold,2025-11-21 08:00,2025-11-21 09:00,2,Desk,Ada Example,Awaiting Caller,0,2025-11-25 12:00
INC7,In Progress,2025-11-21 08:00,2025-11-21 11:00,3,Field crew,Ada Example,Awaiting Caller,0,2025-11-25 12:00
INC7,Resolved,2025-11-21 08:00,2025-11-21 12:00,4,Field crew,Ada Example,?,0,2025-11-25 12:00
INC7,In Progress,2025-11-21 08:00,2025-11-24 08:00,5,Field crew,Ada Example,?,1,2025-11-25 12:00
INC7,Resolved,2025-11-21 08:00,2025-11-25 12:00,6,Field crew,Ada Example,?,1,2025-11-25 12:00
"""


@pytest.fixture
def root(make_repository: MakeRepository) -> Path:
    return make_repository()


def run(
    run_cli: RunCli,
    root: Path,
    text: str | bytes,
    *options: str,
    preset: str = "servicenow",
    zone: str = "UTC",
) -> Outcome:
    file = root.parent / "export.csv"
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    zone_option = ("--timezone", zone) if zone else ()
    chosen = () if "--mapping" in options else ("--preset", preset)
    return run_cli("import", "csv", file, *chosen, *zone_option, *options, repo=root)


def incidents(root: Path) -> dict[str, Incident]:
    return {entry.id: entry.record for entry in open_repository(root).incidents}


def only(root: Path) -> Incident:
    [found] = incidents(root).values()
    return found


def files(root: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(root)): path.read_bytes()
        for path in sorted(root.rglob("*"))
        if path.is_file() and ".cache" not in path.parts
    }


def rejects(root: Path) -> list[dict[str, str]]:
    with (root.parent / "export.csv.rejects.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


# what becomes of a list


def test_a_row_becomes_a_record(root: Path, run_cli: RunCli) -> None:
    ran = run(run_cli, root, f"{COLUMNS}\n{FIRST}\n", zone="Europe/Berlin")
    assert (ran.code, ran.err) == (0, "")
    assert (
        (root / "incidents/2025/INC-2025-0001.md").read_text(encoding="utf-8")
        == """\
---
# yaml-language-server: $schema=../../schema/json/incident.schema.json
title: Tills freeze
status: closed
services:
  - {service: till-service, state: degraded_performance}
category: network/wireless
impact: high
urgency: high
opened: 2025-11-21T08:00+01:00
resolved: 2025-11-21T10:30+01:00
closed: 2025-11-24T08:00+01:00
reporter:
  channel: phone
  name: Bo Example
location: Pier 4
assets:
  - Till service
assignments:
  - {at: 2025-11-21T08:00+01:00, team: field-crew, owner: ada-example}
resolution:
  code: replaced
origin:
  system: servicenow
  id: INC0010001
  digest: 022ce27f640e1743
x-recorded-sla: met
---
"""
    )


def test_unknown_words_are_added_to_the_schema_and_known_ones_found(root: Path, run_cli: RunCli) -> None:
    ran = run(run_cli, root, LIST)
    assert ran.code == 0
    taxonomy = open_repository(root).taxonomy
    assert [service.id for service in taxonomy.services][-1] == "till-service"
    found = taxonomy.category("hardware/printer")
    assert found is not None
    assert found[1] is not None
    assert (found[0].name, found[1].name) == ("Hardware", "Printer")
    assert [team.id for team in taxonomy.teams] == ["payments", "desk", "field-crew"]
    assert taxonomy.person("ada-example") is not None
    assert taxonomy.person("bo-example") is None, "who reports is no person of the repository"
    assert [code.id for code in taxonomy.resolution_codes] == ["fixed", "rolled_back", "replaced"]
    assert [channel.id for channel in taxonomy.channels] == ["alert", "phone", "mail"]
    second = incidents(root)["INC-2025-0002"]
    assert [one.team for one in second.assignments] == ["desk"], "found by its name"
    assert "Added 1 team to schema/teams.yml: field-crew." in ran.out
    assert "Added 1 person to schema/people.yml: ada-example." in ran.out


def test_a_subcategory_joins_a_category_that_was_there(root: Path, run_cli: RunCli) -> None:
    row = SECOND.replace("Hardware,Printer", "Application,Load")
    assert run(run_cli, root, f"{COLUMNS}\n{row}\n").code == 0
    taxonomy = open_repository(root).taxonomy
    application = taxonomy.categories[0]
    assert [below.id for below in application.subcategories] == ["deployment", "defect", "load"]
    assert only(root).category == "application/load"
    assert run_cli("check", repo=root).code == 0


def test_what_was_imported_can_be_checked_and_measured(root: Path, run_cli: RunCli) -> None:
    run(run_cli, root, LIST)
    checked = run_cli("check", repo=root)
    assert checked.code == 0, checked.out
    assert "Traceback" not in checked.err
    assert run_cli("stats", repo=root).code == 0


def test_ids_follow_the_times_of_opening(root: Path, run_cli: RunCli) -> None:
    run(run_cli, root, f"{COLUMNS}\n{SECOND}\n{FIRST}\n")
    assert {id_: one.origin and one.origin.id for id_, one in incidents(root).items()} == {
        "INC-2025-0001": "INC0010001",
        "INC-2025-0002": "INC0010002",
    }


def test_a_year_is_that_of_the_opening_in_utc(root: Path, run_cli: RunCli) -> None:
    text = "number,state,opened_at\nA,New,2026-01-01 00:30\n"
    run(run_cli, root, text, zone="Europe/Berlin")
    assert list(incidents(root)) == ["INC-2025-0001"]


def test_a_state_that_the_file_lacks_is_told_by_its_times(root: Path, run_cli: RunCli) -> None:
    text = "number,opened_at,resolved_at,assignment_group\nA,2025-11-21 08:00,2025-11-21 09:00,\n"
    run(run_cli, root, text + "B,2025-11-21 08:01,,Desk\nC,2025-11-21 08:02,,\n")
    assert [one.status.value for one in incidents(root).values()] == ["resolved", "assigned", "new"]


def test_an_open_incident_has_no_end(root: Path, run_cli: RunCli) -> None:
    row = SECOND.replace("Resolved", "In Progress")
    ran = run(run_cli, root, f"{COLUMNS}\n{row}\n")
    assert only(root).resolved is None
    assert "1 x times of an end are given of incidents that are still open; left out" in ran.out


# what becomes of a log


def test_many_rows_fold_into_one_record(root: Path, run_cli: RunCli) -> None:
    ran = run(run_cli, root, LOG)
    assert (ran.code, ran.err) == (0, "")
    text = (root / "incidents/2025/INC-2025-0001.md").read_text(encoding="utf-8")
    assert "acknowledged: 2025-11-21T08:20+00:00\nresolved: 2025-11-25T12:00+00:00\n" in text
    assert (
        "assignments:\n"
        "  - {at: 2025-11-21T08:00+00:00, team: desk-2}\n"
        "  - {at: 2025-11-21T08:20+00:00, team: desk-2, owner: ada-example}\n"
        "  - {at: 2025-11-21T11:00+00:00, team: field-crew, owner: ada-example}\n"
    ) not in text, "`Desk` is the key `desk` of the service desk"
    assert (
        "assignments:\n"
        "  - {at: 2025-11-21T08:00+00:00, team: desk}\n"
        "  - {at: 2025-11-21T08:20+00:00, team: desk, owner: ada-example}\n"
        "  - {at: 2025-11-21T11:00+00:00, team: field-crew, owner: ada-example}\n"
    ) in text
    assert (
        "holds:\n  - {from: 2025-11-21T09:00+00:00, to: 2025-11-21T11:00+00:00, reason: waiting-user}\n"
        "reopenings:\n  - {resolved: 2025-11-21T12:00+00:00, reopened: 2025-11-24T08:00+00:00}\n"
    ) in text


def test_the_order_of_the_rows_does_not_matter(
    root: Path, make_repository: MakeRepository, run_cli: RunCli
) -> None:
    header, *rows = LOG.splitlines()
    run(run_cli, root, LOG)
    other = make_repository(name="other/records")
    run(run_cli, other, "\n".join([header, *reversed(rows)]) + "\n")
    assert files(root) == files(other)


def test_times_without_a_column_come_from_the_log(root: Path, run_cli: RunCli) -> None:
    rows = [line.split(",") for line in LOG.splitlines()]
    text = "\n".join(",".join([*row[:2], *row[3:9]]) for row in rows) + "\n"
    assert "opened_at" not in text
    assert run(run_cli, root, text).code == 0
    found = only(root)
    assert found.opened is not None
    assert found.resolved is not None
    assert (found.opened.isoformat(), found.resolved.isoformat()) == (
        "2025-11-21T08:00:00+00:00",
        "2025-11-25T12:00:00+00:00",
    )


def test_a_row_in_an_unknown_state_is_set_aside_and_the_others_count(root: Path, run_cli: RunCli) -> None:
    text = LOG.replace(
        "INC7,In Progress,2025-11-21 08:00,2025-11-21 11:00", "INC7,-100,2025-11-21 08:00,2025-11-21 11:00"
    )
    ran = run(run_cli, root, text)
    assert ran.code == 1
    assert "export.csv:5: error: `state` is `-100`, which the mapping does not know" in ran.err
    [rejected] = rejects(root)
    assert (rejected["number"], rejected["state"], rejected["incidentbook_line"]) == ("INC7", "-100", "5")
    assert rejected["incidentbook_reason"] == "`state` is `-100`, which the mapping does not know"
    assert [one.to and one.to.isoformat() for one in only(root).holds] == ["2025-11-21T12:00:00+00:00"]


def test_reopenings_that_the_file_does_not_count_are_none(root: Path, run_cli: RunCli) -> None:
    ran = run(run_cli, root, LOG.replace(",1,2025-11-25", ",0,2025-11-25"))
    assert only(root).reopenings == ()
    assert "1 x incidents leave a resolved state where the file counts no reopening" in ran.out


def test_reopenings_without_times_are_kept_as_a_number(root: Path, run_cli: RunCli) -> None:
    ran = run(run_cli, root, f"{COLUMNS}\n{FIRST.replace('Replaced,0,', 'Replaced,2,')}\n")
    assert only(root).reopenings == ()
    assert only(root).extra["x-recorded-reopenings"] == 2
    assert "see x-recorded-reopenings" in ran.out


def test_several_rows_without_times_of_their_own_give_the_last(root: Path, run_cli: RunCli) -> None:
    text = "number,state,opened_at,short_description\nA,New,2025-11-21 08:00,one\n"
    text += "A,Closed,2025-11-21 08:00,two\n"
    ran = run(run_cli, root, text)
    assert (only(root).title, only(root).status.value) == ("two", "closed")
    assert "no column says when each was written" in ran.out


# priorities


def test_an_empty_repository_takes_over_a_consistent_matrix(root: Path, run_cli: RunCli) -> None:
    text = LIST.replace("4 - Low", "5 - Planning")
    ran = run(run_cli, root, text)
    assert "as ServiceNow recorded it, 2 cells of schema/priority.yml; 7 that no incident has stay" in ran.out
    taxonomy = open_repository(root).taxonomy
    assert [priority.id for priority in taxonomy.priorities] == ["P1", "P2", "P3", "P4", "P5"]
    assert [taxonomy.priority_of(one) for one in incidents(root).values()] == ["P1", "P5"]
    assert [one.priority for one in incidents(root).values()] == [None, None]
    assert taxonomy.matrices[0].cells[Level.MEDIUM][Level.MEDIUM] == "P3", "what was not recorded stays"


def test_priorities_that_are_no_matrix_become_overrides(root: Path, run_cli: RunCli) -> None:
    third = SECOND.replace("INC0010002", "INC0010003").replace("4 - Low", "2 - High")
    ran = run(run_cli, root, f"{LIST}{third}\n")
    assert "impact low with urgency low is P4 (1) and P2 (1); schema/priority.yml stays as it is" in ran.out
    stored = [one.priority and (one.priority.value, one.priority.reason) for one in incidents(root).values()]
    assert stored == [None, None, ("P2", "imported")]


def test_elsewhere_differing_priorities_become_overrides(
    make_repository: MakeRepository, run_cli: RunCli
) -> None:
    own = "---\ntitle: Own\nstatus: new\nopened: 2025-11-01T08:00+00:00\n---\n"
    root = make_repository({"incidents/2025/INC-2025-0001.md": own})
    before = (root / "schema/priority.yml").read_bytes()
    run(run_cli, root, LIST.replace("1 - Critical", "2 - High"))
    assert (root / "schema/priority.yml").read_bytes() == before
    found = incidents(root)["INC-2025-0002"].priority
    assert found is not None
    assert (found.value, found.reason) == ("P2", "imported")


# again


def test_a_second_run_changes_nothing(root: Path, run_cli: RunCli) -> None:
    run(
        run_cli,
        root,
        LIST + FIRST.replace("INC0010001", "INC0010003").replace("1 - Critical", "3 - Moderate") + "\n",
    )
    before = files(root)
    ran = run(
        run_cli,
        root,
        LIST + FIRST.replace("INC0010001", "INC0010003").replace("1 - Critical", "3 - Moderate") + "\n",
    )
    assert files(root) == before
    assert "3 records stayed as they were." in ran.out


def test_a_record_that_nobody_touched_follows_its_source(root: Path, run_cli: RunCli) -> None:
    run(run_cli, root, f"{COLUMNS}\n{SECOND}\n")
    path = root / "incidents/2025/INC-2025-0001.md"
    path.write_text(
        path.read_text().replace("origin:", "links: {articles: [restart]}\norigin:") + "Our own words.\n"
    )
    closed = SECOND.replace("Resolved,", "Closed,").replace("09:45,?", "09:45,25/11/2025 09:45")
    ran = run(run_cli, root, f"{COLUMNS}\n{closed}\n")
    assert "Updated 1 record: INC-2025-0001; closed (1), status (1)." in ran.out
    assert only(root).status == "closed"
    text = path.read_text()
    assert "links: {articles: [restart]}" in text
    assert text.endswith("---\nOur own words.\n")
    before = files(root)
    run(run_cli, root, f"{COLUMNS}\n{closed}\n")
    assert files(root) == before


def test_what_people_changed_stays(root: Path, run_cli: RunCli) -> None:
    run(run_cli, root, f"{COLUMNS}\n{SECOND}\n")
    path = root / "incidents/2025/INC-2025-0001.md"
    path.write_text(path.read_text().replace("title: Label printer jams", "title: Our title"))
    ran = run(run_cli, root, f"{COLUMNS}\n{SECOND}\n")
    assert "title: Our title" in path.read_text()
    assert "note: INC-2025-0001: `title` was changed here and differs from the source; kept" in ran.err


def test_words_that_people_removed_come_back_only_with_new_records(root: Path, run_cli: RunCli) -> None:
    run(run_cli, root, LIST)
    path = root / "schema/teams.yml"
    path.write_text(path.read_text().replace("  - {id: field-crew, name: Field crew}\n", ""))
    before = files(root)
    run(run_cli, root, LIST)
    assert files(root) == before
    run(run_cli, root, LIST + FIRST.replace("INC0010001", "INC0010003") + "\n")
    assert "field-crew" in path.read_text()


def test_a_dry_run_writes_nothing(root: Path, run_cli: RunCli) -> None:
    before = files(root)
    ran = run(run_cli, root, LIST + ",lost,New,21/11/2025 08:00,,,,,,,,,,,,,,,,\n", "--dry-run")
    assert ran.code == 1
    assert files(root) == before
    assert not (root.parent / "export.csv.rejects.csv").exists()
    assert "Would write 2 incidents: INC-2025-0001 to INC-2025-0002." in ran.out
    assert "1 row would not come in; would set them aside in" in ran.out


# options and what is asked for


def test_a_zone_is_asked_for(root: Path, run_cli: RunCli) -> None:
    ran = run(run_cli, root, LIST, zone="")
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.count("\n") == 1
    assert "`21/11/2025 08:00` does not say in which time zone it is; --timezone names it" in ran.err
    unknown = run(run_cli, root, LIST, zone="Mars/Base")
    assert (unknown.code, unknown.err) == (
        2, "incidentbook: there is no time zone `Mars/Base`; use an IANA name such as Europe/Berlin or UTC\n",
    )  # fmt: skip
    assert incidents(root) == {}


def test_an_order_of_dates_is_asked_for(root: Path, run_cli: RunCli) -> None:
    text = "number,state,opened_at\nA,New,03/04/2025 08:00\n"
    ran = run(run_cli, root, text)
    assert ran.code == 2
    assert ran.err.count("\n") == 1
    assert "no date of the file tells day from month, such as `03/04/2025 08:00`; say --date-order" in ran.err
    assert run(run_cli, root, text, "--date-order", "month-first").code == 0
    opened = only(root).opened
    assert opened is not None
    assert opened.month == 3


def test_hours_that_exist_twice_or_not_at_all_are_told(root: Path, run_cli: RunCli) -> None:
    text = "number,state,opened_at\nA,New,30/03/2025 02:30\nB,New,26/10/2025 02:30\n"
    ran = run(run_cli, root, text, zone="Europe/Berlin")
    assert "1 time is in an hour that the clocks skip" in ran.out
    assert "1 time is in an hour that the clocks go through twice" in ran.out


@pytest.mark.parametrize("options", [(), ("--preset", "jira", "--mapping", "x.yml")])
def test_either_a_preset_or_a_mapping(options: tuple[str, ...], root: Path, run_cli: RunCli) -> None:
    ran = run_cli("import", "csv", "x.csv", *options, repo=root)
    assert ran.code == 2
    assert (
        "Say either --preset (bmc-helix, freshservice, infraon, jira, servicedesk-plus, servicenow)"
        in ran.err
    )


def test_a_preset_can_be_copied_and_changed(root: Path, run_cli: RunCli) -> None:
    shown = run_cli("import", "csv", "--show-preset", "servicenow")
    assert (shown.code, shown.out) == (0, preset_text("servicenow"))
    mapping = root.parent / "my.yml"
    mapping.write_text(
        shown.out.replace("system: servicenow", "system: our-desk").replace(
            "[short_description]", "[headline]"
        )
    )
    ran = run(run_cli, root, LIST.replace("short_description", "headline"), "--mapping", str(mapping))
    assert ran.code == 0
    first = incidents(root)["INC-2025-0001"]
    assert first.origin is not None
    assert (first.title, first.origin.system) == ("Tills freeze", "our-desk")


def test_a_broken_mapping_is_one_line(root: Path, run_cli: RunCli) -> None:
    mapping = root.parent / "my.yml"
    mapping.write_text("name: X\nsystem: x\nrows: {id: Number}\nfields:\n  titel: [T]\n")
    ran = run(run_cli, root, LIST, "--mapping", str(mapping))
    assert ran.code == 2
    assert ran.err == (
        f"incidentbook: {mapping}:5:3: `fields.titel` is not a field here (did you mean `title`?)\n"
    )
    missing = run(run_cli, root, LIST, "--mapping", str(root / "none.yml"))
    assert (missing.code, missing.err) == (
        2, f"incidentbook: {root / 'none.yml'} cannot be read: No such file or directory\n",
    )  # fmt: skip


def test_an_unknown_preset_is_one_line(root: Path, run_cli: RunCli) -> None:
    ran = run(run_cli, root, LIST, preset="remedy")
    assert ran.code == 2
    assert ran.err.startswith("incidentbook: there is no preset `remedy`; expected one of bmc-helix")


def test_a_pipe_and_an_archive_give_the_same(
    root: Path, make_repository: MakeRepository, run_cli: RunCli, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(run_cli, root, LIST)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("export.csv", LIST)
    zipped = make_repository(name="zipped/records")
    assert run(run_cli, zipped, packed.getvalue()).code == 0
    piped = make_repository(name="piped/records")
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(LIST.encode("utf-16"))))
    ran = run_cli("import", "csv", "-", "--preset", "servicenow", "--timezone", "UTC", repo=piped)
    assert ran.code == 0
    assert files(root) == files(zipped) == files(piped)


# bad input, by name


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "export.csv: the file is empty"),
        ("id,state\n1,New\n", "no column is the incident's ID (expected `number`); the file has id, state"),
        ("number,state\n1,New\n", "no column is the time of opening (expected `opened_at`, `Opened`"),
    ],
)
def test_a_file_that_cannot_be_imported_is_one_line(
    text: str, message: str, root: Path, run_cli: RunCli
) -> None:
    ran = run(run_cli, root, text)
    assert (ran.code, ran.out) == (2, "")
    assert message in ran.err
    assert ran.err.count("\n") == 1


def test_a_file_that_is_not_there_is_one_line(root: Path, run_cli: RunCli) -> None:
    ran = run_cli("import", "csv", "none.csv", "--preset", "jira", repo=root)
    assert (ran.code, ran.err) == (2, "incidentbook: none.csv cannot be read: No such file or directory\n")


def test_a_header_alone_brings_nothing(root: Path, run_cli: RunCli) -> None:
    ran = run(run_cli, root, COLUMNS + "\n")
    assert (ran.code, ran.err) == (0, "")
    assert "There was nothing to import." in ran.out


def test_bad_rows_are_set_aside_with_their_reasons(root: Path, run_cli: RunCli) -> None:
    text = (
        "number,state,opened_at\n"
        "A,New,21/11/2025 08:00\n"
        "B,New\n"
        "C,New,31/02/2025 08:00\n"
        "D,Lost,21/11/2025 08:00\n"
        ",New,21/11/2025 08:00\n"
        "F,New,\n"
        "G,,21/11/2025 08:00\n"
        'H,"New"x,21/11/2025 08:00\n'
    )
    ran = run(run_cli, root, text)
    assert ran.code == 1
    assert [(row["incidentbook_line"], row["incidentbook_reason"]) for row in rejects(root)] == [
        ("3", "the row has 2 cells, and the header has 3"),
        ("4", "`opened_at` is `31/02/2025 08:00`: not a time: day is out of range for month"),
        ("5", "`state` is `Lost`, which the mapping does not know"),
        ("6", "`number` is empty, so the row could not be told from its next import"),
        ("7", "`opened_at` is empty"),
        ("8", "`state` is empty"),
        ("9", "a quotation mark stands inside a quoted cell; it is written twice there"),
    ]
    assert [row["number"] for row in rejects(root)] == [
        "B",
        "C",
        "D",
        "",
        "F",
        "G",
        'H,"New"x,21/11/2025 08:00',
    ]
    assert len(incidents(root)) == 1
    assert "7 rows did not come in; set aside in" in ran.out


def test_rows_that_were_mended_come_in_from_where_they_were_set_aside(root: Path, run_cli: RunCli) -> None:
    run(run_cli, root, LIST.replace("Closed", "Shut"))
    place = root.parent / "export.csv.rejects.csv"
    ran = run(run_cli, root, place.read_text().replace(",Shut,", ",Closed,"))
    assert ran.code == 0
    assert len(incidents(root)) == 2
    assert "Columns without a place" not in ran.out
    assert f"No row was set aside; {place} is of an earlier import." in ran.out


def test_rejects_may_be_put_elsewhere(root: Path, run_cli: RunCli) -> None:
    place = root.parent / "bad.csv"
    run(run_cli, root, LIST.replace("Closed", "Shut"), "--rejects", str(place))
    assert "INC0010001" in place.read_text()
    assert not (root.parent / "export.csv.rejects.csv").exists()


def test_a_column_that_stands_twice_is_read_as_one_where_its_cells_agree(root: Path, run_cli: RunCli) -> None:
    text = "number,state,opened_at,State\nA,New,2025-11-21 08:00,\nB,New,2025-11-21 08:00,Closed\n"
    ran = run(run_cli, root, text)
    assert ran.code == 1
    assert only(root).status == "new"
    assert "the column `state` stands several times and says `New` and `Closed`" in ran.err
    assert "the column `state` stands 2 times in the header (columns 2, 4); read as one" in ran.out


def test_values_that_are_none_are_left_out_and_told_once(root: Path, run_cli: RunCli) -> None:
    mapping = root.parent / "my.yml"
    mapping.write_text(
        "name: X\nsystem: x\nrows: {id: number}\nfields:\n  opened: opened\n  affected_count: users\n"
        "  impact: {columns: [impact], values: {high: [Big]}}\n  satisfaction: stars\n  resolved: resolved\n"
    )
    text = (
        "number;opened;users;impact;stars;resolved\n"
        "A;2025-11-21 08:00;3,87,16;Vast;9;soon\nB;2025-11-21 08:00;12;Vast;5;2025-11-21 09:00\n"
    )
    ran = run(run_cli, root, text, "--mapping", str(mapping))
    assert ran.code == 0
    told = [line.removeprefix(f"{root.parent / 'export.csv'}:2: warning: ") for line in ran.err.splitlines()]
    assert told == [
        "`impact` is `Vast` in 2 incidents: the mapping has no word for it (high); left out",
        "`resolved` is `soon`: expected a date and a time of day, such as 2026-11-21 14:05; left out",
        "`stars` is `9`: expected a score from 1 to 5; left out",
        "`users` is `3,87,16`: expected a whole number; left out",
    ]
    first, second = incidents(root).values()
    assert first.affected is None
    assert second.affected is not None
    assert second.satisfaction is not None
    assert (second.affected.count, second.satisfaction.score) == (12, 5)


def test_a_wrong_encoding_is_one_line(root: Path, run_cli: RunCli) -> None:
    ran = run(run_cli, root, LIST.replace("Tills", "Größe").encode("cp1252"), "--encoding", "utf-8")
    assert ran.code == 2
    assert ran.err.count("\n") == 1
    assert "line 2 is no UTF-8 text" in ran.err
    guessed = run(run_cli, root, LIST.replace("Tills", "Größe").encode("cp1252"))
    assert guessed.code == 0
    assert "Read as Windows-1252" in guessed.out
    assert incidents(root)["INC-2025-0001"].title == "Größe freeze"


def test_hostile_cells_stay_text(root: Path, run_cli: RunCli) -> None:
    text = (
        "number,state,opened_at,short_description,assignment_group,description\n"
        "../../x,New,2025-11-21 08:00,<script>alert(1)</script>: {a: b},../../etc,"
        '"---\nstatus: closed\n---\n"\n'
    )
    assert run(run_cli, root, text).code == 0
    found = only(root)
    assert found.title == "<script>alert(1)</script>: {a: b}"
    assert found.status == "new"
    assert [one.team for one in found.assignments] == ["etc"]
    assert run_cli("check", repo=root).code == 0


def test_a_broken_file_of_the_schema_is_mended_first(
    make_repository: MakeRepository, run_cli: RunCli
) -> None:
    root = make_repository({"schema/teams.yml": "teams: [\n"})
    ran = run(run_cli, root, LIST)
    assert ran.code == 2
    assert "schema/teams.yml:" in ran.err
    assert "mend it first" in ran.err


@pytest.mark.skipif(sys.platform == "win32", reason="no pseudo terminals")
def test_a_terminal_sees_how_far_it_is_and_a_pipe_does_not(root: Path, run_cli: RunCli) -> None:
    import pty  # noqa: PLC0415
    import subprocess  # noqa: PLC0415

    file = root.parent / "export.csv"
    file.write_text(LIST)
    master, slave = pty.openpty()
    program = Path(sys.executable).with_name("incidentbook")
    ran = subprocess.run(
        [program, "--repo", root, "import", "csv", file, "--preset", "servicenow", "--timezone", "UTC"],
        stderr=slave,
        stdout=subprocess.PIPE,
        text=True,
        check=False,
        env={**os.environ, "TERM": "xterm"},
    )
    os.close(slave)
    shown = os.read(master, 100_000).decode()
    os.close(master)
    assert ran.returncode == 0
    assert "Reading" in shown
    assert "Writing" in shown
    assert "Reading" not in ran.stdout


# other presets, on the forms that their makers document


def export(*rows: dict[str, str], repeated: str = "") -> str:
    """A CSV file of rows by column; `repeated` columns stand once more, empty."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow([*rows[0], *repeated.split(",")])
    for row in rows:
        writer.writerow([*row.values(), *("" for _ in repeated.split(","))])
    return text.getvalue()


def test_jira(root: Path, run_cli: RunCli) -> None:
    issue = {
        "Summary": "Checkout is slow",
        "Issue key": "OPS-7",
        "Issue id": "10007",
        "Issue Type": "[System] Incident",
        "Status": "Resolved",
        "Priority": "Highest",
        "Resolution": "Done",
        "Assignee": "Ada Example",
        "Reporter": "Bo Example",
        "Created": "21/Nov/25 8:00 AM",
        "Updated": "21/Nov/25 1:00 PM",
        "Resolved": "21/Nov/25 12:30 PM",
        "Watchers": "Bo Example",
        "Custom field (Affected services)": "Checkout",
        "Custom field (Impact)": "Extensive / Widespread",
        "Custom field (Urgency)": "Critical",
        "Custom field (Category)": "Software",
        "Satisfaction rating": "4",
        "Description": "First line.\n\nSecond line.",
    }
    ran = run(run_cli, root, export(issue, repeated="Watchers,Custom field (Category)"), preset="jira")
    assert (ran.code, ran.err) == (0, "")
    found = only(root)
    assert found.resolved is not None
    assert found.satisfaction is not None
    assert (found.status, found.impact, found.category) == ("resolved", "high", "software")
    assert (found.resolved.isoformat(), found.satisfaction.score) == ("2025-11-21T12:30:00+00:00", 4)
    assert [one.service for one in found.services] == ["checkout"]
    assert open_repository(root).incidents[0].body == "First line.\n\nSecond line.\n"
    assert "Columns without a place in a record: Issue id, Issue Type, Updated, Watchers." in ran.out


def test_freshservice(root: Path, run_cli: RunCli) -> None:
    waiting = {
        "Ticket ID": "INC-41",
        "Subject": "Mail is late",
        "Status": "Pending",
        "Priority": "Urgent",
        "Impact": "High",
        "Urgency": "High",
        "Source": "Portal",
        "Requester Name": "Bo Example",
        "Agent": "Ada Example",
        "Group": "Mail crew",
        "Category": "Application",
        "Sub-Category": "Defect",
        "Created Time": "2025-11-21 08:00:00",
        "Resolved Time": "",
        "Closed Time": "",
        "Resolution Status": "Within SLA",
        "Department": "Sales",
    }
    closed = waiting | {
        "Ticket ID": "INC-42",
        "Status": "Closed",
        "Priority": "Low",
        "Impact": "Low",
        "Agent": "No Agent",
        "Group": "--",
        "Created Time": "2025-11-21 09:00:00",
        "Resolved Time": "2025-11-21 09:30:00",
        "Closed Time": "2025-11-23 09:30:00",
        "Resolution Status": "SLA Violated",
    }
    ran = run(run_cli, root, export(waiting, closed), preset="freshservice")
    assert (ran.code, ran.err) == (0, "")
    first, second = incidents(root).values()
    assert (first.status, first.extra) == ("on_hold", {"x-recorded-sla": "met", "x-department": "Sales"})
    assert (second.status, second.assignments) == ("closed", ())
    assert second.extra["x-recorded-sla"] == "breached"


def test_servicedesk_plus(root: Path, run_cli: RunCli) -> None:
    request = {
        "Request ID": "105",
        "Subject": "Scanner is dead",
        "Requester": "Bo Example",
        "Request Status": "Closed",
        "Priority": "High",
        "Impact": "Affects Department",
        "Urgency": "Urgent",
        "Request Mode": "Phone Call",
        "Category": "Hardware",
        "Subcategory": "Scanner",
        "Group": "Desk",
        "Technician": "Ada Example",
        "Site": "Pier 4",
        "Created Time": "Nov 21, 2025 08:00 AM",
        "Responded Date": "Nov 21, 2025 08:10 AM",
        "Resolved Time": "Nov 21, 2025 11:00 AM",
        "Completed Time": "Nov 22, 2025 11:00 AM",
        "Overdue Status": "false",
        "Request Closure Code": "Success",
    }
    ran = run(run_cli, root, export(request), preset="servicedesk-plus")
    assert (ran.code, ran.err) == (0, "")
    found = only(root)
    assert found.acknowledged is not None
    assert found.origin is not None
    assert (found.origin.id, found.impact, found.urgency, found.location) == (
        "105",
        "medium",
        "high",
        "Pier 4",
    )
    assert found.acknowledged.isoformat() == "2025-11-21T08:10:00+00:00"
    assert found.extra["x-recorded-sla"] == "met"


def test_bmc_helix(root: Path, run_cli: RunCli) -> None:
    incident = {
        "Incident ID*+": "INC000000000101",
        "Summary*": "Gate stays shut",
        "Status*": "Closed",
        "Status_Reason": "",
        "Impact*": "2-Significant/Large",
        "Urgency*": "1-Critical",
        "Priority*": "High",
        "Assigned Group*+": "Gate crew",
        "Assignee+": "Ada Example",
        "Service+": "Gates",
        "Categorization Tier 1": "Application",
        "Categorization Tier 2": "Defect",
        "Submit Date": "2025-11-21T08:00:00.000+0000",
        "Last Resolved Date": "2025-11-21T10:00:00.000+0000",
        "Closed Date": "2025-11-28T10:00:00.000+0000",
        "Reported Source": "Systems Management",
    }
    ran = run(run_cli, root, export(incident), preset="bmc-helix", zone="")
    assert (ran.code, ran.err) == (0, "")
    found = only(root)
    assert found.reporter is not None
    assert (found.title, found.impact, found.reporter.channel) == ("Gate stays shut", "medium", "alert")
    assert [one.service for one in found.services] == ["gates"]


def test_infraon(root: Path, run_cli: RunCli) -> None:
    ticket = {
        "Ticket ID": "TKT-9",
        "Subject": "Berth list is empty",
        "Status": "Resolved",
        "Priority": "P2",
        "Impact": "High",
        "Urgency": "Medium",
        "Source": "Email",
        "Requester": "Bo Example",
        "Team": "Berth crew",
        "Assignee": "Ada Example",
        "Category": "Application",
        "Sub Category": "Defect",
        "Impact Service": "Berths",
        "Created Time": "21-11-2025 08:00",
        "Resolved Time": "21-11-2025 09:00",
        "Closed Time": "-",
    }
    ran = run(run_cli, root, export(ticket), preset="infraon")
    assert (ran.code, ran.err) == (0, "")
    assert (only(root).status, only(root).priority, only(root).closed) == ("resolved", None, None)
