"""The course of something in time: lanes of stretches and marks over one axis, to scale."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape

from incidentbook.charts.axis import Piece, TimeAxis

_HEAD = 20
_LANE, _BAR, _BAR_TOP = 40, 14, 18
_LEAST_WIDTH = 0.004
"""What lasted too short to be seen is drawn as a hair, never left out."""

_LONGEST_LABEL = 44


@dataclass(frozen=True, slots=True)
class Stretch:
    """Some time, from and to in seconds; what is `hatched` lies over the others.

    `tone` is the class of its colour: a word of ours, never of a record.
    """

    start: float
    end: float
    tone: str
    words: str
    hatched: bool = False


@dataclass(frozen=True, slots=True)
class Mark:
    """A moment on a lane, in seconds; for `tone` see Stretch."""

    at: float
    tone: str
    words: str


@dataclass(frozen=True, slots=True)
class Lane:
    """A row of the drawing."""

    label: str
    stretches: Sequence[Stretch] = ()
    marks: Sequence[Mark] = ()


def draw_course(lanes: Sequence[Lane], axis: TimeAxis, label: str, say: Callable[[float], str]) -> str:
    """Draw lanes as wide as the page lets them be; `say` puts seconds into words.

    Places are shares of the width, so that letters stay as large as the page's on every screen. All
    that it says must be said beside it too: to who cannot see it, it is one picture with this label.
    """
    height = _HEAD + len(lanes) * _LANE
    first = axis.pieces[0].start
    parts = [
        f'<svg class="ib-course" width="100%" height="{height}" role="img" aria-label="{escape(label)}">',
    ]
    if any(stretch.hatched for lane in lanes for stretch in lane.stretches):
        parts.append(_HATCH)
    parts.append('<text class="ib-course__tick" x="0" y="11">start</text>')
    for at in axis.ticks():
        x, words = f"{axis.place(at) * 100:.2f}%", escape(say(at - first))
        parts.append(
            f'<line class="ib-course__guide" x1="{x}" x2="{x}" y1="16" y2="{height}"/>'
            f'<text class="ib-course__tick" x="{x}" y="11" text-anchor="middle">+{words}</text>'
        )
    for number, lane in enumerate(lanes):
        _draw_lane(parts, lane, axis, _HEAD + number * _LANE)
    parts.extend(_cut(piece, height, say) for piece in axis.cuts)
    parts.append("</svg>")
    return "".join(parts)


_HATCH = (
    '<defs><pattern id="ib-hatch" width="6" height="6" patternUnits="userSpaceOnUse" '
    'patternTransform="rotate(45)"><rect class="ib-course__hatch" width="3" height="6"/></pattern></defs>'
)


def _draw_lane(parts: list[str], lane: Lane, axis: TimeAxis, top: int) -> None:
    place = axis.place
    label = lane.label if len(lane.label) <= _LONGEST_LABEL else lane.label[: _LONGEST_LABEL - 1] + "…"
    y = top + _BAR_TOP
    parts.append(
        f'<text class="ib-course__label" x="0" y="{top + 12}">{escape(label)}</text>'
        f'<rect class="ib-course__track" width="100%" y="{y}" height="{_BAR}"/>'
    )
    for stretch in lane.stretches:
        left = place(stretch.start)
        width = max(place(stretch.end) - left, _LEAST_WIDTH)
        left = min(left, 1 - width)
        fill = 'fill="url(#ib-hatch)"' if stretch.hatched else f'class="ib-fill--{stretch.tone}"'
        parts.append(
            f'<rect {fill} x="{left * 100:.2f}%" y="{y}" width="{width * 100:.2f}%" height="{_BAR}">'
            f"<title>{escape(stretch.words)}</title></rect>"
        )
    middle = y + _BAR // 2
    parts.extend(
        f'<circle class="ib-course__mark ib-fill--{mark.tone}" cx="{place(mark.at) * 100:.2f}%" '
        f'cy="{middle}" r="5"><title>{escape(mark.words)}</title></circle>'
        for mark in lane.marks
    )


def _cut(piece: Piece, height: int, say: Callable[[float], str]) -> str:
    """A torn strip over all lanes that says how much is left out."""
    top = 16
    teeth = range(top, height + 8, 8)
    left = " ".join(f"{1.5 if index % 2 else 0.5},{y}" for index, y in enumerate(teeth))
    right = " ".join(f"{9.5 if index % 2 else 8.5},{y}" for index, y in reversed(list(enumerate(teeth))))
    # at the right edge the words would leave the drawing
    at, anchor = ((piece.left + piece.right) * 50, "middle") if piece.right < 1 else (100.0, "end")
    x, width = f"{piece.left * 100:.2f}%", f"{(piece.right - piece.left) * 100:.2f}%"
    return (
        f'<svg class="ib-course__cut" x="{x}" width="{width}" height="{height}" viewBox="0 0 10 {height}" '
        f'preserveAspectRatio="none"><polygon points="{left} {right}"/>'
        f'<polyline points="{left}"/><polyline points="{right}"/></svg>'
        f'<text class="ib-course__tick ib-course__tick--cut" x="{at:.2f}%" y="11" text-anchor="{anchor}">'
        f"{escape(say(piece.end - piece.start))}</text>"
    )
