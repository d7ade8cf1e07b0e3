"""A word of its own in every text of every record and of the taxonomy, looked for in all that is put out.

`test_canaries.py` asks what `publish` lets through; this one reads the bytes that are written at the end:
a whole public site, unpacked where it is packed, and whatever a verb writes for an audience.
"""

from __future__ import annotations

import gzip
import re
import shutil
import zlib
from collections.abc import Sequence
from pathlib import Path

import click
import pytest
from canarybed import INTERNAL, NOBODY, PUBLIC, Planted, plant, unpacked, words_in
from planting import TextPlace, schema, texts_of

from incidentbook.cli import VERBS, app
from incidentbook.taxonomy import FILES
from sitebed import CONFIGURATION, build_site
from testbed import RunCli, git, write_files

MUST = {"title", "summary", "text", "name"}
"""Public fields that a public site has to show, or the words are not looked for where they would be."""


@pytest.fixture(scope="module")
def planted(tmp_path_factory: pytest.TempPathFactory) -> Planted:
    root = tmp_path_factory.mktemp("planted") / "records"
    root.mkdir()
    made = plant(root)
    git(root, "init", "--quiet", "--initial-branch=main")
    git(root, "add", "--all")
    author = made.word(INTERNAL, "name of an author")
    git(
        root,
        *("-c", f"user.name={author}", "commit", "--quiet"),
        *("--author", f"{author} <{author}@example.invalid>"),
        *("--message", made.word(INTERNAL, "message of a commit")),
    )
    return made


@pytest.fixture(scope="module")
def sites(planted: Planted, tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, str]]:
    """The words of the public and of the internal site, and where."""
    found = {}
    for audience in (PUBLIC, INTERNAL):
        root = tmp_path_factory.mktemp(audience) / "records"
        shutil.copytree(planted.root, root)
        configuration = CONFIGURATION.replace("audience: internal", f"audience: {audience}")
        found[audience] = words_in(build_site(root, configuration=configuration, strict=False))
    return found


def test_every_word_is_in_the_repository(planted: Planted) -> None:
    """A word that was never written cannot be found either."""
    there = set(words_in(planted.root))
    there.update(
        word.lower()
        for word in re.findall(r"Zq\d{4}x", git(planted.root, "log", "--format=%an %ae %s"), re.IGNORECASE)
    )
    assert set(planted.for_whom) <= there
    assert len(planted.of(PUBLIC)) > 40
    assert len(planted.of(INTERNAL)) > 300
    assert len(planted.of(NOBODY)) > 150


def test_every_text_of_the_taxonomy_is_planted() -> None:
    """A text that is added to the models and that nothing reaches fails here."""
    _, reached = schema(lambda _path, _public: "x")
    wanted: set[TextPlace] = set()
    for model in FILES.values():
        wanted |= set(texts_of(model))
    assert wanted == reached


@pytest.mark.parametrize("audience", [PUBLIC, INTERNAL])
def test_a_site_holds_no_word_that_is_not_for_its_audience(
    planted: Planted, sites: dict[str, dict[str, str]], audience: str
) -> None:
    assert planted.leaked(sites[audience], audience) == []


def test_a_leak_would_be_told(planted: Planted, sites: dict[str, dict[str, str]]) -> None:
    told = planted.leaked(sites[INTERNAL], PUBLIC)
    assert len(told) > 100
    assert any("body of incident 902" in line for line in told)


def test_the_public_finds_what_is_for_it(planted: Planted, sites: dict[str, dict[str, str]]) -> None:
    missing = {
        planted.place[word]
        for word in planted.of(PUBLIC) - set(sites[PUBLIC])
        if any(f"'{name}'" in planted.place[word].rpartition("(")[2] for name in MUST)
        and not planted.place[word].startswith("schema")
    }
    assert missing == set()
    assert len(planted.of(PUBLIC) & set(sites[PUBLIC])) > 0.5 * len(planted.of(PUBLIC))


def test_the_company_finds_most_of_the_rest(planted: Planted, sites: dict[str, dict[str, str]]) -> None:
    """What is missing from the public site is missing because it is taken out, not for another reason."""
    assert len(planted.of(INTERNAL) & set(sites[INTERNAL])) > 0.4 * len(planted.of(INTERNAL))
    for place in ("body of incident 902", "name of an attachment of 901", "an attachment of 902"):
        word = next(word for word, where in planted.place.items() if where == place)
        assert word in sites[INTERNAL]


def test_addresses_of_records_that_are_not_public_are_nowhere(
    planted: Planted, sites: dict[str, dict[str, str]], tmp_path: Path
) -> None:
    root = tmp_path / "records"
    shutil.copytree(planted.root, root)
    configuration = CONFIGURATION.replace("audience: internal", "audience: public")
    site = build_site(root, configuration=configuration, strict=False)
    hidden = re.compile(rb"(?:INC|MNT|PRB)-2026-090[234]|article-090[234]")
    for path in site.rglob("*"):
        assert not hidden.search(path.relative_to(site).as_posix().encode())
        if path.is_file():
            for text in unpacked(path.read_bytes()):
                assert not hidden.search(text), path


