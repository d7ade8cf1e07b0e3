"""The records of a tree: found, told apart, and linked to each other."""

from __future__ import annotations

from pathlib import Path

import pytest

from incidentbook.archive import Archive, UnreadableRecordError, load_archive, open_repository, references
from incidentbook.diagnostics import IncidentbookError
from incidentbook.gitrepo import WorkingTree, open_revision, open_working_tree
from incidentbook.records import Incident
from testbed import NEW_INCIDENT, CommitAll, MakeRepository, write_files

REVIEW = "---\nstatus: draft\n---\n## Summary\n"
PROBLEM = "---\ntitle: Pool too small\nstatus: open\n---\n"
ARTICLE = "---\ntitle: Restart the queue\nstatus: published\ntype: how-to\n---\nRestart it.\n"
MAINTENANCE = "---\ntitle: New database\nstatus: scheduled\n---\n"


def incident(number: int, rest: str = "") -> dict[str, str]:
    text = f"---\ntitle: Incident {number}\nstatus: new\n{rest}---\nBody {number}.\n"
    return {f"incidents/2026/INC-2026-{number:04d}.md": text}


def load(root: Path) -> Archive:
    return load_archive(open_working_tree(root))


def ids(entries: object) -> list[str]:
    return [entry.id for entry in entries]  # type: ignore[attr-defined]


def test_every_kind_is_found_and_sorted_by_number(make_repository: MakeRepository) -> None:
    archive = load(
        make_repository(
            {
                **incident(10000),
                **incident(2),
                "incidents/2025/INC-2025-0009.md": NEW_INCIDENT,
                "incidents/2026/INC-2026-0002.review.md": REVIEW,
                "incidents/2026/MNT-2026-0001.md": MAINTENANCE,
                "knowledge/problems/PRB-2026-0001.md": PROBLEM,
                "knowledge/articles/restart.md": ARTICLE,
            }
        )
    )
    assert ids(archive.incidents) == ["INC-2025-0009", "INC-2026-0002", "INC-2026-10000"]
    assert ids(archive.reviews) == ["INC-2026-0002.review"]
    assert ids(archive.maintenance) == ["MNT-2026-0001"]
    assert ids(archive.problems) == ["PRB-2026-0001"]
    assert ids(archive.articles) == ["restart"]
    assert archive.of_kind("nothing") == ()
    assert len(archive.entries) == 7
    assert not archive.stray
    assert not archive.duplicates
    assert tuple(archive.diagnostics) == ()
    entry = archive.get("INC-2026-0002")
    assert entry is not None
    assert (entry.kind, entry.path, entry.readable) == ("incident", "incidents/2026/INC-2026-0002.md", True)
    assert entry.record.title == "Incident 2"
    assert entry.body == "Body 2.\n"
    assert archive.get("INC-2026-0003") is None


def test_an_empty_repository(make_repository: MakeRepository) -> None:
    archive = load(make_repository())
    assert (archive.entries, archive.incidents, archive.stray) == ((), (), ())
    assert archive.revision is None


class Counting(WorkingTree):
    """Remembers what was read."""

    def __init__(self, root: Path) -> None:
        super().__init__(root)
        self.seen: list[str] = []

    def read(self, path: str) -> bytes:
        self.seen.append(path)
        return super().read(path)


def test_a_record_is_read_when_it_is_asked_for(make_repository: MakeRepository) -> None:
    tree = Counting(make_repository({**incident(1), **incident(2)}))
    archive = load_archive(tree)
    assert all(path.startswith("schema/") for path in tree.seen)
    tree.seen.clear()
    assert archive.get("INC-2026-0001") is not None
    assert tree.seen == []
    entry = archive.entries[0]
    assert entry.record is entry.record
    assert set(tree.seen) == {"incidents/2026/INC-2026-0001.md"}


