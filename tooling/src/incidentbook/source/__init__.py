"""Text to values with places, and values back to text."""

from incidentbook.source.document import (
    MAX_BYTES,
    Document,
    read_body,
    read_document,
    read_front_matter,
    read_yaml,
)
from incidentbook.source.overlay import Overlay
from incidentbook.source.shape import read_shape, reshape
from incidentbook.source.successive import Blocks, blocks_of, read_blocks
from incidentbook.source.tree import (
    ROOMS,
    LinkedFileError,
    LinkError,
    Origin,
    OutsideRepositoryError,
    Stat,
    Tree,
    is_left_out,
)
from incidentbook.source.writing import format_instant, render_document, to_yaml, write_bytes, write_text

__all__ = [
    "MAX_BYTES",
    "ROOMS",
    "Blocks",
    "Document",
    "LinkError",
    "LinkedFileError",
    "Origin",
    "OutsideRepositoryError",
    "Overlay",
    "Stat",
    "Tree",
    "blocks_of",
    "format_instant",
    "is_left_out",
    "read_blocks",
    "read_body",
    "read_document",
    "read_front_matter",
    "read_shape",
    "read_yaml",
    "render_document",
    "reshape",
    "to_yaml",
    "write_bytes",
    "write_text",
]
