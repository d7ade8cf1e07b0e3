"""Several files changed, moved and removed at once, or none of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from incidentbook.diagnostics import IncidentbookError
from incidentbook.edits.new_files import CannotWriteError
from incidentbook.source import write_bytes


class TargetTakenError(IncidentbookError):
    """Something has the name already that a file is to get."""

    def __init__(self, path: str) -> None:
        super().__init__(f"{path} is there already; nothing was changed")


def change_files(
    root: Path, *, moves: Sequence[tuple[str, str]] = (), contents: Mapping[str, bytes | None] | None = None
) -> None:
    """Move files or folders, then write files whole; None removes one.

    Where anything fails, everything is put back as it was. Raises TargetTakenError or CannotWriteError.
    """
    undo: list[Callable[[], object]] = []
    try:
        for old, new in moves:
            _move(root, old, new, undo)
        for path, data in (contents or {}).items():
            _write(root / path, data, undo)
    except BaseException as error:
        for step in reversed(undo):
            with suppress(OSError):
                step()
        if isinstance(error, OSError):
            raise CannotWriteError(error) from None
        raise
    for path, data in (contents or {}).items():
        if data is None:
            _tidy(root, path)


def _move(root: Path, old: str, new: str, undo: list[Callable[[], object]]) -> None:
    source, target = root / old, root / new
    if target.exists() or target.is_symlink():
        raise TargetTakenError(new)
    target.parent.mkdir(parents=True, exist_ok=True)
    source.rename(target)
    undo.append(lambda: target.rename(source))


def _write(path: Path, data: bytes | None, undo: list[Callable[[], object]]) -> None:
    present = path.read_bytes() if path.is_file() else None
    if data is not None:
        try:
            write_bytes(path, data)
        except OSError as error:
            error.filename = str(path)  # nobody knows the temporary one
            raise
    elif present is not None:
        path.unlink()
    if present is None:
        undo.append(lambda: path.unlink(missing_ok=True))
    else:
        undo.append(lambda: write_bytes(path, present))


def _tidy(root: Path, path: str) -> None:
    """Remove the folders that a file has left empty: Git keeps none."""
    with suppress(OSError):
        for folder in (root / path).relative_to(root).parents[:-1]:
            (root / folder).rmdir()
