"""A stand-in for `gh` that remembers: issues, comments and pull requests in a file, and every call."""

# ruff: noqa: E501  the script stands here as it is written
from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

_SCRIPT = r"""#!{python}
import json, os, subprocess, sys
from pathlib import Path
from urllib.parse import parse_qsl

STATE = Path({state!r})
state = json.loads(STATE.read_text(encoding="utf-8"))
arguments = sys.argv[1:]
text = sys.stdin.read() if "--input" in arguments else ""
token = os.environ.get("GH_TOKEN", "")
state["calls"].append({{"arguments": arguments, "input": text, "cwd": os.getcwd(), "token": token}})


def done(answer, code=0):
    STATE.write_text(json.dumps(state, indent=1), encoding="utf-8")
    if code:
        sys.stderr.write(answer + "\n")
    else:
        sys.stdout.write(json.dumps(answer))
    sys.exit(code)


if state.get("refuses"):
    done(state["refuses"], 1)
if arguments[:1] != ["api"]:
    # anything but the API, such as `gh pr merge`: written down, and said to have worked
    done("")
if arguments[1:2] == ["graphql"]:
    done({{"data": {{"viewer": {{"login": os.environ.get("GH_STAND_IN_USER", "incidentbook[bot]")}}}}}})
method, query, path = "GET", {{}}, None
rest = iter(arguments[1:])
for argument in rest:
    if argument == "--method":
        method = next(rest)
    elif argument == "-f":
        key, _, value = next(rest).partition("=")
        query[key] = value
    elif argument == "--input":
        next(rest)
    elif not argument.startswith("--"):
        path = argument
parts = [part for part in path.split("/") if part][3:]
fields = json.loads(text) if text else {{}}
user = {{"login": os.environ.get("GH_STAND_IN_USER", "incidentbook[bot]")}}
base = "https://forge.example/harbourline/records"


def number():
    state["last"] += 1
    return state["last"]


def find(items, key, value):
    for item in items:
        if item[key] == value:
            return item
    done("HTTP 404: Not Found", 1)


def tip(branch):
    # the commit of a branch where we stand, as the forge would have it after a push
    told = ["git", "rev-parse", "--verify", "--quiet", "refs/heads/" + branch]
    return subprocess.run(told, capture_output=True, text=True).stdout.strip()


def seen(pull):
    # while it is open, its head goes with the branch
    if pull["state"] == "open":
        pull["head"]["sha"] = tip(pull["head"]["ref"]) or pull["head"].get("sha", "")
    return pull


def change(item, fields):
    item.update({{key: value for key, value in fields.items() if key != "labels"}})
    return item


answer = None
if not parts:
    answer = {{"default_branch": state["default_branch"], "owner": {{"login": "harbourline"}}, "name": "records"}}
elif parts == ["issues"] and method == "POST":
    labels = [{{"name": name}} for name in fields.get("labels", [])]
    n = number()
    answer = {{"number": n, "title": fields["title"], "body": fields.get("body"), "state": "open", "user": user,
              "labels": labels, "html_url": f"{{base}}/issues/{{n}}"}}
    state["issues"].append(answer)
elif parts == ["issues"]:
    wanted = [name for name in query.get("labels", "").split(",") if name]
    found = [i for i in state["issues"] if all(w in [l["name"] for l in i["labels"]] for w in wanted)
             and query.get("state", "open") in ("all", i["state"])]
    size = int(query.get("per_page", "30"))
    answer = [found[at:at + size] for at in range(0, len(found), size)] or [[]]
elif parts[:2] == ["issues", "comments"] and method == "PATCH":
    comments = [c for cs in state["comments"].values() for c in cs]
    answer = change(find(comments, "id", int(parts[2])), fields)
elif parts[0] == "issues" and parts[2:] == ["comments"] and method == "POST":
    n = number()
    answer = {{"id": n, "body": fields["body"], "user": user, "html_url": f"{{base}}/issues/{{parts[1]}}#comment-{{n}}"}}
    state["comments"].setdefault(parts[1], []).append(answer)
elif parts[0] == "issues" and parts[2:] == ["comments"]:
    answer = [state["comments"].get(parts[1], [])]
elif parts[0] == "issues" and len(parts) == 2:
    issue = find(state["issues"], "number", int(parts[1]))
    answer = change(issue, fields) if method == "PATCH" else issue
elif parts[:2] == ["actions", "runs"] and parts[3:] == ["jobs"]:
    answer = [{{"jobs": state.get("jobs", [])}}]
elif parts[:2] == ["actions", "runs"]:
    answer = find(state.get("runs", []), "id", int(parts[2]))
elif parts == ["pulls"] and method == "POST":
    if any(p["head"]["ref"] == fields["head"] and p["state"] == "open" for p in state["pulls"]):
        done("HTTP 422: A pull request already exists", 1)
    n = number()
    answer = {{"number": n, "title": fields["title"], "body": fields.get("body"), "state": "open", "user": user,
              "draft": False,
              "head": {{"ref": fields["head"], "sha": tip(fields["head"]), "repo": {{"full_name": "harbourline/records"}}}},
              "merged_at": None, "closed_at": None,
              "base": {{"ref": fields["base"]}}, "html_url": f"{{base}}/pull/{{n}}"}}
    state["pulls"].append(answer)
elif parts == ["pulls"]:
    branch = query.get("head", ":").partition(":")[2]
    answer = [[seen(p) for p in reversed(state["pulls"]) if p["head"]["ref"] == branch
               and query.get("state", "open") in ("all", p["state"])]]
elif parts[0] == "pulls" and len(parts) == 2:
    pull = find(state["pulls"], "number", int(parts[1]))
    answer = change(pull, fields) if method == "PATCH" else pull
else:
    done("HTTP 404: the stand-in does not know " + method + " " + "/".join(parts), 1)
done(answer)
"""


