"""Answers in people's words; payloads of issues and comments that may be anything."""

from __future__ import annotations

import copy
import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from incidentbook.archive import open_repository
from incidentbook.intake.answer import read_reply
from incidentbook.intake.errors import IntakeError
from incidentbook.intake.form import opening_of, read_submission
from incidentbook.intake.texts import clean, one_line, verbatim
from incidentbook.intake.verdict import Answer, parse_answer
from intakebed import HOSTILE
from testbed import MakeRepository


@pytest.mark.parametrize(
    ("body", "confirmed", "score", "comment"),
    [
        ("confirmed", True, None, ""),
        ("Confirmed 5", True, 5, ""),
        ("**confirmed**, 4", True, 4, ""),
        ("confirmed: 5/5", True, 5, ""),
        ("- [x] confirmed\n\nThanks a lot", True, None, "Thanks a lot"),
        ("yes\n3\n\nTook two calls.", True, 3, "Took two calls."),
        ("Yes, it works again, thank you all!", True, None, ""),
        ("Hi team,\n\nconfirmed 5", True, 5, ""),
        ("It works", True, None, ""),
        ("It's fixed", True, None, ""),
        ("It\u2019s fixed now.", True, None, ""),
        ("working again", True, None, ""),
        ("not solved", False, None, ""),
        ("Not solved: 1", False, 1, ""),
        ("no", False, None, ""),
        ("no, it does not work", False, None, ""),
        ("unfortunately not", False, None, ""),
        ("It isn't working", False, None, ""),
        ("It still fails", False, None, ""),
        ("still not working", False, None, ""),
        ("doesn't work", False, None, ""),
        ("not fixed yet\n\nThe form is empty, but faster.", False, None, "The form is empty, but faster."),
        ("rating: 4\nGood", None, 4, "Good"),
        ("4/5", None, 4, ""),
        ("5 stars", None, 5, ""),
        ("\u2605\u2605\u2605", None, 3, ""),
        ("2", None, 2, ""),
        ("> confirmed 5\n\nno", False, None, ""),
        (
            "confirmed\n\nThanks.\n\nOn Friday the desk wrote:\n> Does it work?\n> Yours",
            True,
            None,
            "Thanks.",
        ),
        ("confirmed\n\n3\n4", True, None, "3\n4"),
    ],
)
def test_what_people_write(body: str, confirmed: bool | None, score: int | None, comment: str) -> None:
    assert parse_answer(body) == Answer(confirmed, score, comment)


@pytest.mark.parametrize(
    "body",
    [
        "Yes but it broke again",
        "yes it still fails",
        "yes\n\nbut it broke again",
        "ok, will test tomorrow",
        "ok",
        "Works for one user, not for the other",
        "No, it works now",
        "No, I still cannot pay with my card",
        "No problem any more",
        "no thanks",
        "confirmed 6",
        "confirmed 1 2",
        "confirmed 10/5",
        "<!-- confirmed 5 -->\nWhat is this?",
        "solved?",
        "is it solved",
        "Any news?",
        "Thanks!",
        "",
        "Version 3 is broken since 2",
    ],
)
def test_what_cannot_be_read_for_certain_is_no_answer(body: str) -> None:
    assert parse_answer(body) is None


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=300))
def test_any_text_is_an_answer_or_none(text: str) -> None:
    found = parse_answer(text)
    assert found is None or isinstance(found, Answer)
    if found is not None:
        assert found.score in (None, 1, 2, 3, 4, 5)
        found.comment.encode()


EVENT: dict[str, Any] = {
    "action": "created",
    "issue": {
        "number": 12,
        "title": "Cannot pay",
        "body": "### What does not work?\n\ncheckout\n\n### What do you see?\n\nNothing.",
        "user": {"login": "guest-7", "id": 77, "type": "User"},
        "html_url": "https://forge.example/issues/12",
        "created_at": "2026-11-20T11:58:00Z",
    },
    "comment": {
        "id": 5,
        "body": "yes",
        "user": {"login": "guest-7", "id": 77},
        "created_at": "2026-11-20T11:59:00Z",
    },
}
WEIRD = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=12)
    | st.sampled_from([HOSTILE, "\ud800"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=4,
)


@pytest.fixture(scope="module")
def taxonomy(tmp_path_factory: pytest.TempPathFactory) -> Any:
    from testbed import SCHEMA, write_files  # noqa: PLC0415

    root = tmp_path_factory.mktemp("records")
    write_files(root, SCHEMA)
    return open_repository(root).taxonomy


@settings(max_examples=300, deadline=None)
@given(data=st.data())
def test_any_part_of_an_event_may_be_anything(taxonomy: Any, data: st.DataObject) -> None:
    event = copy.deepcopy(EVENT)
    for _ in range(data.draw(st.integers(1, 3))):
        above = data.draw(st.sampled_from([event, event["issue"], event["comment"]]))
        if not isinstance(above, dict) or not above:
            continue
        key = data.draw(st.sampled_from(sorted(above)))
        if data.draw(st.booleans()) and above is not event:
            del above[key]
        elif above is not event:
            above[key] = data.draw(WEIRD)
    encoded = json.dumps(event).encode()
    for read in (read_reply, read_submission):
        try:
            found = read(encoded, "event.json")
        except IntakeError as error:
            assert "\n" not in str(error)
            continue
        if read is read_submission:
            try:
                opening_of(found, taxonomy, datetime(2026, 11, 20, 12, tzinfo=UTC))  # type: ignore[arg-type]
            except IntakeError as error:
                assert "headings" in str(error)


def test_words_are_made_plain() -> None:
    assert clean("a\x00\x1b[2Jb\u202ec\ud800\r\nd\u2028e") == "abc\ufffd\nd\ne"
    assert clean(True) == clean([]) == clean(float("nan")) == clean(10**5000) == ""
    assert one_line("x" * 500).endswith("\u2026") and len(one_line("x" * 500)) == 160
    assert verbatim("``` a\n````").startswith("`````text\n")
    assert all(len(line) <= 100 for line in verbatim("word " * 500).split("\n"))


def test_ours_is_needed_for_nothing(make_repository: MakeRepository) -> None:
    """Without schema/intake.yml everything has its usual value."""
    root = make_repository()
    (root / "schema/intake.yml").unlink()
    archive = open_repository(root)
    assert archive.configuration == ()
    policy = archive.taxonomy.intake
    assert policy.alerts.resolves is False and policy.confirmations.days == 10


def test_a_reference_of_intake_that_leads_nowhere_has_its_place(make_repository: MakeRepository) -> None:
    text = """\
bot: deploy-bt
alerts:
  category: aplication
  team: payment
  resolution_code: fixd
  rules:
    - {services: [checkout, serch], category: security/none}
form: {channel: alrt}
mail: {category: data}
"""
    archive = open_repository(make_repository({"schema/intake.yml": text}))
    found = [(one.code, one.span.line if one.span else None, one.message) for one in archive.configuration]
    assert found == [
        ("unknown-reference", 1, "there is no person `deploy-bt`"),
        ("unknown-reference", 3, "there is no category `aplication`"),
        ("unknown-reference", 4, "there is no team `payment`"),
        ("unknown-reference", 5, "there is no resolution code `fixd`"),
        ("unknown-reference", 7, "there is no service `serch`"),
        ("unknown-reference", 7, "there is no category `security/none`"),
        ("unknown-reference", 8, "there is no channel `alrt`"),
    ]
