"""`incidentbook codeowners`: who must approve what, and that nobody must approve an outage."""

from __future__ import annotations

from pathlib import Path

import pytest
from codeowners import CodeOwners

from testbed import NEW_INCIDENT, MakeRepository, Outcome, RunCli, git, write_files

FILE = ".github/CODEOWNERS"
TEAMS = """\
teams:
  - id: payments
    name: Payments
    members: [duty-one]
    forge: "@harbourline/payments"
  - {id: desk, name: Service desk, members: [duty-two, duty-three]}
  - id: processes
    name: Processes
    forge: "@harbourline/processes"
    owns: [schema/, .github/, "incidents/**/*.review.md"]
"""
PEOPLE = """\
people:
  - {handle: duty-one, forge: "@first", emails: [one@example.invalid]}
  - {handle: duty-two, emails: [two@example.invalid, other@example.invalid]}
  - {handle: duty-three, forge: "@third", valid_until: 2030-01-01}
  - {handle: deploy-bot, forge: "@deploy", bot: true}
"""
SERVICES = """\
services:
  - {id: checkout, name: Checkout, team: payments, technical_owner: duty-one}
  - {id: search, name: Search, team: desk, technical_owner: duty-two, aliases: [find]}
  - {id: database, name: Database}
"""
ARTICLE = "---\ntitle: Restart\nstatus: published\ntype: runbook\n{}---\nRestart it.\n"
FILES = {
    "schema/teams.yml": TEAMS,
    "schema/people.yml": PEOPLE,
    "schema/services.yml": SERVICES,
    "incidents/2026/INC-2026-0042.md": NEW_INCIDENT,
    "knowledge/articles/of-one.md": ARTICLE.format("services: [checkout]\n"),
    "knowledge/articles/of-two.md": ARTICLE.format("services: [checkout, find]\nowner: duty-two\n"),
    "knowledge/articles/of-nobody.md": ARTICLE.format("services: [database]\n"),
    "knowledge/articles/of-gone.md": ARTICLE.format("owner: duty-three\n"),
    "knowledge/articles/of-bot.md": ARTICLE.format("owner: deploy-bot\n"),
    "knowledge/articles/broken.md": "---\ntitle: [\n---\n",
    "knowledge/problems/PRB-2026-0001.md": "---\ntitle: Pool\nstatus: open\nservices: [search]\n---\n",
}
BLOCK = """\
# BEGIN incidentbook: written by `incidentbook codeowners` from schema/teams.yml and schema/people.yml
/.github/ @harbourline/processes
/schema/ @harbourline/processes
# Nobody: logging an outage waits for no approval.
/incidents/
/handovers/
/incidents/**/*.review.md @harbourline/processes
/knowledge/articles/of-one.md @harbourline/payments @first
/knowledge/articles/of-two.md @harbourline/payments @first
/knowledge/problems/PRB-2026-0001.md two@example.invalid
# END incidentbook
"""


def owners(text: str, path: str) -> list[str]:
    """Who owns a path, as an independent reader of the format says."""
    return [owner for _, owner in CodeOwners(text).of(path)]


@pytest.fixture
def records(make_repository: MakeRepository) -> Path:
    return make_repository(FILES)


def test_the_whole_file(run_cli: RunCli, records: Path) -> None:
    assert run_cli("codeowners", repo=records) == Outcome(0, f"wrote {FILE}\n", "")
    assert (records / FILE).read_text() == BLOCK
    assert run_cli("codeowners", repo=records) == Outcome(0, f"{FILE} is up to date.\n", "")


def test_it_means_what_it_should(run_cli: RunCli, records: Path) -> None:
    write_files(records, {FILE: "* @everybody\n"})
    run_cli("codeowners", repo=records)
    text = (records / FILE).read_text()
    assert owners(text, "README.md") == ["@everybody"]
    assert owners(text, "schema/sla.yml") == ["@harbourline/processes"]
    assert owners(text, "schema/json/sla.schema.json") == ["@harbourline/processes"]
    assert owners(text, "incidents/2026/INC-2026-0042.md") == []
    assert owners(text, "incidents/2026/INC-2026-0042/graph.png") == []
    assert owners(text, "incidents/2026/INC-2026-0042.review.md") == ["@harbourline/processes"]
    assert owners(text, "knowledge/articles/of-one.md") == ["@harbourline/payments", "@first"]
    assert owners(text, "knowledge/articles/of-nobody.md") == ["@everybody"]
    assert owners(text, "docs/knowledge/articles/of-one.md") == ["@everybody"]


def test_a_stale_file_is_told(run_cli: RunCli, records: Path) -> None:
    outcome = run_cli("codeowners", "--check", repo=records)
    assert outcome == Outcome(1, f"{FILE} is stale; `incidentbook codeowners` writes it again\n", "")
    assert not (records / FILE).exists()
    run_cli("codeowners", repo=records)
    assert run_cli("codeowners", "--check", repo=records).code == 0
    write_files(records, {"schema/services.yml": SERVICES.replace("team: payments", "team: processes")})
    assert run_cli("codeowners", "--check", repo=records).code == 1


def test_logging_an_outage_makes_nothing_stale(run_cli: RunCli, records: Path) -> None:
    run_cli("codeowners", repo=records)
    review = "---\nstatus: draft\n---\n"
    write_files(
        records,
        {
            "incidents/2026/INC-2026-0043.md": NEW_INCIDENT,
            "incidents/2026/INC-2026-0042.review.md": review,
            "incidents/2026/INC-2026-0042/log.txt": "x",
        },
    )
    assert run_cli("codeowners", "--check", repo=records).code == 0


