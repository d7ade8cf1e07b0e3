"""An axis of time to scale, on which long silences are cut and shown as cut."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import pairwise

from incidentbook.charts.scales import DAY, HOUR, MINUTE

_CUT_WIDTH = 0.08
_MOST_CUTS = 3
_SILENCE = 20
"""A gap that is so many times as long as all the rest would leave the rest no room to be seen."""

_TAIL = 0.5
"""What follows the end of the story may take half as long as the story, and is cut where it is longer."""

_LEAST = 10 * MINUTE
"""What is left between cuts is at least so long: seconds are not blown up to fill a drawing."""

_STEPS = (
    *(MINUTE * minutes for minutes in (1, 2, 5, 10, 15, 30)),
    *(HOUR * hours for hours in (1, 2, 3, 6, 12)),
    *(DAY * days for days in (1, 2, 5, 10, 20, 50, 100, 200)),
)
_MOST_TICKS = 5
_TICK_ROOM = 0.13
"""The share of the width that a label has at least for itself."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of the axis: from and to in seconds, and in shares of the width; `cut` is not to scale."""

    start: float
    end: float
    left: float
    right: float
    cut: bool


@dataclass(frozen=True)
class TimeAxis:
    """Places for times, in shares of the width: the first time at 0, the last at 1, never out of order."""

    pieces: tuple[Piece, ...]

    def place(self, at: float) -> float:
        """Return where a time stands, 0 to 1; what lies outside stands at the nearer end."""
        piece = self.pieces[-1]
        for piece in self.pieces:
            if at <= piece.end:
                break
        if at <= piece.start:
            return piece.left
        if at >= piece.end:
            return piece.right
        return piece.left + (at - piece.start) / (piece.end - piece.start) * (piece.right - piece.left)

    @property
    def cuts(self) -> tuple[Piece, ...]:
        """The silences that are not to scale."""
        return tuple(piece for piece in self.pieces if piece.cut)

    def ticks(self) -> Iterator[float]:
        """Yield round times after the first, as many as there is room for their labels."""
        first = self.pieces[0].start
        whole = sum(piece.end - piece.start for piece in self.pieces if not piece.cut)
        step = next((step for step in _STEPS if whole / step <= _MOST_TICKS), None)
        if step is None:
            step = math.ceil(whole / _MOST_TICKS / _STEPS[-1]) * _STEPS[-1]
        # the beginning has a label too
        taken = _TICK_ROOM
        for piece in self.pieces:
            if piece.cut:
                taken = piece.right + _TICK_ROOM / 2
                continue
            for number in range(_after(piece.start - first, step), _after(piece.end - first, step)):
                at = first + number * step
                place = self.place(at)
                if taken <= place <= piece.right - _TICK_ROOM / 2:
                    taken = place + _TICK_ROOM
                    yield at


def _after(seconds: float, step: float) -> int:
    """The number of the first multiple of a step that lies after some seconds."""
    return math.floor(seconds / step) + 1


def axis_of(times: Iterable[float], story_end: float | None = None) -> TimeAxis:
    """Make the axis for what has these times, in seconds.

    A gap is cut where it would leave all the rest no room; after `story_end`, where the story is
    over and only book-keeping follows, sooner.
    """
    points = sorted(set(times)) or [0.0]
    gaps = list(pairwise(points))
    cuts = _cuts(gaps, story_end)
    whole = sum(end - start for gap, (start, end) in enumerate(gaps) if gap not in cuts)
    room = 1.0 - len(cuts) * _CUT_WIDTH
    pieces: list[Piece] = []
    cut_so_far, counted = 0, 0.0
    for start, end, is_cut in _runs(gaps, cuts):
        # from the sums so far, not from the place before: steps of a hair do not add up to an error
        left = cut_so_far * _CUT_WIDTH + (counted / whole if whole else 0.0) * room
        if is_cut:
            cut_so_far += 1
        else:
            counted += end - start
        pieces.append(Piece(start, end, left, 1.0, is_cut))
    lefts = [*(piece.left for piece in pieces[1:]), 1.0]
    drawn = tuple(replace(piece, right=right) for piece, right in zip(pieces, lefts, strict=False))
    return TimeAxis(drawn or (Piece(points[0], points[0], 0.0, 0.0, cut=False),))


def _runs(gaps: Iterable[tuple[float, float]], cuts: frozenset[int]) -> Iterator[tuple[float, float, bool]]:
    """Join the gaps that are to scale: between cuts the axis is one piece."""
    begun: float | None = None
    end = 0.0
    for gap, (start, stop) in enumerate(gaps):
        if gap in cuts:
            if begun is not None:
                yield begun, start, False
            yield start, stop, True
            begun = None
        else:
            begun = start if begun is None else begun
        end = stop
    if begun is not None:
        yield begun, end, False


def _cuts(gaps: list[tuple[float, float]], story_end: float | None) -> frozenset[int]:
    """Which gaps are cut."""
    lengths = [end - start for start, end in gaps]
    rest = sum(lengths)
    cuts: list[int] = []
    longest_first = sorted(range(len(gaps)), key=lengths.__getitem__, reverse=True)
    story = story_end - gaps[0][0] if story_end is not None and gaps else 0.0
    for gap in longest_first[:_MOST_CUTS]:
        length = lengths[gap]
        is_tail = story_end is not None and gaps[gap][0] >= story_end and length > story * _TAIL
        left = story if is_tail else rest - length
        if left < _LEAST or not (is_tail or length > _SILENCE * left):
            continue
        cuts.append(gap)
        rest -= length
    return frozenset(cuts)
