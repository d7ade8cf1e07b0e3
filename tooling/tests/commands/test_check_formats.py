"""`check --format`: what reaches other programs, from the command line on."""

from __future__ import annotations

import json
from pathlib import Path
from xml.etree import ElementTree

import pytest
from reports.test_diagnostics_published import assert_is_code_quality, assert_is_junit, assert_is_sarif

from testbed import NEW_INCIDENT, CommitAll, MakeRepository, Outcome, RunCli

PATH = "incidents/2026/INC-2026-0042.md"
OTHER = "incidents/2026/INC-2026-0043.md"
WRONG = NEW_INCIDENT.replace("urgency: high", "urgency: hihg")
NO_SERVICES = NEW_INCIDENT.replace(
    "services:\n  - {service: checkout, state: partial_outage, from: 2026-11-19T13:58+00:00}", "services: []"
)
TOKEN = "ghp_" + "0123456789abcdefgHIJKLMNOPQRSTUVWXYZ"[::-1]
FORMATS = ["text", "json", "github", "sarif", "junit", "gitlab"]


@pytest.fixture(autouse=True)
def _on_a_laptop(monkeypatch: pytest.MonkeyPatch) -> None:
    for variable in ("GITHUB_WORKSPACE", "CI_PROJECT_DIR"):
        monkeypatch.delenv(variable, raising=False)


def path_in(format_: str, outcome: Outcome) -> str:
    """The path of the first finding."""
    if format_ == "sarif":
        (result,) = json.loads(outcome.out)["runs"][0]["results"]
        return str(result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"])
    if format_ == "gitlab":
        return str(json.loads(outcome.out)[0]["location"]["path"])
    if format_ == "junit":
        case = next(ElementTree.fromstring(outcome.out).iter("testcase"))
        return f"{case.attrib['classname']}/{case.attrib['name']}"
    return outcome.out.partition("file=")[2].partition(",")[0]


def test_as_published(make_repository: MakeRepository, run_cli: RunCli) -> None:
    root = make_repository({PATH: WRONG, OTHER: NEW_INCIDENT})
    sarif = run_cli("check", "--format", "sarif", repo=root)
    assert (sarif.code, sarif.err) == (1, "")
    assert_is_sarif(json.loads(sarif.out))
    assert [rule["id"] for rule in json.loads(sarif.out)["runs"][0]["tool"]["driver"]["rules"]] == [
        "unknown-value"
    ]
    gitlab = run_cli("check", "--format", "gitlab", repo=root)
    assert (gitlab.code, gitlab.err) == (1, "")
    assert_is_code_quality(json.loads(gitlab.out))
    junit = run_cli("check", "--format", "junit", repo=root)
    assert (junit.code, junit.err) == (1, "")
    assert_is_junit(junit.out)
    assert [case.attrib["name"] for case in ElementTree.fromstring(junit.out).iter("testcase")] == [
        "INC-2026-0042.md",
        "INC-2026-0043.md",
    ]


def test_only_the_files_that_were_asked_about_are_tests(
    make_repository: MakeRepository, run_cli: RunCli
) -> None:
    root = make_repository({PATH: NEW_INCIDENT, OTHER: NEW_INCIDENT})
    outcome = run_cli("check", OTHER, "--format", "junit", repo=root)
    (case,) = ElementTree.fromstring(outcome.out).iter("testcase")
    assert case.attrib["name"] == "INC-2026-0043.md"


@pytest.mark.parametrize(("flags", "failures"), [([], "0"), (["--strict"], "1")])
def test_a_strict_check_fails_its_tests_too(
    make_repository: MakeRepository, run_cli: RunCli, flags: list[str], failures: str
) -> None:
    root = make_repository({PATH: NO_SERVICES})
    outcome = run_cli("check", *flags, "--format", "junit", repo=root)
    assert ElementTree.fromstring(outcome.out).attrib["failures"] == failures == str(outcome.code)


@pytest.mark.parametrize("format_", ["github", "sarif", "junit", "gitlab"])
@pytest.mark.parametrize("variable", ["GITHUB_WORKSPACE", "CI_PROJECT_DIR"])
def test_paths_count_from_the_checkout(
    make_repository: MakeRepository,
    run_cli: RunCli,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    format_: str,
    variable: str,
) -> None:
    root = make_repository({PATH: WRONG})
    assert path_in(format_, run_cli("check", "--format", format_, repo=root)) == PATH
    monkeypatch.setenv(variable, str(tmp_path))
    assert path_in(format_, run_cli("check", "--format", format_, repo=root)) == f"records/{PATH}"


def test_outside_ci_paths_count_from_the_top_of_the_repository(
    make_repository: MakeRepository, run_cli: RunCli, commit_all: CommitAll, tmp_path: Path
) -> None:
    root = make_repository({PATH: WRONG}, name="our repository/records")
    commit_all(tmp_path / "our repository")
    assert path_in("gitlab", run_cli("check", "--format", "gitlab", repo=root)) == f"records/{PATH}"


@pytest.mark.parametrize("format_", FORMATS)
def test_no_format_tells_a_secret(make_repository: MakeRepository, run_cli: RunCli, format_: str) -> None:
    leaky = NEW_INCIDENT.replace("high\nurgency", f"{TOKEN}\n{TOKEN}: {TOKEN}\nurgency") + f"see {TOKEN}\n"
    root = make_repository({PATH: leaky, PATH[:-3] + "/app.log": f"auth={TOKEN}\n"})
    outcome = run_cli("check", "--format", format_, repo=root)
    assert outcome.code == 1
    assert "credential-in-file" in outcome.out
    assert TOKEN[6:16] not in outcome.out + outcome.err


@pytest.mark.parametrize("format_", FORMATS)
def test_the_same_twice(make_repository: MakeRepository, run_cli: RunCli, format_: str) -> None:
    root = make_repository({PATH: WRONG, OTHER: NO_SERVICES})
    first = run_cli("check", "--format", format_, repo=root)
    assert run_cli("check", "--format", format_, repo=root) == first
