"""The ledger of what was sent: intents before, outcomes after, on a Git ref that runs share."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path

from incidentbook.diagnostics import IncidentbookError
from incidentbook.gitrepo import GitError
from incidentbook.gitrepo.refs import (
    RefMovedError,
    commit_ref_files,
    differing_files,
    fetch_ref,
    move_ref,
    push_ref,
    read_ref_files,
    ref_tip,
)
from incidentbook.notices.notify.ledger_lines import (
    FAILED,
    INTENT,
    SENT,
    Line,
    Standing,
    compact,
    read_lines,
    standings,
    write_lines,
)

REF = "refs/incidentbook/notifications"
_TRIES = 12


class UnsharedError(IncidentbookError):
    """What became of messages does not stand where other runs look: to them it is unknown."""


class NotKeptError(UnsharedError):
    """What became of messages stands nowhere."""

    def __init__(self, reason: str) -> None:
        super().__init__(f"what was sent could not be written down, and counts as unknown: {reason}")


class KeptHereError(UnsharedError):
    """What became of messages could not be pushed: this clone knows it, and no other."""

    def __init__(self, reason: str) -> None:
        super().__init__(
            f"what was sent is written down in this clone only: the ledger could not be pushed: {reason}; "
            f"`git push REMOTE {REF}`, or the next run here, pushes it; elsewhere it counts as unknown"
        )


class BusyLedgerError(IncidentbookError):
    """Other runs move the ledger faster than this one can."""

    def __init__(self) -> None:
        super().__init__(
            f"{REF} was moved by other runs {_TRIES} times in a row; nothing more was sent; run it again"
        )


def digest_of(*parts: str) -> str:
    """A name made of others: it tells them apart and gives nothing of them away."""
    joined = "\0".join(parts).encode("utf-8", "surrogatepass")
    return blake2b(joined, digest_size=10).hexdigest()


def shard_of(subject: str, year: int | None = None) -> str:
    """The file of the ledger that has all of one record.

    By record, not by month of sending: what is told again after a rebase has other dates, and must be
    found all the same. A run reads the files of the records that it has something to tell of, and no other.
    """
    name = digest_of("record", subject)
    return f"{year or 'named'}/{name[:2]}/{name[2:]}.jsonl"


@dataclass(frozen=True, slots=True)
class Slot:
    """One message to one channel, as the ledger knows it. `also` are keys that it had before."""

    shard: str
    key: str
    channel: str
    also: tuple[str, ...] = ()

    @property
    def keys(self) -> tuple[str, ...]:
        """Every key it is known by, the present one first."""
        return (self.key, *self.also)


@dataclass(frozen=True, slots=True)
class Claim:
    """What is ours to send, what another run took while we asked, and what was known before of each."""

    mine: tuple[Slot, ...]
    taken: tuple[Slot, ...]
    known: Mapping[Slot, Standing]


class Ledger:
    """What was sent, as this run found it. `at` is the time written beside what it adds.

    With a `remote` everything is fetched before it is read and pushed before it counts. Each method but
    `conclude` raises GitError where Git refuses, and BusyLedgerError.
    """

    def __init__(self, root: Path, remote: str | None, run: str, at: str) -> None:
        self._root = root
        self._remote = remote
        self._run = run
        self._at = at

    def standings(self, slots: Iterable[Slot]) -> Mapping[Slot, Standing]:
        """What is known of each: only the files that they lie in are read."""
        wanted = tuple(slots)
        return self._standings(wanted, self._read({slot.shard for slot in wanted})[1])

    def claim(self, slots: Sequence[Slot], *, again: bool = False) -> Claim:
        """Write that these will be sent, and say which are ours to send: nothing else may be.

        What another run has sent, or has claimed since, is not; with `again` what is unknown is.
        """
        free = {Standing.NEW, Standing.FAILED, *([Standing.UNKNOWN] if again else [])}
        first: Mapping[Slot, Standing] | None = None
        for _ in range(_TRIES):
            base, lines = self._read({slot.shard for slot in slots})
            known = self._standings(slots, lines)
            first = first or known
            mine = tuple(slot for slot in slots if known[slot] in free)
            if not mine or self._write(base, self._with(lines, mine, INTENT)):
                taken = tuple(slot for slot in slots if first[slot] in free and slot not in set(mine))
                return Claim(mine, taken, first)
        raise BusyLedgerError

    def told(self, slots: Iterable[Slot]) -> frozenset[Slot]:
        """Those whose channel was told, or perhaps was, of anything that lies in the same file."""
        wanted = frozenset(slots)
        lines = self._read({slot.shard for slot in wanted})[1]
        known = {
            (shard, channel)
            for shard, found in lines.items()
            for (_, channel), standing in standings(found).items()
            if standing in (Standing.SENT, Standing.UNKNOWN)
        }
        return frozenset(slot for slot in wanted if (slot.shard, slot.channel) in known)

    def conclude(self, outcomes: Mapping[Slot, bool]) -> None:
        """Write what became of claims: True is sent, False that it certainly did not arrive.

        Raises KeptHereError where the remote cannot be reached any more (the next run here pushes it), and
        NotKeptError where it cannot be written here either.
        """
        if not outcomes:
            return
        try:
            self._conclude(outcomes)
        except (GitError, BusyLedgerError) as error:
            if self._remote is None:
                raise NotKeptError(str(error)) from error
            Ledger(self._root, None, self._run, self._at).conclude(outcomes)
            raise KeptHereError(str(error)) from error

    def _conclude(self, outcomes: Mapping[Slot, bool]) -> None:
        for _ in range(_TRIES):
            base, lines = self._read({slot.shard for slot in outcomes})
            for state, wanted in ((SENT, True), (FAILED, False)):
                mine = [slot for slot, arrived in outcomes.items() if arrived is wanted]
                lines = self._with(lines, mine, state)
            if self._write(base, lines):
                return
        raise BusyLedgerError

    def _with(self, lines: _Shards, slots: Iterable[Slot], state: str) -> _Shards:
        added = {shard: list(found) for shard, found in lines.items()}
        for slot in slots:
            line = Line(slot.key, slot.channel, self._at, self._run, state)
            added.setdefault(slot.shard, []).append(line)
        return {shard: tuple(found) for shard, found in added.items()}

    def _standings(self, slots: Iterable[Slot], lines: _Shards) -> Mapping[Slot, Standing]:
        known = {shard: standings(found) for shard, found in lines.items()}
        found = {}
        for slot in slots:
            said = {known.get(slot.shard, {}).get((key, slot.channel), Standing.NEW) for key in slot.keys}
            order = (Standing.SENT, Standing.UNKNOWN, Standing.FAILED)
            found[slot] = next((one for one in order if one in said), Standing.NEW)
        return found

    def _read(self, shards: set[str]) -> tuple[_Base, _Shards]:
        """The ledger as it is now, on the remote and here; what only one of them knows counts too."""
        here = ref_tip(self._root, REF)
        there = fetch_ref(self._root, self._remote, REF) if self._remote else None
        start = there if self._remote else here
        wanted = set(shards)
        if here is not None and there is not None and here != there:
            # outcomes that could not be pushed, or claims of a run that was stopped before it could
            wanted |= set(differing_files(self._root, here, there))
        elif here is not None and there is None and self._remote:
            start = here
        lines: dict[str, tuple[Line, ...]] = {}
        for tip in dict.fromkeys((start, here)):
            for path, data in read_ref_files(self._root, tip, wanted).items():
                lines[path] = (*lines.get(path, ()), *read_lines(data))
        return _Base(start, here, there), lines

    def _write(self, base: _Base, lines: _Shards) -> bool:
        """Move the ledger on; False where somebody else was quicker, and it has to be read again."""
        files = {shard: write_lines(compact(found)) for shard, found in lines.items()}
        commit = commit_ref_files(self._root, base.start, files, "Notifications")
        try:
            if self._remote:
                push_ref(self._root, self._remote, REF, commit, base.there)
        except RefMovedError:
            return False
        try:
            move_ref(self._root, REF, commit, base.here)
        except RefMovedError:
            # what was pushed counts, and is read from there
            return self._remote is not None
        return True


@dataclass(frozen=True, slots=True)
class _Base:
    """The commit that a change is made to, and where the ref is here and on the remote."""

    start: str | None
    here: str | None
    there: str | None


_Shards = Mapping[str, tuple[Line, ...]]
