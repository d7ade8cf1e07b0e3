"""New files are whole, and never written over another."""

from __future__ import annotations

import errno
import os
import stat
import threading
from pathlib import Path

import pytest

from incidentbook.edits import Numbers, create_record, create_text


def test_a_new_file_is_written_with_its_folder(tmp_path: Path) -> None:
    create_text(tmp_path / "a" / "b.md", "Text\n")
    assert (tmp_path / "a" / "b.md").read_text() == "Text\n"
    assert [path.name for path in (tmp_path / "a").iterdir()] == ["b.md"]
    umask = os.umask(0)
    os.umask(umask)
    assert stat.S_IMODE((tmp_path / "a" / "b.md").stat().st_mode) == 0o666 & ~umask


def test_a_file_that_is_there_stays(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("Mine")
    with pytest.raises(FileExistsError):
        create_text(tmp_path / "a.md", "Yours")
    assert (tmp_path / "a.md").read_text() == "Mine"
    assert len(list(tmp_path.iterdir())) == 1


def test_a_folder_that_is_a_file_is_said_so(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("Mine")
    with pytest.raises(NotADirectoryError):
        create_text(tmp_path / "a" / "b.md", "Yours")


def test_a_link_that_leads_nowhere_stays(tmp_path: Path) -> None:
    (tmp_path / "a.md").symlink_to("nowhere")
    with pytest.raises(FileExistsError):
        create_text(tmp_path / "a.md", "Yours")
    assert (tmp_path / "a.md").is_symlink()


@pytest.mark.parametrize("taken", [False, True])
def test_a_folder_without_hard_links_will_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, taken: bool
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise OSError(errno.EPERM, "Operation not permitted")

    monkeypatch.setattr(os, "link", refuse)
    if taken:
        (tmp_path / "a.md").write_text("Mine")
        with pytest.raises(FileExistsError):
            create_text(tmp_path / "a.md", "Yours")
    else:
        create_text(tmp_path / "a.md", "Yours")
    assert (tmp_path / "a.md").read_text() == ("Mine" if taken else "Yours")
    assert len(list(tmp_path.iterdir())) == 1


def test_many_at_once_get_a_number_each(tmp_path: Path) -> None:
    names: list[str] = []

    def write(number: int) -> None:
        name, _ = create_record(tmp_path, "incident", 2026, f"Text {number}\n", Numbers([]))
        names.append(name.id)

    threads = [threading.Thread(target=write, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(names) == [f"INC-2026-{number:04d}" for number in range(1, 9)]
    texts = {path.read_text() for path in (tmp_path / "incidents" / "2026").iterdir()}
    assert texts == {f"Text {number}\n" for number in range(8)}
