"""What happens at each of MkDocs' events; everything that is decided is decided elsewhere."""

from __future__ import annotations

import json
import os
import posixpath
import shutil
from html import escape
from pathlib import Path
from typing import Any
from urllib.parse import quote, urljoin

from jinja2 import Environment
from mkdocs.config import config_options as c
from mkdocs.config.base import Config
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError
from mkdocs.livereload import LiveReloadServer
from mkdocs.plugins import BasePlugin, event_priority, get_plugin_logger
from mkdocs.structure.files import File, Files, InclusionLevel
from mkdocs.structure.nav import Navigation
from mkdocs.structure.pages import Page as SitePage
from mkdocs.utils import nest_paths
from mkdocs.utils.templates import TemplateContext

from incidentbook.archive import load_entries
from incidentbook.commands.caveats import caveats
from incidentbook.commands.session import Session, parse_now
from incidentbook.diagnostics import IncidentbookError
from incidentbook.mkdocs_plugin import output, search, shell
from incidentbook.mkdocs_plugin.contents import Contents, table_of_contents
from incidentbook.mkdocs_plugin.dressing import TABS, dress
from incidentbook.mkdocs_plugin.links import RecordLinks
from incidentbook.mkdocs_plugin.sitemap import listed
from incidentbook.pages import Content, Page, Plan, TocItem, assets, plan
from incidentbook.publication import Published, publish
from incidentbook.records import KINDS, Audience

log = get_plugin_logger(__name__)

SHELL = "incidentbook-shell"
WATCHED = ("incidents", "knowledge", "schema")


class IncidentbookConfig(Config):  # type: ignore[no-untyped-call]
    """Options of the plugin in mkdocs.yml."""

    audience = c.Choice((Audience.PUBLIC.value, Audience.INTERNAL.value), default=Audience.PUBLIC.value)
    """Who reads the site: what they may not see is not in it."""

    repository = c.Optional(c.Dir(exists=True))
    """The records repository; the folder of mkdocs.yml, if absent."""

    shells = c.Type(bool, default=True)
    """False lets MkDocs render every record page itself: slow, and only to compare."""


