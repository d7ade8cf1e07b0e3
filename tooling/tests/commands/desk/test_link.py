"""`link`: lists are added to, and nothing else of them changes."""

from __future__ import annotations

from pathlib import Path

import pytest
from lifebed import BY, FIRST, incident, record

from testbed import MakeRepository, RunCli

SECOND = "incidents/2026/INC-2026-0002.md"
LINKS = """\
links:
  # how we got in
  outside:
    - {type: ticket, url: "https://desk.example/1"}   # the first
  earlier: [INC-2026-0002]   # last week
"""


@pytest.fixture
def root(make_repository: MakeRepository) -> Path:
    return make_repository({FIRST: incident("closed", LINKS), SECOND: incident("closed")})


def test_lists_grow_and_comments_stay(root: Path, run_cli: RunCli) -> None:
    before = (root / FIRST).read_text()
    outcome = run_cli(
        "link", "1", "--outside", "chat=https://chat.example/?a=b", "--earlier", "2",
        "--fixed-by", "Change: 7", *BY, repo=root,
    )  # fmt: skip
    assert outcome.code == 0, outcome.err
    lines = (root / FIRST).read_text().split("\n")
    added = [line for line in lines if line not in before.split("\n")]
    assert added == [
        "    - {type: chat, url: 'https://chat.example/?a=b'}",
        "  fixed_by_change: 'Change: 7'",
    ]
    assert [line for line in before.split("\n") if line not in lines] == []
    assert "outside https://chat.example/?a=b" in outcome.out and "earlier" not in outcome.out.split("\n")[0]


def test_what_leads_nowhere_is_refused(root: Path, run_cli: RunCli) -> None:
    before = (root / FIRST).read_text()
    for arguments, said in (
        ((), "the link leads nowhere"),
        (("--earlier", "1"), "INC-2026-0001 cannot be linked to itself"),
        (("--earlier", "INC-2026-0009"), "there is no incident `INC-2026-0009`"),
        (("--apart", "Other cause"), "has no parent from which it could go on apart"),
        (("--outside", "https://chat.example"), "is no TYPE=URL"),
        (("--article", "../../etc"), "there is no article"),
        (("--caused-by", " "), "--caused-by is empty"),
    ):
        outcome = run_cli("link", "1", *arguments, *BY, repo=root)
        assert outcome.code == 2 and said in outcome.err, outcome
    assert (root / FIRST).read_text() == before


def test_an_address_that_becomes_no_link_is_pointed_out(root: Path, run_cli: RunCli) -> None:
    outcome = run_cli("link", "1", "--outside", "chat=javascript:alert(1)", *BY, repo=root)
    assert "unsafe-link" in outcome.out + outcome.err


def test_a_parent_and_why_it_is_not_followed(root: Path, run_cli: RunCli) -> None:
    assert run_cli("link", "1", "--parent", "2", "--apart", "Other cause", *BY, repo=root).code == 0
    assert (record(root).links.parent, record(root).links.apart) == ("INC-2026-0002", "Other cause")


def opened_at(opened: str = "10:05", more: str = "") -> str:
    return incident("in_progress", more).replace("opened: 2026-11-20T10:05", f"opened: 2026-11-20T{opened}")


def test_a_new_parent_takes_the_reason_to_be_apart_from_the_old_one_out(
    make_repository: MakeRepository, run_cli: RunCli
) -> None:
    third = "incidents/2026/INC-2026-0003.md"
    apart = "links: {parent: INC-2026-0002, apart: Another cause}\n"
    root = make_repository({FIRST: opened_at(more=apart), SECOND: opened_at(), third: opened_at()})
    outcome = run_cli("link", "1", "--parent", "2", "--problem", "1", *BY, repo=root)
    assert outcome.code == 2  # no such problem, and nothing changes
    outcome = run_cli("link", "1", "--parent", "2", "--outside", "chat=https://chat.example", *BY, repo=root)
    assert (outcome.code, record(root).links.apart) == (0, "Another cause")
    outcome = run_cli("link", "1", "--parent", "3", *BY, repo=root)
    assert outcome.code == 0
    assert (record(root).links.parent, record(root).links.apart) == ("INC-2026-0003", None)
    assert "parent INC-2026-0003, apart taken out, for it was about the parent before" in outcome.out
    outcome = run_cli("link", "1", "--parent", "2", "--apart", "Its own cable", *BY, repo=root)
    assert (record(root).links.parent, record(root).links.apart) == ("INC-2026-0002", "Its own cable")


@pytest.mark.parametrize("status", ["resolved", "closed", "cancelled"])
def test_of_a_parent_that_is_over_one_hears(
    make_repository: MakeRepository, run_cli: RunCli, status: str
) -> None:
    root = make_repository({FIRST: incident("in_progress"), SECOND: incident(status)})
    outcome = run_cli("link", "1", "--parent", "2", *BY, repo=root)
    assert outcome.code == 0
    assert f"INC-2026-0002 is {status}: what comes after that is not resolved with it" in outcome.out


def test_what_was_opened_later_is_no_earlier_occurrence(
    make_repository: MakeRepository, run_cli: RunCli
) -> None:
    third = "incidents/2026/INC-2026-0003.md"
    root = make_repository({FIRST: opened_at(), SECOND: opened_at("10:06"), third: opened_at()})
    before = (root / FIRST).read_text()
    outcome = run_cli("link", "1", "--earlier", "3", "--earlier", "2", *BY, repo=root)
    assert outcome.code == 2
    assert "INC-2026-0002 was opened after INC-2026-0001, and is no earlier occurrence of it" in outcome.err
    assert "incidentbook link INC-2026-0002 --earlier INC-2026-0001" in outcome.err
    assert (root / FIRST).read_text() == before
    assert run_cli("link", "1", "--earlier", "3", *BY, repo=root).code == 0
    assert run_cli("link", "2", "--earlier", "1", *BY, repo=root).code == 0


def test_cancelling_a_parent_names_the_children_that_go_on(
    make_repository: MakeRepository, run_cli: RunCli
) -> None:
    children = {
        "0002": opened_at(more="links: {parent: INC-2026-0001}\n"),
        "0003": opened_at(more="links: {parent: INC-2026-0002}\n"),
        "0004": opened_at(more="links: {parent: INC-2026-0001, apart: Another cause}\n"),
        "0005": incident("closed", "links: {parent: INC-2026-0001}\n"),
    }
    files = {f"incidents/2026/INC-2026-{number}.md": text for number, text in children.items()}
    root = make_repository({FIRST: opened_at(), **files})
    outcome = run_cli("cancel", "1", "-m", "The probe was wrong.", *BY, repo=root)
    assert outcome.code == 0
    assert [line for line in outcome.out.splitlines() if "goes on by itself" in line] == [
        "  INC-2026-0002 followed it, and goes on by itself: incidentbook link INC-2026-0002 --parent ID, "
        "or incidentbook cancel INC-2026-0002"
    ]
    assert record(root, "INC-2026-0002").status == "in_progress"
