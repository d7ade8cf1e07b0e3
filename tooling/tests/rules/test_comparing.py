"""A change before the rules: what it touches in full, elsewhere only what it broke."""

from __future__ import annotations

import random
import shutil
import subprocess
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import pytest
from rules.material import ARTICLE, INCIDENT, NOW, OTHERS, PROBLEM, REVIEW, SCHEMA, CheckChange, change, codes

from incidentbook.archive import load_archive
from incidentbook.diagnostics import Severity
from incidentbook.gitrepo import (
    NoCommitYetError,
    NoMergeBaseError,
    NotAGitRepositoryError,
    UnknownRevisionError,
    open_working_tree,
)
from incidentbook.rules.engine import CheckResult, check
from incidentbook.rules.history.comparing import check_change
from incidentbook.taxonomy.settings import Settings
from testbed import NEW_INCIDENT, CommitAll, git, write_files

ONE = "incidents/2026/INC-2026-0001.md"
TWO = "incidents/2026/INC-2026-0002.md"
NEW = change(
    NEW_INCIDENT, "services:\n  - {service: checkout, state: partial_outage}\nimpact: low\nurgency: low"
)
FAULTY = change(INCIDENT, "# no category")
NAMING = change(INCIDENT, "links: {problem: PRB-2026-0001}")


def checked(root: Path, base: str = "HEAD") -> CheckResult:
    return check_change(load_archive(open_working_tree(root)), base, now=NOW)


def repository(root: Path, commit_all: CommitAll, files: dict[str, str]) -> Path:
    write_files(root, {**SCHEMA, **files})
    commit_all(root, "Before")
    return root


def test_nothing_changed_nothing_found(check_changed: CheckChange) -> None:
    result = check_changed({**OTHERS, ONE: FAULTY}, {**OTHERS, ONE: FAULTY})
    assert (result.records, codes(result)) == (0, [])
    assert result.against is not None
    assert result.against.endswith("where this left HEAD~1: 0 records touched")


def test_what_was_wrong_elsewhere_is_no_fault_of_the_change(check_changed: CheckChange) -> None:
    result = check_changed({ONE: FAULTY, TWO: INCIDENT}, {ONE: FAULTY, TWO: INCIDENT + "One more line.\n"})
    assert (result.records, codes(result)) == (1, [])


def test_a_record_that_is_touched_is_checked_in_full(check_changed: CheckChange) -> None:
    result = check_changed({ONE: FAULTY}, {ONE: FAULTY + "One more line.\n"})
    assert codes(result) == ["missing-category"]


def test_what_a_deletion_breaks_elsewhere_is_told(check_changed: CheckChange) -> None:
    problem = "knowledge/problems/PRB-2026-0001.md"
    result = check_changed(
        {**OTHERS, ONE: NAMING}, {**{k: v for k, v in OTHERS.items() if k != problem}, ONE: NAMING}
    )
    assert [(d.path, d.code, d.span is None) for d in result.diagnostics] == [
        (ONE, "dangling-reference", False),
        (problem, "record-deleted", True),
    ]


def test_a_retired_article_is_told_at_the_service_that_names_it(check_changed: CheckChange) -> None:
    services = {
        "schema/services.yml": SCHEMA["schema/services.yml"].replace(
            "team: shop}", "team: shop, runbooks: [restart-the-queue]}", 1
        )
    }
    article = "knowledge/articles/restart-the-queue.md"
    retired = change(ARTICLE, "status: retired")
    result = check_changed({article: ARTICLE, **services}, {article: retired, **services})
    assert [(d.path, d.code) for d in result.diagnostics if d.path.startswith("schema/")] == [
        ("schema/services.yml", "unknown-runbook")
    ]


def test_a_service_taken_out_is_told_where_it_is_named(check_changed: CheckChange) -> None:
    schema = {"schema/services.yml": "services:\n  - {id: payments, name: Payments, team: shop}\n"}
    result = check_changed({ONE: INCIDENT, TWO: FAULTY}, {ONE: INCIDENT, TWO: FAULTY, **schema})
    assert sorted((d.path, d.code) for d in result.diagnostics) == [
        (ONE, "unknown-service"),
        (TWO, "unknown-service"),
    ]


