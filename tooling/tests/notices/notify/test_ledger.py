"""The ledger: one sends, nothing is forgotten, and nothing piles up."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from incidentbook.gitrepo import GitError
from incidentbook.gitrepo.refs import commit_ref_files, read_ref_files, ref_tip
from incidentbook.notices.notify import ledger as module
from incidentbook.notices.notify.ledger import (
    REF,
    KeptHereError,
    Ledger,
    NotKeptError,
    Slot,
    digest_of,
    shard_of,
)
from incidentbook.notices.notify.ledger_lines import (
    FAILED,
    INTENT,
    SENT,
    Line,
    Standing,
    compact,
    read_lines,
    standings,
    write_lines,
)
from testbed import GIT_ENVIRONMENT, git

AT = "2026-11-20T12:00:00+00:00"
ONE = Slot(shard_of("INC-2026-0001", 2026), digest_of("event", "1"), "chat")
TWO = Slot(shard_of("INC-2026-0002", 2026), digest_of("event", "2"), "chat")

LINES = st.builds(
    Line,
    st.sampled_from(["k1", "k2"]),
    st.sampled_from(["chat", "mail"]),
    st.sampled_from(["2026-01-01", "2026-01-02", "2026-01-03"]),
    st.sampled_from(["r1", "r2", "r3"]),
    st.sampled_from([INTENT, SENT, FAILED]),
)


@pytest.fixture
def clones(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Path, Path]:
    for name, value in GIT_ENVIRONMENT.items():
        monkeypatch.setenv(name, value)
    git(tmp_path, "init", "--quiet", "--bare", "remote.git")
    for name in ("one", "two"):
        git(tmp_path, "clone", "--quiet", "remote.git", name)
    return tmp_path / "one", tmp_path / "two"


def ledger(root: Path, run: str, remote: str | None = "origin") -> Ledger:
    return Ledger(root, remote, run, AT)


@given(st.lists(LINES, max_size=12))
def test_what_is_left_out_changes_no_standing(lines: list[Line]) -> None:
    kept = compact(lines)
    assert standings(kept) == standings(lines)
    assert read_lines(write_lines(kept)) == tuple(sorted(set(kept)))


@given(st.lists(LINES, max_size=8), st.lists(LINES, max_size=8))
def test_two_ledgers_join_in_any_order(one: list[Line], other: list[Line]) -> None:
    assert write_lines((*one, *other)) == write_lines((*other, *one, *one))


def test_what_is_no_line_is_passed_over() -> None:
    assert read_lines(b'\xff\n[]\n{"state":"odd"}\nnull\n\n') == ()


def test_a_claim_is_unknown_until_it_is_concluded(clones: tuple[Path, Path]) -> None:
    one, two = clones
    assert ledger(one, "a").claim([ONE, TWO]).mine == (ONE, TWO)
    seen = ledger(two, "b").claim([ONE, TWO])
    assert (seen.mine, seen.taken, seen.known[ONE]) == ((), (), Standing.UNKNOWN)
    ledger(one, "a").conclude({ONE: True, TWO: False})
    found = ledger(two, "b").standings([ONE, TWO])
    assert (found[ONE], found[TWO]) == (Standing.SENT, Standing.FAILED)
    assert ledger(two, "b").claim([ONE, TWO]).mine == (TWO,)


@pytest.mark.parametrize("remote", ["origin", None])
def test_who_loses_the_race_reads_again_and_leaves_it(
    clones: tuple[Path, Path], remote: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another run claims between the moment at which this one has read and that at which it writes."""
    one, two = clones
    rival = two if remote else one
    told: list[str] = []

    def late(*arguments: object) -> str:
        made = commit_ref_files(*arguments)  # type: ignore[arg-type]
        if not told:
            told.append(made)
            assert ledger(rival, "b", remote).claim([ONE]).mine == (ONE,)
        return made

    monkeypatch.setattr(module, "commit_ref_files", late)
    claim = ledger(one, "a", remote).claim([ONE, TWO])
    assert (claim.mine, claim.taken) == ((TWO,), (ONE,))


