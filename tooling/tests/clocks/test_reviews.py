"""Which incidents need a review, why, by when and by whom."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime
from typing import Any

import pytest

from incidentbook.archive import Archive, Records, open_repository
from incidentbook.clocks import DutyStatus, ReviewDuty, review_duties, review_duty
from incidentbook.taxonomy.settings import ReviewTrigger
from testbed import MakeRepository

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
RESOLVED = """\
status: resolved
opened: 2026-11-02T08:00+00:00
acknowledged: 2026-11-02T08:05+00:00
resolved: 2026-11-02T10:00+00:00
impact: medium
urgency: medium
"""
POLICIES = """\
policies:
  - {valid_from: 2026-01-01, due_working_days: 5, calendar: office, recurrence_window: 30d}
"""


def record(front: str, body: str = "It broke.\n") -> str:
    return f"---\ntitle: Checkout is down\n{front.strip()}\n---\n{body}"


class Book:
    """Makes an archive of incidents that are written as text."""

    def __init__(self, make_repository: MakeRepository) -> None:
        self.make = make_repository
        self.made = 0

    def __call__(self, *incidents: str, policies: str = POLICIES, **others: str) -> Archive:
        self.made += 1
        files = {
            f"incidents/2026/INC-2026-{n:04}.md": record(text) for n, text in enumerate(incidents, start=1)
        }
        files |= {f"incidents/2026/{name.replace('_', '-')}.review.md": text for name, text in others.items()}
        files["schema/reviews.yml"] = policies
        return open_repository(self.make(files, name=f"records-{self.made}"))


@pytest.fixture
def book(make_repository: MakeRepository) -> Book:
    return Book(make_repository)


def duty(archive: Archive, id_: str = "INC-2026-0001", now: datetime = NOW) -> ReviewDuty | None:
    (entry,) = (entry for entry in archive.incidents if entry.id == id_)
    return review_duty(entry, archive, now)


def required(archive: Archive, id_: str = "INC-2026-0001", now: datetime = NOW) -> ReviewDuty:
    found = duty(archive, id_, now)
    assert found is not None
    return found


def test_an_incident_without_a_trigger_needs_no_review(book: Book) -> None:
    archive = book(RESOLVED)
    assert archive.incidents
    assert not list(archive.diagnostics)
    assert duty(archive) is None


@pytest.mark.parametrize(
    ("front", "trigger"),
    [
        (RESOLVED + "major: true", ReviewTrigger.MAJOR),
        (RESOLVED.replace("medium", "high"), ReviewTrigger.PRIORITY_1),
        (RESOLVED + "category: security", ReviewTrigger.SECURITY),
        (RESOLVED + "category: data", ReviewTrigger.DATA_LOSS),
        (RESOLVED.replace("resolved: 2026-11-02", "resolved: 2026-11-04"), ReviewTrigger.RESOLUTION_BREACHED),
    ],
)
def test_each_trigger_alone(book: Book, front: str, trigger: ReviewTrigger) -> None:
    assert required(book(front)).required_because == (trigger,)


@pytest.mark.parametrize("why", ["status: cancelled", "drill: true", "links: {duplicate_of: INC-2026-0009}"])
def test_what_does_not_count_needs_no_review(book: Book, why: str) -> None:
    front = RESOLVED.replace("status: resolved\n", "") if why.startswith("status") else RESOLVED
    assert duty(book(front + "major: true\n" + why)) is None


def test_the_third_of_a_kind_within_the_window_needs_one(book: Book) -> None:
    kind = "links: {problem: PRB-2026-0001}"
    days = ("2026-09-01", "2026-11-02", "2026-11-10", "2026-11-12")
    archive = book(*(RESOLVED.replace("2026-11-02", day) + kind for day in days))
    found = [duty.incident.id for duty in review_duties(archive, NOW)]
    assert found == ["INC-2026-0004"]  # the first is too long ago
    assert required(archive, "INC-2026-0004").required_because == (ReviewTrigger.RECURRENCE,)


def test_thousands_of_one_problem_take_no_longer_each_than_a_few(book: Book) -> None:
    """Each is asked about the few before it, not about all: no record is looked at more than so often."""
    kind = "links: {problem: PRB-2026-0001}"
    archive = book(*(RESOLVED.replace("08:00", f"08:{n % 60:02}") + kind for n in range(120)))
    looked_at: Counter[str] = Counter()

    class Counting:
        """An incident that counts how often somebody asks for its record."""

        def __init__(self, entry: Any) -> None:
            self.entry = entry

        def __getattr__(self, name: str) -> Any:
            looked_at[self.entry.id] += name == "record"
            return getattr(self.entry, name)

    records: Records[Any] = Records([Counting(entry) for entry in archive.entries], archive.taxonomy, archive)
    assert len(review_duties(records, NOW)) == 118  # two of them open at the same minute
    assert sum(looked_at.values()) < 40 * len(archive.entries)


def test_a_chain_of_earlier_occurrences_is_of_a_kind(book: Book) -> None:
    archive = book(
        RESOLVED,
        RESOLVED.replace("2026-11-02", "2026-11-03") + "links: {earlier: [INC-2026-0001]}",
        RESOLVED.replace("2026-11-02", "2026-11-04") + "links: {earlier: [INC-2026-0002]}",
    )
    assert [duty.incident.id for duty in review_duties(archive, NOW)] == ["INC-2026-0003"]


def test_what_only_looks_alike_is_not_of_a_kind(book: Book) -> None:
    same = RESOLVED + "category: application/defect"
    assert review_duties(book(same, same, same), NOW) == ()


def test_due_is_the_end_of_the_last_working_day(book: Book) -> None:
    found = required(book(RESOLVED + "major: true"))  # resolved on a Monday
    assert found.due_day == date(2026, 11, 9)
    assert found.due == datetime(2026, 11, 9, 23, tzinfo=UTC)  # midnight in Berlin
    assert (found.overdue, found.status, found.is_on_time) == (True, DutyStatus.MISSING, False)


def test_overdue_begins_when_the_day_is_over(book: Book) -> None:
    archive = book(RESOLVED + "major: true")
    assert not required(archive, now=datetime(2026, 11, 9, 22, 59, 59, tzinfo=UTC)).overdue
    assert required(archive, now=datetime(2026, 11, 9, 23, tzinfo=UTC)).overdue


def test_without_a_calendar_every_day_is_a_working_day(book: Book) -> None:
    found = required(book(RESOLVED + "major: true", policies="policies:\n  - {due_working_days: 5}\n"))
    assert found.due_day == date(2026, 11, 7)


def test_no_policy_in_force_asks_for_nothing(book: Book) -> None:
    assert duty(book((RESOLVED + "major: true").replace("2026-11", "2025-11"))) is None
    assert duty(book(RESOLVED + "major: true", policies="policies: []\n")) is None


def test_an_open_incident_waits(book: Book) -> None:
    front = "status: in_progress\nopened: 2026-11-02T08:00+00:00\nmajor: true"
    found = required(book(front))
    assert (found.status, found.due, found.due_day, found.overdue) == (DutyStatus.WAITING, None, None, False)


def test_an_incident_closed_without_a_resolve_time_was_resolved_by_then(book: Book) -> None:
    front = "status: closed\nopened: 2026-11-02T08:00+00:00\nclosed: 2026-11-03T08:00+00:00\nmajor: true"
    assert required(book(front)).due_day == date(2026, 11, 10)


@pytest.mark.parametrize("status", ["draft", "in_review", "published"])
def test_the_review_says_how_far_it_is(book: Book, status: str) -> None:
    review = f"---\nstatus: {status}\nfacilitator: duty-two\npublished: 2026-11-09T12:00+00:00\n---\n"
    found = required(book(RESOLVED + "major: true", INC_2026_0001=review))
    assert (found.status, found.owner) == (DutyStatus(status), "duty-two")
    assert found.overdue == (status != "published")
    assert found.is_done == (status == "published")
    assert found.review is not None
    if status == "published":
        assert found.is_on_time


def test_a_review_published_late_is_not_on_time(book: Book) -> None:
    review = "---\nstatus: published\npublished: 2026-11-10T12:00+00:00\n---\n"
    found = required(book(RESOLVED + "major: true", INC_2026_0001=review))
    assert (found.overdue, found.is_on_time) == (False, False)


def test_a_review_of_another_incident_may_cover_it(book: Book) -> None:
    review = "---\nstatus: published\nincidents: [INC-2026-0001, INC-2026-0002]\n---\n"
    archive = book(RESOLVED + "major: true", RESOLVED + "major: true", INC_2026_0001=review)
    found = required(archive, "INC-2026-0002")
    assert found.review is not None
    assert (found.review.id, found.is_done) == ("INC-2026-0001.review", True)


@pytest.mark.parametrize(
    ("front", "owners", "team"),
    [
        ("", (), None),
        ("assignments: [{at: 2026-11-02T08:01+00:00, team: desk, owner: duty-one}]", ("duty-one",), "desk"),
        (
            "assignments: [{at: 2026-11-02T08:01+00:00, owner: duty-one}, "
            "{at: 2026-11-02T08:30+00:00, team: payments}]",
            ("duty-one",),
            "payments",
        ),
        ("roles: {incident_manager: duty-three}", ("duty-three",), None),
    ],
)
def test_until_somebody_writes_it_the_incident_says_who_owes_it(
    book: Book, front: str, owners: tuple[str, ...], team: str | None
) -> None:
    found = required(book(RESOLVED + "major: true\n" + front))
    assert (found.owners, found.team) == (owners, team)


def test_the_record_may_ask_for_a_review_or_do_without(book: Book) -> None:
    asks = "overrides: {review_required: {value: true, reason: the harbour master asked}}"
    found = required(book(RESOLVED + asks))
    assert (found.required_because, found.overridden) == ((), "the harbour master asked")
    without = "overrides: {review_required: {value: false, reason: reviewed with the first}}"
    assert duty(book(RESOLVED + "major: true\n" + without)) is None


def test_the_record_may_name_its_own_due_time(book: Book) -> None:
    later = "overrides: {review_due: {value: 2026-11-30T11:00+00:00, reason: holidays}}"
    found = required(book(RESOLVED + "major: true\n" + later))
    assert (found.due, found.due_day) == (datetime(2026, 11, 30, 11, tzinfo=UTC), date(2026, 11, 30))
    assert not found.overdue


def test_what_must_be_published_before_closing(book: Book) -> None:
    assert required(book(RESOLVED + "major: true")).before_closing
    assert not required(book(RESOLVED + "category: security")).before_closing
