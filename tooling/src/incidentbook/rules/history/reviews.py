"""What a review said and promised when it was approved and published."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from incidentbook.diagnostics import Severity
from incidentbook.records import Action, Review
from incidentbook.rules.history.cases import ChangeCase
from incidentbook.rules.registry import Finding, change_rule

_PROMISED = ("title", "type", "owner", "due")
"""What an action promises; how far it is may change every day."""


@change_rule(Severity.WARNING, kinds=("review",))
def published_review_rewritten(case: ChangeCase[Review]) -> Iterator[Finding]:
    """A review says something else than what was approved and published.

    ## What it does

    Finds reviews that were published and whose text, `contributing_factors` or actions are others now: an
    action that is gone, or whose title, type, owner or day is another. What was absent may be filled in,
    actions may be added, and how far one is may change. There is no fault where somebody approves the
    change, in the same change (a new handle in `approvers`), or where an entry of `corrections` says what
    was wrong: of `body`, `contributing_factors` or `actions`.

    ## Why it matters

    Approval says that somebody read this text. Whoever could write it anew afterwards, the approver among
    them, would be approved unread, and a promise that is late would be late no more.

    ## Example

    Before:

    ```yaml
    status: published
    actions:
      - {id: pool, title: Watch the pool, type: detect, owner: first-responder, due: 2026-04-01, state: open}
    ```

    After:

    ```yaml
    actions:  # <- here
      - {id: pool, title: Watch the pool, type: detect, owner: first-responder, due: 2026-12-24, state: open}
    ```

    ## Use instead

    Before:

    ```yaml
    status: published
    actions:
      - {id: pool, title: Watch the pool, type: detect, owner: first-responder, due: 2026-04-01, state: open}
    ```

    After:

    ```yaml
    actions:
      - {id: pool, title: Watch the pool, type: detect, owner: first-responder, due: 2026-12-24, state: open}
    corrections:
      - {field: actions, was: due 2026-04-01, reason: The vendor delivers the gauge in December.}
    ```
    """
    if case.pair is None:
        return
    before, after = case.pair
    if before.status != "published" or set(after.approvers) - set(before.approvers):
        return
    advice = "let somebody else approve it, or say what was wrong: `corrections: [{field: %s, reason: ...}]`"
    if _text(case, before=True) != _text(case, before=False) and "body" not in case.corrected:
        message = "the review was published, and its text was changed"
        yield Finding(case.span(), message, advice % "body")
    for field, changed in (
        ("contributing_factors", before.contributing_factors not in ((), after.contributing_factors)),
        ("actions", not _are_kept(before.actions, after.actions)),
    ):
        if changed and field not in case.corrected:
            span = case.change.after.key_span(field) if getattr(after, field) and case.change.after else None
            message = f"the review was published, and its `{field}` were changed"
            yield Finding(span or case.span(), message, advice % field)


def _text(case: ChangeCase[Review], *, before: bool) -> str:
    entry = case.change.before if before else case.change.after
    return "\n".join(entry.body.split()) if entry is not None else ""


def _are_kept(before: Sequence[Action], after: Sequence[Action]) -> bool:
    """Whether each promise is still made."""
    left = list(after)
    for action in before:
        same = next((one for one in left if _keeps(action, one)), None)
        if same is None:
            return False
        left.remove(same)
    return True


def _keeps(action: Action, other: Action) -> bool:
    fields = ("id", *_PROMISED)
    return all(getattr(action, field) in (None, getattr(other, field)) for field in fields)
