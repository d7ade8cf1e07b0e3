"""One tree of records: loaded, indexed, cross-linked."""

from incidentbook.archive.archive import Archive, load_archive, open_repository
from incidentbook.archive.entry import Entry, UnreadableRecordError, read_record
from incidentbook.archive.loading import load_entries
from incidentbook.archive.records import RecordEntry, Records
from incidentbook.archive.references import Reference, references

__all__ = [
    "Archive",
    "Entry",
    "RecordEntry",
    "Records",
    "Reference",
    "UnreadableRecordError",
    "load_archive",
    "load_entries",
    "open_repository",
    "read_record",
    "references",
]
