"""New files, and new records under the next free ID."""

from __future__ import annotations

import errno
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from incidentbook.diagnostics import IncidentbookError
from incidentbook.edits.numbers import Numbers
from incidentbook.records import RecordName
from incidentbook.records.kinds import home_of
from incidentbook.source import write_text


class CannotWriteError(IncidentbookError):
    """A file cannot be written, for a reason of the disk or its permissions."""

    def __init__(self, error: OSError) -> None:
        reason = error.strerror or str(error)
        super().__init__(f"{error.filename or 'a file'} cannot be written: {reason}")


@contextmanager
def writing() -> Iterator[None]:
    """Turn what the system says of files that cannot be written into one line for a person."""
    try:
        yield
    except OSError as error:
        raise CannotWriteError(error) from None


def create_text(path: Path, text: str) -> None:
    """Write a new file whole or not at all, and never over another. Raises FileExistsError.

    The text is complete under a temporary name before a link, which fails where the name is taken,
    gives it its own: two processes that want one name cannot both have it.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except FileExistsError:
        # it is the folder's name that a file has, not this file's
        raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR), str(path.parent)) from None
    with tempfile.TemporaryDirectory(dir=path.parent, prefix=f".{path.name}.") as folder:
        whole = Path(folder, path.name)
        write_text(whole, text)
        try:
            os.link(whole, path, follow_symlinks=False)
        except FileExistsError:
            raise
        except OSError:
            # Some shared folders know no hard links: take the name first, then fill it.
            os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o666))
            whole.replace(path)


def create_record(root: Path, kind: str, year: int, text: str, numbers: Numbers) -> tuple[RecordName, Path]:
    """Write a record under the next free ID; where another process was quicker, under the one after."""
    while True:
        name = numbers.next(kind, year)
        path = root / home_of(name)
        try:
            create_text(path, text)
        except FileExistsError:
            continue
        return name, path