def test_a_second_file_of_one_id_is_told(check_changed: CheckChange) -> None:
    result = check_changed({ONE: INCIDENT}, {ONE: INCIDENT, "incidents/2025/INC-2026-0001.md": INCIDENT})
    assert "duplicate-id" in codes(result)


def test_a_move_to_its_own_folder_is_no_fault(check_changed: CheckChange) -> None:
    result = check_changed({"incidents/2025/INC-2026-0001.md": INCIDENT}, {ONE: INCIDENT})
    assert codes(result) == []


@pytest.mark.parametrize(
    "hidden", ["incidents/2026/.old.md", "incidents/.old/INC-2026-0009.md", "schema/json/x.md", "schema/json"]
)
@pytest.mark.parametrize("committed", [True, False], ids=["committed", "on disk"])
def test_a_move_to_where_nobody_looks_is_a_deletion(
    hidden: str, committed: bool, tmp_path: Path, commit_all: CommitAll
) -> None:
    repository(tmp_path, commit_all, {TWO: INCIDENT, ONE: INCIDENT})
    (tmp_path / hidden).parent.mkdir(exist_ok=True)
    git(tmp_path, "mv", ONE, hidden)
    if committed:
        commit_all(tmp_path, "Hide")
    result = checked(tmp_path, "HEAD~1" if committed else "HEAD")
    assert [(d.path, d.code) for d in result.diagnostics] == [(ONE, "record-deleted")]


@pytest.mark.parametrize("target", ["site/x.md", "incidents/2026/.x.md", "incidents/2026/INC-2026-0002.md"])
def test_a_record_that_becomes_a_link_is_refused(target: str, tmp_path: Path, commit_all: CommitAll) -> None:
    repository(
        tmp_path, commit_all, {TWO: INCIDENT, ONE: INCIDENT, "site/x.md": "", "incidents/2026/.x.md": ""}
    )
    (tmp_path / ONE).rename(tmp_path / target)
    (tmp_path / ONE).symlink_to(tmp_path / target)
    commit_all(tmp_path, "Link")
    assert [(d.path, d.code) for d in checked(tmp_path, "HEAD~1").diagnostics] == [(ONE, "symlinked-record")]


def test_a_move_from_where_nobody_looks_is_an_addition(tmp_path: Path, commit_all: CommitAll) -> None:
    repository(tmp_path, commit_all, {TWO: INCIDENT, "incidents/2026/.old.md": FAULTY})
    git(tmp_path, "mv", "incidents/2026/.old.md", ONE)
    result = checked(tmp_path)
    assert result.paths == (ONE,)
    assert "missing-category" in codes(result)


def test_a_new_record_may_be_in_any_state(check_changed: CheckChange) -> None:
    result = check_changed({}, {ONE: INCIDENT})
    assert [d for d in result.diagnostics if d.severity is not Severity.NOTE] == []


def test_an_unreadable_record_is_told_once(check_changed: CheckChange) -> None:
    result = check_changed({ONE: INCIDENT}, {ONE: "---\ntitle: [\n---\n"})
    assert codes(result) == ["yaml-syntax"]


TELLING = change(
    INCIDENT,
    "status: in_progress\n# no resolved\n# no closed\n# no closed_by\nupdates:\n"
    "  - {id: a, at: 2026-03-02T08:30+00:00, status: investigating, text: We look into it.}",
)
OTHERWISE = TELLING.replace("We look into it.", "All is well.")


@pytest.mark.parametrize("broken", ["title: [\n", "\ttitle: x\n"])
def test_what_could_not_be_read_is_compared_with_what_could(
    broken: str, tmp_path: Path, commit_all: CommitAll
) -> None:
    repository(tmp_path, commit_all, {ONE: TELLING})
    write_files(tmp_path, {ONE: TELLING.replace("---\n", f"---\n{broken}", 1)})
    commit_all(tmp_path, "Break")
    write_files(tmp_path, {ONE: OTHERWISE})
    found = {d.code: d.message for d in checked(tmp_path).diagnostics}
    assert {"update-rewritten", "unreadable-before"} <= found.keys()
    assert "the last version before it that can" in found["unreadable-before"]


def test_what_was_too_large_is_compared_by_its_fields(tmp_path: Path, commit_all: CommitAll) -> None:
    repository(tmp_path, commit_all, {ONE: TELLING + "x" * 1_000_001})
    write_files(tmp_path, {ONE: OTHERWISE})
    assert {"update-rewritten", "unreadable-before"} <= set(codes(checked(tmp_path)))


