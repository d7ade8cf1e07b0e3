"""The pages of categories: how often it happens, how it ends, what helps."""

from __future__ import annotations

from incidentbook.pages.caseload import caseloads
from incidentbook.pages.categories import LATELY, headings
from sitebed import RECORDS, planned, published_site, words_of
from testbed import SCHEMA, MakeRepository


def _incident(number: int, category: str, day: str, *more: str) -> dict[str, str]:
    lines = ["---", f"title: Number {number}", "status: resolved", f"category: {category}"]
    lines += [f"opened: {day}T09:00+00:00", f"resolved: {day}T11:00+00:00", *more, "---", ""]
    return {f"incidents/2026/INC-2026-{number:04}.md": "\n".join(lines)}


def test_a_category_counts_those_of_its_subcategories(make_repository: MakeRepository) -> None:
    records = {
        **_incident(1, "application/deployment", "2026-11-01"),
        **_incident(2, "application", "2026-11-02"),
        **_incident(3, "application/defect", "2026-07-03"),
        **_incident(4, "security", "2026-11-04"),
        **_incident(5, "application", "2026-11-05", "drill: true"),
        **_incident(6, "plumbing/pipe", "2026-11-05"),
    }
    site = published_site(make_repository(records))
    loads = caseloads(site)
    application = loads.of_category("application")
    assert [entry.id for entry in application.entries] == ["INC-2026-0002", "INC-2026-0001", "INC-2026-0003"]
    assert (application.lately, application.before) == (2, 1)
    assert [entry.id for entry in loads.of_category("application/deployment").entries] == ["INC-2026-0001"]
    assert application.to_restore.median_s == 7200
    assert [one.key for top in headings(site) for one in (top, *top.below)] == [
        *("application", "application/deployment", "application/defect", "security", "data")
    ]


def test_lately_looks_back_on_whole_days(make_repository: MakeRepository) -> None:
    # 90 days that end with 20 November begin with 23 August
    days = ("2026-08-22", "2026-08-23", "2026-11-20", "2026-05-24", "2026-05-25")
    records: dict[str, str] = {}
    for number, day in enumerate(days, 1):
        records |= _incident(number, "data", day)
    load = caseloads(published_site(make_repository(records))).of_category("data")
    assert (load.lately, load.before) == (2, 2)


def test_its_page_says_what_helps_and_how_it_ends(make_repository: MakeRepository) -> None:
    more = ("resolution: {code: fixed, summary: x}", "links: {articles: [restart-checkout]}")
    records = {**RECORDS, **_incident(5, "application/deployment", "2026-11-05", *more)}
    problem = "knowledge/problems/PRB-2026-0001.md"
    records[problem] = RECORDS[problem].replace("opened:", "category: application/deployment\nopened:")
    pages = planned(make_repository(records))
    text = words_of(pages["categories/application/deployment/"].content.html).replace("\u00a0", " ")
    assert "PRB-2026-0001 The roll-out leaves old workers Known error" in text
    assert "Restart them" in text
    assert "Restart checkout Brings it back in a minute. Used in 2 incidents of the last 12 months" in text
    assert "Usually ends Fixed 1 of 2 in 12 months" in text
    assert "Typical time to restore 2 h median of 2 in 12 months" in text
    assert "PRB-2026-0001" in pages["categories/application/"].content.html
    assert "PRB-2026-0001" not in pages["categories/security/"].content.html


def test_months_are_drawn_once_there_is_something_to_see(make_repository: MakeRepository) -> None:
    def page(count: int) -> str:
        records: dict[str, str] = {}
        for number in range(1, count + 1):
            records |= _incident(number, "data", f"2026-1{number % 2}-0{number}")
        return planned(make_repository(records))["categories/data/"].content.html

    assert "<svg" not in page(4)
    assert "<svg" in page(5)


def test_only_the_newest_are_listed(make_repository: MakeRepository) -> None:
    records: dict[str, str] = {}
    for number in range(1, LATELY + 6):
        records |= _incident(number, "application/defect", f"2026-10-{number:02}")
    html = planned(make_repository(records))["categories/application/defect/"].content.html
    assert "INC-2026-0006" in html
    assert "INC-2026-0005" not in html
    assert '<a href="../../../incidents/?category=application/defect">All 25 incidents</a>' in html


def test_a_category_without_incidents(make_repository: MakeRepository) -> None:
    pages = planned(make_repository({}))
    assert [item.id for item in pages["categories/data/"].content.toc] == ["lately"]
    assert "No incident of this category" in words_of(pages["categories/data/"].content.html)
    empty = (
        SCHEMA["schema/categories.yml"].split("resolution_codes")[0].split("categories:")[0]
        + "categories: []\n"
    )
    none = planned(make_repository({"schema/categories.yml": empty}))
    assert "No category is listed yet" in words_of(none["categories/"].content.html)
