"""Words of its own for each reader in every version of a history, looked for in what is told of it.

The working tree alone is asked in `test_canary_outputs.py`; here records have changed what they say and
who may read it, so that what an audience must not meet stands in commits as well.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import pytest
from canarybed import INTERNAL, NOBODY, PUBLIC, READERS, Planted, plant
from planting import path_of, record, unfinished

from incidentbook.records import KINDS, Audience
from testbed import RunCli, git, write_files

RESTRICTED = "restricted"
WORD = re.compile(r"zq\d{4}x", re.IGNORECASE)
STRICTER = (PUBLIC, INTERNAL, RESTRICTED)

LIVES = {
    901: (PUBLIC, PUBLIC),
    902: (INTERNAL, INTERNAL),
    903: (RESTRICTED, RESTRICTED),
    906: (RESTRICTED, INTERNAL),
    907: (PUBLIC, RESTRICTED),
    908: (INTERNAL, PUBLIC),
    909: (INTERNAL, INTERNAL),
}
"""By number of the record: who might read it before the change, and who may now."""

GONE = {910: PUBLIC, 911: INTERNAL, 912: RESTRICTED}
"""By number of the record: who might read it until it was deleted."""

STUCK = frozenset({906, 907, 909})
"""Records whose incidents are still open, and whose actions are not done."""

NAMING = {908: 2, 909: 3}
"""Records that name one that their readers may not know of."""

UNNAMED = {
    PUBLIC: re.compile(r"(?:INC|MNT|PRB|HND)-2026-09(?:0[234679]|1[12])|article-09(?:0[234679]|1[12])"),
    INTERNAL: re.compile(r"(?:INC|MNT|PRB|HND)-2026-09(?:0[37]|12)|article-09(?:0[37]|12)"),
}
"""Records that an audience may not know of at the end."""

BARE = {
    "incident": "status: new\nopened: 2026-11-18T09:00+00:00\nimpact: {level}\nurgency: {level}\n"
    "priority: {{value: {priority}, reason: {reason}}}\nmajor: {major}\n",
    "review": "status: draft\n",
    "maintenance": "status: scheduled\n",
    "problem": "status: open\n",
    "article": "status: draft\ntype: faq\n",
    "handover": "status: written\nat: 2026-11-18T09:00+00:00\n",
}


@dataclass
class Lived:
    """A repository with a history: what was planted, and its commits by name."""

    planted: Planted
    commits: Mapping[str, str]

    @property
    def root(self) -> Path:
        return self.planted.root


def whose(visibility: str, kind: str = "incident") -> str:
    if visibility == PUBLIC and KINDS[kind].widest is not Audience.PUBLIC:
        return INTERNAL
    return NOBODY if visibility == RESTRICTED else visibility


class Life:
    """Writes the versions of each record, and commits them."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.planted = Planted(root=root)
        self.commits: dict[str, str] = {}

    def begin(self) -> None:
        """Everything as it was: a name, a state, and for incidents a priority with a reason."""
        plant(self.root, self.planted)
        self.commit("planted", INTERNAL)
        for number, (before, after) in LIVES.items():
            for kind in KINDS:
                self._bare(kind, number, before, after, "high", "P1", "false")
        for number, visibility in GONE.items():
            self._bare("incident", number, visibility, visibility, "high", "P1", "false")
        self.commit("begun", INTERNAL)

    def turn(self) -> None:
        """Incidents turn: what no version tells alone. Then the restricted ones once more, by themselves."""
        for number, (before, after) in LIVES.items():
            self._bare("incident", number, before, after, "low", "P4", "true")
        self.commit("turned", INTERNAL)
        self._bare("incident", 903, RESTRICTED, RESTRICTED, "high", "P1", "false")
        self.commit("sealed", NOBODY)

    def fill(self) -> None:
        """Every record says everything, kind by kind, so that no comment is too long to tell it."""
        for kind in KINDS:
            for number, (_, visibility) in LIVES.items():
                self._full(kind, number, visibility)
            self.commit(kind, INTERNAL)
        for number in GONE:
            (self.root / path_of("incident", number)).unlink()
        self.commit("gone", INTERNAL)

    def commit(self, name: str, for_whom: str) -> None:
        author = self.planted.word(for_whom, f"author of {name}")
        git(self.root, "add", "--all")
        git(
            self.root,
            *("-c", f"user.name={author}", "commit", "--quiet"),
            *("--author", f"{author} <{author}@example.invalid>"),
            *("--message", self.planted.word(for_whom, f"message of {name}")),
        )
        self.commits[name] = git(self.root, "rev-parse", "HEAD").strip()

    def _bare(
        self, kind: str, number: int, before: str, after: str, level: str, priority: str, major: str
    ) -> None:
        for_whom = whose(max(before, after, key=STRICTER.index), kind)

        def word(what: str) -> str:
            return self.planted.word(for_whom, f"earlier {what} of {kind} {number}")

        reason = word("reason") if kind == "incident" else ""
        own = BARE[kind].format(level=level, priority=priority, major=major, reason=reason)
        head = f"title: {word('title')}\nvisibility: {before}\n{own}"
        write_files(self.root, {path_of(kind, number): f"---\n{head}---\n{word('body')}\n"})

    def _full(self, kind: str, number: int, visibility: str) -> None:
        for_whom = whose(visibility, kind)

        def text(path: tuple[str | int, ...], public: bool) -> str:
            mine = INTERNAL if for_whom == PUBLIC and not public else for_whom
            return self.planted.word(mine, f"{kind} {number} {path}")

        written = record(kind, text, slugs=True, visibility=visibility)
        if number in NAMING:
            written = written.replace("-2026-0900", f"-2026-090{NAMING[number]}")
            written = written.replace("named-article", f"article-090{NAMING[number]}")
        if number in STUCK:
            written = unfinished(written)
        write_files(self.root, {path_of(kind, number): written})


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Lived:
    root = tmp_path_factory.mktemp("lived") / "records"
    root.mkdir()
    git(root, "init", "--quiet", "--initial-branch=main")
    life = Life(root)
    life.begin()
    life.turn()
    life.fill()
    return Lived(life.planted, life.commits)