RUNS: dict[str, list[list[str]]] = {
    "stats": [
        *([f"--format={form}"] for form in ("text", "json", "csv", "markdown", "openmetrics")),
        *(
            ["--format=json", f"--by={by}"]
            for by in ("service", "group", "category", "team", "owner", "location", "channel", "problem")
        ),
    ],
    "report": [["2026", "--output", "OUT"]],
    "export": [
        [f"--table={table}", f"--format={form}"]
        for table in ("incidents", "updates", "holds", "actions")
        for form in ("csv", "json")
    ],
    "sla": [["--format=text"], ["--format=json"]],
    "escalate": [["--due"], ["--due", "--format=json"]],
    "reviews": [["--format=text"], ["--format=json"]],
    "similar": [
        *(["INC-2026-0901", f"--format={form}"] for form in ("text", "json")),
        *([f"{kind}-2026-0902", "--format=json"] for kind in ("INC", "PRB")),
    ],
    "status": [["--format=text"], ["--format=json"]],
    "trends": [["--explain"], ["--format=json"], ["--format=markdown", "--weeks=1", "--explain"]],
    "list": [["--limit=10000", f"--format={form}"] for form in ("text", "json", "csv")],
    "search": [["zq", "--limit=10000", f"--format={form}"] for form in ("text", "json")],
    "show": [
        [id_, f"--format={form}"]
        for id_ in ("INC-2026-0901", "INC-2026-0901.review", "PRB-2026-0901", "MNT-2026-0901", "article-0901")
        for form in ("text", "json", "markdown")
    ],
    "draft": [["update", "INC-2026-0905"], ["resolution", "INC-2026-0901"]],
}
"""How each verb that takes an audience is run; a new one has to be added."""

IN_TIME = {"comment", "log", "watch"}
"""Verbs that `test_canary_history.py` runs, for they need a history or trouble."""


def audiences_of(verb: str) -> Sequence[str]:
    command = app.get_command(click.Context(app), verb)
    assert command is not None
    option = next((one for one in command.params if one.name == "audience"), None)
    return option.type.choices if option is not None and isinstance(option.type, click.Choice) else ()


def test_every_verb_that_takes_an_audience_is_run() -> None:
    assert {verb for verb in VERBS if audiences_of(verb)} == set(RUNS) | IN_TIME


@pytest.mark.parametrize("audience", [PUBLIC, INTERNAL])
@pytest.mark.parametrize("verb", sorted(RUNS))
def test_what_a_verb_writes_holds_no_word_that_is_not_for_its_audience(
    planted: Planted, run_cli: RunCli, verb: str, audience: str, tmp_path: Path
) -> None:
    if audience not in audiences_of(verb):
        pytest.skip(f"`{verb}` is not for this audience")
    for number, arguments in enumerate(RUNS[verb]):
        out = tmp_path / str(number)
        filled = [argument.replace("OUT", str(out)) for argument in arguments]
        outcome = run_cli(verb, *filled, "--audience", audience, repo=planted.root)
        refused = outcome.code == 2 and "nothing that the public may see" in outcome.err
        assert outcome.code in (0, 1) or refused, outcome.err
        out.mkdir(exist_ok=True)
        (out / "stdout").write_text(outcome.out + outcome.err, "utf-8")
        found = words_in(out)
        assert planted.leaked(found, audience) == [], arguments
        assert outcome.out or refused or len(list(out.iterdir())) > 1


def test_a_drafted_review_holds_no_word_of_a_restricted_record(
    planted: Planted, run_cli: RunCli, tmp_path: Path
) -> None:
    for number in (901, 902, 905):
        outcome = run_cli("draft", "review", f"INC-2026-0{number}", repo=planted.root)
        assert outcome.code == 0, outcome.err
        write_files(tmp_path / str(number), {"review.md": outcome.out})
        assert planted.leaked(words_in(tmp_path / str(number)), INTERNAL) == []


def test_an_export_holds_the_words_that_are_for_its_audience(planted: Planted, run_cli: RunCli) -> None:
    for audience in (PUBLIC, INTERNAL):
        written = run_cli("export", "--format=json", "--audience", audience, repo=planted.root).out
        found = {word.lower() for word in re.findall(r"Zq\d{4}x", written)}
        assert found & planted.of(audience)


def test_packed_words_are_found(tmp_path: Path) -> None:
    """The search itself finds words in what is packed, in any case of letters, and in names."""
    write_files(
        tmp_path / "site",
        {
            "a/index.html": "<p>ZQ0001X</p>",
            "b.json": '{"a":"x zq0002x"}',
            "c.bin": gzip.compress(b"zq0003x"),
            "d.bin": zlib.compress(b"zq0004x"),
            "zq0005x/e.txt": "",
        },
    )
    assert set(words_in(tmp_path / "site")) == {f"zq000{number}x" for number in range(1, 6)}
