"""The front page of the knowledge: for somebody in trouble."""

from __future__ import annotations

from incidentbook.pages.knowledge import HELPED, KNOWN, LISTED, RUNBOOKS, library_of
from incidentbook.records import Audience
from sitebed import RECORDS, planned, published_site, words_of
from testbed import MakeRepository

SERVICES = """\
services:
  - {id: database, name: Database}
  - {id: checkout, name: Checkout, runbooks: [ask]}
  - {id: telex, name: Telex}
  - {id: gone, name: Gone, valid_until: 2026-01-01}
"""


def _article(type_: str, title: str, services: str = "", status: str = "published") -> str:
    return f"---\ntitle: {title}\nstatus: {status}\ntype: {type_}\nservices: [{services}]\n---\nDo.\n"


def test_known_errors_stand_there_with_their_workaround(make_repository: MakeRepository) -> None:
    html = planned(make_repository(RECORDS))["knowledge/"].content.html
    text = words_of(html)
    assert "One request in five answers 502" in text
    assert "Restart them, see how ." in text
    assert "1 incident, the last on 10 Nov 2026" in text
    assert 'for="__search"' in html


def test_runbooks_stand_under_each_of_their_services(make_repository: MakeRepository) -> None:
    articles = {
        "both": _article("runbook", "Both", "checkout, database"),
        "loose": _article("runbook", "Loose"),
        "past": _article("runbook", "Past", "gone"),
        "ask": _article("faq", "Ask"),
        "how": _article("how-to", "How", "telex"),
        "old": _article("runbook", "Old", "telex", "retired"),
    }
    records = {f"knowledge/articles/{name}.md": text for name, text in articles.items()}
    library = library_of(published_site(make_repository({"schema/services.yml": SERVICES, **records})))
    shelves = [(shelf.name, [entry.id for entry in shelf.entries]) for shelf in library.shelves]
    assert shelves == [("Database", ["both"]), ("Checkout", ["ask", "both"]), ("Any service", ["loose"])]
    assert [one.entry.id for one in library.how_to] == ["how"]
    assert [one.entry.id for one in library.questions] == ["ask"]
    assert library.article_count == 5


def test_what_helped_most_lately_comes_first(make_repository: MakeRepository) -> None:
    def use(number: int, article: str, month: int) -> str:
        opened = f"opened: 2026-{month:02}-02T09:00+00:00"
        return f"---\ntitle: x\nstatus: new\n{opened}\nlinks: {{articles: [{article}]}}\n---\n"

    uses = [("once", 11), ("twice", 11), ("twice", 10), ("long-ago", 1), ("long-ago", 2), ("long-ago", 3)]
    records = {
        f"incidents/2026/INC-2026-{number:04}.md": use(number, *what) for number, what in enumerate(uses, 1)
    }
    for name in ("once", "twice", "long-ago", "never"):
        records[f"knowledge/articles/{name}.md"] = _article("how-to", name)
    library = library_of(published_site(make_repository(records)))
    assert [one.entry.id for one in library.helped] == ["twice", "once"]
    assert [one.entry.id for one in library.how_to] == ["twice", "once", "long-ago", "never"]


def test_nothing_grows_without_end(make_repository: MakeRepository) -> None:
    records: dict[str, str] = {}
    for number in range(1, 31):
        for type_ in ("how-to", "runbook", "faq"):
            records[f"knowledge/articles/{type_}-{number}.md"] = _article(
                type_, f"{type_} {number}", "checkout"
            )
        records[f"knowledge/problems/PRB-2026-{number:04}.md"] = (
            f"---\ntitle: P{number}\nstatus: known_error\nworkaround: Wait.\n---\n"
        )
        records[f"incidents/2026/INC-2026-{number:04}.md"] = (
            "---\ntitle: x\nstatus: new\nopened: 2026-11-02T09:00+00:00\n"
            f"links: {{articles: [how-to-{number}], known_error: PRB-2026-{number:04}}}\n---\n"
        )
    root = make_repository(records)
    library = library_of(published_site(root))
    assert (len(library.known), len(library.how_to), len(library.questions)) == (KNOWN, LISTED, LISTED)
    assert len(library.helped) == HELPED
    assert [(len(shelf.entries), shelf.more) for shelf in library.shelves] == [(RUNBOOKS, 30 - RUNBOOKS)]
    html = planned(root)["knowledge/"].content.html
    for link in (
        "../knowledge/problems/?state=known_error",
        "../knowledge/articles/?type=how-to",
        "../knowledge/articles/?service=checkout",
    ):
        assert f'href="{link}"' in html


def test_an_empty_one_says_how_to_begin_to_those_who_can(make_repository: MakeRepository) -> None:
    root = make_repository({})
    ours = words_of(planned(root)["knowledge/"].content.html)
    assert "A file in knowledge/problems/ with status: known_error" in ours
    theirs = words_of(planned(root, Audience.PUBLIC)["knowledge/"].content.html)
    assert "Nothing has been published yet" in theirs
    assert "knowledge/problems/" not in theirs
