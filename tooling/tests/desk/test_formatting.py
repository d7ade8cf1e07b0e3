"""The house form changes how front matter is written and never what it says."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from incidentbook.archive import open_repository
from incidentbook.desk.formatting import house_form
from incidentbook.edits.comments import comments_in, comments_of
from incidentbook.records.seal import is_same
from incidentbook.source import Document, read_document
from testbed import REPOSITORY_ROOT, Corpus

SCHEMA = "# yaml-language-server: $schema=../../schema/json/incident.schema.json\n"


def read(front: str, body: str = "The body.\n") -> Document:
    return read_document("incidents/2026/INC-2026-0001.md", f"---\n{front}---\n{body}".encode())


def formed(front: str) -> str:
    form = house_form(read(front), "incident")
    assert form.why is None
    assert form.text.endswith("---\nThe body.\n")
    return form.text.removeprefix("---\n").removesuffix("---\nThe body.\n")


def test_keys_stand_in_the_order_of_the_model_and_own_ones_last() -> None:
    assert formed("x-b: 1\nopened: 2026-11-19T14:05+00:00\nx-a: 2\nunknown: 3\nstatus: new\ntitle: A\n") == (
        "title: A\nstatus: new\nopened: 2026-11-19T14:05+00:00\nunknown: 3\nx-b: 1\nx-a: 2\n"
    )


def test_comments_go_with_the_key_below_them_or_on_their_line() -> None:
    assert formed(
        f"{SCHEMA}# when\n# it began\nopened: 2026-11-19T14:05+00:00  # by the alert\n"
        "services:\n  # the first\n  - {service: checkout, state: partial_outage}\n  # no more\n"
        "status: new\n# what\ntitle: A\n# the end\n"
    ) == (
        f"{SCHEMA}# what\ntitle: A\nstatus: new\n"
        "services:\n  # the first\n  - {service: checkout, state: partial_outage}\n  # no more\n"
        "# when\n# it began\nopened: 2026-11-19T14:05+00:00  # by the alert\n# the end\n"
    )


def test_a_comment_that_is_parted_from_the_next_key_stays_where_it_was() -> None:
    assert formed("# of the file\n\nstatus: new\n# behind the status\n\ntitle: A\n") == (
        "# of the file\n\ntitle: A\nstatus: new\n# behind the status\n"
    )


def test_blank_lines_are_thinned_and_those_of_a_text_are_not() -> None:
    assert formed("\n\ntitle: A\n\n\nstatus: new\nsummary: |\n  One.\n\n\n  Two.\n\n\nx-a: 1\n\n\n") == (
        "title: A\n\nstatus: new\nsummary: |\n  One.\n\n\n  Two.\n\nx-a: 1\n"
    )


def test_times_have_one_spelling_and_what_only_looks_like_one_is_left() -> None:
    front = (
        "title: 2026-11-19T14:05:00Z\nstatus: new\nopened: '2026-11-19 14:05:00Z'\n"
        "resolved: 2026-11-19T16:05:30.5+0200\nassignments:\n  - {at: 2026-11-19t14:06Z, team: a}\n"
        "x-at: 2026-11-19T14:05:00Z\n"
    )
    assert formed(front.replace("19t14", "19T14")) == (
        "title: 2026-11-19T14:05:00Z\nstatus: new\nopened: 2026-11-19T14:05+00:00\n"
        "resolved: 2026-11-19T16:05:30.500000+02:00\n"
        "assignments:\n  - {at: 2026-11-19T14:06+00:00, team: a}\n"
        "x-at: 2026-11-19T14:05:00Z\n"
    )


def test_times_of_a_record_that_cannot_be_understood_are_left() -> None:
    front = "title: A\nstatus: nonsense\nopened: 2026-11-19T14:05:00Z\n"
    assert formed(front) == front


def test_small_mappings_of_a_list_stand_on_one_line() -> None:
    assert formed(
        "title: A\nstatus: new\nservices:\n- service: checkout\n  state: partial_outage\n"
        "- service: search\n  # why\n  state: partial_outage\n"
    ) == (
        "title: A\nstatus: new\nservices:\n- {service: checkout, state: partial_outage}\n"
        "- service: search\n  # why\n  state: partial_outage\n"
    )


def test_a_large_mapping_and_one_with_a_list_stay_on_lines_of_their_own() -> None:
    front = (
        "title: A\nstatus: new\nactions:\n  - title: " + "long " * 20 + "\n    owner: a\n"
        "x-list:\n  - a: [1, 2]\n    b: 3\n"
    )
    form = house_form(read(front), "incident")
    assert form.text.removeprefix("---\n").startswith(front)


@pytest.mark.parametrize(
    ("front", "why"),
    [
        ("{title: A, status: new}\n", "braces"),
        ("  title: A\n  status: new\n", "indented"),
        ("title: A\ntitle: B\n", "cannot be read"),
        ("title: [\n", "cannot be read"),
    ],
)
def test_an_unusual_file_is_left_and_says_why(front: str, why: str) -> None:
    document = read(front)
    form = house_form(document, "incident")
    assert form.text == document.text
    assert form.why is not None
    assert why in form.why


def test_windows_line_ends_stay() -> None:
    document = read_document("a.md", b"---\r\nstatus: new\r\n\r\n\r\n# x\r\ntitle: A\r\n---\r\nBody\r\n")
    form = house_form(document, "incident")
    assert form.text == "---\r\n# x\r\ntitle: A\r\nstatus: new\r\n---\r\nBody\r\n"


def test_a_hash_in_a_text_is_no_comment() -> None:
    text = "a: 'x # no'  # yes\nb: |  # head\n  # no\nc: x#no\nd: {e: 1}  # too\n# last\n"
    assert list(comments_in(text)) == ["# yes", "# head", "# too", "# last"]


def _check(document: Document, kind: str) -> None:
    """What holds of every file: same values, same body, same comments; and a second time nothing."""
    form = house_form(document, kind)
    again = read_document(document.path, form.text.encode())
    assert is_same(again.values, document.values)
    assert again.body == document.body
    if form.why is None:
        assert comments_of(again) == comments_of(document)
    twice = house_form(again, kind)
    assert twice.text == form.text


@pytest.mark.parametrize("corpus_name", [None, "malformed"])
def test_real_files_say_the_same_afterwards(corpus_name: str | None, corpus: Corpus) -> None:
    if corpus_name is None:
        for entry in open_repository(REPOSITORY_ROOT).entries:
            _check(entry.document, entry.kind)
        return
    for path in sorted(Path(corpus(corpus_name)).rglob("*.md")):
        _check(read_document(path.name, path.read_bytes()), "incident")


_PIECES = st.sampled_from(
    [
        "# a comment\n",
        "\n",
        "  # an indented comment\n",
        "   \n",
    ]
)
_VALUES = st.sampled_from(
    [
        " new\n",
        " 'it''s # quoted'  # behind\n",
        ' "caf\\u00e9, {a}"\n',
        " 2026-11-19 14:05:00Z\n",
        " |\n  # no comment\n\n\n  text\n",
        " |+\n  keeps its end\n\n\n",
        " >-\n  folded\n  text\n",
        " [a, b]  # list\n",
        " {at: 2026-11-19T14:05Z, text: 'a, b'}\n",
        "\n  - {at: 2026-11-19T14:05:00Z, text: a}\n  - at: 2026-11-19T14:05Z\n    text: b, c\n",
        "\n- one: 1\n  two: '#2'\n# between\n- one: 1  # note\n  two: 2\n",
        "\n  inner:\n    # deep\n    - a\n\n    - b\n",
        "\n",
        " plain\n  going on\n",
    ]
)
_KEYS = st.sampled_from(
    ["title", "status", "summary", "opened", "updates", "steps", "x-own", "x-two", "what", "links"]
)


@settings(max_examples=300, deadline=None)
@given(
    st.lists(
        st.tuples(st.lists(_PIECES, max_size=3), _KEYS, _VALUES), max_size=7, unique_by=lambda part: part[1]
    ),
    st.lists(_PIECES, max_size=3),
)
@example([([], "x-own", " |+\n  keeps its end\n\n\n"), ([], "title", " A\n")], [])
def test_whatever_is_written_says_the_same_afterwards(
    parts: list[tuple[list[str], str, str]], end: list[str]
) -> None:
    front = "".join("".join(above) + f"{key}:{value}" for above, key, value in parts) + "".join(end)
    document = read(front)
    if document.values is not None:
        _check(document, "incident")
