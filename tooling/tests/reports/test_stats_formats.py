"""The figures in every format, read back as those who get them would."""

from __future__ import annotations

import csv
import io
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from prometheus_client.openmetrics.parser import text_string_to_metric_families
from reports.test_stats import shown

from incidentbook.archive import open_repository
from incidentbook.metrics import Ledger, compare, last_days, named_period
from incidentbook.reports.stats.text import stats_as_text
from testbed import REPOSITORY_ROOT, CommitAll, MakeRepository, RunCli

HOSTILE = """\
---
title: Down
status: resolved
opened: 2026-11-02T08:00+00:00
acknowledged: 2026-11-02T08:10+00:00
resolved: 2026-11-02T10:00+00:00
location: {location}
impact: high
urgency: high
services: [{{service: checkout, state: partial_outage}}]
---
"""
LOCATIONS = (
    """'=HYPERLINK("http://example.invalid")'""",
    "'a | b <script>alert(1)</script> @everybody [x](http://y)'",
    '"back\\\\slash \\"quoted\\" line\\nbreak"',
)


@pytest.fixture
def records(make_repository: MakeRepository) -> Path:
    return make_repository(
        {
            f"incidents/2026/INC-2026-{n:04}.md": HOSTILE.format(location=location)
            for n, location in enumerate(LOCATIONS, start=1)
        }
    )


def families(text: str) -> dict[str, Any]:
    read: Any = text_string_to_metric_families
    return {family.name: family for family in read(text)}


def test_openmetrics_is_what_its_own_parser_reads(run_cli: RunCli) -> None:
    found = families(run_cli("stats", "--format", "openmetrics", repo=REPOSITORY_ROOT).out)
    document = json.loads(run_cli("stats", "--format", "json", repo=REPOSITORY_ROOT).out)
    restore = document["overall"]["time_to_restore"]
    family = found["incidentbook_time_to_restore_seconds"]
    assert (family.type, family.unit) == ("summary", "seconds")
    samples = {(one.name, one.labels.get("quantile")): one.value for one in family.samples}
    assert samples["incidentbook_time_to_restore_seconds_count", None] == restore["n"]
    assert samples["incidentbook_time_to_restore_seconds_sum", None] == restore["total_s"]
    assert samples["incidentbook_time_to_restore_seconds", "0.9"] == restore["p90_s"]
    (page,) = found["incidentbook_page_availability_ratio"].samples
    assert (page.value, page.labels) == (document["availability"]["page"], {"audience": "all"})
    for name, family in found.items():
        assert name.startswith("incidentbook_")
        assert family.unit in {"", name.rsplit("_", 1)[-1]}
        assert family.documentation


@pytest.mark.parametrize("by", ["location", "month", "service"])
def test_openmetrics_of_groups_escapes_what_records_say(run_cli: RunCli, records: Path, by: str) -> None:
    text = run_cli("stats", "--format", "openmetrics", "--by", by, repo=records).out
    assert text.endswith("# EOF\n")
    found = families(text)["incidentbook_incidents"].samples
    assert sum(sample.value for sample in found) == 3
    if by == "location":
        assert 'back\\slash "quoted" line\nbreak' in {sample.labels["location"] for sample in found}


def test_openmetrics_of_nothing_has_no_samples_of_it(
    run_cli: RunCli, make_repository: MakeRepository
) -> None:
    text = run_cli("stats", "--format", "openmetrics", repo=make_repository()).out
    found = families(text)
    assert found["incidentbook_incidents"].samples[0].value == 0
    assert "incidentbook_time_to_restore_seconds" not in found
    assert "incidentbook_sla_attainment_ratio" not in found
    assert "nan" not in text.lower()


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def test_csv_has_a_row_for_the_whole_and_one_a_group(run_cli: RunCli, records: Path) -> None:
    whole, *groups = rows(run_cli("stats", "--format", "csv", "--by", "location", repo=records).out)
    assert (whole["row"], whole["location"], whole["incidents"]) == ("overall", "", "3")
    assert whole["time_to_restore_mean_s"] == "7200.0"
    assert whole["time_to_detect_mean_s"] == ""
    assert whole["sla_resolution_attainment"] == "1.0"
    # a spreadsheet shows it, and computes nothing
    assert "'=HYPERLINK(" in {group["location"][:12] for group in groups}
    assert {group["row"] for group in groups} == {"group"}


def test_csv_of_nothing_is_empty_cells(run_cli: RunCli, make_repository: MakeRepository) -> None:
    (whole,) = rows(run_cli("stats", "--format", "csv", repo=make_repository()).out)
    assert whole["incidents"] == "0"
    assert {whole[key] for key in whole if key.endswith(("_mean_s", "_rate", "_attainment"))} == {""}


