"""What happens at each of MkDocs' events; everything that is decided is decided elsewhere."""

from __future__ import annotations

import gc
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import quote

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
from incidentbook.mkdocs_plugin import diagrams, policy, search, shell
from incidentbook.mkdocs_plugin.contents import Anchors, Contents, table_of_contents
from incidentbook.mkdocs_plugin.dressing import dress
from incidentbook.mkdocs_plugin.history import history_base, source_links
from incidentbook.mkdocs_plugin.links import RecordLinks
from incidentbook.mkdocs_plugin.output import SiteFolder
from incidentbook.mkdocs_plugin.planned import (
    MARKS,
    edit_base,
    is_shell,
    page_file,
    page_source,
    shell_file,
    shell_source,
)
from incidentbook.mkdocs_plugin.sitemap import listed
from incidentbook.pages import Bytecode, Maker, Page, Plan, SearchEntry, assets, plan
from incidentbook.pages.machines import without_address
from incidentbook.publication import Published, publish
from incidentbook.records import KINDS, Audience
from incidentbook.source import ROOMS

log = get_plugin_logger(__name__)


class IncidentbookConfig(Config):  # type: ignore[no-untyped-call]
    """Options of the plugin in mkdocs.yml."""

    audience = c.Choice((Audience.PUBLIC.value, Audience.INTERNAL.value), default=Audience.PUBLIC.value)
    """Who reads the site: what they may not see is not in it."""

    repository = c.Optional(c.Dir(exists=True))
    """The records repository; the folder of mkdocs.yml, if absent."""

    csp = c.Choice(tuple(policy.Csp), default=policy.Csp.HEADERS.value)
    """Where the Content-Security-Policy is stated: in a file of headers, in each page too, or nowhere."""

    search = c.Choice(tuple(search.Engine), default=search.Engine.INCIDENTBOOK.value)
    """Who answers the search box: our index, fetched in pieces, or Material's own, right for few pages."""

    shells = c.Type(bool, default=True)
    """False lets MkDocs render every record page itself: slow, and only to compare."""


