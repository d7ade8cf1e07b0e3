"""Hostile texts in every field, in commits and in their authors' names, and what is told of the history."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path

import attacking
import pytest
from attacking import TEXTS, Attack, faults_of
from planting import path_of, unfinished

from incidentbook.markdown.dialect import to_html
from incidentbook.records import KINDS
from testbed import RunCli, git

CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f]")
TURNING = re.compile("[\u202a-\u202e\u2066-\u2069]")
OUR_TAGS = {
    *("h3", "h4", "p", "ul", "li", "br", "strong", "em", "code", "sub", "span", "details", "summary"),
    *("table", "thead", "tbody", "tr", "th", "td"),
}
"""What Markdown of ours is made of: no link, no picture, nothing that a stranger would add."""

MENTION = re.compile(r"(?<![\w`])@\w|(?<![\w&])#\d|\b[Gg][Hh]-\d|https?://|\bwww\.")
"""What a forge makes a link or a message of, past every escape: it reads the finished text."""


@dataclass
class History:
    """A repository whose second to last commits are all hostile, by number of the records in each."""

    root: Path
    commits: dict[int, str]
    begun: str


def plain(text: str) -> str:
    """A text as Git takes it for a name or a message."""
    return re.sub("[\x00<>\r\n]", "", text.format(n=1))


@pytest.fixture(scope="module", params=[attacking.PLAIN, attacking.CONTROL], ids=["plain", "control"])
def history(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> History:
    """Everything is hostile; of the taxonomy once what would run, and once what a terminal obeys."""
    root = tmp_path_factory.mktemp("attacked") / "records"
    root.mkdir()
    Attack(root, of_taxonomy=request.param)
    git(root, "init", "--quiet", "--initial-branch=main")
    git(root, "add", "schema", *sorted(path.relative_to(root).as_posix() for path in root.rglob("*0900.md")))
    git(root, "commit", "--quiet", "--message", "Begin")
    begun, commits = git(root, "rev-parse", "HEAD").strip(), {}
    for number, template in TEXTS.items():
        paths = [path_of(kind, number) for kind in KINDS]
        for path in paths if number < 940 else ():
            (root / path).write_text(unfinished((root / path).read_text("utf-8")), "utf-8")
        git(root, "add", "--force", *paths)
        author = plain(template)[:900]
        git(
            root,
            *("commit", "--quiet", "--author", f"{author} <{number}@example.invalid>"),
            *("--message", plain(template), "--message", f"Co-authored-by: {author} <x@example.invalid>"),
        )
        commits[number] = git(root, "rev-parse", "HEAD").strip()
    return History(root, commits, begun)


def run(run_cli: RunCli, history: History, *arguments: str) -> str:
    outcome = run_cli(*arguments, repo=history.root)
    assert outcome.code == 0, outcome.err
    assert not CONTROLS.search(outcome.err)
    return outcome.out


@pytest.mark.parametrize("audience", ["public", "internal", "all"])
def test_a_log_moves_no_cursor(history: History, run_cli: RunCli, audience: str) -> None:
    said = run(run_cli, history, "log", "--audience", audience)
    assert "INC-2026-0930" in said
    assert not CONTROLS.search(said)
    assert not TURNING.search(said)
    begin = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d|time not said| |\d+ events? of |$")
    assert [line for line in said.splitlines() if not begin.match(line)] == []


@pytest.mark.parametrize("form", ["json", "cdevents"])
def test_a_log_for_programs_is_data(history: History, run_cli: RunCli, form: str) -> None:
    said = run(run_cli, history, "log", f"--format={form}")
    assert "\x1b" not in said
    assert json.loads(said)


def test_a_watch_moves_no_cursor(history: History, run_cli: RunCli) -> None:
    said = run(run_cli, history, "watch")
    assert "Action 1 overdue" in said
    assert not CONTROLS.search(said)
    assert not TURNING.search(said)
    assert not [line for line in said.splitlines() if line.startswith("::")]
    assert json.loads(run(run_cli, history, "watch", "--format=json"))["records"]


@pytest.mark.parametrize("audience", ["public", "internal", "all"])
@pytest.mark.parametrize("number", TEXTS)
def test_a_comment_is_markdown_of_ours_alone(
    history: History, run_cli: RunCli, number: int, audience: str
) -> None:
    head = history.commits[number]
    said = run(run_cli, history, "comment", f"{head}^..{head}", "--audience", audience)
    assert f"INC-2026-0{number}" in said
    assert said.count("<!--") == 1
    assert strange(said) == []


def test_a_watch_is_markdown_of_ours_alone(history: History, run_cli: RunCli) -> None:
    said = run(run_cli, history, "watch", "--format=markdown")
    assert "**INC-2026-0910**" in said
    assert strange(said) == []


def strange(said: str) -> list[str]:
    """What of a text is not ours, by what a forge would make of it."""
    page = to_html(said)
    words = re.sub(r"<[^>]*>|<!--.*?-->", "", re.sub(r"<code>.*?</code>", "", page, flags=re.DOTALL))
    return [
        *(f"control {found!r}" for found in CONTROLS.findall(said) + TURNING.findall(said)),
        *faults_of(page, "https://nowhere.invalid/"),
        *(f"<{tag}>" for tag in sorted(set(re.findall(r"<([a-z][\w-]*)", page)) - OUR_TAGS)),
        *(f"<!-- in {page[:40]}" for _ in range(page.count("<!--") - said.count("<!--"))),
        *(f"link {found}" for found in MENTION.findall(words)),
    ]


def test_what_is_strange_would_be_told() -> None:
    for number in (910, 920, 930):
        assert strange(TEXTS[number].format(n=1))
    for text in ("@somebody", "see #12", "GH-7", "https://elsewhere.invalid", "[a](b)", "![a](b)"):
        assert strange(text), text
