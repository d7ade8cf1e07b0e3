"""Second pairs of eyes that were the first pair."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

from incidentbook.diagnostics import IncidentbookError, Severity, Span
from incidentbook.gitrepo import Commit, CommitChanges, read_blobs
from incidentbook.gitrepo.file_log import file_log
from incidentbook.records import Incident, Review, parse_name
from incidentbook.rules.history.cases import ChangeCase, Comparison
from incidentbook.rules.people import Handles
from incidentbook.rules.registry import Finding, change_rule, comparison_rule, parser_rule
from incidentbook.source import read_body, read_yaml
from incidentbook.taxonomy.settings import Person

PEOPLE = "schema/people.yml"
_CLOCKS_MAY_DIFFER = timedelta(days=2)


@change_rule(Severity.WARNING)
def closed_by_resolver(case: ChangeCase[Incident]) -> Iterator[Finding]:
    """An incident was closed by the one who had resolved it, and nobody else confirmed.

    ## What it does

    Finds incidents that this change closes where `closed_by` is `resolved_by`, unless the user
    confirmed: `confirmation` with `confirmed: true`, by somebody else than the resolver. A bot may
    close what it resolved.

    ## Why it matters

    Closing asks whether service is back for those who missed it. Whoever repaired it is the last to
    doubt it. Where four eyes are a rule, set `closed-by-resolver: error` in schema/incidentbook.yml.

    ## Example

    Before:

    ```yaml
    status: resolved
    resolved_by: first-responder
    # no closed
    # no closed_by
    # no confirmation
    ```

    After:

    ```yaml
    status: closed
    closed: 2026-03-04T10:00+00:00
    closed_by: first-responder  # <- here
    confirmation: {confirmed: true, by: first-responder}
    ```

    ## Use instead

    Before:

    ```yaml
    status: resolved
    resolved_by: first-responder
    # no closed
    # no closed_by
    # no confirmation
    ```

    After:

    ```yaml
    status: closed
    closed: 2026-03-04T10:00+00:00
    closed_by: front-desk
    confirmation: {confirmed: true, at: 2026-03-03T12:00+00:00, by: The shop's manager}
    ```
    """
    incident = case.after
    if incident is None or incident.status != "closed" or incident.closed_by is None:
        return
    if case.before is not None and case.before.status == "closed":
        return
    if incident.closed_by != incident.resolved_by or case.comparison.is_bot(incident.closed_by):
        return
    said = incident.confirmation
    if said is None or not said.confirmed or said.by == incident.resolved_by:
        yield Finding(
            case.span("closed_by"),
            f"`{incident.closed_by}` resolved the incident and closed it, and nobody else confirmed",
            "let somebody else close it, or put down in `confirmation` who said that it works again",
        )


@change_rule(Severity.ERROR, kinds=("review",))
def approved_by_its_writer(case: ChangeCase[Review]) -> Iterator[Finding]:
    """A review was approved by somebody who, as Git has it, wrote it.

    ## What it does

    Where a change adds approvers to a review, or publishes it, looks for the commits that changed the
    text of its file, since the lead incident began, and who their authors are: Git authors and
    co-authors, matched by email with schema/people.yml, upper and lower case alike, as the base has it:
    the change itself makes nobody another, and nobody a bot. A bot's commit counts for its co-authors.
    Whoever only added the own approval has not written.

    `approver-is-author` looks at `authors` in the file; this rule at those whom it leaves out.

    ## Why it matters

    A handle in a list is soon typed. Approval means that somebody read what somebody else wrote.

    In the example the text was committed by first-responder.

    ## Example

    Before:

    ```yaml
    status: in_review
    authors: [second-reader]
    # no approvers
    # no published
    ```

    After:

    ```yaml
    status: published
    approvers: [first-responder]  # <- here
    published: 2026-03-06T15:00+00:00
    ```

    ## Use instead

    Before:

    ```yaml
    status: in_review
    authors: [first-responder]
    # no approvers
    # no published
    ```

    After:

    ```yaml
    status: published
    approvers: [second-reader]
    published: 2026-03-06T15:00+00:00
    ```
    """
    review = case.after
    if review is None or not _is_approved_now(case):
        return
    written = _writers(case)
    for index, handle in enumerate(review.approvers):
        if handle in written and handle not in review.authors:
            yield Finding(
                case.span("approvers", index),
                f"`{handle}` approved the review, and wrote of its text in commit {written[handle].hash[:7]}",
                "let somebody approve it who did not write it",
            )


def _is_approved_now(case: ChangeCase[Review]) -> bool:
    review, was = case.after, case.before
    if review is None or not review.approvers:
        return False
    known = was.approvers if was is not None else ()
    published = review.status == "published" and (was is None or was.status != "published")
    return published or not set(review.approvers) <= set(known)


def _writers(case: ChangeCase[Review]) -> dict[str, Commit]:
    """Who wrote of the text of a review, each with the last such commit."""
    if case.change.after is None or case.comparison.head.tree.revision is None:
        return {}
    root = case.comparison.head.tree.root
    entries = (case.change.before, case.change.after)
    paths = tuple(dict.fromkeys(entry.path for entry in entries if entry is not None))
    found: dict[str, Commit] = {}
    for step in _that_changed_the_text(root, tuple(file_log(root, paths, _beginning(case)))):
        found |= dict.fromkeys(case.comparison.handles.authors(step.commit), step.commit)
    return found


def _that_changed_the_text(root: Path, steps: tuple[CommitChanges, ...]) -> Iterator[CommitChanges]:
    blobs = {blob for step in steps for one in step.changes for blob in (*one.before, one.after) if blob}
    names = sorted(blobs)
    bodies = dict(zip(names, map(read_body, read_blobs(root, names)), strict=True)) if names else {}
    for step in steps:
        for one in step.changes:
            after = bodies.get(one.after or "", "")
            if after.strip() and all(bodies.get(blob or "", "") != after for blob in one.before):
                yield step
                break


def _beginning(case: ChangeCase[Review]) -> datetime | None:
    """When the lead incident began, so that Git need not walk all of its history; None where unknown.

    A pinned clock is not that of the commits.
    """
    lead = case.comparison.head.get(case.change.name.lead_incident or "")
    if case.comparison.clock_is_pinned or lead is None or not lead.readable:
        return None
    times = [time for time in (lead.record.started, lead.record.detected, lead.record.opened) if time]
    return min(times) - _CLOCKS_MAY_DIFFER if times else None


CHANGE_WAIVED = parser_rule(
    "history: people",
    "change-waived",
    """
