"""The record that somebody means by what they type."""

from __future__ import annotations

from pathlib import Path

import pytest

from incidentbook.archive import Archive, open_repository
from incidentbook.desk.finding import UnknownRecordError, UnreadableError, editable, find_record
from testbed import NEW_INCIDENT, SCHEMA, write_files


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Archive:
    root: Path = tmp_path_factory.mktemp("records")
    twice = NEW_INCIDENT.replace("impact: high\n", "impact: high\nimpact: low\n")
    ids = ("INC-2025-0042", "INC-2026-0042", "INC-2026-10042")
    files = {f"incidents/{id_[4:8]}/{id_}.md": NEW_INCIDENT for id_ in ids}
    files |= {
        "incidents/2026/INC-2026-0007.md": twice,
        "incidents/2026/INC-2026-0008.md": "---\n- no record\n---\n",
        "incidents/2026/INC-2026-0042.review.md": "---\nstatus: draft\nincidents: [INC-2026-0042]\n---\n",
        "knowledge/problems/PRB-2026-0042.md": (
            "---\ntitle: Pool\nstatus: open\nopened: 2026-11-20T10:00Z\n---\n"
        ),
        "knowledge/articles/restart.md": "---\ntitle: Restart\nstatus: draft\ntype: faq\n---\n",
    }
    write_files(root, {**SCHEMA, **files})
    return open_repository(root)


@pytest.mark.parametrize(
    ("said", "id_"),
    [
        ("INC-2026-0042", "INC-2026-0042"),
        ("inc-2026-0042", "INC-2026-0042"),
        (" 42 ", "INC-2026-0042"),
        ("2025-42", "INC-2025-0042"),
        ("INC-42", "INC-2026-0042"),
        ("10042", "INC-2026-10042"),
        ("prb-42", "PRB-2026-0042"),
        ("incidents/2025/INC-2025-0042.md", "INC-2025-0042"),
        ("INC-2026-0042.review", "INC-2026-0042.review"),
        ("restart", "restart"),
        ("Restart", "restart"),
    ],
)
def test_what_is_meant(archive: Archive, said: str, id_: str) -> None:
    assert find_record(archive, said).id == id_


def test_the_kind_that_a_verb_wants_comes_first(archive: Archive) -> None:
    assert find_record(archive, "42", ("problem",)).id == "PRB-2026-0042"
    assert find_record(archive, "42", ("problem", "incident")).id == "PRB-2026-0042"
    with pytest.raises(UnknownRecordError, match="there is no problem `INC-2026-0042` here"):
        find_record(archive, "INC-2026-0042", ("problem",))


@pytest.mark.parametrize(
    ("said", "advice"),
    [
        ("INC-2026-0024", "did you mean INC-2026-0042"),
        ("restrat", "did you mean restart?"),
        ("zzz", "`incidentbook list` shows what there is"),
        ("99", "`incidentbook list`"),
        ("../../etc/passwd", "`incidentbook list`"),
        ("", "`incidentbook list`"),
        ("9" * 400, "`incidentbook list`"),
    ],
)
def test_what_is_not_there(archive: Archive, said: str, advice: str) -> None:
    with pytest.raises(UnknownRecordError) as error:
        find_record(archive, said)
    assert advice in str(error.value)


def test_what_cannot_be_read_or_not_without_a_doubt(archive: Archive) -> None:
    with pytest.raises(UnreadableError, match=r"check incidents/2026/INC-2026-0008\.md"):
        find_record(archive, "8")
    with pytest.raises(UnreadableError, match="INC-2026-0007 has errors in its YAML"):
        editable(find_record(archive, "7"))
    assert editable(find_record(archive, "42")).id == "INC-2026-0042"