def test_markdown_is_text_and_nothing_else(run_cli: RunCli, records: Path) -> None:
    text = run_cli("stats", "--format", "markdown", "--by", "location", repo=records).out
    assert "<script" not in text
    assert "@everybody" not in text
    assert "[x]" not in text.replace("\\[x\\]", "")
    tables = [line for line in text.splitlines() if line.startswith("|")]
    columns = {line.replace("\\|", "").count("|") for line in tables if "script" in line}
    assert columns == {9}


@pytest.mark.parametrize("format_", ["text", "json", "csv", "markdown", "openmetrics"])
@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("--by", "month", "--by", "priority"),
        ("--availability",),
        ("--from", "2030-01-01", "--to", "2030-02-01"),
        ("--audience", "public", "--by", "owner"),
    ],
)
def test_every_format_says_everything_the_same_twice(
    run_cli: RunCli, records: Path, format_: str, arguments: tuple[str, ...]
) -> None:
    first = run_cli("stats", "--format", format_, *arguments, repo=records)
    assert (first.code, first.err) == (0, "")
    assert first.out == run_cli("stats", "--format", format_, *arguments, repo=records).out
    assert not {"nan", "inf"} & set(first.out.lower().replace(",", " ").split())


@pytest.mark.parametrize(
    "by", [("month",), ("service", "priority"), ("category", "team"), ("group", "quarter")]
)
def test_everything_fits_into_eighty_columns(by: tuple[str, ...]) -> None:
    archive = open_repository(REPOSITORY_ROOT)
    now = datetime(2026, 11, 20, 9, tzinfo=UTC)
    ledger = Ledger(archive, now)
    zone = archive.taxonomy.zone
    this, last = (named_period(name, zone) for name in ("2026", "2025"))
    comparison = compare(
        ledger.measure(from_=this.from_, to=this.to), ledger.measure(from_=last.from_, to=last.to)
    )
    availability = ledger.availability(last_days(archive.taxonomy, now))
    text = stats_as_text(
        ledger.measure(by=by), availability, name="Samples", zone=zone, comparison=comparison
    )
    lines = shown(text)
    assert max(map(len, lines)) <= 80
    assert "\N{HORIZONTAL ELLIPSIS}" not in "\n".join(lines)


def test_the_records_of_a_revision(run_cli: RunCli, records: Path, commit_all: CommitAll) -> None:
    before = commit_all(records)
    (records / "incidents/2026/INC-2026-0003.md").unlink()
    found = json.loads(run_cli("stats", "--format", "json", "--at", before, repo=records).out)
    assert (found["overall"]["incidents"], found["revision"], found["dirty"]) == (3, before, False)
    found = json.loads(run_cli("stats", "--format", "json", repo=records).out)
    assert (found["overall"]["incidents"], found["revision"], found["dirty"]) == (2, before, True)


@pytest.mark.parametrize(
    "arguments",
    [
        ("stats",),
        ("stats", "--format", "markdown"),
        ("stats", "--availability"),
        ("export",),
        ("report", "2026-10"),
    ],
    ids=" ".join,
)
def test_a_commit_is_named_with_what_is_not_in_it(
    run_cli: RunCli, records: Path, commit_all: CommitAll, arguments: tuple[str, ...]
) -> None:
    def said() -> str:
        outcome = run_cli(*arguments, repo=records)
        files = sorted((records / "reports").glob("*")) if arguments[0] == "report" else []
        texts = [outcome.out + outcome.err, *(file.read_text("utf-8") for file in files)]
        assert all(f"commit {commit[:12]}" in text for text in texts[1:] or texts)
        told = {"with uncommitted changes" in text for text in texts[1:] or texts}
        assert len(told) == 1
        return "dirty" if told.pop() else "clean"

    commit = commit_all(records)
    assert said() == "clean"
    (records / "incidents/2026/INC-2026-0003.md").unlink()
    assert said() == "dirty"


def test_revisions_need_git(run_cli: RunCli, records: Path, commit_all: CommitAll) -> None:
    outside = run_cli("stats", "--at", "HEAD", repo=records)
    assert (outside.code, outside.out) == (2, "")
    assert "is not in a Git repository" in outside.err
    commit_all(records)
    unknown = run_cli("stats", "--at", "v9", repo=records)
    assert (unknown.code, unknown.err.count("\n")) == (2, 1)
    assert "there is no revision `v9`" in unknown.err