class StandIn:
    """An executable `gh` in a folder of its own (`folder`, to be put first on PATH), and what it was told.

    Lists come in pages, as `gh api --paginate --slurp` gives them.
    """

    def __init__(self, folder: Path, default_branch: str = "main") -> None:
        self.folder = folder
        self._state = folder / "gh-state.json"
        folder.mkdir(parents=True, exist_ok=True)
        self.write(
            {
                "last": 0,
                "default_branch": default_branch,
                "issues": [],
                "comments": {},
                "pulls": [],
                "calls": [],
            }
        )
        script = folder / "gh"
        script.write_text(_SCRIPT.format(python=sys.executable, state=str(self._state)), encoding="utf-8")
        script.chmod(0o755)

    @property
    def state(self) -> dict[str, Any]:
        """Everything it remembers: `issues`, `comments` by issue number (a string), `pulls`, `calls`."""
        loaded: dict[str, Any] = json.loads(self._state.read_text(encoding="utf-8"))
        return loaded

    def write(self, state: dict[str, Any]) -> None:
        """Make it remember something else, such as an issue that a person opened."""
        self._state.write_text(json.dumps(state), encoding="utf-8")

    def refuse(self, reason: str) -> None:
        """Make every call fail from now on."""
        self.write({**self.state, "refuses": reason})

    def end_pull(self, number: int, at: str, *, merged: bool) -> None:
        """Let somebody merge a pull request, or close it unmerged, at a time."""
        state = self.state
        (pull,) = [one for one in state["pulls"] if one["number"] == number]
        pull.update(state="closed", closed_at=at, merged_at=at if merged else None)
        self.write(state)

    @property
    def calls(self) -> list[dict[str, Any]]:
        """Every call: its `arguments`, its `input`, the folder `cwd` it was made in, and by which `token`."""
        calls: list[dict[str, Any]] = self.state["calls"]
        return calls
