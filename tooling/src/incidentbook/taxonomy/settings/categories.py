"""schema/categories.yml: what sort of thing went wrong, and how it ended."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from incidentbook.records.fields import Flag, model
from incidentbook.taxonomy.settings.values import Entry


@model
class Category(Entry):
    """A category with its subcategories."""

    subcategories: Annotated[tuple[Entry, ...], Field(description="The second level.")] = ()
    security: Annotated[Flag, Field(description="True where its incidents are security incidents.")] = False
    data_loss: Annotated[Flag, Field(description="True where its incidents lose data.")] = False


@model
class Categories:
    """schema/categories.yml: what sort of thing went wrong, and how it ended."""

    categories: Annotated[
        tuple[Category, ...], Field(description="Two levels: category and subcategory.")
    ] = ()
    resolution_codes: Annotated[tuple[Entry, ...], Field(description="How incidents end.")] = ()
    channels: Annotated[tuple[Entry, ...], Field(description="How incidents come in.")] = ()
