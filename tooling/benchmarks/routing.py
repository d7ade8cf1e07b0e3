"""How often what similar records were given is what a new one was given: on real tickets, held out.

Run it with the folder of real data: `python tooling/benchmarks/routing.py CORPORA`. A record is compared with
those of the other four fifths; the first proposal and the first three are held against what it was given.
"""

from __future__ import annotations

import csv
import gzip
import io
import random
import sys
import zipfile
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from incidentbook.desk.precedents import tally
from incidentbook.similarity import Document, build_index, document_of_text, nearest

FIFTH = 5
MOST, LEAST = 10, 0.12
"""How many are asked, and how alike they must be: what schema/routing.yml says unless told otherwise."""


@dataclass(frozen=True)
class Measured:
    """Shares of the held-out records, from 0 to 1."""

    n: int
    proposed: float
    first: float
    among_three: float
    sure: float
    sure_right: float
    majority: float
    chance: float


def measure(
    texts: Sequence[str], labels: Sequence[str], *, most: int = MOST, least: float = LEAST, held: int = 2400
) -> Measured:
    """Propose a label for records that are held out; of a fifth at most `held` are asked."""
    order = list(range(len(texts)))
    random.Random(6).shuffle(order)
    cut = len(order) // FIFTH
    asked, past = order[:cut][:held], order[cut:]
    index = build_index(_document(str(number), texts[number]) for number in past)
    given = Counter(labels[number] for number in past)
    usual = given.most_common(1)[0][0]
    found = [_proposed(index, texts[number], labels, most, least) for number in asked]
    right = [labels[number] for number in asked]
    sure = [
        (votes, label) for votes, label in zip(found, right, strict=True) if votes and votes[0][1] >= 0.75
    ]
    return Measured(
        n=len(asked),
        proposed=_share(map(bool, found)),
        first=_share(bool(votes) and votes[0][0] == label for votes, label in zip(found, right, strict=True)),
        among_three=_share(
            label in {value for value, _ in votes[:3]} for votes, label in zip(found, right, strict=True)
        ),
        sure=len(sure) / len(asked),
        sure_right=_share(votes[0][0] == label for votes, label in sure),
        majority=_share(label == usual for label in right),
        chance=sum((count / len(past)) ** 2 for count in given.values()),
    )


def _proposed(
    index: object, text: str, labels: Sequence[str], most: int, least: float
) -> list[tuple[str, float]]:
    matches = nearest(index, document_of_text(text), most, least=least)  # type: ignore[arg-type]
    return [(vote.value, vote.share) for vote in tally((m.id, m.score, labels[int(m.id)]) for m in matches)]


def _document(id_: str, text: str) -> Document:
    made = document_of_text(text)
    return Document(id_, made.terms, made.words)


def _share(hits: Iterable[bool]) -> float:
    listed = list(hits)
    return sum(listed) / len(listed) if listed else 0.0


def tickets(corpora: Path) -> tuple[list[str], list[str]]:
    """Real tickets: their text and one of eight topics."""
    with gzip.open(corpora / "tickets" / "tickets-12000.csv.gz", "rt", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    return [row["Document"] for row in rows], [row["Topic_group"] for row in rows]


def service_desk(corpora: Path) -> tuple[list[str], list[str]]:
    """Incidents of a real service desk: what was known when each was logged, and the group that had it last.

    Texts were taken out of this log; what is left are the keys of category, subcategory, symptom and place.
    """
    last: dict[str, dict[str, str]] = {}
    with zipfile.ZipFile(corpora / "uci-itsm" / "incident_event_log.csv.zip") as archive:
        name = next(name for name in archive.namelist() if name.endswith(".csv"))
        with archive.open(name) as file:
            for row in csv.DictReader(io.TextIOWrapper(file, "utf-8")):
                last[row["number"]] = row
    rows = [row for row in last.values() if row["assignment_group"] != "?"]
    keys = ("category", "subcategory", "u_symptom", "location")
    texts = [" ".join(row[key].replace(" ", "x") for key in keys if row[key] != "?") for row in rows]
    return texts, [row["assignment_group"] for row in rows]


def main() -> None:
    """Print both tables as Markdown."""
    corpora = Path(sys.argv[1])
    print("| What | n | proposed | first right | among three | sure | sure and right | majority | chance |")
    print("|---|---|---|---|---|---|---|---|---|")
    for what, read in (("topic of a ticket", tickets), ("group of an incident", service_desk)):
        texts, labels = read(corpora)
        one = measure(texts, labels)
        shares = (
            one.proposed,
            one.first,
            one.among_three,
            one.sure,
            one.sure_right,
            one.majority,
            one.chance,
        )
        print(f"| {what} | {one.n:,} | " + " | ".join(f"{share * 100:.1f} %" for share in shares) + " |")


if __name__ == "__main__":
    main()
