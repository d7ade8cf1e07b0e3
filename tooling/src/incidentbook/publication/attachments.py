"""Files that belong to records, at their places on the site."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from incidentbook.publication.output import Output
from incidentbook.publication.published import Published
from incidentbook.publication.urls import path_of

SHOWN = frozenset(
    ".avif .cap .conf .csv .diff .gif .gz .jpeg .jpg .json .jsonl .log .patch .pcap .pdf .png "  # noqa: SIM905
    ".tsv .txt .webp .yaml .yml .zip".split()
)
"""Kinds of file that a browser shows or saves but never runs: HTML, SVG and scripts would run as the site."""


def attachments(published: Published) -> Iterator[tuple[str, Output]]:
    """Every file that the audience may read, below the page of its record, and its path in the repository."""
    for entry in published.entries:
        for source in published.attachments(entry.id):
            name = source.rsplit("/", 1)[-1]
            extension = "." + name.rsplit(".", 1)[-1].lower() if "." in name else ""
            if extension in SHOWN:
                below = source.split(f"/{entry.id}/", 1)[-1]
                read = partial(published.read_attachment, entry.id, source)
                yield source, Output(path_of(entry.name) + below, read, is_copy=True)
