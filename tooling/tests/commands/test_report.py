"""`incidentbook report`: what it says, to whom, and that it stands alone."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from testbed import CommitAll, MakeRepository, RunCli

SLA = """\
policies:
  - {id: critical, name: Critical, match: {priority: [P1]}, response: 15m, resolution: 4h}
  - {id: standard, name: Standard, response: 1h, resolution: 1d, pausing: [user]}
hold_reasons:
  - {id: user, name: Waiting for the user}
  - {id: window, name: Waiting for a window}
"""
NASTY = "</style><script>alert(1)</script> | `x` <img src=x onerror=y> @duty-one [a](http://evil.example)"
# the clock of the testbed: 2026-11-20 12:00 UTC


def incident(title: str, opened: str, **fields: Any) -> str:
    values = {
        "title": title,
        "status": "resolved",
        "visibility": "public",
        "impact": "medium",
        "urgency": "medium",
        "services": [{"service": "checkout", "state": "partial_outage"}],
        "category": "application/defect",
        "opened": opened,
        "acknowledged": opened,
        "resolved": opened[:11] + "18:00Z",
        **fields,
    }
    lines = "".join(f"{key}: {json.dumps(value)}\n" for key, value in values.items() if value is not None)
    return f"---\n{lines}---\n"


FILES = {
    "incidents/2026/INC-2026-0001.md": incident(
        "September", "2026-09-10T08:00Z", links={"problem": "PRB-2026-0001"}
    ),
    "incidents/2026/INC-2026-0002.md": incident(
        NASTY, "2026-10-05T08:00Z", major=True, impact="high", urgency="high",
        summary="First line.\nSecond line.", restored="2026-10-05T10:00Z",
        links={"problem": "PRB-2026-0001"},
        assignments=[
            {"at": "2026-10-05T08:10Z", "team": "desk"},
            {"at": "2026-10-05T12:00Z", "team": "payments"},
        ],
        holds=[
            {"from": "2026-10-05T13:00Z", "to": "2026-10-05T15:00Z", "reason": "window", "note": "Sunday"},
        ],
    ),
    "incidents/2026/INC-2026-0003.md": incident(
        "Internal one", "2026-10-20T07:00Z", visibility="internal", acknowledged="2026-10-20T09:30Z"
    ),
    "incidents/2026/INC-2026-0004.md": incident("Secret", "2026-10-21T07:00Z", visibility="restricted"),
    "incidents/2026/INC-2026-0005.md": incident(
        "Cancelled", "2026-10-22T07:00Z", status="cancelled", cancelled="2026-10-22T08:00Z", resolved=None
    ),
    "knowledge/problems/PRB-2026-0001.md": (
        "---\ntitle: Pool runs dry\nstatus: open\nvisibility: public\nopened: 2026-09-11T08:00Z\n"
        "root_cause: The pool is too small.\npermanent_fix: A larger pool.\n"
        "actions:\n  - {title: Enlarge the pool, owner: duty-one, due: 2026-11-01}\n---\n"
    ),
}  # fmt: skip


@pytest.fixture
def repository(make_repository: MakeRepository) -> Path:
    return make_repository({"schema/sla.yml": SLA, **FILES})


def report(run_cli: RunCli, root: Path, *arguments: str) -> tuple[str, str]:
    outcome = run_cli("report", *arguments, repo=root)
    assert (outcome.code, outcome.err) == (0, "")
    markdown, html = map(Path, outcome.out.splitlines())
    assert (markdown.suffix, html.suffix) == (".md", ".html")
    return markdown.read_text(encoding="utf-8"), html.read_text(encoding="utf-8")


def text_of(html: str) -> str:
    class Reader(HTMLParser):
        words: tuple[str, ...] = ()

        def handle_data(self, data: str) -> None:
            self.words = (*self.words, data)

    reader = Reader()
    reader.feed(re.sub(r"<style>.*?</style>", "", html, flags=re.DOTALL))
    return " ".join(" ".join(reader.words).split())


def section(markdown: str, heading: str) -> str:
    return markdown.partition(f"## {heading}\n")[2].partition("\n## ")[0]


def test_headline_figures_stand_beside_those_of_the_period_before(run_cli: RunCli, repository: Path) -> None:
    markdown, html = report(run_cli, repository, "2026-10")
    figures = section(markdown, "Figures")
    assert "| Incidents | **2**<br>1 of them major | 1 in September 2026 | too few to tell |" in figures
    assert "| Time to restore | **6h 30m**<br>median of 2, mean 6h 30m | 10h in September 2026 |" in figures
    assert "| Resolution targets kept | **50.0 %**<br>1 of 2 | 100.0 % in September 2026 |" in figures
    assert "2 incidents were opened, 1 more than in September 2026, 1 of them major." in text_of(html)


def test_major_incidents_are_told_with_their_cause(run_cli: RunCli, repository: Path) -> None:
    markdown, html = report(run_cli, repository, "2026-10")
    assert "### INC-2026-0002" in markdown
    assert "Opened Mon 2026-10-05 08:00; lasted 2h; no review yet." in markdown
    for text in (section(markdown, "Major incidents"), text_of(html)):
        assert "First line. Second line." in text
        assert "The pool is too small." in text


def test_breaches_are_told_with_their_reasons(run_cli: RunCli, repository: Path) -> None:
    markdown, html = report(run_cli, repository, "2026-10")
    missed = section(markdown, "Targets missed")
    assert [line.split(" ")[1] for line in missed.splitlines()[3:]] == ["INC-2026-0002", "INC-2026-0003"]
    for text in (missed, text_of(html)):
        assert "Service was back after 2h, in time; the rest of the work took longer." in text
        assert "Waiting for a window (Sunday) for 2h, which the policy does not let stop the clock." in text
        assert "2 teams had it: Service desk, then Payments." in text
        assert "It was opened outside office hours." in text


def test_recurring_causes(run_cli: RunCli, repository: Path) -> None:
    markdown, _ = report(run_cli, repository, "2026-10")
    row = "| PRB-2026-0001 Pool runs dry | 1 | 2 | open | A larger pool. | INC-2026-0002 |"
    assert row in section(markdown, "Recurring causes")
    markdown, _ = report(run_cli, repository, "2026-09")
    assert "None: no incident" in section(markdown, "Recurring causes")


def test_what_is_overdue(run_cli: RunCli, repository: Path) -> None:
    markdown, html = report(run_cli, repository, "2026-10")
    assert "| Enlarge the pool | PRB-2026-0001 | 2026-11-01 | 19 days | First duty engineer |" in markdown
    assert "INC-2026-0002" in section(markdown, "Reviews overdue")
    assert "Enlarge the pool" in text_of(html)


def test_left_out_revision_clock_and_audience_are_named(
    run_cli: RunCli, repository: Path, commit_all: CommitAll
) -> None:
    revision = commit_all(repository)
    markdown, html = report(run_cli, repository, "2026-10")
    for text in (markdown, text_of(html)):
        assert "Left out of every figure: 1 cancelled." in text
        assert revision[:12] in text
        assert "clock 2026-11-20 12:00 UTC" in text
        assert "of public and internal records" in text


def test_the_same_revision_and_clock_give_the_same_bytes(
    run_cli: RunCli, repository: Path, tmp_path: Path
) -> None:
    for folder in ("one", "two"):
        assert run_cli("report", "2026-10", "--output", tmp_path / folder, repo=repository).code == 0
    for name in ("2026-10.md", "2026-10.html"):
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()


def test_a_report_for_the_public_says_nothing_internal(run_cli: RunCli, repository: Path) -> None:
    internal = report(run_cli, repository, "2026-10")
    public = report(run_cli, repository, "2026-10", "--audience", "public")
    assert internal != public
    assert sorted(path.name for path in (repository / "reports").iterdir()) == [
        "2026-10-public.html", "2026-10-public.md", "2026-10.html", "2026-10.md",
    ]  # fmt: skip
    for text in public:
        assert "PRB-2026-0001" in text
        hidden = (
            "Internal one", "Secret", "duty", "First duty engineer", "Service desk", "Targets missed",
            "A larger pool", "The pool is too small", "overdue", "Defect",
        )  # fmt: skip
        assert [
            word for word in hidden if word in text.replace("@duty-one", "").replace("&#64;duty-one", "")
        ] == []
    assert "of public records" in public[0]
    assert "Secret" not in internal[0]


def test_the_page_stands_alone(run_cli: RunCli, repository: Path) -> None:
    _, html = report(run_cli, repository, "2026-10")
    assert "<script" not in html.lower()
    loading = re.compile(r"<[^>]*(?:src|href|srcset|action)\s*=|url\(|@import")
    assert loading.search(html) is None
    assert set(re.findall(r"https?://[^\s\"<)]+", html)) <= {
        "http://www.w3.org/2000/svg",
        "http://evil.example",
    }


def test_what_people_wrote_is_text(run_cli: RunCli, repository: Path) -> None:
    markdown, html = report(run_cli, repository, "2026-10")
    assert NASTY in text_of(html)
    line = next(line for line in markdown.splitlines() if line.startswith("### INC-2026-0002"))
    assert not re.search(r"(?<!\\)[<|`\[]", line)
    assert "@" not in line
    assert "http://" not in line


PERIODS = [("2026-Q4", "2026-10-01 to 2026-12-31"), ("2026", "2026-01-01 to 2026-12-31")]


@pytest.mark.parametrize(("period", "days"), PERIODS)
def test_quarters_and_years(run_cli: RunCli, repository: Path, period: str, days: str) -> None:
    markdown, html = report(run_cli, repository, period)
    for text in (markdown, text_of(html)):
        assert days in text
        assert "known until 2026-11-20 12:00 UTC" in text


def test_a_period_without_incidents_has_none_and_no_number(
    run_cli: RunCli, make_repository: MakeRepository
) -> None:
    markdown, html = report(run_cli, make_repository(), "2026-10")
    assert "No incident was opened." in markdown
    assert "| Time to restore | **none** | none in September 2026 |" in markdown
    assert "| Resolution targets kept | **none**<br>0 of 0 | none in September 2026 |" in markdown
    assert "NaN" not in html
    assert "nan" not in html


def test_all_open(run_cli: RunCli, make_repository: MakeRepository) -> None:
    text = incident("Open", "2026-10-05T08:00Z", status="in_progress", resolved=None, major=True)
    markdown, _ = report(run_cli, make_repository({"incidents/2026/INC-2026-0001.md": text}), "2026-10")
    assert "No service that failed was back by the end." in markdown
    assert "It is still open." in section(markdown, "Targets missed")
    assert "Opened Mon 2026-10-05 08:00; not over yet; no review yet." in markdown


@pytest.mark.parametrize("period", ["2026-13", "2026-Q5", "26", "October", "", "2026-1", "../x"])
def test_what_is_no_period(run_cli: RunCli, repository: Path, period: str) -> None:
    outcome = run_cli("report", period, repo=repository)
    assert (outcome.code, outcome.out) == (2, "")
    assert f"`{period}` is no period" in outcome.err
    assert not (repository / "reports").exists()


def test_a_period_that_has_not_begun(run_cli: RunCli, repository: Path) -> None:
    outcome = run_cli("report", "2026-12", repo=repository)
    assert outcome.code == 2
    assert outcome.err == "incidentbook: `2026-12` has not begun: it is 2026-11-20\n"


def test_a_month_belongs_to_the_zone_of_the_repository(
    run_cli: RunCli, make_repository: MakeRepository
) -> None:
    settings = "format: 1\nname: Testbed\nzone: Asia/Kathmandu\nnow: 2026-11-20T12:00+00:00\n"
    late = incident("Late on the last day", "2026-09-30T18:30Z", resolved=None, status="in_progress")
    root = make_repository({"schema/incidentbook.yml": settings, "incidents/2026/INC-2026-0001.md": late})
    assert "| Incidents | **1**" in report(run_cli, root, "2026-10")[0]
    assert "| Incidents | **0**" in report(run_cli, root, "2026-09")[0]