def test_no_clock_makes_it_stale(run_cli: RunCli, records: Path) -> None:
    run_cli("codeowners", repo=records)
    assert run_cli("--now", "2031-01-01T00:00+00:00", "codeowners", "--check", repo=records).code == 0


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_lines_of_ones_own_stay(run_cli: RunCli, records: Path, newline: str) -> None:
    ours = BLOCK.replace("\n", newline)
    before, after = f"* @everybody{newline}", f"/site/ @writers{newline}"
    (records / ".github").mkdir()
    (records / FILE).write_bytes((before + ours.replace("@harbourline", "@old") + after).encode())
    assert run_cli("codeowners", repo=records).code == 0
    assert (records / FILE).read_bytes().decode() == before + ours + after
    assert run_cli("codeowners", "--check", repo=records).code == 0


def test_it_is_added_below_a_last_line_without_an_end(run_cli: RunCli, records: Path) -> None:
    write_files(records, {FILE: "* @everybody"})
    run_cli("codeowners", repo=records)
    assert (records / FILE).read_text() == "* @everybody\n" + BLOCK


@pytest.mark.parametrize("place", ["CODEOWNERS", "docs/CODEOWNERS", ".gitlab/CODEOWNERS"])
def test_a_file_elsewhere_is_the_one_that_counts(run_cli: RunCli, records: Path, place: str) -> None:
    write_files(records, {place: "* @everybody\n"})
    assert run_cli("codeowners", repo=records).out == f"wrote {place}\n"
    assert not (records / FILE).exists()


def test_without_accounts_there_is_nothing_to_write(run_cli: RunCli, make_repository: MakeRepository) -> None:
    root = make_repository({FILE: "* @everybody\n"})
    for more in ((), ("--check",)):
        assert run_cli("codeowners", *more, repo=root).code == 0
    assert (root / FILE).read_text() == "* @everybody\n"
    bare = make_repository(name="bare")
    outcome = run_cli("codeowners", repo=bare)
    assert (outcome.code, "names an account" in outcome.out) == (0, True)
    assert not (bare / FILE).exists()


def test_a_block_that_is_no_longer_wanted_goes(run_cli: RunCli, make_repository: MakeRepository) -> None:
    root = make_repository({FILE: f"* @everybody\n{BLOCK}"})
    assert run_cli("codeowners", "--check", repo=root).code == 1
    run_cli("codeowners", repo=root)
    assert (root / FILE).read_text() == "* @everybody\n"


def test_records_in_a_folder_of_a_repository(
    run_cli: RunCli, make_repository: MakeRepository, tmp_path: Path
) -> None:
    top = tmp_path / "whole"
    root = make_repository(FILES, name="whole/our records [#1]")
    git(top, "init", "--quiet")
    assert run_cli("codeowners", repo=root).out == "wrote ../.github/CODEOWNERS\n"
    text = (top / FILE).read_text()
    assert "\n/our\\ records\\ ??1?/schema/ @harbourline/processes\n" in text
    assert owners(text, "our records [#1]/schema/sla.yml") == ["@harbourline/processes"]
    assert owners(text, "schema/sla.yml") == []
    assert run_cli("codeowners", "--check", repo=root).code == 0


def test_a_block_without_an_end(run_cli: RunCli, records: Path) -> None:
    write_files(records, {FILE: BLOCK.replace("# END incidentbook\n", "")})
    outcome = run_cli("codeowners", repo=records)
    assert (outcome.code, outcome.err.count("\n")) == (2, 1)
    assert "put it back" in outcome.err


def test_a_file_that_is_no_text(run_cli: RunCli, records: Path) -> None:
    write_files(records, {FILE: b"\xff\xfe"})
    outcome = run_cli("codeowners", repo=records)
    assert (outcome.code, outcome.err) == (
        2,
        f"incidentbook: {FILE} is no UTF-8 text, so that nothing can be added to it\n",
    )
    assert (records / FILE).read_bytes() == b"\xff\xfe"


def test_more_than_github_reads(run_cli: RunCli, records: Path) -> None:
    write_files(records, {FILE: "# x\n" * 800_000})
    outcome = run_cli("codeowners", repo=records)
    assert outcome.code == 2
    assert "GitHub reads 3,000,000" in outcome.err


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("forge", "harbourline/shop"),
        ("forge", "@a @b"),
        ("forge", "@a\\n* @evil"),
        ("forge", "@a # x"),
        ("owns", "!schema/"),
        ("owns", "/schema/"),
        ("owns", "[a-z]/"),
        ("owns", "schema/\\n* @evil"),
        ("owns", "# x"),
    ],
)
def test_what_the_format_has_no_words_for_is_refused(
    run_cli: RunCli, make_repository: MakeRepository, key: str, value: str
) -> None:
    given = f'["{value}"]' if key == "owns" else f'"{value}"'
    root = make_repository({"schema/teams.yml": f"teams:\n  - {{id: desk, name: Desk, {key}: {given}}}\n"})
    outcome = run_cli("check", repo=root)
    assert outcome.code == 1
    assert "schema/teams.yml:2:" in outcome.out
    assert f"`teams[0].{key}" in outcome.out or key in outcome.out
    assert run_cli("codeowners", repo=root).code == 0
    assert not (root / FILE).exists()


def test_schema_writes_and_checks_it_too(run_cli: RunCli, records: Path) -> None:
    outcome = run_cli("schema", repo=records)
    assert f"wrote {FILE}\n" in outcome.out
    assert (records / FILE).read_text() == BLOCK
    assert run_cli("schema", "--check", repo=records).code == 0
    write_files(records, {FILE: BLOCK.replace("@harbourline", "@old")})
    outcome = run_cli("schema", "--check", repo=records)
    assert (outcome.code, outcome.out) == (1, f"{FILE} is stale; `incidentbook schema` writes it again\n")
