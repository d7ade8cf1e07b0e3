"""Planned pages written into the built site."""

from __future__ import annotations

import shutil
from collections.abc import Collection, Iterable
from pathlib import Path


def write_page(site_dir: Path, path: str, html: str) -> None:
    """Write one page as the index of its folder."""
    folder = site_dir / path
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "index.html").write_text(html, "utf-8")


def write_file(site_dir: Path, path: str, data: bytes) -> None:
    """Write a file that is no page."""
    target = site_dir / path
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(data)


def remove_stale(site_dir: Path, folders: Iterable[str], kept: Collection[str]) -> list[str]:
    """Remove pages below our folders that are neither planned nor MkDocs' own; return their paths.

    MkDocs empties the site before a build; it does not with `--dirty`, and then a record that is
    gone, or no longer for this audience, would stay readable.
    """
    removed = []
    for folder in folders:
        for index in sorted((site_dir / folder).glob("**/index.html")):
            path = index.parent.relative_to(site_dir).as_posix() + "/"
            if path not in kept:
                shutil.rmtree(index.parent)
                removed.append(path)
    return removed
