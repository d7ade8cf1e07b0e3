"""Lines that fit a terminal: how wide it is, which signs it knows, and what is cut off."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, tzinfo

from rich.cells import cell_len, chop_cells
from rich.text import Text

from incidentbook.clocks import Clock, ClockState
from incidentbook.reports.stats.words import printable

NARROWEST, WIDEST = 40, 120
_BAR = 24
_INDENT = "  "

STYLES = {
    ClockState.MET: "green",
    ClockState.BREACHED: "red",
    ClockState.RUNNING: "",
    ClockState.AT_RISK: "yellow",
    ClockState.PAUSED: "magenta",
}


@dataclass(frozen=True, slots=True)
class Layout:
    """How lines are made: so many columns, in ASCII alone or not, times in one zone."""

    columns: int
    ascii_only: bool
    zone: tzinfo
    now: datetime

    @property
    def width(self) -> int:
        """The columns that are used: no terminal is too narrow, and a line may be too long to read."""
        return max(NARROWEST, min(self.columns, WIDEST))

    @property
    def ellipsis(self) -> str:
        """What stands for the rest of a line."""
        return "..." if self.ascii_only else "…"

    def cut(self, text: str, width: int) -> str:
        """What somebody wrote, on one line, safe for a terminal, and no wider than so many columns."""
        shown = printable(" ".join(text[: 4 * WIDEST].split()))
        if cell_len(shown) <= width and len(text) <= 4 * WIDEST:
            return shown
        parts = chop_cells(shown, max(1, width - len(self.ellipsis)))
        return (parts[0].rstrip() if parts else "") + self.ellipsis

    def line(self, words: str, style: str = "", *, indent: str = _INDENT) -> Text:
        """One line of a block."""
        return Text(indent + self.cut(words, self.width - len(indent)), style)

    def bar(self, clock: Clock) -> str:
        """How much of a target is used."""
        length = max(8, min(_BAR, self.width - 44))
        seconds = clock.target.total_seconds()
        share = min(1.0, clock.elapsed.total_seconds() / seconds) if seconds > 0 else 1.0
        full = int(share * length)
        signs = ("#", "-") if self.ascii_only else ("█", "░")
        bar = signs[0] * full + signs[1] * (length - full)
        return f"[{bar}]" if self.ascii_only else bar

    def time(self, at: datetime) -> str:
        """A time to the minute; without its day where that is today."""
        local, today = at.astimezone(self.zone), self.now.astimezone(self.zone).date()
        day = "" if local.date() == today else f"{local:%Y-%m-%d} "
        return f"{day}{local:%H:%M}"
