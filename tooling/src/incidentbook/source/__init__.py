"""Text to values with places, and values back to text."""

from incidentbook.source.document import Document, read_body, read_document, read_yaml
from incidentbook.source.shape import read_shape
from incidentbook.source.tree import ROOMS, Origin, OutsideRepositoryError, Stat, Tree
from incidentbook.source.writing import format_instant, render_document, to_yaml, write_bytes, write_text

__all__ = [
    "ROOMS",
    "Document",
    "Origin",
    "OutsideRepositoryError",
    "Stat",
    "Tree",
    "format_instant",
    "read_body",
    "read_document",
    "read_shape",
    "read_yaml",
    "render_document",
    "to_yaml",
    "write_bytes",
    "write_text",
]