def ranges(lived: Lived) -> list[str]:
    """Kind by kind, all kinds, and all with what is on disk: at each end everybody's records are theirs."""
    names = ["sealed", *KINDS, "gone"]
    ends = [*pairwise(names), ("begun", names[-1]), ("planted", names[-1])]
    hashes = [f"{lived.commits[base]}..{lived.commits[head]}" for base, head in ends]
    return [*hashes, f"{lived.commits['begun']}.."]


def told(run_cli: RunCli, lived: Lived, verb: str, *arguments: str) -> str:
    outcome = run_cli(verb, *arguments, repo=lived.root)
    assert outcome.code == 0, outcome.err
    assert outcome.out
    return outcome.out + outcome.err


def leaked(lived: Lived, said: str, audience: str) -> list[str]:
    return lived.planted.leaked({word.lower(): "output" for word in WORD.findall(said)}, audience)


def runs_of(verb: str, lived: Lived) -> list[list[str]]:
    whole = f"{lived.commits['begun']}.."
    return {
        "comment": [[one] for one in ranges(lived)],
        "log": [*([f"--format={form}"] for form in ("text", "json", "cdevents")), [whole], ["INC-2026-0908"]],
        "watch": [[f"--format={form}"] for form in ("text", "json", "markdown")],
    }[verb]


ALL = "all"
RUNS = [(verb, audience) for verb in ("comment", "log") for audience in (*READERS, ALL)]
RUNS += [("watch", INTERNAL), ("watch", ALL)]


@pytest.mark.parametrize(("verb", "audience"), RUNS)
def test_an_audience_is_told_what_is_for_it_and_nothing_else(
    lived: Lived, run_cli: RunCli, verb: str, audience: str
) -> None:
    """Whoever asks for all is told of the restricted, too: the words are where they are looked for."""
    met: set[str] = set()
    for arguments in runs_of(verb, lived):
        said = told(run_cli, lived, verb, *arguments, "--audience", audience)
        met |= {lived.planted.for_whom[word.lower()] for word in WORD.findall(said)}
        if audience != ALL:
            assert leaked(lived, said, audience) == [], arguments
            assert UNNAMED[audience].findall(said) == [], arguments
    assert met == READERS.get(audience, {PUBLIC, INTERNAL, NOBODY})


@pytest.mark.parametrize("audience", [PUBLIC, INTERNAL])
def test_a_record_that_may_not_be_known_of_is_as_unknown_as_one_that_never_was(
    lived: Lived, run_cli: RunCli, audience: str
) -> None:
    """What was written while it was not for them, and what was withdrawn, is told to nobody by its name."""
    for hidden in ("INC-2026-0903", "INC-2026-0907"):
        answers = []
        for name in (hidden, "INC-2026-7777"):
            outcome = run_cli("log", name, "--audience", audience, repo=lived.root)
            assert (outcome.code, outcome.out) == (2, "")
            answers.append(re.sub(r"; did you mean .*", "", outcome.err.replace(name, "NAME")))
        assert answers[0] == answers[1]


def test_the_history_holds_what_must_not_be_told(lived: Lived) -> None:
    """A word that was never committed would prove nothing."""
    there = {word.lower() for word in WORD.findall(git(lived.root, "log", "-p", "--format=%an %s"))}
    # the names and contents of attachments are binary to a diff
    missing = {lived.planted.place[word] for word in set(lived.planted.for_whom) - there}
    assert {place for place in missing if "attachment" not in place} == set()
