"""Incidents that belong to a larger one, and part from it without a word."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from incidentbook.clocks import is_done
from incidentbook.diagnostics import Severity
from incidentbook.records import KINDS, Incident
from incidentbook.rules.cases import ArchiveCase, RecordCase
from incidentbook.rules.registry import Finding, archive_rule, record_rule
from incidentbook.rules.relations import incident_of


def _open_child(case: RecordCase[Incident]) -> Any:
    incident = case.record
    if incident.status not in KINDS["incident"].open_states or incident.links is None:
        return None
    return incident.links.parent if incident.links.apart is None else None


@archive_rule(Severity.WARNING, having=("links",), facts=_open_child)
def child_left_open(case: ArchiveCase[Incident]) -> Iterator[Finding]:
    """An incident is open, and the larger one that it follows is over.

    ## What it does

    Finds open incidents whose parent (`links.parent`) is resolved or closed, unless `links.apart` says why
    they go on by themselves.

    ## Why it matters

    `incidentbook resolve` of the parent resolves its children too. One that is left is either forgotten, so
    that its clocks run on, or is another incident than was thought; then somebody has to say so.

    ## Example

    ```yaml
    status: in_progress
    links:
      parent: INC-2026-0002  # <- here
    # no resolved
    # no closed
    ```

    ## Use instead

    ```yaml
    status: in_progress
    links:
      parent: INC-2026-0002
      apart: The printers stay dark although the network is back.
    # no resolved
    # no closed
    ```
    """
    parent = incident_of(case.archive.get(case.fact))
    if parent is not None and is_done(parent):
        yield Finding(
            case.span("links", "parent"),
            f"`{case.fact}` is {parent.status}, and this incident that follows it is {case.record.status}",
            f"`incidentbook resolve {case.entry.id}`; or `incidentbook link {case.entry.id} --apart REASON`, "
            "where it goes on by itself",
        )


@record_rule(Severity.WARNING, having=("links",))
def apart_without_parent(case: RecordCase[Incident]) -> Iterator[Finding]:
    """An incident says why it goes on apart, and from whom it parts it does not say.

    ## What it does

    Finds incidents with `links.apart` and without `links.parent`.

    ## Why it matters

    Either the parent was taken out by mistake, or the reason belongs elsewhere.

    ## Example

    ```yaml
    links:
      apart: The printers stay dark although the network is back.  # <- here
    ```

    ## Use instead

    ```yaml
    links:
      parent: INC-2026-0002
      apart: The printers stay dark although the network is back.
    ```
    """
    links = case.record.links
    if (
        links is not None
        and links.apart is not None
        and links.parent is None
        and case.lacks("links", "parent")
    ):
        yield Finding(
            case.span("links", "apart"),
            "`apart` is said of an incident without `parent`",
            "name the larger incident that it belongs to, or take `apart` out",
        )
