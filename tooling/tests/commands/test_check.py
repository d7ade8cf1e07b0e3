"""`check` as people and machines call it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from testbed import NEW_INCIDENT, CommitAll, MakeRepository, RunCli

PATH = "incidents/2026/INC-2026-0042.md"
WARNED = NEW_INCIDENT.replace(
    "services:\n  - {service: checkout, state: partial_outage, from: 2026-11-19T13:58+00:00}", "services: []"
)
WRONG = NEW_INCIDENT.replace("urgency: high", "urgency: hihg")
TOKEN = "ghp_" + "0123456789abcdefgHIJKLMNOPQRSTUVWXYZ"[::-1]


def test_clean_is_zero(make_repository: MakeRepository, run_cli: RunCli) -> None:
    outcome = run_cli("check", repo=make_repository({PATH: NEW_INCIDENT}))
    assert outcome == (0, "1 record checked: 0 errors, 0 warnings, 0 notes\n", "")


def test_an_error_is_one(make_repository: MakeRepository, run_cli: RunCli) -> None:
    outcome = run_cli("check", repo=make_repository({PATH: WRONG}))
    assert outcome.code == 1
    assert outcome.out.splitlines()[0].startswith(f"{PATH}:8:10: error[unknown-value]: `urgency` is `hihg`")
    assert "   = help: did you mean `high`?" in outcome.out


@pytest.mark.parametrize(("flags", "code"), [([], 0), (["--strict"], 1)])
def test_a_warning_fails_only_when_strict(
    make_repository: MakeRepository, run_cli: RunCli, flags: list[str], code: int
) -> None:
    outcome = run_cli("check", *flags, repo=make_repository({PATH: WARNED}))
    assert outcome.code == code
    assert "warning[missing-services]" in outcome.out


def test_a_note_never_fails(make_repository: MakeRepository, run_cli: RunCli) -> None:
    noted = NEW_INCIDENT.replace("urgency: high", "urgency: high\npriority: P1")
    outcome = run_cli("check", "--strict", repo=make_repository({PATH: noted}))
    assert outcome.code == 0
    assert "note[priority-repeated]" in outcome.out


def test_json_is_json_and_nothing_else(make_repository: MakeRepository, run_cli: RunCli) -> None:
    outcome = run_cli("check", "--format", "json", repo=make_repository({PATH: WRONG}))
    assert outcome.code == 1
    assert outcome.err == ""
    document = json.loads(outcome.out)
    assert document["summary"] == {"records": 1, "errors": 1, "warnings": 0}
    assert [(d["code"], d["line"]) for d in document["diagnostics"]] == [("unknown-value", 8)]


def test_github_annotations(
    make_repository: MakeRepository, run_cli: RunCli, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    root = make_repository({PATH: WRONG})
    monkeypatch.delenv("GITHUB_WORKSPACE", raising=False)
    assert run_cli("check", "--format", "github", repo=root).out.startswith(f"::error file={PATH},line=8,")
    monkeypatch.setenv("GITHUB_WORKSPACE", str(tmp_path))
    assert run_cli("check", "--format", "github", repo=root).out.startswith(
        f"::error file=records/{PATH},line=8,"
    )


def test_a_path_from_here_or_from_the_root(
    make_repository: MakeRepository, run_cli: RunCli, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = "incidents/2026/INC-2026-0043.md"
    root = make_repository({PATH: WRONG, other: NEW_INCIDENT})
    monkeypatch.chdir(root / "incidents")
    for path in (other, "2026/INC-2026-0043.md", root / other):
        outcome = run_cli("check", path, repo=root)
        assert (outcome.code, outcome.out[:16]) == (0, "1 record checked")
    assert run_cli("check", "2026", repo=root).code == 1
    assert "2 records checked" in run_cli("check", ".", repo=root).out
    assert "2 records checked" in run_cli("check", root, repo=root).out


def test_a_path_that_is_not_there(make_repository: MakeRepository, run_cli: RunCli) -> None:
    outcome = run_cli("check", "incidents/2026/INC-2026-9999.md", repo=make_repository())
    assert outcome == (
        2,
        "",
        "incidentbook: there is no file or folder incidents/2026/INC-2026-9999.md\n",
    )


def test_a_path_elsewhere(make_repository: MakeRepository, run_cli: RunCli, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere.md"
    elsewhere.write_text("x")
    outcome = run_cli("check", elsewhere, repo=make_repository())
    assert outcome.code == 2
    assert "lies outside the records repository" in outcome.err
    assert outcome.err.count("\n") == 1


def test_a_path_that_has_nothing_to_check(make_repository: MakeRepository, run_cli: RunCli) -> None:
    root = make_repository({"README.md": "# Records"})
    assert run_cli("check", "README.md", repo=root).out.startswith("0 records checked")


def test_now_moves_the_clock(make_repository: MakeRepository, run_cli: RunCli) -> None:
    root = make_repository({PATH: NEW_INCIDENT})
    outcome = run_cli("--now", "2026-11-19T13:00+00:00", "check", repo=root)
    assert outcome.code == 1
    assert "error[time-in-the-future]" in outcome.out


def test_no_output_tells_a_secret(make_repository: MakeRepository, run_cli: RunCli) -> None:
    leaky = NEW_INCIDENT.replace("high\nurgency", f"{TOKEN}\n{TOKEN}: {TOKEN}\nurgency") + f"see {TOKEN}\n"
    root = make_repository({PATH: leaky, PATH[:-3] + "/app.log": f"auth={TOKEN}\n"})
    for format_ in ("text", "json", "github"):
        outcome = run_cli("check", "--format", format_, repo=root)
        assert outcome.code == 1
        assert "credential-in-file" in outcome.out
        assert TOKEN not in outcome.out + outcome.err
        assert TOKEN[6:16] not in outcome.out + outcome.err


def test_a_secret_in_the_configuration_is_not_shown(make_repository: MakeRepository, run_cli: RunCli) -> None:
    root = make_repository({"schema/teams.yml": f"teams:\n  - {{id: desk, name: Desk, {TOKEN}: {TOKEN}}}\n"})
    outcome = run_cli("check", repo=root)
    assert outcome.code == 1
    assert "schema/teams.yml:2:" in outcome.out
    assert "error[credential-in-file]" in outcome.out
    assert TOKEN[6:16] not in outcome.out


def test_the_same_twice(make_repository: MakeRepository, run_cli: RunCli) -> None:
    root = make_repository({PATH: WRONG, "incidents/2026/INC-2026-0043.md": WARNED})
    first = run_cli("check", repo=root)
    assert run_cli("check", repo=root) == first


def test_without_git_and_without_a_commit(
    make_repository: MakeRepository, run_cli: RunCli, commit_all: CommitAll
) -> None:
    root = make_repository({PATH: NEW_INCIDENT})
    assert run_cli("check", repo=root).code == 0
    commit_all(root)
    assert run_cli("check", repo=root).code == 0


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ("format: 2\nname: x\n", "a newer version reads it; install it from"),
        ("name: x\n", "format"),
        ("format: 1\nname: [\n", "schema/incidentbook.yml:"),
        ("format: 1\n", "schema/incidentbook.yml:"),
        ("", "format"),
    ],
)
def test_settings_that_do_not_allow_to_go_on(
    make_repository: MakeRepository, run_cli: RunCli, settings: str, said: str
) -> None:
    outcome = run_cli("check", repo=make_repository({"schema/incidentbook.yml": settings}))
    assert outcome.code == 2
    assert said in outcome.err
    assert outcome.err.count("\n") == 1


def test_no_repository_at_all(run_cli: RunCli, tmp_path: Path) -> None:
    outcome = run_cli("check", repo=tmp_path)
    assert outcome.code == 2
    assert "incidentbook init" in outcome.err


def test_help_has_an_example(run_cli: RunCli) -> None:
    outcome = run_cli("check", "--help")
    assert outcome.code == 0
    assert "Example: incidentbook check" in outcome.out


def test_a_change_says_what_it_was_compared_with(
    make_repository: MakeRepository, run_cli: RunCli, commit_all: CommitAll
) -> None:
    root = make_repository({PATH: NEW_INCIDENT})
    base = commit_all(root)
    (root / PATH).unlink()
    outcome = run_cli("check", "--base", "main", PATH, repo=root)
    assert outcome.code == 1
    assert f"{PATH}: error[record-deleted]: `INC-2026-0042` was deleted" in outcome.out
    assert outcome.out.endswith(f"against {base[:7]}, where this left main: 1 record touched\n")
    (found,) = json.loads(run_cli("check", "--base", "main", "--format", "json", repo=root).out)[
        "diagnostics"
    ]
    assert (found["code"], found["line"]) == ("record-deleted", None)


def test_a_change_that_only_adds_updates(
    make_repository: MakeRepository, run_cli: RunCli, commit_all: CommitAll
) -> None:
    root = make_repository({PATH: NEW_INCIDENT})
    commit_all(root)
    update = (
        "updates:\n  - {at: 2026-11-20T11:00+00:00, status: investigating, text: We look into it.}\n---\nE"
    )
    (root / PATH).write_text(NEW_INCIDENT.replace("---\nE", update), encoding="utf-8")
    assert run_cli("check", "--base", "HEAD", "--only", "updates", repo=root).code == 0
    (root / "Makefile").write_text("all:\n", encoding="utf-8")
    outcome = run_cli("check", "--base", "HEAD", "--only", "updates", PATH, repo=root)
    assert outcome.code == 1
    assert "Makefile: error[more-than-an-update]: the change adds a file" in outcome.out


def test_only_asks_for_a_base(make_repository: MakeRepository, run_cli: RunCli) -> None:
    outcome = run_cli("check", "--only", "updates", repo=make_repository())
    assert outcome.code == 2
    assert "--base" in outcome.err


@pytest.mark.parametrize(("prepared", "said"), [(False, "git init"), (True, "git fetch")])
def test_a_base_that_is_not_there_never_passes(
    make_repository: MakeRepository, run_cli: RunCli, commit_all: CommitAll, *, prepared: bool, said: str
) -> None:
    root = make_repository({PATH: NEW_INCIDENT})
    if prepared:
        commit_all(root)
    outcome = run_cli("check", "--base", "origin/main", repo=root)
    assert outcome.code == 2
    assert said in outcome.err
    assert outcome.err.count("\n") == 1
