"""Faults of schema/, and of the exceptions that records make for themselves."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from incidentbook.diagnostics import Severity
from incidentbook.rules.cases import RepositoryCase
from incidentbook.rules.registry import Finding, Rule, parser_rule, repository_rule
from incidentbook.rules.spelling import did_you_mean

SETTINGS = "schema/incidentbook.yml"
SERVICES = "schema/services.yml"


@repository_rule(Severity.WARNING)
def unknown_runbook(case: RepositoryCase) -> Iterator[Finding]:
    """A service names a runbook that does not exist.

    ## What it does

    Looks up the `runbooks` of every service among the articles, and finds retired ones.

    ## Why it matters

    At 03:00 somebody follows the link on the service's page and finds nothing.

    ## Example

    ```yaml schema/services.yml
    services:
      - id: checkout
        name: Checkout
        runbooks: [restart-the-quue]  # <- here
    ```

    ## Use instead

    ```yaml schema/services.yml
    services:
      - id: checkout
        name: Checkout
        runbooks: [restart-the-queue]
    ```
    """
    archive = case.archive
    if not case.selected(SERVICES):
        return
    for index, service in enumerate(archive.taxonomy.services):
        for place, runbook in enumerate(service.runbooks):
            entry = archive.get(runbook)
            keys = ("services", index, "runbooks", place)
            if entry is None or entry.kind != "article":
                slugs = [other.id for other in archive.entries if other.kind == "article"]
                yield Finding(
                    case.span(SERVICES, *keys),
                    f"there is no article `{runbook}`",
                    did_you_mean(runbook, slugs) or f"write knowledge/articles/{runbook}.md",
                    SERVICES,
                )
            elif entry.readable and entry.record.status == "retired":
                yield Finding(
                    case.span(SERVICES, *keys),
                    f"the article `{runbook}` is retired",
                    f"name the one that replaces it (`{entry.record.replaced_by}`)"
                    if entry.record.replaced_by
                    else "leave it out",
                    SERVICES,
                )


def unknown_codes(codes: Mapping[str, Any], known: Mapping[str, Rule]) -> Iterator[tuple[str, str | None]]:
    """Yield every code that names no rule, with what was probably meant."""
    for code in codes:
        if code not in known:
            yield code, did_you_mean(code, known)


UNKNOWN_RULE = parser_rule(
    "configuration",
    "unknown-rule",
    """
A rule is named that does not exist.

## What it does

Looks up the codes of `rules` in schema/incidentbook.yml and of `waivers` in records.

## Why it matters

The rule that was meant goes on as before.

## Example

```yaml
waivers:
  - {rule: missing-servces, reason: The telephone system is no service of ours.}  # <- here
```

## Use instead

```yaml
services: []
waivers:
  - {rule: missing-services, reason: The telephone system is no service of ours.}
```
""",
)

WAIVER_WITHOUT_EFFECT = parser_rule(
    "configuration",
    "waiver-without-effect",
    """
A waiver sets aside a rule that finds nothing on its record.

## What it does

Finds waivers by which nothing was waived.

## Why it matters

A waiver that outlives its cause hides the next fault of the same kind.

## Example

```yaml
waivers:
  - {rule: missing-services, reason: The telephone system is no service of ours.}  # <- here
```

## Use instead

```yaml
services: []
waivers:
  - {rule: missing-services, reason: The telephone system is no service of ours.}
```
""",
    Severity.WARNING,
)

WAIVER_EXPIRED = parser_rule(
    "configuration",
    "waiver-expired",
    """
A waiver has come to its end.

## What it does

Finds waivers whose `until` is over. What they set aside is reported again.

## Why it matters

Somebody decided to look at it again by that day.

## Example

```yaml
services: []
waivers:
  - {rule: missing-services, reason: Being sorted out., until: 2026-06-30}  # <- here
```

## Use instead

```yaml
services: []
waivers:
  - {rule: missing-services, reason: Being sorted out., until: 2026-12-31}
```
""",
    Severity.WARNING,
)

UNKNOWN_REFERENCE = parser_rule(
    "configuration",
    "unknown-reference",
    """
A file of schema/ names something that no file of schema/ defines.

## What it does

Looks up groups, teams, people, calendars, services, categories, priorities and hold reasons where
the files of schema/ name each other's entries.

## Why it matters

A policy in an unknown calendar or for an unknown service counts nothing, and nobody notices.

