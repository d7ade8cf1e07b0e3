"""The files of a new records repository."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import date
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import PurePosixPath

from jinja2 import Environment, StrictUndefined

from incidentbook import __version__
from incidentbook.records import KINDS
from incidentbook.scaffold.json_schemas import json_schemas
from incidentbook.scaffold.workflows import ForgeName, workflow_files

_TEMPLATE = "template"
_SUFFIX = ".j2"
_RENAMED = {"gitattributes": ".gitattributes", "gitignore": ".gitignore"}
"""Names that Git or a packager would act upon inside this package."""


NO_TOOL = "incidentbook @ git+https://address-of-incidentbook.invalid/incidentbook.git"
"""What stands where nobody said how the tool is installed: pip then names it as what it cannot find.

A bare name would be worse: whoever takes it in a registry could run code in every such repository.
"""


def repository_files(
    *,
    name: str,
    zone: str,
    url: str | None,
    today: date,
    forge: ForgeName = ForgeName.NONE,
    tool: str | None = None,
) -> Mapping[str, str]:
    """Return the text of every file of a new repository by its path, for whom it is made.

    `today` is the first day of its review policy: what an import brings from before needs no review.
    `tool` is the requirement by which pip installs Incidentbook.
    """
    environment = Environment(
        undefined=StrictUndefined,
        keep_trailing_newline=True,
        autoescape=False,  # noqa: S701  the files are YAML and Markdown
    )
    environment.filters["yaml"] = _quoted
    version = ".".join(__version__.split(".")[:2])
    found = {
        path: environment.from_string(text).render(
            name=name, zone=zone, url=url, today=today.isoformat(), version=version, tool=tool or NO_TOOL
        )
        for path, text in _templates(files(__package__) / _TEMPLATE, PurePosixPath())
    }
    # Git keeps no empty folder, and people should see where records go.
    folders = {f"{kind.folder}/.gitkeep": "" for kind in KINDS.values()}
    workflows = workflow_files(forge, in_tree=False)
    return dict(sorted({**found, **folders, **json_schemas(), **workflows}.items()))


def _templates(folder: Traversable, below: PurePosixPath) -> Iterator[tuple[str, str]]:
    for item in folder.iterdir():
        if item.is_dir():
            yield from _templates(item, below / item.name)
        elif item.name.endswith(_SUFFIX):
            name = item.name.removesuffix(_SUFFIX)
            yield str(below / _RENAMED.get(name, name)), item.read_text(encoding="utf-8")


def _quoted(text: str) -> str:
    """Text as a YAML scalar: a JSON string is one."""
    return json.dumps(text, ensure_ascii=False)
