"""Bad input, by name: each gets a diagnostic with its place, and hides nothing else."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from testbed import NEW_INCIDENT, Corpus, MakeRepository, RunCli, write_files

PATH = "incidents/2026/INC-2026-0042.md"
HEALTHY = "incidents/2026/INC-2026-0099.md"

ANCHOR_BOMB = "a: &a [x, x]\n" + "".join(
    f"{chr(98 + n)}: &{chr(98 + n)} [{', '.join([f'*{chr(97 + n)}'] * 9)}]\n" for n in range(9)
)


def fields(text: str) -> str:
    return f"---\n{text.rstrip()}\n---\nbody\n"


def new(field: str, value: str) -> str:
    """The record of 03:00 with one field changed."""
    lines = [line for line in NEW_INCIDENT.split("\n") if not line.startswith(f"{field}:")]
    return "\n".join([lines[0], f"{field}: {value}", *lines[1:]])


BAD: dict[str, tuple[str | bytes, str, int | None]] = {
    "an empty file": ("", "empty-file", None),
    "nothing but white space": (" \n\t\n", "empty-file", None),
    "no front matter": ("# Checkout\n", "missing-front-matter", 1),
    "a line before the front matter": ("\n" + NEW_INCIDENT, "missing-front-matter", 1),
    "unclosed front matter": ("---\ntitle: x\nstatus: new\n", "unclosed-front-matter", 1),
    "a YAML syntax error": (fields("title: [x\nstatus: new"), "yaml-syntax", None),
    "text with a colon": (fields("title: Checkout: down\nstatus: new"), "yaml-syntax", 2),
    "tabs": (fields("title: x\nstatus: new\nlinks:\n\tproblem: PRB-2026-0001"), "yaml-syntax", 5),
    "a duplicate key": (fields("title: x\nstatus: new\ntitle: y"), "duplicate-key", 4),
    "a tag": (fields("title: !!python/object:os.system x\nstatus: new"), "yaml-tag", 2),
    "an anchor bomb": (fields(f"title: x\nstatus: new\n{ANCHOR_BOMB}"), "yaml-alias", 5),
    "a merge key": (fields("title: x\nstatus: new\n<<: {impact: high}"), "yaml-merge-key", 4),
    "endless nesting": (fields("title: x\nstatus: new\nx-a: " + "[" * 5000), "yaml-too-deep", 4),
    "a list where a mapping is due": (fields("- title: x\n- status: new"), "not-a-mapping", 2),
    "a value where a mapping is due": (fields("just text"), "not-a-mapping", 2),
    "a list where fields are due": (new("reporter", "[alert]"), "wrong-type", 2),
    "a file of ten megabytes": (NEW_INCIDENT.encode() + b"x" * 10_000_000, "file-too-large", None),
    "a binary file": (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\xff\xfe", "not-text", None),
    "NUL bytes": (NEW_INCIDENT.replace("carts", "ca\0rts"), "not-text", None),
    "another encoding": (NEW_INCIDENT.replace("carts", "c\u00e4rts").encode("latin-1"), "not-text", None),
    "a naive time": (new("opened", "2026-11-19T14:05"), "naive-time", 2),
    "a naive time with a space": (new("opened", "2026-11-19 14:05:00"), "naive-time", 2),
    "31 February": (new("opened", "2026-02-31T14:05+00:00"), "invalid-time", 2),
    "25 o'clock": (new("opened", "2026-02-03T25:05+00:00"), "invalid-time", 2),
    "year 1628": (new("opened", "1628-08-10T12:00:00Z"), "invalid-time", 2),
    "year 9999": (new("opened", "9999-12-31T23:59:59Z"), "invalid-time", 2),
    "a time that is a number": (new("opened", "1732000000"), "invalid-time", 2),
    "an unknown state": (new("status", "doing"), "unknown-value", 2),
    "HTML and script in a title": (
        new("title", '"<script>alert(1)</script><img src=x onerror=alert(1)>"'),
        "markup-in-title",
        2,
    ),
    "an ID that climbs": (new("links", "{problem: ../../../etc/passwd}"), "invalid-value", 2),
    "an article that climbs": (new("links", "{articles: [../../secret]}"), "invalid-value", 2),
    "a title that is a number": (new("title", "502"), "wrong-type", 2),
    "a title that is empty": (new("title", '""'), "invalid-value", 2),
    "yes for true": (new("major", "yes"), "wrong-type", 2),
    "a service that is a path": (
        NEW_INCIDENT.replace("service: checkout", "service: ../x"),
        "invalid-value",
        5,
    ),
    "a date in another order": (new("opened", "19.11.2026 14:05"), "invalid-time", 2),
    "an offset of a day": (new("opened", "2026-11-19T14:05+25:00"), "invalid-time", 2),
    "a number beyond all bounds": (new("affected", "{count: 9" + "9" * 5000 + "}"), "wrong-type", 2),
}


@pytest.mark.parametrize("name", BAD)
def test_is_told_with_its_place_and_hides_nothing(
    name: str, make_repository: MakeRepository, run_cli: RunCli
) -> None:
    content, code, line = BAD[name]
    root = make_repository({PATH: content, HEALTHY: new("urgency", "hihg")})
    outcome = run_cli("check", "--format", "json", repo=root)
    document = json.loads(outcome.out)
    assert outcome.code in (0, 1)
    assert document["summary"]["records"] == 2
    told = [(d["path"], d["code"], d["line"]) for d in document["diagnostics"]]
    assert any((path, found) == (PATH, code) and line in (None, at) for path, found, at in told), told
    assert any((path, found) == (HEALTHY, "unknown-value") for path, found, _ in told)
    for format_ in ("text", "github"):
        assert f"{code}" in run_cli("check", "--format", format_, repo=root).out


def test_carriage_returns_and_a_byte_order_mark_are_welcome(
    make_repository: MakeRepository, run_cli: RunCli
) -> None:
    windows = "\ufeff" + NEW_INCIDENT.replace("\n", "\r\n")
    root = make_repository({PATH: windows, HEALTHY: windows.replace("urgency: high", "urgency: hihg")})
    outcome = run_cli("check", "--format", "json", repo=root)
    assert [(d["path"], d["line"], d["column"]) for d in json.loads(outcome.out)["diagnostics"]] == [
        (HEALTHY, 8, 10)
    ]


@pytest.mark.skipif(os.name == "nt", reason="links need rights on Windows")
def test_a_link_that_leaves_the_repository(
    make_repository: MakeRepository, run_cli: RunCli, tmp_path: Path
) -> None:
    outside = tmp_path / "outside.md"
    outside.write_text(NEW_INCIDENT.replace("carts survive", "the moon is made of cheese"))
    root = make_repository({HEALTHY: NEW_INCIDENT})
    (root / PATH).symlink_to(outside)
    (root / "incidents/2026/INC-2026-0043.md").symlink_to(root / HEALTHY)
    outcome = run_cli("check", repo=root)
    assert outcome.code == 1
    assert f"{PATH}: error[symlinked-record]" in outcome.out
    assert "cheese" not in outcome.out
    assert "INC-2026-0043.md: error[symlinked-record]" in outcome.out
    assert run_cli("check", root / PATH, repo=root).code == 1


def test_a_folder_that_is_named_like_a_record(make_repository: MakeRepository, run_cli: RunCli) -> None:
    root = make_repository({HEALTHY: NEW_INCIDENT, f"{PATH}/inside.txt": "x"})
    outcome = run_cli("check", repo=root)
    assert outcome.code in (0, 1)
    assert "1 record checked" in outcome.out or "2 records checked" in outcome.out


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="root reads everything")
def test_a_file_that_may_not_be_read(make_repository: MakeRepository, run_cli: RunCli) -> None:
    root = make_repository({PATH: NEW_INCIDENT, HEALTHY: NEW_INCIDENT})
    (root / PATH).chmod(0)
    outcome = run_cli("check", repo=root)
    assert outcome.code == 1
    assert f"{PATH}: error[unreadable-file]" in outcome.out


@pytest.mark.skipif(os.name == "nt", reason="links need rights on Windows")
def test_a_link_to_nothing_or_to_itself(make_repository: MakeRepository, run_cli: RunCli) -> None:
    root = make_repository({HEALTHY: NEW_INCIDENT})
    (root / PATH).symlink_to("nowhere.md")
    (root / "incidents/2026/INC-2026-0043.md").symlink_to("INC-2026-0043.md")
    outcome = run_cli("check", repo=root)
    assert outcome.code == 1
    assert outcome.out.count("error[") == 2


def test_a_repository_below_a_path_with_spaces_and_other_letters(
    make_repository: MakeRepository, run_cli: RunCli
) -> None:
    root = make_repository(
        {PATH: NEW_INCIDENT, "incidents/2026/Störung im Büro 1.md": NEW_INCIDENT},
        name="Störungen und Pannen 障害",
    )
    outcome = run_cli("check", repo=root)
    assert outcome.code == 1
    assert "incidents/2026/Störung im Büro 1.md: error[invalid-file-name]" in outcome.out
    assert "1 record checked: 1 error" in outcome.out


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("incidents/2026/INC-26-1.md", "invalid-file-name"),
        ("incidents/2026/inc-2026-0042.md", "invalid-file-name"),
        ("incidents/2026/INC-2026-042.md", "invalid-file-name"),
        ("incidents/2026/INC-2026-0042.review.review.md", "invalid-file-name"),
        ("knowledge/articles/Restart The Queue.md", "invalid-file-name"),
        ("incidents/2026/graph.png", "stray-file"),
        ("incidents/2026/INC-2026-0777/graph.png", "stray-file"),
        ("incidents/2025/INC-2026-0042.md", "wrong-folder"),
        ("incidents/INC-2026-0042.md", "wrong-folder"),
        ("incidents/2026/INC-2026-0777.review.md", "review-without-incident"),
        ("schema/service.yml", "unknown-schema-file"),
    ],
)
def test_files_in_the_wrong_place(
    path: str, code: str, make_repository: MakeRepository, run_cli: RunCli
) -> None:
    text = "---\nstatus: draft\n---\n" if "review" in path else NEW_INCIDENT
    outcome = run_cli("check", "--format", "json", repo=make_repository({path: text, HEALTHY: NEW_INCIDENT}))
    told = [(d["path"], d["code"]) for d in json.loads(outcome.out)["diagnostics"]]
    assert (path, code) in told


@pytest.mark.parametrize(
    ("path", "said", "advice"),
    [
        ("incidents/2026/INC-2026-51.md", "is no name of a record", "did you mean `INC-2026-0051.md`?"),
        ("incidents/2026/INC-2026-00042.md", "is no name of a record", "did you mean `INC-2026-0042.md`?"),
        ("incidents/2026/inc_2026_7-review.md", "is no name", "did you mean `INC-2026-0007.review.md`?"),
        (
            "incidents/2026/INC-2026-0777/notes ä é.md",
            "the folder of `INC-2026-0777`",
            "add INC-2026-0777.md",
        ),
        ("incidents/2026/INC-2026-0777/logs/a.txt", "folder of `INC-2026-0777`", "add INC-2026-0777.md"),
        (
            "incidents/old drafts; rm x/INC-2026-0777.md",
            "`INC-2026-0777` belongs at",
            "git mv 'incidents/old drafts; rm x/INC-2026-0777.md' incidents/2026/INC-2026-0777.md",
        ),
    ],
)
def test_files_in_the_wrong_place_are_told_where_they_belong(
    path: str, said: str, advice: str, make_repository: MakeRepository, run_cli: RunCli
) -> None:
    root = make_repository({path: NEW_INCIDENT, HEALTHY: NEW_INCIDENT})
    told = json.loads(run_cli("check", "--format", "json", repo=root).out)["diagnostics"]
    (found,) = (d for d in told if d["path"] == path)
    assert said in found["message"]
    assert found["help"].startswith(advice)


def test_a_readme_and_hidden_files_are_welcome(make_repository: MakeRepository, run_cli: RunCli) -> None:
    root = make_repository(
        {"incidents/README.md": "# Incidents", "incidents/2026/.gitkeep": "", PATH: NEW_INCIDENT}
    )
    assert run_cli("check", "--strict", repo=root).code == 0


@pytest.mark.parametrize(
    ("file", "content", "code"),
    [
        ("services", "services: [\n", "yaml-syntax"),
        ("services", "- a\n- b\n", "not-a-mapping"),
        ("services", "services:\n  - {id: a, nmae: A}\n", "unknown-key"),
        ("teams", "teams:\n  - {id: A Team, name: x}\n", "invalid-value"),
        ("sla", "policies:\n  - {id: a, name: A, response: soon}\n", "invalid-duration"),
        ("calendars", "calendars:\n  - {id: a, name: A, zone: Mars/Olympus}\n", "unknown-zone"),
        ("people", b"\xff\xfe\x00", "not-text"),
    ],
)
def test_a_broken_configuration_file(
    file: str, content: str | bytes, code: str, make_repository: MakeRepository, run_cli: RunCli
) -> None:
    root = make_repository({f"schema/{file}.yml": content, PATH: NEW_INCIDENT})
    outcome = run_cli("check", "--format", "json", repo=root)
    told = [(d["path"], d["code"]) for d in json.loads(outcome.out)["diagnostics"]]
    assert outcome.code == 1
    assert (f"schema/{file}.yml", code) in told


@pytest.mark.parametrize(
    ("file", "code", "severity"),
    [
        *((name, "missing-schema-file", "warning") for name in ("services", "categories", "teams", "people")),
        ("calendars", "missing-schema-file", "warning"),
        *((name, "missing-policy-file", "error") for name in ("priority", "sla", "reviews")),
    ],
)
def test_a_missing_configuration_file(
    file: str, code: str, severity: str, make_repository: MakeRepository, run_cli: RunCli
) -> None:
    root = make_repository({PATH: NEW_INCIDENT})
    (root / f"schema/{file}.yml").unlink()
    outcome = run_cli("check", "--format", "json", repo=root)
    told = [(d["path"], d["code"], d["severity"], d["line"]) for d in json.loads(outcome.out)["diagnostics"]]
    assert (f"schema/{file}.yml", code, severity, None) in told
    if severity == "error":
        assert outcome.code == 1
    (root / f"schema/{file}.yml").write_text("")
    assert code not in run_cli("check", repo=root).out


def test_what_may_be_absent(make_repository: MakeRepository, run_cli: RunCli) -> None:
    root = make_repository()
    (root / "schema/measures.yml").unlink()
    assert run_cli("check", "--strict", repo=root).code == 0


def renamed(folder: Path) -> dict[str, bytes]:
    """Foreign Markdown under names of incidents."""
    files = sorted(folder.rglob("*.md"))
    return {f"incidents/2026/INC-2026-{n:04d}.md": file.read_bytes() for n, file in enumerate(files, start=1)}


@pytest.mark.parametrize("name", ["malformed", "cstate-jenkins"])
def test_real_foreign_records(
    name: str, corpus: Corpus, make_repository: MakeRepository, run_cli: RunCli
) -> None:
    files = renamed(corpus(name))
    root = make_repository()
    write_files(root, files)
    outcome = run_cli("check", "--format", "json", repo=root)
    document = json.loads(outcome.out)
    assert outcome.code == 1
    assert outcome.err == ""
    assert document["summary"]["records"] == len(files)
    assert {d["path"] for d in document["diagnostics"]} == set(files)
    assert all(d["line"] for d in document["diagnostics"])
    assert all(d["code"] != "rule-failed" for d in document["diagnostics"])


def test_a_real_import_is_told_honestly_and_blocks_nobody(
    corpus: Corpus, make_repository: MakeRepository, run_cli: RunCli
) -> None:
    root = make_repository()
    assert run_cli("import", "statuspage", corpus("github-status/incidents.jsonl"), repo=root).code == 0
    outcome = run_cli("check", "--format", "json", repo=root)
    document = json.loads(outcome.out)
    assert document["summary"]["records"] == 819
    assert document["summary"]["errors"] == 0
    assert outcome.code == 0
    told = {d["code"] for d in document["diagnostics"]}
    assert {"missing-category", "missing-owner", "missing-resolution", "missing-services"} <= told
