"""Issues, comments and pull requests on GitHub, by its REST API through `gh api`."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Any

from incidentbook.diagnostics import IncidentbookError

_REPOSITORY = "repos/{owner}/{repo}"
"""`gh` puts in the repository of the folder it runs in, or of GH_REPO."""


class ForgeError(IncidentbookError):
    """The forge refused, for a reason in its own words."""


class ForgeNotFoundError(ForgeError):
    """There is no `gh` on this machine."""

    def __init__(self) -> None:
        super().__init__("gh was not found; https://cli.github.com has it, and `gh auth login` lets it in")


@dataclass(frozen=True, slots=True)
class Issue:
    """One issue of the tracker. `author` is the account that opened it."""

    number: int
    title: str
    body: str
    is_open: bool
    author: str
    url: str
    labels: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Comment:
    """One comment on an issue or pull request."""

    id: int
    body: str
    author: str
    url: str


@dataclass(frozen=True, slots=True)
class PullRequest:
    """One pull request; `head` is the branch it would merge, `tip` the commit that this had last."""

    number: int
    title: str
    is_open: bool
    head: str
    url: str
    tip: str = ""
    merged_at: datetime | None = None
    closed_at: datetime | None = None

    @property
    def is_refused(self) -> bool:
        """Whether somebody closed it without merging it."""
        return not self.is_open and self.merged_at is None


class Forge:
    """What a repository's forge keeps beside the repository.

    Every text goes to `gh` through standard input as JSON, so that nothing that a person wrote is ever
    an argument of a command. Each method raises ForgeNotFoundError or ForgeError.
    """

    def __init__(self, root: Path) -> None:
        self._root = root

    @cached_property
    def account(self) -> str:
        """The login of the account that speaks here; what others wrote is not ours to change."""
        # REST's /user refuses the token of a workflow; this answers `github-actions[bot]` there
        found = self._run(["graphql", "-f", "query={viewer{login}}"])
        return str(found["data"]["viewer"]["login"])

    def issues(self, label: str, *, state: str = "all") -> tuple[Issue, ...]:
        """The issues that carry a label, in the order of their numbers; `state` is all, open or closed."""
        found = self._all("issues", {"state": state, "labels": label})
        issues = (_issue(item) for item in found if "pull_request" not in item)
        return tuple(sorted(issues, key=lambda issue: issue.number))

    def issue(self, number: int) -> Issue:
        """One issue."""
        return _issue(self._call("GET", f"issues/{number}"))

    def create_issue(self, title: str, body: str, labels: Sequence[str] = ()) -> Issue:
        """Open an issue; GitHub makes labels that are new."""
        fields = {"title": title, "body": body, "labels": list(labels)}
        return _issue(self._call("POST", "issues", fields))

    def edit_issue(self, number: int, *, title: str | None = None, body: str | None = None) -> Issue:
        """Write an issue's title or body anew."""
        fields = {key: text for key, text in (("title", title), ("body", body)) if text is not None}
        return _issue(self._call("PATCH", f"issues/{number}", fields))

    def close_issue(self, number: int) -> Issue:
        """Close an issue as completed."""
        return _issue(
            self._call("PATCH", f"issues/{number}", {"state": "closed", "state_reason": "completed"})
        )

    def reopen_issue(self, number: int) -> Issue:
        """Open a closed issue again."""
        return _issue(self._call("PATCH", f"issues/{number}", {"state": "open"}))

    def comments(self, number: int) -> tuple[Comment, ...]:
        """All comments on an issue or pull request, oldest first."""
        return tuple(_comment(item) for item in self._all(f"issues/{number}/comments", {}))

    def comment(self, number: int, body: str) -> Comment:
        """Write a comment on an issue or pull request."""
        return _comment(self._call("POST", f"issues/{number}/comments", {"body": body}))

    def edit_comment(self, comment_id: int, body: str) -> Comment:
        """Write a comment anew."""
        return _comment(self._call("PATCH", f"issues/comments/{comment_id}", {"body": body}))

    def default_branch(self) -> str:
        """The branch that pull requests go to unless they say otherwise."""
        return str(self._about["default_branch"])

    def pull_requests(self, branch: str) -> tuple[PullRequest, ...]:
        """All pull requests of a branch, open and closed, newest first."""
        owner = self._about["owner"]["login"]
        found = self._all("pulls", {"state": "all", "head": f"{owner}:{branch}"})
        return tuple(_pull_request(item) for item in found)

    def create_pull_request(self, branch: str, title: str, body: str, base: str) -> PullRequest:
        """Ask for a branch to be merged."""
        fields = {"head": branch, "base": base, "title": title, "body": body}
        return _pull_request(self._call("POST", "pulls", fields))

    @cached_property
    def _about(self) -> Any:
        """What the forge says of the repository itself."""
        return self._call("GET", "")

    def _all(self, path: str, query: Mapping[str, str]) -> Iterator[Any]:
        """Every item of a list, page by page."""
        fields = [part for key, value in query.items() for part in ("-f", f"{key}={value}")]
        pages = self._run(
            [
                "--method",
                "GET",
                "--paginate",
                "--slurp",
                f"{_REPOSITORY}/{path}",
                "-f",
                "per_page=100",
                *fields,
            ]
        )
        for page in pages:
            yield from page

    def _call(self, method: str, path: str, fields: Mapping[str, Any] | None = None) -> Any:
        address = f"{_REPOSITORY}/{path}".rstrip("/")
        arguments = ["--method", method, address]
        if fields is None:
            return self._run(arguments)
        return self._run([*arguments, "--input", "-"], json.dumps(fields))

    def _run(self, arguments: Sequence[str], text: str = "") -> Any:
        try:
            done = subprocess.run(
                ["gh", "api", *arguments],
                cwd=self._root,
                input=text.encode(),
                capture_output=True,
                check=False,
            )
        except FileNotFoundError:
            raise ForgeNotFoundError from None
        if done.returncode != 0:
            reason = done.stderr.decode("utf-8", "replace").strip().splitlines()
            raise ForgeError(f"gh: {reason[0] if reason else 'failed'}; `gh auth status` says who is let in")
        try:
            return json.loads(done.stdout)
        except ValueError:
            raise ForgeError("gh answered something that is no JSON") from None


def _issue(item: Any) -> Issue:
    return Issue(
        number=item["number"],
        title=item["title"],
        body=item.get("body") or "",
        is_open=item["state"] == "open",
        author=(item.get("user") or {}).get("login", ""),
        url=item["html_url"],
        labels=tuple(label["name"] for label in item.get("labels") or ()),
    )


def _comment(item: Any) -> Comment:
    author = (item.get("user") or {}).get("login", "")
    return Comment(item["id"], item.get("body") or "", author, item["html_url"])


def _pull_request(item: Any) -> PullRequest:
    return PullRequest(
        number=item["number"],
        title=item["title"],
        is_open=item["state"] == "open",
        head=item["head"]["ref"],
        url=item["html_url"],
        tip=item["head"].get("sha") or "",
        merged_at=_instant(item.get("merged_at")),
        closed_at=_instant(item.get("closed_at")),
    )


def _instant(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
