"""What is committed and pushed, beside others' work and one's own: each on real Git repositories."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from lifebed import BY, FIRST, incident, record
from terminalbed import Terminal

from clonebed import commit, two_clones
from incidentbook.commands.setup_git import ATTRIBUTES
from testbed import GIT_ENVIRONMENT, RunCli, git

UPDATE = ("update", "1", "-m", "On it.", *BY)
ON_MAIN = ("--push", "--branch", "main")
LEAST = (
    "new", "--title", "Search is slow", "--channel", "phone", "--impact", "low", "--urgency", "low",
    "--category", "application/deployment", "--service", "search", "--no-input", *BY,
)  # fmt: skip
SECOND = "incidents/2026/INC-2026-0002.md"


@pytest.fixture(autouse=True)
def _author(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in GIT_ENVIRONMENT.items():
        monkeypatch.setenv(name, value)
    monkeypatch.delenv("INCIDENTBOOK_BY", raising=False)


@pytest.fixture
def clones(tmp_path: Path) -> tuple[Path, Path]:
    files = {FIRST: incident("in_progress"), ".gitattributes": ATTRIBUTES, "mkdocs.yml": "name: a\n"}
    return two_clones(tmp_path, files)


def pushed(root: Path, files: dict[str, str]) -> None:
    commit(root, "Others", files)
    git(root, "push", "--quiet", "origin", "HEAD")


def an_editor(tmp_path: Path, script: str) -> dict[str, str]:
    editor = tmp_path / "editor"
    editor.write_text(f"#!/bin/sh\n{script}\n")
    editor.chmod(0o755)
    return {**GIT_ENVIRONMENT, "VISUAL": str(editor), "TMPDIR": str(tmp_path)}


def test_a_text_that_a_rule_refuses_is_kept(clones: tuple[Path, Path], tmp_path: Path) -> None:
    secret = "AKIA" + "IOSFODNN7EXAMPLE"
    environment = an_editor(tmp_path, f"echo 'The key is {secret}' > \"$1\"")
    code, screen = Terminal(clones[0], "update", "1", *BY, environment=environment).end()
    assert code == 1, screen
    (kept,) = tmp_path.glob("incidentbook-*/text.md")
    assert kept.read_text() == f"The key is {secret}\n"
    assert kept.parent.stat().st_mode & 0o077 == 0
    assert "What you wrote is kept in " in screen


def test_what_cannot_be_sent_is_said_before_an_editor_opens(
    clones: tuple[Path, Path], tmp_path: Path
) -> None:
    git(clones[0], "remote", "remove", "origin")
    environment = an_editor(tmp_path, f'touch {tmp_path}/opened; echo Text > "$1"')
    code, screen = Terminal(clones[0], "update", "1", "--push", *BY, environment=environment).end()
    assert code == 2 and "no remote to push to" in screen
    assert not (tmp_path / "opened").exists()


@pytest.mark.parametrize("hindrance", ["no remote", "detached"])
def test_new_is_written_though_it_cannot_be_sent(
    clones: tuple[Path, Path], run_cli: RunCli, hindrance: str
) -> None:
    root = clones[0]
    if hindrance == "no remote":
        git(root, "remote", "remove", "origin")
    else:
        git(root, "checkout", "--quiet", "--detach")
    outcome = run_cli(*LEAST, "--push", repo=root)
    assert outcome.code == 2
    assert "INC-2026-0002 is written, not committed; " in outcome.err
    assert f"add -- {SECOND}" in outcome.out
    assert record(root, "INC-2026-0002").title == "Search is slow"


def test_other_work_stays_as_it_is_where_others_were_quicker(
    clones: tuple[Path, Path], run_cli: RunCli
) -> None:
    one, two = clones
    pushed(one, {"README.md": "theirs\n"})
    (two / "mkdocs.yml").write_text("name: staged\n")
    git(two, "add", "mkdocs.yml")
    (two / "mkdocs.yml").write_text("name: changed\n")
    (two / "notes.txt").write_text("mine\n")
    outcome = run_cli(*UPDATE, *ON_MAIN, repo=two)
    assert outcome.code == 0, outcome.err
    assert "on top of what others had pushed" in outcome.out
    assert git(two, "status", "--porcelain").splitlines() == ["MM mkdocs.yml", "?? notes.txt"]
    assert git(two, "show", ":mkdocs.yml") == "name: staged\n"
    assert git(two, "rev-parse", "HEAD") == git(two, "rev-parse", "origin/main")
    assert git(two, "worktree", "list").count("\n") == 1
    assert git(two, "for-each-ref", "refs/incidentbook") == ""


@pytest.mark.parametrize(("file", "mine"), [("mkdocs.yml", "name: mine\n"), ("new.txt", "mine\n")])
def test_a_file_that_others_changed_too_is_left_alone(
    clones: tuple[Path, Path], run_cli: RunCli, file: str, mine: str
) -> None:
    one, two = clones
    pushed(one, {file: "name: theirs\n"})
    (two / file).write_text(mine)
    outcome = run_cli(*UPDATE, *ON_MAIN, repo=two)
    assert outcome.code == 0, outcome.err
    assert f"main here stays behind, for others changed what is changed here and not committed: {file}" in (
        outcome.out
    )
    assert (two / file).read_text() == mine
    assert git(two, "stash", "list") == ""
    assert "On it." in git(two, "show", f"origin/main:{FIRST}")
    assert git(two, "merge-base", "HEAD", "origin/main") != git(two, "rev-parse", "HEAD")

    again = run_cli("update", "1", "-m", "Still.", *ON_MAIN, *BY, repo=two)
    assert again.code == 0, again.err
    there = git(two, "show", f"origin/main:{FIRST}")
    assert there.count("On it.") == 1 and there.count("Still.") == 1 and there.count("id: u") == 2


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("night", "is there and not checked out; `git switch night`"),
        ("a..b", "no name of a branch"),
        ("-f", "no name of a branch"),
        ("main/sub", "cannot be beside the branch `main`"),
    ],
)
def test_a_branch_is_looked_at_before_anything_is_written(
    clones: tuple[Path, Path], run_cli: RunCli, name: str, said: str
) -> None:
    git(clones[0], "branch", "night")
    outcome = run_cli(*UPDATE, "--commit", f"--branch={name}", repo=clones[0])
    assert outcome.code == 2 and said in outcome.err
    assert git(clones[0], "status", "--porcelain") == ""


def test_a_hook_that_refuses_is_heard(clones: tuple[Path, Path], run_cli: RunCli) -> None:
    hook = clones[0] / ".git/hooks/pre-commit"
    hook.write_text("#!/bin/sh\necho one\necho 'no \033[31mcommit' >&2\nexit 1\n")
    hook.chmod(0o755)
    outcome = run_cli(*UPDATE, "--commit", repo=clones[0])
    assert outcome.code == 2
    assert f"{FIRST} is written, not committed; do not repeat the command" in outcome.err
    assert "\n  one\n" in outcome.err and "\n  no \\x1b[31mcommit\n" in outcome.err.replace("\\e", "\\x1b")
    assert f" commit -m 'INC-2026-0001: update u1 (investigating)' -- {FIRST}`" in outcome.err
    assert len(record(clones[0]).updates) == 1


def test_a_lock_of_git_is_said_with_what_is_done(clones: tuple[Path, Path], run_cli: RunCli) -> None:
    (clones[0] / ".git/index.lock").write_text("")
    outcome = run_cli(*UPDATE, "--commit", repo=clones[0])
    assert outcome.code == 2 and "is written, not committed; do not repeat the command" in outcome.err
    assert "index.lock" in outcome.err


def test_nobody_commits_in_nobodys_name(
    clones: tuple[Path, Path], run_cli: RunCli, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in GIT_ENVIRONMENT:
        if name.startswith(("GIT_AUTHOR", "GIT_COMMITTER")):
            monkeypatch.delenv(name)
    git(clones[0], "config", "user.useConfigOnly", "true")
    outcome = run_cli(*UPDATE, "--commit", repo=clones[0])
    assert outcome.code == 2 and "`git config user.name NAME`" in outcome.err
    assert git(clones[0], "status", "--porcelain") == ""


@pytest.mark.parametrize(
    ("hook", "done"), [("pre-commit", "is written, not committed"), ("pre-push", "not pushed")]
)
def test_ctrl_c_says_what_is_done(clones: tuple[Path, Path], tmp_path: Path, hook: str, done: str) -> None:
    path = clones[0] / ".git/hooks" / hook
    path.write_text("#!/bin/sh\necho 'hook runs' > /dev/tty\nsleep 20\n")
    path.chmod(0o755)
    terminal = Terminal(clones[0], *UPDATE, *ON_MAIN, environment=GIT_ENVIRONMENT)
    terminal.see("hook runs")
    terminal.type("\x03")
    code, screen = terminal.end()
    assert code == 2 and done in screen and "it was interrupted" in screen, screen
    assert "do not repeat the command" in screen
    assert len(record(clones[0]).updates) == 1


def test_a_record_on_anothers_branch_is_found_there(clones: tuple[Path, Path], run_cli: RunCli) -> None:
    one, two = clones
    assert run_cli(*LEAST, "--push", repo=one).code == 0
    assert "there is no incident `2` here" in run_cli("ack", "2", *BY, repo=two).err
    outcome = run_cli("ack", "2", "--push", *BY, repo=two)
    assert outcome.code == 2
    assert "INC-2026-0002 is not here but on the branch `inc-2026-0002`: `git switch inc-" in outcome.err
    git(two, "switch", "--quiet", "inc-2026-0002")
    assert run_cli("ack", "2", "--push", *BY, repo=two).code == 0
    git(two, "switch", "--quiet", "main")
    assert "on the branch `inc-2026-0002`" in run_cli("show", "INC-2026-0002", repo=two).err


@pytest.mark.parametrize("fetched", [True, False])
def test_a_record_that_goes_on_elsewhere_is_not_begun_anew(
    clones: tuple[Path, Path], run_cli: RunCli, fetched: bool
) -> None:
    one, two = clones
    assert run_cli(*UPDATE, "--push", repo=one).code == 0
    if fetched:
        git(two, "fetch", "--quiet")
    outcome = run_cli("update", "1", "-m", "I, too.", "--push", *BY, repo=two)
    assert outcome.code == 2 and "`git switch inc-2026-0001` and try again there" in outcome.err
    assert git(two, "status", "--porcelain") == ""
    git(two, "switch", "--quiet", "inc-2026-0001")
    assert run_cli("update", "1", "-m", "I, too.", "--push", *BY, repo=two).code == 0


def test_a_branch_that_was_merged_hinders_nobody(clones: tuple[Path, Path], run_cli: RunCli) -> None:
    one, two = clones
    assert run_cli(*UPDATE, "--push", repo=one).code == 0
    git(one, "switch", "--quiet", "main")
    git(one, "merge", "--quiet", "--squash", "inc-2026-0001")
    git(one, "commit", "--quiet", "--message", "Squashed")
    git(one, "push", "--quiet", "origin", "main")
    behind = run_cli("update", "1", "-m", "I, too.", "--push", *BY, repo=two)
    assert behind.code == 2 and "origin has a newer INC-2026-0001 on `main`" in behind.err
    git(two, "pull", "--quiet", "--rebase")
    outcome = run_cli("update", "1", "-m", "I, too.", "--push", *BY, repo=two)
    assert outcome.code == 0 and "Pushed inc-2026-0001-2 to origin" in outcome.out


def test_a_new_record_begins_at_the_main_branch(clones: tuple[Path, Path], run_cli: RunCli) -> None:
    one, two = clones
    assert run_cli(*UPDATE, "--push", repo=one).code == 0
    pushed(two, {"README.md": "newer\n"})
    assert run_cli(*LEAST, "--push", repo=one).code == 0
    assert git(one, "branch", "--show-current").strip() == "inc-2026-0002"
    assert git(one, "log", "--format=%s", "origin/main..HEAD").splitlines() == [
        "INC-2026-0002: Search is slow"
    ]
    assert "On it." not in (one / FIRST).read_text()


def test_what_others_did_meanwhile_is_looked_at_again(clones: tuple[Path, Path], run_cli: RunCli) -> None:
    one, two = clones
    resolve = ("resolve", "1", "-m", "Done", "--code", "fixed", "--permanent", "--summary", "Down.")
    assert run_cli(*resolve, *ON_MAIN, *BY, repo=one).code == 0
    outcome = run_cli(*UPDATE, "--service", "checkout=major_outage", *ON_MAIN, repo=two)
    assert "INC-2026-0001 was in_progress here; meanwhile others made it resolved" in outcome.out
    assert outcome.code == 1
    assert "checkout is major_outage from 2026-11-20T12:00:00+00:00 on, in an incident that is resolved" in (
        outcome.err
    )
    assert "incidentbook resolve" not in outcome.out.partition("Next:")[2]


def test_an_error_that_others_make_of_it_is_told(clones: tuple[Path, Path], run_cli: RunCli) -> None:
    one, two = clones
    words = (one / "schema/sla.yml").read_text()
    assert "vendor" in words
    pushed(one, {"schema/sla.yml": words.replace("vendor", "supplier")})
    outcome = run_cli("hold", "1", "--reason", "vendor", *BY, *ON_MAIN, repo=two)
    assert outcome.code == 1 and "  error unknown-hold-reason: " in outcome.err


def test_an_update_has_its_new_id_in_message_and_words(clones: tuple[Path, Path], run_cli: RunCli) -> None:
    one, two = clones
    for root, who, at in ((one, "duty-one", "11:00"), (two, "duty-two", "11:01")):
        outcome = run_cli(
            "update", "1", "-m", f"From {who}.", "--by", who, "--at", f"2026-11-20T{at}Z", *ON_MAIN, repo=root
        )
    assert git(two, "log", "-1", "--format=%s", "origin/main").strip() == (
        "INC-2026-0001: update u2 (investigating)"
    )
    assert f"it is now {git(two, 'rev-parse', 'HEAD')[:10]}: INC-2026-0001: update u2" in outcome.out


def test_without_gh_it_is_pushed_and_said_where_to_ask(
    clones: tuple[Path, Path], tmp_path: Path, run_cli: RunCli, monkeypatch: pytest.MonkeyPatch
) -> None:
    tools = tmp_path / "tools"
    tools.mkdir()
    for tool in ("git", "sh"):
        found = subprocess.run(["which", tool], capture_output=True, text=True, check=True).stdout.strip()
        (tools / tool).symlink_to(found)
    monkeypatch.setenv("PATH", str(tools))
    git(clones[0], "remote", "set-url", "--push", "origin", str(tmp_path / "origin.git"))
    git(
        clones[0], "config", "url." + str(tmp_path / "origin.git") + ".insteadOf", "https://f.example/h/r.git"
    )
    outcome = run_cli(*UPDATE, "--pr", repo=clones[0])
    assert outcome.code == 2
    assert outcome.err.startswith("gh is not here: the branch is pushed")
    assert "pushed to inc-2026-0001 of origin; gh is not here" in outcome.err
    assert "Pushed inc-2026-0001" in outcome.out


def test_what_commits_is_said_for_where_one_stands(
    clones: tuple[Path, Path], run_cli: RunCli, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(clones[0] / "incidents")
    outcome = run_cli(*UPDATE)
    (line,) = [line for line in outcome.out.splitlines() if " add -- " in line]
    subprocess.run(line, shell=True, check=True, capture_output=True)
    assert git(clones[0], "status", "--porcelain") == ""
