"""Two people log an incident at once and take one ID: real Git, before, in and after the merge."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import ClassVar

import pytest

from clonebed import commit, try_git, two_clones
from testbed import NEW_INCIDENT, CommitAll, MakeRepository, RunCli, git, write_files

FOLDER = "incidents/2026"
OLD, NEW = f"{FOLDER}/INC-2026-0042.md", f"{FOLDER}/INC-2026-0043.md"
EARLIER = f"{FOLDER}/INC-2026-0007.md"
MINE = NEW_INCIDENT
WINNER = NEW_INCIDENT.replace("Checkout answers", "Search answers").replace("T14:05", "T13:11")
NAMING = NEW_INCIDENT.replace("title: Checkout", "title: Early checkout").replace("T14:05", "T09:00")
ATTRIBUTES = "incidents/**/*.md merge=incidentbook\nknowledge/**/*.md merge=incidentbook\n"
REVIEW = (
    "---\nstatus: draft\nincidents: [INC-2026-0042, INC-2026-0007]\n---\n# Summary\n\nSee INC-2026-0042.\n"
)


def renumber(run_cli: RunCli, root: Path, *arguments: str, code: int = 0) -> str:
    outcome = run_cli("renumber", *arguments, repo=root)
    assert outcome.code == code, outcome
    return outcome.out + outcome.err


def text(root: Path, path: str) -> str:
    return (root / path).read_text(encoding="utf-8")


def do_next(root: Path, out: str) -> None:
    """Run the command that the tool says comes next."""
    line = next(line for line in out.splitlines() if line.startswith("  git add"))
    for words in line.split(" && "):
        said = try_git(root, *shlex.split(words)[1:])
        assert said.code == 0, said


class TestBeforeAMerge:
    FILES: ClassVar[dict[str, str]] = {
        OLD: MINE + "INC-2026-0042 it is, [graph](INC-2026-0042/INC-2026-0042.png).\n",
        f"{FOLDER}/INC-2026-0042.review.md": REVIEW,
        f"{FOLDER}/INC-2026-0042/INC-2026-0042.png": "picture of INC-2026-0042",
        f"{FOLDER}/INC-2026-0042/.hidden": "x",
        EARLIER: NAMING.replace(
            "---\nErrors",
            "links:\n"
            "  earlier: [INC-2026-0042]  # INC-2026-0042\n"
            "  outside:\n"
            "    - {type: ticket, url: 'https://tickets.example/INC-2026-0042'}\n"
            "origin: {system: other, id: INC-2026-0042}\n"
            "x-note: INC-2026-0042\n"
            "---\n"
            "[it](INC-2026-0042.md#x), [log](INC-2026-0042/a.log), "
            "INC-2026-00421, XINC-2026-0042, INC-2026-0042.\n"
            "Errors",
        ),
        "knowledge/problems/PRB-2026-0001.md": "---\ntitle: Pool\nstatus: open\n---\n"
        "../../incidents/2026/INC-2026-0042.md\n",
    }

    @pytest.fixture
    def root(self, make_repository: MakeRepository, commit_all: CommitAll) -> Path:
        root = make_repository({**self.FILES, ".gitignore": "/.cache/\n"})
        commit_all(root)
        return root

    def test_everything_of_the_record_moves_and_every_name_of_it_follows(
        self, root: Path, run_cli: RunCli
    ) -> None:
        out = renumber(run_cli, root, "INC-2026-42")
        assert "INC-2026-0042 is now INC-2026-0043" in out
        assert not list(root.rglob("INC-2026-0042.md"))
        assert not (root / FOLDER / "INC-2026-0042").exists()
        assert text(root, NEW) == MINE + "INC-2026-0043 it is, [graph](INC-2026-0043/INC-2026-0042.png).\n"
        review = text(root, f"{FOLDER}/INC-2026-0043.review.md")
        assert review == REVIEW.replace("0042", "0043")
        assert text(root, f"{FOLDER}/INC-2026-0043/INC-2026-0042.png") == "picture of INC-2026-0042"
        assert (root / FOLDER / "INC-2026-0043" / ".hidden").exists()
        assert text(root, "knowledge/problems/PRB-2026-0001.md").endswith(
            "../../incidents/2026/INC-2026-0043.md\n"
        )

    def test_every_other_byte_stays(self, root: Path, run_cli: RunCli) -> None:
        before = text(root, EARLIER)
        out = renumber(run_cli, root, "INC-2026-0042")
        expected = before
        for mention in (
            "earlier: [INC-2026-0042]", "# INC-2026-0042", "(INC-2026-0042.md", "(INC-2026-0042/",
            ", INC-2026-0042.\n",
        ):  # fmt: skip
            expected = expected.replace(mention, mention.replace("0042", "0043"))
        assert text(root, EARLIER) == expected
        assert "Rewrote 5 names of it in incidents/2026/INC-2026-0007.md" in out
        lines = before.splitlines()
        for kept in ("https://tickets", "origin:", "x-note:"):
            number = next(index for index, line in enumerate(lines, 1) if kept in line)
            assert f"{EARLIER}:{number}\n" in out

    def test_the_next_command_commits_it(self, root: Path, run_cli: RunCli) -> None:
        do_next(root, renumber(run_cli, root, "INC-2026-0042"))
        assert git(root, "status", "--porcelain") == ""
        assert "INC-2026-0042 is now INC-2026-0043" in git(root, "log", "-1", "--format=%s")

    def test_a_name_that_is_taken_here_or_on_a_branch_is_refused(self, root: Path, run_cli: RunCli) -> None:
        assert "is taken" in renumber(run_cli, root, "INC-2026-0042", "INC-2026-0007", code=2)
        git(root, "checkout", "--quiet", "-b", "side")
        commit(root, "Log", {NEW: MINE})
        git(root, "checkout", "--quiet", "main")
        assert "is taken" in renumber(run_cli, root, "INC-2026-0042", "INC-2026-43", code=2)
        assert "now INC-2026-0044" in renumber(run_cli, root, "INC-2026-0042")

    @pytest.mark.parametrize(
        "new", ["INC-2027-0001", "PRB-2026-0001", "INC-2026-0042", "x", "../x", "INC-2026-"]
    )
    def test_a_name_that_does_not_fit_is_refused(self, root: Path, run_cli: RunCli, new: str) -> None:
        assert "the new ID is" in renumber(run_cli, root, "INC-2026-0042", new, code=2)
        assert git(root, "status", "--porcelain") == ""

    @pytest.mark.parametrize("name", ["INC-2026-0099", "INC-2026-0042.review", "../../etc", ""])
    def test_what_is_no_record_is_said(self, root: Path, run_cli: RunCli, name: str) -> None:
        assert "there is no record" in renumber(run_cli, root, name, code=2)

    def test_all_or_nothing(self, root: Path, run_cli: RunCli, monkeypatch: pytest.MonkeyPatch) -> None:
        # a folder stands where the attachments are to go, which only moving them finds
        (root / FOLDER / "INC-2026-0050").mkdir()
        out = renumber(run_cli, root, "INC-2026-0042", "INC-2026-0050", code=2)
        assert "nothing was changed" in out
        assert git(root, "status", "--porcelain") == ""

    def test_maintenance_and_problems_move_too(self, root: Path, run_cli: RunCli) -> None:
        write_files(root, {f"{FOLDER}/MNT-2026-0001.md": "---\ntitle: Swap\nstatus: scheduled\n---\n"})
        renumber(run_cli, root, "MNT-2026-0001")
        renumber(run_cli, root, "PRB-2026-0001")
        assert (root / FOLDER / "MNT-2026-0002.md").exists()
        assert (root / "knowledge/problems/PRB-2026-0002.md").exists()

    def test_an_article_moves_to_a_name_and_words_stay_words(self, root: Path, run_cli: RunCli) -> None:
        folder = "knowledge/articles"
        write_files(
            root,
            {
                f"{folder}/restart.md": "---\ntitle: Restart\nstatus: draft\ntype: faq\n---\n"
                "To restart, restart.\n",
                f"{folder}/other.md": "---\ntitle: restart\nstatus: retired\ntype: faq\n"
                "replaced_by: restart\n---\nPlease restart, see [there](restart.md) and no-restart.md.\n",
                OLD: MINE.replace("---\nErrors", "links: {articles: [other, restart]}\n---\nErrors"),
            },
        )
        assert "say the new ID too" in renumber(run_cli, root, "restart", code=2)
        renumber(run_cli, root, "restart", "restart-the-queue")
        assert text(root, f"{folder}/restart-the-queue.md").endswith("To restart, restart.\n")
        assert text(root, f"{folder}/other.md") == (
            "---\ntitle: restart\nstatus: retired\ntype: faq\nreplaced_by: restart-the-queue\n---\n"
            "Please restart, see [there](restart-the-queue.md) and no-restart.md.\n"
        )
        assert "articles: [other, restart-the-queue]" in text(root, OLD)


class TestARace:
    """`one` was first; `two` logged the same ID, named it elsewhere, and added a review and a picture."""

    @pytest.fixture(params=["", "records"])
    def two(self, request: pytest.FixtureRequest, tmp_path: Path, run_cli: RunCli) -> Path:
        below: str = request.param
        one, two = two_clones(tmp_path, {EARLIER: NAMING, ".gitattributes": ATTRIBUTES}, below=below)
        one, two = one / below, two / below
        run_cli("setup-git", repo=two)
        commit(one, "First", {OLD: WINNER, EARLIER: "---\n# INC-2026-0042\n" + NAMING.removeprefix("---\n")})
        git(one, "push", "--quiet")
        mine = {OLD: MINE + "INC-2026-0042 it is.\n", f"{FOLDER}/INC-2026-0042/a.txt": "a"}
        commit(two, "Second", {**mine, EARLIER: NAMING + "Came back as INC-2026-0042.\n"})
        return two

    def is_settled(self, two: Path, *, body: str = "INC-2026-0043 it is.\n") -> None:
        assert git(two, "status", "--porcelain") == ""
        assert text(two, OLD) == WINNER
        assert text(two, NEW) == MINE + body
        assert (two / FOLDER / "INC-2026-0043" / "a.txt").exists()
        assert not (two / FOLDER / "INC-2026-0042").exists()
        earlier = text(two, EARLIER)
        assert "# INC-2026-0042\n" in earlier
        assert "Came back as INC-2026-0043.\n" in earlier

    def test_before_the_merge(self, two: Path, run_cli: RunCli) -> None:
        git(two, "fetch", "--quiet")
        do_next(two, renumber(run_cli, two, "INC-2026-0042"))
        assert try_git(two, "merge", "--no-edit", "origin/main").code == 0
        self.is_settled(two)

    def test_in_the_middle_of_a_merge(self, two: Path, run_cli: RunCli) -> None:
        assert try_git(two, "pull", "--no-rebase", "--no-edit").code == 1
        do_next(two, renumber(run_cli, two, "INC-2026-0042"))
        self.is_settled(two)

    def test_in_the_middle_of_a_rebase(self, two: Path, run_cli: RunCli) -> None:
        assert try_git(two, "pull", "--rebase").code == 1
        do_next(two, renumber(run_cli, two, "INC-2026-0042"))
        self.is_settled(two)

    def test_a_rebase_of_several_commits_stops_again(self, two: Path, run_cli: RunCli) -> None:
        more = text(two, OLD).replace(
            "status: new", "status: in_progress\nacknowledged: 2026-11-19T14:09+00:00"
        )
        commit(two, "Third", {OLD: more})
        commit(
            two,
            "Fourth",
            {
                EARLIER: text(two, EARLIER).replace(
                    "---\nE", "x-a: 1\nx-b: 2\nsummary: And INC-2026-0042 again.\n---\nE"
                )
            },
        )
        assert try_git(two, "pull", "--rebase").code == 1
        do_next_until_it_stops = renumber(run_cli, two, "INC-2026-0042")
        paths = next(line for line in do_next_until_it_stops.splitlines() if "git add" in line)
        git(two, *paths.split(" && ")[0].split()[1:])
        assert try_git(two, "rebase", "--continue").code == 1  # it stops at the third
        out = renumber(run_cli, two, "INC-2026-0042")
        assert "INC-2026-0042 is now INC-2026-0043" in out
        do_next(two, out)
        assert text(two, OLD) == WINNER
        assert "status: in_progress" in text(two, NEW)
        assert "And INC-2026-0042 again." in text(two, EARLIER)  # nobody stopped there
        assert "Rewrote 1 name" in renumber(run_cli, two, "INC-2026-0042", "INC-2026-0043", "--references")
        assert "And INC-2026-0043 again." in text(two, EARLIER)
        assert "# INC-2026-0042\n" in text(two, EARLIER)

    def test_whoever_merges_a_late_branch_into_main_moves_the_late_one(
        self, two: Path, run_cli: RunCli
    ) -> None:
        git(two, "branch", "late")
        git(two, "fetch", "--quiet")
        git(two, "reset", "--quiet", "--hard", "origin/main")
        assert try_git(two, "merge", "--no-edit", "late").code == 1
        do_next(two, renumber(run_cli, two, "INC-2026-0042"))
        self.is_settled(two)

    def test_where_no_branch_tells_who_was_first_it_asks(self, two: Path, run_cli: RunCli) -> None:
        git(two, "fetch", "--quiet")
        git(two, "branch", "first", "origin/main")
        git(two, "remote", "remove", "origin")
        assert try_git(two, "merge", "--no-edit", "first").code == 1
        out = renumber(run_cli, two, "INC-2026-0042", code=2)
        assert "`--ours` (Checkout answers 502" in out
        do_next(two, renumber(run_cli, two, "INC-2026-0042", "--ours"))
        self.is_settled(two)

    def test_without_the_driver_it_works_as_well(self, two: Path, run_cli: RunCli) -> None:
        run_cli("setup-git", "--remove", repo=two)
        assert try_git(two, "pull", "--no-rebase", "--no-edit").code == 1
        do_next(two, renumber(run_cli, two, "INC-2026-0042"))
        self.is_settled(two)

    def test_the_winner_is_not_moved_by_mistake(self, two: Path, run_cli: RunCli) -> None:
        assert try_git(two, "pull", "--no-rebase", "--no-edit").code == 1
        do_next(two, renumber(run_cli, two, "INC-2026-0042"))
        assert "is on origin/HEAD already" in renumber(run_cli, two, "INC-2026-0042", code=2)
        assert "INC-2026-0099" in renumber(run_cli, two, "INC-2026-0042", "INC-2026-0099")

    def test_a_merge_that_stopped_for_another_reason_is_settled_first(
        self, two: Path, run_cli: RunCli
    ) -> None:
        do_next(two, renumber(run_cli, two, "INC-2026-0042"))
        commit(two, "Conflict", {EARLIER: text(two, EARLIER).replace("---\n", "---\n# mine\n", 1)})
        run_cli("setup-git", "--remove", repo=two)
        assert try_git(two, "pull", "--no-rebase", "--no-edit").code == 1
        assert "settle what is, `git merge --continue`" in renumber(run_cli, two, "INC-2026-0042", code=2)

    def test_sides_are_of_a_conflict_only(self, two: Path, run_cli: RunCli) -> None:
        assert "is in no conflict here" in renumber(run_cli, two, "INC-2026-0042", "--theirs", code=2)
