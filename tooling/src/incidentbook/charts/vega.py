"""From a Vega-Lite specification to a static SVG that takes its colours from the page around it."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any
from xml.etree import ElementTree as ET

_SVG = "http://www.w3.org/2000/svg"
_NO_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_LONG_NUMBER = re.compile(r"-?\d+\.\d{3,}")

ACCENT = "var(--ib-brand, #0b5c6b)"
GOOD = "var(--ib-good, #1f8a4d)"
BAD = "var(--ib-bad, #cf2f34)"
QUIET = "var(--ib-calm, #8a999e)"
MUTED = "var(--ib-muted, #55666c)"
LINE = "var(--ib-line, #dfe6e7)"
TEXT = "currentColor"

FONT_SIZE = 11

_CONFIG: Mapping[str, Any] = {
    # What every bar says stands in `description` and becomes its <title>; Vega's own labels for
    # screen readers tell how a chart is drawn, mark by mark, and nothing of what it means.
    "background": "transparent",
    "view": {"stroke": None},
    "axis": {
        "aria": False,
        "labelColor": MUTED,
        "titleColor": MUTED,
        "gridColor": LINE,
        "domain": False,
        "ticks": False,
        "labelFontSize": FONT_SIZE,
        "titleFontSize": FONT_SIZE,
        "titleFontWeight": "normal",
        "labelPadding": 5,
        "labelOverlap": False,
        "labelBound": False,
        "labelFlush": False,
    },
    "text": {"aria": False, "fontSize": FONT_SIZE, "fill": MUTED},
    "rule": {"aria": False},
}


def draw(
    spec: Mapping[str, Any],
    *,
    size: tuple[int, int],
    inset: tuple[int, int, int, int],
    label: str,
    links: Sequence[str | None] = (),
) -> str:
    """Draw a specification on a canvas of `size`, with room for axes at top, right, bottom and left.

    Nothing is placed by the measured width of a text, so that the fonts of a machine change no byte.
    `label` is the text alternative of the whole, `links` says where the described marks lead, in
    their order (Vega would make every address absolute).
    """
    top, right, bottom, left = inset
    whole = {
        **spec,
        "config": _CONFIG,
        "autosize": {"type": "none"},
        "padding": {"left": left, "top": top, "right": right, "bottom": bottom},
        "width": size[0] - left - right,
        "height": size[1] - top - bottom,
    }
    root = ET.fromstring(_drawn(json.dumps(_legible(whole))))  # noqa: S314 - we have just had it drawn
    _tidy(root, links)
    root.attrib.update(
        {
            "class": "ib-plot",
            "viewBox": f"0 0 {size[0]} {size[1]}",
            "width": str(size[0]),
            "height": str(size[1]),
            "role": "img",
            "aria-label": _legible(label),
        }
    )
    ET.register_namespace("", _SVG)
    text = ET.tostring(_unwrapped(root), encoding="unicode")
    return _LONG_NUMBER.sub(lambda match: f"{float(match[0]):.2f}".rstrip("0").rstrip("."), text)


@lru_cache(maxsize=64)
def _drawn(spec: str) -> str:
    """Draw each specification once: a site that is served is built again and again, mostly the same."""
    import vl_convert  # noqa: PLC0415 - starts an engine, and most runs draw nothing

    svg: str = vl_convert.vegalite_to_svg(spec)
    return svg


def labels_of(texts: Sequence[str]) -> str:
    """Return the expression that writes these texts along an axis of positions from 0 on.

    Vega's own labels are the values themselves; ours stand in a list beside, so that two may be alike.
    """
    return f"{json.dumps(_legible(texts))}[datum.value]"


def _legible(value: Any) -> Any:
    """Put a sign in the place of every character that no XML may hold."""
    if isinstance(value, str):
        return _NO_XML.sub("\N{REPLACEMENT CHARACTER}", value)
    if isinstance(value, Mapping):
        return {key: _legible(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_legible(inner) for inner in value]
    return value


def _tidy(root: ET.Element, links: Sequence[str | None]) -> None:
    """Keep what is seen and what is said of it; drop what only Vega's own runtime needs."""
    root.attrib.clear()
    described = iter(links)
    for parent in list(root.iter()):
        for place, child in enumerate(list(parent)):
            if _is_invisible(child):
                parent.remove(child)
            elif _reword(child) and (href := next(described, None)):
                link = ET.Element(f"{{{_SVG}}}a", {"href": href})
                parent.remove(child)
                parent.insert(place, link)
                link.append(child)


def _is_invisible(element: ET.Element) -> bool:
    if element.get("display") == "none" or element.get("class") in {"background", "foreground"}:
        return True
    return element.tag == f"{{{_SVG}}}text" and not (element.text or "").strip()


def _reword(element: ET.Element) -> bool:
    """Turn what is said of a mark into its title; tell whether anything is."""
    words = element.attrib.pop("aria-label", None)
    for name in ("aria-hidden", "aria-roledescription", "role", "class", "pointer-events", "font-family"):
        element.attrib.pop(name, None)
    if element.attrib.get("opacity") == "1":
        del element.attrib["opacity"]
    if words is None:
        return False
    ET.SubElement(element, f"{{{_SVG}}}title").text = words
    return True


def _unwrapped(element: ET.Element) -> ET.Element:
    """Take away groups that hold nothing, or that only hold another element and say nothing."""
    for place, child in enumerate(list(element)):
        element.remove(child)
        element.insert(place, _unwrapped(child))
    group = f"{{{_SVG}}}g"
    for child in list(element):
        if child.tag == group and not len(child):
            element.remove(child)
    if element.tag == group and not element.attrib and len(element) == 1:
        return element[0]
    return element
