"""The guards of an automatic merge: does a change do anything but what no person has to look at?"""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from incidentbook.archive.archive import CACHE_FOLDER
from incidentbook.gitrepo import prefix_in_repository
from incidentbook.gitrepo.whole import PLAIN_FILE, FileChange, everything_changed
from incidentbook.records import KINDS, parse_name
from incidentbook.rules.guards.answers import closes_by_itself, confirms, rates
from incidentbook.rules.guards.edit import Edit, Fault, exactly
from incidentbook.rules.guards.text import beyond_the_fields
from incidentbook.rules.guards.updates import adds_updates
from incidentbook.rules.history.limits import MORE_THAN_AN_ANSWER, MORE_THAN_AN_UPDATE
from incidentbook.rules.registry import Finding
from incidentbook.source import read_document
from incidentbook.taxonomy.settings import Intake

_ADVICE = "leave it for a pull request that somebody reviews"


@dataclass(frozen=True)
class Guard:
    """What a change may do unseen: in incidents of which states, to which fields, and how to each."""

    code: str
    states: frozenset[str]
    named: str
    """How a message calls those states."""
    fields: Mapping[str, Callable[[Edit, str], Iterator[Fault]]]
    """What is wrong with how a field changed; whatever is not named here may not change."""


GUARDS: Mapping[str, Guard] = MappingProxyType(
    {
        "answers": Guard(
            MORE_THAN_AN_ANSWER.code,
            frozenset({"resolved", "closed"}),
            "resolved or closed",
            {
                "confirmation": confirms,
                "satisfaction": rates,
                "status": closes_by_itself,
                "closed": closes_by_itself,
                "closed_by": closes_by_itself,
            },
        ),
        "updates": Guard(
            MORE_THAN_AN_UPDATE.code, KINDS["incident"].open_states, "open", {"updates": adds_updates}
        ),
    }
)
"""By the word that `check --only` takes."""


def beyond(guard: Guard, root: Path, base: str, intake: Intake) -> Iterator[Finding]:
    """Find what a change does besides what a guard lets through, in the whole Git repository.

    Both what is committed and what is on disk are held against the base: the one is what would be
    merged, the other what was checked. `intake` is what the base says of answers. Raises what `run_git`
    raises.
    """
    prefix = prefix_in_repository(root)
    told: set[tuple[str, str]] = set()
    for head in ("HEAD", None):
        for change in everything_changed(root, base, head):
            if (
                head is None
                and change.mode_before is None
                and change.path.startswith(f"{prefix}{CACHE_FOLDER}/")
            ):
                continue  # our own, made by this very run where nobody told Git to ignore it
            path = _in_records(change.path, prefix)
            record = path if change.path.startswith(prefix) else None
            for message, span in _faults(guard, change, record, intake):
                if (path, message) not in told:
                    told.add((path, message))
                    yield Finding(span, message, _ADVICE, path)


def _in_records(path: str, prefix: str) -> str:
    """A path from the records folder, where those in the repository are from its top."""
    return posixpath.relpath(path, prefix) if prefix else path


def _faults(guard: Guard, change: FileChange, record: str | None, intake: Intake) -> Iterator[Fault]:
    name = parse_name(record) if record is not None else None
    if change.mode_before is None:
        yield "the change adds a file", None
    elif change.mode_after is None:
        yield "the change removes a file", None
    elif name is None or name.kind != "incident":
        yield "the change is not to an incident", None
    elif (change.mode_before, change.mode_after) != (PLAIN_FILE, PLAIN_FILE):
        yield "the change turns the file into another sort of file", None
    elif change.before is None or change.after is None:
        yield "the file cannot be read", None
    else:
        yield from _in_incident(guard, record or "", change.before, change.after, intake)


def _in_incident(guard: Guard, path: str, was: bytes, is_: bytes, intake: Intake) -> Iterator[Fault]:
    before, after = read_document(path, was), read_document(path, is_)
    old, new = before.values, after.values
    # what is read in two ways, such as a key that stands twice, could be merged as the other
    if old is None or new is None or before.diagnostics or after.diagnostics:
        yield "the incident cannot be read", None
        return
    for values in (old, new):
        if values.get("status") not in guard.states:
            yield f"the incident is not {guard.named}, but `{values.get('status')}`", after.span("status")
            return
    if before.body != after.body:
        yield "the change touches the text below the fields", None
    edit = Edit(old, new, before, after, intake)
    for key in sorted({*old, *new}):
        if key not in new or key not in old or exactly(old[key]) != exactly(new[key]):
            yield from guard.fields.get(key, Edit.touched)(edit, key)
    if before.body == after.body:
        yield from beyond_the_fields(edit, guard.fields.keys())
