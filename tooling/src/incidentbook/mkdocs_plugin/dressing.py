"""Our styles, templates and mark, given to the theme where the site has not chosen others."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from mkdocs.config.defaults import MkDocsConfig

from incidentbook.pages import FOLDER, assets

THEME = Path(__file__).parent / "theme"
FAVICON = "assets/incidentbook/favicon.svg"
MATERIAL_FAVICON = "assets/images/favicon.png"
MARK = "incidentbook/mark"
TABS = "navigation.tabs"
SCRIPTS = FOLDER + "incidentbook."
"""What every page loads; other scripts are loaded by it, where they are needed."""


def dress(config: MkDocsConfig) -> None:
    """Set up the theme; whatever mkdocs.yml says of colours, logo, icon or navigation stays."""
    theme = config.theme
    # After the user's own templates, before Material's.
    theme.dirs.insert(1 if theme.custom_dir else 0, str(THEME))
    config.extra_css[:0] = [name for name in assets() if name.endswith(".css")]
    config.extra_javascript[:0] = [
        name for name in assets() if name.startswith(SCRIPTS) and name.endswith(".js")
    ]
    if theme.get("favicon") in {None, MATERIAL_FAVICON}:
        theme["favicon"] = FAVICON
    icons = dict(theme.get("icon") or {})
    if not theme.get("logo") and not icons.get("logo"):
        theme["icon"] = {**icons, "logo": MARK}
    theme["palette"] = _coloured(theme.get("palette"))
    if config.nav is None and TABS not in theme["features"]:
        theme["features"] = [*theme["features"], TABS]


def _coloured(palette: Any) -> Any:
    """Our colours in every scheme for which none are named."""
    if isinstance(palette, list):
        return [_coloured(scheme) for scheme in palette]
    return {"primary": "custom", "accent": "custom", **(palette or {})}
