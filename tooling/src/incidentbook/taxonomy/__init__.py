"""The words we agreed on: services, categories, teams, people, priorities, targets, calendars."""

from incidentbook.taxonomy.loading import (
    NotARecordsRepositoryError,
    UnsuitableToolError,
    UnsupportedFormatError,
    load_taxonomy,
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
    "in_force",
    "load_taxonomy",
    "within",
]
