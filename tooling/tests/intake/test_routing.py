"""What comes in gets category and team by schema/routing.yml, where the settings of the intake say none."""

from __future__ import annotations

from pathlib import Path

from incidentbook.records import Incident
from intakebed import alertmanager, findings, incident, payload_file
from testbed import MakeRepository, RunCli

ID = "INC-2026-0001"
RULES = """\
rules:
  - services: [checkout]
    words: [CheckoutErr*, "does nothing"]
    category: application/defect
    team: payments
"""
MAIL = """\
From: guest-7@example.invalid
Subject: Checkout does nothing
Message-ID: <one@example.invalid>

The button does nothing since noon.
"""
FORM = "### What does not work?\n\ncheckout: Checkout\n\n### What do you see?\n\nThe button does nothing.\n"


def told(root: Path, run_cli: RunCli, kind: str) -> tuple[Incident, str]:
    if kind == "alert":
        path = payload_file(root.parent, alertmanager())
    else:
        path = root.parent / "message"
        path.write_text(MAIL if kind == "mail" else FORM, "utf-8")
    outcome = run_cli("intake", kind, path, repo=root)
    assert outcome.code == 0, outcome
    return incident(root), outcome.out


def routed(make_repository: MakeRepository, run_cli: RunCli, kind: str, intake: str = "") -> Incident:
    root = make_repository({"schema/routing.yml": RULES, "schema/intake.yml": intake})
    record, said = told(root, run_cli, kind)
    assert "team: `payments`, by rule 1 of schema/routing.yml" in said
    assert record.status == "assigned"
    assert [(one.team, one.owner, one.at) for one in record.assignments] == [
        ("payments", None, record.opened)
    ]
    assert "missing-team" not in str(findings(root))
    return record


def test_an_alert_is_routed(make_repository: MakeRepository, run_cli: RunCli) -> None:
    assert routed(make_repository, run_cli, "alert").category == "application/defect"


def test_a_mail_is_routed(make_repository: MakeRepository, run_cli: RunCli) -> None:
    assert routed(make_repository, run_cli, "mail").category == "application/defect"


def test_a_form_is_routed(make_repository: MakeRepository, run_cli: RunCli) -> None:
    assert routed(make_repository, run_cli, "form").category == "application/defect"


def test_a_category_of_the_intake_itself_goes_before(
    make_repository: MakeRepository, run_cli: RunCli
) -> None:
    found = routed(make_repository, run_cli, "mail", "mail: {category: security}\n")
    assert found.category == "security"


def test_without_a_rule_nothing_changes(make_repository: MakeRepository, run_cli: RunCli) -> None:
    record, said = told(make_repository(), run_cli, "mail")
    assert (record.status, record.assignments, record.category) == ("new", (), "application")
    assert "category: `application`, the first there is" in said
