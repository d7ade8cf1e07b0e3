"""Plain words for readers, filled in as far as the records know, each gap a question."""

from incidentbook.desk.drafts.errors import BrokenTemplateError, NothingToTellError
from incidentbook.desk.drafts.looking_back import draft_review
from incidentbook.desk.drafts.telling import draft_resolution, draft_update

__all__ = [
    "BrokenTemplateError",
    "NothingToTellError",
    "draft_resolution",
    "draft_review",
    "draft_update",
]
