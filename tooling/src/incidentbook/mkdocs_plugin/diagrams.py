"""Diagrams in hand-written pages, marked as those in records are."""

from __future__ import annotations

import re
from typing import Any

from mkdocs.config.defaults import MkDocsConfig

from incidentbook.markdown import DIAGRAM

SUPERFENCES = "pymdownx.superfences"
_SOURCE = re.compile(
    r'<pre class="mermaid"><code>(.*?)</code></pre>'
    r'|<pre><code class="(?:language-)?mermaid">(.*?)</code></pre>',
    re.DOTALL,
)


def fence(config: MkDocsConfig) -> None:
    """Let superfences pass diagrams through, where the site has not said how."""
    if SUPERFENCES not in config.markdown_extensions:
        return
    settings = config.mdx_configs.setdefault(SUPERFENCES, {})
    fences = list(settings.get("custom_fences") or ())
    if not any(one.get("name") == "mermaid" for one in fences):
        from pymdownx.superfences import fence_code_format  # noqa: PLC0415 -- only where it is in use

        fences.append({"name": "mermaid", "class": "mermaid", "format": fence_code_format})
        settings["custom_fences"] = fences


def mark(html: str, config: MkDocsConfig) -> str:
    """Have diagrams drawn by our script: Material would load one from another host.

    A site that brings a mermaid of its own keeps its diagrams as they are.
    """
    if "mermaid" not in html or any("mermaid" in str(script) for script in config.extra_javascript):
        return html
    return _SOURCE.sub(_marked, html)


def _marked(match: re.Match[str]) -> str:
    source: Any = match[1] if match[1] is not None else match[2]
    return DIAGRAM.format(source)
