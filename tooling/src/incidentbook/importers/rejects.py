"""Rows that did not come in, kept as they stand beside the reason, to be mended and imported again."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

from incidentbook.importers.csv_table import BadRow

LINE, REASON = "incidentbook_line", "incidentbook_reason"
"""The columns that say where a row stood, and why it did not come in; an import passes them over."""


def rejects_text(header: Sequence[str], bad: Sequence[BadRow]) -> str:
    """The rows as a CSV file with the header of the file that they come from."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    own = [index for index, name in enumerate(header) if name not in (LINE, REASON)]
    writer.writerow([*(header[index] for index in own), LINE, REASON])
    for row in bad:
        # a row that was too long keeps what stood beyond the header's end
        cells = [row.cells[index] if index < len(row.cells) else "" for index in own]
        writer.writerow([*cells, row.line, row.reason, *row.cells[len(header) :]])
    return text.getvalue()
