"""schema/reviews.yml: which incidents need a review, by when, and what must stand in it."""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum
from typing import Annotated

from pydantic import Field

from incidentbook.records.fields import Day, Slug, model
from incidentbook.taxonomy.settings.values import Duration


class ReviewTrigger(StrEnum):
    """What makes a review required."""

    MAJOR = "major"
    PRIORITY_1 = "p1"
    SECURITY = "security"
    DATA_LOSS = "data_loss"
    RESOLUTION_BREACHED = "resolution_breached"
    RECURRENCE = "recurrence"


DEFAULT_HEADINGS = (
    "Summary",
    "Impact",
    "Timeline",
    "Detection",
    "Response",
    "Decisions",
    "Communication",
    "Contributing factors",
    "What went well",
    "Actions",
)


@model
class ReviewPolicy:
    """Which incidents need a review, by when, and what must stand in it."""

    valid_from: Annotated[Day | None, Field(description="Incidents opened from this day on.")] = None
    valid_until: Annotated[Day | None, Field(description="Incidents opened before this day.")] = None
    required_when: Annotated[
        tuple[ReviewTrigger, ...], Field(description="Any of these makes a review required.")
    ] = tuple(ReviewTrigger)
    due_working_days: Annotated[
        int, Field(strict=True, ge=1, le=365, description="After the resolution.")
    ] = 5
    calendar: Annotated[Slug, Field(description="Whose working days; `always` counts every day.")] = "always"
    before_closing: Annotated[
        tuple[ReviewTrigger, ...], Field(description="Must be published before the incident closes.")
    ] = (ReviewTrigger.MAJOR,)
    recurrence_count: Annotated[
        int, Field(strict=True, ge=2, description="How many of a kind make a recurrence.")
    ] = 3
    recurrence_window: Annotated[Duration, Field(description="Within how long.")] = timedelta(days=90)
    headings: Annotated[tuple[str, ...], Field(description="Headings that every review has.")] = (
        DEFAULT_HEADINGS
    )


@model
class Reviews:
    """schema/reviews.yml: the review policy, or one after the other."""

    policies: Annotated[tuple[ReviewPolicy, ...], Field(description="The first in force counts.")] = ()
