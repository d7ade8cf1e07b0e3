"""Similar incidents: found for a reason that is said, and nothing else."""

from __future__ import annotations

import random
import time
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from incidentbook.archive import open_repository
from incidentbook.publication import Published, publish
from incidentbook.records import Audience
from incidentbook.similarity import (
    Document,
    build_index,
    document_of_text,
    nearest,
    neighbours,
    terms_digest,
)
from testbed import MakeRepository

POOL = "incidents/2026/INC-2026-0001.md"
AGAIN = "incidents/2026/INC-2026-0002.md"


def incident(title: str, extra: str = "", visibility: str = "public") -> str:
    return (
        f"---\ntitle: {title}\nstatus: new\nvisibility: {visibility}\n"
        f"opened: 2026-11-10T08:00+00:00\n{extra}---\n"
    )


RECORDS = {
    POOL: incident(
        "Checkout runs out of database connections",
        "symptoms: [Connection pool exhausted]\nservices: [{service: checkout, state: partial_outage}]\n"
        "category: application/defect\n",
    ),
    AGAIN: incident(
        "No orders, the connection pool of checkout is exhausted",
        "services: [{service: checkout, state: major_outage}]\ncategory: application/defect\n",
    ),
    "incidents/2026/INC-2026-0003.md": incident("Gate at the north pier does not open"),
    "incidents/2026/INC-2026-0004.md": incident("The lamp in the office flickers"),
}


def published(root: Path, audience: Audience = Audience.INTERNAL) -> Published:
    return publish(open_repository(root), audience)


def test_the_same_trouble_is_found_and_the_reason_said(make_repository: MakeRepository) -> None:
    found = neighbours(published(make_repository(RECORDS)))
    (near,) = found["INC-2026-0001"]
    assert near.id == "INC-2026-0002"
    assert near.words[0] == "connection pool"
    assert "exhausted" in near.words
    assert near.services == ("checkout",)
    assert near.same_category
    assert "INC-2026-0003" not in found


def test_readers_outside_are_told_no_internal_reason(make_repository: MakeRepository) -> None:
    near = neighbours(published(make_repository(RECORDS), Audience.PUBLIC))["INC-2026-0001"][0]
    assert not near.same_category
    assert "pool" not in " ".join(near.words)


def test_what_a_reader_may_not_see_is_near_nothing(make_repository: MakeRepository) -> None:
    hidden = {**RECORDS, AGAIN: RECORDS[AGAIN].replace("visibility: public", "visibility: internal")}
    assert neighbours(published(make_repository(hidden), Audience.PUBLIC)) == {}


def test_only_what_counts_changes_the_digest(make_repository: MakeRepository) -> None:
    before = terms_digest(published(make_repository(RECORDS)))
    quiet = RECORDS[POOL].replace("status: new", "status: in_progress") + "Much was said.\n"
    assert terms_digest(published(make_repository({**RECORDS, POOL: quiet}))) == before
    for old, new in (("Checkout runs", "Checkout ran"), ("exhausted", "empty"), ("/defect", "/deployment")):
        told = RECORDS[POOL].replace(old, new)
        assert terms_digest(published(make_repository({**RECORDS, POOL: told}))) != before


def test_the_order_of_words_and_their_endings_do_not_matter() -> None:
    index = build_index([document("a", "gates refuse valid codes"), document("b", "mail is late")])
    (match,) = nearest(index, document_of_text("a valid code is refused at the gate"), 5)
    assert match.id == "a"


def document(id_: str, text: str) -> Document:
    made = document_of_text(text)
    return Document(id_, made.terms, made.words)


@given(st.lists(st.text(max_size=60), max_size=12), st.text(max_size=60))
def test_any_words_are_a_question(texts: list[str], question: str) -> None:
    index = build_index([document(str(number), text) for number, text in enumerate(texts)])
    matches = nearest(index, document_of_text(question), 5)
    scores = [match.score for match in matches]
    assert scores == sorted(scores, reverse=True)
    assert all(0.15 <= score < 1.001 for score in scores)
    for number, text in enumerate(texts):
        own = nearest(index, document(str(number), text), 5)
        assert str(number) not in {match.id for match in own}


def test_a_text_is_nearest_to_its_copy() -> None:
    chance = random.Random(4)
    vocabulary = [f"{chance.choice('bdfgklm')}{chance.choice('aeiou')}{n}x" for n in range(900)]
    texts = [" ".join(chance.choices(vocabulary, k=12)) for _ in range(600)]
    index = build_index([document(f"{n}", text) for n, text in enumerate([*texts, texts[41]])])
    (best, *_) = nearest(index, document("600", texts[41]), 3)
    assert best.id == "41"
    assert abs(best.score - 1) < 1e-6


def test_the_cost_of_a_question_does_not_follow_the_number_of_documents() -> None:
    def seconds(count: int) -> float:
        chance = random.Random(count)
        # few words, each in a great share of all documents: the worst case
        texts = [" ".join(chance.choices([f"word{n}y" for n in range(60)], k=10)) for _ in range(count)]
        documents = [document(str(number), text) for number, text in enumerate(texts)]
        index = build_index(documents)
        best = 9e9
        for _ in range(3):
            begun = time.process_time()
            for one in documents[:100]:
                nearest(index, one, 5)
            best = min(best, time.process_time() - begun)
        return best

    assert seconds(16_000) < 6 * seconds(2_000)
