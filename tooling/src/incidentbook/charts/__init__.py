"""Small static SVG: no script, colours by CSS class, words escaped."""

from incidentbook.charts.bars import Bar, day_bars, meter, segments
from incidentbook.charts.columns import Column, columns

__all__ = ["Bar", "Column", "columns", "day_bars", "meter", "segments"]