def test_a_file_that_holds_no_record_hides_no_other(make_repository: MakeRepository) -> None:
    archive = load(
        make_repository(
            {
                **incident(1),
                "incidents/2026/INC-2026-0002.md": "",
                "incidents/2026/INC-2026-0003.md": b"\xff\xfe\0",
                "incidents/2026/INC-2026-0004.md": "---\n- a list\n---\n",
                "incidents/2026/INC-2026-0005.md": "---\ntitle: [\n---\n",
                "incidents/2026/INC-2026-0006.md": "---\nstatus: new\n---\n",
                "incidents/2026/INC-2026-0007.md": b"---\n" + b"x" * 2_000_000,
                **incident(8),
            }
        )
    )
    assert ids(archive.incidents) == ["INC-2026-0001", "INC-2026-0008"]
    assert [(found.code, found.path[-7:-3]) for found in archive.diagnostics] == [
        ("empty-file", "0002"),
        ("not-text", "0003"),
        ("not-a-mapping", "0004"),
        ("yaml-syntax", "0005"),
        ("missing-key", "0006"),
        ("file-too-large", "0007"),
    ]
    broken = archive.get("INC-2026-0005")
    assert broken is not None
    assert not broken.readable
    with pytest.raises(UnreadableRecordError, match=r"`incidentbook check incidents/2026/INC-2026-0005.md`"):
        _ = broken.record
    assert broken.document.text == "---\ntitle: [\n---\n", "there to be shown in the report"


def test_what_the_system_does_not_hand_out(make_repository: MakeRepository, tmp_path: Path) -> None:
    (tmp_path / "secret.md").write_text(NEW_INCIDENT)
    root = make_repository(incident(1))
    folder = root / "incidents" / "2026"
    (folder / "INC-2026-0002.md").symlink_to(tmp_path / "secret.md")
    (folder / "INC-2026-0003.md").symlink_to("nowhere.md")
    (folder / "INC-2026-0004.md").symlink_to("INC-2026-0001.md")
    (folder / "INC-2026-0005.md").symlink_to("../2026")
    archive = load(root)
    assert ids(archive.incidents) == ["INC-2026-0001"]
    found = {item.path[-7:-3]: (item.code, item.message) for item in archive.diagnostics}
    outside = "the file is a link that leads out of the repository, or to a hidden file"
    assert found["0002"] == ("symlinked-record", outside)
    assert found["0004"] == ("symlinked-record", "the file is a link, and not the file itself")
    assert found["0003"] == found["0005"] == found["0004"]
    assert str(tmp_path) not in str(found), "the message has no path of this machine"
    unreadable = archive.get("INC-2026-0002")
    assert unreadable is not None
    assert (unreadable.body, unreadable.document.text, unreadable.span("title").line) == ("", "", 1)


def test_one_misspelt_word_leaves_the_incident(make_repository: MakeRepository) -> None:
    archive = load(make_repository(incident(1, "impact: hgih\nurgency: low\nsymptom: x\n")))
    record = archive.incidents[0].record
    assert (record.impact, record.urgency) == (None, "low")
    assert [(found.code, found.span.line if found.span else 0) for found in archive.diagnostics] == [
        ("unknown-value", 4),
        ("unknown-key", 6),
    ]


def test_a_misspelt_visibility_shows_nothing(make_repository: MakeRepository) -> None:
    text = (
        "visibility: retsricted\nupdates:\n"
        "  - {at: 2026-01-01T00:00Z, status: identified, text: A, visibility: intern}\n"
        "  - {at: 2026-01-01T00:00Z, status: identified, text: B, visibility: public}\n"
    )
    archive = load(make_repository(incident(1, text)))
    record = archive.incidents[0].record
    assert record.visibility == "restricted"
    assert [update.visibility for update in record.updates] == ["restricted", "public"]
    assert [found.help for found in archive.diagnostics] == [
        "did you mean `restricted`?",
        "did you mean `internal`?",
    ]


def test_own_keys_are_kept_and_never_read(make_repository: MakeRepository) -> None:
    archive = load(make_repository(incident(1, "x-cost: 12\nx-list: [a, {b: null}]\nx-nothing:\nx-: 1\n")))
    assert archive.incidents[0].record.extra == {
        "x-cost": 12,
        "x-list": ["a", {"b": None}],
        "x-nothing": None,
        "x-": 1,
    }
    assert tuple(archive.diagnostics) == ()


