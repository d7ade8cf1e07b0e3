"""Nothing lies about that no page uses: filters, macros, classes of the stylesheet."""

from __future__ import annotations

import re
from importlib.resources import files
from pathlib import Path

from jinja2 import Environment

import incidentbook
from incidentbook.pages.assets import assets
from incidentbook.records import Audience
from sitebed import published_site
from testbed import MakeRepository

PACKAGE = Path(str(files(incidentbook)))
TEMPLATES = {path.name: path.read_text("utf-8") for path in (PACKAGE / "pages/templates").glob("*.html")}
# what stands in {{ }} and {% %}, without texts in quotes: a word of a page is no use of a filter
EXPRESSIONS = re.sub(
    r"'[^']*'|\"[^\"]*\"",
    "''",
    "\n".join(re.findall(r"\{[{%].*?[%}]\}", "\n".join(TEMPLATES.values()), re.DOTALL)),
)


def test_every_filter_and_every_name_is_used(make_repository: MakeRepository) -> None:
    plain = Environment(autoescape=True)
    environment = published_site(make_repository({}), Audience.INTERNAL).environment
    own = environment.filters.keys() - plain.filters.keys()
    assert {"time", "chip"} <= own
    assert [name for name in sorted(own) if not re.search(rf"[|]\s*{name}\b", EXPRESSIONS)] == []
    names = environment.globals.keys() - plain.globals.keys()
    assert {"site", "now"} <= names
    assert [name for name in sorted(names) if not re.search(rf"(?<![.|\w]){name}\b", EXPRESSIONS)] == []


def test_every_macro_is_called() -> None:
    names = [name for text in TEMPLATES.values() for name in re.findall(r"macro (\w+)\(", text)]
    calls = re.sub(r"macro \w+", "", EXPRESSIONS)
    assert len(names) > 20
    assert [name for name in names if not re.search(rf"\b{name}\(", calls)] == []


def test_every_class_of_the_stylesheet_occurs_somewhere() -> None:
    """As it is, or as `ib-chip--` with something after it that is worked out."""
    sheet = next(data.decode() for path, data in assets().items() if path.endswith(".css"))
    classes = set(re.findall(r"[.](ib-[\w-]+)", re.sub(r"/[*].*?[*]/", "", sheet, flags=re.DOTALL)))
    source = "\n".join(
        path.read_text("utf-8")
        for path in PACKAGE.rglob("*")
        if path.suffix in {".py", ".html", ".js"} and not path.name.endswith(".min.js")
    )
    worked_out = set(re.findall(r"(ib-[\w-]+--)(?:[{$]|['\"])", source))
    said = set(re.findall(r"ib-[\w-]+", source))
    assert len(classes) > 200
    assert [
        one
        for one in sorted(classes - said)
        if "--" not in one or one[: one.index("--") + 2] not in worked_out
    ] == []