def test_what_cannot_even_be_asked_for_is_kept_here(clones: tuple[Path, Path], tmp_path: Path) -> None:
    one, _ = clones
    ledger(one, "a").claim([ONE])
    (tmp_path / "remote.git").rename(tmp_path / "gone.git")
    with pytest.raises(KeptHereError):
        ledger(one, "a").conclude({ONE: True})
    (tmp_path / "gone.git").rename(tmp_path / "remote.git")
    assert ledger(one, "b").standings([ONE])[ONE] is Standing.SENT


def test_what_cannot_be_kept_at_all_is_said(
    clones: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    one, _ = clones

    def full(*_: object) -> str:
        raise GitError("no space left on device")

    monkeypatch.setattr(module, "commit_ref_files", full)
    for remote in ("origin", None):
        with pytest.raises(NotKeptError, match="counts as unknown: no space left"):
            ledger(one, "a", remote).conclude({ONE: True})


def test_a_channel_was_told_of_a_record_if_anything_of_it_is_sent_or_unknown(
    clones: tuple[Path, Path],
) -> None:
    one, _ = clones
    ends = [Slot(slot.shard, digest_of("event", "end"), "chat") for slot in (ONE, TWO)]
    elsewhere = Slot(ONE.shard, "k", "mail")
    assert ledger(one, "a", None).told(ends) == frozenset()
    ledger(one, "a", None).claim([ONE, TWO])
    ledger(one, "a", None).conclude({TWO: False})
    assert ledger(one, "b", None).told([*ends, elsewhere]) == {ends[0]}


def test_what_could_not_be_pushed_is_pushed_by_the_next_run(
    clones: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    one, two = clones
    ledger(one, "a").claim([ONE])

    def broken(*_: object) -> None:
        raise GitError("git push: the network is gone")

    with monkeypatch.context() as patched:
        patched.setattr(module, "push_ref", broken)
        with pytest.raises(KeptHereError, match=r"in this clone only.*the network is gone"):
            ledger(one, "a").conclude({ONE: True})
    assert ledger(two, "b").standings([ONE])[ONE] is Standing.UNKNOWN
    assert ledger(one, "c").standings([ONE])[ONE] is Standing.SENT
    ledger(one, "c").claim([TWO])
    assert ledger(two, "b").standings([ONE])[ONE] is Standing.SENT


def test_an_older_key_counts_too(clones: tuple[Path, Path]) -> None:
    one, _ = clones
    ledger(one, "a", None).claim([ONE])
    ledger(one, "a", None).conclude({ONE: True})
    renamed = Slot(ONE.shard, digest_of("event", "new"), "chat", (ONE.key,))
    assert ledger(one, "b", None).standings([renamed])[renamed] is Standing.SENT
    elsewhere = Slot(ONE.shard, ONE.key, "mail")
    assert ledger(one, "b", None).standings([elsewhere])[elsewhere] is Standing.NEW


def test_only_the_files_of_the_records_asked_for_are_read_and_failures_do_not_pile_up(
    clones: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    one, _ = clones
    many = [Slot(shard_of(f"INC-2026-{number:04d}", 2026), "k", "chat") for number in range(1000, 1300)]
    ledger(one, "a", None).claim(many)
    asked: list[str] = []

    def counting(root: Path, commit: str | None, paths: set[str]) -> object:
        asked.extend(paths)
        return read_ref_files(root, commit, paths)

    monkeypatch.setattr(module, "read_ref_files", counting)
    ledger(one, "b", None).standings([many[7]])
    assert set(asked) == {many[7].shard}
    for number in range(5):
        ledger(one, f"run-{number}", None).claim([ONE])
        ledger(one, f"run-{number}", None).conclude({ONE: False})
    lines = read_lines(read_ref_files(one, ref_tip(one, REF), [ONE.shard])[ONE.shard])
    assert len(lines) == 2
    assert git(one, "rev-list", "--count", REF).strip() == "1"
