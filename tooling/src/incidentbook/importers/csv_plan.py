"""What an import of a CSV file would write, decided before anything is written."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from incidentbook.archive import Archive, Entry
from incidentbook.edits import record_text, with_values
from incidentbook.edits.record_text import field_order
from incidentbook.importers.csv_incidents import Draft, draft_incidents
from incidentbook.importers.csv_mapping import CsvMapping
from incidentbook.importers.csv_rows import Sorted
from incidentbook.importers.csv_table import BadRow, Progress, Stage
from incidentbook.importers.foreign import Foreign, Log
from incidentbook.importers.known import Known
from incidentbook.importers.merge import merge
from incidentbook.importers.plan import MAX_VALUES, Revision
from incidentbook.importers.recorded_matrix import settle_priorities
from incidentbook.importers.schema_files import SchemaFiles, add_words
from incidentbook.importers.vocabulary import vocabulary_of
from incidentbook.processes import map_in_parallel
from incidentbook.records.seal import owned, sealed

KIND = "incident"

_OWNED = (
    "title", "status", "summary", "symptoms", "major", "services", "category", "impact", "urgency",
    "priority", "started", "detected", "opened", "acknowledged", "mitigated", "restored", "resolved",
    "closed", "cancelled", "cancel_reason", "reporter", "affected", "location", "assets", "assignments",
    "resolved_by", "closed_by", "holds", "reopenings", "resolution", "satisfaction", "x-recorded-sla",
    "x-recorded-reopenings", "x-recorded-reassignments",
)  # fmt: skip
"""The fields that an import keeps up to date. `links` and the body are written once, then left to people."""

_LONG = MAX_VALUES // 8


@dataclass(frozen=True)
class CsvPlan:
    """Everything that an import writes; nothing where a second run finds all as it was."""

    drafts: Sequence[Draft] = ()
    revisions: Sequence[Revision] = ()
    unchanged: int = 0
    schema_texts: Mapping[str, str] = field(default_factory=dict)
    added: Mapping[str, Sequence[str]] = field(default_factory=dict)
    remarks: Sequence[str] = ()


class _Known(NamedTuple):
    entry: Entry[Any]
    draft: Draft


class Texts:
    """Writes the text of the records that one mapping makes."""

    def __init__(self, mapping: CsvMapping) -> None:
        self._system = mapping.system
        self.fields = (*_OWNED, *mapping.own)

    def origin(self, draft: Draft) -> dict[str, str]:
        """Where a record comes from."""
        return {"system": self._system, "id": draft.id} | ({"url": draft.url} if draft.url else {})

    def text(self, draft: Draft) -> str:
        """The whole file of a new record."""
        origin = sealed(self.origin(draft), self.source(draft))
        return record_text(KIND, {**draft.values, "origin": origin}, draft.body)

    def source(self, draft: Draft) -> dict[str, Any]:
        """The fields that follow the source."""
        return owned(KIND, draft.values, self.fields)


def plan_csv(rows: Sorted, mapping: CsvMapping, archive: Archive, log: Log, stage: Stage) -> CsvPlan:
    """Decide what to write for the incidents of a file, oldest first; the log says what stays.

    Rows that turn out not to be usable join the bad ones of `rows`. Raises BrokenSchemaError and
    MissingColumnError.
    """
    files = SchemaFiles(archive)
    vocabulary = vocabulary_of(archive.taxonomy)
    known = Known(archive)
    texts = Texts(mapping)
    drafts = list(_fitting(draft_incidents(rows, mapping, vocabulary, log, stage("Sorting")), texts, rows))
    empty = not any(entry.kind == KIND for entry in archive.entries)
    remarks = settle_priorities(drafts, archive.taxonomy, files, empty=empty, name=mapping.name)
    new: list[Draft] = []
    here: list[_Known] = []
    unchanged = 0
    for draft in drafts:
        foreign = Foreign(KIND, draft.line, texts.origin(draft), draft.filed.at, draft.values)
        entry = known.find(foreign)
        if known.is_left_alone(foreign, entry, log):
            unchanged += 1
        elif entry is None:
            new.append(draft)
        else:
            here.append(_Known(entry, draft))
    revisions: list[Revision] = []
    needed = {word for draft in new for word in draft.words}
    for (_, draft), (revision, kept) in zip(
        here, _compared(here, texts, archive, stage("Comparing")), strict=True
    ):
        for message in kept:
            log.keep(draft.line, message)
        if revision is not None:
            revisions.append(revision)
            needed.update(draft.words)
    added = add_words(files, vocabulary, needed)
    unchanged += len(here) - len(revisions)
    return CsvPlan(new, revisions, unchanged, files.texts, added, remarks)


def _fitting(drafts: Sequence[Draft], texts: Texts, rows: Sorted) -> Iterator[Draft]:
    """Leave out what no file may hold."""
    for draft in drafts:
        length = len(draft.body) + len(str(draft.values)) if _is_long(draft) else 0
        size = len(texts.text(draft).encode()) if length else 0
        if size > MAX_VALUES:
            reason = f"the incident has {size:,} bytes of text; a record holds {MAX_VALUES:,}"
            rows.bad += [BadRow(line, cells, reason) for line, cells in rows.incidents[draft.id]]
        else:
            yield draft


def _is_long(draft: Draft) -> bool:
    texts = (value for value in draft.values.values() if isinstance(value, str))
    resolution = draft.values.get("resolution") or {}
    return len(draft.body) + sum(map(len, texts)) + sum(map(len, resolution.values())) > _LONG


def _compared(
    here: Sequence[_Known], texts: Texts, archive: Archive, progress: Progress
) -> Iterator[tuple[Revision | None, list[str]]]:
    """What changes in records that are here already, and what stays although the source differs."""

    def compare(known: _Known) -> tuple[Revision | None, list[str]]:
        entry, draft = known
        if archive.tree.read(entry.path) == texts.text(draft).encode():
            return None, []
        document = entry.document
        source = texts.source(draft)
        merged = merge(KIND, document, source, texts.fields)
        kept = [
            f"{entry.id}: `{key}` was changed here and differs from the source; kept" for key in merged.kept
        ]
        if not merged.changes:
            return None, kept
        changes = dict(merged.changes)
        if merged.follows:
            changes["origin"] = sealed((document.values or {}).get("origin"), source)
        text = with_values(document, changes, field_order(KIND))
        return Revision(entry.id, entry.path, text, tuple(sorted(merged.changes))), kept

    return map_in_parallel(here, compare, progress)