## Example

```yaml schema/services.yml
services:
  - {id: checkout, name: Checkout, team: shopp}  # <- here
```

## Use instead

```yaml schema/services.yml
services:
  - {id: checkout, name: Checkout, team: shop}
```
""",
)

DUPLICATE_ENTRY = parser_rule(
    "configuration",
    "duplicate-entry",
    """
An entry of schema/ is defined twice for the same time.

## What it does

Finds two entries of one list with one key whose times of validity overlap.

## Why it matters

Which of the two counts would depend on their order. Two entries with one key are fine where one
ends on the day on which the other begins.

## Example

```yaml schema/services.yml
services:
  - {id: checkout, name: Checkout}
  - {id: checkout, name: New checkout, valid_from: 2026-06-01}  # <- here
```

## Use instead

```yaml schema/services.yml
services:
  - {id: checkout, name: Checkout, valid_until: 2026-06-01}
  - {id: checkout, name: New checkout, valid_from: 2026-06-01}
```
""",
)

UNKNOWN_ZONE = parser_rule(
    "configuration",
    "unknown-zone",
    """
A time zone does not exist.

## What it does

Looks up `zone` of schema/incidentbook.yml, of every calendar and of every rotation in the IANA database.

## Why it matters

Office hours, hand-overs, months and days are counted in it. An abbreviation such as CET knows no summer time.

## Example

```yaml schema/calendars.yml
calendars:
  - {id: office, name: Office hours, zone: Europe/Hamburg}  # <- here
```

## Use instead

```yaml schema/calendars.yml
calendars:
  - {id: office, name: Office hours, zone: Europe/Berlin}
```
""",
)

UNKNOWN_SCHEMA_FILE = parser_rule(
    "configuration",
    "unknown-schema-file",
    """
A file of schema/ is read by nothing.

## What it does

Finds files in schema/ with another name than the tool reads.

## Why it matters

Mostly it is a slip of the pen in the name, and the file that was meant counts as empty.

## Example

```yaml schema/service.yml
services: []
```

## Use instead

```yaml schema/services.yml
services: []
```
""",
    Severity.WARNING,
)

MISSING_SCHEMA_FILE = parser_rule(
    "configuration",
    "missing-schema-file",
    """
A file of schema/ is not there.

## What it does

Looks for services.yml, categories.yml, teams.yml, people.yml and calendars.yml. Files for what not
everybody uses (measures.yml, intake.yml, routing.yml, escalation.yml, major.yml, notifications.yml,
deployments.csv) may be left out without a word.

## Why it matters

The file counts as empty. Whether that is meant, or somebody lost it in a merge, cannot be told.

## Example

A repository without schema/teams.yml.

## Use instead

A file that says that there are none:

```yaml schema/teams.yml
teams: []
```
""",
    Severity.WARNING,
)

MISSING_POLICY_FILE = parser_rule(
    "configuration",
    "missing-policy-file",
    """
A file of schema/ that figures and duties follow from is not there.

## What it does

Looks for priority.yml, sla.yml and reviews.yml.

## Why it matters

Without them incidents have no priority that follows from impact and urgency, no service level and
no duty of a review. Every figure changes, and nothing that is overdue is told any more.

## Example

A repository without schema/sla.yml.

## Use instead

A file that says that there are none:

```yaml schema/sla.yml
policies: []
```
""",
)

DEPENDENCY_CYCLE = parser_rule(
    "configuration",
    "dependency-cycle",
    """
Services depend on each other in a circle.

## What it does

Follows `depends_on` in schema/services.yml and finds circles.

## Why it matters

What is down because of what could not be told any more.

## Example

```yaml schema/services.yml
services:
  - id: checkout
    name: Checkout
    depends_on: [payments]  # <- here
  - id: payments
    name: Payments
    depends_on: [checkout]
```

## Use instead

```yaml schema/services.yml
services:
  - id: checkout
    name: Checkout
    depends_on: [payments]
  - id: payments
    name: Payments
```
""",
)

NEVER_IN_FORCE = parser_rule(
    "configuration",
    "never-in-force",
    """
An entry of schema/ counts on no day.

## What it does

Finds entries whose `valid_until` is not after their `valid_from`, and policies and matrices that
never count because one above them is in force all the while.

## Why it matters

Somebody wrote down a rule that nothing follows.

## Example

