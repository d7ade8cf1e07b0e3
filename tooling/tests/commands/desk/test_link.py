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
