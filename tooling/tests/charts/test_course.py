"""The course: true to scale where it says so, in order always, whatever the times."""

from __future__ import annotations

import re
from itertools import pairwise
from xml.etree import ElementTree

from hypothesis import example, given, settings
from hypothesis import strategies as st

from incidentbook.charts import Lane, Mark, Stretch, axis_of, draw_course

MINUTE, HOUR, DAY = 60.0, 3600.0, 86400.0
DECADES = 30 * 365 * DAY
instants = st.floats(0, DECADES, allow_nan=False).map(lambda seconds: round(seconds, 3))
times_of_a_story = st.lists(
    st.one_of(instants, st.floats(0, HOUR), st.sampled_from([0.0, 0.001, MINUTE, DAY])), max_size=25
)


@given(times_of_a_story, st.none() | instants)
@example([], None)
@example([5.0], 5.0)
@example([0.0, 0.0, 0.0], 0.0)
@example([0.0, 1e-9, DECADES], 1e-9)
@example([0.0, HOUR, 2 * HOUR, DECADES], 2 * HOUR)
def test_places_are_in_order_and_inside(times: list[float], story_end: float | None) -> None:
    axis = axis_of(times, story_end)
    places = [axis.place(at) for at in sorted(times)]
    assert all(0.0 <= place <= 1.0 for place in places)
    assert places == sorted(places)
    if len(set(times)) > 1:
        assert places[0] == 0.0
        assert places[-1] == 1.0


@given(times_of_a_story, st.none() | instants)
def test_what_is_not_cut_is_to_one_scale(times: list[float], story_end: float | None) -> None:
    axis = axis_of(times, story_end)
    drawn = [piece for piece in axis.pieces if not piece.cut]
    whole, room = sum(p.end - p.start for p in drawn), sum(p.right - p.left for p in drawn)
    for piece in drawn:
        if whole:
            assert abs((piece.right - piece.left) - (piece.end - piece.start) / whole * room) < 1e-6


@given(times_of_a_story, st.none() | instants)
def test_the_pieces_cover_all_without_a_gap(times: list[float], story_end: float | None) -> None:
    axis = axis_of(times, story_end)
    for before, after in pairwise(axis.pieces):
        assert before.end == after.start
        assert before.right == after.left
    assert len(axis.cuts) <= 3
    places = [axis.place(at) for at in axis.ticks()]
    assert all(later - earlier > 0.1 for earlier, later in pairwise(places))
    assert all(0 < place <= 1 for place in places)


def test_a_long_tail_is_cut_and_a_short_one_is_not() -> None:
    times = [0, HOUR, 2 * HOUR, 2 * HOUR + 50 * MINUTE]
    assert axis_of(times, 2 * HOUR).cuts == ()
    (cut,) = axis_of([*times, 9 * DAY], 2 * HOUR).cuts
    assert (cut.start, cut.end, cut.right) == (times[-1], 9 * DAY, 1.0)


def test_a_silence_in_the_story_is_cut_only_where_it_would_leave_the_rest_no_room() -> None:
    assert axis_of([0, 10 * MINUTE, 3 * HOUR, 4 * HOUR]).cuts == ()
    (cut,) = axis_of([0, 10 * DAY, 10 * DAY + 2 * HOUR, 10 * DAY + 3 * HOUR]).cuts
    assert (cut.start, cut.end) == (0, 10 * DAY)


def test_seconds_are_not_blown_up() -> None:
    assert axis_of([0, 1, 2, 3, 3 * HOUR]).cuts == ()


def test_ticks_are_round_and_counted_from_the_first_time() -> None:
    assert list(axis_of([100.0, 100 + 2 * HOUR]).ticks()) == [100 + n * 30 * MINUTE for n in (1, 2, 3)]


words = st.text(max_size=30)


@settings(deadline=None)
@given(
    st.lists(
        st.tuples(words, st.lists(st.tuples(instants, instants, words, st.booleans()), max_size=4)),
        max_size=4,
    ),
    st.lists(st.tuples(instants, words), max_size=4),
)
def test_a_drawing_holds_nothing_outside_and_any_words(
    lanes: list[tuple[str, list[tuple[float, float, str, bool]]]], marks: list[tuple[float, str]]
) -> None:
    drawn = [
        Lane(
            label,
            [Stretch(min(a, b), max(a, b), "good", said, hatched) for a, b, said, hatched in stretches],
            [Mark(at, "busy", said) for at, said in marks],
        )
        for label, stretches in lanes
    ]
    times = [at for lane in drawn for one in lane.stretches for at in (one.start, one.end)]
    axis = axis_of([*times, *(at for at, _ in marks)])
    svg = draw_course(drawn, axis, '"label" <b>', lambda seconds: f"{seconds:.0f} s")
    assert "<b>" not in svg
    for x, width in re.findall(r'x="([\d.]+)%" y="\d+" width="([\d.]+)%"', svg):
        assert float(x) + float(width) <= 100.02
    plain = re.sub(r"[^\x20-\x7e\xa0-\ud7ff]", "", svg)
    assert len(ElementTree.fromstring(plain).findall("circle")) == len(drawn) * len(marks)


def test_what_lasts_a_moment_is_still_seen() -> None:
    lane = Lane("Checkout", [Stretch(HOUR, HOUR, "bad", "0 s"), Stretch(DAY, DAY, "bad", "0 s")])
    svg = draw_course([lane], axis_of([0, HOUR, DAY]), "", str)
    assert 'width="0.40%"' in svg
    assert 'x="99.60%"' in svg


def test_a_cut_says_how_much_is_left_out() -> None:
    axis = axis_of([0, HOUR, 9 * DAY], HOUR)
    svg = draw_course([Lane("Response")], axis, "", lambda seconds: f"{seconds / DAY:.1f} d")
    assert 'class="ib-course__cut"' in svg
    assert ">9.0 d</text>" in svg
