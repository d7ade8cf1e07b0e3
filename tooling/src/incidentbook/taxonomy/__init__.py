"""The words we agreed on: services, categories, teams, people, priorities, targets, calendars."""

from incidentbook.taxonomy.loading import (
    NotARecordsRepositoryError,
    UnsuitableToolError,
    UnsupportedFormatError,
    load_taxonomy,
)
from incidentbook.taxonomy.majors import (
    anybody_may_declare,
    may_declare,
    qualifies,
    stakeholders_of,
    who_may_declare,
)
from incidentbook.taxonomy.settings import FILES, FORMAT
from incidentbook.taxonomy.taxonomy import Mismatch, PolicyTrial, Taxonomy, in_force, within

__all__ = [
    "FILES",
    "FORMAT",
    "Mismatch",
    "NotARecordsRepositoryError",
    "PolicyTrial",
    "Taxonomy",
    "UnsuitableToolError",
    "UnsupportedFormatError",
    "anybody_may_declare",
    "in_force",
    "load_taxonomy",
    "may_declare",
    "qualifies",
    "stakeholders_of",
    "who_may_declare",
    "within",
]
