"""The sample repository, cloned, through the life of one incident: branch, gate, merge, review, close."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from incidentbook.edits import with_values
from incidentbook.source import read_document
from testbed import REPOSITORY_ROOT, Outcome, RunCli

MONDAY = datetime.fromisoformat("2026-11-23T08:00+00:00")
INCIDENT, REVIEW = "incidents/2026/INC-2026-0029.md", "incidents/2026/INC-2026-0029.review.md"
HEADINGS = (
    "Summary", "Impact", "Timeline", "Detection", "Response", "Decisions", "Communication",
    "Contributing factors", "What went well", "Actions",
)  # fmt: skip


def after(minutes: int) -> str:
    """A time of the story, in minutes since its beginning."""
    return (MONDAY + timedelta(minutes=minutes)).isoformat(timespec="minutes")


@dataclass
class Desk:
    """One responder's clone: what they type, as whom, and when."""

    root: Path
    handle: str
    run_cli: RunCli

    def git(self, *arguments: str, minute: int = 0, check: bool = True) -> subprocess.CompletedProcess[str]:
        signature = {
            f"GIT_{role}_{what}": value
            for role in ("AUTHOR", "COMMITTER")
            for what, value in (
                ("NAME", self.handle),
                ("EMAIL", f"{self.handle}@harbourline.example"),
                ("DATE", after(minute)),
            )
        }
        inherited = {key: value for key, value in os.environ.items() if not key.startswith("GIT_")}
        return subprocess.run(
            ["git", *arguments],
            cwd=self.root,
            env={**inherited, **signature, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"},
            check=check,
            capture_output=True,
            text=True,
        )

    def commit(self, message: str, minute: int) -> None:
        self.git("add", "--all", minute=minute)
        self.git("commit", "--quiet", "--message", message, minute=minute)

    def says(self, *arguments: str, minute: int) -> Outcome:
        return self.run_cli("--now", after(minute), *arguments, repo=self.root)

    def change(self, path: str, values: Mapping[str, Any]) -> None:
        """Edit a record as a person would: these keys, and nothing else."""
        file = self.root / path
        file.write_text(with_values(read_document(path, file.read_bytes()), values), encoding="utf-8")

    def values(self, path: str) -> dict[str, Any]:
        return read_document(path, (self.root / path).read_bytes()).values or {}

    def gate(self, minute: int) -> Outcome:
        """What has to pass before a pull request is merged."""
        return self.says("check", "--base", "origin/main", minute=minute)

    def land(self, branch: str, minute: int) -> None:
        """Merge a pull request, as the forge would."""
        self.git("fetch", "--quiet", "origin", minute=minute)
        self.git("switch", "--quiet", "--detach", "origin/main", minute=minute)
        self.git("merge", "--quiet", "--no-ff", "--no-edit", branch, minute=minute)
        self.git("push", "--quiet", "origin", "HEAD:main", minute=minute)
        self.git("fetch", "--quiet", "origin", minute=minute)

    def start(self, branch: str, minute: int) -> None:
        self.git("fetch", "--quiet", "origin", minute=minute)
        self.git("switch", "--quiet", "--create", branch, "origin/main", minute=minute)


@pytest.fixture
def desks(tmp_path: Path, run_cli: RunCli) -> tuple[Desk, Desk]:
    """Two clones of the sample repository, with the bare one between them."""
    first = tmp_path / "start"
    for name in ("incidents", "knowledge", "handovers", "schema"):
        shutil.copytree(REPOSITORY_ROOT / name, first / name)
    for name in (".gitattributes", ".gitignore"):
        shutil.copy(REPOSITORY_ROOT / name, first / name)
    start = Desk(first, "problem-manager", run_cli)
    start.git("init", "--quiet", "--initial-branch=main")
    start.commit("The sample repository", minute=-60)
    start.git("clone", "--quiet", "--bare", str(first), str(tmp_path / "origin.git"))
    made = []
    for handle in ("duty-shop", "communications-lead"):
        root = tmp_path / handle
        start.git("clone", "--quiet", str(tmp_path / "origin.git"), str(root))
        desk = Desk(root, handle, run_cli)
        assert desk.says("setup-git", minute=0).code == 0
        made.append(desk)
    return made[0], made[1]


def log_the_incident(duty: Desk) -> None:
    duty.start("inc-checkout", 5)
    logged = duty.says(
        "new", "--title", "Checkout answers 502 for one request in five", "--service",
        "checkout=partial_outage", "--category", "application/deployment", "--impact", "high", "--urgency",
        "high", "--channel", "alert", "--started", after(0), "--detected", after(3), "--visibility",
        "public", "--major", "--summary", "One checkout in five fails after the roll-out.",
        "--body", "Errors began with the roll-out; carts survive.", minute=5,
    )  # fmt: skip
    assert (logged.code, INCIDENT in logged.out) == (0, True), logged
    duty.commit("INC-2026-0029: Checkout answers 502", 6)
    duty.git("push", "--quiet", "origin", "inc-checkout", minute=6)
    gate = duty.gate(6)
    assert gate.code == 0, gate.out
    assert duty.says("reviews", "--base", "origin/main", minute=6).code == 0
    duty.land("inc-checkout", 7)


def post_two_updates_at_once(duty: Desk, communications: Desk) -> None:
    duty.start("inc-work", 10)
    duty.change(
        INCIDENT,
        {
            "status": "in_progress",
            "acknowledged": after(9),
            "assignments": [{"at": after(9), "team": "shop", "owner": "duty-shop"}],
            "roles": {"incident_manager": "incident-manager-1"},
            "updates": [
                {"at": after(10), "by": "duty-shop", "status": "investigating",
                 "text": "We are looking at the roll-out of this morning.", "visibility": "internal"}
            ],
        },
    )  # fmt: skip
    duty.commit("INC-2026-0029: working on it", 10)
    communications.start("inc-told", 11)
    communications.change(
        INCIDENT,
        {
            "updates": [
                {"at": after(11), "by": "communications-lead", "status": "investigating",
                 "text": "One checkout in five fails. Your cart is kept.", "visibility": "public"}
            ],
        },
    )  # fmt: skip
    communications.commit("INC-2026-0029: told readers", 11)
    communications.land("inc-told", 12)
    duty.git("fetch", "--quiet", "origin", minute=12)
    merged = duty.git("merge", "--no-edit", "origin/main", minute=12, check=False)
    assert merged.returncode == 0, merged.stdout
    values = duty.values(INCIDENT)
    assert values["status"] == "in_progress"
    assert [update["by"] for update in values["updates"]] == ["duty-shop", "communications-lead"]
    assert duty.gate(13).code == 0
    duty.land("inc-work", 13)


def resolve(duty: Desk) -> None:
    duty.start("inc-resolved", 40)
    services = duty.values(INCIDENT)["services"]
    updates = duty.values(INCIDENT)["updates"]
    duty.change(
        INCIDENT,
        {
            "status": "resolved",
            "services": [{**service, "to": after(38)} for service in services],
            "mitigated": after(35),
            "restored": after(38),
            "resolved": after(40),
            "resolved_by": "duty-shop",
            "updates": [
                *updates,
                {"at": after(40), "by": "duty-shop", "status": "resolved",
                 "text": "Checkout works again.", "visibility": "public"},
            ],
            "resolution": {
                "code": "rolled-back", "summary": "Rolled back to the version of Friday.",
                "permanence": "permanent",
            },
        },
    )  # fmt: skip
    duty.commit("INC-2026-0029: resolved", 40)
    gate = duty.gate(41)
    assert gate.code == 0, gate.out
    duty.land("inc-resolved", 41)


CLOSED = {
    "status": "closed",
    "closed": after(60),
    "closed_by": "incident-manager-1",
    "confirmation": {"confirmed": True, "at": after(55), "by": "Head of commerce"},
}


def close_too_early(duty: Desk) -> None:
    duty.start("inc-too-early", 60)
    duty.change(INCIDENT, CLOSED)
    duty.commit("INC-2026-0029: closed", 60)
    gate = duty.gate(61)
    assert gate.code == 1
    assert "review" in gate.out
    assert INCIDENT in gate.out


def write_the_review_and_close(duty: Desk, manager: Desk) -> None:
    duty.start("inc-review", 24 * 60)
    body = "\n\n".join(
        f"## {heading}\n\nThe roll-out of Monday morning took one checkout in five for 38 minutes."
        for heading in HEADINGS
    )
    review = "\n".join(
        [
            "---",
            "status: in_review",
            "visibility: public",
            "facilitator: problem-manager",
            "authors: [duty-shop]",
            f"started: {after(24 * 60 - 30)}",
            "contributing_factors: [The smoke test never pays.]",
            "actions:",
            "  - {id: a1, title: Pay in the smoke test, type: detect, owner: duty-shop, due: 2026-12-04}",
            "---",
            body,
            "",
        ]
    )
    (duty.root / REVIEW).write_text(review, encoding="utf-8")
    duty.commit("INC-2026-0029: review written", 24 * 60)
    assert duty.gate(24 * 60).code == 0
    duty.land("inc-review", 24 * 60)
    manager.handle = "incident-manager-1"
    manager.start("inc-closed", 48 * 60)
    manager.change(REVIEW, {"status": "published", "published": after(48 * 60), "approvers": ["lead-shop"]})
    manager.change(INCIDENT, {**CLOSED, "closed": after(48 * 60 + 5)})
    manager.commit("INC-2026-0029: review published, closed", 48 * 60 + 5)
    gate = manager.gate(48 * 60 + 6)
    assert gate.code == 0, gate.out
    manager.land("inc-closed", 48 * 60 + 6)


def rewrite_what_was_said(duty: Desk) -> None:
    duty.start("inc-rewritten", 72 * 60)
    updates = duty.values(INCIDENT)["updates"]
    softened = [
        {**update, "text": "A few checkouts were slow."} if "Your cart" in update["text"] else update
        for update in updates
    ]
    duty.change(INCIDENT, {"updates": softened, "acknowledged": after(6)})
    duty.commit("INC-2026-0029: better words", 72 * 60)
    gate = duty.says("check", "--base", "origin/main", "--format", "json", minute=72 * 60)
    assert gate.code == 1
    found = json.loads(gate.out)["diagnostics"]
    assert {item["path"] for item in found if item["severity"] == "error"} == {INCIDENT}
    assert len({item["code"] for item in found}) >= 2, "the text and the time are two faults"


def test_an_incident_from_branch_to_lesson(desks: tuple[Desk, Desk]) -> None:
    duty, communications = desks
    before = duty.git("rev-parse", "origin/main").stdout.strip()
    log_the_incident(duty)
    post_two_updates_at_once(duty, communications)
    resolve(duty)
    close_too_early(duty)
    write_the_review_and_close(duty, communications)
    rewrite_what_was_said(duty)

    duty.git("switch", "--quiet", "--detach", "origin/main")
    told = duty.says("log", "INC-2026-0029", "--format", "json", minute=73 * 60)
    assert told.code == 0, told.err
    events = json.loads(told.out)["events"]
    types = [event["type"] for event in events]
    story = ["opened", "acknowledged", "assigned", "resolved", "review_started", "review_published", "closed"]
    assert [type_ for type_ in types if type_ in story] == story
    assert types.count("update_posted") == 3
    authors = {event["type"]: event["commit"]["author"]["email"] for event in events}
    assert authors["acknowledged"] == "duty-shop@harbourline.example"
    assert authors["closed"] == "incident-manager-1@harbourline.example"

    def opened_at(revision: str) -> int:
        figures = duty.says("stats", "--at", revision, "--format", "json", minute=73 * 60)
        assert figures.code == 0, figures.err
        return int(json.loads(figures.out)["overall"]["incidents"])

    assert opened_at("origin/main") == opened_at(before) + 1
