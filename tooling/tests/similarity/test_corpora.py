"""How good it is, measured on real tickets and runbooks; skipped where they are not at hand."""

from __future__ import annotations

import csv
import gzip
import importlib
import sys
from collections import Counter
from collections.abc import Iterator
from types import ModuleType

import pytest

from incidentbook.similarity import Document, build_index, document_of_text
from incidentbook.similarity.ranking import nearest_to
from testbed import REPOSITORY_ROOT, Corpus

BENCHMARKS = REPOSITORY_ROOT / "tooling" / "benchmarks"


def document(id_: str, text: str) -> Document:
    made = document_of_text(text)
    return Document(id_, made.terms, made.words)


def test_the_nearest_ticket_is_mostly_of_the_same_topic(corpus: Corpus) -> None:
    with gzip.open(corpus("tickets/tickets-12000.csv.gz"), "rt", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))[:3000]
    topics = [row["Topic_group"] for row in rows]
    index = build_index([document(str(n), row["Document"]) for n, row in enumerate(rows)])
    majority = Counter(topics).most_common(1)[0][1] / len(rows)
    found = {id_: nearest_to(index, number, 5) for number, id_ in enumerate(index.ids)}
    right = sum(bool(near) and topics[int(near[0].id)] == topics[int(id_)] for id_, near in found.items())
    assert right / len(rows) > 2 * majority
    assert right / len(rows) > 0.54


@pytest.fixture(scope="module")
def benchmark() -> Iterator[ModuleType]:
    """The script that measures quality for the documentation: what is asserted is what is told there."""
    sys.path.insert(0, str(BENCHMARKS))
    yield importlib.import_module("similarity")
    sys.path.remove(str(BENCHMARKS))


def test_tickets_are_given_their_topic(corpus: Corpus, benchmark: ModuleType) -> None:
    path = corpus("tickets/tickets-12000.csv.gz")
    found = benchmark.topics_of_tickets(path, most=1500)
    assert found.nearest > 0.58
    assert found.vote > 0.64
    assert found.vote > 2 * max(found.majority, found.chance)


def test_a_runbook_is_found_by_its_title(corpus: Corpus, benchmark: ModuleType) -> None:
    found = benchmark.runbooks_by_title(corpus("runbooks/content"))
    assert found.questions > 20
    assert found.first > 0.55
    assert found.five > 0.85


def test_a_runbook_is_found_by_a_symptom_in_other_words(corpus: Corpus, benchmark: ModuleType) -> None:
    found = benchmark.runbooks_by_symptom(corpus("runbooks/content"))
    assert found.questions > 20
    assert found.first > 0.5
    assert found.five > 0.8
    assert found.five > 5 * found.chance_five
