"""The files that every site of ours carries: styles, a script, an icon."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

_FOLDER = Path(__file__).parent / "static"

ASSETS: Mapping[str, Path] = MappingProxyType(
    {f"assets/incidentbook/{path.name}": path for path in sorted(_FOLDER.iterdir()) if path.is_file()}
)
"""Path on the site, and file in the package."""