def test_what_never_could_be_read_is_said_to_be_compared_with_nothing(check_changed: CheckChange) -> None:
    result = check_changed({ONE: "---\ntitle: [\n---\n"}, {ONE: OTHERWISE})
    (found,) = [d for d in result.diagnostics if d.code == "unreadable-before"]
    assert (found.severity, "compared with nothing" in found.message) == (Severity.WARNING, True)


def test_a_file_that_cannot_be_read_is_deleted_as_any_other(check_changed: CheckChange) -> None:
    result = check_changed({ONE: "---\ntitle: [\n---\n", TWO: INCIDENT}, {TWO: INCIDENT})
    assert codes(result) == ["record-deleted"]


def test_paths_narrow_what_is_told(check_changed: CheckChange) -> None:
    result = check_changed(
        {ONE: INCIDENT, TWO: INCIDENT},
        {ONE: FAULTY, TWO: FAULTY},
        paths=["incidents/2026/INC-2026-0002.md"],
    )
    assert {d.path for d in result.diagnostics} == {TWO}
    assert result.records == 1


def test_what_is_not_committed_counts(tmp_path: Path, commit_all: CommitAll) -> None:
    repository(tmp_path, commit_all, {ONE: INCIDENT})
    write_files(tmp_path, {TWO: FAULTY})
    (tmp_path / ONE).unlink()
    assert sorted(codes(checked(tmp_path))) == ["backdated-time", "missing-category", "record-deleted"]


def test_a_rule_that_is_turned_off_still_judges_that_change(check_changed: CheckChange) -> None:
    settings = {"schema/incidentbook.yml": "format: 1\nname: Rules\nrules: {record-deleted: off}\n"}
    both = check_changed({ONE: INCIDENT, TWO: INCIDENT}, {TWO: INCIDENT, **settings})
    assert sorted(codes(both)) == ["record-deleted", "rule-loosened"]


BASE_SETTINGS = "schema/incidentbook.yml"


@pytest.mark.parametrize(
    ("by", "expected"),
    [
        (", by: response-lead", [("deletion-explained", "note")]),
        (", by: nobody", [("record-deleted", "error")]),
        ("", [("record-deleted", "error")]),
    ],
)
def test_a_deletion_is_explained_by_somebody_who_is_known(
    by: str, expected: list[tuple[str, str]], check_changed: CheckChange
) -> None:
    settings = (
        f"format: 1\nname: Rules\nhistory: {{deleted: [{{id: INC-2026-0001, reason: It had to go.{by}}}]}}\n"
    )
    result = check_changed({ONE: INCIDENT, TWO: INCIDENT}, {TWO: INCIDENT, BASE_SETTINGS: settings})
    assert [(d.code, d.severity.value) for d in result.diagnostics] == expected
    assert result.diagnostics[0].path == ONE


def test_whoever_stands_in_the_base_keeps_the_id(check_changed: CheckChange) -> None:
    other = change(INCIDENT, "title: The gate stays shut\nopened: 2026-03-02T08:19+00:00")
    result = check_changed({ONE: INCIDENT}, {ONE: other, TWO: INCIDENT})
    assert [(d.path, d.code) for d in result.diagnostics if d.severity is Severity.ERROR] == [
        (TWO, "record-renumbered")
    ]
    assert "`INC-2026-0001`, which now names another record" in result.diagnostics[-1].message


def test_who_lost_a_race_for_an_id_makes_way(tmp_path: Path, commit_all: CommitAll) -> None:
    repository(tmp_path, commit_all, {})
    git(tmp_path, "checkout", "--quiet", "-b", "branch")
    write_files(tmp_path, {ONE: change(INCIDENT, "title: The gate stays shut")})
    commit_all(tmp_path, "Ours")
    git(tmp_path, "checkout", "--quiet", "main")
    write_files(tmp_path, {ONE: INCIDENT})
    commit_all(tmp_path, "Theirs")
    git(tmp_path, "checkout", "--quiet", "branch")
    git(tmp_path, "mv", ONE, TWO)
    commit_all(tmp_path, "Make way")
    git(tmp_path, "merge", "--quiet", "--no-edit", "main")
    assert not [d for d in checked(tmp_path, "main").diagnostics if d.severity is Severity.ERROR]


