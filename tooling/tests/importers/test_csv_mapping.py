"""Presets are sound data files, and what is wrong with a mapping is said with its place."""

from __future__ import annotations

import dataclasses
import re
from pathlib import Path

import pytest

from incidentbook.importers.csv_columns import Columns, Meanings, Words
from incidentbook.importers.csv_mapping import (
    BrokenMappingError,
    Targets,
    UnknownPresetError,
    columns_of,
    load_mapping,
    load_preset,
    preset_names,
    preset_text,
    read_mapping,
)
from incidentbook.importers.csv_table import Table, folded
from testbed import REPOSITORY_ROOT

LEAST = "name: X\nsystem: x\nrows: {id: Number}\nfields:\n  opened: [Opened]\n"


def broken(text: str) -> str:
    with pytest.raises(BrokenMappingError) as caught:
        read_mapping("my.yml", text.encode())
    return str(caught.value)


def test_there_is_a_preset_for_each_tool() -> None:
    assert preset_names() == [
        "bmc-helix",
        "freshservice",
        "infraon",
        "jira",
        "servicedesk-plus",
        "servicenow",
    ]
    with pytest.raises(UnknownPresetError, match="there is no preset `remedy`; expected one of bmc-helix, "):
        load_preset("remedy")


@pytest.mark.parametrize("name", preset_names())
def test_a_preset_says_what_every_import_needs(name: str, tmp_path: Path) -> None:
    mapping = load_preset(name)
    for field in ("status", "title", "opened", "resolved", "impact", "urgency", "priority", "team", "owner"):
        assert getattr(mapping.fields, field) is not None, field
    copy = tmp_path / "copy.yml"
    copy.write_text(preset_text(name), encoding="utf-8")
    assert load_mapping(copy) == mapping


@pytest.mark.parametrize("name", preset_names())
def test_no_word_of_a_preset_means_two_things(name: str) -> None:
    for column in columns_of(load_preset(name)):
        words = [word.casefold() for theirs in column.values.values() for word in theirs]
        assert len(words) == len(set(words)), column
        names = [folded(one) for one in column.columns]
        assert len(names) == len(set(names)), column


def test_columns_are_a_list_one_name_or_written_out() -> None:
    mapping = read_mapping(
        "my.yml", (LEAST + "  title: Subject\n  owner: {columns: [Agent], split: ';'}\n").encode()
    )
    assert mapping.fields.title is not None
    assert mapping.fields.owner is not None
    assert mapping.fields.title.columns == ("Subject",)
    assert (mapping.fields.owner.columns, mapping.fields.owner.split) == (("Agent",), ";")


BROKEN = {
    "  titel: [Subject]": "my.yml:6:3: `fields.titel` is not a field here (did you mean `title`?)",
    "  status: {columns: [S], values: {done: [Done]}}": "`done` is none of our words; expected one of new, ",
    "  priority: {columns: [P], values: {high: [H]}}": "`high` is none of our words; expected one of P1, P2",
    "  impact: {columns: [I], values: {high: [1]}}": "expected text (put quotes around it)",
    "  impact: {columns: [I], values: {high: [X], low: [x]}}": "`x` stands for `high` and for `low`",
    "  title: []": "`fields.title.columns` is empty",
    "own: {vendor: [V]}": "my.yml:6:7: `vendor` is no key of your own; those begin with `x-`",
}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        *((f"{LEAST}{line}\n", message) for line, message in BROKEN.items()),
        ("name: X\nsystem: x\nfields: {}\n", "`rows` is missing"),
        ("- x\n", "my.yml:1:1:"),
        ("", "my.yml"),
        ("a: [\n", "my.yml:"),
    ],
)
def test_a_broken_mapping_is_told_in_one_line_with_its_place(text: str, message: str) -> None:
    assert message in broken(text)
    assert "\n" not in broken(text)


def test_the_first_column_that_the_file_has_is_read() -> None:
    mapping = load_preset("servicenow")
    with_both = Columns(mapping, Table(("Number", "Configuration item", "Business service"), ()))
    found = with_both.find(mapping.fields.services)
    assert found is not None
    assert found.name == "Business service"
    only_item = Columns(mapping, Table(("Number", "cmdb_ci"), ())).find(mapping.fields.services)
    assert only_item is not None
    assert only_item.name == "cmdb_ci"


def test_columns_that_nobody_reads_are_told() -> None:
    columns = Columns(load_preset("servicenow"), Table(("number", "u_cost_centre", "active", ""), ()))
    assert columns.unplaced() == ["u_cost_centre"]


def test_words_are_cleaned_and_missing_marks_are_nothing() -> None:
    words = Words(["?", "null"])
    assert [words[cell] for cell in (" ? ", "NULL", "a  b ", "x<br>y", "\x00z", "-")] == [
        "", "", "a b", "x y", "z", "-",
    ]  # fmt: skip


def test_meanings_do_not_mind_case_and_spaces() -> None:
    meanings = Meanings({"in_progress": ["Work  in Progress"]})
    assert [meanings[text] for text in ("work in PROGRESS", "in_progress", "Done")] == [
        "in_progress", "in_progress", None,
    ]  # fmt: skip


def test_the_handbook_names_every_field_and_preset() -> None:
    page = (REPOSITORY_ROOT / "site/docs/importing-csv.md").read_text(encoding="utf-8")
    table = page.partition("| Field | Becomes |")[2]
    named = {
        name for line in table.splitlines() for name in re.findall("`([a-z_]+)`", line.partition(" | ")[0])
    }
    assert named == {field.name for field in dataclasses.fields(Targets)}
    assert [name for name in preset_names() if f"| `{name}` |" not in page] == []
