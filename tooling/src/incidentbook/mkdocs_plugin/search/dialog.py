"""Material's search dialog, led by our script instead of Material's."""

from __future__ import annotations

from html import escape

from mkdocs.config.defaults import MkDocsConfig

from incidentbook.mkdocs_plugin.search.index import MANIFEST
from incidentbook.pages import FOLDER, assets

_MATERIAL_SEARCH = "material/search"
_COMPONENT = 'data-md-component="search"'
_FORM = '<form class="md-search__form" name="search">'
_SHARE = 'href="javascript:void(0)"'


def is_shown(config: MkDocsConfig) -> bool:
    """Whether the theme draws a search box: where its search plugin is listed and not switched off."""
    plugin = config.plugins.get(_MATERIAL_SEARCH)
    return plugin is not None and bool(plugin.config.get("enabled", True))


def led_by_us(html: str) -> str:
    """Hand the dialog of a page to our script.

    Material's script takes hold of what is marked as its component, and of a form named `search`: it
    would start a worker and fetch an index on every page, before anybody asks. Without the marks it
    leaves the dialog alone, with its looks and its switch. The link that copies the address of a search
    gets an address: neither a strict policy nor a crawler has a use for a script in its place.
    """
    script = next(name for name in assets() if name.startswith(FOLDER + "search."))
    ours = f'data-ib-search="{escape(script)}" data-ib-index="{escape(MANIFEST)}" aria-label="Search"'
    led = html.replace(_COMPONENT, ours, 1).replace(_FORM, _FORM.replace(' name="search"', ""), 1)
    return led.replace(_SHARE, 'href="?q="', 1)
