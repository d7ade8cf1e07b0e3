"""Bars that fill their width: days of a service, a share of a target, stretches of time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape


@dataclass(frozen=True, slots=True)
class Bar:
    """One day: the class of its state, words for a tooltip, and where a click leads."""

    state: str
    words: str = ""
    href: str | None = None


def day_bars(bars: Sequence[Bar], label: str) -> str:
    """Draw one bar a day. Days of one state share one path, so that a page of services stays small.

    A path is a thick line a run of days, which its dashes (in the style sheet) cut into days. Only a
    bar with words has an element of its own: an area to point at, over the drawing.
    """
    runs: dict[str, list[str]] = {}
    start = 0
    for index in range(1, len(bars) + 1):
        if index == len(bars) or bars[index].state != bars[start].state:
            runs.setdefault(bars[start].state, []).append(f"M{start} 1h{index - start}")
            start = index
    paths = "".join(f'<path class="ib-day--{escape(state)}" d="{"".join(d)}"/>' for state, d in runs.items())
    told = "".join(_told(bar, index) for index, bar in enumerate(bars) if bar.words)
    role = "group" if told else "img"
    return (
        f'<svg viewBox="0 0 {max(len(bars), 1)} 2" preserveAspectRatio="none" role="{role}" '
        f'aria-label="{escape(label)}">{paths}{told}</svg>'
    )


def _told(bar: Bar, x: int) -> str:
    area = f'<rect x="{x}" width="1" height="2"><title>{escape(bar.words)}</title></rect>'
    return f'<a href="{escape(bar.href)}">{area}</a>' if bar.href else area


def meter(share: float, state: str, mark: float | None = None) -> str:
    """Draw how much of a target is used; `mark` is a share to point out. More than all fills the bar."""
    used = max(0.0, min(1.0, share))
    line = ""
    if mark is not None and 0 < mark < 1:
        line = f'<rect class="ib-meter__mark" x="{mark * 100:.1f}%" width="1" height="6"/>'
    return (
        '<svg class="ib-meter" width="100%" height="6" aria-hidden="true">'
        '<rect class="ib-meter__track" width="100%" height="6" rx="3"/>'
        f'<rect class="ib-fill--{escape(state)}" width="{used * 100:.1f}%" height="6" rx="3"/>{line}</svg>'
    )
