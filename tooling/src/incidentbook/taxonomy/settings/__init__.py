"""What may stand in the files of `schema/`: one model a file."""

from __future__ import annotations

from typing import Any

from incidentbook.taxonomy.settings.calendars import Calendar, Calendars, ClockHours, Holidays
from incidentbook.taxonomy.settings.categories import Categories, Category
from incidentbook.taxonomy.settings.escalation import EscalationPath, Escalations, EscalationStep
from incidentbook.taxonomy.settings.intake import Intake
from incidentbook.taxonomy.settings.major import MajorIncidents
from incidentbook.taxonomy.settings.measures import Goals, Measures, ServiceGoals
from incidentbook.taxonomy.settings.notifications import Notifications
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
from incidentbook.taxonomy.settings.rotation import Rotation
from incidentbook.taxonomy.settings.routing import Assignee, Routing, RoutingRule
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
    "routing": Routing,
    "escalation": Escalations,
    "major": MajorIncidents,
    "notifications": Notifications,
}
"""The model of each file of `schema/`, by its name without `.yml`."""

__all__ = [
    "FILES",
    "FORMAT",
    "Assignee",
    "Calendar",
    "Calendars",
    "Categories",
    "Category",
    "ClockHours",
    "Deletion",
    "Duration",
    "Entry",
    "EscalationPath",
    "EscalationStep",
    "Escalations",
    "Goals",
    "History",
    "Holidays",
    "Intake",
    "LevelDefinition",
    "MajorIncidents",
    "Matrix",
    "Measures",
    "Notifications",
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
    "Rotation",
    "Routing",
    "RoutingRule",
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
