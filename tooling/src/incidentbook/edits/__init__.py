"""Changes to records and to the files of `schema/`, written back whole."""

from incidentbook.edits.front_matter import append_items, with_values
from incidentbook.edits.nested import with_nested
from incidentbook.edits.new_files import CannotWriteError, create_record, create_text, writing
from incidentbook.edits.numbers import Numbers, names_in_use
from incidentbook.edits.record_text import in_order, record_text, schema_comment
from incidentbook.edits.staging import staging

__all__ = [
    "CannotWriteError",
    "Numbers",
    "append_items",
    "create_record",
    "create_text",
    "in_order",
    "names_in_use",
    "record_text",
    "schema_comment",
    "staging",
    "with_nested",
    "with_values",
    "writing",
]
