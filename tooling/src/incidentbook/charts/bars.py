"""Bars that fill their width: days of a service, a share of a target, stretches of time."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape

_STEP, _WIDTH, _HEIGHT = 10, 7, 34


@dataclass(frozen=True, slots=True)
class Bar:
    """One day: the class of its state, words for a tooltip, and where a click leads."""

    state: str
    words: str = ""
    href: str | None = None


def day_bars(bars: Sequence[Bar], label: str) -> str:
    """Draw one bar a day. Days with nothing to say share one path, so that a page of services stays small."""
    width = max(len(bars) * _STEP - (_STEP - _WIDTH), 1)
    plain: dict[str, list[str]] = {}
    told: list[str] = []
    for index, bar in enumerate(bars):
        x = index * _STEP
        if bar.words:
            told.append(_told(bar, x))
        else:
            plain.setdefault(bar.state, []).append(f"M{x} 0h{_WIDTH}v{_HEIGHT}h-{_WIDTH}z")
    paths = "".join(f'<path class="ib-day--{escape(state)}" d="{"".join(d)}"/>' for state, d in plain.items())
    return (
        f'<svg class="ib-days" viewBox="0 0 {width} {_HEIGHT}" preserveAspectRatio="none" role="group" '
        f'aria-label="{escape(label)}">{paths}{"".join(told)}</svg>'
    )


def _told(bar: Bar, x: int) -> str:
    rect = (
        f'<rect class="ib-day--{escape(bar.state)}" x="{x}" width="{_WIDTH}" height="{_HEIGHT}">'
        f"<title>{escape(bar.words)}</title></rect>"
    )
    return f'<a href="{escape(bar.href)}">{rect}</a>' if bar.href else rect


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


def segments(parts: Iterable[tuple[float, float, str, str]]) -> str:
    """Draw stretches of a span, each (start share, end share, state, words), on one bar."""
    drawn = "".join(
        f'<rect class="ib-fill--{escape(state)}" x="{start * 100:.2f}%" height="8" '
        f'width="{max(end - start, 0.006) * 100:.2f}%"><title>{escape(words)}</title></rect>'
        for start, end, state, words in parts
    )
    return (
        '<svg class="ib-span" width="100%" height="8" aria-hidden="true">'
        f'<rect class="ib-meter__track" width="100%" height="8"/>{drawn}</svg>'
    )
