"""Times what `similar` does, and measures how good it is on real tickets and runbooks."""

from __future__ import annotations

import argparse
import csv
import gzip
import os
import random
import re
import statistics
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

import generate
from company import NOW
from rich.console import Console
from rich.table import Table
from symptoms import SYMPTOMS

from incidentbook.archive import Archive, load_entries, open_repository
from incidentbook.cache import Cache
from incidentbook.publication import publish
from incidentbook.records import Audience
from incidentbook.similarity import (
    Document,
    build_shelves,
    document_of_text,
    known_for,
    neighbours,
)
from incidentbook.similarity.known import EFFORT
from incidentbook.similarity.packed import Packed, nearest_by_shelf, pack
from incidentbook.similarity.recurring import recurring
from incidentbook.similarity.terms import BODY, TITLE, add_text

_SEED = 1
_QUERIES = 200
_FOLDS = 5
_NEAREST = 10
_JOINT = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_ASKED = (
    "certificate of mail-web expired",
    "sign-in refused after the roll-out",
    "queue worker of billing-jobs fell behind, exports are late",
    "disk full",
    "the label printer in the second branch prints every row twice and then restarts every two minutes",
)


# -- time -------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Timed:
    """What one size took, in seconds; queries by their median and their worst."""

    size: int
    index: float
    kept_mib: float
    first: float
    query: float
    worst: float
    neighbours: float
    recurring: float


def measure(size: int) -> Timed:
    """Measure everything at one size, after loading."""
    now = datetime.fromisoformat(NOW)
    with tempfile.TemporaryDirectory(prefix="incidentbook-similarity-") as folder:
        root = Path(folder)
        generate.write(root, size, _SEED)
        load_entries(open_repository(root))
        archive = open_repository(root)
        load_entries(archive)
        index = _seconds(lambda: build_shelves(archive))
        cache = Cache.open(root / "own")
        known_for(archive, text="warm", cache=cache, now=now)
        kept = (root / "own" / "incidentbook.sqlite").stat().st_size / 2**20
        queries = [
            _seconds(partial(known_for, archive, **asked, cache=cache, now=now)) for asked in _asked(archive)
        ]
        fresh = open_repository(root)
        first = _seconds(lambda: known_for(fresh, text=_ASKED[0], cache=cache, now=now))
        published = publish(archive, Audience.INTERNAL)
        return Timed(
            size,
            index,
            kept,
            first,
            statistics.median(queries),
            max(queries),
            _seconds(lambda: neighbours(published)),
            _seconds(lambda: recurring(archive, now)),
        )


