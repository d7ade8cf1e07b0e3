"""Every page of every site is HTML as it is written down."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from browserbed import SITES, Sites, node, node_package

CONFIGURATION = {"root": True, "extends": ["html-validate:standard"]}

OF_MATERIAL = (
    # Keeps Firefox from ticking a box again after a reload, in a way that the standard has for texts only.
    ("valid-autocomplete", re.compile(r"#__(drawer|search)")),
    # Written where a label opens a level of the navigation by itself; HTML takes the empty value for none.
    ("attribute-allowed-values", re.compile(r"#__nav_\d+(_\d+)*_label")),
)
"""What the theme's shell around our content does, by rule and element. Our own content has no exception."""


def faults_of(files: Path, folder: Path) -> list[str]:
    """What html-validate finds in the pages below `files`, in order; `folder` is for its own files."""
    program = node_package("html-validate") / "bin" / "html-validate.mjs"
    configuration, found = folder / "htmlvalidate.json", folder / "found.json"
    configuration.write_text(json.dumps(CONFIGURATION), "utf-8")
    # it ends before a long report has left through a pipe
    ran = node(program, "--config", configuration, "--formatter", f"json={found}", files / "**/*.html")
    assert ran.returncode in {0, 1}, ran.stderr
    return [
        f"{Path(report['filePath']).relative_to(files)}:{fault['line']}: {fault['ruleId']} {fault['message']}"
        for report in json.loads(found.read_bytes())
        for fault in report["messages"]
        if not is_of_material(fault)
    ]


def is_of_material(fault: dict[str, Any]) -> bool:
    selector = fault.get("selector") or ""
    return any(fault["ruleId"] == rule and element.fullmatch(selector) for rule, element in OF_MATERIAL)


@pytest.mark.parametrize("name", SITES)
def test_every_page_is_valid(sites: Sites, tmp_path: Path, name: str) -> None:
    faults = faults_of(sites[name].folder, tmp_path)
    assert not faults, "\n".join(["", *faults[:40], f"{len(faults)} in all"])


def test_a_fault_is_seen(tmp_path: Path) -> None:
    page = '<!DOCTYPE html>\n<html lang="en"><head><title>x</title></head><body>{}</body></html>\n'
    (tmp_path / "page.html").write_text(page.format("<p><div id=a></div><b id=a></p>"), "utf-8")
    (tmp_path / "sound.html").write_text(page.format("<p>Words.</p>"), "utf-8")
    faults = faults_of(tmp_path, tmp_path)
    assert faults
    assert {fault.split(":")[0] for fault in faults} == {"page.html"}
