"""The page of an incident: what readers inside and outside are told of its course."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from incidentbook.records import Audience
from sitebed import NOW, RECORDS, planned, words_of
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
        "How it was fixed Resolved 10 Nov 2026, 10:30 UTC . Service was back at 10:00 , after 2 h . It holds."
        in text
    )


def test_what_is_restored_and_resolved_at_once_is_told_once(make_repository: MakeRepository) -> None:
    html = page(make_repository, Audience.PUBLIC, ("restored: 2026-11-10T10:00+00:00\n", ""))
    assert "Resolved 10 Nov 2026, 10:30 UTC , after 2 h 30" in words_of(html).replace("\u00a0", " ")
    assert "Restored" not in timeline(html)


def test_what_goes_on_has_no_end(make_repository: MakeRepository) -> None:
    html = planned(make_repository(RECORDS), Audience.PUBLIC)["incidents/INC-2026-0002/"].content.html
    assert "How it was fixed" not in html
    assert "Going on for" in html
    assert words_of(html[html.index("<dt>Latest") :]).startswith("Latest Identified 20 Nov 2026, 10:20 UTC")


@pytest.mark.parametrize("audience", [Audience.PUBLIC, Audience.INTERNAL])
@pytest.mark.parametrize("number", ["0001", "0002"])
def test_what_is_said_later_is_not_said_yet(
    make_repository: MakeRepository, audience: Audience, number: str
) -> None:
    """Neither as the latest word, nor in the story, the drawing, how it ended, or what is searched."""
    path = f"incidents/2026/INC-2026-{number}.md"
    word = "updates:\n  - {at: 2026-11-21T08:40+00:00, status: resolved, text: Tomorrow., visibility: public}"
    root = make_repository({**RECORDS, path: RECORDS[path].replace("updates:", word)})
    before, after = (
        planned(root, audience, NOW + timedelta(days=ahead))[f"incidents/INC-2026-{number}/"].content
        for ahead in (0, 1)
    )
    assert "Tomorrow." not in before.html
    assert "08:40" not in before.html
    assert "Tomorrow." not in before.search[0].text
    assert "Tomorrow." in after.html
    assert "Tomorrow." in after.search[0].text


STATES = """services:
  - {service: search, state: major_outage, from: 2026-11-20T09:00+00:00, to: 2026-11-20T11:00+00:00}
  - {service: find, state: degraded_performance, from: 2026-11-20T11:00+00:00}
  - {service: checkout, state: partial_outage}"""


@pytest.mark.parametrize(
    ("more", "told"),
    [
        ("", "Search Degraded performance at worst: Major outage Checkout Partial outage"),
        (
            "restored: 2026-11-20T11:30+00:00\n",
            "Search Operational at worst: Major outage Checkout Operational at worst: Partial outage",
        ),
        (
            "status: resolved\nresolved: 2026-11-20T11:30+00:00\n",
            "Search Major outage Checkout Partial outage",
        ),
    ],
    ids=["goes on", "restored", "over"],
)
def test_services_are_said_to_be_as_they_are_now(
    make_repository: MakeRepository, more: str, told: str
) -> None:
    """An outage that is over is none beside "going on for"; of an incident that is over, the worst counts."""
    path = "incidents/2026/INC-2026-0002.md"
    record = RECORDS[path].replace("services: [{service: search, state: degraded_performance}]", STATES)
    record = record.replace("status: in_progress\n", "") if "status" in more else record
    html = planned(make_repository({**RECORDS, path: record.replace("impact:", more + "impact:")}))[
        "incidents/INC-2026-0002/"
    ].content.html
    row = html[html.index('<ul class="ib-touched">') :].split("</ul>")[0]
    assert words_of(row) == told


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
    glance = html[html.index('class="ib-touched"') : html.index("</ul>", html.index('class="ib-touched"'))]
    assert words_of(glance[glance.index(">") + 1 :]) == "Search Major outage"
    assert words_of(html[html.index('id="services"') :]).count("Impaired in all 2 h") == 1


def test_a_stretch_says_its_day_once(make_repository: MakeRepository) -> None:
    text = words_of(page(make_repository, Audience.INTERNAL))
    assert "10 Nov 2026, 08:00 to 09:00" in text


def test_code_in_a_symptom_is_code_and_nothing_else_is_markup(make_repository: MakeRepository) -> None:
    html = page(
        make_repository, Audience.INTERNAL, ("status: closed\n", "status: closed\nsymptoms: ['`a<b` *c*']\n")
    )
    assert "<li><code>a&lt;b</code> *c*</li>" in html


def test_one_glance_says_what_it_was_and_what_is_done(make_repository: MakeRepository) -> None:
    text = words_of(page(make_repository, Audience.INTERNAL))
    for told in (
        "Services Checkout Major outage",
        "What it was Caused by change: javascript:alert(1)",
        "PRB-2026-0001 The roll-out leaves old workers Known error",
        "Nobody rehearsed the roll-out.",
        "How it was fixed Permanent Rolled back Rolled back.",
        "Workaround Restart them, see how .",
        "So that it does not return Reviewed : 1 of 2 actions done 1 overdue",
    ):
        assert told in text


def test_changes_are_named_as_such(make_repository: MakeRepository) -> None:
    """The name of a change may be any words: they are no part of our sentence."""
    change = 'caused_by_change: "javascript:alert(1)"'
    named = "caused_by_change: Yearly job, fixed_by_change: Nightly job"
    text = words_of(page(make_repository, Audience.INTERNAL, (change, named)))
    assert "Caused by change: Yearly job" in text
    assert "Fixed by change: Nightly job" in text


def test_the_glance_keeps_from_outsiders_what_is_not_theirs(make_repository: MakeRepository) -> None:
    text = words_of(page(make_repository, Audience.PUBLIC))
    for word in ("Caused by change", "Rolled back", "overdue", "Service levels", "duty engineer", "Category"):
        assert word not in text
    assert "Nobody rehearsed the roll-out." in text


def test_a_clock_says_why(make_repository: MakeRepository) -> None:
    hold = "holds: [{from: 2026-11-10T08:20+00:00, to: 2026-11-10T08:50+00:00, reason: user}]\nsteps:"
    html = page(make_repository, Audience.INTERNAL, ("steps:", hold))
    levels = words_of(html[html.index('id="service-levels"') : html.index('id="services"')])
    assert "Response Met Acknowledged after" in levels
    assert "Policy: " in levels


def test_the_drawing_shows_what_the_list_tells(make_repository: MakeRepository) -> None:
    html = page(make_repository, Audience.INTERNAL)
    drawing = html[html.index("<svg") : html.index("</svg>")]
    for lane in ("Response", "Checkout", "Updates", "Steps and decisions"):
        assert f">{lane}</text>" in drawing
    assert "<title>Major outage: 1\xa0h</title>" in drawing
    assert drawing.count("<circle") == 3
    legend = html[html.index('class="ib-phases"') :]
    legend = words_of(legend[legend.index(">") + 1 : legend.index("</ul>")]).replace("\xa0", " ")
    assert legend == ("Detect 2 min Acknowledge 8 min Restore 1 h 50 min Resolve 30 min Close 1 d 22 h")


def test_outsiders_are_drawn_no_book_keeping(make_repository: MakeRepository) -> None:
    html = page(make_repository, Audience.PUBLIC)
    legend = html[html.index('class="ib-phases"') : html.index('class="ib-timeline"')]
    assert "Restore" in legend
    for word in ("Detect", "Acknowledge", "Close"):
        assert word not in legend


@pytest.mark.parametrize(
    "times",
    [
        "opened: 2026-11-10T08:05+00:00",
        "opened: 2026-11-10T08:05+00:00\nresolved: 2026-11-10T08:05+00:00",
        "started: 2026-11-10T08:05+00:00\nresolved: 1996-11-10T08:05+00:00",
        "resolved: 2026-11-10T08:05+00:00\nclosed: 2056-11-10T08:05+00:00",
        "",
    ],
)
def test_odd_times_make_a_page(make_repository: MakeRepository, times: str) -> None:
    services = "services: [{service: search, state: major_outage}]"
    record = f"---\ntitle: Odd\nstatus: closed\n{services}\n{times}\n---\n"
    pages = planned(make_repository({**RECORDS, PATH: record}))
    assert "<h1>Odd</h1>" in pages["incidents/INC-2026-0001/"].content.html


class TestKeys:
    """A page is made again where something that it shows has changed, and nowhere else."""

    def keys(self, make: MakeRepository, records: dict[str, str], now: datetime = NOW) -> dict[str, str]:
        return {path: one.key for path, one in planned(make(records), now=now).items()}

    @pytest.mark.parametrize(
        ("path", "old", "new"),
        [
            ("incidents/2026/INC-2026-0001.review.md", "due: 2026-11-18", "due: 2026-12-18"),
            ("knowledge/problems/PRB-2026-0001.md", "The roll-out leaves", "A roll-out leaves"),
            ("knowledge/articles/restart-checkout.md", "Restart checkout", "Begin checkout again"),
            ("incidents/2026/INC-2026-0002.md", "links: {parent", "links: {earlier"),
        ],
    )
    def test_what_is_shown_of_others_is_named(
        self, make_repository: MakeRepository, path: str, old: str, new: str
    ) -> None:
        records = dict(RECORDS)
        records["incidents/2026/INC-2026-0002.md"] = RECORDS["incidents/2026/INC-2026-0002.md"].replace(
            "impact:", "links: {parent: INC-2026-0001}\nimpact:"
        )
        assert old in records[path]
        changed = {
            **records,
            path: records[path]
            .replace(old, new)
            .replace("earlier: INC-2026-0001", "earlier: [INC-2026-0001]"),
        }
        before, after = self.keys(make_repository, records), self.keys(make_repository, changed)
        assert before["incidents/INC-2026-0001/"] != after["incidents/INC-2026-0001/"]
        assert before["incidents/INC-2026-0003/"] == after["incidents/INC-2026-0003/"]

    def test_a_likeness_is_named(self, make_repository: MakeRepository) -> None:
        other = RECORDS["incidents/2026/INC-2026-0003.md"].replace(
            "A quiet internal matter", "Checkout answers 502 again"
        )
        before = self.keys(make_repository, RECORDS)
        after = self.keys(make_repository, {**RECORDS, "incidents/2026/INC-2026-0003.md": other})
        assert before["incidents/INC-2026-0001/"] != after["incidents/INC-2026-0001/"]

    def test_time_alone_changes_only_what_ages(self, make_repository: MakeRepository) -> None:
        later = NOW + timedelta(minutes=10)
        before, after = self.keys(make_repository, RECORDS), self.keys(make_repository, RECORDS, later)
        changed = {path for path, key in before.items() if key and after[path] != key and "INC-" in path}
        assert changed == {"incidents/INC-2026-0002/"}

    def test_a_word_that_is_still_to_be_said_is_noticed(self, make_repository: MakeRepository) -> None:
        path = "incidents/2026/INC-2026-0001.md"
        word = (
            "updates:\n  - {at: 2026-11-21T08:40+00:00, status: resolved, text: Later., visibility: public}"
        )
        records = {**RECORDS, path: RECORDS[path].replace("updates:", word)}
        key = "incidents/INC-2026-0001/"
        eve = self.keys(make_repository, records)[key]
        days = [self.keys(make_repository, records, NOW + timedelta(days=ahead))[key] for ahead in (1, 2)]
        assert eve != days[0] == days[1]

    def test_a_review_that_becomes_due_is_noticed(self, make_repository: MakeRepository) -> None:
        records = {path: text for path, text in RECORDS.items() if ".review." not in path}
        before = self.keys(make_repository, records, datetime.fromisoformat("2026-11-13T12:00+00:00"))
        after = self.keys(make_repository, records, datetime.fromisoformat("2026-11-20T12:00+00:00"))
        assert before["incidents/INC-2026-0001/"] != after["incidents/INC-2026-0001/"]
        later = self.keys(make_repository, records, datetime.fromisoformat("2027-09-20T12:00+00:00"))
        assert (
            later["incidents/INC-2026-0001/"]
            == self.keys(make_repository, records, datetime.fromisoformat("2028-09-20T12:00+00:00"))[
                "incidents/INC-2026-0001/"
            ]
        )


def test_similar_incidents_are_named_with_how_they_ended(make_repository: MakeRepository) -> None:
    other = (
        RECORDS["incidents/2026/INC-2026-0003.md"]
        .replace("A quiet internal matter", "Checkout answers 502 for every request")
        .replace("---\n", "---\nresolution: {summary: 'Put `old` workers back.'}\n", 1)
    )
    records = {**RECORDS, "incidents/2026/INC-2026-0003.md": other}
    html = planned(make_repository(records))["incidents/INC-2026-0001/"].content.html
    similar = html[html.index('id="similar"') :]
    assert '<a href="../../incidents/INC-2026-0003/">' in similar
    assert "Put <code>old</code> workers back." in similar
    assert "answers 502" in similar
    public = planned(make_repository(records), Audience.PUBLIC)["incidents/INC-2026-0001/"].content.html
    assert 'id="similar"' not in public