class IncidentbookPlugin(BasePlugin[IncidentbookConfig]):
    """Adds the pages of a records repository to a MkDocs site."""

    root: Path
    published: Published
    plan: Plan
    maker: Maker | None = None
    built: Path | None = None
    is_serving = False

    def on_config(self, config: MkDocsConfig) -> MkDocsConfig:
        """Read the records, plan the pages, and give the theme our styles and templates."""
        if not config.use_directory_urls:
            raise PluginError("incidentbook: `use_directory_urls: false` is not supported")
        self.root = Path(self.config.repository or Path(config.config_file_path).parent).resolve()
        try:
            self._read(config.site_url)
        except IncidentbookError as error:
            raise PluginError(f"incidentbook: {error}") from None
        self.planned: dict[str, Page] = {}
        self.shells: dict[str, shell.Shell] = {}
        self.nav_page: SitePage | None = None
        url = self.published.taxonomy.settings.url
        if config.site_url is None and url:
            config.site_url = url.rstrip("/") + "/"
        dress(config)
        self.search = search.search_of(
            config, search.Engine(self.config.search), self.cache, self.config.audience
        )
        diagrams.fence(config)
        docs_dir = os.path.relpath(config.docs_dir, self.root).replace(os.sep, "/")
        by_source = {page.source: page.path for page in self.plan.pages if page.source}
        self.links = RecordLinks(by_source, docs_dir)
        config.markdown_extensions.append(self.links)  # type: ignore[arg-type]
        self.edit_base = edit_base(config, docs_dir)
        self.history_base = history_base(config.repo_url, self.edit_base)
        self._step_aside(config)
        return config

    def _read(self, url: str | None) -> None:
        pinned = os.environ.get("INCIDENTBOOK_NOW")
        session = Session(self.root, parse_now(pinned) if pinned else None)
        archive = session.archive
        with _without_collections():
            load_entries(archive)
            self.published = publish(archive, Audience(self.config.audience))
            self.plan = plan(self.published, session.now, url, archive.cache)
        self.cache = archive.cache
        for line in caveats(archive):
            log.warning("%s", line)
        if lacking := without_address(self.published, url):
            log.info("%s", lacking)
        readable = sum(len(archive.of_kind(kind)) for kind in KINDS)
        withheld = readable - len(self.published.entries)
        if withheld:
            audience = self.config.audience
            log.info("withheld from this audience (%s): %d of %d records", audience, withheld, readable)

    def _step_aside(self, config: MkDocsConfig) -> None:
        """Let MkDocs build what is its own in a folder of its own, which it may empty.

        The site's folder keeps what has not changed: MkDocs would remove 10,000 pages to have them
        written again, and a reader who comes meanwhile would find none.
        """
        self.site = SiteFolder(Path(config.site_dir), self.cache)
        self.built = Path(tempfile.mkdtemp(prefix="incidentbook-"))
        config.site_dir = str(self.built)

    def on_files(self, files: Files, *, config: MkDocsConfig) -> Files:
        """Add our assets, the pages that are one of their kind, a shell for each kind of the others.

        Other processes begin with the insides of the pages while MkDocs makes these.
        """
        for name, asset in assets().items():
            files.append(File.generated(config, name, content=asset))
        pages = tuple(page for page in self.plan.pages if not _is_by_hand(page, files))
        for page in pages:
            source = shell_source(page) if self.config.shells else page_source(page)
            if source not in self.planned:
                alone = page.single or not self.config.shells
                files.append(page_file(page, config) if alone else shell_file(page, config))
                self.planned[source] = page
        self.maker = Maker(
            pages, self.plan.outputs, self.published, self.plan.urls, self.cache, self.site.has
        )
        if config.nav is None:
            config.nav = self._navigation(files)
        return files

    def _navigation(self, files: Files) -> list[Any]:
        """Our pages first, then what is written by hand, for a site that lists neither."""
        planned = [page for page in self.plan.pages if page.single and not page.section]
        sources = [page_source(page) for page in planned]
        ours: list[Any] = [{page.title: source} for page, source in zip(planned, sources, strict=True)]
        by_hand = [
            file.src_uri
            for file in files.documentation_pages(inclusion=InclusionLevel.is_in_nav)
            if file.src_uri not in {*sources, *self.planned}
        ]
        return [*ours, *nest_paths(by_hand)]  # type: ignore[no-untyped-call]

    def on_page_markdown(self, markdown: str, *, page: SitePage, **_: Any) -> str:
        """Note where links to records are counted from."""
        self.links.page_source, self.links.page_url = page.file.src_uri, page.url
        return markdown

    def on_page_content(self, html: str, *, page: SitePage, config: MkDocsConfig, **_: Any) -> str:
        """Put marks where the inside of a planned page will stand."""
        planned = self.planned.get(page.file.src_uri)
        if planned is None:
            return diagrams.mark(html, config)
        content = MARKS if self.config.shells else planned.content
        page.toc = table_of_contents(content.toc)
        if is_shell(page.file.src_uri):
            page.present_anchor_ids = {item.id for item in content.toc}
            page.canonical_url = shell.CANONICAL if config.site_url else None
            page.edit_url = shell.EDIT if planned.source and self.edit_base else None
            history = shell.HISTORY if planned.source and self.history_base else ""
        else:
            page.present_anchor_ids = Anchors(planned)
            page.edit_url = self._edit_url(planned) or None
            history = self._history_url(planned)
        return content.html + source_links(page.edit_url or "", history)

    def _edit_url(self, page: Page) -> str:
        return self.edit_base + quote(page.source) if page.source and self.edit_base else ""

    def _history_url(self, page: Page) -> str:
        return self.history_base + quote(page.source) if page.source and self.history_base else ""

    def on_page_context(
        self, context: TemplateContext, *, page: SitePage, nav: Navigation, **_: Any
    ) -> TemplateContext:
        """Light the page of the navigation under which a planned page lies."""
        planned = self.planned.get(page.file.src_uri)
        if planned is not None and planned.section:
            section = planned.section + "index.md"
            self.nav_page = next((one for one in nav.pages if one.file.src_uri == section), None)
            if self.nav_page is not None:
                self.nav_page.active = True
        return context

    def on_env(self, env: Environment, *, config: MkDocsConfig, **_: Any) -> Environment:
        """Take hold of the theme's templates, to draw tables of contents; keep them compiled."""
        if env.bytecode_cache is None:
            env.bytecode_cache = Bytecode(self.cache)
        self.contents = Contents(env, config)
        return env

    @event_priority(-100)
    def on_post_template(self, html: str, *, template_name: str, **_: Any) -> str:
        """State the policy in the page for what is missing, as in all others."""
        if not template_name.endswith(".html"):
            return html
        html = self.search.dialog(html)
        return policy.with_meta(html) if self.states_policy else html

    def on_startup(self, *, command: str, **_: Any) -> None:
        """Note whether MkDocs serves the site itself: then it puts a script of its own into each page."""
        self.is_serving = command == "serve"

    @property
    def states_policy(self) -> bool:
        """Whether each page carries the policy under which it works."""
        return self.config.csp == policy.Csp.META and not self.is_serving

    # After every other plugin: what scripts they put into pages is part of the policy.
    @event_priority(-100)
    def on_post_page(self, html: str, *, page: SitePage, **_: Any) -> str:
        """Learn a shell from what the theme made of it."""
        html = self.search.dialog(html)
        if self.states_policy:
            html = policy.with_meta(html)
        if self.nav_page is not None:
            self.nav_page.active = False
            self.nav_page = None
        planned = self.planned.get(page.file.src_uri)
        if planned is not None and self.config.shells:
            toc = self.contents.draw(MARKS.toc)
            self.shells[page.file.src_uri] = shell.Shell.learn(
                planned.kind, html, toc, shared=not planned.single
            )
        return html

    def on_template_context(
        self, context: TemplateContext, *, template_name: str, config: MkDocsConfig
    ) -> TemplateContext:
        """List the records' pages in the sitemap, and not the shells."""
        if template_name == "sitemap.xml":
            shown: list[Any] = [file for file in context["pages"] if not is_shell(file.src_uri)]
            if self.config.shells:
                shown.extend(listed((p for p in self.plan.pages if not p.single), config.site_url))
            context["pages"] = shown
        return context

    # After every other plugin: what they write into the folder that MkDocs built is taken over too.
    @event_priority(-100)
    def on_post_build(self, *, config: MkDocsConfig) -> None:
        """Write the pages of records, the other files, and whatever else has changed, into the site."""
        try:
            self._finish(config)
        except IncidentbookError as error:
            raise PluginError(f"incidentbook: {error}") from error
        except OSError as error:
            raise PluginError(f"incidentbook: cannot write the site: {error}") from error

    def _finish(self, config: MkDocsConfig) -> None:
        assert self.maker is not None  # noqa: S101 -- on_files made it
        assert self.built is not None  # noqa: S101 -- on_config made it
        if self.config.csp != policy.Csp.NONE:
            public = self.published.audience is Audience.PUBLIC
            policy.write_headers(self.built, public=public)
        for source in self.shells:
            (self.built / source).with_suffix(".html").unlink()
        with self.maker as maker:
            for page, row in maker.rows():
                if self.config.shells:
                    self._write(page, row.inside, maker, config)
                self.search.add(page, row.search, partial(_entries, maker, page))
            for output, data in maker.files():
                stamp = maker.stamp_of(output)
                if data is not None:
                    self.site.write_changed(output.path, data, stamp)
                else:
                    self.site.keep(output.path, stamp)
            self.search.write(self.built, self.site)
        self.site.adopt(self.built)
        self.site.finish()
        shutil.rmtree(self.built)
        config.site_dir = str(self.site.folder)
        log.info(
            "%d records, %d pages: %d made anew, %d files written",
            len(self.published.entries),
            len(self.plan.pages),
            maker.missing,
            self.site.written,
        )

    def on_build_error(self, **_: Any) -> None:
        """Leave the site as it was, and nothing running."""
        if self.maker is not None:
            self.maker.close()
        if self.built is not None:
            shutil.rmtree(self.built, ignore_errors=True)

    def _write(self, page: Page, inside: str, maker: Maker, config: MkDocsConfig) -> None:
        """Fill the page's shell, unless the page that would come of it is there."""
        own = self.shells[shell_source(page)]
        canonical = config.site_url + quote(page.path) if config.site_url else ""
        edit, history = self._edit_url(page), self._history_url(page)
        path = page.path + "index.html"
        stamp = own.stamp(page.title, page.description, canonical, edit, history, inside, self.contents.stamp)
        if self.site.keep(path, stamp):
            return
        content = maker.content(page)
        html = own.fill(
            shell.Fillings(
                title=page.title,
                description=page.description,
                canonical=canonical,
                edit=edit,
                history=history,
                skip=content.toc[0].id,
                content=content.html,
                toc=self.contents.draw(content.toc),
            )
        )
        self.site.write(path, html.encode(), stamp)

    def on_serve(self, server: LiveReloadServer, **_: Any) -> LiveReloadServer:
        """Build again when a record or the taxonomy changes."""
        for name in ROOMS:
            if (self.root / name).is_dir():
                server.watch(str(self.root / name))
        return server


def _entries(maker: Maker, page: Page) -> tuple[SearchEntry, ...]:
    return maker.content(page).search


def _is_by_hand(page: Page, files: Files) -> bool:
    if not page.single or files.get_file_from_path(page_source(page)) is None:
        return False
    log.info("%s is written by hand and stands in for the planned page", page_source(page))
    return True


@contextmanager
def _without_collections() -> Iterator[None]:
    """Read a whole archive without looking for garbage in it again and again: there is none."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
        gc.freeze()
    finally:
        if was_on:
            gc.enable()
