"""The page of an incident: what readers inside and outside are told of its course."""

from __future__ import annotations

from incidentbook.records import Audience
from sitebed import RECORDS, planned, words_of
from testbed import MakeRepository

PATH = "incidents/2026/INC-2026-0001.md"


def page(make: MakeRepository, audience: Audience, *changes: tuple[str, str]) -> str:
    text = RECORDS[PATH]
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    return planned(make({**RECORDS, PATH: text}), audience)["incidents/INC-2026-0001/"].content.html


def timeline(html: str) -> str:
    tail = html[html.index('id="timeline"') :]
    return words_of(tail[: tail.index("</ol>")])


def test_outside_the_story_is_start_updates_and_end(make_repository: MakeRepository) -> None:
    told = timeline(page(make_repository, Audience.PUBLIC))
    for word in ("Detected", "Opened", "Acknowledged", "Closed", "Assigned", "Step"):
        assert word not in told
    order = [told.index(word) for word in ("Started", "We are looking.", "Restored", "Resolved")]
    assert order == sorted(order)


def test_inside_it_is_everything_without_filler(make_repository: MakeRepository) -> None:
    told = timeline(page(make_repository, Audience.INTERNAL))
    for word in ("Detected", "Opened", "Acknowledged", "Closed", "Assigned"):
        assert word in told
    assert "Somebody" not in told


def test_without_a_start_the_story_begins_where_it_was_logged(make_repository: MakeRepository) -> None:
    told = timeline(page(make_repository, Audience.PUBLIC, ("started: 2026-11-10T08:00+00:00\n", "")))
    assert "08:05 Opened" in told


def test_readers_outside_are_told_how_it_ended(make_repository: MakeRepository) -> None:
    update = (
        "updates:\n  - {at: 2026-11-10T10:40+00:00, status: resolved, text: It holds., visibility: public}"
    )
    text = words_of(page(make_repository, Audience.PUBLIC, ("updates:", update)))
    assert (
        "Resolution Resolved 10 Nov 2026, 10:30 UTC . Service was back at 10:00 , after 2 h . It holds."
        in text
    )


def test_what_is_restored_and_resolved_at_once_is_told_once(make_repository: MakeRepository) -> None:
    html = page(make_repository, Audience.PUBLIC, ("restored: 2026-11-10T10:00+00:00\n", ""))
    assert "Resolved 10 Nov 2026, 10:30 UTC , after 2 h 30" in words_of(html).replace("\u00a0", " ")
    assert "Restored" not in timeline(html)


def test_what_goes_on_has_no_end(make_repository: MakeRepository) -> None:
    html = planned(make_repository(RECORDS), Audience.PUBLIC)["incidents/INC-2026-0002/"].content.html
    assert 'id="resolution"' not in html


def test_whoever_was_called_has_a_name(make_repository: MakeRepository) -> None:
    calls = "".join(
        f"  - {{at: 2026-11-10T08:2{number}+00:00, kind: functional, to: {whom}}}\n"
        for number, whom in enumerate(("duty-two", "payments", "The makers"))
    )
    told = timeline(page(make_repository, Audience.INTERNAL, ("steps:", f"escalations:\n{calls}steps:")))
    for name in ("To Second duty engineer", "To Payments", "To The makers"):
        assert name in told


def test_a_service_is_one_whatever_it_is_called(make_repository: MakeRepository) -> None:
    services = """\
services:
  - {service: find, state: major_outage, from: 2026-11-10T08:00+00:00, to: 2026-11-10T09:00+00:00}
  - {service: search, state: partial_outage, from: 2026-11-10T09:00+00:00, to: 2026-11-10T10:00+00:00}
"""
    head, rest = RECORDS[PATH].split("services:\n", 1)
    text = head + services + rest[rest.index("category:") :]
    pages = planned(make_repository({**RECORDS, PATH: text}))
    html = pages["incidents/INC-2026-0001/"].content.html
    assert html.count('<a href="../../services/search/">Search</a>') == 1
    assert 'data-ib-service=" search "' in pages["incidents/"].content.html


def test_a_stretch_says_its_day_once(make_repository: MakeRepository) -> None:
    text = words_of(page(make_repository, Audience.INTERNAL))
    assert "10 Nov 2026, 08:00 to 09:00" in text


def test_code_in_a_symptom_is_code_and_nothing_else_is_markup(make_repository: MakeRepository) -> None:
    html = page(
        make_repository, Audience.INTERNAL, ("status: closed\n", "status: closed\nsymptoms: ['`a<b` *c*']\n")
    )
    assert "<li><code>a&lt;b</code> *c*</li>" in html
