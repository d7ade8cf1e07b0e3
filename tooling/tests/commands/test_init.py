"""`incidentbook init` makes a repository that works as it is, or nothing at all."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from incidentbook.archive import open_repository
from incidentbook.scaffold.issue_form import PATH as ISSUE_FORM
from incidentbook.scaffold.json_schemas import json_schemas
from incidentbook.scaffold.workflows import ForgeName, workflow_files
from incidentbook.taxonomy.settings import FILES
from testbed import RunCli, git

NOW = "2026-11-20T23:30+00:00"


def init(run_cli: RunCli, folder: Path, *flags: str) -> int:
    return run_cli("--now", NOW, "init", str(folder), *flags).code


def build(root: Path, *arguments: str) -> None:
    command = [
        sys.executable,
        "-m",
        "mkdocs",
        "build",
        "--strict",
        *arguments,
    ]  # --quiet would hide warnings from --strict
    environment = {**os.environ, "NO_MKDOCS_2_WARNING": "1", "INCIDENTBOOK_NOW": NOW}
    outcome = subprocess.run(command, cwd=root, env=environment, capture_output=True, text=True, check=False)
    assert outcome.returncode == 0, outcome.stderr


def files(folder: Path) -> set[str]:
    return {
        path.relative_to(folder).as_posix()
        for path in folder.rglob("*")
        if path.is_file() and ".git" not in path.relative_to(folder).parts
    }


def test_everything_is_there(tmp_path: Path, run_cli: RunCli) -> None:
    root = tmp_path / "records"
    assert (
        init(
            run_cli, root, "--name", "Harbour: desk", "--zone", "Europe/Berlin", "--url", "https://s.example"
        )
        == 0
    )
    schemas = set(json_schemas())
    assert files(root) - schemas == {
        ".gitattributes", ".gitignore", "README.md", "mkdocs.yml", "mkdocs.public.yml", "site/about.md",
        "incidents/.gitkeep", "knowledge/articles/.gitkeep", "knowledge/problems/.gitkeep",
        "handovers/.gitkeep",
        *(f"schema/{name}.yml" for name in FILES), "requirements.txt",
        *workflow_files(ForgeName.GITHUB, in_tree=False), ISSUE_FORM,
    }  # fmt: skip
    assert schemas <= files(root)
    archive = open_repository(root)
    assert list(archive.configuration) == []
    assert archive.stray == ()
    taxonomy = archive.taxonomy
    assert (taxonomy.settings.name, taxonomy.settings.zone) == ("Harbour: desk", "Europe/Berlin")
    assert taxonomy.settings.url == "https://s.example"
    assert taxonomy.settings.now is None
    # half past midnight on the next day, in the zone of the repository
    assert str(taxonomy.review_policies[0].valid_from) == "2026-11-21"
    config = yaml.safe_load((root / "mkdocs.yml").read_text())
    assert (config["docs_dir"], config["site_dir"], config["theme"]["name"]) == ("site", "public", "material")
    assert config["site_name"] == "Harbour: desk"


def test_every_word_of_the_starter_schema_has_a_definition(tmp_path: Path, run_cli: RunCli) -> None:
    init(run_cli, tmp_path / "records")
    taxonomy = open_repository(tmp_path / "records").taxonomy
    entries: list[Any] = [
        *taxonomy.categories,
        *(below for category in taxonomy.categories for below in category.subcategories),
        *taxonomy.resolution_codes, *taxonomy.channels, *taxonomy.hold_reasons, *taxonomy.policies,
        *taxonomy.priorities, *taxonomy.impacts, *taxonomy.urgencies, *taxonomy.teams,
    ]  # fmt: skip
    assert len(entries) > 60
    assert [entry for entry in entries if not entry.definition] == []
    cells = [cell for row in taxonomy.matrices[0].cells.values() for cell in row.values()]
    assert len(cells) == 9
    assert set(cells) == {priority.id for priority in taxonomy.priorities}


def test_it_checks_clean(tmp_path: Path, run_cli: RunCli) -> None:
    root = tmp_path / "records"
    init(run_cli, root)
    outcome = run_cli("--now", NOW, "check", "--strict", repo=root)
    assert outcome.code == 0, outcome.out


def test_it_builds_empty_as_it_is(tmp_path: Path, run_cli: RunCli) -> None:
    root = tmp_path / "records"
    init(run_cli, root)
    build(root)
    assert (root / "public/index.html").is_file()


def test_its_first_incident_is_on_its_site_and_on_the_public_one_only_where_it_says_so(
    tmp_path: Path, run_cli: RunCli
) -> None:
    root = tmp_path / "records"
    init(run_cli, root)
    for title, more in (("Mail is late", ()), ("Orders are lost", ("--visibility", "public"))):
        words = ("--title", title, "--category", "application/deployment", "--impact", "high", *more)
        outcome = run_cli("--now", NOW, "new", *words, "--urgency", "high", "--channel", "alert", repo=root)
        assert outcome.code == 0, outcome.err
    build(root)
    build(root, "--config-file", "mkdocs.public.yml")
    inside, outside = ((root / site / "index.html").read_text("utf-8") for site in ("public", "public-site"))
    assert [title in inside for title in ("Mail is late", "Orders are lost")] == [True, True]
    assert [title in outside for title in ("Mail is late", "Orders are lost")] == [False, True]
    git(root, "add", "--all")
    assert "public" not in {path.split("/")[0] for path in git(root, "ls-files").splitlines()}
    assert "public-site" not in {path.split("/")[0] for path in git(root, "ls-files").splitlines()}


def test_it_becomes_a_git_repository_without_a_commit(tmp_path: Path, run_cli: RunCli) -> None:
    root = tmp_path / "records"
    outcome = run_cli("init", root)
    assert "made it a Git repository; nothing is committed yet" in outcome.out
    assert git(root, "symbolic-ref", "--short", "HEAD").strip() == "main"
    assert git(root, "rev-list", "--all") == ""
    git(root, "add", "--all")
    assert "incidents/.gitkeep" in git(root, "ls-files")


def test_inside_a_git_repository_it_makes_no_other(tmp_path: Path, run_cli: RunCli) -> None:
    git(tmp_path, "init", "--quiet")
    assert init(run_cli, tmp_path / "records") == 0
    assert not (tmp_path / "records/.git").exists()


def test_without_git_it_says_so_and_goes_on(
    tmp_path: Path, run_cli: RunCli, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("GIT_PYTHON_REFRESH", "quiet")
    outcome = run_cli("init", tmp_path / "records")
    assert outcome.code == 0
    assert "It is not in a Git repository: " in outcome.err


def test_a_folder_with_other_files_will_do(tmp_path: Path, run_cli: RunCli) -> None:
    (tmp_path / "notes.txt").write_text("Mine")
    assert init(run_cli, tmp_path) == 0
    assert (tmp_path / "notes.txt").read_text() == "Mine"


@pytest.mark.parametrize("taken", ["README.md", "schema/sla.yml"])
def test_files_in_the_way_are_named_and_nothing_is_written(
    tmp_path: Path, run_cli: RunCli, taken: str
) -> None:
    (tmp_path / taken).parent.mkdir(exist_ok=True)
    (tmp_path / taken).write_text("Mine")
    outcome = run_cli("init", tmp_path)
    assert outcome.code == 2
    assert taken in outcome.err and outcome.err.count("\n") == 1
    assert files(tmp_path) == {taken}
    assert (tmp_path / taken).read_text() == "Mine"
    assert not (tmp_path / ".git").exists()


def test_twice_is_refused(tmp_path: Path, run_cli: RunCli) -> None:
    init(run_cli, tmp_path)
    before = {path: (tmp_path / path).read_bytes() for path in files(tmp_path)}
    outcome = run_cli("init", tmp_path)
    assert outcome.code == 2
    assert re.search(r"and \d+ more already", outcome.err)
    assert {path: (tmp_path / path).read_bytes() for path in files(tmp_path)} == before


def test_what_was_written_is_taken_back_where_the_rest_cannot_be(tmp_path: Path, run_cli: RunCli) -> None:
    (tmp_path / "schema").write_text("a file where a folder must be")
    outcome = run_cli("init", tmp_path)
    assert outcome.code == 2
    assert "no repository can be made in" in outcome.err
    assert [path.name for path in tmp_path.iterdir()] == ["schema"]


def test_a_file_is_no_folder(tmp_path: Path, run_cli: RunCli) -> None:
    (tmp_path / "taken").write_text("Mine")
    outcome = run_cli("init", tmp_path / "taken")
    assert outcome.code == 2
    assert outcome.err.count("\n") == 1


@pytest.mark.parametrize(
    ("flag", "value", "advice"),
    [
        ("--zone", "Europe/Berln", "did you mean `Europe/Berlin`?"),
        ("--zone", "../etc", "an IANA zone"),
        ("--zone", "", "an IANA zone"),
        ("--url", "status.example.com", "an address such as"),
        ("--url", "https://", "an address such as"),
        ("--url", "https://x.example/ y", "an address such as"),
        ("--name", "  ", "the name of a company"),
        ("--tool", "somethingelse==1", "a requirement such as"),
        ("--tool", "git+https://x @ y; z", "a requirement such as"),
        ("--tool", "", "a requirement such as"),
    ],
)
def test_answers_that_do_not_fit_are_refused(
    tmp_path: Path, run_cli: RunCli, flag: str, value: str, advice: str
) -> None:
    outcome = run_cli("init", tmp_path / "records", flag, value)
    assert outcome.code == 2
    assert advice in outcome.err
    assert not (tmp_path / "records").exists()


@pytest.mark.parametrize(
    ("forge", "there"),
    [
        ("github", {".github/workflows/check.yml", ".github/PULL_REQUEST_TEMPLATE.md", "ci/gate.sh"}),
        ("gitlab", {".gitlab-ci.yml", ".gitlab/merge_request_templates/Default.md", "ci/gate.sh"}),
        ("none", {"ci/gate.sh"}),
    ],
)
def test_each_forge_gets_its_own(forge: str, there: set[str], tmp_path: Path, run_cli: RunCli) -> None:
    root = tmp_path / "records"
    assert init(run_cli, root, "--forge", forge) == 0
    places = (".github/", ".gitlab/", ".gitlab-ci.yml", "ci/")
    for_forges = {path for path in files(root) if path.startswith(places)}
    assert there <= for_forges
    form = {ISSUE_FORM} if forge == "github" else set()
    assert for_forges == set(workflow_files(ForgeName(forge), in_tree=False)) | form
    assert run_cli("--now", NOW, "schema", "--check", repo=root).code == 0


@pytest.mark.parametrize(
    ("tool", "line"),
    [
        (
            "git+https://git.example/incidentbook@0f1e",
            "incidentbook @ git+https://git.example/incidentbook@0f1e",
        ),
        ("incidentbook==0.1.0", "incidentbook==0.1.0"),
    ],
)
def test_it_says_by_what_the_tool_is_installed(tool: str, line: str, tmp_path: Path, run_cli: RunCli) -> None:
    outcome = run_cli("init", tmp_path / "records", "--tool", tool)
    assert outcome.code == 0
    assert (tmp_path / "records/requirements.txt").read_text("utf-8").splitlines()[-1] == line
    assert "requirements.txt" not in outcome.out


def test_where_nobody_said_it_asks_and_takes_no_name_that_anybody_could_register(
    tmp_path: Path, run_cli: RunCli, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("importlib.metadata.PathDistribution.read_text", lambda *_: None)
    outcome = run_cli("init", tmp_path / "records")
    assert "requirements.txt: say where Incidentbook is" in outcome.out
    last = (tmp_path / "records/requirements.txt").read_text("utf-8").splitlines()[-1]
    assert last.startswith("incidentbook @ git+https://") and ".invalid/" in last


def test_a_tool_installed_from_git_is_installed_from_there_again(
    tmp_path: Path, run_cli: RunCli, monkeypatch: pytest.MonkeyPatch
) -> None:
    origin = '{"url": "https://git.example/i", "vcs_info": {"vcs": "git", "commit_id": "0f1e"}}'
    monkeypatch.setattr("importlib.metadata.PathDistribution.read_text", lambda *_: origin)
    run_cli("init", tmp_path / "records")
    last = (tmp_path / "records/requirements.txt").read_text("utf-8").splitlines()[-1]
    assert last == "incidentbook @ git+https://git.example/i@0f1e"


def test_a_name_that_yaml_would_misread_stays_as_it_is(tmp_path: Path, run_cli: RunCli) -> None:
    name = 'A "B": {{ x }} # 1 | & é'
    init(run_cli, tmp_path, "--name", name)
    assert open_repository(tmp_path).taxonomy.settings.name == name
    assert yaml.safe_load((tmp_path / "mkdocs.yml").read_text())["site_name"] == name


def test_help(run_cli: RunCli) -> None:
    outcome = run_cli("init", "--help")
    assert outcome.code == 0
    assert "Example: " in outcome.out
