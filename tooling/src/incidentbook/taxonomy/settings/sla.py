"""schema/sla.yml: service levels, and why work may wait."""

from __future__ import annotations

from dataclasses import field
from typing import Annotated

from pydantic import Field

from incidentbook.records.fields import PUBLIC, CategoryPath, Slug, model
from incidentbook.taxonomy.settings.values import Duration, Entry


@model
class PolicyMatch:
    """Which incidents a policy is for; what is left empty matches everything."""

    service: Annotated[tuple[Slug, ...], Field(description="Any of these services.")] = ()
    category: Annotated[
        tuple[CategoryPath, ...], Field(description="Any of these, or of their subcategories.")
    ] = ()
    priority: Annotated[tuple[str, ...], Field(description="Any of these priorities.")] = ()


@model
class Policy(Entry):
    """One service level: targets and the calendar they are counted in."""

    match: Annotated[
        PolicyMatch, Field(description="Which incidents it is for; the first that matches counts.")
    ] = field(default_factory=PolicyMatch)
    response: Annotated[Duration | None, PUBLIC, Field(description="From opened to acknowledged.")] = None
    resolution: Annotated[
        Duration | None, PUBLIC, Field(description="From opened to resolved, less pauses.")
    ] = None
    calendar: Annotated[Slug, Field(description="Key of the calendar the targets are counted in.")] = "always"
    pausing: Annotated[
        tuple[Slug, ...], Field(description="Hold reasons that pause the resolution clock.")
    ] = ()
    at_risk: Annotated[
        float, Field(gt=0, lt=1, description="Share of the target from which a clock is at risk.")
    ] = 0.75


@model
class Sla:
    """schema/sla.yml: service levels, and why work may wait."""

    policies: Annotated[
        tuple[Policy, ...], Field(description="In order: the first that matches counts.")
    ] = ()
    hold_reasons: Annotated[tuple[Entry, ...], Field(description="Why work may wait.")] = ()
