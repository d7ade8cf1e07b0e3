"""What a forge runs for a records repository: workflows, pipelines, and a script for any other."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from types import MappingProxyType

from jinja2 import Environment, PackageLoader, StrictUndefined

from incidentbook.taxonomy.settings.intake import Reports

MARK = "# Written by Incidentbook. `incidentbook schema` keeps it up to date as long as this line stands."
"""Who changes such a file for good takes this line out: then it is theirs."""

ACTIONS: Mapping[str, str] = MappingProxyType(
    {
        "cache_restore": "actions/cache/restore@cdf6c1fa76f9f475f3d7449005a359c84ca0f306 # v5.0.3",
        "cache_save": "actions/cache/save@cdf6c1fa76f9f475f3d7449005a359c84ca0f306 # v5.0.3",
        "checkout": "actions/checkout@de0fac2e4500dabe0009e67214ff5f5447ce83dd # v6.0.2",
        "deploy_pages": "actions/deploy-pages@d6db90164ac5ed86f2b6aed7e0febac5b3c0c03e # v4.0.5",
        "download_artifact": "actions/download-artifact@37930b1c2abaa49bbe596cd826c3c89aef350131 # v7.0.0",
        "setup_python": "actions/setup-python@a309ff8b426b58ec0e2a45f0f869d46889d02405 # v6.2.0",
        "upload_artifact": "actions/upload-artifact@b7c566a772e6b6bfb58ed0dc250532a479d7789f # v6.0.0",
        "upload_pages_artifact": (
            "actions/upload-pages-artifact@7b1f4a764d45c48632c6b24a0339c27f5614fb0b # v4.0.0"
        ),
        "upload_sarif": (
            "github/codeql-action/upload-sarif@9e907b5e64f6b83e7804b09294d44122997950d6 # v4.32.3"
        ),
    }
)
"""Each action by the commit of its release: a tag can be moved, a commit cannot."""

JUDGED: Mapping[str, str] = MappingProxyType(
    {"records": "Records are sound", "reviews": "No review is overdue", "site": "The site builds"}
)
"""The jobs of `check` that auto-merge waits for, by id, with the name by which GitHub tells of them."""

_INTAKE_JOBS = (
    {
        "id": "report",
        "name": "A report becomes a record",
        "condition": (
            "github.event_name == 'issues'\n&& contains(github.event.issue.labels.*.name, {label})"
        ),
        "step": "Write the record, and ask for it to be merged",
        "arguments": 'form "$GITHUB_EVENT_PATH" --pr',
    },
    {
        "id": "answer",
        "name": "An answer becomes confirmation and satisfaction",
        "condition": (
            "github.event_name == 'issue_comment' && !github.event.issue.pull_request\n"
            "&& contains(github.event.issue.labels.*.name, {label})\n"
            "&& github.event.comment.user.id == github.event.issue.user.id"
        ),
        "step": "Write the answer into the record",
        "arguments": 'answer "$GITHUB_EVENT_PATH" --pr',
    },
    {
        "id": "alert",
        "name": "An alert opens, updates or resolves a record",
        "condition": "github.event_name == 'repository_dispatch'",
        "step": "Write what the alert says",
        "arguments": 'alert "$GITHUB_EVENT_PATH" --pr',
    },
    {
        "id": "confirmations",
        "name": "Reporters are asked, and silence has an end",
        "condition": (
            "github.ref == 'refs/heads/main' && (github.event_name == 'push'\n"
            "|| github.event_name == 'schedule' || github.event_name == 'workflow_dispatch')"
        ),
        "group": "intake-confirmations",
        "step": "Ask who reported, and close what stayed without an answer",
        "arguments": "confirmations --apply",
    },
)


class ForgeName(StrEnum):
    """Where a records repository lives."""

    GITHUB = "github"
    GITLAB = "gitlab"
    NONE = "none"


_EVERYWHERE = {"ci/gate.sh": "plain/gate.sh.j2"}
_TEMPLATES: Mapping[ForgeName, Mapping[str, str]] = {
    ForgeName.GITHUB: {
        ".github/PULL_REQUEST_TEMPLATE.md": "pull_request_template.md.j2",
        **{
            f".github/workflows/{name}.yml": f"github/{name}.yml.j2"
            for name in ("auto-merge", "check", "intake", "notify", "publish", "watch")
        },
    },
    ForgeName.GITLAB: {
        ".gitlab-ci.yml": "gitlab/gitlab-ci.yml.j2",
        ".gitlab/merge_request_templates/Default.md": "pull_request_template.md.j2",
    },
    ForgeName.NONE: {},
}


def workflow_files(forge: ForgeName, *, in_tree: bool, label: str = Reports.label) -> Mapping[str, str]:
    """Return the text of each file that a forge runs, by its path.

    `in_tree` is for a repository that has the tool's source beside its records, and installs it from
    there; any other installs what its requirements.txt names. `label` is that of issues which report an
    incident.
    """
    environment = Environment(
        loader=PackageLoader("incidentbook.scaffold", "forges"),
        undefined=StrictUndefined,
        keep_trailing_newline=True,
        trim_blocks=True,
        lstrip_blocks=True,
        autoescape=False,  # noqa: S701  the files are YAML, shell and Markdown
        # GitHub's own expressions stand in double braces
        block_start_string="<%",
        block_end_string="%>",
        variable_start_string="<%=",
        variable_end_string="%>",
    )
    text = _expression(" ".join(label.split()))
    jobs = [{**job, "condition": job["condition"].replace("{label}", text)} for job in _INTAKE_JOBS]
    chosen = {**_EVERYWHERE, **_TEMPLATES[forge]}
    return {
        path: environment.get_template(template).render(
            mark=MARK,
            actions=ACTIONS,
            judged=JUDGED,
            in_tree=in_tree,
            tool_files="tooling/src/**" if in_tree else "requirements.txt",
            intake_jobs=jobs,
        )
        for path, template in sorted(chosen.items())
    }


def _expression(text: str) -> str:
    """Return a text as GitHub's expressions write one; `${{` in it would begin an expression of its own."""
    quoted = "'" + text.replace("'", "''") + "'"
    if "${{" not in text:
        return quoted
    return f"format({quoted.replace('{', '{{').replace('}', '}}').replace('$', '{0}')}, '$')"


def kept_files(root: Path, label: str = Reports.label) -> Mapping[str, str]:
    """Return what the repository's own workflows would be now, for those that still carry the mark."""
    in_tree = (root / "tooling" / "src" / "incidentbook").is_dir()
    wanted = {
        path: text
        for forge in ForgeName
        for path, text in workflow_files(forge, in_tree=in_tree, label=label).items()
        if MARK in text
    }
    return {path: text for path, text in sorted(wanted.items()) if MARK in _text(root / path)}


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return ""
