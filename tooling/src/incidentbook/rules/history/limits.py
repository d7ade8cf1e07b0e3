"""Changes that loosen what they are judged by, and those that do more than they may."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from incidentbook.diagnostics import IncidentbookError, Severity, Span
from incidentbook.rules.history.cases import Comparison
from incidentbook.rules.registry import Finding, Rule, comparison_rule, parser_rule
from incidentbook.source import read_yaml
from incidentbook.taxonomy.settings import RuleLevel, Settings

SETTINGS = "schema/incidentbook.yml"

_WEIGHT = {RuleLevel.OFF: 0, RuleLevel.NOTE: 1, RuleLevel.WARNING: 2, RuleLevel.ERROR: 3}


@comparison_rule(Severity.WARNING)
def rule_loosened(comparison: Comparison) -> Iterator[Finding]:
    """A change turns off, or lowers, a rule by which it is judged itself.

    ## What it does

    Compares `rules` and `imported` of schema/incidentbook.yml before and after the change, and finds
    what is weaker now; likewise a longer `history.lag`, and a clock that was pinned. With `--base`, the
    stricter of the two counts, and the clock of the base: a rule is loosened for the changes after this one.

    ## Why it matters

    Otherwise one change could both break a rule and take it away, and the gate would be green.

    ## Example

    Before:

    ```yaml schema/incidentbook.yml
    format: 1
    name: Harbourline
    ```

    After:

    ```yaml schema/incidentbook.yml
    format: 1
    name: Harbourline
    rules:
      record-deleted: off  # <- here
    ```

    ## Use instead

    Before:

    ```yaml schema/incidentbook.yml
    format: 1
    name: Harbourline
    rules:
      record-deleted: off
    ```

    After:

    ```yaml schema/incidentbook.yml
    format: 1
    name: Harbourline
    ```
    """
    before, after = comparison.base.taxonomy.settings, comparison.head.taxonomy.settings
    advice = "for this change the stricter one counts; loosen it by a change of its own"
    for code in sorted(set(before.rules) | set(after.rules)):
        was, is_ = (_level(code, settings, comparison.rules) for settings in (before, after))
        if was is not None and is_ is not None and _WEIGHT[is_] < _WEIGHT[was]:
            yield _finding(comparison, f"`{code}` was `{was}` and is `{is_}`", advice, "rules", code)
    if _WEIGHT[after.imported] < _WEIGHT[before.imported]:
        message = f"`imported` was `{before.imported}` and is `{after.imported}`"
        yield _finding(comparison, message, advice, "imported")
    if after.history.lag > before.history.lag:
        yield _finding(comparison, "`history.lag` is longer than it was", advice, "history", "lag")
    if after.now is not None and after.now != before.now:
        message = f"`now` pins the clock of every check to {after.now:%Y-%m-%dT%H:%M%z}"
        help_ = "for this change the clock of the base counts; only samples and rehearsals stand still"
        yield _finding(comparison, message, help_, "now")


def _level(code: str, settings: Settings, rules: Mapping[str, Rule]) -> RuleLevel | None:
    rule = rules.get(code)
    return settings.rules.get(code) or (RuleLevel(rule.severity.value) if rule is not None else None)


def _finding(comparison: Comparison, message: str, advice: str, *keys: str) -> Finding:
    return Finding(_place(comparison, keys), message, advice, SETTINGS)


def _place(comparison: Comparison, keys: tuple[str, ...]) -> Span | None:
    try:
        return read_yaml(SETTINGS, comparison.head.tree.read(SETTINGS)).key_span(*keys)
    except (OSError, IncidentbookError):
        return None


def stricter(before: Settings, after: Settings, rules: Mapping[str, Rule]) -> Settings:
    """The settings by which a change is judged: of each rule the stricter level of the two."""
    levels: dict[str, RuleLevel] = {}
    for code in {*before.rules, *after.rules}:
        stated = [settings.rules.get(code) for settings in (before, after)]
        both = [_level(code, settings, rules) for settings in (before, after)]
        if None in both:
            levels[code] = next(level for level in stated if level is not None)
            continue
        strictest = max((level for level in both if level is not None), key=_WEIGHT.__getitem__)
        # what a rule weighs by itself may be less in a draft, so it is not spelled out
        if strictest in stated:
            levels[code] = strictest
    imported = max(before.imported, after.imported, key=_WEIGHT.__getitem__)
    return replace(after, rules=levels, imported=imported)


MORE_THAN_AN_UPDATE = parser_rule(
    "history: limits",
    "more-than-an-update",
    """
A change that was to add updates to open incidents does something else.

## What it does

`incidentbook check --base REV --only updates` finds everything in a change but new entries at the end of
`updates` in incidents that were open before and are open now: other fields, values that are written in
another way, comments, the text below, other files anywhere in the Git repository, files added, removed,
moved, made executable or made a link. It looks at the commits and at what is not committed yet. Without
`--only updates` it is not asked. No setting turns it off, and no waiver sets it aside.

## Why it matters

Such a change may be merged without a human reviewer, so that readers are told at once. Whatever else it
held would be merged unseen.

## Example

Before:

```yaml
status: in_progress
updates:
  - {at: 2026-03-02T08:30+00:00, status: investigating, text: We look into it.}
```

After:

```yaml
impact: high
updates:
  - {at: 2026-03-02T08:30+00:00, status: investigating, text: We look into it.}
  - {at: 2026-03-02T08:40+00:00, status: identified, text: It is the roll-out.}
```

## Use instead

Before:

```yaml
status: in_progress
updates:
  - {at: 2026-03-02T08:30+00:00, status: investigating, text: We look into it.}
```

After:

```yaml
updates:
  - {at: 2026-03-02T08:30+00:00, status: investigating, text: We look into it.}
  - {at: 2026-03-02T08:40+00:00, status: identified, text: It is the roll-out.}
```
""",
)


MORE_THAN_AN_ANSWER = parser_rule(
    "history: limits",
    "more-than-an-answer",
    """
A change that was to write a reporter's answer into a record does something else.

## What it does

`incidentbook check --base REV --only answers` finds everything in a change but what `incidentbook intake
answer` and `intake confirmations` write into incidents that were resolved or closed before:

- a first `confirmation: {confirmed: true}`, with its time and author, of what stays resolved;
- `satisfaction`, a score and a comment;
- the closing by the `bot` of schema/intake.yml of what was confirmed before: `status`, `closed`, `closed_by`;
- the closing after silence: `status`, `closed`, and `closed_by` the `bot` of schema/intake.yml, together
  with `confirmation: {confirmed: false}` of the same time, not earlier than `confirmations.days` after
  the resolution.

A reopening is more, since people must know of it; so are other fields, values that are written in
another way, comments, the text below, other files anywhere in the Git repository, files added, removed,
moved, made executable or made a link. It looks at the commits and at what is not committed yet. Without
`--only answers` it is not asked. No setting turns it off, and no waiver sets it aside.

## Why it matters

Such a change may be merged without a human reviewer, so that what a reporter said, or did not say,
counts without anybody's work. Whatever else it held would be merged unseen.

## Example

Before:

```yaml
status: resolved
# no closed
# no closed_by
# no confirmation
```

After:

```yaml
impact: high
confirmation: {confirmed: true, at: 2026-03-03T12:00+00:00, by: guest}
satisfaction: {score: 5, comment: Quick.}
```

## Use instead

Before:

```yaml
status: resolved
# no closed
# no closed_by
# no confirmation
```

After:

```yaml
confirmation: {confirmed: true, at: 2026-03-03T12:00+00:00, by: guest}
satisfaction: {score: 5, comment: Quick.}
```
""",
)
