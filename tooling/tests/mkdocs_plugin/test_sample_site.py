"""The public site of this repository's own records, searched byte by byte for what is not the public's.

What is secret is read here from the files themselves, by other code than that of the package.
"""

from __future__ import annotations

import gzip
import html
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from sitebed import build_configured
from testbed import REPOSITORY_ROOT

Secrets = dict[str, str]
"""What must not be found, and why."""


class _Plain(yaml.CSafeLoader):
    """Times stay the words that they are."""


_Plain.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if not tag.endswith("timestamp")]
    for first, resolvers in yaml.CSafeLoader.yaml_implicit_resolvers.items()
}


def front_matter(path: Path) -> tuple[dict[str, Any], str]:
    _, head, body = path.read_text("utf-8").split("---\n", 2)
    return yaml.load(head, _Plain), body


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """Every file of the public site as text; what people read also as they read it, entities resolved."""
    root = tmp_path_factory.mktemp("public") / "records"
    root.mkdir()
    for name in ("incidents", "knowledge", "handovers", "schema", "site"):
        shutil.copytree(REPOSITORY_ROOT / name, root / name)
    for name in ("mkdocs.yml", "mkdocs.public.yml"):
        shutil.copy(REPOSITORY_ROOT / name, root)
    site = build_configured(root / "mkdocs.public.yml")
    texts = {}
    for path in site.rglob("*"):
        if path.is_file():
            data = path.read_bytes()
            text = (gzip.decompress(data) if path.suffix == ".gz" else data).decode("utf-8", "replace")
            name = path.relative_to(site).as_posix()
            texts[name] = f"{name}\n{text}"
            if path.suffix in {".html", ".json", ".xml"}:
                told = html.unescape(text)
                texts[name] += f"\n{told}\n{words(told)}"
    yield texts
    shutil.rmtree(root)


def words(text: str) -> str:
    """Without tags and line ends: a folded text in YAML has other ones than the page that shows it."""
    return " ".join(re.sub(r"<[^>]*>", "", text).split())


def records() -> dict[Path, tuple[dict[str, Any], str]]:
    folders = (REPOSITORY_ROOT / name for name in ("incidents", "knowledge", "handovers"))
    return {path: front_matter(path) for folder in folders for path in sorted(folder.rglob("*.md"))}


def is_public(path: Path, record: dict[str, Any]) -> bool:
    if path.name.endswith(".review.md"):
        lead, _ = front_matter(path.with_name(path.name.replace(".review", "")))
        return record.get("visibility") == lead.get("visibility") == "public" and (
            record["status"] == "published"
        )
    return record.get("visibility") == "public" and record["status"] != "draft" and not record.get("drill")


def secrets() -> Secrets:
    said = catalogue_secrets()
    for path, (record, body) in records().items():
        said.update(record_secrets(path, record))
        has_public_body = path.name.endswith(".review.md") or "articles" in path.parts
        if not (is_public(path, record) and has_public_body):
            lines = (line for line in body.splitlines() if len(line) > 40)
            said.update((words(line), f"the body of {path.name}") for line in lines)
    return said


def catalogue_secrets() -> Secrets:
    people = yaml.load((REPOSITORY_ROOT / "schema/people.yml").read_text("utf-8"), _Plain)["people"]
    services = yaml.load((REPOSITORY_ROOT / "schema/services.yml").read_text("utf-8"), _Plain)["services"]
    hidden = (service["id"] for service in services if service.get("visibility") == "internal")
    return {
        **{person["handle"]: "a handle" for person in people},
        **{email: "an e-mail address" for person in people for email in person.get("emails", ())},
        **dict.fromkeys(hidden, "an internal service"),
    }


def record_secrets(path: Path, record: dict[str, Any]) -> Secrets:
    said: Secrets = {}
    public = is_public(path, record)
    if not public and not path.name.endswith(".review.md"):
        said[path.stem] = "a record that is not public"
        if "title" in record:
            said[record["title"]] = f"the title of {path.name}"
    for update in record.get("updates", ()):
        if not public or update.get("visibility") != "public":
            said[words(update["text"])] = f"an update of {path.name}"
    for key in ("steps", "decisions"):
        said.update((words(one["text"]), f"{key} of {path.name}") for one in record.get(key, ()))
    for item in record.get("items", ()):
        said.update(
            (words(item[key]), f"{key} of {path.name}") for key in ("next_step", "note") if key in item
        )
    internal = {
        "resolution": record.get("resolution", {}).get("summary"),
        "root_cause": record.get("root_cause"),
        "permanent_fix": record.get("permanent_fix"),
    }
    said.update((words(text), f"{key} of {path.name}") for key, text in internal.items() if text)
    return said


def test_nothing_internal_is_anywhere_in_the_public_site(found: dict[str, str]) -> None:
    leaks = [
        f"{name}: {why}: {secret}"
        for secret, why in secrets().items()
        for name, text in found.items()
        if secret in text
    ]
    assert leaks == []


def test_the_search_for_secrets_finds_what_is_there(found: dict[str, str]) -> None:
    """It would find nothing, either, if it looked for nothing or in the wrong place."""
    assert {re.sub(r" of .*", "", why) for why in secrets().values()} == {
        *("a handle", "an e-mail address", "an internal service", "a record that is not public"),
        *("the title", "the body", "an update", "steps", "decisions"),
        *("resolution", "root_cause", "permanent_fix", "next_step", "note"),
    }
    shown = "\n".join(found.values())
    for path, (record, _) in records().items():
        if is_public(path, record) and "title" in record:
            assert record["title"] in shown
            assert path.name.split(".")[0] in shown
            for update in record.get("updates", ()):
                if update.get("visibility") == "public":
                    assert words(update["text"]) in shown


def test_a_reader_from_outside_finds_no_handbook(found: dict[str, str]) -> None:
    assert not [name for name in found if name.startswith("docs/") or "screenshot" in name]
    for name in ("index.html", "404.html", "incidents/index.html"):
        assert "Handbook" not in found[name]
        assert "Incidentbook" not in words(found[name])