A finding about a change was set aside by a waiver that the change brings along.

## What it does

Shows what a waiver set aside of the rules between two revisions, with who decided it and why. Such a
waiver counts only in the change that adds it, and only with `by`, a handle that schema/people.yml had
before; where one stands from an earlier change, or names nobody, the finding stays, and says so.

## Why it matters

A waiver of a rule about a record as it is stays in view for as long as it is needed. One about a change
would go on to wave later changes through, of which nobody thought when it was given.

## Example

Before:

```yaml
visibility: restricted
```

After:

```yaml
visibility: internal
waivers:
  - rule: restricted-made-readable  # <- here
    reason: The hole is closed.
    by: response-lead
```

## Use instead

Before:

```yaml
visibility: restricted
```

After:

```yaml
visibility: restricted
```
""",
    Severity.NOTE,
)


@comparison_rule(Severity.WARNING)
def author_redefined(comparison: Comparison) -> Iterator[Finding]:
    """A change says that somebody's commits are another's, nobody's or a bot's.

    ## What it does

    Finds addresses of schema/people.yml that lead to another handle than before, or to none, and people
    who became a bot, or bots who became people. Further addresses, and new people, are fine. With
    `--base`, whom the base knows counts as it has them.

    ## Why it matters

    Who wrote and who approved is told by these addresses. Otherwise one change could both approve the
    own work and make it somebody else's.

    ## Example

    Before:

    ```yaml schema/people.yml
    people:
      - {handle: first-responder, emails: [one@example.invalid]}
    ```

    After:

    ```yaml schema/people.yml
    people:
      - {handle: first-responder, emails: [one@example.invalid], bot: true}  # <- here
    ```

    ## Use instead

    Before:

    ```yaml schema/people.yml
    people:
      - {handle: first-responder, emails: [one@example.invalid]}
    ```

    After:

    ```yaml schema/people.yml
    people:
      - {handle: first-responder, emails: [one@example.invalid, responder@example.invalid]}
    ```
    """
    before, after = comparison.base.taxonomy.people, comparison.head.taxonomy.people
    advice = "keep old addresses, and `valid_until` for who left; this change is judged as it was before"
    now = Handles(after)
    for email, person in Handles(before).listed():
        heir = now.at(email)
        if heir is None or heir.handle != person.handle:
            whose = "nobody's" if heir is None else f"`{heir.handle}`'s"
            span = _place_of(comparison, heir.handle if heir else person.handle)
            yield Finding(span, f"`{email}` was `{person.handle}`'s and is {whose}", advice, PEOPLE)
    for person in after:
        was = comparison.base.taxonomy.person(person.handle)
        if was is not None and was.bot != person.bot:
            message = f"`{person.handle}` was {_what(was)} and is {_what(person)}"
            yield Finding(_place_of(comparison, person.handle), message, advice, PEOPLE)


def _what(person: Person) -> str:
    return "a bot" if person.bot else "a person"


def _place_of(comparison: Comparison, handle: str) -> Span | None:
    handles = [person.handle for person in comparison.head.taxonomy.people]
    try:
        document = read_yaml(PEOPLE, comparison.head.tree.read(PEOPLE))
    except (OSError, IncidentbookError):
        return None
    return document.span("people", handles.index(handle)) if handle in handles else None


@comparison_rule(Severity.WARNING)
def unknown_author(comparison: Comparison) -> Iterator[Finding]:
    """A commit has an author whom schema/people.yml does not know.

    ## What it does

    Looks up the author and the co-authors of each commit of the change that touches a record, by email,
    among the `emails` of people and bots. Case does not count. A repository whose people have no emails
    is not asked.

    ## Why it matters

    Four eyes, and the names in the log, rest on knowing whose commit it is.

    ## Example

    Before:

    ```yaml
    title: Checkout answers 502
    ```

    ```yaml schema/people.yml
    people:
      - {handle: first-responder, emails: [somebody-else@example.invalid]}
    ```

    After:

    ```yaml
    title: Checkout answers 502 for one request in five
    ```

    ## Use instead

    Before:

    ```yaml
    title: Checkout answers 502
    ```

    After:

    ```yaml
    title: Checkout answers 502 for one request in five
    ```
    """
    if not comparison.handles:
        return
    told: set[str] = set()
    for step in comparison.log:
        if not any(parse_name(change.path) for change in step.changes):
            continue
        for signature in comparison.handles.unknown(step.commit):
            email = signature.email.casefold()
            if email not in told:
                told.add(email)
                commit = step.commit.hash[:7]
                yield Finding(
                    None,
                    f"nobody has the address `{signature.email}`, by which commit {commit} was made",
                    "add it to the `emails` of whoever that is",
                    PEOPLE,
                )
