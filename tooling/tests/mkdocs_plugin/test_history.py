"""Histories of files: each forge has an address of its own for them."""

from __future__ import annotations

import pytest

from incidentbook.mkdocs_plugin.history import history_base, source_links


@pytest.mark.parametrize(
    ("repo", "edit", "history"),
    [
        ("https://github.com/o/r", "edit/main/", "commits/main/"),
        ("https://github.com/o/edit/", "edit/a/b/", "commits/a/b/"),
        ("https://gitlab.com/o/r", "-/edit/main/", "-/commits/main/"),
        ("https://codeberg.org/o/r", "_edit/main/", "commits/branch/main/"),
        ("https://bitbucket.org/o/r", "src/default/", None),
        ("https://forge.example/o/r", "edit/", None),
    ],
)
def test_each_forge_has_its_own_form(repo: str, edit: str, history: str | None) -> None:
    home = repo.rstrip("/") + "/"
    assert history_base(repo, home + edit) == (home + history if history else "")


def test_a_file_that_is_edited_elsewhere_has_no_known_history() -> None:
    assert history_base("https://github.com/o/r", "https://edit.example/main/") == ""
    assert history_base(None, "") == ""


def test_what_has_no_address_is_not_linked() -> None:
    assert source_links("", "") == ""
    assert source_links("https://x/e?a&b", "") == (
        '<p class="ib-source"><a href="https://x/e?a&amp;b">Edit this record</a></p>\n'
    )
