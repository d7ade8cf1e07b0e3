"""What the records add up to: times, rates, service levels and availability."""

from incidentbook.metrics.availability import (
    Availability,
    Uptime,
    availability,
    availability_of,
    last_days,
    measure_availability,
    page_availability,
    service_availability,
)
from incidentbook.metrics.backlog import Backlog
from incidentbook.metrics.comparison import Change, Comparison, Trend, compare
from incidentbook.metrics.costs import Cost
from incidentbook.metrics.days import ServiceDay, days_of, service_days
from incidentbook.metrics.dimensions import DIMENSIONS, Dimension, Keys, UnknownDimensionError, opening_of
from incidentbook.metrics.downtime import WEIGHTS, Downtime, Spell, downtime, time_in_states, weights_of
from incidentbook.metrics.durations import MEASURES, DurationMeasure, NoSample
from incidentbook.metrics.figures import (
    ActionFigure,
    Attainment,
    ChangeFigure,
    DurationFigure,
    Figures,
    Rate,
    ReviewFigure,
    SatisfactionFigure,
)
from incidentbook.metrics.goals import Goal, Unit
from incidentbook.metrics.histogram import Bin, histogram
from incidentbook.metrics.intervals import Interval, clip, length, union
from incidentbook.metrics.ledger import Ledger, measure
from incidentbook.metrics.periods import (
    Period,
    UnknownPeriodError,
    days_ending,
    last_whole,
    months_of,
    named_period,
    period_before,
)
from incidentbook.metrics.rates import RATES, NoVerdict, RateMeasure
from incidentbook.metrics.statistics import ArticleUse, Group, Load, Statistics
from incidentbook.metrics.summary import Summary, quantile, summarize

__all__ = [
    "DIMENSIONS",
    "MEASURES",
    "RATES",
    "WEIGHTS",
    "ActionFigure",
    "ArticleUse",
    "Attainment",
    "Availability",
    "Backlog",
    "Bin",
    "Change",
    "ChangeFigure",
    "Comparison",
    "Cost",
    "Dimension",
    "Downtime",
    "DurationFigure",
    "DurationMeasure",
    "Figures",
    "Goal",
    "Group",
    "Interval",
    "Keys",
    "Ledger",
    "Load",
    "NoSample",
    "NoVerdict",
    "Period",
    "Rate",
    "RateMeasure",
    "ReviewFigure",
    "SatisfactionFigure",
    "ServiceDay",
    "Spell",
    "Statistics",
    "Summary",
    "Trend",
    "Unit",
    "UnknownDimensionError",
    "UnknownPeriodError",
    "Uptime",
    "availability",
    "availability_of",
    "clip",
    "compare",
    "days_ending",
    "days_of",
    "downtime",
    "histogram",
    "last_days",
    "last_whole",
    "length",
    "measure",
    "measure_availability",
    "months_of",
    "named_period",
    "opening_of",
    "page_availability",
    "period_before",
    "quantile",
    "service_availability",
    "service_days",
    "summarize",
    "time_in_states",
    "union",
    "weights_of",
]
