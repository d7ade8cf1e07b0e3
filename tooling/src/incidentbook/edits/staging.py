"""Many new files at once, each of them whole before it gets its name."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from incidentbook.edits.new_files import create_text

_FOLDER = ".cache"
"""Git ignores it, and what an interrupted import leaves there may be deleted."""


@contextmanager
def staging(root: Path) -> Iterator[Callable[[Path, str], None]]:
    """Give a function that does what `create_text` does, for files with different names.

    It writes into one folder beside the records and links from there: making and removing a folder
    for each file took ten times as long. Processes that are forked meanwhile may use it too.
    """
    above = root / _FOLDER
    above.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=above, prefix="staging-") as folder:

        def create(path: Path, text: str) -> None:
            whole = f"{folder}/{path.name}"
            descriptor = os.open(whole, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666)
            with open(descriptor, "wb") as file:  # noqa: PTH123  it is open already
                file.write(text.encode())
            try:
                os.link(whole, path, follow_symlinks=False)
            except FileExistsError:
                raise
            except OSError:
                # no hard links here, or the folder for them lies on another disk
                create_text(path, text)

        yield create
