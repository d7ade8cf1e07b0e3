"""What may stand in the files of `schema/`: one model a file."""

from __future__ import annotations

from typing import Any

from incidentbook.taxonomy.settings.calendars import Calendar, Calendars, ClockHours, Holidays
from incidentbook.taxonomy.settings.categories import Categories, Category
from incidentbook.taxonomy.settings.intake import Intake
from incidentbook.taxonomy.settings.measures import Goals, Measures, ServiceGoals
from incidentbook.taxonomy.settings.people import People, Person, Team, Teams
from incidentbook.taxonomy.settings.priority import LevelDefinition, Matrix, Priorities, Priority
from incidentbook.taxonomy.settings.repository import (
    FORMAT,
    Deletion,
    History,
    Reporting,
    RuleLevel,
    Settings,
)
from incidentbook.taxonomy.settings.reviews import ReviewPolicy, Reviews, ReviewTrigger
from incidentbook.taxonomy.settings.services import Service, Services
from incidentbook.taxonomy.settings.sla import Policy, PolicyMatch, Sla
from incidentbook.taxonomy.settings.values import Duration, Entry, parse_duration

FILES: dict[str, type[Any]] = {
    "incidentbook": Settings,
    "services": Services,
    "categories": Categories,
    "teams": Teams,
    "people": People,
    "priority": Priorities,
    "sla": Sla,
    "calendars": Calendars,
    "reviews": Reviews,
    "measures": Measures,
    "intake": Intake,
}
"""The model of each file of `schema/`, by its name without `.yml`."""

__all__ = [
    "FILES",
    "FORMAT",
    "Calendar",
    "Calendars",
    "Categories",
    "Category",
    "ClockHours",
    "Deletion",
    "Duration",
    "Entry",
    "Goals",
    "History",
    "Holidays",
    "Intake",
    "LevelDefinition",
    "Matrix",
    "Measures",
    "People",
    "Person",
    "Policy",
    "PolicyMatch",
    "Priorities",
    "Priority",
    "Reporting",
    "ReviewPolicy",
    "ReviewTrigger",
    "Reviews",
    "RuleLevel",
    "Service",
    "ServiceGoals",
    "Services",
    "Settings",
    "Sla",
    "Team",
    "Teams",
    "parse_duration",
]
