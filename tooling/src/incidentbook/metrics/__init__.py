"""What the records add up to: times, service levels and availability."""

from incidentbook.metrics.availability import (
    WEIGHTS,
    Availability,
    Downtime,
    ServiceDay,
    Spell,
    availability,
    days_of,
    downtime,
    measure_availability,
    page_availability,
    service_availability,
    service_days,
    time_in_states,
)
from incidentbook.metrics.dimensions import DIMENSIONS, Dimension, opening_of
from incidentbook.metrics.durations import MEASURES, DurationMeasure, NoSample
from incidentbook.metrics.figures import Attainment, DurationFigure, Figures
from incidentbook.metrics.intervals import Interval, clip, length, union
from incidentbook.metrics.statistics import Group, Statistics, UnknownDimensionError, measure
from incidentbook.metrics.summary import Summary, quantile, summarize

__all__ = [
    "DIMENSIONS",
    "MEASURES",
    "WEIGHTS",
    "Attainment",
    "Availability",
    "Dimension",
    "Downtime",
    "DurationFigure",
    "DurationMeasure",
    "Figures",
    "Group",
    "Interval",
    "NoSample",
    "ServiceDay",
    "Spell",
    "Statistics",
    "Summary",
    "UnknownDimensionError",
    "availability",
    "clip",
    "days_of",
    "downtime",
    "length",
    "measure",
    "measure_availability",
    "opening_of",
    "page_availability",
    "quantile",
    "service_availability",
    "service_days",
    "summarize",
    "time_in_states",
    "union",
]
