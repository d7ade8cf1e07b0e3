"""Uptime bars: what they draw, say and lead to is what availability counts."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from types import MappingProxyType

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from incidentbook.metrics import ServiceDay, last_days, measure_availability, weights_of
from incidentbook.pages import uptime
from incidentbook.records import ServiceState
from sitebed import NOW, planned, published_site, words_of
from testbed import MakeRepository

FIRST = NOW - timedelta(days=100)
LETTERS = {"d": "degraded_performance", "p": "partial_outage", "m": "major_outage"}

incidents = st.lists(
    st.tuples(
        st.integers(0, 100 * 24 * 60),  # minutes from FIRST until it began
        st.one_of(st.none(), st.integers(1, 5 * 24 * 60)),  # how long it lasted; None is open
        st.sampled_from(["degraded_performance", "partial_outage", "major_outage", "operational"]),
    ),
    max_size=8,
)


def record(start: datetime, end: datetime | None, state: str) -> str:
    status = "in_progress" if end is None else "resolved"
    ending = "" if end is None else f"resolved: {end.isoformat()}\n"
    return (
        f"---\ntitle: Trouble\nstatus: {status}\nservices: [{{service: checkout, state: {state}}}]\n"
        f"opened: {start.isoformat()}\n{ending}---\n"
    )


def write(root: Path, lasted: list[tuple[int, int | None, str]]) -> None:
    folder = root / "incidents" / "2026"
    folder.mkdir(parents=True, exist_ok=True)
    for file in folder.iterdir():
        file.unlink()
    for number, (minutes, length, state) in enumerate(lasted, 1):
        start = FIRST + timedelta(minutes=minutes)
        end = None if length is None else min(start + timedelta(minutes=length), NOW)
        (folder / f"INC-2026-{number:04}.md").write_text(record(start, end, state))


def drawn_states(html: str) -> list[str]:
    """The state of each day, read from the paths of one drawing."""
    found: dict[int, str] = {}
    for state, path in re.findall(r'<path class="ib-day--(\w+)" d="([^"]+)"', html):
        for start, count in re.findall(r"M(\d+) 1h(\d+)", path):
            for at in range(int(start), int(start) + int(count)):
                assert at not in found, "a day is drawn twice"
                found[at] = state
    return [found[at] for at in range(len(found))]


def told_minutes(html: str) -> dict[int, dict[str, int]]:
    """What the script is told: by day, the minutes in each state."""
    told = re.search(r'data-ib-days="\S+ ([^"]*)"', html)
    assert told is not None
    return {
        int(at): {
            LETTERS[state]: int(minutes or 1440) for state, minutes in re.findall(r"([dpm])(\d*)", fact)
        }
        for at, fact in re.findall(r"(\d+)([^;]*);", told[1])
        if "," in fact
    }


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(incidents, st.sampled_from(["UTC", "Europe/Berlin", "America/New_York"]))
def test_bars_add_up_to_availability(
    make_repository: MakeRepository, lasted: list[tuple[int, int | None, str]], zone: str
) -> None:
    """Each day has the colour of its worst state, and the minutes of all days make the share beside them."""
    root = make_repository({"schema/incidentbook.yml": f"format: 1\nname: Testbed\nzone: {zone}\n"})
    write(root, lasted)
    site = published_site(root)
    history = uptime.history_of("checkout", site)
    html = str(uptime.draw(history, "Checkout", ""))
    states, told = drawn_states(html), told_minutes(html)
    assert len(states) == 90
    assert [at for at, state in enumerate(states) if state != "operational"] == sorted(told)
    order = [state.value for state in ServiceState]
    for at, spent in told.items():
        assert states[at] == max(spent, key=order.index)

    window = last_days(site.taxonomy, NOW)
    measured = measure_availability(site.published, window, NOW).uptimes["checkout"]
    weights = {state.value: weight for state, weight in weights_of(site.taxonomy).items()}
    lost = sum(weights[state] * held for spent in told.values() for state, held in spent.items())
    assert measured.share is not None
    total = (window[1] - window[0]).total_seconds() / 60
    # each day's stretches are said in whole minutes
    assert lost / total == pytest.approx(1 - measured.share, abs=90 * 3 / total)


def test_each_day_with_trouble_says_so_and_leads_to_its_incidents(make_repository: MakeRepository) -> None:
    root = make_repository()
    start = datetime(2026, 10, 30, 12, tzinfo=UTC)
    folder = root / "incidents" / "2026"
    folder.mkdir(parents=True)
    (folder / "INC-2026-0001.md").write_text(
        record(start, start + timedelta(days=3), "partial_outage").replace("Trouble", "A long one")
    )
    (folder / "INC-2026-0002.md").write_text(
        record(start + timedelta(days=1), start + timedelta(days=1, minutes=20), "major_outage")
    )
    pages = planned(root)
    links = re.findall(r'<a href="([^"#]+)#(\w+)"><rect[^>]*><title>([^<]+)</title>', pages[""].content.html)
    assert [words.replace("\u00a0", " ") for _, _, words in links] == [
        "30 Oct 2026: partial outage 12 h; 1 incident",
        "31 Oct 2026: major outage 20 min, partial outage 23 h 40 min; 2 incidents",
        "1 Nov 2026: partial outage all day; 1 incident",
        "2 Nov 2026: partial outage 12 h; 1 incident",
    ]
    for path, anchor, _ in links:
        html = pages[path].content.html
        part = html[html.index(f'id="{anchor}"') :].split("</section>")[0]
        assert "A long one" in part


def test_every_day_that_the_script_may_lead_to_is_there(make_repository: MakeRepository) -> None:
    root = make_repository()
    write(root, [(60_000, 600, "major_outage")])
    pages = planned(root)
    for back in range(90):
        path, _, anchor = uptime.day_path(NOW.date() - timedelta(days=back)).partition("#")
        assert re.findall(rf'id="{anchor}"', pages[path].content.html) == [f'id="{anchor}"'], (path, anchor)


def test_where_many_days_have_trouble_the_script_alone_tells_them(make_repository: MakeRepository) -> None:
    """The page stays small; each service's own page says its days in words."""
    names = [f"service-{number}" for number in range(10)]
    services = "services:\n" + "".join(f"  - {{id: {name}, name: {name}}}\n" for name in names)
    impacts = ", ".join(f"{{service: {name}, state: partial_outage}}" for name in names)
    text = (
        f"---\ntitle: Long\nstatus: in_progress\nservices: [{impacts}]\nopened: 2026-10-01T00:00+00:00\n---\n"
    )
    pages = planned(
        make_repository({"schema/services.yml": services, "incidents/2026/INC-2026-0001.md": text})
    )
    front = pages[""].content.html
    assert len(names) * 51 > uptime.MOST_TOLD
    assert "<rect" not in front
    assert front.count('data-ib-days="2026-11-20 39p,1;40p,1;') == len(names)
    own = pages["services/service-3/"].content.html
    assert "51 days with an incident" in words_of(own)
    assert own.count("partial outage all day; 1 incident") == 2 * 50


