"""Where a command stands: the repository, its clock, its records and the terminal."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from incidentbook.diagnostics import IncidentbookError

if TYPE_CHECKING:
    from rich.console import Console

    from incidentbook.archive import Archive
    from incidentbook.taxonomy.settings import Settings

MARKER = Path("schema", "incidentbook.yml")


class NoRepositoryError(IncidentbookError):
    """There is no records repository where one was looked for."""

    def __init__(self, place: Path, *, above: bool, below: Path | None = None) -> None:
        names = f"`--repo {below}` names the one below" if below else "`--repo DIR` names one"
        super().__init__(
            f"no {MARKER.as_posix()} in {place}{' or above it' if above else ''}; "
            f"`incidentbook init DIR` makes a records repository, {names}"
        )


class BareRepositoryError(IncidentbookError):
    """There is Git's side of a repository, without the files."""

    def __init__(self, place: Path) -> None:
        super().__init__(
            f"{place} is a bare repository, which has no files; "
            f"`git worktree add DIR` there, or `git clone {place} DIR`, and `--repo DIR`"
        )


class NotATimeError(IncidentbookError):
    """What the clock was to be pinned to is no time."""

    def __init__(self, text: str, reason: str, option: str) -> None:
        super().__init__(f"{option} is `{text}`: {reason}")


@dataclass(frozen=True)
class Session:
    """One run of the tool. `repo` and `pinned_now` are what the user said, if anything.

    Nothing is looked up before it is asked for, so that `--help` and `init` need no repository.
    """

    repo: Path | None = None
    pinned_now: datetime | None = None

    @cached_property
    def root(self) -> Path:
        """The records repository. Raises NoRepositoryError."""
        start = (self.repo or Path.cwd()).resolve()
        candidates = (start,) if self.repo else (start, *start.parents)
        for folder in candidates:
            if (folder / MARKER).is_file():
                return folder
            if _is_bare(folder):
                raise BareRepositoryError(folder)
        raise NoRepositoryError(start, above=self.repo is None, below=_records_below(start))

    @cached_property
    def archive(self) -> Archive:
        """The records on disk, with the repository's cache."""
        from incidentbook.archive import open_repository  # noqa: PLC0415

        return open_repository(self.root)

    @cached_property
    def now(self) -> datetime:
        """The clock: what the user pinned, else what the repository pins, else the wall clock's."""
        if self.pinned_now is not None:
            return self.pinned_now  # without looking for a repository
        return self.now_by(self.archive.taxonomy.settings)

    def now_by(self, settings: Settings) -> datetime:
        """The clock as other settings pin it: those of the base, where a change is judged."""
        return self.pinned_now or settings.now or self.wall_clock

    @cached_property
    def wall_clock(self) -> datetime:
        """The time at which the run began: the only place that reads a clock."""
        return datetime.now(UTC).replace(microsecond=0)

    @cached_property
    def console(self) -> Console:
        """The terminal, or the pipe that stands in for it."""
        from rich.console import Console  # noqa: PLC0415

        width = None if sys.stdout.isatty() else 100
        return Console(
            file=sys.stdout,
            width=width,
            highlight=False,
            soft_wrap=not sys.stdout.isatty(),
            # what a person wrote in a title is no markup
            markup=False,
            emoji=False,
        )


def _is_bare(folder: Path) -> bool:
    """Tell Git's own folder by what it holds, as Git does."""
    return (folder / "HEAD").is_file() and (folder / "objects").is_dir() and (folder / "refs").is_dir()


def _records_below(start: Path) -> Path | None:
    """A records repository one or two folders below, for a repository that holds other things beside it."""
    found = (
        marker for depth in ("*", "*/*") for marker in sorted(start.glob(f"{depth}/{MARKER.as_posix()}"))
    )
    marker = next(found, None)
    return marker.parent.parent if marker else None


def parse_now(text: str, option: str = "--now (or INCIDENTBOOK_NOW)") -> datetime:
    """Read the time that an option gives. Raises NotATimeError."""
    from pydantic_core import PydanticCustomError  # noqa: PLC0415

    from incidentbook.records.fields import parse_instant  # noqa: PLC0415

    try:
        return parse_instant(text)
    except PydanticCustomError as error:
        fix = (error.context or {}).get("fix")
        raise NotATimeError(text, f"{error.message()}{f', as {fix} has' if fix else ''}", option) from None
