"""What tests of the site share: planned pages of a small repository, and a real MkDocs build."""

from __future__ import annotations

import os
import re
from datetime import datetime
from pathlib import Path
from typing import Any

from mkdocs.commands.build import build
from mkdocs.config import load_config

from incidentbook.archive import open_repository
from incidentbook.pages import Page, plan
from incidentbook.pages.site import Site
from incidentbook.publication import publish
from incidentbook.records import Audience

NOW = datetime.fromisoformat("2026-11-20T12:00+00:00")

CONFIGURATION = """\
site_name: Testbed
site_url: https://status.example.invalid/book/
repo_url: https://forge.example.invalid/testbed/records
edit_uri: edit/main/site/
docs_dir: site
site_dir: public
theme:
  name: material
  font: false
  features: [content.action.edit]
plugins:
  - search
  - incidentbook:
      audience: internal
"""

HOSTILE = """</title><script>window.hacked = 1</script><img src=x onerror="window.hacked = 2">"""
"""Words that would run if any page, heading, attribute or search result let them."""

RECORDS: dict[str, str] = {
    "incidents/2026/INC-2026-0001.md": """\
---
title: Checkout answers 502
status: closed
summary: One request in five failed for two hours.
visibility: public
major: true
services:
  - {service: checkout, state: major_outage, from: 2026-11-10T08:00+00:00, to: 2026-11-10T09:00+00:00}
  - {service: checkout, state: degraded_performance, from: 2026-11-10T09:00+00:00, to: 2026-11-10T10:00+00:00}
category: application/deployment
impact: high
urgency: high
started: 2026-11-10T08:00+00:00
detected: 2026-11-10T08:02+00:00
opened: 2026-11-10T08:05+00:00
acknowledged: 2026-11-10T08:10+00:00
restored: 2026-11-10T10:00+00:00
resolved: 2026-11-10T10:30+00:00
closed: 2026-11-12T09:00+00:00
assignments: [{at: 2026-11-10T08:10+00:00, team: payments, owner: duty-one}]
steps: [{at: 2026-11-10T08:20+00:00, by: duty-one, text: "Rolled back, see `INC-2026-0002`."}]
updates:
  - id: u1
    at: 2026-11-10T08:15+00:00
    by: duty-one
    status: investigating
    text: We are looking.
    visibility: public
  - {id: u2, at: 2026-11-10T08:30+00:00, status: identified, text: Secretly we know., visibility: internal}
resolution: {code: rolled_back, summary: Rolled back., permanence: permanent}
links: {problem: PRB-2026-0001, articles: [restart-checkout], caused_by_change: "javascript:alert(1)"}
---
See [the earlier one](INC-2026-0002.md), [the graph](INC-2026-0001/graph.png) and [nothing](../../README.md).

## What we saw

Like INC-2026-0002, and not INC-2026-0099.
""",
    "incidents/2026/INC-2026-0001/graph.png": "not really a picture",
    "incidents/2026/INC-2026-0001/page.html": "<script>window.hacked = 3</script>",
    "incidents/2026/INC-2026-0001.review.md": """\
---
status: published
visibility: public
facilitator: duty-two
authors: [duty-one]
published: 2026-11-14T12:00+00:00
contributing_factors: [Nobody rehearsed the roll-out.]
actions:
  - {title: Rehearse roll-outs, type: prevent, owner: duty-one, due: 2026-11-18}
  - {title: Alert on 502, type: detect, state: done, done: 2026-11-13, evidence: CHG-7}
---
## Summary

It was the roll-out.

## Contributing factors

The tests were green.

## Actions

Two.
""",
    "incidents/2026/INC-2026-0002.md": """\
---
title: Search is slow
status: in_progress
services: [{service: search, state: degraded_performance}]
impact: medium
urgency: medium
started: 2026-11-20T09:00+00:00
opened: 2026-11-20T09:10+00:00
acknowledged: 2026-11-20T09:15+00:00
visibility: public
updates:
  - {at: 2026-11-20T09:20+00:00, status: investigating, text: First word., visibility: public}
  - {at: 2026-11-20T10:20+00:00, status: identified, text: Second word., visibility: public}
---
""",
    "incidents/2026/INC-2026-0003.md": """\
---
title: A quiet internal matter
status: resolved
services: [{service: database, state: partial_outage}]
opened: 2026-10-02T09:10+00:00
resolved: 2026-10-02T10:10+00:00
---
""",
    "incidents/2026/MNT-2026-0001.md": """\
---
title: Move the search index
status: scheduled
visibility: public
planned: {from: 2026-11-22T02:00+00:00, to: 2026-11-22T04:00+00:00}
services: [{service: checkout, state: major_outage}]
---
""",
    "knowledge/problems/PRB-2026-0001.md": """\
---
title: The roll-out leaves old workers
status: known_error
visibility: public
symptoms: [One request in five answers 502]
services: [checkout]
opened: 2026-11-11T09:00+00:00
workaround: "Restart them, see [how](../articles/restart-checkout.md)."
---
""",
    "knowledge/articles/restart-checkout.md": """\
---
title: Restart checkout
status: published
type: runbook
visibility: public
services: [checkout]
summary: Brings it back in a minute.
---
# Steps

```bash
systemctl restart checkout
```
""",
}
"""One record or more of every kind; one incident is public and whole, one open, one internal."""


def published_site(root: Path, audience: Audience = Audience.INTERNAL, now: datetime = NOW) -> Site:
    return Site(publish(open_repository(root), audience), now)


def planned(root: Path, audience: Audience = Audience.INTERNAL, now: datetime = NOW) -> dict[str, Page]:
    return {page.path: page for page in plan(publish(open_repository(root), audience), now).pages}


def words_of(html: str) -> str:
    """The visible words of HTML, roughly."""
    return " ".join(re.sub(r"<[^>]*>", " ", html).split())


def build_site(
    root: Path, *, configuration: str = CONFIGURATION, dirty: bool = False, strict: bool = True
) -> Path:
    """Build a site as `mkdocs build` does, in this process."""
    (root / "site").mkdir(exist_ok=True)
    (root / "mkdocs.yml").write_text(configuration, "utf-8")
    return build_configured(root / "mkdocs.yml", dirty=dirty, strict=strict)


def build_configured(file: Path, *, dirty: bool = False, strict: bool = True) -> Path:
    """Build the site that a configuration on disk describes; return its folder."""
    os.environ.setdefault("NO_MKDOCS_2_WARNING", "1")
    config: Any = load_config(config_file=str(file), strict=strict)
    config.plugins.on_startup(command="build", dirty=dirty)
    build(config, dirty=dirty)
    config.plugins.on_shutdown()
    return Path(config.site_dir)
