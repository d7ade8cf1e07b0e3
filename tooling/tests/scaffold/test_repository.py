"""The files of a new repository, as text."""

from __future__ import annotations

import re
from datetime import date

import pytest

from incidentbook.scaffold.json_schemas import json_schemas
from incidentbook.scaffold.repository import repository_files
from incidentbook.source import read_yaml
from incidentbook.taxonomy.settings import FILES

TODAY = date(2026, 11, 20)


def made(name: str = "Harbour desk", url: str | None = None) -> dict[str, str]:
    return dict(repository_files(name=name, zone="Europe/Berlin", url=url, today=TODAY))


def test_the_same_words_give_the_same_files() -> None:
    assert list(made().items()) == list(made().items())
    assert list(made()) == sorted(made())


@pytest.mark.parametrize("name", FILES)
def test_an_editor_finds_the_schema_of_each_file(name: str) -> None:
    first, _, rest = made()[f"schema/{name}.yml"].partition("\n")
    assert first == f"# yaml-language-server: $schema=json/{name}.schema.json"
    assert f"schema/json/{name}.schema.json" in json_schemas()
    assert read_yaml(name, rest.encode()).diagnostics == ()


def test_no_template_shows_through() -> None:
    assert [
        path
        for path, text in made().items()
        if re.search(r"(?<!\$)\{[{%]|[%}]\}\n|<%|%>", text) and "json/" not in path
    ] == []


@pytest.mark.parametrize("url", [None, "https://status.example"])
def test_an_address_that_is_not_known_is_not_made_up(url: str | None) -> None:
    values = read_yaml("", made(url=url)["schema/incidentbook.yml"].encode()).values
    assert values is not None
    assert values.get("url") == url
