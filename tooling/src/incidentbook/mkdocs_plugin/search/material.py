"""Entries of planned pages in the index that Material's search plugin wrote."""

from __future__ import annotations

import json
from collections.abc import Iterable
from html import escape
from pathlib import Path
from typing import Any

from incidentbook.mkdocs_plugin.search.documents import MATERIAL_INDEX
from incidentbook.pages import Page, SearchEntry


def index_entries(page: Page, entries: Iterable[SearchEntry]) -> Iterable[dict[str, Any]]:
    """What a page adds to the index. Material shows title and text as HTML, so both are escaped."""
    for entry in entries:
        location = page.path + (f"#{entry.anchor}" if entry.anchor else "")
        found: dict[str, Any] = {
            "location": location,
            "title": escape(entry.title, quote=False),
            "text": escape(entry.text, quote=False),
        }
        if entry.tags:
            found["tags"] = [escape(tag, quote=False) for tag in entry.tags]
        yield found


def append(site_dir: Path, entries: list[dict[str, Any]]) -> None:
    """Add entries to the index; nothing is done where no search plugin wrote one."""
    path = site_dir / MATERIAL_INDEX
    if not path.is_file():
        return
    index = json.loads(path.read_text("utf-8"))
    index["docs"].extend(entries)
    path.write_text(json.dumps(index, ensure_ascii=False, separators=(",", ":")), "utf-8")