class IncidentbookPlugin(BasePlugin[IncidentbookConfig]):
    """Adds the pages of a records repository to a MkDocs site."""

    root: Path
    published: Published
    plan: Plan
    pages: tuple[Page, ...]

    def on_config(self, config: MkDocsConfig) -> MkDocsConfig:
        """Read the records, plan the pages, and give the theme our styles and templates."""
        if not config.use_directory_urls:
            raise PluginError("incidentbook: `use_directory_urls: false` is not supported")
        self.root = Path(self.config.repository or Path(config.config_file_path).parent).resolve()
        try:
            self._read()
        except IncidentbookError as error:
            raise PluginError(f"incidentbook: {error}") from None
        self.whole: dict[str, Page] = {}
        self.shells: dict[str, shell.Shell] = {}
        self.nav_page: SitePage | None = None
        url = self.published.taxonomy.settings.url
        if config.site_url is None and url:
            config.site_url = url.rstrip("/") + "/"
        dress(config)
        docs_dir = os.path.relpath(config.docs_dir, self.root).replace(os.sep, "/")
        by_source = {page.source: page.path for page in self.pages if page.source}
        self.links = RecordLinks(by_source, docs_dir)
        config.markdown_extensions.append(self.links)  # type: ignore[arg-type]
        self.edit_base = _edit_base(config, docs_dir)
        return config

    def _read(self) -> None:
        pinned = os.environ.get("INCIDENTBOOK_NOW")
        session = Session(self.root, parse_now(pinned) if pinned else None)
        archive = session.archive
        load_entries(archive)
        for line in caveats(archive):
            log.warning("%s", line)
        self.published = publish(archive, Audience(self.config.audience))
        readable = sum(len(archive.of_kind(kind)) for kind in KINDS)
        withheld = readable - len(self.published.entries)
        if withheld:
            audience = self.config.audience
            log.info("withheld from this audience (%s): %d of %d records", audience, withheld, readable)
        self.plan = plan(self.published, session.now)
        self.pages = self.plan.pages

    def on_files(self, files: Files, *, config: MkDocsConfig) -> Files:
        """Add a page for each that is one of its kind, a shell for each kind of the others, our assets."""
        for name, asset in assets().items():
            files.append(File.generated(config, name, content=asset))
        for page in self.pages:
            if page.single or not self.config.shells:
                source = page.path + "index.md"
                if files.get_file_from_path(source) is not None:
                    log.info("%s is written by hand and stands in for the planned page", source)
                    continue
                listed_in_nav = InclusionLevel.NOT_IN_NAV if page.section else InclusionLevel.UNDEFINED
                files.append(_generated(config, source, _front_matter(page, config), listed_in_nav))
                self.whole[source] = page
            elif (source := _shell_source(page)) not in self.whole:
                files.append(
                    _generated(config, source, _shell_front_matter(page, config), InclusionLevel.NOT_IN_NAV)
                )
                self.whole[source] = page
        if config.nav is None:
            config.nav = self._navigation(files)
        return files

    def _navigation(self, files: Files) -> list[Any]:
        """Our pages first, then what is written by hand, for a site that lists neither."""
        planned = [page for page in self.pages if page.single and not page.section]
        sources = [page.path + "index.md" for page in planned]
        ours: list[Any] = [{page.title: source} for page, source in zip(planned, sources, strict=True)]
        by_hand = [
            file.src_uri
            for file in files.documentation_pages(inclusion=InclusionLevel.is_in_nav)
            if file.src_uri not in {*sources, *self.whole}
        ]
        return [*ours, *nest_paths(by_hand)]  # type: ignore[no-untyped-call]

    def on_page_markdown(self, markdown: str, *, page: SitePage, **_: Any) -> str:
        """Note where links to records are counted from."""
        self.links.page_source, self.links.page_url = page.file.src_uri, page.url
        return markdown

    def on_page_content(self, html: str, *, page: SitePage, config: MkDocsConfig, **_: Any) -> str:
        """Give a planned page its inside, and a shell its marks."""
        planned = self.whole.get(page.file.src_uri)
        if planned is None:
            return html
        content = _marks() if _is_shell(page) else planned.content
        page.toc = table_of_contents(content.toc)
        page.present_anchor_ids = {item.id for item in content.toc}
        if _is_shell(page):
            page.canonical_url = shell.CANONICAL if config.site_url else None
            page.edit_url = shell.EDIT if planned.source and self.edit_base else None
        else:
            page.edit_url = self._edit_url(planned) or None
        return content.html

    def _edit_url(self, page: Page) -> str:
        return urljoin(self.edit_base, quote(page.source)) if page.source and self.edit_base else ""

    def on_page_context(
        self, context: TemplateContext, *, page: SitePage, nav: Navigation, **_: Any
    ) -> TemplateContext:
        """Light the page of the navigation under which a planned page lies."""
        planned = self.whole.get(page.file.src_uri)
        if planned is not None and planned.section:
            section = planned.section + "index.md"
            self.nav_page = next((one for one in nav.pages if one.file.src_uri == section), None)
            if self.nav_page is not None:
                self.nav_page.active = True
        return context

    def on_env(self, env: Environment, *, config: MkDocsConfig, **_: Any) -> Environment:
        """Take hold of the theme's templates, to draw tables of contents."""
        self.contents = Contents(env, config)
        return env

    def on_post_page(self, html: str, *, page: SitePage, **_: Any) -> str:
        """Learn a shell from what the theme made of it."""
        if self.nav_page is not None:
            self.nav_page.active = False
            self.nav_page = None
        planned = self.whole.get(page.file.src_uri)
        if planned is not None and _is_shell(page):
            toc = self.contents.draw(_marks().toc)
            self.shells[page.file.src_uri] = shell.Shell.learn(planned.kind, html, toc)
        return html

    def on_template_context(
        self, context: TemplateContext, *, template_name: str, config: MkDocsConfig
    ) -> TemplateContext:
        """List the records' pages in the sitemap, and not the shells."""
        if template_name == "sitemap.xml":
            shown: list[Any] = [file for file in context["pages"] if SHELL not in file.src_uri]
            shown.extend(listed(page, config.site_url) for page in self.pages if self._is_filled(page))
            context["pages"] = shown
        return context

    def _is_filled(self, page: Page) -> bool:
        return self.config.shells and not page.single

    # Material's search writes its index at the same event; ours comes after it.
    @event_priority(-50)
    def on_post_build(self, *, config: MkDocsConfig) -> None:
        """Write the pages of records, their attachments, and their entries for the search."""
        site_dir = Path(config.site_dir)
        for source in self.shells:
            shutil.rmtree((site_dir / source).parent, ignore_errors=True)
        found: list[dict[str, Any]] = []
        for page in self.pages:
            content = page.make() if self._is_filled(page) else page.content
            if self._is_filled(page):
                output.write_page(site_dir, page.path, self._fill(page, content, config))
            found.extend(search.index_entries(page, content.search))
        for extra in self.plan.outputs:
            output.write_file(site_dir, extra.path, extra.make())
        search.append(site_dir, found)
        self._remove_stale(site_dir)
        log.info("%d pages made of %d records", len(self.pages), len(self.published.entries))

    def _fill(self, page: Page, content: Content, config: MkDocsConfig) -> str:
        return self.shells[_shell_source(page)].fill(
            shell.Fillings(
                title=page.title,
                description=page.description,
                canonical=urljoin(config.site_url, quote(page.path)) if config.site_url else "",
                edit=self._edit_url(page),
                skip=content.toc[0].id,
                content=content.html,
                toc=self.contents.draw(content.toc),
            )
        )

    def _remove_stale(self, site_dir: Path) -> None:
        # Whatever MkDocs wrote in this build is newer than the build; only ours can be stale.
        folders = sorted({page.path.split("/", 1)[0] for page in self.pages if page.source})
        kept = {page.path for page in self.pages} | self.kept
        output.remove_stale(site_dir, folders, kept)

    def on_nav(self, nav: Navigation, *, files: Files, **_: Any) -> Navigation:
        """Remember which pages are MkDocs' own."""
        self.kept = {posixpath.dirname(file.dest_uri) + "/" for file in files.documentation_pages()}
        return nav

    def on_serve(self, server: LiveReloadServer, **_: Any) -> LiveReloadServer:
        """Build again when a record or the taxonomy changes."""
        for name in WATCHED:
            if (self.root / name).is_dir():
                server.watch(str(self.root / name))
        return server


