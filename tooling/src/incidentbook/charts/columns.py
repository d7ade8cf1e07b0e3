"""A column chart whose labels stay readable on a phone, because they are text, not drawing."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape

_STEP, _WIDTH, _HEIGHT = 20, 14, 100


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its label under the axis, its value (None where there is none), words for a tooltip."""

    label: str
    value: float | None
    words: str


def columns(
    data: Sequence[Column],
    caption: str,
    show: Callable[[float], str],
    round_up: Callable[[float], float] | None = None,
) -> str:
    """Draw columns from zero to a round number above the largest value; `show` words the scale.

    `round_up` finds that number where tens are not what is round: hours are by sixes and twelves.
    """
    values = [column.value for column in data if column.value is not None]
    top = (round_up or _round_up)(max(values, default=0.0))
    width = max(len(data) * _STEP, 1)
    drawn = "".join(_column(index, column, top) for index, column in enumerate(data))
    lines = "".join(
        f'<path class="ib-chart__line" d="M0 {y}H{width}" vector-effect="non-scaling-stroke"/>'
        for y in (0, 50, 100)
    )
    labels = "".join(f"<span>{escape(column.label)}</span>" for column in data)
    return (
        f'<figure class="ib-chart"><figcaption>{escape(caption)}</figcaption>'
        '<div class="ib-chart__plot"><div class="ib-chart__scale" aria-hidden="true">'
        f"{''.join(f'<span>{escape(show(value))}</span>' for value in (top, top / 2, 0.0))}</div>"
        f'<svg viewBox="0 0 {width} {_HEIGHT}" preserveAspectRatio="none" role="img" '
        f'aria-label="{escape(caption)}">{lines}{drawn}</svg></div>'
        f'<div class="ib-chart__labels" aria-hidden="true">{labels}</div></figure>'
    )


def _column(index: int, column: Column, top: float) -> str:
    x = index * _STEP + (_STEP - _WIDTH) / 2
    height = 0.0 if column.value is None else column.value / top * _HEIGHT
    # The whole height answers the pointer, so that a small value can be hit.
    return (
        f"<g><title>{escape(column.words)}</title>"
        f'<rect class="ib-chart__hit" x="{index * _STEP}" width="{_STEP}" height="{_HEIGHT}"/>'
        f'<rect class="ib-chart__column" x="{x:g}" y="{_HEIGHT - height:.2f}" width="{_WIDTH}" '
        f'height="{height:.2f}"/></g>'
    )


def _round_up(value: float) -> float:
    """The next of 1, 2, 4, 6, 8, 10, 20, 40, ...: half of each is a number to read at a glance."""
    if value <= 0:
        return 2.0
    power = 10.0 ** math.floor(math.log10(value))
    return next((step * power for step in (1, 2, 4, 6, 8, 10) if value <= step * power), 10 * power)
