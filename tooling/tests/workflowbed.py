"""A records repository as `init` makes it, pushed to a bare remote, and runs of its workflows."""

from __future__ import annotations

import atexit
import shutil
from collections.abc import Mapping
from datetime import date, datetime
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory, mkdtemp
from typing import Any

from ghbed import StandIn
from incidentbook.archive import open_repository
from incidentbook.scaffold.issue_form import PATH as ISSUE_FORM
from incidentbook.scaffold.issue_form import issue_form
from incidentbook.scaffold.repository import repository_files
from incidentbook.scaffold.workflows import ForgeName
from runnerbed import NOW, Runner, load_workflow, recorded
from testbed import SCHEMA, git, write_files

HOSTILE = {
    "quotes": 'It\'s "down" \\ %s',
    "newlines": "one\n::error::two\r\nthree",
    "commands": "$(touch pwned) `touch pwned` ; touch pwned # ${IFS} && touch pwned | touch pwned",
    "expression": "${{ github.token }} $GH_TOKEN $GITHUB_ENV",
    "markup": "<script>alert(1)</script> @everyone <!-- x --> [a](javascript:alert(1)) | a |",
    "long": "x" * 10_000,
}
"""What people and machines may write where a title belongs."""

RESOLVED = """\
---
title: Checkout was down
status: resolved
services:
  - {service: checkout, state: partial_outage, from: 2026-11-02T08:00+00:00, to: 2026-11-02T10:00+00:00}
category: application/deployment
impact: low
urgency: low
reporter: {name: harbourline-reporter, channel: phone}
origin: {system: github, id: "31", url: "https://github.com/harbourline/records/issues/31"}
opened: 2026-11-02T08:00+00:00
acknowledged: 2026-11-02T08:05+00:00
resolved: 2026-11-02T10:00+00:00
assignments:
  - {at: 2026-11-02T08:05+00:00, team: payments, owner: duty-one}
resolved_by: duty-one
resolution: {code: fixed, summary: Rolled back, permanence: permanent}
---
"""
"""An incident that waits for the one who reported it by the form, on issue 31."""

UNREVIEWED = """\
---
title: Checkout was down
status: resolved
major: true
services:
  - {service: checkout, state: major_outage, from: 2026-11-02T08:00+00:00, to: 2026-11-02T10:00+00:00}
category: application/deployment
impact: high
urgency: high
reporter: {channel: alert}
opened: 2026-11-02T08:00+00:00
acknowledged: 2026-11-02T08:05+00:00
restored: 2026-11-02T10:00+00:00
resolved: 2026-11-02T10:00+00:00
roles: {incident_manager: duty-one}
assignments:
  - {at: 2026-11-02T08:05+00:00, team: payments, owner: duty-one}
resolved_by: duty-one
resolution: {code: fixed, summary: Rolled back, permanence: permanent}
---
"""
"""A major incident whose review is overdue."""


@cache
def _made() -> Mapping[str, str]:
    """What `init` writes, with the words of the tests; its clock is not pinned."""
    made = dict(
        repository_files(
            name="Harbourline", zone="UTC", url=None, today=date(2026, 1, 1), forge=ForgeName.GITHUB
        )
    )
    made |= {path: text for path, text in SCHEMA.items() if path != "schema/incidentbook.yml"}
    with TemporaryDirectory() as folder:
        write_files(Path(folder), made)
        form = issue_form(open_repository(Path(folder)).taxonomy, datetime.fromisoformat(NOW))
    return {**made, ISSUE_FORM: form}


@cache
def _begun() -> Path:
    """A folder with the clone and its remote as each test begins with them."""
    folder = Path(mkdtemp())
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    work, remote = folder / "work", folder / "remote.git"
    write_files(work, _made())
    remote.mkdir()
    git(remote, "init", "--quiet", "--bare", "--initial-branch=main")
    # as GitHub, which gives any commit that a branch reaches
    git(remote, "config", "uploadpack.allowReachableSHA1InWant", "true")
    git(work, "init", "--quiet", "--initial-branch=main")
    git(work, "remote", "add", "origin", "../remote.git")
    git(work, "add", "--all")
    git(work, "commit", "--quiet", "--message", "Begin")
    git(work, "push", "--quiet", "origin", "main")
    return folder


class ForgeBed:
    """A clone to work in (`work`), its bare remote, a stand-in for `gh`, and runs of its workflows.

    It is as `init` leaves it, or where `like` another one is, with what that one's forge remembers.
    """

    def __init__(self, folder: Path, like: ForgeBed | None = None) -> None:
        self.folder = folder
        self.work = folder / "work"
        self.remote = folder / "remote.git"
        self.gh = StandIn(folder / "gh")
        # made once and copied: what init writes and Git's first steps took most of the time of these tests
        for part in ("work", "remote.git"):
            shutil.copytree((like.folder if like else _begun()) / part, folder / part)
        if like:
            self.gh.write(like.gh.state)

    def commit(self, files: Mapping[str, str], message: str = "Change") -> str:
        write_files(self.work, files)
        git(self.work, "add", "--all")
        git(self.work, "commit", "--quiet", "--allow-empty", "--message", message)
        return git(self.work, "rev-parse", "HEAD").strip()

    def push(self, branch: str) -> None:
        git(self.work, "push", "--quiet", "origin", f"HEAD:refs/heads/{branch}")

    def propose(self, files: Mapping[str, str], branch: str = "change", number: int = 17) -> str:
        """Push a branch, and it merged into main, as GitHub does for a pull request. Returns its head."""
        git(self.work, "checkout", "--quiet", "-b", branch)
        head = self.commit(files)
        self.push(branch)
        git(self.work, "checkout", "--quiet", "--detach", "main")
        git(self.work, "merge", "--quiet", "--no-ff", "--message", "Merge", head)
        git(self.work, "push", "--quiet", "origin", f"HEAD:refs/pull/{number}/merge")
        git(self.work, "checkout", "--quiet", "main")
        return head

    def untouched(self) -> bool:
        """Whether no text was run: each of ours that a shell reads would leave a file."""
        return not list(self.folder.rglob("*pwned*"))

    def branches(self) -> list[str]:
        return git(self.remote, "for-each-ref", "--format=%(refname:short)", "refs/heads").split()

    def runner(
        self, workflow: str, event: str, payload: Mapping[str, Any] | None = None, **more: Any
    ) -> Runner:
        return Runner(
            load_workflow(self.work / ".github" / "workflows" / f"{workflow}.yml"),
            self.remote,
            self.folder,
            event,
            payload if payload is not None else recorded(event),
            programs=[self.gh.folder],
            **more,
        )

    def on_pull_request(self, workflow: str = "check", **changes: Any) -> Runner:
        payload = recorded("pull_request", **changes)
        return self.runner(workflow, "pull_request", payload, ref="refs/pull/17/merge")
