"""Which reviews are owed, and when."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from rules.material import INCIDENT, OTHERS, REVIEW, CheckFiles, change, codes, found

from incidentbook.diagnostics import Diagnostic

PATH = "incidents/2026/INC-2026-0001.md"
REVIEW_PATH = "incidents/2026/INC-2026-0001.review.md"
DUE = datetime(2026, 3, 8, tzinfo=UTC)
"""Five days (every day counts) after the resolution of 2 March are over as 8 March begins."""

MAJOR = change(INCIDENT, "status: resolved\nmajor: true\n# no closed\n# no closed_by")


def policy(lines: str) -> dict[str, str]:
    return {"schema/reviews.yml": f"policies:\n  - {lines}\n"}


def owed(diagnostics: tuple[Diagnostic, ...]) -> list[str]:
    return [
        d.code for d in diagnostics if d.code in ("review-missing", "review-overdue", "closed-without-review")
    ]


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        (datetime(2026, 3, 2, 10, tzinfo=UTC), ["review-missing"]),
        (datetime(2026, 3, 7, 23, 59, tzinfo=UTC), ["review-missing"]),
        (DUE, ["review-overdue"]),
    ],
)
def test_missing_until_it_is_overdue(check_files: CheckFiles, now: datetime, expected: list[str]) -> None:
    assert owed(check_files({PATH: MAJOR}, now=now).diagnostics) == expected


def test_an_open_incident_owes_none_yet(check_files: CheckFiles) -> None:
    roles = "roles: {incident_manager: response-lead, communications_lead: front-desk}\n"
    fields = f"status: in_progress\nmajor: true\n{roles}" + "".join(
        f"# no {name}\n"
        for name in ("resolved", "resolution", "resolved_by", "closed", "closed_by", "restored")
    )
    assert codes(check_files({PATH: change(INCIDENT, fields)})) == []


@pytest.mark.parametrize(
    ("review", "expected"),
    [
        (REVIEW, []),
        (change(REVIEW, "status: in_review\n# no published"), ["review-overdue"]),
        (change(REVIEW, "status: draft\n# no published"), ["review-overdue"]),
    ],
)
def test_only_a_published_review_pays_the_debt(
    check_files: CheckFiles, review: str, expected: list[str]
) -> None:
    assert owed(check_files({PATH: MAJOR, REVIEW_PATH: review}).diagnostics) == expected


def test_before_it_is_due_a_draft_is_enough(check_files: CheckFiles) -> None:
    draft = change(REVIEW, "status: draft\n# no published\n# no started\nactions: []")
    now = datetime(2026, 3, 3, tzinfo=UTC)
    resolved = change(MAJOR, "# no confirmation")
    assert owed(check_files({PATH: resolved, REVIEW_PATH: draft}, now=now).diagnostics) == []


def test_a_review_may_cover_several_incidents(check_files: CheckFiles) -> None:
    second = "incidents/2026/INC-2026-0002.md"
    covering = change(REVIEW, "incidents: [INC-2026-0001, INC-2026-0002]")
    files = {PATH: MAJOR, second: MAJOR, REVIEW_PATH: covering}
    assert owed(check_files(files).diagnostics) == []
    assert owed(check_files(files, paths=[second]).diagnostics) == []
    files[REVIEW_PATH] = REVIEW
    assert [(d.code, d.path) for d in check_files(files).diagnostics] == [("review-overdue", second)]


def test_closing_waits_for_the_review(check_files: CheckFiles) -> None:
    closed = change(INCIDENT, "major: true")
    result = check_files({PATH: closed})
    assert owed(result.diagnostics) == ["closed-without-review", "review-overdue"]
    (finding,) = found(result, "closed-without-review")
    assert finding.span is not None
    assert closed.splitlines()[finding.span.line - 1] == "status: closed"
    assert owed(check_files({PATH: closed, REVIEW_PATH: REVIEW}).diagnostics) == []


def test_a_trigger_that_need_not_be_published_before_closing(check_files: CheckFiles) -> None:
    security = change(INCIDENT, "category: security")
    schema = policy("{required_when: [security], before_closing: [major], headings: []}")
    assert owed(check_files({PATH: security}, schema=schema).diagnostics) == ["review-overdue"]


@pytest.mark.parametrize(
    ("trigger", "fields"),
    [
        ("major", "major: true"),
        ("p1", "impact: high\nurgency: high"),
        ("security", "category: security"),
        ("resolution_breached", "resolved: 2026-03-02T12:21+00:00\nrestored: 2026-03-02T12:21+00:00"),
    ],
)
def test_each_trigger(check_files: CheckFiles, trigger: str, fields: str) -> None:
    schema = policy(f"{{required_when: [{trigger}], before_closing: [], headings: []}}")
    assert owed(check_files({PATH: INCIDENT}, schema=schema).diagnostics) == []
    assert owed(check_files({PATH: change(INCIDENT, fields)}, schema=schema).diagnostics) == [
        "review-overdue"
    ]


def test_a_resolution_just_in_time(check_files: CheckFiles) -> None:
    schema = policy("{required_when: [resolution_breached], before_closing: [], headings: []}")
    fields = "resolved: 2026-03-02T12:20+00:00\nrestored: 2026-03-02T12:20+00:00"
    assert owed(check_files({PATH: change(INCIDENT, fields)}, schema=schema).diagnostics) == []


def test_a_hold_that_pauses_keeps_a_long_incident_in_time(check_files: CheckFiles) -> None:
    schema = policy("{required_when: [resolution_breached], before_closing: [], headings: []}")
    late = "resolved: 2026-03-02T13:20+00:00\nrestored: 2026-03-02T13:20+00:00\n"
    hold = "holds:\n  - {from: 2026-03-02T10:00+00:00, to: 2026-03-02T11:30+00:00, reason: waiting-vendor}"
    assert owed(check_files({PATH: change(INCIDENT, late)}, schema=schema).diagnostics) == ["review-overdue"]
    assert owed(check_files({PATH: change(INCIDENT, late + hold)}, schema=schema).diagnostics) == []


def recurring(days: list[int]) -> dict[str, str]:
    """Incidents of one problem, each so many days after the first of January."""
    files = dict(OTHERS)
    for number, day in enumerate(days, start=10):
        date = (datetime(2026, 1, 1, tzinfo=UTC) + timedelta(days=day)).date().isoformat()
        text = INCIDENT.replace("2026-03-02", date).replace("2026-03-03", date).replace("2026-03-04", date)
        text = text.replace("T10:00", "T13:00").replace(f"{date}T12:00", f"{date}T12:59")
        files[f"incidents/2026/INC-2026-{number:04d}.md"] = change(text, "links: {problem: PRB-2026-0001}")
    return files


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        ([0, 30], []),
        ([0, 30, 60], ["0012"]),
        ([0, 30, 60, 80], ["0012", "0013"]),
        ([0, 30, 90], []),
        ([0, 30, 89], ["0012"]),
        ([60, 30, 0], ["0010"]),
    ],
)
def test_the_third_of_a_kind_within_ninety_days(
    check_files: CheckFiles, days: list[int], expected: list[str]
) -> None:
    result = check_files(recurring(days))
    assert [d.path[-7:-3] for d in found(result, "review-overdue")] == expected


def test_kin_are_told_by_earlier_occurrences_too(check_files: CheckFiles) -> None:
    files = {
        path: text.replace("links: {problem: PRB-2026-0001}\n", "")
        for path, text in recurring([0, 9, 18]).items()
    }
    last = "incidents/2026/INC-2026-0012.md"
    files[last] = change(files[last], "links: {earlier: [INC-2026-0010, INC-2026-0011]}")
    assert [d.path for d in found(check_files(files), "review-overdue")] == [last]


def test_what_counts_in_no_measure_owes_no_review(check_files: CheckFiles) -> None:
    drill = change(MAJOR, "drill: true")
    duplicate = change(MAJOR, "links: {duplicate_of: INC-2026-0003}")
    files = {PATH: drill, PATH.replace("0001", "0002"): duplicate, PATH.replace("0001", "0003"): INCIDENT}
    assert codes(check_files(files)) == []


def test_before_the_first_policy_nothing_is_owed(check_files: CheckFiles) -> None:
    schema = policy("{valid_from: 2026-06-01, headings: []}")
    assert codes(check_files({PATH: MAJOR}, schema=schema)) == []


@pytest.mark.parametrize("status", ["in_review", "published"])
def test_headings_are_matched_as_people_write_them(check_files: CheckFiles, status: str) -> None:
    body = "# 1. SUMMARY:\n\nIt broke.\n\n### Actions\n\nNone.\n\n## More\n"
    review = change(REVIEW, f"status: {status}" + ("\n# no published" if status == "in_review" else ""))
    review = review[: review.index("\n---\n") + 5] + body
    assert codes(check_files({PATH: INCIDENT, REVIEW_PATH: review})) == []


def test_an_empty_heading_is_shown_where_it_stands(check_files: CheckFiles) -> None:
    review = REVIEW.replace("See above.", "<!-- what will we do? -->\n- TBD\n")
    result = check_files({PATH: INCIDENT, REVIEW_PATH: review})
    (only,) = result.diagnostics
    assert only.code == "empty-heading"
    assert only.span is not None
    assert review.splitlines()[only.span.line - 1] == "## Actions"
    assert (only.span.column, only.span.end_column) == (1, 11)


def test_a_heading_that_stands_twice_is_told_by_the_fuller_one(check_files: CheckFiles) -> None:
    review = REVIEW + "\n## Actions\n"
    assert codes(check_files({PATH: INCIDENT, REVIEW_PATH: review})) == []


def test_headings_come_from_the_policy(check_files: CheckFiles) -> None:
    schema = policy("{required_when: [], headings: [Summary, Actions, What we learned]}")
    result = check_files({PATH: INCIDENT, REVIEW_PATH: REVIEW}, schema=schema)
    assert [(d.code, d.message) for d in result.diagnostics] == [
        ("missing-heading", "the review has no heading `What we learned`")
    ]


def test_the_calendar_of_the_policy_counts_the_days(check_files: CheckFiles) -> None:
    schema = {
        **policy("{required_when: [major], before_closing: [], headings: [], calendar: office}"),
        "schema/calendars.yml": "calendars:\n  - {id: office, name: Office, zone: UTC, hours: {"
        + ", ".join(f"{day}: ['09:00-17:00']" for day in ("mon", "tue", "wed", "thu", "fri"))
        + "}}\n",
    }
    monday_after = datetime(2026, 3, 9, 12, tzinfo=UTC)
    assert owed(check_files({PATH: MAJOR}, schema=schema, now=monday_after).diagnostics) == ["review-missing"]
