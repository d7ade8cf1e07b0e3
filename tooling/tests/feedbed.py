"""What tests of the files for machines share: planned files of a small repository, by their paths."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

from incidentbook.archive import open_repository
from incidentbook.feeds import Addresses, Briefing, outputs
from incidentbook.pages import plan
from incidentbook.publication import Output, Urls, publish
from incidentbook.publication.standing import standing_of
from incidentbook.records import Audience
from testbed import SCHEMA, write_files

NOW = datetime.fromisoformat("2026-11-20T12:00+00:00")
URL = "https://status.example.invalid/book/"

V2 = "api/v2/"
V1 = "api/incidentbook/v1/"


def site_files(
    root: Path, audience: Audience = Audience.PUBLIC, now: datetime = NOW, url: str | None = URL
) -> dict[str, Output]:
    """The files that a site has beside its pages."""
    return {one.path: one for one in plan(publish(open_repository(root), audience), now, url).outputs}


class Machines:
    """Records as machines are told of them."""

    def __init__(
        self,
        root: Path,
        records: Mapping[str, str],
        *,
        now: datetime = NOW,
        url: str | None = URL,
        audience: Audience = Audience.PUBLIC,
        schema: Mapping[str, str] | None = None,
    ) -> None:
        write_files(root, {**SCHEMA, **(schema or {}), **records})
        published = publish(open_repository(root), audience)
        name = published.taxonomy.settings.name
        standing = standing_of(published, now)
        self.briefing = Briefing(published, now, standing, Urls.of(published), Addresses.of(url, name))
        self.outputs = {one.path: one for one in outputs(self.briefing, partial(dict[str, Any]))}

    def text(self, path: str) -> str:
        return self.outputs[path].make().decode()

    def json(self, path: str) -> Any:
        return json.loads(self.outputs[path].make())

    def v2(self, name: str) -> Any:
        return self.json(f"{V2}{name}.json")

    def incident(self, number: int = 0) -> Any:
        return self.v2("incidents")["incidents"][number]


def incident(front: str, body: str = "") -> str:
    """A public incident; the front matter may say more than this."""
    return f"---\ntitle: Checkout is slow\nvisibility: public\n{front.strip()}\n---\n{body}"
