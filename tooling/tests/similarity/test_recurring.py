"""What recurs without a problem record is grouped, and nothing else is; no chain makes one great group."""

from __future__ import annotations

import random
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from incidentbook.archive import open_repository
from incidentbook.similarity.recurring import Group, grouped, recurring
from testbed import MakeRepository

NOW = datetime.fromisoformat("2026-11-20T12:00+00:00")
PROBLEM = (
    "knowledge/problems/PRB-2026-0001.md",
    "---\ntitle: Scanner gun loses its pairing\nstatus: open\n"
    "symptoms: [Scanner gun asks for pairing]\n---\n",
)
PLANTED = {
    "pool": "Connection pool of checkout is exhausted in the evening",
    "mail": "Newsletter mails bounce at the relay",
    "scanner": "Scanner gun in the warehouse loses its pairing",
}


def incident(title: str, day: float, extra: str = "", hours: float = 1) -> str:
    opened = NOW - timedelta(days=day)
    resolved = opened + timedelta(hours=hours)
    return (
        f"---\ntitle: {title}\nstatus: resolved\nopened: {opened.isoformat()}\n"
        f"resolved: {resolved.isoformat()}\n{extra}---\n"
    )


def path(number: int) -> str:
    return f"incidents/2026/INC-2026-{number:04}.md"


def planted(seed: int) -> tuple[dict[str, str], dict[str, set[str]]]:
    """Sixty incidents of chance words, and five of each planted trouble, in other words each time."""
    chance = random.Random(seed)
    vocabulary = [f"{chance.choice('bdfgklmnprst')}{chance.choice('aeiou')}{n}x" for n in range(400)]
    titles = [(" ".join(chance.choices(vocabulary, k=7)), "") for _ in range(60)]
    for key, words in PLANTED.items():
        for _ in range(5):
            said = words.split()
            said.remove(chance.choice(said))
            said.insert(chance.randrange(len(said)), chance.choice(vocabulary))
            titles.append((" ".join(said), key))
    chance.shuffle(titles)
    files = {path(n): incident(title, 1 + n) for n, (title, _) in enumerate(titles, 1)}
    groups = {
        key: {f"INC-2026-{n:04}" for n, (_, of) in enumerate(titles, 1) if of == key} for key in PLANTED
    }
    return files, groups


def found(root: Path, **options: int) -> tuple[Group, ...]:
    return recurring(open_repository(root), NOW, **options)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_planted_groups_are_found_in_noise(make_repository: MakeRepository, seed: int) -> None:
    files, wanted = planted(seed)
    root = make_repository({**files, PROBLEM[0]: PROBLEM[1]})
    groups = found(root)
    assert {frozenset(entry.id for entry in group.incidents) for group in groups} == {
        frozenset(ids) for ids in wanted.values()
    }
    assert {group.problem.id if group.problem else None for group in groups} == {None, "PRB-2026-0001"}
    again = found(root)
    assert [group.middle.id for group in again] == [group.middle.id for group in groups]


def test_the_evidence_is_told(make_repository: MakeRepository) -> None:
    extra = "services: [{service: checkout, state: partial_outage}]\ncategory: application/defect\n"
    title = "Connection pool of checkout is exhausted"
    files = {path(n): incident(title, day, extra, hours=2) for n, day in ((1, 9), (2, 5), (3, 5 - 1 / 24))}
    (group,) = found(make_repository(files))
    assert [entry.id for entry in group.incidents] == ["INC-2026-0001", "INC-2026-0002", "INC-2026-0003"]
    assert group.services == ("checkout",)
    assert group.category == "application/defect"
    assert "connection pool" in group.words
    # two of them overlap by an hour
    assert group.lost == timedelta(hours=5)
    assert group.likeness == pytest.approx(1)


TITLE = "Connection pool of checkout is exhausted"


@pytest.mark.parametrize(
    "extra",
    [
        "links: {problem: PRB-2026-0001}\n",
        "links: {known_error: PRB-2026-0001}\n",
        "links: {duplicate_of: INC-2026-0001}\n",
        "links: {parent: INC-2026-0001}\n",
        "drill: true\n",
    ],
)
def test_what_counts_elsewhere_makes_no_group(make_repository: MakeRepository, extra: str) -> None:
    files = {path(n): incident(TITLE, n) for n in (1, 2)}
    assert found(make_repository({**files, path(3): incident(TITLE, 3)}))
    assert not found(make_repository({**files, path(3): incident(TITLE, 3, extra)}, name="other"))


def test_the_period_and_the_size_are_options(make_repository: MakeRepository) -> None:
    root = make_repository({path(n): incident(TITLE, 40 * n) for n in (1, 2, 3)})
    assert not found(root)
    assert found(root, days=130)
    assert found(root, least=2)
    assert not found(root, days=130, least=4)


def test_many_at_once_are_one_trouble(make_repository: MakeRepository) -> None:
    assert not found(make_repository({path(n): incident(TITLE, 5 + n / 1000) for n in range(1, 7)}))


def test_a_service_and_a_category_alone_are_no_trouble(make_repository: MakeRepository) -> None:
    extra = "services: [{service: checkout, state: partial_outage}]\ncategory: application/defect\n"
    titles = ("Slow", "Prices wrong", "Basket empty")
    assert not found(make_repository({path(n): incident(t, n, extra) for n, t in enumerate(titles, 1)}))


def test_what_is_linked_as_earlier_belongs_together(make_repository: MakeRepository) -> None:
    files = {
        path(1): incident("Slow", 9),
        path(2): incident("Basket stays empty", 5, "links: {earlier: [INC-2026-0001]}\n"),
        path(3): incident("Nobody can pay", 3, "links: {earlier: [INC-2026-0002]}\n"),
    }
    (group,) = found(make_repository(files))
    assert len(group.incidents) == 3


def test_a_chain_of_small_likenesses_makes_no_great_group(make_repository: MakeRepository) -> None:
    """Each is like the next, by three words of five; the first and the last share nothing."""
    words = [f"{letter}ord{letter}{number}" for number in range(10) for letter in "bdfgk"]
    titles = [" ".join(words[start : start + 5]) for start in range(0, 44, 2)]
    groups = found(make_repository({path(n): incident(t, n) for n, t in enumerate(titles, 1)}))
    assert groups
    assert max(len(group.incidents) for group in groups) <= 5
    for group in groups:
        middle = set(group.middle.record.title.split())
        assert all(middle & set(entry.record.title.split()) for entry in group.incidents)


@given(st.dictionaries(st.tuples(st.integers(0, 14), st.integers(0, 14)), st.floats(0.35, 1), max_size=60))
def test_groups_do_not_overlap_and_each_is_around_one(pairs: dict[tuple[int, int], float]) -> None:
    alike: list[dict[int, float]] = [{} for _ in range(15)]
    for (one, other), score in pairs.items():
        if one != other:
            alike[one][other] = alike[other][one] = score
    groups = list(grouped(alike, 3))
    members = [number for _, group in groups for number in group]
    assert len(members) == len(set(members))
    for middle, group in groups:
        assert len(group) >= 3
        assert all(number == middle or number in alike[middle] for number in group)
    # none is left that could be one
    left = set(range(15)) - set(members)
    assert all(len(left & alike[number].keys()) < 2 for number in left)
