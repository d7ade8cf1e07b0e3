"""Which foreign incidents are here already, and in which records."""

from __future__ import annotations

import re
from typing import Any

from incidentbook.archive import Archive, Entry, load_entries
from incidentbook.importers.foreign import Foreign, Log
from incidentbook.records.seal import OWNED

_PAGE_CODE = re.compile(r"/incidents/(?P<code>[A-Za-z0-9]+)/?$")


class Known:
    """The records that came from another system, by where they came from."""

    def __init__(self, archive: Archive) -> None:
        load_entries(archive)
        self._by_id: dict[tuple[str, str], Entry[Any]] = {}
        self._by_page: dict[tuple[str, str], Entry[Any]] = {}
        self._unreadable: list[tuple[Entry[Any], str]] = []
        for entry in archive.entries:
            if entry.kind not in OWNED:
                continue
            if not entry.readable:
                self._unreadable.append((entry, entry.document.text))
                continue
            origin = entry.record.origin
            if origin is not None:
                self._by_id.setdefault((origin.system, origin.id), entry)
                for code in _codes(origin.id, origin.url):
                    self._by_page.setdefault((origin.system, code), entry)

    def find(self, foreign: Foreign) -> Entry[Any] | None:
        """The record that was made of a foreign incident."""
        return self._by_id.get((foreign.origin["system"], foreign.origin["id"]))

    def is_left_alone(self, foreign: Foreign, entry: Entry[Any] | None, log: Log) -> bool:
        """Tell whether a foreign incident is here already, in a record that is not to be touched."""
        if entry is None:
            return self._is_here_otherwise(foreign, log)
        if entry.kind != foreign.kind:
            log.keep(foreign.line, f"{entry.id} is {entry.kind} here, and {foreign.kind} at the source; kept")
            return True
        if entry.document.diagnostics:
            log.keep(foreign.line, f"{entry.id} has errors in its YAML; kept until they are mended")
            return True
        return False

    def _is_here_otherwise(self, foreign: Foreign, log: Log) -> bool:
        system, id_ = foreign.origin["system"], foreign.origin["id"]
        for code in _codes(id_, foreign.origin.get("url")):
            other = self._by_page.get((system, code))
            if other is not None:
                log.count("came with another export of the page before, under another ID")
                return True
        for entry, text in self._unreadable:
            if re.search(rf"""\bid:\s*["']?{re.escape(id_)}["']?\s*[,}}\n]""", text):
                log.keep(foreign.line, f"{entry.path} cannot be read, and seems to be this incident; kept")
                return True
        return False


def _codes(id_: str, url: str | None) -> set[str]:
    """All that names an incident: archives give numbers as IDs, the API the code in the page's address."""
    match = _PAGE_CODE.search(url or "")
    return {id_, match["code"]} if match else {id_}