def test_days_before_a_service_was_there_are_drawn_apart(make_repository: MakeRepository) -> None:
    services = "services:\n  - {id: checkout, name: Checkout, valid_from: 2026-11-01}\n"
    root = make_repository({"schema/services.yml": services})
    html = str(uptime.draw(uptime.history_of("checkout", published_site(root)), "Checkout", ""))
    assert drawn_states(html) == ["absent"] * 70 + ["operational"] * 20
    assert "70x" not in html
    assert "69x;" in html


def test_maintenance_colours_a_day_only_where_nothing_is_worse() -> None:
    day = ServiceDay(date(2026, 11, 3), ServiceState.OPERATIONAL, MappingProxyType({}), 1.0, (), True)
    worse = ServiceDay(
        date(2026, 11, 4),
        ServiceState.DEGRADED_PERFORMANCE,
        MappingProxyType({ServiceState.DEGRADED_PERFORMANCE: timedelta(minutes=61)}),
        1.0,
        ("INC-2026-0001",),
        True,
    )
    history = uptime.History((day, worse), None)
    html = str(uptime.draw(history, "A & B", "services/x/"))
    assert drawn_states(html) == ["maintenance", "degraded_performance"]
    assert 'data-ib-days="2026-11-04 0w;1d61,1;" data-ib-months="../../incidents/"' in html
    assert 'aria-label="A &amp; B, 2 days, 1 with an incident"' in html


@pytest.mark.parametrize(
    ("share", "words"),
    [(1, "100 %"), (0, "0 %"), (0.999999, "99.99 %"), (0.000001, "0.01 %"), (0.99954, "99.95 %")],
)
def test_what_is_not_quite_all_is_never_rounded_to_it(share: float, words: str) -> None:
    assert uptime.percent(share).replace("\u00a0", " ") == words
