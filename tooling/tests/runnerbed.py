"""A stand-in for GitHub's runner: runs the `run:` steps of a job in a clone, as GitHub would.

What is not run is said here: `actions/checkout` is a real clone of a bare repository beside it, the step
`Install` gives the clone the environment that runs the tests, and every other action does nothing but be
listed, with outputs that a test may give it.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import yaml

from expressionbed import as_text, condition, evaluate, interpolate
from testbed import GIT_ENVIRONMENT, git

PROGRAMS = Path(sys.executable).parent
EVENTS = Path(__file__).parent / "workflows" / "events"
REPOSITORY = "harbourline/records"
NOW = "2026-11-20T12:00:00+00:00"


def load_workflow(path: Path) -> dict[str, Any]:
    # a BaseLoader, because YAML 1.1 reads the key `on` as true; that of libyaml takes a tenth of the time
    workflow = yaml.load(path.read_text(encoding="utf-8"), getattr(yaml, "CBaseLoader", yaml.BaseLoader))
    assert isinstance(workflow, dict)
    return workflow


def recorded(name: str, **changes: Any) -> dict[str, Any]:
    """The payload of an event; a change is named by its path: `issue__title="..."`."""
    payload: dict[str, Any] = json.loads((EVENTS / f"{name}.json").read_text(encoding="utf-8"))
    for path, value in changes.items():
        *parents, last = path.split("__")
        place: Any = payload
        for key in parents:
            place = place[int(key) if key.isdigit() else key]
        place[last] = value
    return payload


@dataclass(frozen=True)
class StepRun:
    """What became of one step."""

    name: str
    code: int
    out: str
    err: str


@dataclass
class JobRun:
    """What became of a job: its steps, those skipped not among them, its summary and its outputs."""

    workspace: Path
    steps: list[StepRun] = field(default_factory=list)
    actions: list[str] = field(default_factory=list)
    summary: str = ""
    outputs: dict[str, dict[str, Any]] = field(default_factory=dict)

    @property
    def succeeded(self) -> bool:
        return all(step.code == 0 for step in self.steps)

    def step(self, part_of_name: str) -> StepRun:
        found = [step for step in self.steps if part_of_name in step.name]
        assert len(found) == 1, [step.name for step in self.steps]
        return found[0]

    @property
    def names(self) -> list[str]:
        return [step.name for step in self.steps]


@dataclass
class Runner:
    """One event, and the repository that it happened in."""

    workflow: dict[str, Any]
    remote: Path
    scratch: Path
    event_name: str
    payload: Mapping[str, Any]
    ref: str = "refs/heads/main"
    programs: Sequence[Path] = ()
    variables: Mapping[str, str] = field(default_factory=dict)
    secrets: Mapping[str, str] = field(default_factory=dict)
    action_outputs: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    def starts(self, job: str, **needs: str) -> bool:
        """Whether GitHub would run the job, where those it needs ended as said."""
        contexts = {**self._contexts(), "needs": {name: {"result": result} for name, result in needs.items()}}
        functions = _functions(all(result == "success" for result in needs.values()))
        return condition(self.workflow["jobs"][job].get("if"), contexts, functions)

    def run(self, job: str, *only: str) -> JobRun:
        """Run the steps of a job; of its scripts only those named, where some are."""
        number = len(list(self.scratch.glob("run-*")))
        folder = self.scratch / f"run-{number}"
        (folder / "work").mkdir(parents=True)
        (folder / "temp").mkdir()
        (folder / "event.json").write_text(json.dumps(self.payload), encoding="utf-8")
        done = JobRun(folder / "work")
        for step in self.workflow["jobs"][job]["steps"]:
            if only and "run" in step and step["name"] not in {"Install", *only}:
                continue
            contexts = self._contexts(done, self.workflow["jobs"][job], step)
            if condition(step.get("if"), contexts, _functions(done.succeeded, done.workspace)):
                self._step(step, contexts, folder, done)
        return done

    @cached_property
    def _sha(self) -> str:
        """The commit that the run is of, where it was pushed."""
        return git(self.remote, "for-each-ref", "--format=%(objectname)", self.ref).strip()

    def _contexts(
        self,
        done: JobRun | None = None,
        job: Mapping[str, Any] | None = None,
        step: Mapping[str, Any] | None = None,
    ) -> dict[str, Any]:
        github = {
            "event": self.payload,
            "event_name": self.event_name,
            "ref": self.ref,
            "ref_name": self.ref.removeprefix("refs/heads/"),
            "sha": self._sha,
            "repository": REPOSITORY,
            "run_id": 88001,
            "token": "token-of-this-run",
        }
        contexts = {
            "github": github,
            "vars": dict(self.variables),
            "secrets": dict(self.secrets),
            "inputs": self.payload.get("inputs") or {},
            "runner": {"os": "Linux"},
            "steps": {name: {"outputs": found} for name, found in done.outputs.items()} if done else {},
        }
        environment: dict[str, str] = {}
        for level in (self.workflow, job or {}, step or {}):
            for key, text in level.get("env", {}).items():
                environment[key] = interpolate(
                    text, contexts, _functions(True, done.workspace if done else None)
                )
        return {**contexts, "env": environment}

    def _step(self, step: Mapping[str, Any], contexts: Mapping[str, Any], folder: Path, done: JobRun) -> None:
        outputs: dict[str, Any] = {}
        functions = _functions(True, done.workspace)
        given = {key: interpolate(text, contexts, functions) for key, text in step.get("with", {}).items()}
        if step.get("uses", "").startswith("actions/checkout@"):
            self._check_out(done.workspace / given.get("path", ""), given)
        elif "uses" in step:
            done.actions.append(step["uses"].partition("@")[0])
            outputs.update(self.action_outputs.get(step.get("id", ""), {}))
        elif step["name"] == "Install":
            (done.workspace / ".venv").mkdir()
            (done.workspace / ".venv" / "bin").symlink_to(PROGRAMS)
        else:
            outputs.update(self._run(step, contexts["env"], folder, done))
        if "id" in step:
            done.outputs[step["id"]] = outputs

    def _check_out(self, target: Path, given: Mapping[str, str]) -> None:
        """As `actions/checkout` does: one commit, or with `fetch-depth: 0` everything and all branches."""
        assert given["persist-credentials"] == "false"
        ref = given.get("ref") or self.ref
        target.mkdir(exist_ok=True)
        if given.get("fetch-depth") == "0":
            git(target, "clone", "--quiet", "--no-checkout", str(self.remote), ".")
            git(target, "fetch", "--quiet", "origin", ref)
        else:
            git(target, "init", "--quiet", "--initial-branch=main")
            # an address, because of a path Git takes everything
            git(target, "fetch", "--quiet", "--depth=1", self.remote.as_uri(), ref)
        branch = ref.removeprefix("refs/heads/")
        on = ["-B", branch] if branch != ref else ["--detach"]
        git(target, "checkout", "--quiet", *on, "FETCH_HEAD")

    def _run(
        self, step: Mapping[str, Any], environment: Mapping[str, str], folder: Path, done: JobRun
    ) -> dict[str, str]:
        assert "${{" not in step["run"], "a script is never made of an event"
        files = {name: folder / name.lower() for name in ("GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY")}
        for path in files.values():
            path.write_text("", encoding="utf-8")
        assert self.workflow["defaults"]["run"]["shell"] == "bash"
        ran = subprocess.run(
            ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]],
            cwd=done.workspace / step.get("working-directory", ""),
            env={
                **_around(),
                "GIT_CONFIG_GLOBAL": str(folder / "gitconfig"),
                "PATH": ":".join([*map(str, self.programs), os.environ["PATH"]]),
                "HOME": str(folder),
                "INCIDENTBOOK_NOW": NOW,
                "NO_MKDOCS_2_WARNING": "1",
                "GITHUB_ACTIONS": "true",
                "GITHUB_EVENT_NAME": self.event_name,
                "GITHUB_EVENT_PATH": str(folder / "event.json"),
                "GITHUB_REF": self.ref,
                "GITHUB_REPOSITORY": REPOSITORY,
                "GITHUB_WORKSPACE": str(done.workspace),
                "RUNNER_TEMP": str(folder / "temp"),
                **{name: str(path) for name, path in files.items()},
                **environment,
            },
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        done.steps.append(StepRun(step["name"], ran.returncode, ran.stdout, ran.stderr))
        done.summary += files["GITHUB_STEP_SUMMARY"].read_text(encoding="utf-8")
        lines = files["GITHUB_OUTPUT"].read_text(encoding="utf-8").splitlines()
        return dict(line.split("=", 1) for line in lines)


def _around() -> dict[str, str]:
    """What a process gets from ours. A runner knows nobody's name, so that who commits has to say one."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("GIT_", "GITHUB_"))}
    return kept | {key: GIT_ENVIRONMENT[key] for key in GIT_ENVIRONMENT if "DATE" in key or "SYSTEM" in key}


def _functions(succeeded: bool, workspace: Path | None = None) -> dict[str, Any]:
    return {
        "success": lambda: succeeded,
        "failure": lambda: not succeeded,
        "cancelled": lambda: False,
        "always": lambda: True,
        "contains": lambda where, what: what in (where or ()),
        "format": lambda text, *values: text.format(*map(as_text, values)),
        "startsWith": lambda text, start: as_text(text).startswith(start),
        "hashFiles": lambda *patterns: f"hash-of-{len(patterns)}-patterns" if workspace else "",
    }


__all__ = ["EVENTS", "REPOSITORY", "JobRun", "Runner", "as_text", "evaluate", "load_workflow", "recorded"]