def test_extra_is_no_field_of_a_file(make_repository: MakeRepository) -> None:
    archive = load(make_repository(incident(1, "extra: {x-a: 1}\nx-b: 2\n")))
    assert archive.incidents[0].record.extra == {"x-b": 2}
    found = list(archive.diagnostics)
    assert [(item.code, item.span.line if item.span else 0) for item in found] == [("unknown-key", 4)]
    assert found[0].help == "keys of your own begin with `x-`"


@pytest.mark.parametrize(
    "rest",
    [
        "summary:\nservices:\nlinks: ~\n",
        "links: {articles: , problem: PRB-2026-0001}\naffected:\n  estimate:\n",
        "services:\n  - service: checkout\n    state: operational\n    to:\n",
    ],
)
def test_a_key_without_a_value_counts_as_absent(make_repository: MakeRepository, rest: str) -> None:
    archive = load(make_repository(incident(1, rest)))
    assert tuple(archive.diagnostics) == ()
    assert archive.incidents[0].record.summary is None


def test_of_two_files_with_one_id_the_first_counts(make_repository: MakeRepository) -> None:
    text = "---\ntitle: {}\nstatus: new\n---\n"
    archive = load(
        make_repository(
            {
                "incidents/2026/INC-2026-0001.md": text.format("Right"),
                "incidents/2025/INC-2026-0001.md": text.format("Wrong folder"),
                "incidents/INC-2026-0001.md": text.format("No folder"),
            }
        )
    )
    assert [entry.path for entry in archive.entries] == [
        "incidents/2025/INC-2026-0001.md",
        "incidents/2026/INC-2026-0001.md",
        "incidents/INC-2026-0001.md",
    ]
    assert [entry.path for entry in archive.duplicates] == [
        "incidents/2026/INC-2026-0001.md",
        "incidents/INC-2026-0001.md",
    ]
    assert [entry.record.title for entry in archive.incidents] == ["Wrong folder"]


def test_attachments_belong_to_a_record_and_the_rest_is_stray(make_repository: MakeRepository) -> None:
    archive = load(
        make_repository(
            {
                **incident(1),
                "incidents/2026/INC-2026-0001.review.md": REVIEW,
                "knowledge/articles/restart.md": ARTICLE,
                "incidents/2026/INC-2026-0001/graph.png": b"\x89PNG",
                "incidents/2026/INC-2026-0001/logs/a b.txt": "log",
                "incidents/2026/INC-2026-0001/chat.md": "# Chat\n",
                "incidents/2026/INC-2026-0001.review/slides.pdf": b"%PDF",
                "knowledge/articles/restart/panel.png": b"\x89PNG",
                "incidents/2026/INC-2026-0002/orphan.png": b"\x89PNG",
                "incidents/2026/notes.md": "",
                "incidents/2026/inc-2026-0003.md": "",
                "knowledge/todo.txt": "",
            }
        )
    )
    assert archive.attachments("INC-2026-0001") == (
        "incidents/2026/INC-2026-0001/chat.md",
        "incidents/2026/INC-2026-0001/graph.png",
        "incidents/2026/INC-2026-0001/logs/a b.txt",
    )
    assert archive.attachments("INC-2026-0001.review") == ("incidents/2026/INC-2026-0001.review/slides.pdf",)
    assert archive.attachments("restart") == ("knowledge/articles/restart/panel.png",)
    assert archive.attachments("INC-2026-0002") == ()
    assert archive.stray == (
        "incidents/2026/INC-2026-0002/orphan.png",
        "incidents/2026/inc-2026-0003.md",
        "incidents/2026/notes.md",
        "knowledge/todo.txt",
    )


LINKS = """\
links:
  problem: PRB-2026-0001
  known_error: PRB-2026-0001
  articles: [restart, restart, nowhere]
  duplicate_of: INC-2026-0002
  parent: INC-2026-0003
  earlier: [INC-2026-0002]
"""


