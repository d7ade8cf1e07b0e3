"""Reference pages say what the code says, and stale ones are found."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

import click
import pytest

from incidentbook.cli import VERBS, app
from incidentbook.metrics import MEASURES, RATES
from incidentbook.records import KINDS
from incidentbook.reports.export.tables import TABLES
from incidentbook.rules import RULES
from incidentbook.scaffold.reference import FOLDER, MARK, Documented, reference_pages
from incidentbook.taxonomy.settings import FILES
from testbed import REPOSITORY_ROOT, MakeRepository, RunCli


@dataclass(frozen=True)
class SomeRule:
    code: str
    family: str
    severity: str
    documentation: str


@click.group("demo", epilog="Example: demo measure --by day")
@click.option("--deep/--shallow", help="How far.")
def program() -> None:
    """Do things."""


@program.command(epilog="Examples:\n\n\b\n  demo measure\n  demo measure FILE")
@click.argument("file", required=False)
@click.argument("more", nargs=-1)
@click.option("--by", type=click.Choice(["day", "week"]), required=True, help="Break down {a|b}.")
@click.option("--secret", hidden=True)
def measure(**_: object) -> None:
    """Measure a thing."""


def pages() -> dict[str, str]:
    return reference_pages(
        Documented(
            program=app,
            rules=tuple(RULES.values()),
            measures=MEASURES,
            rates=RATES,
            tables=tuple(TABLES.values()),
        )
    )


def page(name: str) -> str:
    return pages()[f"{FOLDER}/{name}.md"]


@pytest.mark.parametrize("path", sorted(reference_pages(Documented(program=app))))
def test_committed_pages_are_those_of_the_code(path: str) -> None:
    assert (REPOSITORY_ROOT / path).read_text(encoding="utf-8") == pages()[path], "run `make generate`"


def test_every_page_says_that_it_is_generated() -> None:
    assert [path for path, text in pages().items() if not text.startswith(MARK)] == []


def test_every_verb_has_an_entry_with_an_example() -> None:
    text = page("command-line")
    for verb in VERBS:
        assert f"\n## incidentbook {verb}" in text
    sections = text.split("\n## ")[1:]
    assert [section.splitlines()[0] for section in sections if "```sh\n" not in section] == []


def test_a_command_is_described_by_its_usage_help_examples_and_options() -> None:
    text = reference_pages(Documented(program=program))[f"{FOLDER}/command-line.md"]
    assert "```sh\ndemo measure --by day\n```" in text
    assert "| `--deep`, `--shallow` | How far. |" in text
    assert "```text\nincidentbook measure [OPTIONS] [FILE] [MORE]...\n```" in text
    assert "```sh\ndemo measure\ndemo measure FILE\n```" in text
    assert "| `--by` `day`, `week` | Break down \\{a\\|b\\}. Must be given. |" in text
    assert "secret" not in text


def test_every_rule_has_an_entry() -> None:
    text = page("rules")
    assert [code for code in RULES if f"\n### {code}\n" not in text] == []


def test_the_sections_of_a_rule_are_no_headings_but_those_in_its_examples_stay() -> None:
    rule = SomeRule(
        "a-rule", "shape", "error", "## Example\n\n```yaml a/b.md\n## Summary\n```\n\n## Use instead"
    )
    text = reference_pages(Documented(program=program, rules=(rule,)))[f"{FOLDER}/rules.md"]
    assert '\n**Example**\n\n```yaml title="a/b.md"\n## Summary\n```\n\n**Use instead**\n' in text


def test_every_kind_and_file_is_described_with_the_readers_of_its_fields() -> None:
    fields = page("record-fields")
    assert [kind for kind in KINDS if f"\n## {kind.capitalize()}\n" not in fields] == []
    assert "| `title` * | text | public | What is wrong, as a user would say it. |" in fields
    assert "| `steps` | list of mappings: [Note](#note) | internal | What was done. |" in fields
    assert "| `from` | time | public |" in fields
    assert "`extra`" not in fields
    configuration = page("configuration")
    assert [name for name in FILES if f"\n## {name}.yml\n" not in configuration] == []


def test_every_part_that_is_referred_to_is_there() -> None:
    for name in ("record-fields", "configuration"):
        text = page(name)
        anchors = {
            line.lstrip("# ").lower().replace(" ", "-") for line in text.splitlines() if line.startswith("#")
        }
        referred = {part.split(")")[0] for part in text.split("](#")[1:]}
        assert referred <= anchors


def test_every_measure_has_a_row() -> None:
    text = page("measures")
    names = [*(one.name for one in MEASURES), *(one.name for one in RATES)]
    assert [name for name in names if f"| `{name}` |" not in text] == []


def test_schema_writes_what_is_stale_and_then_finds_nothing(
    make_repository: MakeRepository, run_cli: RunCli
) -> None:
    root = make_repository()
    assert run_cli("schema", "--check", repo=root).code == 1
    assert not (root / "schema" / "json").exists()
    assert run_cli("schema", repo=root).code == 0
    assert run_cli("schema", "--check", repo=root) == (0, "", "")
    assert run_cli("schema", repo=root).out == "Everything generated is up to date.\n"
    # a records repository does not document the tool
    assert not (root / "site").exists()


def test_schema_names_each_stale_file(make_repository: MakeRepository, run_cli: RunCli) -> None:
    root = make_repository()
    (root / FOLDER).mkdir(parents=True)
    run_cli("schema", repo=root)
    (root / "schema" / "json" / "incident.schema.json").write_text("{}", encoding="utf-8")
    (root / FOLDER / "rules.md").unlink()
    outcome = run_cli("schema", "--check", repo=root)
    assert outcome.code == 1
    assert outcome.out.splitlines() == [
        "schema/json/incident.schema.json is stale; `incidentbook schema` writes it again",
        "site/docs/reference/rules.md is stale; `incidentbook schema` writes it again",
    ]


def test_schema_removes_what_it_once_generated_and_nothing_else(
    make_repository: MakeRepository, run_cli: RunCli
) -> None:
    root = make_repository()
    run_cli("schema", repo=root)
    folder = root / "schema" / "json"
    shutil.copy(folder / "incident.schema.json", folder / "outage.schema.json")
    own = folder / "own.schema.json"
    own.write_text("{}", encoding="utf-8")
    checked = run_cli("schema", "--check", repo=root)
    assert (checked.code, checked.out) == (
        1,
        "schema/json/outage.schema.json is no longer generated; `incidentbook schema` removes it\n",
    )
    assert run_cli("schema", repo=root).out == "removed schema/json/outage.schema.json\n"
    assert own.exists()


def test_documented_rules_exist() -> None:
    """The hand-written pages set an example rule off, and waive one."""
    text = Path(REPOSITORY_ROOT, "site", "docs", "checks.md").read_text(encoding="utf-8")
    named = {line.split("rule: ")[1].split(",")[0] for line in text.splitlines() if "rule: " in line}
    named |= {line.strip().split(":")[0] for line in text.splitlines() if line.endswith(": off")}
    assert len(named) == 2
    assert named <= set(RULES)
