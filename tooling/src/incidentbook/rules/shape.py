"""Faults that are found while a file is read: text, YAML, keys and types."""

from __future__ import annotations

from incidentbook.rules.registry import Rule, parser_rule


def _shape(code: str, documentation: str) -> Rule:
    return parser_rule("shape", code, documentation)


RULES_OF_READING = (
    _shape(
        "empty-file",
        """
A record file is empty.

## What it does

Finds record files with nothing but white space in them.

## Why it matters

Mostly a write was interrupted. The ID is taken, and there is no record.

## Example

```markdown incidents/2026/INC-2026-0042.md

```

## Use instead

```markdown incidents/2026/INC-2026-0042.md
---
title: Checkout answers 502
status: new
---
Errors began at 13:55.
```
""",
    ),
    _shape(
        "missing-front-matter",
        """
A record file does not begin with front matter.

## What it does

Finds record files whose first line is not `---`.

## Why it matters

All that lists and figures know of a record stands in its front matter.

## Example

```markdown incidents/2026/INC-2026-0042.md
# Checkout answers 502
```

## Use instead

```markdown incidents/2026/INC-2026-0042.md
---
title: Checkout answers 502
status: new
---
Errors began at 13:55.
```
""",
    ),
    _shape(
        "unclosed-front-matter",
        """
The front matter of a record has no end.

## What it does

Finds record files in which no second line `---` follows the first.

## Why it matters

Where the fields end and the text begins cannot be told.

## Example

```markdown incidents/2026/INC-2026-0042.md
---
title: Checkout answers 502
status: new

Errors began at 13:55.
```

## Use instead

```markdown incidents/2026/INC-2026-0042.md
---
title: Checkout answers 502
status: new
---
Errors began at 13:55.
```
""",
    ),
    _shape(
        "not-text",
        """
A record file is no UTF-8 text.

## What it does

Finds record files with bytes that are no UTF-8, or with NUL bytes.

## Why it matters

An image or an archive under the name of a record belongs into the record's folder, under a name of
its own. Text in an old encoding would lose its umlauts.

## Example

A photograph that was saved as `INC-2026-0042.md`.

## Use instead

A record in UTF-8, with the photograph beside it as `INC-2026-0042/photograph.jpg`.
""",
    ),
    _shape(
        "file-too-large",
        """
A record file is larger than one megabyte.

## What it does

Finds record files of more than 1,000,000 bytes. They are not read.

## Why it matters

It is a log or a dump. Every page, list and search would have to carry it.

## Example

A record into whose text a whole log was pasted.

## Use instead

The ten lines that matter in the text, and the log as an attachment: `INC-2026-0042/server.log`.
""",
    ),
    _shape(
        "symlinked-record",
        """
A record file is a symbolic link.

## What it does

Finds records that are links, wherever these lead. They are not read. Nor is a file of schema/ that is
one: the tool stops there. An attachment may be a link, if it leads to a file of the repository that is
not hidden.

## Why it matters

What a link leads to can be rewritten and no record changes, so that no rule between two revisions is
asked. A link that leads out could have the site publish any file of the machine that builds it.

## Example

`incidents/2026/INC-2026-0042.md` as a link to `/etc/passwd`.

## Use instead

The file itself.
""",
    ),
    _shape(
        "unreadable-file",
        """
A record file cannot be read.

## What it does

Finds record files that the system refuses to open, or that are no files.

## Why it matters

The ID is taken, and there is no record.

## Example

A folder that is named `INC-2026-0042.md`.

## Use instead

A file that everybody who checks and builds may read.
""",
    ),
    _shape(
        "yaml-syntax",
        """
The front matter is no YAML.

## What it does

Reports where the YAML parser could not go on, with the likely cause.

## Why it matters

None of the fields can be read. Often it is a tab, a missing quote, or a `: ` inside a text.

## Example

```markdown incidents/2026/INC-2026-0042.md
---
title: Checkout: answers 502
status: new
---

```

## Use instead

```markdown incidents/2026/INC-2026-0042.md
---
title: "Checkout: answers 502"
status: new
---

```
""",
    ),
    _shape(
        "yaml-alias",
        """
A value is written as an alias of another.

## What it does

Finds YAML aliases (`*name`).

## Why it matters

A few lines of aliases can stand for gigabytes, and a reader of the pull request does not see what a
value is.

## Example

```markdown incidents/2026/INC-2026-0042.md
---
title: &t Checkout answers 502
status: new
summary: *t
---

```

## Use instead

```markdown incidents/2026/INC-2026-0042.md
---
title: Checkout answers 502
status: new
summary: Checkout answers 502
---

```
""",
    ),
    _shape(
        "yaml-too-deep",
        """
Values are nested too deep.

## What it does

Finds YAML with more than 40 levels of nesting.

## Why it matters

No record has a use for it, and a parser can be brought down by it.

## Example

```markdown incidents/2026/INC-2026-0042.md
---
title: Checkout answers 502
status: new
x-deep: [[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]
---

```

## Use instead

```markdown incidents/2026/INC-2026-0042.md
---
title: Checkout answers 502
status: new
---
Errors began at 13:55.
```
""",
    ),
    _shape(
        "yaml-tag",
        """
A value carries a YAML tag.

## What it does

Finds tags such as `!!python/object` or `!secret`.

## Why it matters

Tags tell a parser to make something else of a value than it says; in some parsers that runs code.

## Example

```markdown incidents/2026/INC-2026-0042.md
---
title: !!binary Q2hlY2tvdXQ=
status: new
---

```

## Use instead

```markdown incidents/2026/INC-2026-0042.md
---
title: Checkout answers 502
status: new
---
Errors began at 13:55.
```
""",
    ),
    _shape(
        "yaml-key",
        """
A key is a list or a mapping.

## What it does

Finds keys that are no plain text.

## Why it matters

No field is named so; mostly a bracket or a question mark slipped in.

## Example

```markdown incidents/2026/INC-2026-0042.md
---
title: Checkout answers 502
status: new
[a, b]: c
---

```

## Use instead

```markdown incidents/2026/INC-2026-0042.md
---
title: Checkout answers 502
status: new
---
Errors began at 13:55.
```
""",
    ),
    _shape(
        "yaml-merge-key",
        """
A mapping is merged into another.

## What it does

Finds the merge key `<<`.

## Why it matters

It is no part of YAML 1.2, and a record says each thing where it stands.

## Example

```markdown incidents/2026/INC-2026-0042.md
---
title: Checkout answers 502
status: new
<<: {impact: high}
---

```

## Use instead

```markdown incidents/2026/INC-2026-0042.md
---
title: Checkout answers 502
status: new
impact: high
---

```
""",
    ),
    _shape(
        "duplicate-key",
        """
A field stands twice.

## What it does

Finds keys that stand twice in one mapping.

## Why it matters

Parsers keep one of the two and do not say which.

## Example

```yaml
impact: high
impact: low  # <- here
```

## Use instead

```yaml
impact: high
```
""",
    ),
    _shape(
        "not-a-mapping",
        """
The front matter, or a file of schema/, is no list of fields.

## What it does

Finds front matter and configuration that is a list or a single value.

## Why it matters

Nothing in it has a name.

## Example

```markdown incidents/2026/INC-2026-0042.md
---
- Checkout answers 502
- new
---

```

## Use instead

```markdown incidents/2026/INC-2026-0042.md
---
title: Checkout answers 502
status: new
---
Errors began at 13:55.
```
""",
    ),
    _shape(
        "unknown-key",
        """
A field has a name that does not exist.

## What it does

Finds keys that a record or a file of schema/ does not have, and suggests the nearest that it has.
Keys that begin with `x-` are yours.

## Why it matters

What is misspelt is not read, and the field that was meant is missing.

## Example

```yaml
imapct: high  # <- here
```

## Use instead

```yaml
impact: high
```
""",
    ),
    _shape(
        "missing-key",
        """
Something lacks a field without which it is nothing.

## What it does

Finds records without title or status, and entries without the one or two fields that make them:
an update without a text, a hold without a reason.

## Why it matters

Nothing can be made of what is left, so the entry, or the whole record, is left out.

## Example

```yaml
updates:
  - {at: 2026-03-02T08:20+00:00, status: investigating}  # <- here
```

## Use instead

```yaml
updates:
  - {at: 2026-03-02T08:20+00:00, status: investigating, text: We are looking into it.}
```
""",
    ),
    _shape(
        "wrong-type",
        """
A field holds another type of value than it can.

## What it does

Finds text where a list is due, a number where text is due, `yes` where true or false is due, and the
like.

## Why it matters

Guessing is how `no` (Norway) becomes false and 12:30 becomes 750.

## Example

```yaml
major: yes  # <- here
```

## Use instead

```yaml
major: true
```
""",
    ),
    _shape(
        "unknown-value",
        """
A field holds a word that is not among its words.

## What it does

Finds states, levels, visibilities and the like that do not exist, and suggests the nearest.

## Why it matters

An incident in an unknown state is in no list.

## Example

```yaml
urgency: hihg  # <- here
```

## Use instead

```yaml
urgency: high
```
""",
    ),
    _shape(
        "invalid-value",
        """
A field holds a value of the wrong form.

## What it does

Finds IDs, keys and handles that are not formed like one, empty texts, and numbers out of range.

## Why it matters

It cannot be what was meant: an ID of another form names no record.

## Example

```yaml
links: {problem: PRB-26-7}  # <- here
```

## Use instead

```yaml
links: {problem: PRB-2026-0001}
```
""",
    ),
    _shape(
        "naive-time",
        """
A time does not say in which zone it is.

## What it does

Finds times without an offset from UTC.

## Why it matters

14:05 in Berlin and in Boston are six hours apart. Guessing a zone has moved real outages by hours.

## Example

```yaml
opened: 2026-03-02T08:20  # <- here
```

## Use instead

```yaml
opened: 2026-03-02T08:20+00:00
```
""",
    ),
    _shape(
        "invalid-time",
        """
A time does not exist.

## What it does

Finds what is no ISO 8601 time, a 31 February, and years before 1970 or after 2199.

## Why it matters

Every duration is counted from these times.

## Example

```yaml
opened: 2026-02-31T08:20+00:00  # <- here
```

## Use instead

```yaml
opened: 2026-03-02T08:20+00:00
```
""",
    ),
    _shape(
        "invalid-date",
        """
A date does not exist.

## What it does

Finds what is no ISO 8601 calendar date, and years before 1970 or after 2199.

## Why it matters

Due days are reminded of and counted by it.

## Example

```yaml
waivers:
  - {rule: missing-services, reason: Being sorted out., until: 31.12.2026}  # <- here
```

## Use instead

```yaml
waivers:
  - {rule: missing-services, reason: Being sorted out., until: 2026-12-31}
```
""",
    ),
    _shape(
        "invalid-duration",
        """
A length of time cannot be read.

## What it does

Finds targets and windows in schema/ that are not written like 15m, 4h or 1d 12h.

## Why it matters

Without its target, a policy promises nothing.

## Example

```yaml schema/sla.yml
policies:
  - {id: critical, name: Critical, response: quarter of an hour}  # <- here
```

## Use instead

```yaml schema/sla.yml
policies:
  - {id: critical, name: Critical, response: 15m}
```
""",
    ),
)
"""Every code that reading a file gives."""
