"""Major incidents that nobody declared, or of which readers hear nothing."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from incidentbook.clocks import last_word, left_out_of_measures, update_due
from incidentbook.diagnostics import Severity
from incidentbook.records import KINDS, Incident
from incidentbook.rules.cases import ArchiveCase, RecordCase, RepositoryCase
from incidentbook.rules.origins import is_imported
from incidentbook.rules.registry import Finding, archive_rule, repository_rule
from incidentbook.rules.spelling import spell
from incidentbook.taxonomy import qualifies
from incidentbook.taxonomy.majors import is_empty

MAJOR = "schema/major.yml"


def _counts_as_open(case: RecordCase[Incident]) -> bool:
    incident = case.record
    return incident.status in KINDS["incident"].open_states and left_out_of_measures(incident) is None


def _undeclared(case: RecordCase[Incident]) -> Any:
    """Why the incident is major, where nobody has decided whether it is one."""
    incident = case.record
    if incident.major or incident.declared or is_imported(incident) or not _counts_as_open(case):
        return None
    return list(qualifies(incident, case.taxonomy)) or None


@archive_rule(Severity.WARNING, facts=_undeclared)
def major_not_declared(case: ArchiveCase[Incident]) -> Iterator[Finding]:
    """An open incident is major by schema/major.yml, and nobody has declared it.

    ## What it does

    Holds open incidents against `when` of schema/major.yml. Left out are imported ones, drills, those that
    follow a larger incident that is major, and those that were stood down: they keep `declared`.

    ## Why it matters

    Declaring calls an incident manager and a team, and begins the updates that readers wait for. In the
    first minutes each one thinks that somebody else has done it.

    ## Example

    ```yaml schema/major.yml
    when:
      - {priority: [P1], reason: Everybody is needed.}
    ```

    ```yaml
    status: in_progress  # <- here
    impact: high
    urgency: high
    # no resolved
    # no closed
    ```

    ## Use instead

    ```yaml schema/major.yml
    when:
      - {priority: [P1], reason: Everybody is needed.}
    ```

    ```yaml
    status: in_progress
    impact: high
    urgency: high
    major: true
    declared: 2026-03-02T08:30+00:00
    # no resolved
    # no closed
    ```
    """
    if any(larger.record.major for larger in case.archive.followed_by(case.entry.id)):
        return
    yield Finding(
        case.span("status"),
        f"the incident is major by {MAJOR} and not declared: {'; '.join(case.fact)}",
        f"`incidentbook major declare {case.entry.id}`; where it is none, waive this rule with the reason",
    )


def _owes_updates(case: RecordCase[Incident]) -> Any:
    promised = case.taxonomy.major.update_every is not None
    return True if promised and case.record.major and _counts_as_open(case) else None


@archive_rule(Severity.WARNING, having=("major",), facts=_owes_updates)
def major_update_overdue(case: ArchiveCase[Incident]) -> Iterator[Finding]:
    """Of an open major incident nothing was said for longer than promised.

    ## What it does

    Counts `update_every` of schema/major.yml from the last update of an open major incident, whoever may
    read it, or from its declaration or reopening where nothing was said since. An incident that follows a
    larger one (`links.parent`) has the updates of the larger one. Drills are left out. To hold up what
    comes in meanwhile, set `major-update-overdue: error` in schema/incidentbook.yml.

    ## Why it matters

    Silence is read as "they do not know". A word that nothing has changed ends the questions for another
    while.

    ## Example

    ```yaml schema/major.yml
    update_every: 45m
    ```

    ```yaml
    status: in_progress
    major: true
    updates:
      - {at: 2026-11-20T07:45+00:00, status: investigating, text: We are looking into it.}  # <- here
    # no resolved
    # no closed
    ```

    ## Use instead

    ```yaml schema/major.yml
    update_every: 45m
    ```

    ```yaml
    status: in_progress
    major: true
    updates:
      - {at: 2026-11-20T07:45+00:00, status: investigating, text: We are looking into it.}
      - {at: 2026-11-20T08:30+00:00, status: investigating, text: Nothing new; we try another way.}
    # no resolved
    # no closed
    ```
    """
    incident = case.record
    due = update_due(case.entry, case.archive, case.now)
    if due is None or due >= case.now:
        return
    minutes = int((case.now - due).total_seconds() // 60)
    own = last_word(incident, until=case.now)
    said = [update.at for update in incident.updates]
    yield Finding(
        case.span("updates", said.index(own)) if own is not None else case.span("major"),
        f"the next update was due at {spell(due.astimezone(case.taxonomy.zone))}, {minutes} min ago",
        f"`incidentbook update {case.entry.id} -m ...`, if only to say that nothing has changed",
    )


@repository_rule(Severity.ERROR)
def major_without_condition(case: RepositoryCase) -> Iterator[Finding]:
    """An entry of `when` in schema/major.yml names no condition.

    ## What it does

    Finds entries without `service`, `category`, `priority`, `state` and `affected`. They are passed over.

    ## Why it matters

    What is left empty matches everything, so that every incident would be major.

    ## Example

    ```yaml schema/major.yml
    when:
      - {reason: Everybody is needed.}  # <- here
    ```

    ## Use instead

    ```yaml schema/major.yml
    when:
      - {priority: [P1], reason: Everybody is needed.}
    ```
    """
    for index, when in enumerate(case.archive.taxonomy.major.when):
        if case.selected(MAJOR) and is_empty(when):
            yield Finding(
                case.span(MAJOR, "when", index),
                "this entry would make every incident major",
                "say which: by `priority`, `service`, `state`, `category` or `affected`",
                MAJOR,
            )