def test_who_names_whom(make_repository: MakeRepository) -> None:
    retired = ARTICLE.replace("published", "retired").replace("type:", "replaced_by: restart\ntype:")
    archive = load(
        make_repository(
            {
                **incident(1, LINKS),
                **incident(2),
                **incident(3),
                "incidents/2026/INC-2026-0002.review.md": REVIEW.replace(
                    "draft\n", "draft\nincidents: [INC-2026-0002, INC-2026-0001]\n"
                ),
                "incidents/2026/INC-2026-0001.review.md": REVIEW,
                "incidents/2026/INC-2026-0009.review.md": "---\n",
                "knowledge/problems/PRB-2026-0001.md": PROBLEM,
                "knowledge/articles/restart.md": ARTICLE,
                "knowledge/articles/old-restart.md": retired,
            }
        )
    )
    said = {
        id_: [(relation, entry.id) for relation, entry in archive.backlinks(id_)]
        for id_ in ("PRB-2026-0001", "restart", "INC-2026-0002", "INC-2026-0003", "nowhere", "INC-2026-0001")
    }
    assert said == {
        "PRB-2026-0001": [("problem", "INC-2026-0001"), ("known_error", "INC-2026-0001")],
        "restart": [("replaces", "old-restart"), ("article", "INC-2026-0001"), ("article", "INC-2026-0001")],
        "INC-2026-0002": [
            ("duplicate_of", "INC-2026-0001"),
            ("earlier", "INC-2026-0001"),
            ("review", "INC-2026-0002.review"),
        ],
        "INC-2026-0003": [("parent", "INC-2026-0001")],
        "nowhere": [("article", "INC-2026-0001")],
        "INC-2026-0001": [("review", "INC-2026-0002.review")],
    }
    assert ids(archive.incidents_of_problem("PRB-2026-0001")) == ["INC-2026-0001"]
    assert ids(archive.children_of("INC-2026-0003")) == ["INC-2026-0001"]
    assert archive.children_of("INC-2026-0002") == ()
    assert ids(archive.reviews_of("INC-2026-0001")) == ["INC-2026-0001.review", "INC-2026-0002.review"]
    assert ids(archive.reviews_of("INC-2026-0002")) == ["INC-2026-0002.review"]
    assert archive.reviews_of("INC-2026-0003") == archive.reviews_of("INC-2026-0009") == ()


def test_a_reference_has_its_place(make_repository: MakeRepository) -> None:
    archive = load(make_repository(incident(1, LINKS)))
    entry = archive.entries[0]
    assert isinstance(entry.record, Incident)
    found = [(reference.relation, reference.keys) for reference in references(entry.record)]
    assert found == [
        ("problem", ("links", "problem")),
        ("known_error", ("links", "known_error")),
        ("duplicate_of", ("links", "duplicate_of")),
        ("parent", ("links", "parent")),
        ("article", ("links", "articles", 0)),
        ("article", ("links", "articles", 1)),
        ("article", ("links", "articles", 2)),
        ("earlier", ("links", "earlier", 0)),
    ]
    for reference in references(entry.record):
        span = entry.span(*reference.keys)
        line = entry.document.text.split("\n")[span.line - 1]
        assert line[span.column - 1 : span.end_column - 1] == reference.target


def test_a_revision_has_its_own_records_and_its_own_schema(
    make_repository: MakeRepository, commit_all: CommitAll
) -> None:
    root = make_repository(incident(1))
    first = commit_all(root)
    write_files(root, incident(1, "impact: high\n"))
    write_files(root, {"schema/incidentbook.yml": "format: 1\nname: Renamed\n"})
    second = commit_all(root)
    before, after = load_archive(open_revision(root, first)), load_archive(open_revision(root, "HEAD"))
    now = load(root)
    assert (before.revision, after.revision, now.revision) == (first, second, second)
    assert [archive.taxonomy.settings.name for archive in (before, after, now)] == [
        "Testbed",
        "Renamed",
        "Renamed",
    ]
    assert before.incidents[0].record.impact is None
    assert after.incidents[0].record == now.incidents[0].record
    assert after.entries[0].content_hash == now.entries[0].content_hash != before.entries[0].content_hash
    assert after.entries[0].body == now.entries[0].body


def test_a_folder_that_is_no_records_repository(tmp_path: Path) -> None:
    with pytest.raises(IncidentbookError, match=r"no schema/incidentbook.yml in"):
        open_repository(tmp_path)
    assert not (tmp_path / ".cache").exists() or not any(tmp_path.glob("schema"))
