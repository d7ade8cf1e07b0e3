"""What similar records were given is right far more often than the commonest answer, on real tickets."""

from __future__ import annotations

import sys

import pytest

from testbed import REPOSITORY_ROOT, Corpus


def test_the_topic_of_a_ticket_is_proposed(corpus: Corpus, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(REPOSITORY_ROOT / "tooling" / "benchmarks")
    monkeypatch.delitem(sys.modules, "routing", raising=False)
    import routing  # noqa: PLC0415 -- a program beside the package, not a part of it

    texts, labels = routing.tickets(corpus("tickets").parent)
    found = routing.measure(texts[:5000], labels[:5000], held=500)
    assert found.first > 2 * found.majority > 2 * found.chance
    assert found.first > 0.65
    assert found.among_three > 0.8
    assert found.sure_right > 0.88
