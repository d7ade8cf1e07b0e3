"""Shift notes that wait, and incidents that nobody on shift has, as `check` tells them."""

from __future__ import annotations

import pytest
from rules.material import HANDOVER, INCIDENT, SCHEMA, CheckFiles, change, codes, found

PATH = "incidents/2026/INC-2026-0002.md"
NOTE = "handovers/2026/HND-2026-0001.md"
ROTATION = "rotation: {turn: day, since: 2026-11-01, order: [first-responder, second-reader]}"
TEAMS = f"teams:\n  - {{id: shop, name: Shop, {ROTATION}}}\n"
OPEN = change(
    INCIDENT,
    "status: in_progress\n# no closed\n# no closed_by\n# no resolved\n# no restored\n"
    "# no resolved_by\n# no resolution\n# no confirmation\n",
)
WRITTEN = change(HANDOVER, "status: written\n# no acknowledged\n# no acknowledged_by")


def with_owner(handle: str) -> str:
    entry = f"assignments:\n  - {{at: 2026-03-02T08:25+00:00, team: shop, owner: {handle}}}"
    return change(OPEN, entry)


def test_the_message_says_who_is_on_call_and_what_to_do(check_files: CheckFiles) -> None:
    files = {PATH: with_owner("front-desk")}
    (told,) = found(check_files(files, schema={"schema/teams.yml": TEAMS}), "owner-off-shift")
    assert told.message == (
        "`front-desk` has the incident and is not on shift; "
        "`second-reader` is on call for `shop` until 2026-11-21 09:00"
    )
    assert told.help is not None
    assert "handover --team shop --take-over" in told.help
    assert told.severity.value == "warning"


def test_imported_records_and_drills_are_left_alone(check_files: CheckFiles) -> None:
    for words in ("origin: {system: csv, id: '7'}", "drill: true"):
        result = check_files(
            {PATH: change(with_owner("front-desk"), words)}, schema={"schema/teams.yml": TEAMS}
        )
        assert "owner-off-shift" not in codes(result)


@pytest.mark.parametrize(
    ("at", "waits"), [("2026-11-20T08:30+00:00", False), ("2026-11-20T07:59+00:00", True)]
)
def test_an_hour_may_pass_before_a_handover_is_acknowledged(
    check_files: CheckFiles, at: str, *, waits: bool
) -> None:
    result = check_files({PATH: with_owner("second-reader"), NOTE: change(WRITTEN, f"at: {at}")})
    assert ("handover-not-acknowledged" in codes(result)) == waits


def test_a_note_that_a_later_one_replaces_is_past_mending(check_files: CheckFiles) -> None:
    later = NOTE.replace("0001", "0002")
    files = {
        PATH: with_owner("second-reader"),
        NOTE: WRITTEN,
        later: change(HANDOVER, "at: 2026-11-20T07:00Z"),
    }
    assert "handover-not-acknowledged" not in codes(check_files(files))


def test_an_incident_of_a_note_must_be_there(check_files: CheckFiles) -> None:
    (told,) = found(check_files({NOTE: HANDOVER}), "dangling-reference")
    assert told.message == "there is no incident `INC-2026-0002`"


def test_a_whole_handover_is_clean(check_files: CheckFiles) -> None:
    result = check_files({PATH: INCIDENT, NOTE: HANDOVER}, schema=SCHEMA)
    assert [one for one in result.diagnostics if one.path == NOTE] == []
