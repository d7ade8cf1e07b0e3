"""Two runs that wrote one step of an escalation path down, each for itself."""

from __future__ import annotations

from typing import Any

import pytest

from incidentbook.edits.merging import merge_records
from incidentbook.source import read_document

PATH = "incidents/2026/INC-2026-0042.md"
BASE = """\
---
title: Gates are slow
status: in_progress
opened: 2026-11-20T09:00+00:00
---
Text.
"""
KEY = "opened: 2026-11-20T09:00+00:00\n"


def call(time: str, step: str = "critical/manager", more: str = "") -> str:
    return f"{{at: 2026-11-20T{time}+00:00, kind: hierarchical, to: desk, step: {step}{more}}}"


def taken(*calls: str, flow: bool = False, base: str = BASE) -> str:
    written = f"[{', '.join(calls)}]\n" if flow else "\n" + "".join(f"  - {one}\n" for one in calls)
    return base.replace(KEY, f"{KEY}escalations: {written}".replace(": \n", ":\n"))


def merged(ours: str, theirs: str, base: str = BASE) -> list[dict[str, Any]]:
    results = [
        merge_records(PATH, base.encode(), one.encode(), other.encode())
        for one, other in ((ours, theirs), (theirs, ours))
    ]
    documents = [read_document(PATH, result.data) for result in results]
    assert [
        (result.conflicts, document.diagnostics) for result, document in zip(results, documents, strict=True)
    ] == [((), ())] * 2
    first, second = (document.values for document in documents)
    assert first is not None and first == second
    found: list[dict[str, Any]] = first.get("escalations", [])
    return found


@pytest.mark.parametrize("flow", [False, True])
@pytest.mark.parametrize("more", ["", ", by: duty-two, reason: No sign of work for 30m."])
def test_the_earlier_of_two_is_kept(flow: bool, more: str) -> None:
    ours = taken(call("11:00"), call("11:00", "critical/lead"), flow=flow)
    theirs = taken(call("11:07", more=more), call("11:07", "critical/vendor"), flow=flow)
    assert [(one["at"][11:16], one["step"]) for one in merged(ours, theirs)] == [
        ("11:00", "critical/manager"),
        ("11:00", "critical/lead"),
        ("11:07", "critical/vendor"),
    ]
    said = merge_records(PATH, BASE.encode(), ours.encode(), theirs.encode()).notes
    assert said == ("escalations: both sides took `critical/manager`; the earlier entry stays",)


def test_a_time_in_another_zone_is_told_by_what_it_means() -> None:
    later = call("11:30").replace("T11:30+00:00", "T12:05+01:00")
    assert [one["at"] for one in merged(taken(later), taken(call("11:30")))] == ["2026-11-20T12:05+01:00"]


def test_only_lines_of_the_later_entry_go() -> None:
    ours = taken(call("11:00") + "   # rang twice")
    theirs = taken(call("11:07")).replace("Gates are slow", "Gates are slow   # all of them")
    data = merge_records(PATH, BASE.encode(), ours.encode(), theirs.encode()).data.decode()
    assert data == ours.replace("Gates are slow", "Gates are slow   # all of them")


def test_after_a_reopening_a_step_is_another() -> None:
    again = "reopenings:\n  - {resolved: 2026-11-20T12:00+00:00, reopened: 2026-11-20T13:00+00:00}\n"
    later = taken(call("13:30")).replace(KEY, KEY + again)
    assert [one["at"][11:13] for one in merged(taken(call("11:00")), later)] == ["11", "13"]
    both = taken(call("11:05"), call("13:30")).replace(KEY, KEY + again)
    assert [one["at"][11:16] for one in merged(taken(call("11:00")), both)] == ["11:00", "13:30"]


def test_what_stood_there_before_stays() -> None:
    """Somebody wrote it twice, and it is not for a merge to mend that."""
    base = taken(call("10:00"))
    ours, theirs = taken(call("10:00"), call("11:00")), taken(call("10:00"), call("11:07"))
    assert [one["at"][11:16] for one in merged(ours, theirs, base)] == ["10:00", "11:00"]


def test_calls_by_hand_are_two_calls() -> None:
    by_hand = "{at: 2026-11-20T11:00+00:00, kind: hierarchical, to: desk}"
    other = by_hand.replace("11:00", "11:07")
    assert len(merged(taken(by_hand), taken(other))) == 2
