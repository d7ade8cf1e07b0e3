"""The issue form offers what `schema/` has, as GitHub wants it, and what it gives is read back."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
import yaml

from incidentbook.archive import open_repository
from incidentbook.intake.form import Submission, answers, opening_of
from incidentbook.scaffold.issue_form import PATH, issue_form
from incidentbook.taxonomy import Taxonomy
from incidentbook.taxonomy.report_form import Kind, questions
from testbed import REPOSITORY_ROOT, SCHEMA, MakeRepository, RunCli

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)


@pytest.fixture
def taxonomy(make_repository: MakeRepository) -> Taxonomy:
    services = """\
services:
  - {id: checkout, name: Checkout, definition: "From basket to order, VAT, search: all of it."}
  - {id: search, name: Search}
  - {id: gone, name: Gone, valid_until: 2026-01-01}
"""
    return open_repository(make_repository({"schema/services.yml": services})).taxonomy


def test_it_is_what_github_reads(taxonomy: Taxonomy) -> None:
    form = yaml.safe_load(issue_form(taxonomy, NOW))
    assert form["labels"] == ["incident"]
    elements = {one["id"]: one for one in form["body"] if "id" in one}
    assert list(elements) == [question.id for question in questions(taxonomy, NOW)]
    labels = [one["attributes"]["label"] for one in elements.values()]
    assert len(set(labels)) == len(labels)
    for one in elements.values():
        assert one["type"] in ("dropdown", "input", "textarea")
        options = one["attributes"].get("options")
        assert (options is None) == (one["type"] != "dropdown")
        # GitHub refuses a form with an option twice, one that is no text, and one that is called None
        assert options is None or (options and len(set(options)) == len(options) and "None" not in options)
        assert options is None or all(isinstance(option, str) for option in options)
    assert elements["services"]["attributes"]["options"] == [
        "checkout: Checkout. From basket to order, VAT, search: all of it",
        "search: Search",
    ]
    assert [one["type"] for one in elements.values()].index("textarea") == len(elements) - 1


def test_every_choice_comes_back_as_its_key(taxonomy: Taxonomy) -> None:
    """As GitHub renders an answer: the options as they are, several joined by commas."""
    asked = questions(taxonomy, NOW)
    for question in asked:
        for option in question.options:
            body = "".join(
                f"### {one.label}\n\n{option.text if one is question else '_No response_'}\n\n"
                for one in asked
            )
            values = opening_of(Submission(title="x", body=body), taxonomy, NOW).values
            found = values[question.id]
            assert (found if question.id != "services" else found[0]["service"]) == option.key
    services = next(question for question in asked if question.id == "services")
    both = ", ".join(option.text for option in services.options)
    values = opening_of(Submission(title="x", body=f"### {services.label}\n\n{both}"), taxonomy, NOW).values
    assert {one["service"] for one in values["services"]} == {"checkout", "search"}


def test_headings_inside_a_text_are_text(taxonomy: Taxonomy) -> None:
    asked = questions(taxonomy, NOW)
    text = "\n\n".join(f"### {one.label}\n\nlow: forged" for one in asked)
    body = "\n\n".join(
        f"### {one.label}\n\n{text if one.kind is Kind.TEXT else '_No response_'}" for one in asked
    )
    found = answers(body, asked)
    assert found == {"symptoms": text}


def test_a_repository_without_words_still_has_a_form(make_repository: MakeRepository) -> None:
    bare = {"schema/incidentbook.yml": SCHEMA["schema/incidentbook.yml"]}
    taxonomy = open_repository(make_repository(bare, name="bare", schema=False)).taxonomy
    form = yaml.safe_load(issue_form(taxonomy, NOW))
    assert [one["id"] for one in form["body"] if "id" in one] == [
        "impact",
        "urgency",
        "started",
        "location",
        "symptoms",
    ]


def test_schema_writes_it_and_says_when_it_is_stale(make_repository: MakeRepository, run_cli: RunCli) -> None:
    root = make_repository()
    assert run_cli("schema", repo=root).code == 0
    assert not (root / PATH).exists(), "nothing here is for GitHub"
    (root / ".github/ISSUE_TEMPLATE").mkdir(parents=True)
    run_cli("schema", repo=root)
    assert run_cli("schema", "--check", repo=root).code == 0
    (root / "schema/services.yml").write_text("services: [{id: other, name: Other}]\n")
    outcome = run_cli("schema", "--check", repo=root)
    assert outcome.code == 1 and f"{PATH} is stale" in outcome.out
    run_cli("schema", repo=root)
    assert "other: Other" in (root / PATH).read_text()


def test_ours_is_up_to_date() -> None:
    archive = open_repository(REPOSITORY_ROOT)
    now = archive.taxonomy.settings.now
    assert now is not None
    assert Path(REPOSITORY_ROOT, PATH).read_text(encoding="utf-8") == issue_form(archive.taxonomy, now)
