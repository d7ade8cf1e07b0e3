"""A file of the site that is no page: a feed, an answer of the API, the data of a list, an attachment."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Output:
    """One file: its path on the site, how its bytes are made, and what they are made of.

    `key` names everything that goes into the bytes beside the tool, the taxonomy, the audience and
    the theme: two builds with one key have the same bytes, so that the second need not make them.
    Empty means that it is made in each build. `is_copy` says that making it is only reading it, so that
    it is not worth another process.
    """

    path: str
    make: Callable[[], bytes]
    key: str = ""
    is_copy: bool = False
