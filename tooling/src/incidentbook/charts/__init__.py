"""Static SVG: no script, colours taken from the page around, words escaped."""

from incidentbook.charts.axis import TimeAxis, axis_of
from incidentbook.charts.bars import Bar, day_bars, meter
from incidentbook.charts.chart import Chart
from incidentbook.charts.columns import columns
from incidentbook.charts.course import Lane, Mark, Stretch, draw_course
from incidentbook.charts.periods import Point, bars_by_period, ranking
from incidentbook.charts.scales import say_time
from incidentbook.charts.shares import Kept, stacked_attainment
from incidentbook.charts.spread import distribution
from incidentbook.charts.week import heat_map

__all__ = [
    "Bar",
    "Chart",
    "Kept",
    "Lane",
    "Mark",
    "Point",
    "Stretch",
    "TimeAxis",
    "axis_of",
    "bars_by_period",
    "columns",
    "day_bars",
    "distribution",
    "draw_course",
    "heat_map",
    "meter",
    "ranking",
    "say_time",
    "stacked_attainment",
]
