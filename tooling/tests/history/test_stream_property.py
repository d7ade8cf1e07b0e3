"""Random histories with branches and merges: what the records say in the end is in the stream, once.

What a record says is read here from what the test wrote, not by the reader that is tested.
"""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from historybed import Bed
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from incidentbook.history import Event, events

_IDS = ("INC-2026-0001", "INC-2026-0002", "INC-2026-0003")


class Piece(NamedTuple):
    """Something that a version of a record can say: in which list, in which words, and what that tells."""

    key: str
    line: str
    tells: tuple[tuple[str, str, tuple[str, ...]], ...]


def _scalar(key: str, at: str) -> Piece:
    return Piece(key, f"{key}: 2026-11-19T{at}+00:00", ((key, at, ()),))


def _assignment(at: str, team: str) -> Piece:
    line = f"  - {{at: 2026-11-19T{at}+00:00, team: {team}}}"
    return Piece("assignments", line, (("assigned", at, (team,)),))


def _hold(start: str, end: str | None, reason: str) -> Piece:
    to = f", to: 2026-11-19T{end}+00:00" if end else ""
    ended = (("resumed", end, (reason,)),) if end else ()
    line = f"  - {{from: 2026-11-19T{start}+00:00{to}, reason: {reason}}}"
    return Piece("holds", line, (("held", start, (reason,)), *ended))


def _escalation(at: str, to: str) -> Piece:
    line = f"  - {{at: 2026-11-19T{at}+00:00, kind: functional, to: {to}}}"
    return Piece("escalations", line, (("escalated", at, (to, "functional")),))


def _update(at: str, text: str) -> Piece:
    line = f"  - {{at: 2026-11-19T{at}+00:00, status: identified, text: {text}}}"
    return Piece("updates", line, (("update_posted", at, ("identified", text, "internal")),))


_PIECES = (
    *(_scalar("acknowledged", "14:10"), _scalar("mitigated", "14:20")),
    *(_assignment("14:11", "desk"), _assignment("14:31", "shop"), _assignment("14:41", "desk")),
    *(_hold("14:12", "14:15", "vendor"), _hold("14:32", None, "vendor"), _hold("14:32", None, "user")),
    *(_escalation("14:13", "vendor"), _escalation("14:13", "director")),
    *(_update("14:14", "We know"), _update("14:14", "We do not"), _update("14:34", "We know")),
)
_UNTOLD = {"pressing": "impact: high\nurgency: high", "broken": "services: [", "slip": "severity: high"}

_ELSEWHERE = ("opened", "priority_raised", "priority_lowered")
"""What other tests look at."""

_State = frozenset[int | str]
_STEP = st.tuples(
    st.integers(0, 5),
    st.one_of(st.none(), st.integers(0, 5)),
    st.sampled_from(_IDS),
    st.frozensets(st.integers(0, len(_PIECES) - 1), max_size=3),
    st.sampled_from([None, *sorted(_UNTOLD)]),
    st.booleans(),
)
"""Which of the newest commits it goes on from and merges, and what it adds to which record or takes out."""


def _text(id_: str, state: _State) -> str:
    pieces = [_PIECES[at] for at in sorted(at for at in state if isinstance(at, int))]
    lines = [f"opened: 2026-11-19T14:0{id_[-1]}+00:00"]
    for key in dict.fromkeys(piece.key for piece in pieces):
        mine = [piece.line for piece in pieces if piece.key == key]
        lines += mine if key in ("acknowledged", "mitigated") else [f"{key}:", *mine]
    lines += [text for name, text in _UNTOLD.items() if name in state]
    return "\n".join(["---", f"title: What happened to {id_}", "status: new", *lines, "---", "It did.", ""])


def _tells(state: _State) -> Counter[tuple[str, str, tuple[str, ...]]]:
    return Counter(told for at in state if isinstance(at, int) for told in _PIECES[at].tells)


_Tree = dict[str, _State]


class _Written(NamedTuple):
    commits: dict[str, str]
    trees: dict[str, _Tree]


def _merged(ours: _Tree, theirs: _Tree, base: _Tree) -> _Tree:
    """What the merge driver would make of it: what either side added, less what either took out."""
    merged: _Tree = {}
    for id_ in ours.keys() | theirs.keys():
        sides = [tree.get(id_, frozenset()) for tree in (ours, theirs, base)]
        merged[id_] = (sides[0] & sides[1]) | (sides[0] - sides[2]) | (sides[1] - sides[2])
    return merged


def _write(
    root: Path, steps: Iterable[tuple[int, int | None, str, frozenset[int], str | None, bool]]
) -> _Written:
    bed = Bed(root)
    names, trees, reached = ["schema"], [_Tree()], [frozenset({0})]

    def commit(name: str, parents: list[int], tree: _Tree) -> None:
        files = {f"incidents/2026/{id_}.md": _text(id_, state) for id_, state in tree.items()}
        bed.commit(name, files, *(names[one] for one in parents))
        reached.append(frozenset({len(names)}).union(*(reached[one] for one in parents)))
        names.append(name)
        trees.append(tree)

    def merge(here: int, other: int) -> _Tree:
        return _merged(trees[here], trees[other], trees[max(reached[here] & reached[other])])

    for number, (back, merged, id_, pieces, untold, takes_out) in enumerate(steps):
        here = max(len(names) - 1 - back, 0)
        other = here if merged is None else max(len(names) - 1 - merged, 0)
        parents = [here] if other == here else [here, other]
        tree = dict(trees[here] if other == here else merge(here, other))
        # nothing is replaced in one step: what takes the place of something is a correction of it
        kept = frozenset(at for at in tree.get(id_, frozenset()) if isinstance(at, int))
        if len(parents) == 1:
            kept = kept - pieces if takes_out else kept | pieces
        tree[id_] = kept | ({untold} if untold else frozenset())
        commit(f"c{number}", parents, tree)
    for other in range(1, len(names) - 1):
        if other not in reached[-1]:
            commit(f"end{other}", [len(names) - 1, other], merge(len(names) - 1, other))
    return _Written(bed.write(), dict(zip(names, trees, strict=True)))


def _told(found: Iterable[Event], id_: str) -> Counter[tuple[str, str, tuple[str, ...]]]:
    return Counter(
        (
            event.type.value.replace("reassigned", "assigned"),
            f"{event.happening.at:%H:%M}",
            tuple(event.happening.detail.values()),
        )
        for event in found
        if event.known_as.id == id_ and event.type.value not in _ELSEWHERE
    )


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(_STEP, min_size=1, max_size=12), st.data())
def test_every_fact_is_told_once_and_a_range_is_what_the_whole_has_more(
    steps: list[tuple[int, int | None, str, frozenset[int], str | None, bool]], data: st.DataObject
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder) / "records"
        commits, trees = _write(root, steps)
        *_, end = commits
        whole = events(root, head=commits[end])
        base = data.draw(st.sampled_from(sorted(commits)))
        before, after = events(root, head=commits[base]), events(root, commits[base], commits[end])
        for id_ in _IDS:
            told = _told(whole, id_)
            assert max(told.values(), default=1) == 1
            # where a version can be read that says it, it is told; and nothing that no version says
            said = [_tells(tree[id_]) for tree in trees.values() if id_ in tree and "broken" not in tree[id_]]
            assert told.keys() == {one for version in said for one in version}
            assert _told(before, id_).keys() | _told(after, id_).keys() == told.keys()
            # what a commit before the base said, and the base no longer does, may be said again
            kept = trees[base].get(id_, frozenset())
            if "broken" not in kept:
                assert _told(after, id_).keys().isdisjoint(_tells(kept))
