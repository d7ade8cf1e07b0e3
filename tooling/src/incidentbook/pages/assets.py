"""The files that every site of ours carries: styles, scripts, an icon."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from hashlib import sha256
from importlib.resources import files
from types import MappingProxyType

FOLDER = "assets/incidentbook/"
_BUNDLES = {"css": "\n", "js": ";\n"}
"""What is kept in several files for who writes it and sent as one; and what stands between two."""


@cache
def assets() -> Mapping[str, bytes]:
    """Path on the site, and content.

    Each folder of `static/` that is named in _BUNDLES is one file, in the order of its parts' names;
    its name on the site carries a hash of it, so that a browser may keep it for as long as it likes.
    Every other file goes as it is.
    """
    static = files("incidentbook.pages") / "static"
    found: dict[str, bytes] = {}
    for item in sorted(static.iterdir(), key=lambda one: one.name):
        if item.is_file():
            found[FOLDER + item.name] = item.read_bytes()
        elif item.name in _BUNDLES:
            parts = sorted(item.iterdir(), key=lambda one: one.name)
            joint = _BUNDLES[item.name].join(part.read_text("utf-8") for part in parts).encode()
            found[f"{FOLDER}incidentbook.{sha256(joint).hexdigest()[:8]}.{item.name}"] = joint
    return MappingProxyType(found)
