"""Random histories with branches and merges: what the records say in the end is in the stream, once."""

from __future__ import annotations

import tempfile
from collections import Counter
from pathlib import Path

from historybed import Bed
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from incidentbook.archive import load_archive
from incidentbook.gitrepo import open_revision
from incidentbook.history import Event, Version, events, facts_of

_IDS = st.sampled_from(["INC-2026-0001", "INC-2026-0002", "INC-2026-0003"])
_FIELDS = {
    "acknowledged": ("acknowledged: 2026-11-19T14:10+00:00",),
    "mitigated": ("mitigated: 2026-11-19T14:20+00:00",),
    "update": ("updates:", "  - {at: 2026-11-19T14:30+00:00, status: identified, text: 'We know: why'}"),
    "hold": ("holds:", "  - {from: 2026-11-19T14:40+00:00, reason: vendor}"),
    "pressing": ("impact: high", "urgency: high"),
    "broken": ("services: [",),
    "slip": ("severity: high",),
}
_STATE = st.frozensets(st.sampled_from(sorted(_FIELDS)), max_size=4)
_STEP = st.tuples(
    st.integers(0, 5), st.one_of(st.none(), st.integers(0, 5)), _IDS, st.one_of(st.none(), _STATE)
)
"""From which of the newest commits one goes on, what it merges, and what it makes of which record."""


def _text(id_: str, state: frozenset[str]) -> str:
    lines = [line for name in sorted(state) for line in _FIELDS[name]]
    opened = f"opened: 2026-11-19T14:0{id_[-1]}+00:00"
    return "\n".join(
        ["---", f"title: What happened to {id_}", "status: new", opened, *lines, "---", "It did.", ""]
    )


def _write(root: Path, steps: list[tuple[int, int | None, str, frozenset[str] | None]]) -> dict[str, str]:
    bed = Bed(root)
    names = ["schema"]
    made: list[set[str]] = [set()]
    for number, (back, merged, id_, state) in enumerate(steps):
        here = max(len(names) - 1 - back, 0)
        parents = [here]
        if merged is not None and (other := max(len(names) - 1 - merged, 0)) != here:
            parents.append(other)
        removes = state is None
        if removes and id_ not in made[here]:
            continue
        content = None if state is None else _text(id_, state)
        name = f"c{number}"
        bed.commit(name, {f"incidents/2026/{id_}.md": content}, *(names[one] for one in parents))
        names.append(name)
        made.append(made[here] - {id_} if removes else made[here] | {id_})
    # the last one takes in all the others
    ends = [name for name in names[:-1] if len(names) > 1]
    bed.commit("end", {}, names[-1], *ends[-8:])
    return bed.write()


def _keys(found: tuple[Event, ...]) -> Counter[tuple[str, ...]]:
    return Counter(
        (event.known_as.id, *event.happening.key) for event in found if "priority" not in event.type
    )


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(_STEP, min_size=1, max_size=12), st.data())
def test_every_fact_is_told_once_and_a_range_is_what_the_whole_has_more(
    steps: list[tuple[int, int | None, str, frozenset[str] | None]], data: st.DataObject
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder) / "records"
        commits = _write(root, steps)
        whole = events(root, head=commits["end"])
        keys = _keys(whole)
        assert max(keys.values(), default=1) == 1
        archive = load_archive(open_revision(root, commits["end"]))
        for entry in archive.entries:
            if entry.readable:
                said = facts_of(Version(entry.name, entry.record, archive.taxonomy))
                assert {(entry.id, *key) for key in said} <= keys.keys()
        base = commits[data.draw(st.sampled_from(sorted(commits)))]
        before, after = _keys(events(root, head=base)), _keys(events(root, base, commits["end"]))
        assert before.keys() | after.keys() == keys.keys()
        # what a commit before the base said, and the base no longer does, may be said again
        kept = load_archive(open_revision(root, base))
        for entry in kept.entries:
            if entry.readable:
                said = facts_of(Version(entry.name, entry.record, kept.taxonomy))
                assert after.keys().isdisjoint((entry.id, *key) for key in said)
