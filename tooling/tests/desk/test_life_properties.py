"""Whatever somebody does to an incident by verbs, in any order, at any time: it is right, or refused."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from incidentbook.archive import Archive, Entry, load_archive, open_repository
from incidentbook.cache import Cache
from incidentbook.desk.change import Change, RefusedError, changed_text
from incidentbook.desk.judging import judge
from incidentbook.desk.life import acknowledged, cancelled, held, mitigated, resumed
from incidentbook.desk.life_assigning import assigned
from incidentbook.desk.life_closing import closed, confirmed, worked_on_again
from incidentbook.desk.life_links import Ties, linked
from incidentbook.desk.life_resolving import Outcome, resolved
from incidentbook.desk.life_updates import Message, told
from incidentbook.intake.verdict import Answer
from incidentbook.records.incident import Permanence
from incidentbook.rules.engine import check
from incidentbook.rules.history.moves import MOVES
from incidentbook.source import Overlay
from testbed import NEW_INCIDENT, SCHEMA, write_files

PATH, ID = "incidents/2026/INC-2026-0001.md", "INC-2026-0001"
NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
OPEN = frozenset({"new", "assigned", "in_progress", "on_hold"})
DONE = Outcome(
    summary="Rolled back.",
    code="rolled_back",
    permanence=Permanence.PERMANENT,
    told="Orders failed for an hour.",
)

Verb = Callable[[Entry[Any], str, datetime, Archive], Change]

VERBS: Mapping[str, Verb] = {
    "ack": lambda entry, who, at, here: acknowledged(ID, entry.record, who, at, None, here.taxonomy),
    "assign": lambda entry, who, at, here: assigned(ID, entry.record, at, None, who, here.taxonomy),
    "hold": lambda entry, who, at, here: held(ID, entry.record, at, "vendor", None, here.taxonomy),
    "resume": lambda entry, who, at, here: resumed(ID, entry.record, at),
    "mitigate": lambda entry, who, at, here: mitigated(ID, entry.record, who, at, "Moved load."),
    "update": lambda entry, who, at, here: told(
        ID,
        entry.record,
        Message(text="We look: *closely*.", services=("search=major_outage",)),
        who,
        at,
        here.taxonomy,
    ),
    "resolve": lambda entry, who, at, here: resolved(ID, entry.record, who, at, DONE, {}, here.taxonomy),
    "reopen": lambda entry, who, at, here: worked_on_again(entry, who, at, "It is back."),
    "confirm": lambda entry, who, at, here: confirmed(
        entry, Answer(True, 4, "Thanks"), "A guest", who, at, here.taxonomy
    ),
    "deny": lambda entry, who, at, here: confirmed(
        entry, Answer(False, None, "Still white"), "A guest", who, at, here.taxonomy
    ),
    "close": lambda entry, who, at, here: closed(ID, entry.record, who, at, here.taxonomy, unconfirmed=True),
    "cancel": lambda entry, who, at, here: cancelled(ID, entry.record, at, "The probe was wrong."),
    "link": lambda entry, who, at, here: linked(
        ID,
        (entry.document.values or {}).get("links") or {},
        Ties(outside=(f"chat=https://a.example/{at:%M}",)),
        here,
    ),
}


def may(verb: str, incident: Any) -> bool:
    """The lifecycle of DESIGN 3, said once more by hand."""
    status = str(incident.status)
    match verb:
        case "ack":
            return status in OPEN and (incident.acknowledged is None or status in ("new", "assigned"))
        case "mitigate":
            return status in OPEN and incident.mitigated is None
        case "assign" | "resolve" | "cancel":
            return status in OPEN
        case "update":
            return status in OPEN or status == "resolved"
        case "hold":
            return status == "in_progress" or (status == "assigned" and incident.acknowledged is not None)
        case "resume":
            return status == "on_hold"
        case "reopen" | "confirm" | "deny" | "close":
            return status == "resolved"
    return True


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Archive:
    root = tmp_path_factory.mktemp("records")
    write_files(Path(root), {**SCHEMA, PATH: NEW_INCIDENT})
    return open_repository(root)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.tuples(
            st.sampled_from(sorted(VERBS)),
            st.sampled_from(["duty-one", "duty-two"]),
            st.integers(min_value=-40, max_value=50),
        ),
        min_size=1,
        max_size=14,
    )
)
def test_any_sequence_of_verbs(archive: Archive, deeds: list[tuple[str, str, int]]) -> None:
    here = archive
    at = last = datetime(2026, 11, 19, 14, 5, tzinfo=UTC)
    for verb, who, minutes in deeds:
        at += timedelta(minutes=minutes)
        is_told_later, last = at < last, max(at, last)
        entry = here.get(ID)
        assert entry is not None
        before = entry.record
        try:
            change = VERBS[verb](entry, who, at, here)
        except RefusedError as refusal:
            assert is_told_later or not may(verb, before), f"{verb} was refused: {refusal}"
            assert "nothing was written" in str(refusal)
            continue
        assert may(verb, before), f"{verb} went through although it is {before.status}"
        data = changed_text(entry.document, "incident", change).encode()
        judgement = judge(here, {PATH: data}, NOW)
        if is_told_later and judgement.errors:
            continue  # the verb writes nothing then
        assert [found.message for found in judgement.errors] == []
        assert [found.message for found in judgement.new if found.code == "entries-out-of-order"] == []
        here = load_archive(Overlay(archive.tree, {PATH: data}), cache=Cache.open(None))
        found = here.get(ID)
        assert found is not None
        after = str(found.record.status)
        assert after == before.status or after in MOVES["incident"][str(before.status)]
        assert found.document.body == entry.document.body
    wrong = [one for one in check(here, now=NOW).diagnostics if one.severity.name == "ERROR"]
    assert wrong == []