def _is_shell(page: SitePage) -> bool:
    return SHELL in page.file.src_uri


def _marks() -> Content:
    # `skip` is the anchor that the theme's "skip to content" takes from the first item.
    return Content(shell.CONTENT, (TocItem(shell.SKIP, "incidentbook"),))


def _shell_source(page: Page) -> str:
    """The shell beside the pages that it is for, so that the theme's relative links fit all of them."""
    folder = posixpath.dirname(page.path.rstrip("/"))
    return posixpath.join(folder, f"{SHELL}-{page.kind}", "index.md")


def _generated(config: MkDocsConfig, source: str, content: str, inclusion: InclusionLevel) -> File:
    return File.generated(config, source, content=content, inclusion=inclusion)


def _front_matter(page: Page, config: MkDocsConfig) -> str:
    return _settings(escape(page.title), escape(page.description), _hidden(page, config))


def _shell_front_matter(page: Page, config: MkDocsConfig) -> str:
    return _settings(shell.TITLE, shell.DESCRIPTION, _hidden(page, config))


def _hidden(page: Page, config: MkDocsConfig) -> list[str]:
    """What the theme leaves out beside the page; the navigation only where tabs show it above."""
    hidden = [] if page.shows_toc else ["toc"]
    return ["navigation", *hidden] if TABS in config.theme["features"] else hidden


def _settings(title: str, description: str, hide: list[str]) -> str:
    """Page settings for the theme. Values are JSON, which is YAML; the theme prints them as they are."""
    values = {"title": title, "description": description, "hide": hide, "search": {"exclude": True}}
    lines = (f"{key}: {json.dumps(value)}" for key, value in values.items())
    return "\n".join(("---", *lines, "---", ""))


def _edit_base(config: MkDocsConfig, docs_dir: str) -> str:
    """Where files of the repository are edited; MkDocs' own setting leads to docs_dir inside it."""
    if not config.repo_url or not config.edit_uri:
        return ""
    base = urljoin(config.repo_url.rstrip("/") + "/", config.edit_uri)
    for folder in (docs_dir, "docs"):
        if base.rstrip("/").endswith("/" + folder):
            return base.rstrip("/").removesuffix(folder)
    return ""
