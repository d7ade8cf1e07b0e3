"""Records that are no longer there, or no longer have their name."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from incidentbook.diagnostics import Severity
from incidentbook.rules.change_cases import ChangeCase
from incidentbook.rules.registry import Finding, change_rule

_EVERY_KIND = ("incident", "review", "problem", "article", "maintenance")


@change_rule(Severity.ERROR, kinds=_EVERY_KIND, draft=Severity.NOTE, gone=True)
def record_deleted(case: ChangeCase[Any]) -> Iterator[Finding]:
    """A record was deleted.

    ## What it does

    Finds records that the base has and the change has not, at any place and under any ID. A review or
    an article that was but a draft is only a note. `history.deleted` in schema/incidentbook.yml names
    records that had to go, each with the reason; those are not reported.

    ## Why it matters

    Whoever looks for the number finds nothing, and every figure of its month changes without a trace
    that a reader could find. What was no incident is cancelled, and what repeats another is linked to it.

    ## Example

    Before:

    ```yaml
    title: Checkout answers 502
    ```

    After:

    The file is gone.

    ## Use instead

    Before:

    ```yaml
    title: Checkout answers 502
    ```

    After:

    The file is gone, and the settings say why:

    ```yaml schema/incidentbook.yml
    format: 1
    name: Harbourline
    history:
      deleted:
        - {id: INC-2026-0001, reason: It held a customer's data., by: response-lead}
    ```
    """
    # what the head says counts: the reason comes with the deletion
    known = {one.id for one in case.comparison.head.taxonomy.settings.history.deleted}
    if case.id not in known:
        yield Finding(
            None,
            f"`{case.id}` was deleted",
            "cancel it, or mark it a duplicate; if it must go, "
            "say why under `history.deleted` in schema/incidentbook.yml",
        )


@change_rule(Severity.ERROR, kinds=_EVERY_KIND, draft=Severity.NOTE)
def record_renumbered(case: ChangeCase[Any]) -> Iterator[Finding]:
    """A record got another ID.

    ## What it does

    Finds records that Git takes for one that the base has under another ID. There is no fault where the
    old ID now belongs to another record: two had taken it, and one had to make way (`incidentbook renumber`).

    ## Why it matters

    The ID is what tickets, chats and mails to customers name. They go on naming the old one.

    ## Example

    Before:

    ```yaml incidents/2026/INC-2026-0007.md
    ---
    title: Labels come out blank
    status: new
    opened: 2026-03-02T08:20+00:00
    ---
    ```

    After:

    ```yaml incidents/2026/INC-2026-0008.md
    ---
    title: Labels come out blank
    status: new
    opened: 2026-03-02T08:20+00:00
    ---
    ```

    ## Use instead

    Before:

    ```yaml incidents/2026/INC-2026-0007.md
    ---
    title: Labels come out blank
    status: new
    opened: 2026-03-02T08:20+00:00
    ---
    ```

    After:

    ```yaml incidents/2026/INC-2026-0007.md
    ---
    title: The gate at the north pier stays shut
    status: new
    opened: 2026-03-02T08:30+00:00
    ---
    ```

    ```yaml incidents/2026/INC-2026-0008.md
    ---
    title: Labels come out blank
    status: new
    opened: 2026-03-02T08:20+00:00
    ---
    ```
    """
    before = case.change.renumbered_from
    if before is not None and case.comparison.head.get(before.id) is None:
        yield Finding(
            None,
            f"this was `{before.id}`, which now names nothing",
            "give it its ID back; a year that is wrong in an ID may be waived on the record",
        )
