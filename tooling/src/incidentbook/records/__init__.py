"""What a record is: one model a kind, and the table of kinds."""

from incidentbook.records.article import Article, ArticleStatus, ArticleType, Readers
from incidentbook.records.fields import Audience
from incidentbook.records.handover import Handover, HandoverItem, HandoverStatus
from incidentbook.records.incident import Incident, IncidentStatus, Level
from incidentbook.records.kinds import KINDS, Kind, Record, RecordName, kind_of, parse_name
from incidentbook.records.maintenance import Maintenance, MaintenanceStatus
from incidentbook.records.parts import (
    Action,
    ActionState,
    ActionType,
    ServiceImpact,
    ServiceState,
    Update,
    UpdateStatus,
)
from incidentbook.records.problem import Problem, ProblemStatus
from incidentbook.records.review import Review, ReviewStatus

__all__ = [
    "KINDS",
    "Action",
    "ActionState",
    "ActionType",
    "Article",
    "ArticleStatus",
    "ArticleType",
    "Audience",
    "Handover",
    "HandoverItem",
    "HandoverStatus",
    "Incident",
    "IncidentStatus",
    "Kind",
    "Level",
    "Maintenance",
    "MaintenanceStatus",
    "Problem",
    "ProblemStatus",
    "Readers",
    "Record",
    "RecordName",
    "Review",
    "ReviewStatus",
    "ServiceImpact",
    "ServiceState",
    "Update",
    "UpdateStatus",
    "kind_of",
    "parse_name",
]