def test_a_clock_that_the_change_pins_is_not_the_one_it_is_judged_by(
    tmp_path: Path, commit_all: CommitAll
) -> None:
    asked = []

    def clock(settings: Settings) -> datetime:
        asked.append(settings.now)
        return settings.now or NOW

    repository(tmp_path, commit_all, {ONE: INCIDENT})
    write_files(tmp_path, {BASE_SETTINGS: "format: 1\nname: Rules\nnow: 2030-01-01T00:00+00:00\n"})
    commit_all(tmp_path, "Pin")
    write_files(tmp_path, {TWO: FAULTY})
    archive = load_archive(open_working_tree(tmp_path))
    result = check_change(archive, "HEAD~1", now=clock)
    assert asked == [None]
    assert "rule-loosened" in codes(result)
    check_change(archive, "HEAD", now=clock)
    assert asked == [None, datetime(2030, 1, 1, tzinfo=UTC)]


PAST = {
    "a target": ("schema/sla.yml", "resolution: 4h", "resolution: 40h", True),
    "a match": ("schema/sla.yml", "pausing:", "match: {priority: [P1]}, pausing:", True),
    "a pause": ("schema/sla.yml", "[waiting-vendor]", "[]", True),
    "an end in the past": ("schema/sla.yml", "response:", "valid_until: 2026-11-01, response:", True),
    "an end to come": ("schema/sla.yml", "response:", "valid_until: 2026-12-01, response:", False),
    "a name": ("schema/sla.yml", "name: Standard", "name: Usual", False),
    "a warning": ("schema/sla.yml", "response:", "at_risk: 0.5, response:", False),
    "a cell": ("schema/priority.yml", "high: {high: P1}", "high: {high: P4}", True),
    "a matrix that begins later": ("schema/priority.yml", "2025-01-01", "2025-02-01", True),
    "days for a review": (
        "schema/reviews.yml",
        "    headings",
        "    due_working_days: 300\n    headings",
        True,
    ),
    "headings": ("schema/reviews.yml", "[Summary, Actions]", "[Summary]", False),
}


@pytest.mark.parametrize("name", PAST)
def test_what_has_been_in_force_stays_as_it_was(name: str, check_changed: CheckChange) -> None:
    path, was, is_, flagged = PAST[name]
    assert was in SCHEMA[path]
    result = check_changed({ONE: INCIDENT}, {ONE: INCIDENT, path: SCHEMA[path].replace(was, is_)})
    found = [(d.path, d.severity.value) for d in result.diagnostics if d.code == "past-targets-changed"]
    assert found == ([(path, "warning")] if flagged else [])


def test_first_targets_change_nothing(check_changed: CheckChange) -> None:
    before = {"schema/sla.yml": "hold_reasons: []\n"}
    assert "past-targets-changed" not in codes(check_changed(before, {}))


def test_a_rule_that_was_turned_off_before_does_not(check_changed: CheckChange) -> None:
    settings = {"schema/incidentbook.yml": "format: 1\nname: Rules\nrules: {record-deleted: off}\n"}
    assert codes(check_changed({ONE: INCIDENT, TWO: INCIDENT, **settings}, {TWO: INCIDENT, **settings})) == []


def test_a_change_rule_is_waived_on_the_record_as_it_is(check_changed: CheckChange) -> None:
    waived = change(
        INCIDENT,
        "impact: high\nwaivers:\n"
        "  - {rule: closed-record-changed, reason: Told to everybody., by: response-lead}",
    )
    result = check_changed({ONE: INCIDENT}, {ONE: waived})
    assert "closed-record-changed" not in codes(result)
    assert "waiver-without-effect" not in codes(result)


def test_a_waiver_of_a_change_rule_is_not_called_useless_afterwards(
    check_changed: CheckChange, tmp_path: Path
) -> None:
    waived = change(
        INCIDENT,
        "category: security\nwaivers:\n  - {rule: closed-record-changed, reason: Told to everybody.}",
    )
    check_changed({ONE: INCIDENT}, {ONE: waived})
    assert codes(check(load_archive(open_working_tree(tmp_path)), now=NOW)) == []


