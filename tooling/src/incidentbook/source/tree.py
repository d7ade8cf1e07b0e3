"""What a tree of record files can be asked, wherever its files come from."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple, Protocol

from incidentbook.diagnostics import IncidentbookError
from incidentbook.records import KINDS

ROOMS = (*dict.fromkeys(kind.folder.partition("/")[0] for kind in KINDS.values()), "schema")
"""The folders of a records repository that are read; everything else is somebody else's."""


def is_left_out(path: str) -> bool:
    """Whether a file in ROOMS is none of ours all the same: hidden ones, and the generated JSON Schemas."""
    return "/." in path or path.startswith("schema/json/") or path == "schema/json"


class LinkError(IncidentbookError):
    """A symbolic link is not followed; `reason` completes "it is"."""

    def __init__(self, path: str, reason: str) -> None:
        super().__init__(f"{path} is {reason}")
        self.reason = reason


class OutsideRepositoryError(LinkError):
    """A symbolic link leads out of the repository, or to what is hidden in it, as Git's own files are."""

    def __init__(self, path: str) -> None:
        super().__init__(path, "a link that leads out of the repository, or to a hidden file")


class LinkedFileError(LinkError):
    """A record, or a file of schema/, is a link: what it leads to could be changed without its change."""

    def __init__(self, path: str) -> None:
        super().__init__(path, "a link, and not the file itself")


class Stat(NamedTuple):
    """What tells that a file is unchanged without reading it: bytes, nanoseconds, inode."""

    size: int
    mtime_ns: int
    inode: int


class Origin(Protocol):
    """What records are of, so that whoever reads a figure can come by the same ones."""

    @property
    def revision(self) -> str | None:
        """The commit the files are of, or are based on."""

    @property
    def dirty(self) -> bool:
        """Whether the files are not those of that commit; False where there is none."""


class Tree(Origin, Protocol):
    """Files of one state of a records repository; paths are relative, with forward slashes."""

    root: Path

    def paths(self) -> Sequence[str]:
        """Every file in ROOMS, sorted; hidden files and generated schemas left out."""

    def read(self, path: str) -> bytes:
        """The bytes of a file. Raises OSError, OutsideRepositoryError for a link that leaves, or
        LinkedFileError for any other that stands for a record or a file of schema/.
        """

    def content_hash(self, path: str) -> str | None:
        """The blob name of a file where it is known without reading it."""

    def stat(self, path: str) -> Stat | None:
        """What tells whether a file has changed; None where that cannot happen."""
