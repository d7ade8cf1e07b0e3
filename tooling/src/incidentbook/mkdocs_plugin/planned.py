"""Planned pages as MkDocs' own: where each has its shell, and what the theme is told of it."""

from __future__ import annotations

import json
import posixpath
from urllib.parse import urljoin

from markupsafe import escape
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, InclusionLevel

from incidentbook.mkdocs_plugin import shell
from incidentbook.mkdocs_plugin.dressing import TABS
from incidentbook.pages import Content, Page, TocItem

SHELL = "incidentbook-shell"

# `skip` is the anchor that the theme's "skip to content" takes from the first item.
MARKS = Content(shell.CONTENT, (TocItem(shell.SKIP, "incidentbook"),))
"""What stands in a shell where the inside of a page will."""


def is_shell(source: str) -> bool:
    """Whether a page is there only to be taken apart."""
    return SHELL in source


def shell_source(page: Page) -> str:
    """Where the shell of a page is rendered.

    A page that is one of its kind is its own. The others share one that lies beside them, so that
    the theme's relative links fit all of them.
    """
    if page.single:
        return page_source(page)
    folder = posixpath.dirname(page.path.rstrip("/"))
    return posixpath.join(folder, f"{SHELL}-{page.kind}", "index.md")


def page_source(page: Page) -> str:
    """The Markdown file that would make the page, if somebody had written it."""
    return page.path + "index.md"


def page_file(page: Page, config: MkDocsConfig) -> File:
    """A page that MkDocs knows: it may stand in the navigation."""
    inclusion = InclusionLevel.NOT_IN_NAV if page.section else InclusionLevel.UNDEFINED
    content = _settings(str(escape(page.title)), str(escape(page.description)), _hidden(page, config))
    return File.generated(config, page_source(page), content=content, inclusion=inclusion)


def shell_file(page: Page, config: MkDocsConfig) -> File:
    """The page that stands for all that share a shell."""
    content = _settings(shell.TITLE, shell.DESCRIPTION, _hidden(page, config))
    return File.generated(config, shell_source(page), content=content, inclusion=InclusionLevel.NOT_IN_NAV)


def _hidden(page: Page, config: MkDocsConfig) -> list[str]:
    """What the theme leaves out beside the page; the navigation only where tabs show it above."""
    hidden = [] if page.shows_toc else ["toc"]
    return ["navigation", *hidden] if TABS in config.theme["features"] else hidden


def _settings(title: str, description: str, hide: list[str]) -> str:
    """Page settings for the theme. Values are JSON, which is YAML; the theme prints them as they are."""
    values = {"title": title, "description": description, "hide": hide, "search": {"exclude": True}}
    lines = (f"{key}: {json.dumps(value)}" for key, value in values.items())
    return "\n".join(("---", *lines, "---", ""))


def edit_base(config: MkDocsConfig, docs_dir: str) -> str:
    """Where files of the repository are edited; MkDocs' own setting leads to docs_dir inside it."""
    if not config.repo_url or not config.edit_uri:
        return ""
    base = urljoin(config.repo_url.rstrip("/") + "/", config.edit_uri)
    for folder in (docs_dir, "docs"):
        if base.rstrip("/").endswith("/" + folder):
            return base.rstrip("/").removesuffix(folder)
    return ""