def test_nobody_becomes_an_import_by_the_change_itself(check_changed: CheckChange) -> None:
    before = change(INCIDENT, "status: resolved\n# no closed\n# no closed_by")
    after = change(before, "resolved: 2026-03-02T09:10+00:00\norigin: {system: csv, id: '1'}")
    found = [
        d.severity
        for d in check_changed({ONE: before}, {ONE: after}).diagnostics
        if d.code == "time-rewritten"
    ]
    assert found == [Severity.ERROR]


def test_a_base_without_settings_is_where_the_records_begin(tmp_path: Path, commit_all: CommitAll) -> None:
    write_files(tmp_path, {"README.md": "Nothing yet.\n"})
    commit_all(tmp_path, "Begin")
    write_files(tmp_path, {**SCHEMA, ONE: INCIDENT})
    commit_all(tmp_path, "Records")
    result = checked(tmp_path, "HEAD~1")
    assert result.records == 1
    assert all(d.severity is Severity.NOTE for d in result.diagnostics)


def test_a_base_whose_settings_were_broken_can_be_mended(tmp_path: Path, commit_all: CommitAll) -> None:
    write_files(tmp_path, {**SCHEMA, "schema/incidentbook.yml": "format: [\n", ONE: INCIDENT})
    commit_all(tmp_path, "Broken")
    write_files(tmp_path, SCHEMA)
    commit_all(tmp_path, "Mended")
    assert codes(checked(tmp_path, "HEAD~1")) == []


# Repositories of every shape.


def test_no_git_is_said(tmp_path: Path) -> None:
    write_files(tmp_path, SCHEMA)
    with pytest.raises(NotAGitRepositoryError, match="git init"):
        checked(tmp_path)


def test_an_unborn_branch_is_said(tmp_path: Path) -> None:
    write_files(tmp_path, SCHEMA)
    git(tmp_path, "init", "--quiet")
    for base in ("HEAD", "main", "origin/main"):
        with pytest.raises(NoCommitYetError):
            checked(tmp_path, base)


def test_a_missing_base_is_said(tmp_path: Path, commit_all: CommitAll) -> None:
    repository(tmp_path, commit_all, {})
    with pytest.raises(UnknownRevisionError, match="git fetch"):
        checked(tmp_path, "origin/main")


@pytest.mark.parametrize("base", ["--output=x", "-", "main..HEAD", "", "HEAD:schema"])
def test_what_is_no_revision_is_said(base: str, tmp_path: Path, commit_all: CommitAll) -> None:
    repository(tmp_path, commit_all, {})
    with pytest.raises(UnknownRevisionError):
        checked(tmp_path, base)
    assert not (tmp_path / "x").exists()


def test_a_shallow_clone_says_what_to_fetch(tmp_path: Path, commit_all: CommitAll) -> None:
    origin = repository(tmp_path / "origin", commit_all, {ONE: INCIDENT})
    git(origin, "branch", "old")
    write_files(origin, {TWO: INCIDENT})
    commit_all(origin, "After")
    git(tmp_path, "clone", "--quiet", "--depth=1", "--no-single-branch", f"file://{origin}", "clone")
    with pytest.raises(NoMergeBaseError, match="unshallow"):
        checked(tmp_path / "clone", "origin/old")


def test_unrelated_histories_are_said(tmp_path: Path, commit_all: CommitAll) -> None:
    repository(tmp_path, commit_all, {})
    git(tmp_path, "checkout", "--quiet", "--orphan", "other")
    commit_all(tmp_path, "Other")
    with pytest.raises(NoMergeBaseError, match="unrelated"):
        checked(tmp_path, "main")


def test_the_base_is_where_the_branch_left(tmp_path: Path, commit_all: CommitAll) -> None:
    repository(tmp_path, commit_all, {ONE: INCIDENT, TWO: INCIDENT})
    git(tmp_path, "checkout", "--quiet", "-b", "branch")
    write_files(tmp_path, {TWO: FAULTY})
    commit_all(tmp_path, "Branch")
    git(tmp_path, "checkout", "--quiet", "main")
    (tmp_path / ONE).unlink()
    commit_all(tmp_path, "Main goes on")
    git(tmp_path, "checkout", "--quiet", "--detach", "branch")
    result = checked(tmp_path, "main")
    assert result.records == 1
    assert "record-deleted" not in codes(result)
    assert "missing-category" in codes(result)