def _asked(archive: Archive) -> Iterator[dict[str, Any]]:
    """Half of them words, half records."""
    incidents = archive.incidents
    for number in range(_QUERIES // 2):
        yield {"text": f"{_ASKED[number % len(_ASKED)]} {number}"}
    for entry in incidents[:: max(1, 2 * len(incidents) // _QUERIES)]:
        yield {"id": entry.id}


def _seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def times(measured: Sequence[Timed]) -> Table:
    """Put the times and the aims beside each other."""
    table = Table(title="finding what is known, after loading")
    table.add_column("")
    for one in measured:
        table.add_column(f"{one.size:,} records", justify="right")
    table.add_column("aim at 10,000", justify="right")
    rows: tuple[tuple[str, Callable[[Timed], str], str], ...] = (
        ("index built", lambda one: f"{one.index:.2f} s", "<= 2 s"),
        ("the cache with it", lambda one: f"{one.kept_mib:.1f} MiB", ""),
        ("a query, median", lambda one: f"{one.query * 1e3:.1f} ms", "<= 50 ms"),
        ("a query, worst", lambda one: f"{one.worst * 1e3:.1f} ms", "<= 50 ms"),
        ("first query of a run, with nothing loaded", lambda one: f"{one.first * 1e3:.0f} ms", ""),
        ("what is like each incident, for the site", lambda one: f"{one.neighbours:.2f} s", ""),
        ("what recurs without a problem", lambda one: f"{one.recurring:.2f} s", ""),
    )
    for label, cell, aim in rows:
        table.add_row(label, *map(cell, measured), aim)
    return table


# -- quality ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Topics:
    """Which share of tickets was given the right topic, by way of finding it."""

    tickets: int
    majority: float
    chance: float
    nearest: float
    vote: float


@dataclass(frozen=True)
class Found:
    """Of how many questions the right runbook came first, or among the first five."""

    questions: int
    first: float
    five: float
    chance_five: float


def topics_of_tickets(path: Path, *, most: int | None = None, folds: int = _FOLDS) -> Topics:
    """Guess the topic of each ticket from those of its nearest in the other folds."""
    with gzip.open(path, "rt", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    random.Random(_SEED).shuffle(rows)
    rows = rows[:most]
    topics = [row["Topic_group"] for row in rows]
    documents = [_document(str(number), row["Document"]) for number, row in enumerate(rows)]
    nearest = vote = majority = 0
    chance = 0.0
    for fold in range(folds):
        tested = range(fold, len(rows), folds)
        learned = [number for number in range(len(rows)) if number % folds != fold]
        counts = Counter(topics[number] for number in learned)
        common = counts.most_common(1)[0][0]
        packed = pack([[documents[number] for number in learned]])
        for number in tested:
            (matches,) = nearest_by_shelf(packed, documents[number], _NEAREST, least=(0.0,), effort=EFFORT)
            near = [(topics[int(match.id)], match.score) for match in matches] or [(common, 1.0)]
            nearest += near[0][0] == topics[number]
            vote += _vote(near) == topics[number]
            majority += common == topics[number]
            # a guess by chance, as often of each topic as it comes
            chance += counts[topics[number]] / len(learned)
    total = len(rows)
    return Topics(total, majority / total, chance / total, nearest / total, vote / total)


def _vote(near: Sequence[tuple[str, float]]) -> str:
    scores: dict[str, float] = {}
    for topic, score in near:
        scores[topic] = scores.get(topic, 0.0) + score * score
    return max(scores, key=lambda topic: (scores[topic], topic))


def runbooks_by_title(folder: Path) -> Found:
    """Ask with the title of each runbook, and look for it among bodies from which the title was taken."""
    bodies = _bodies(folder)
    packed = pack([[_runbook(name, body, titled=False) for name, body in bodies.items()]])
    return _found(packed, [(_spaced(name), {name}) for name in bodies])


def runbooks_by_symptom(folder: Path) -> Found:
    """Ask with symptoms in words of our own, and look for a runbook that helps."""
    bodies = _bodies(folder)
    packed = pack([[_runbook(name, body, titled=True) for name, body in bodies.items()]])
    missing = {name for _, names in SYMPTOMS for name in names} - bodies.keys()
    return _found(packed, [(said, set(names) - missing) for said, names in SYMPTOMS if set(names) - missing])


def _bodies(folder: Path) -> Mapping[str, str]:
    texts = {p.stem: p.read_text("utf-8") for p in sorted(folder.rglob("*.md")) if p.stem != "_index"}
    return {
        name: re.sub(r"\A---.*?---|^# [^\n]*$|" + re.escape(name), "", text, flags=re.S | re.M)
        for name, text in texts.items()
    }


def _spaced(name: str) -> str:
    return _JOINT.sub(" ", name)


def _document(id_: str, text: str) -> Document:
    made = document_of_text(text)
    return Document(id_, made.terms, made.words)


def _runbook(name: str, body: str, *, titled: bool) -> Document:
    document = Document(name, {}, {})
    if titled:
        add_text(document, _spaced(name), TITLE)
    add_text(document, body, BODY)
    return document


def _found(packed: Packed, questions: Sequence[tuple[str, set[str]]]) -> Found:
    first = five = 0
    chance = 0.0
    for said, right in questions:
        (matches,) = nearest_by_shelf(packed, document_of_text(said), 5, least=(0.0,), effort=EFFORT)
        names = [match.id for match in matches]
        first += bool(names) and names[0] in right
        five += bool(right.intersection(names))
        chance += min(1.0, 5 * len(right) / len(packed.ids))
    total = len(questions)
    return Found(total, first / total, five / total, chance / total)


def quality(corpora: Path) -> Iterator[Table]:
    """Measure on the real data that is there."""
    tickets = corpora / "tickets" / "tickets-12000.csv.gz"
    if tickets.is_file():
        one = topics_of_tickets(tickets)
        table = Table(title=f"topic of {one.tickets:,} tickets, {_FOLDS}-fold")
        table.add_column("guess")
        table.add_column("right", justify="right")
        for label, share in (
            ("by chance, as often as each topic comes", one.chance),
            ("always the commonest topic", one.majority),
            ("topic of the nearest ticket", one.nearest),
            (f"vote of the {_NEAREST} nearest", one.vote),
        ):
            table.add_row(label, f"{share:.1%}")
        yield table
    runbooks = corpora / "runbooks" / "content"
    if runbooks.is_dir():
        table = Table(title="the right runbook")
        for heading in ("question", "questions", "comes first", "among five", "among five by chance"):
            table.add_column(heading, justify="left" if heading == "question" else "right")
        for label, found in (
            ("its title, among bodies", runbooks_by_title(runbooks)),
            ("a symptom in other words", runbooks_by_symptom(runbooks)),
        ):
            row = (
                f"{found.questions}",
                f"{found.first:.1%}",
                f"{found.five:.1%}",
                f"{found.chance_five:.1%}",
            )
            table.add_row(label, *row)
        yield table


def corpora_folder() -> Path | None:
    """The folder of real data, where this machine has one."""
    named = os.environ.get("INCIDENTBOOK_CORPORA")
    folder = Path(named) if named else Path(__file__).parents[2].parent / "shared" / "corpora"
    return folder if folder.is_dir() else None


def main() -> None:
    """Measure at each size, and the quality where there is real data; print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sizes", metavar="SIZE", type=int, nargs="*", help="how many records")
    arguments = parser.parse_args()
    console = Console()
    if arguments.sizes:
        console.print(times([measure(size) for size in arguments.sizes]))
    corpora = corpora_folder()
    if corpora is None:
        print("no real data here (INCIDENTBOOK_CORPORA names its folder), so no quality", file=sys.stderr)
        return
    for table in quality(corpora):
        console.print(table)


if __name__ == "__main__":
    main()
