"""How good it is, measured on real tickets and runbooks; skipped where they are not at hand."""

from __future__ import annotations

import csv
import gzip
import re
from collections import Counter

from incidentbook.similarity import Document, build_index, document_of_text, nearest
from incidentbook.similarity.ranking import nearest_to
from testbed import Corpus


def document(id_: str, text: str) -> Document:
    made = document_of_text(text)
    return Document(id_, made.terms, made.words)


def test_the_nearest_ticket_is_mostly_of_the_same_topic(corpus: Corpus) -> None:
    with gzip.open(corpus("tickets/tickets-12000.csv.gz"), "rt", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))[:6000]
    topics = [row["Topic_group"] for row in rows]
    index = build_index([document(str(n), row["Document"]) for n, row in enumerate(rows)])
    majority = Counter(topics).most_common(1)[0][1] / len(rows)
    found = {id_: nearest_to(index, number, 5) for number, id_ in enumerate(index.ids)}
    right = sum(bool(near) and topics[int(near[0].id)] == topics[int(id_)] for id_, near in found.items())
    assert right / len(rows) > 2 * majority
    assert right / len(rows) > 0.58


def test_a_runbook_is_found_by_what_its_alert_is_called(corpus: Corpus) -> None:
    texts = {
        path.stem: path.read_text("utf-8")
        for path in sorted(corpus("runbooks/content").rglob("*.md"))
        if path.stem != "_index"
    }
    bodies = {
        name: re.sub(r"\A---.*?---|^# [^\n]*$|" + re.escape(name), "", text, flags=re.S | re.M)
        for name, text in texts.items()
    }
    index = build_index([document(name, body) for name, body in bodies.items()])
    right = 0
    for name in texts:
        question = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", name)
        matches = nearest(index, document_of_text(question), 5, least=0.0)
        right += name in {match.id for match in matches}
    assert right / len(texts) > 0.6