def test_a_worktree_and_a_subfolder_and_a_submodule_work(tmp_path: Path, commit_all: CommitAll) -> None:
    top = tmp_path / "top"
    repository(top / "ops" / "records", lambda root, message: commit_all(top, message), {ONE: INCIDENT})
    write_files(top, {"elsewhere.md": "no record\n"})
    git(top, "worktree", "add", "--quiet", "-b", "tree", "../tree")
    inner = repository(tmp_path / "inner", commit_all, {ONE: INCIDENT})
    git(top, "-c", "protocol.file.allow=always", "submodule", "add", "--quiet", str(inner), "ops/inner")
    for root in (top / "ops" / "records", tmp_path / "tree" / "ops" / "records", top / "ops" / "inner"):
        write_files(root, {TWO: FAULTY})
        result = checked(root)
        assert sorted(codes(result)) == ["backdated-time", "missing-category"], root


def test_a_merge_that_brings_main_in_charges_nothing_of_main(tmp_path: Path, commit_all: CommitAll) -> None:
    repository(tmp_path, commit_all, {ONE: INCIDENT})
    git(tmp_path, "checkout", "--quiet", "-b", "branch")
    write_files(tmp_path, {TWO: INCIDENT})
    commit_all(tmp_path, "Branch")
    git(tmp_path, "checkout", "--quiet", "main")
    (tmp_path / ONE).unlink()
    commit_all(tmp_path, "Main deletes")
    git(tmp_path, "checkout", "--quiet", "branch")
    git(tmp_path, "merge", "--quiet", "--no-edit", "main")
    result = checked(tmp_path, "main")
    assert result.records == 1
    assert "record-deleted" not in codes(result)


# To look at what is near finds what to look at everything finds.

_STATES = (INCIDENT, NEW, FAULTY, NAMING, change(INCIDENT, "links: {parent: INC-2026-0003}"))


def _world(dice: random.Random) -> dict[str, str]:
    files = {
        f"incidents/2026/INC-2026-000{n}.md": dice.choice(_STATES) for n in range(1, 7) if dice.random() < 0.8
    }
    if dice.random() < 0.7:
        files["knowledge/problems/PRB-2026-0001.md"] = PROBLEM
    if dice.random() < 0.5:
        files["incidents/2026/INC-2026-0001.review.md"] = dice.choice(
            (REVIEW, change(REVIEW, "incidents: [INC-2026-0001, INC-2026-0004]"))
        )
    for number in (2, 3):
        path = f"incidents/2026/INC-2026-000{number}.md"
        if path in files and dice.random() < 0.5:
            files[path] += "See INC-2026-0005, [there](INC-2026-0004.md) and [graph](INC-2026-0006/a.png).\n"
    if dice.random() < 0.5:
        files["incidents/2026/INC-2026-0006/a.png"] = "x"
    return files


@pytest.mark.parametrize("seed", range(12))
def test_what_is_near_is_all_that_counts(seed: int, tmp_path: Path, check_changed: CheckChange) -> None:
    dice = random.Random(seed)
    before, after = _world(dice), _world(dice)
    kept = {path for path in before.keys() & after.keys() if dice.random() < 0.6}
    after |= {path: before[path] for path in kept}

    narrow = check_changed(before, after)

    touched = {path for path in before.keys() | after.keys() if before.get(path) != after.get(path)}
    worlds = []
    for name, files in (("before", before), ("after", after)):
        root = tmp_path / "apart" / name
        write_files(root, {**SCHEMA, **files})
        found = check(load_archive(open_working_tree(root)), now=NOW).diagnostics
        worlds.append(Counter((d.path, d.code, d.message) for d in found if d.path not in touched))
    shutil.rmtree(tmp_path / "apart")
    untouched = Counter((d.path, d.code, d.message) for d in narrow.diagnostics if d.path not in touched)
    assert untouched == +(worlds[1] - worlds[0])


def test_a_copy_of_git_that_is_bare_has_no_records_to_check(tmp_path: Path, commit_all: CommitAll) -> None:
    origin = repository(tmp_path / "origin", commit_all, {ONE: INCIDENT})
    subprocess.run(["git", "clone", "--quiet", "--bare", str(origin), str(tmp_path / "bare")], check=True)
    from incidentbook.cli import main  # noqa: PLC0415

    assert main(["--repo", str(tmp_path / "bare"), "check", "--base", "main"]) == 2
