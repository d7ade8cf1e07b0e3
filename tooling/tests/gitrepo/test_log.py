"""Walking the log of real Git: what each commit did to files of ours, and who it names."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from historybed import START, Bed

from incidentbook.gitrepo import CommitChanges, GitError, Signature, walk
from testbed import git

ONE, TWO = "incidents/2026/INC-2026-0001.md", "incidents/2026/INC-2026-0002.md"
LONG = "".join(f"Line {number}\n" for number in range(40))


@pytest.fixture
def bed(tmp_path: Path) -> Bed:
    return Bed(tmp_path / "records")


def paths(found: CommitChanges) -> list[str]:
    return sorted(change.path for change in found.changes)


def test_parents_come_before_children_and_only_our_files_count(bed: Bed) -> None:
    bed.commit("one", {ONE: "1\n", "site/index.md": "x\n", "incidents.md": "x\n"})
    bed.commit("site", {"site/index.md": "y\n"})
    bed.commit("two", {ONE: "2\n", TWO: "1\n"})
    commits = bed.write()
    found = list(walk(bed.root, "HEAD"))
    assert [one.commit.hash for one in found] == [commits[name] for name in ("schema", "one", "two")]
    assert [paths(one) for one in found[1:]] == [[ONE], [ONE, TWO]]
    assert found[1].commit.parents == (commits["schema"],)
    assert found[2].commit.parents == (commits["site"],)
    first, again = found[1].changes[0], next(one for one in found[2].changes if one.path == ONE)
    assert first.before == (None,)
    assert again.before == (first.after,)
    assert [one.commit.subject for one in walk(bed.root, f"{commits['one']}..main")] == ["two"]
    assert [paths(one) for one in walk(bed.root, "main", rooms=["site"])] == [["site/index.md"]] * 2


def test_who_and_when(bed: Bed) -> None:
    message = (
        "Say why\n\nBecause.\n\nCo-authored-by: Second <two@example.invalid>\nCo-authored-by: Bot <bot@x>\n"
    )
    bed.commit("one", {ONE: "1\n"}, author='Ælfric "of\x1fX" <a@example.invalid>', message=message)
    bed.write()
    commit = list(walk(bed.root, "HEAD"))[-1].commit
    assert commit.subject == "Say why"
    assert commit.co_authors == (Signature("Second", "two@example.invalid"), Signature("Bot", "bot@x"))
    assert commit.committer == Signature("Merger", "merger@example.invalid")
    assert commit.authored == commit.committed == datetime.fromtimestamp(START + 120, UTC)
    assert commit.people[0] == commit.author


def test_a_move_is_told_as_one(bed: Bed) -> None:
    bed.commit("one", {ONE: LONG})
    bed.commit("two", {ONE: None, TWO: LONG + "more\n"})
    bed.commit("out", {TWO: None, "drafts/x.md": LONG + "more\n"})
    bed.commit("in", {ONE: LONG + "more\n", "drafts/x.md": None})
    bed.write()
    moved, out, back = list(walk(bed.root, "HEAD"))[2:]
    assert [(one.path, one.old_path, one.is_move) for one in moved.changes] == [(TWO, ONE, True)]
    assert [(one.path, one.after) for one in out.changes] == [(TWO, None)]
    assert [(one.path, one.before, one.is_move) for one in back.changes] == [(ONE, (None,), False)]


def test_a_merge_tells_only_what_it_made_itself(bed: Bed) -> None:
    bed.commit("start", {ONE: LONG, TWO: "1\n"})
    bed.commit("a", {ONE: "a\n" + LONG}, "start")
    bed.commit("b", {ONE: LONG + "b\n", TWO: "2\n"}, "start")
    bed.commit("merge", {ONE: "a\n" + LONG + "b\n", TWO: "2\n"}, "a", "b")
    bed.commit("moved", {ONE: "c\n" + LONG}, "a")
    bed.commit("other", {ONE: None, "incidents/x.md": "a\n" + LONG + "b\n"}, "merge")
    bed.commit("again", {ONE: None, "incidents/x.md": LONG + "d\n"}, "moved", "other")
    bed.write()
    found = {one.commit.subject: one.changes for one in walk(bed.root, "HEAD")}
    (merged,) = found["merge"]
    assert merged.path == ONE
    assert len(set(merged.before) | {merged.after}) == 3
    assert {(one.path, one.old_path) for one in found["again"]} == {("incidents/x.md", ONE)}


def test_names_that_need_care(bed: Bed) -> None:
    bed.write()
    names = ["incidents/-n.md", 'incidents/a\nb\t"c".md', "incidents/Störung.md", "incidents/ :/ .md"]
    for name in names:
        (bed.root / name).parent.mkdir(exist_ok=True)
        (bed.root / name).write_text("x\n")
    (bed.root / "incidents").joinpath("latin").write_text("x\n")
    git(bed.root, "add", "--all")
    git(bed.root, "commit", "--quiet", "--message", "\x02 \x1f odd")
    assert paths(list(walk(bed.root, "HEAD"))[-1]) == sorted([*names, "incidents/latin"])


def test_links_and_submodules_hold_no_record(bed: Bed) -> None:
    bed.commit("file", {ONE: "1\n"})
    bed.commit("link", {}, links={ONE: "../x"})
    bed.write()
    (change,) = list(walk(bed.root, "HEAD"))[-1].changes
    assert (change.after, change.is_link) == (None, True)
    head = git(bed.root, "rev-parse", "HEAD").strip()
    git(bed.root, "update-index", "--add", "--cacheinfo", f"160000,{head},{TWO}")
    git(bed.root, "commit", "--quiet", "--message", "Add a submodule")
    (change,) = list(walk(bed.root, "HEAD"))[-1].changes
    assert (change.path, change.after, change.is_link) == (TWO, None, True)


def test_whatever_the_user_has_configured(bed: Bed) -> None:
    bed.commit("one", {ONE: LONG})
    bed.commit("two", {ONE: None, TWO: LONG})
    bed.write()
    plain = list(walk(bed.root, "HEAD"))
    for key, value in {
        "diff.renames": "copies", "color.ui": "always", "log.showSignature": "true", "log.decorate": "full",
        "diff.noprefix": "true", "core.quotePath": "true", "log.date": "relative", "diff.renameLimit": "1",
        "i18n.logOutputEncoding": "latin1", "log.diffMerges": "off", "diff.relative": "true",
    }.items():  # fmt: skip
        git(bed.root, "config", key, value)
    assert list(walk(bed.root, "HEAD")) == plain


def test_a_subfolder_is_all_that_counts(tmp_path: Path) -> None:
    bed = Bed(tmp_path / "mono")
    bed.commit("one", {f"ops/{ONE}": LONG, ONE: "x\n", f"operations/{ONE}": "x\n", "ops/README.md": "x\n"})
    bed.commit("two", {f"ops/{ONE}": None, f"ops/{TWO}": LONG})
    bed.commit("out", {f"ops/{TWO}": None, TWO: LONG})
    bed.write()
    found = list(walk(bed.root / "ops", "HEAD"))
    assert [[(one.path, one.old_path, one.after is None) for one in row.changes] for row in found] == [
        [(ONE, ONE, False)],
        [(TWO, ONE, False)],
        [(TWO, TWO, True)],
    ]


def test_what_git_refuses_is_said(bed: Bed) -> None:
    bed.write()
    with pytest.raises(GitError, match="git "):
        list(walk(bed.root, "nobody"))
