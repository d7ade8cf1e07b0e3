"""A management report as one HTML file that needs nothing beside it, on a screen and on paper."""

from __future__ import annotations

from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from incidentbook.reports.management.gathering import ManagementReport
from incidentbook.reports.management.words import WHOSE, of_left_out


def management_as_html(report: ManagementReport) -> str:
    """Render the report; it runs no script and loads nothing."""
    template = _environment().get_template("management.html")
    return template.render(
        report=report,
        # a chart escapes its own words
        charts=[Markup(chart.figure()) for chart in report.charts],  # noqa: S704
        whose=WHOSE[report.audience],
        left_out=of_left_out(report.left_out),
    )


@cache
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("incidentbook", "reports/templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