```yaml schema/services.yml
services:
  - id: checkout
    name: Checkout
    valid_from: 2026-06-01
    valid_until: 2026-06-01  # <- here
```

## Use instead

```yaml schema/services.yml
services:
  - id: checkout
    name: Checkout
    valid_from: 2026-06-01
    valid_until: 2026-12-01
```
""",
)

IMPOSSIBLE_HOURS = parser_rule(
    "configuration",
    "impossible-hours",
    """
The hours of a calendar overlap, or are none.

## What it does

Finds hours of one weekday that overlap each other, or reach into hours of the next.

## Why it matters

Time would be counted twice.

## Example

```yaml schema/calendars.yml
calendars:
  - id: office
    name: Office hours
    hours:
      mon: ["09:00-13:00", "12:00-17:00"]  # <- here
```

## Use instead

```yaml schema/calendars.yml
calendars:
  - id: office
    name: Office hours
    hours:
      mon: ["09:00-12:00", "13:00-17:00"]
```
""",
)

BACKWARD_HOURS = parser_rule(
    "configuration",
    "backward-hours",
    """
The hours of a calendar are open for more than half a day, because they end on the next one.

## What it does

Finds hours whose end comes before their start, and that are longer than twelve hours when they go on past
midnight.

## Why it matters

Hours past midnight are allowed. From 17:00 to 09:00 is a long night, and more often office hours written the
wrong way round: then every clock counts while nobody works.

## Example

```yaml schema/calendars.yml
calendars:
  - id: office
    name: Office hours
    hours:
      mon: ["17:00-09:00"]  # <- here
```

## Use instead

```yaml schema/calendars.yml
calendars:
  - id: office
    name: Office hours
    hours:
      mon: ["09:00-17:00"]
  - id: night
    name: Out of office hours
    hours:
      mon: ["17:00-24:00"]
      tue: ["00:00-09:00"]
```
""",
    Severity.WARNING,
)

UNKNOWN_HOLIDAYS = parser_rule(
    "configuration",
    "unknown-holidays",
    """
A calendar is closed on the public holidays of a place of which none are known.

## What it does

Looks up the country and the region of `holidays`.

## Why it matters

The calendar stays open on every holiday, and clocks count on days on which nobody works.

## Example

```yaml schema/calendars.yml
calendars:
  - id: office
    name: Office hours
    holidays:
      country: DE
      region: Hamburg  # <- here
```

## Use instead

```yaml schema/calendars.yml
calendars:
  - id: office
    name: Office hours
    holidays:
      country: DE
      region: HH
```
""",
)

UNREACHABLE_POLICY = parser_rule(
    "configuration",
    "unreachable-policy",
    """
A service level is never used, because one above it takes every incident that it is for.

## What it does

Finds policies of schema/sla.yml of which, at every moment in which they are in force, one above matches
whatever they match.

## Why it matters

The first policy that matches counts. Somebody wrote targets that nobody is held to.

## Example

```yaml schema/sla.yml
policies:
  - {id: standard, name: Everything, response: 4h}
  - {id: critical, name: Critical, match: {priority: [P1]}, response: 15m}  # <- here
```

## Use instead

```yaml schema/sla.yml
policies:
  - {id: critical, name: Critical, match: {priority: [P1]}, response: 15m}
  - {id: standard, name: Everything, response: 4h}
```
""",
    Severity.WARNING,
)

BAD_DEPLOYMENTS = parser_rule(
    "configuration",
    "bad-deployments",
    """
A line of schema/deployments.csv cannot be counted.

## What it does

Reads the counts of deployments, whose columns are day, service and deployments.

## Why it matters

A line that is left out makes the change failure rate higher than it is.

## Example

```csv schema/deployments.csv
day,service,deployments
2026-10-01,checkout,many  # <- here
```

## Use instead

```csv schema/deployments.csv
day,service,deployments
2026-10-01,checkout,14
```
""",
)

RULE_FAILED = parser_rule(
    "configuration",
    "rule-failed",
    """
A rule broke down over a record.

## What it does

Reports a rule that raised an error of its own. All other rules, and all other records, are checked
as ever.

## Why it matters

Whether the record keeps this rule is not known. It is a fault of incidentbook, never of the record.

## Example

A record that nobody who wrote the rule had thought of.

## Use instead

The same record, after the rule has been mended: please report it, with the record if you may. Until
then, `rules:` in schema/incidentbook.yml turns the rule off.
""",
)
