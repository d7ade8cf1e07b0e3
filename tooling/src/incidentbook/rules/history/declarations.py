"""Major incidents that somebody declared, or stood down, who may not."""

from __future__ import annotations

from collections.abc import Iterator

from incidentbook.diagnostics import Severity
from incidentbook.gitrepo import Commit
from incidentbook.records import Incident
from incidentbook.rules.history.cases import ChangeCase
from incidentbook.rules.origins import is_imported
from incidentbook.rules.registry import Finding, change_rule
from incidentbook.taxonomy import anybody_may_declare, may_declare, who_may_declare


@change_rule(Severity.WARNING)
def declared_without_authority(case: ChangeCase[Incident]) -> Iterator[Finding]:
    """An incident was declared major, or stood down, by somebody who may not.

    ## What it does

    Where a change makes an incident major, or makes it so no longer, looks for the commit that did, and who
    its authors are: Git authors and co-authors, matched by email with schema/people.yml as the base has it.
    One of them has to be among those whom `declare` and `declare_teams` of schema/major.yml name, as the
    base has them. A bot may where it is named. Imported records and drills are left out, and so are commits
    of people whom schema/people.yml does not know: `unknown-author` tells of them.

    ## Why it matters

    A major incident takes people from their work and wakes others. Who decides that is agreed on beforehand,
    so that nobody has to discuss it at night.

    In the example the incident was committed by first-responder.

    ## Example

    Before:

    ```yaml
    status: in_progress
    ```

    ```yaml schema/major.yml
    declare: [response-lead]
    ```

    After:

    ```yaml
    major: true  # <- here
    ```

    ## Use instead

    Before:

    ```yaml
    status: in_progress
    ```

    ```yaml schema/major.yml
    declare: [response-lead, first-responder]
    ```

    After:

    ```yaml
    major: true
    ```
    """
    incident, taxonomy = case.after, case.comparison.base.taxonomy
    if incident is None or anybody_may_declare(taxonomy) or is_imported(incident):
        return
    commit = _turn(case, incident)
    if commit is None:
        return
    at = case.now if case.comparison.clock_is_pinned else commit.committed
    people = [person for who in commit.people if (person := case.comparison.handles.of(who)) is not None]
    if not people or any(may_declare(person.handle, taxonomy, at) for person in people):
        return
    deed = "declared it major" if incident.major else "stood it down"
    able = ", ".join(f"`{handle}`" for handle in who_may_declare(taxonomy, at)) or "nobody any more"
    yield Finding(
        case.span("major") if incident.major else case.span("status"),
        f"`{people[0].handle}` {deed} in commit {commit.hash[:7]}; who may: {able}",
        "let one of them decide, and commit it or be named with Co-authored-by",
    )


def _turn(case: ChangeCase[Incident], incident: Incident) -> Commit | None:
    """The commit that made it what it is; None where it is what it was, or nothing is committed yet."""
    was = _is_major(case.before)
    if was == _is_major(incident):
        return None
    turned: Commit | None = None
    for claim in case.comparison.versions_of(case.id):
        is_ = _is_major(claim.entry.record) if claim.entry.readable else was
        if is_ != was:
            turned = claim.commit
        was = is_
    return turned


def _is_major(incident: Incident | None) -> bool:
    return incident is not None and incident.major and not incident.drill
