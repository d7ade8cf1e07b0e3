"""Files that belong to records, at their places on the site."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from incidentbook.pages.urls import path_of
from incidentbook.publication import Published

if TYPE_CHECKING:
    from collections.abc import Callable

SHOWN = frozenset(
    ".avif .cap .conf .csv .diff .gif .gz .jpeg .jpg .json .jsonl .log .patch .pcap .pdf .png "  # noqa: SIM905
    ".tsv .txt .webp .yaml .yml .zip".split()
)
"""Kinds of file that a browser shows or saves but never runs: HTML, SVG and scripts would run as the site."""


@dataclass(frozen=True)
class Attachment:
    """One file: its path on the site, its path in the repository, and how to read it."""

    path: str
    source: str
    read: Callable[[], bytes]


def attachments(published: Published) -> Iterator[Attachment]:
    """Every file that the audience may read, below the page of its record."""
    for entry in published.entries:
        for source in published.attachments(entry.id):
            name = source.rsplit("/", 1)[-1]
            extension = "." + name.rsplit(".", 1)[-1].lower() if "." in name else ""
            if extension in SHOWN:
                below = source.split(f"/{entry.id}/", 1)[-1]
                read = partial(published.read_attachment, entry.id, source)
                yield Attachment(path_of(entry.name) + below, source, read)
