"""Where a command stands: nothing is looked up before it is asked for, and then once."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from incidentbook.commands.session import NoRepositoryError, NotATimeError, Session, parse_now
from testbed import NEW_INCIDENT, MakeRepository

AT = datetime(2026, 3, 1, 8, 0, tzinfo=UTC)


def test_a_session_without_a_repository_is_no_error(tmp_path: Path) -> None:
    session = Session(tmp_path)
    for _ in range(2):
        with pytest.raises(NoRepositoryError):
            _ = session.root
    with pytest.raises(NoRepositoryError):
        _ = session.archive
    assert Session(tmp_path, AT).now == AT, "a pinned clock needs no repository"


def test_the_nearest_repository_counts(
    make_repository: MakeRepository, monkeypatch: pytest.MonkeyPatch
) -> None:
    outer = make_repository()
    inner = make_repository(name="records/site/demo")
    monkeypatch.chdir(inner / "schema")
    assert Session().root == inner
    monkeypatch.chdir(inner.parent)
    assert Session().root == outer
    monkeypatch.chdir(outer)
    assert Session(Path("site/demo")).root == inner


def test_a_folder_named_like_the_marker_is_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "schema" / "incidentbook.yml").mkdir(parents=True)
    monkeypatch.chdir(tmp_path)
    with pytest.raises(NoRepositoryError, match="or above it"):
        _ = Session().root


def test_the_archive_is_loaded_once_with_the_repositorys_cache(make_repository: MakeRepository) -> None:
    root = make_repository({"incidents/2026/INC-2026-0001.md": NEW_INCIDENT})
    session = Session(root)
    assert not (root / ".cache").exists()
    assert session.archive is session.archive
    assert [entry.id for entry in session.archive.incidents] == ["INC-2026-0001"]
    assert (root / ".cache").is_dir()


def test_the_clock_is_pinned_by_the_user_then_by_the_repository_then_not_at_all(
    make_repository: MakeRepository,
) -> None:
    pinned = make_repository()
    free = make_repository({"schema/incidentbook.yml": "format: 1\nname: A\n"}, name="free")
    assert Session(pinned, AT).now == AT
    assert Session(pinned).now == datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
    session = Session(free)
    assert abs(session.now - datetime.now(UTC)) < timedelta(minutes=1)
    assert session.now == session.now == session.wall_clock, "one run has one time"
    assert session.now.microsecond == 0


def test_a_title_is_no_markup(make_repository: MakeRepository, capsys: pytest.CaptureFixture[str]) -> None:
    title = "[red]disk[/red] :fire: [link=https://example.invalid]full"
    Session(make_repository()).console.print(title)
    assert capsys.readouterr().out == f"{title}\n"


def test_a_pipe_gets_lines_whole(make_repository: MakeRepository, capsys: pytest.CaptureFixture[str]) -> None:
    Session(make_repository()).console.print("word " * 100)
    assert capsys.readouterr().out.count("\n") == 1


@pytest.mark.parametrize("text", ["2026-03-01T08:00Z", "2026-03-01 10:00+02:00", "2026-03-01T08:00:00+00:00"])
def test_a_time_to_pin_the_clock_to(text: str) -> None:
    assert parse_now(text) == AT


@pytest.mark.parametrize("text", ["2026-03-01T08:00", "", "0", "2026-03-01T08:00 UTC"])
def test_what_is_no_time(text: str) -> None:
    with pytest.raises(NotATimeError):
        parse_now(text)
