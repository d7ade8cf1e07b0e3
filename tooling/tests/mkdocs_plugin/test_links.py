"""Links from hand-written pages to record files."""

from __future__ import annotations

import pytest
from markdown import Markdown

from incidentbook.mkdocs_plugin.links import RecordLinks

BY_SOURCE = {
    "incidents/2026/INC-2026-0001.md": "incidents/INC-2026-0001/",
    "knowledge/articles/a-b.md": "knowledge/articles/a-b/",
}


def converted(text: str, source: str = "docs/page.md", url: str = "docs/page/") -> str:
    links = RecordLinks(BY_SOURCE, "site")
    links.page_source, links.page_url = source, url
    return Markdown(extensions=[links]).convert(text)


@pytest.mark.parametrize(
    ("source", "url", "link", "address"),
    [
        (
            "docs/page.md",
            "docs/page/",
            "../../incidents/2026/INC-2026-0001.md",
            "../../incidents/INC-2026-0001/",
        ),
        ("page.md", "page/", "../knowledge/articles/a-b.md#steps", "../knowledge/articles/a-b/#steps"),
        ("index.md", "", "../incidents/2026/INC-2026-0001.md", "incidents/INC-2026-0001/"),
        ("docs/index.md", "docs/", "../../incidents/2026/INC-2026-0001.md", "../incidents/INC-2026-0001/"),
    ],
)
def test_a_link_to_a_record_leads_to_its_page(source: str, url: str, link: str, address: str) -> None:
    assert f'href="{address}"' in converted(f"[x]({link})", source, url)


def test_reference_links_too_but_not_code() -> None:
    html = converted(
        "[x][r] `[y](../../incidents/2026/INC-2026-0001.md)`\n\n[r]: ../../incidents/2026/INC-2026-0001.md"
    )
    assert html.count('href="../../incidents/INC-2026-0001/"') == 1
    assert "<code>[y](../../incidents/2026/INC-2026-0001.md)</code>" in html


@pytest.mark.parametrize(
    "link", ["other.md", "https://x.invalid/incidents/2026/INC-2026-0001.md", "#here", ""]
)
def test_other_links_are_left_alone(link: str) -> None:
    assert f'href="{link}"' in converted(f"[x]({link})")
