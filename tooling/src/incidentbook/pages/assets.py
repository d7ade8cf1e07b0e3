"""The files that every site of ours carries: styles, scripts, an icon."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from hashlib import sha256
from importlib.resources import files
from importlib.resources.abc import Traversable
from types import MappingProxyType

FOLDER = "assets/incidentbook/"
_BUNDLES = {
    "css": ("incidentbook", "css", "\n"),
    "js": ("incidentbook", "js", ";\n"),
    "search": ("search", "js", "\n"),
}
"""Folders of what is kept in several files for who writes it and sent as one: how that is called, and
what stands between two. The search is apart from the other scripts, for a page loads it when it is asked for.
"""


@cache
def assets() -> Mapping[str, bytes]:
    """Path on the site, and content.

    Each folder of `static/` that is named in _BUNDLES is one file, in the order of its parts' names;
    its name on the site carries a hash of it, so that a browser may keep it for as long as it likes.
    A folder in one of them is one script in several parts, which share what they define with each other
    and with nobody else. Every other file goes as it is.
    """
    static = files("incidentbook.pages") / "static"
    found: dict[str, bytes] = {}
    for item in _in_order(static):
        if item.is_file():
            found[FOLDER + item.name] = item.read_bytes()
        elif item.name in _BUNDLES:
            name, ending, between = _BUNDLES[item.name]
            joint = between.join(map(_text, _in_order(item))).encode()
            found[f"{FOLDER}{name}.{sha256(joint).hexdigest()[:8]}.{ending}"] = joint
    return MappingProxyType(found)


def _in_order(folder: Traversable) -> list[Traversable]:
    return sorted(folder.iterdir(), key=lambda one: one.name)


def _text(part: Traversable) -> str:
    if part.is_file():
        return part.read_text("utf-8")
    inside = "\n".join(map(_text, _in_order(part)))
    return f'"use strict";\n(() => {{\n{inside}}})();\n'
