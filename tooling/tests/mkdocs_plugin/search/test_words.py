"""What the index takes for a word."""

from __future__ import annotations

import pytest

from incidentbook.mkdocs_plugin.search.words import number_of, shortened, words_of


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Checkout answers 502", ["checkout", "answers", "502"]),
        ("INC-2026-0042, and PRB-2026-0007.", ["inc-2026-0042", "and", "prb-2026-0007"]),
        ("roll-out CHG-7 2026-11-20", ["roll", "out", "chg", "7", "2026", "11", "20"]),
        ("ERR_CONN_RESET v2.3", ["err", "conn", "reset", "v2", "3"]),
        ("Zürich, naïve, Ærø", ["zurich", "naive", "ærø"]),
        ("\ufb01le \u2460", ["file", "1"]),
        ("データベース障害", ["デー", "ータ", "タベ", "ベー", "ース", "ス障", "障害"]),
        ("a障b", ["a", "障", "b"]),
        ("", []),
        ("--- \u200b \u2026", []),
    ],
)
def test_words_of_a_text(text: str, words: list[str]) -> None:
    # NFKD takes the sound mark of a kana off, in a text as in a query
    folded = [word.replace("デ", "テ").replace("ベ", "ヘ") for word in words]
    assert words_of(text) == folded


def test_an_id_is_also_known_by_its_number() -> None:
    assert number_of("inc-2026-0042") == "0042"
    assert number_of("checkout") is None


def test_a_key_is_found_by_its_beginning() -> None:
    assert shortened("a" * 64) == "a" * 40
