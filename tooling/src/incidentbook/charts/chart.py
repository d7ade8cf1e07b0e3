"""A chart: the drawing, and the same in words and in a table."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape


@dataclass(frozen=True, slots=True)
class Chart:
    """One chart. `svg` stands on its own in a page; its label says `caption` and `summary`.

    `headings` and `rows` hold every value that is drawn, for who cannot see it, and for Markdown.
    """

    svg: str
    caption: str
    summary: str
    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    def figure(self, *, table: bool = True) -> str:
        """Return the chart as an HTML figure, with its values in a table to unfold."""
        values = ""
        if table:
            head = "".join(f'<th scope="col">{escape(heading)}</th>' for heading in self.headings)
            body = "".join(
                "<tr>"
                + f'<th scope="row">{escape(row[0])}</th>'
                + "".join(f"<td>{escape(cell)}</td>" for cell in row[1:])
                + "</tr>"
                for row in self.rows
            )
            values = (
                '<details class="ib-plot__values"><summary>Values</summary>'
                f'<table class="ib-plot__table"><thead><tr>{head}</tr></thead>'
                f"<tbody>{body}</tbody></table></details>"
            )
        return (
            f'<figure class="ib-plot-figure"><figcaption>{escape(self.caption)}'
            f'<span class="ib-plot__summary">{escape(self.summary)}</span></figcaption>'
            f"{self.svg}{values}</figure>"
        )
