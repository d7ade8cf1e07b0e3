"""Records that are no longer there, or no longer have their name."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from incidentbook.diagnostics import Severity
from incidentbook.rules.history.cases import ChangeCase
from incidentbook.rules.registry import EVERY_KIND, Finding, change_rule
from incidentbook.taxonomy.settings.repository import Deletion


@change_rule(Severity.ERROR, kinds=EVERY_KIND, draft=Severity.NOTE, gone=True, unreadable=True)
def record_deleted(case: ChangeCase[Any]) -> Iterator[Finding]:
    """A record was deleted.

    ## What it does

    Finds records that the base has and the change has not, at any place and under any ID. A review or
    an article that was but a draft is only a note. `history.deleted` in schema/incidentbook.yml names
    records that had to go, each with the reason and with `by`, who decided it: somebody whom
    schema/people.yml knows. Those are only noted (`deletion-explained`).

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
    entry = _entry(case)
    if entry is None:
        yield Finding(
            None,
            f"`{case.id}` was deleted",
            "cancel it, or mark it a duplicate; if it must go, "
            "say why under `history.deleted` in schema/incidentbook.yml",
        )
    elif not _is_known(entry, case):
        who = f"by `{entry.by}`, whom nobody knows" if entry.by else "by nobody who is named"
        yield Finding(
            None,
            f"`{case.id}` was deleted {who}",
            "`by` under `history.deleted` in schema/incidentbook.yml is a handle of schema/people.yml",
        )


@change_rule(Severity.NOTE, kinds=EVERY_KIND, gone=True, unreadable=True)
def deletion_explained(case: ChangeCase[Any]) -> Iterator[Finding]:
    """A record was deleted, and the settings say why.

    ## What it does

    Tells of each deletion that `history.deleted` in schema/incidentbook.yml explains, with its reason and
    who decided it.

    ## Why it matters

    A deletion cannot be taken back by reading the records. Whoever reviews the change should see it.

    ## Example

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

    ## Use instead

    Before:

    ```yaml
    title: Checkout answers 502
    ```

    After:

    ```yaml
    status: cancelled
    ```
    """
    entry = _entry(case)
    if entry is not None and _is_known(entry, case):
        yield Finding(None, f"`{case.id}` was deleted by `{entry.by}`: {entry.reason}")


def _entry(case: ChangeCase[Any]) -> Deletion | None:
    # what the head says counts: the reason comes with the deletion
    deleted = case.comparison.head.taxonomy.settings.history.deleted
    return next((one for one in deleted if one.id == case.id), None)


def _is_known(entry: Deletion, case: ChangeCase[Any]) -> bool:
    """Whether somebody whom the base knows decided it: a change does not make up its own witness."""
    base = case.comparison.base.taxonomy
    return entry.by is not None and base.person(entry.by) is not None


@change_rule(Severity.WARNING, kinds=EVERY_KIND, unreadable=True)
def unreadable_before(case: ChangeCase[Any]) -> Iterator[Finding]:
    """A record is mended that could not be read, so that what it said is known in part only.

    ## What it does

    Finds records that the change makes readable. They are compared with the last version before the base
    that could be read, without its text where that made the file too large; or with none, where there
    never was one.

    ## Why it matters

    Whoever mends the one line that kept a file from being read could change the others unseen.

    ## Example

    Before:

    ```yaml incidents/2026/INC-2026-0007.md
    ---
    title: [
    ---
    ```

    After:

    ```yaml incidents/2026/INC-2026-0007.md
    ---
    title: Labels come out blank
    status: new
    opened: 2026-03-02T08:20+00:00
    ---
    ```

    ## Use instead

    Before:

    ```yaml
    title: Labels come out
    ```

    After:

    ```yaml
    title: Labels come out blank
    ```
    """
    before, after = case.change.before, case.change.after
    written = case.comparison.base.at(before.path) if before is not None else None
    if before is None or after is None or written is None or written.readable or not after.readable:
        return
    with_what = "the last version before it that can" if before.readable else "nothing"
    message = f"what the base has cannot be read; this was compared with {with_what}"
    yield Finding(None, message, "look at the whole difference: `git diff` shows it")


@change_rule(Severity.ERROR, kinds=EVERY_KIND, draft=Severity.NOTE)
def record_renumbered(case: ChangeCase[Any]) -> Iterator[Finding]:
    """A record got another ID.

    ## What it does

    Finds records that Git takes for one that the base has under another ID, and those whose ID another
    record took. Where two branches took one ID, whoever stands in the base keeps it: the other one makes
    way (`incidentbook renumber`), which is no fault, since the base does not have it yet.

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
    title: Labels come out blank
    status: new
    opened: 2026-03-02T08:20+00:00
    ---
    ```

    ```yaml incidents/2026/INC-2026-0008.md
    ---
    title: The gate at the north pier stays shut
    status: new
    opened: 2026-03-02T08:30+00:00
    ---
    ```
    """
    before = case.change.renumbered_from
    if before is None:
        return
    if case.comparison.head.get(before.id) is None:
        now_names = "nothing"
        advice = "give it its ID back; a year that is wrong in an ID may be waived on the record"
    else:
        now_names = "another record"
        advice = f"give it its ID back, and the newcomer another: `incidentbook renumber {before.id}`"
    yield Finding(None, f"this was `{before.id}`, which now names {now_names}", advice)
