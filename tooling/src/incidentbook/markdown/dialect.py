"""GitHub's dialect of Markdown, as the one parser that we use is told of it."""

from __future__ import annotations

from comrak import ExtensionOptions, ParseOptions, RenderOptions, render_markdown

_PARSING = ParseOptions()
_EXTENSIONS = ExtensionOptions()
for _name in ("table", "autolink", "strikethrough", "tasklist", "tagfilter", "footnotes"):
    setattr(_EXTENSIONS, _name, True)


def _rendering(**options: bool) -> RenderOptions:
    rendering = RenderOptions()
    rendering.github_pre_lang = True
    rendering.gfm_quirks = True
    for name, value in options.items():
        setattr(rendering, name, value)
    return rendering


_WHOLE = _rendering(unsafe_=True, tasklist_classes=True)
"""Raw HTML goes through to the sanitiser, which is the one place that decides about it."""

_PLACED = _rendering(sourcepos=True)
"""Raw HTML is left out, so that every tag is one of Markdown's, and says where it stands."""


def to_html(text: str) -> str:
    """Render to HTML that is not yet safe."""
    return render_markdown(text, _EXTENSIONS, _PARSING, _WHOLE)


def to_placed_html(text: str) -> str:
    """Render to HTML whose elements say in `data-sourcepos` from which lines of the text they come."""
    return render_markdown(text, _EXTENSIONS, _PARSING, _PLACED)
