"""What a log tells of one incident, row by row."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from incidentbook.importers.csv_history import Event, history_of, not_before, sort_key
from incidentbook.importers.csv_times import Moment

START = datetime(2026, 11, 21, 8, tzinfo=UTC)


def at(hour: int) -> Moment:
    moment = START + timedelta(hours=hour)
    return Moment(moment, f"h{hour}")


def log(*rows: tuple[int, str, str]) -> list[Event]:
    """Hour, state, team; a hold's reason is its team here."""
    return [Event(at(hour), status, team, "", team) for hour, status, team in rows]


def test_a_team_has_an_incident_from_the_row_that_first_says_so() -> None:
    history = history_of(
        log(
            (0, "new", ""),
            (1, "new", "desk"),
            (2, "in_progress", "desk"),
            (3, "in_progress", "web"),
            (4, "closed", ""),
        ),
        from_creation=True,
    )
    assert [(one.at.text, one.team) for one in history.assignments] == [("h1", "desk"), ("h3", "web")]


def test_a_hold_lasts_until_the_row_that_leaves_it_or_names_another_reason() -> None:
    history = history_of(
        log(
            (0, "new", ""),
            (1, "on_hold", "user"),
            (2, "on_hold", "user"),
            (3, "on_hold", "vendor"),
            (5, "resolved", ""),
        ),
        from_creation=True,
    )
    assert [(one.since.text, one.until and one.until.text, one.reason) for one in history.holds] == [
        ("h1", "h3", "user"),
        ("h3", "h5", "vendor"),
    ]


def test_a_hold_that_still_lasts_has_no_end_and_one_of_no_time_is_none() -> None:
    lasting = history_of(log((0, "new", ""), (1, "on_hold", "user")), from_creation=True)
    assert [one.until for one in lasting.holds] == [None]
    none = history_of(log((1, "on_hold", "user"), (1, "resolved", "")), from_creation=True)
    assert none.holds == []


def test_a_resolution_that_did_not_hold_is_a_reopening() -> None:
    history = history_of(
        log(
            (0, "new", ""),
            (1, "resolved", ""),
            (2, "closed", ""),
            (4, "in_progress", ""),
            (6, "resolved", ""),
            (7, "closed", ""),
        ),
        from_creation=True,
    )
    assert [(one.resolved.text, one.reopened.text) for one in history.reopenings] == [("h1", "h4")]
    assert history.resolved is not None
    assert history.closed is not None
    assert (history.resolved.text, history.closed.text) == ("h6", "h7")


def test_an_incident_is_acknowledged_when_it_leaves_the_state_new() -> None:
    history = history_of(log((0, "new", ""), (2, "new", "web"), (3, "on_hold", "")), from_creation=True)
    assert history.acknowledged is not None
    assert history.acknowledged.text == "h3"


def test_an_acknowledgement_is_not_guessed() -> None:
    began_later = log((0, "in_progress", ""), (1, "resolved", ""))
    assert history_of(began_later, from_creation=False).acknowledged is None
    created_in_work = history_of(began_later, from_creation=True).acknowledged
    assert created_in_work is not None
    assert created_in_work.text == "h0"
    assert history_of(log((0, "new", ""), (1, "cancelled", "")), from_creation=True).acknowledged is None
    assert history_of(log((0, "", ""), (1, "", "")), from_creation=True).acknowledged is None


def test_what_was_called_off_has_that_time() -> None:
    history = history_of(log((0, "new", ""), (1, "cancelled", "")), from_creation=True)
    assert history.cancelled is not None
    assert history.cancelled.text == "h1"
    assert (history.resolved, history.closed, history.reopenings) == (None, None, [])


def test_nothing_happens_before_the_opening() -> None:
    assert not_before(at(1), at(2)) == at(2)
    assert not_before(at(3), at(2)) == at(3)
    assert not_before(at(1), None) == at(1)


def test_rows_of_one_minute_follow_their_numbers() -> None:
    keys = [
        sort_key(START, "10", 5),
        sort_key(START, "9", 7),
        sort_key(START, "?", 9),
        sort_key(START, "9", 2),
    ]
    assert sorted(keys) == [keys[2], keys[3], keys[1], keys[0]]


_STATES = st.sampled_from(["new", "in_progress", "on_hold", "resolved", "closed", "cancelled"])


@given(
    st.lists(st.tuples(st.integers(0, 5), _STATES, st.sampled_from(["", "a", "b"])), min_size=1, max_size=12)
)
def test_whatever_the_log_says_its_intervals_are_in_order(rows: list[tuple[int, str, str]]) -> None:
    history = history_of(log(*sorted(rows, key=lambda row: row[0])), from_creation=True)
    ends = [(one.since.at, one.until.at) for one in history.holds if one.until]
    assert all(start < end for start, end in ends)
    assert all(end <= start for (_, end), (start, _) in pairwise(ends))
    assert all(one.resolved.at <= one.reopened.at for one in history.reopenings)
    names = [(one.team, one.owner) for one in history.assignments]
    assert all(one != other for one, other in pairwise(names))
